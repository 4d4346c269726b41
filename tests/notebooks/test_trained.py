"""What training changes may differ from the stored outputs, and nothing else."""

import html
import re
import subprocess
import sys

import nbformat
import pytest
from pictures import ROOT
from trained import mask, mask_figures

from helpers.figures import FIGURE

STORED = "40 images\nright: 36 of 40, that is  90%\nroom 7: clean"
OTHER_NUMBER = STORED.replace("36 of 40, that is  90%", "9 of 40, that is 22.5%")
OTHER_COUNT = STORED.replace("40 images", "41 images")
OTHER_WORD = STORED.replace("clean", "messy")
LINES = {"lines": "^(right|room)"}

# What a cell prints that had printed STORED, its tags, what they say, and whether nbval passes it.
CELLS = {
    "the same": (STORED, ["trained"], LINES, True),
    "another number in a masked line": (OTHER_NUMBER, ["trained"], LINES, True),
    "another number in an unmasked line": (OTHER_COUNT, ["trained"], LINES, False),
    "another word in a masked line": (OTHER_WORD, ["trained"], LINES, False),
    "another number, no tag": (OTHER_NUMBER, [], {}, False),
    "another number, and no lines named": (OTHER_COUNT, ["trained"], {}, True),
    "another word that is listed": (OTHER_WORD, ["trained"], {"words": ["clean", "messy"]}, True),
}


def stored_cell(said, tags, more):
    """A cell that prints `said`, with the stored output STORED."""
    output = nbformat.v4.new_output("stream", name="stdout", text=f"{STORED}\n")
    metadata = {"tags": tags} | ({"trained": more} if more else {})
    return nbformat.v4.new_code_cell(
        f"print({said!r})", metadata=metadata, outputs=[output], execution_count=1
    )


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """What nbval says of each cell, by its place, where it is given this notebook and no more."""
    path = tmp_path_factory.mktemp("trained") / "cells.ipynb"
    cells = [stored_cell(said, tags, more) for said, tags, more, _ in CELLS.values()]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    command = [sys.executable, "-m", "pytest", "-v", "-c", ROOT / "pyproject.toml", path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    found = dict(re.findall(r"::Cell (\d+) (PASSED|FAILED)", done.stdout))
    assert len(found) == len(CELLS), done.stdout
    assert done.stdout.count("Cell outputs differ") == [*found.values()].count("FAILED")
    return found


@pytest.mark.parametrize("name", CELLS)
def test_what_training_changes_may_differ_and_nothing_else(verdicts, name):
    passes = CELLS[name][-1]
    assert verdicts[str(list(CELLS).index(name))] == ("PASSED" if passes else "FAILED")


@pytest.mark.parametrize(
    "one, other",
    [
        ("accuracy 0.90  loss 0.31", "accuracy 1.00  loss 12.3"),
        ("from  87.9% to 100.0%", "from   7.9% to  99.0%"),
        ("weight -0.25, 1,024 steps", "weight  3.1e-05, 9 steps"),
        ("[0.25 0.5 ]", "[0.1   0.125]"),
    ],
)
def test_whatever_stands_for_a_number_is_one(one, other):
    assert mask(one) == mask(other)


@pytest.mark.parametrize(
    "one, other",
    [("conv_1 0.5", "conv_2 0.5"), ("loss 0.5", "accuracy 0.5"), ("0.5\n0.5", "0.5")],
)
def test_names_and_lines_are_compared(one, other):
    assert mask(one) != mask(other)


def test_where_infinity_is_listed_it_is_a_number_like_the_others():
    ends, never = (
        "joblib      1.33       792          770",
        "joblib      2.10       388          inf",
    )
    assert mask(ends, "", ("inf",)) == mask(never, "", ("inf",))
    assert mask(ends) != mask(never)


def test_a_word_is_masked_with_its_padding():
    assert mask("a chair  0.5", "", ("bed", "chair")) == mask("a bed    0.5", "", ("bed", "chair"))


def figure(alt):
    """A figure as it is stored, in HTML and alone."""
    return [FIGURE.format(alt=html.escape(alt), png="iVBO"), f"[figure] {alt}"]


@pytest.mark.parametrize(
    "source, one, other, same",
    [
        ("show(fig, 'Two \"bars\".')", 'Two "bars".', 'Two "bars".', True),
        ("show(fig, 'Two \"bars\".')", 'Two "bars".', 'Three "bars".', False),
        ("show(fig, 'Two '\n  'bars.')", "Two bars.", "Three bars.", False),
        ("show(fig, f'{n} bars.')", "2 bars.", "3 bars.", True),
        ("%matplotlib\nshow(fig, 'Two bars.')", "Two bars.", "Three bars.", True),
    ],
)
def test_a_text_is_compared_where_the_cell_writes_it_out(source, one, other, same):
    for left, right in zip(figure(one), figure(other), strict=True):
        assert (mask_figures(left, source) == mask_figures(right, source)) == same
    assert mask_figures("no figure in here", source) == "no figure in here"
