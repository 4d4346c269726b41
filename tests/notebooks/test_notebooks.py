"""What nbval does not look at: whether there is something to compare, and whether it reads well."""

import json
import re
import tomllib
from pathlib import Path

import nbformat
import pytest

from tools.chapters import read_chapter
from tools.figures import pictures, stored_figures
from tools.run import execute

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CLINIC = sorted((ROOT / "notebooks" / "clinic").glob("*.ipynb"))  # no chapters, but pages as well
SKIPS = {"nbval-ignore-output", "nbval-skip"}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
each_page = pytest.mark.parametrize("path", [*NOTEBOOKS, *CLINIC], ids=lambda p: p.stem)


def cells(path, kind="code"):
    found = nbformat.read(path, as_version=4).cells
    return [c for c in found if c.cell_type == kind and c.source.strip()]


def texts(output):
    """What an output says in words, as a stream or as data."""
    return [output.text] if "text" in output else [str(v) for v in output.get("data", {}).values()]


@each_page
def test_is_a_valid_notebook(path):
    nbformat.validate(json.loads(path.read_text()))


@each_page
def test_every_code_cell_was_run_in_order(path):
    counts = [cell.execution_count for cell in cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@each_page
def test_nothing_is_stored_on_stderr_and_no_error(path):
    for cell in cells(path):
        for output in cell.outputs:
            assert output.get("name") != "stderr", output.text
            assert output.output_type != "error", output.evalue


@each_page
def test_fewer_than_one_cell_in_ten_is_left_uncompared(path):
    code = cells(path)
    skipped = [c for c in code if SKIPS & set(c.metadata.get("tags", [])) or "NBVAL_" in c.source]
    assert len(skipped) * 10 < len(code)


@each_page
def test_what_training_changes_is_bounded_in_sight(path):
    """A cell whose numbers are masked asserts something of them, or the next code cell does."""
    code = cells(path)
    for cell, following in zip(code, [*code[1:], None], strict=True):
        said = cell.metadata.get("trained", {})
        if "trained" in cell.metadata.get("tags", []):
            after = following.source if following else ""
            assert "assert " in cell.source + after, cell.source
            assert set(said) <= {"lines", "words"}, cell.source
            printed = "\n".join(text for o in cell.outputs for text in texts(o))
            assert not said.get("lines") or re.search(said["lines"], printed, re.M), cell.source
        else:
            assert not said, f"not tagged:\n{cell.source}"


@each_page
def test_every_figure_has_an_alternative_text(path):
    """One of its own, in HTML: nothing shows the text that Jupyter keeps beside a bare PNG."""
    said = [text for cell in cells(path) for text, _ in pictures(cell)]
    assert all(len(text) > 20 for text in said)
    assert len(said) == len(set(said))
    for cell in cells(path):
        assert not [o for o in cell.outputs if "image/png" in o.get("data", {})], cell.source
        assert sum("<img" in text for o in cell.outputs for text in texts(o)) == len(pictures(cell))


def test_no_two_figures_of_the_course_share_a_text():
    said = [text for path in NOTEBOOKS for cell in cells(path) for text, _ in pictures(cell)]
    assert len(said) == len(set(said)) > 70


@each_page
def test_reads_in_the_rhythm_of_the_course(path):
    found = [c for c in nbformat.read(path, as_version=4).cells if c.source.strip()]
    run = 0
    for cell in found:
        run = run + 1 if cell.cell_type == "code" else 0
        assert run < 3, f"three code cells in a row, the third:\n{cell.source}"
        assert cell.cell_type != "code" or len(cell.source.splitlines()) <= 15, cell.source
    assert found[0].source.startswith("# "), "a chapter opens with its title"


@each
def test_its_record_says_what_is_in_it(path):
    chapter = read_chapter(path)
    assert set(chapter.minutes) == {"reading", "exercises"}
    assert all(type(minutes) is int for minutes in chapter.minutes.values())
    assert sum(chapter.minutes.values()) > 0
    assert (ROOT / "data" / "sample" / chapter.set).is_dir()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(chapter.needs) <= set(project["optional-dependencies"])
    code = "\n".join(cell.source for cell in cells(path))
    assert ("import apps" in code or "from apps" in code) == bool(chapter.needs)
    loaded = re.search(r'load\("(\w+)"', code)
    assert not loaded or loaded[1] == chapter.set


@each_page
def test_has_one_set_up_cell(path):
    assert len([c for c in cells(path) if "setup" in c.metadata.get("tags", [])]) == 1


@each
def test_names_another_chapter_by_a_link(path):
    """A bare number goes stale; in a link `make stamp` keeps it in step with the name."""
    for cell in cells(path, "markdown"):
        written = re.sub(r"chapter \d+ of \d+", "", cell.source)  # of the opening, and stamped
        bare = re.search(r"(?<!\[)[Cc]hapters?\s+\d+", written)
        assert not bare, f"{bare[0]!r}: write [chapter N](NN_name.ipynb)"


def test_links_between_the_chapters_lead_somewhere():
    for path in [*NOTEBOOKS, *CLINIC]:
        for cell in cells(path, "markdown"):
            for part in cell.source.split("](")[1:]:
                target = part.split(")")[0]
                if not target.startswith(("http", "#")):
                    assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_figures_are_in_step_with_the_notebooks():
    stored = stored_figures()
    assert len(stored) >= 3
    for name, png in stored.items():
        assert (ROOT / "figures" / f"{name}.png").read_bytes() == png, "run make figures"
    assert {p.stem for p in (ROOT / "figures").glob("*.png")} == set(stored), "run make figures"


def test_a_notebook_that_fails_is_reported(tmp_path, capsys):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(notebook, tmp_path / "bad.ipynb")
    done, _ = execute(tmp_path / "bad.ipynb", tmp_path)
    assert not done and "ZeroDivisionError" in capsys.readouterr().out
