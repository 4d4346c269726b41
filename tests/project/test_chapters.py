"""Numbers, names and lists of chapters follow from the notebooks, wherever they stand."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from pictures import ROOT

from tools.chapters import read_chapters
from tools.insert import insert, move_up
from tools.stamp import fill, stamped, write_stamps

# Wider than what `tools.insert` looks for, so that a form which it does not know is found here.
NUMBER = re.compile(
    r"[Cc]hapters?[^\w()[{]{0,8}_?(\d+)(?:(?:,?\s+(?:to|and|or)\s+|,\s*|\W)(\d+)\b)?"
    r"|\b(\d\d)_[a-z]\w{5,}"
)
# What is stamped, and changed by a new chapter; the cells "next" and "badges" are left out, too.
STAMPED = re.compile(
    r"(<!--|#) (chapters|published)( -->)?\n.*?(<!--|#) end|chapter \d+ of \d+", re.DOTALL
)


def known_files(root):
    """The files that git knows in a clone, and those that it would take."""
    known = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(known, cwd=root, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("inserting a chapter takes a clone, and this is none")
    return [root / name for name in done.stdout.split("\0")[:-1] if (root / name).exists()]


def sources(path):
    """The text of a file; of a notebook, what people have written into its cells."""
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    written = [c for c in cells if not {"next", "badges"} & set(c.metadata.get("tags", []))]
    return "\n".join(cell.source for cell in written)


def named_chapters(root):
    """The titles that the numbers in each file stand for, in order; by its path, or its title."""
    titles = {chapter.name: chapter.title for chapter in read_chapters(root)}
    numbered = list(titles.values())
    found = {}
    for path in known_files(root):
        if b"\0" not in path.read_bytes():  # so does git tell text from the rest
            text = STAMPED.sub("", sources(path))
            numbers = [int(n) for match in NUMBER.findall(text) for n in match if n]
            key = titles.get(path.name, path.relative_to(root).as_posix())
            found[key] = [numbered[number] for number in numbers]
    return {key: titles for key, titles in found.items() if titles}


def computed(root):
    """What the code cells of each notebook hold, by its title, but for their source."""
    found = {}
    for chapter in read_chapters(root):
        cells = nbformat.read(root / "notebooks" / chapter.name, as_version=4).cells
        found[chapter.title] = [{**c, "source": ""} for c in cells if c.cell_type == "code"]
    return found


def run(root, *arguments):
    """Run Python in a copy of the course, on the modules of the copy."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True
    )


@pytest.fixture
def clone(tmp_path):
    """The course without the sample pictures, in a clone that has no past."""
    root = tmp_path / "course"
    for path in known_files(ROOT):
        target = root / path.relative_to(ROOT)
        if path.suffix not in (".jpg", ".png") or "sample" not in path.parts:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


def test_stamping_changes_nothing():
    stale = [p.name for p, text in stamped().items() if p.read_text(encoding="utf-8") != text]
    assert not stale, "run make stamp"


def test_one_command_inserts_a_chapter_and_everything_is_in_step(clone):
    before = named_chapters(clone)
    assert len(before) > 20 and sum(map(len, before.values())) > 100
    cells = computed(clone)
    done = run(clone, "-m", "tools.insert", "5", "What's “new”: a test?", "Does it hold?")
    assert done.returncode == 0, done.stderr
    name = f"{5:02}_what_s_new_a_test.ipynb"
    assert done.stdout == f"notebooks/{name} is new, and the later chapters moved up by one.\n"
    assert read_chapters(clone)[5].name == name
    after = computed(clone)
    assert len(after.pop("What's “new”: a test?")) == 1
    assert list(after) == list(cells) and after == cells
    assert named_chapters(clone) == before
    tests = ["tests/notebooks/test_notebooks.py", "tests/project/test_project.py"]
    tests += ["tests/project/test_chapters.py::test_stamping_changes_nothing"]
    done = run(clone, "-m", "pytest", "-q", *tests)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("place", ["first", "last"])
def test_a_chapter_can_come_first_and_last(clone, place):
    before = named_chapters(clone)
    number = 1 if place == "first" else len(read_chapters(clone))
    path = insert(clone, number, "Between", "Where?")
    titles = [chapter.title for chapter in read_chapters(clone)]
    assert titles.pop(number) == "Between"
    assert titles == [chapter.title for chapter in read_chapters(ROOT)]
    assert named_chapters(clone) == before
    written = path.read_text()
    assert f"chapter {number} of {len(titles)}. About 30 minutes: 20 to" in written
    assert ("This is the last chapter" in written) == (number == len(titles))
    assert ("Next:" in written) == (number < len(titles))


@pytest.mark.parametrize(
    "number, title, question, said",
    [
        (0, "New", "Why?", "NUMBER is 0: name a place from 1 to"),
        (99, "New", "Why?", "NUMBER is 99"),
        (5, "?!", "Why?", "TITLE is '?!': name it in letters"),
        (5, "", "Why?", "TITLE is ''"),
        (5, "This | that", "Why?", "TITLE is 'This | that'"),
        (5, "New", "", "QUESTION is ''"),
    ],
)
def test_what_cannot_be_inserted_changes_nothing(copy, number, title, question, said):
    before = {path: path.read_bytes() for path in copy.rglob("*.*") if path.is_file()}
    with pytest.raises(SystemExit, match=re.escape(said)):
        insert(copy, number, title, question)
    assert {path: path.read_bytes() for path in copy.rglob("*.*") if path.is_file()} == before


def test_where_stamping_would_stop_nothing_is_inserted(clone):
    page = clone / "README.md"
    page.write_text(page.read_text().replace("<!-- chapters -->\n", ""))
    before = {path: path.read_bytes() for path in known_files(clone)}
    with pytest.raises(SystemExit, match="README.md: no lines <!-- chapters -->"):
        insert(clone, 5, "New", "Why?")
    assert {path: path.read_bytes() for path in known_files(clone)} == before


def test_outside_a_clone_nothing_is_inserted(copy, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(copy.parent))
    names = sorted((copy / "notebooks").iterdir())
    with pytest.raises(SystemExit, match="insert in a clone"):
        insert(copy, 5, "New", "Why?")
    assert sorted((copy / "notebooks").iterdir()) == names


@pytest.mark.parametrize(
    "before, after",
    [  # with braces, or an insertion would change these lines themselves
        ("chapter {8} and 9 rooms", "chapter {9} and 9 rooms"),
        ("Chapters {3} to {7}, {8} and {9}.", "Chapters {3} to {8}, {9} and {10}."),
        ("chapters {4}-{5} or\n{6}", "chapters {4}-{6} or\n{7}"),
        ("# as chapter\n    # {5} says", "# as chapter\n    # {6} says"),
        ("def what_chapter_{11}_says", "def what_chapter_{12}_says"),
        ("[chapter {5}](notebooks/05_five.ipynb)", "[chapter {6}](notebooks/06_five.ipynb)"),
        ("05_five.html, 06_five, 04_four", "06_five.html, 07_five, 04_four"),
        ("{5} chapters, {5} minutes, chapter {4}", "{5} chapters, {5} minutes, chapter {4}"),
    ],
)
def test_numbers_and_names_move_up(before, after):
    plain = str.maketrans("", "", "{}")
    names = {"05_five": "06_five", "06_five": "07_five"}
    assert move_up(before.translate(plain), 5, names) == after.translate(plain)


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
