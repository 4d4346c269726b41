"""Numbers, names and lists of chapters follow from the notebooks, wherever they stand."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from pictures import ROOT

from tools.chapters import read_chapters
from tools.stamp import fill, stamped, write_stamps


def run(root, *arguments):
    """Run Python in a copy of the course, on the modules of the copy."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True
    )


def test_stamping_changes_nothing():
    stale = [p.name for p, text in stamped().items() if p.read_text(encoding="utf-8") != text]
    assert not stale, "run make stamp"


def write_record(root, number, **changes):
    """Change the record of a notebook; None takes an entry out."""
    (path,) = (root / "notebooks").glob(f"{number:02}_*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    record = notebook.metadata["course"] | changes
    notebook.metadata["course"] = {key: v for key, v in record.items() if v is not None}
    nbformat.write(notebook, path)


def refused(root):
    """The sentence with which stamping stops; nothing may be written then."""
    before = {path: path.read_bytes() for path in root.rglob("*.*") if path.is_file()}
    with pytest.raises(SystemExit) as stop:
        write_stamps(root)
    assert all(path.read_bytes() == content for path, content in before.items())
    return str(stop.value)


def test_a_changed_record_is_stamped_wherever_it_shows(copy):
    write_record(copy, 2, title="Feeding", minutes={"reading": 7, "exercises": 1}, needs=["apps"])
    first, second, third = [copy / "notebooks" / c.name for c in read_chapters(copy)[:3]]
    form = copy / ".github" / "ISSUE_TEMPLATE" / "chapter.yml"
    assert set(write_stamps(copy)) == {copy / "README.md", form, first, second, third}
    assert f"| 2 | [Feeding](notebooks/{third.name}) |" in (copy / "README.md").read_text()
    assert f"| 2 | [Feeding]({third.name}) |" in first.read_text()
    assert f"**Next:** [chapter 2, *Feeding*]({third.name}). How do" in second.read_text()
    assert '        - "2. Feeding"\n' in form.read_text()
    opening = nbformat.read(third, as_version=4).cells[0].source.splitlines()
    assert opening[0] == "# 2. Feeding"
    assert "About 8 minutes: 7 to read and run, 1 for the exercises. Needs the extra" in opening[2]


def test_a_link_gets_the_number_of_its_notebook(copy):
    page = copy / "README.md"
    text = page.read_text()
    name = read_chapters(copy)[7].name
    page.write_text(text + f"[Chapter {4}](notebooks/{name}) and [chapter {4}](elsewhere.md).\n")
    write_stamps(copy)
    renumbered = f"[Chapter {7}](notebooks/{name}) and [chapter {4}](elsewhere.md).\n"
    assert page.read_text() == text + renumbered


def test_a_page_without_its_marks_is_named(copy):
    page = copy / "README.md"
    page.write_text(page.read_text().replace("<!-- chapters -->\n", ""))
    assert refused(copy).startswith("README.md: no lines <!-- chapters --> and <!-- end -->")
    page.unlink()
    assert refused(copy) == "README.md: No such file or directory."


def test_a_notebook_that_does_not_open_with_its_title_is_named(copy):
    path = copy / "notebooks" / read_chapters(copy)[2].name
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = "# Title\n\nWords."
    nbformat.write(notebook, path)
    assert refused(copy).startswith(f"notebooks/{path.name}: no title first and")


def test_a_record_that_lacks_something_is_named(copy):
    write_record(copy, 2, question=None, set=None)
    assert "lacks question, set in its metadata" in refused(copy)
    write_record(copy, 2, question="a [b]", set="rooms")
    assert "its question is empty, or holds | [ ]" in refused(copy)


def test_two_notebooks_with_one_number_are_named(copy):
    shutil.copy(copy / "notebooks" / read_chapters(copy)[3].name, copy / "notebooks" / "03_x.ipynb")
    assert refused(copy) == "03_x.ipynb stands in place 04: a number is missing, or taken twice."


def test_a_region_keeps_its_indentation_and_what_stands_around_it():
    text = "a:\n  # chapters\n  - old\n  # end\nb: 1\n"
    assert fill(text, "chapters", "- x\n- y") == "a:\n  # chapters\n  - x\n  - y\n  # end\nb: 1\n"
    with pytest.raises(ValueError, match="no lines <!-- others -->"):
        fill(text, "others", "")


def test_the_list_for_photographs_says_why_a_chapter_is_left_out():
    chapters = read_chapters(ROOT)
    left_out = [chapter for chapter in chapters if chapter.not_on_photographs]
    done = run(ROOT, "-m", "tools.chapters", "--on-photographs")
    kept = [f"notebooks/{c.name}" for c in chapters if not c.not_on_photographs]
    assert left_out and done.stdout.splitlines() == kept
    for chapter, line in zip(left_out, done.stderr.splitlines(), strict=True):
        assert line == f"{chapter.name} is left out: {chapter.not_on_photographs}."
