"""A number in prose stands in an output: what a chapter says of its results is what it got."""

import re

import nbformat
import pytest
from chapters import NOTEBOOKS
from prose import PLAIN, numbers, prose, unsourced

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


def written(path, prose, *code):
    """Write a chapter: code cells, each with what it printed, and prose that reads them."""
    cells = []
    for source, printed in code:
        output = nbformat.v4.new_output("stream", name="stdout", text=printed)
        cells.append(nbformat.v4.new_code_cell(source, outputs=[output], execution_count=1))
    cells.append(nbformat.v4.new_markdown_cell(prose))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@each
def test_each_number_in_prose_has_a_source(path):
    """Print it in a cell, or in one that the prose follows at once; or say it without a number."""
    assert [*unsourced(path)] == []


PRINTED = "right: 36 of 40, 0.8312, -0.025, 1,234 pixels, 44%, lead 0.085"


@pytest.mark.parametrize(
    "said",
    [
        "36 of 40 are right.",
        "It has 0.83, or 0.831, and -0.03.",
        "83 percent, or 83.1 percent.",
        "1,234 pixels, and 1234.",
        "A share of 0.44, which is 44%.",
        "It leads by 8.5 points.",
        "In 1927 and 2026 alike, says [chapter 9](09_x.ipynb), $x = 77$, `y = 78`.",
    ],
)
def test_a_number_may_be_rounded(tmp_path, said):
    assert not [*unsourced(written(tmp_path / "a.ipynb", said, ("", PRINTED)))]


@pytest.mark.parametrize(
    "said, wrong",
    [
        ("37 of 40 are right.", ["37", "37 of 40"]),
        ("It has 0.84.", ["0.84"]),
        ("It has 0.8313.", ["0.8313"]),
        ("84 percent.", ["84"]),
        ("It loses -0.83.", ["-0.83"]),
        ("3 rooms, 1 pixel", ["3", "1"]),
        ("It leads by 8.6 points.", ["8.6"]),
        ("1,235 pixels.", ["1,235"]),
    ],
)
def test_another_number_is_found(tmp_path, said, wrong):
    found = [*unsourced(written(tmp_path / "a.ipynb", said, ("", PRINTED)))]
    assert [re.search(": '(.*)' in", line)[1] for line in found] == wrong


def test_both_numbers_of_a_pair_stand_in_one_cell(tmp_path):
    code = (("", "36 of 40, interval 0.77 to 0.96"), ("", "19 of 20, interval 0.76 to 0.99"))
    said = ["36 of 40", "19 of 20", "0.77 to 0.96", "between 0.76 and 0.99", "77% to 96%"]
    wrong = ["19 of 40", "0.77 to 0.99", "between 0.76 and 0.96", "77% to 99%", "0.77 against 0.99"]
    assert not [*unsourced(written(tmp_path / "a.ipynb", "; ".join(said), *code))]
    found = [*unsourced(written(tmp_path / "b.ipynb", "; ".join(wrong), *code))]
    assert len(found) == len(wrong), found


def test_a_stored_result_that_changes_is_missed_in_its_prose(tmp_path):
    """The prose of a chapter is held against its outputs, and not against itself."""
    path = next(path for path in NOTEBOOKS if path.stem.endswith("start_here"))
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "39 of 40 right" in output.get("text", ""):
                output.text = output.text.replace("39 of 40 right", "35 of 40 right")
    nbformat.write(notebook, tmp_path / path.name)
    assert any("39 of 40" in line for line in unsourced(tmp_path / path.name))


def test_each_kind_that_is_left_out_is_needed():
    texts = "\n\n".join(
        cell.source
        for path in NOTEBOOKS
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown"
    )
    for kind, pattern in PLAIN.items():
        assert any(any(numbers(m[0])) for m in re.finditer(pattern, texts)), kind
    assert len([*numbers(prose(texts))]) > 300, "hardly a number is looked at"
