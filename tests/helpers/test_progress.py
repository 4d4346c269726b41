"""How far one is, read from a passport, and what is asked again."""

import datetime
import json
import re
import shutil

import pytest

from helpers import course, passport, progress
from helpers.course import Contents, contents
from helpers.files import notebook_files
from helpers.passport import QUESTION
from helpers.questions import read_questions
from helpers.runtime import ROOT
from tools.chapters import read_chapters, slug
from tools.exercises import exercises, modules

CHAPTER = "start_here"
FIRST = next(iter(exercises(CHAPTER))).title
SECOND = QUESTION + read_questions(CHAPTER)[1].id


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A passport of its own, with somebody looking on."""
    monkeypatch.setenv("COURSE_LIVE", "1")
    monkeypatch.setattr(passport, "PASSPORT", tmp_path / "passport.json")
    return passport.PASSPORT


@pytest.fixture
def shown(monkeypatch):
    """The ids of the questions that are shown."""
    ids = []
    monkeypatch.setattr(progress, "show", lambda questions: ids.extend(q.id for q in questions))
    return ids


def age(file, days):
    """Make a passport some days older."""
    stamps = json.loads(file.read_text())
    for stamp in (stamp for own in stamps.values() for stamp in own.values()):
        since = datetime.date.fromisoformat(stamp["since"]) - datetime.timedelta(days=days)
        stamp["since"] = since.isoformat()
    file.write_text(json.dumps(stamps))


def cells(line):
    """The columns of a line of the table."""
    return re.split(r"\s{2,}", line)


def test_the_contents_are_those_of_the_chapters():
    found = contents()
    titles = [(c.name, c.number, c.title) for c in found]
    assert titles[:-1] == [(c.slug, c.number, c.title) for c in read_chapters()]
    by_name = {chapter.name: chapter for chapter in found}
    for path in modules():
        name = slug(path.name)
        assert by_name[name].exercises == tuple(e.title for e in exercises(name))
        assert set(by_name[name].notebooks.values()) == {path.name}
    ids = [QUESTION + question.id for question in read_questions(CHAPTER)]
    assert list(by_name[CHAPTER].questions) == ids
    assert not any(title.startswith(QUESTION) for c in found for title in c.exercises)


def test_what_jupyterlab_names_by_itself_is_no_chapter(tmp_path):
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    (tmp_path / "questions").symlink_to(ROOT / "questions")
    before = contents(tmp_path)
    chapter = next((tmp_path / "notebooks").glob("00_*.ipynb"))
    drills = next((tmp_path / "notebooks" / "clinic").glob("*.ipynb"))
    for file in (chapter, drills):
        (file.parent / "Untitled.ipynb").write_text("{}")
        shutil.copy(file, file.with_stem(f"{file.stem}-Copy1"))
    assert contents(tmp_path) == before
    names = [path.name for path in notebook_files(ROOT / "notebooks")]
    assert [each.name for each in read_chapters(tmp_path)] == names
    own = chapter.with_name("18_my-own.ipynb")
    shutil.copy(chapter, own)
    assert notebook_files(own.parent)[-1] == own, "a hyphen alone makes no copy"


def test_the_drills_of_the_clinic_count_under_their_titles(keras):
    from tools.clinic import rounds

    checks = [drill.check for part in rounds() for drill in part.drills]
    assert {check.chapter for check in checks} == {course.CLINIC}
    assert list(contents()[-1].exercises) == [check.title for check in checks]


@pytest.mark.parametrize("live, kept", [("0", True), ("0", False), ("1", False)])
def test_without_a_passport_or_where_nobody_looks_on_it_is_the_same(
    file, shown, capsys, monkeypatch, live, kept
):
    if kept:
        passport.note(CHAPTER, FIRST, "tries")
        age(file, 9)
    monkeypatch.setenv("COURSE_LIVE", live)
    progress.progress()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == progress.NONE and not shown
    chapter = contents()[0]
    row = f"0 of {len(chapter.exercises)}, 0 of {len(chapter.questions)}, 0"
    assert cells(said[3]) == [chapter.label, *row.split(", ")]
    assert "1 day later, then 3 days, then 7 days" in said[-1] and len(said) == 6


def test_what_is_right_is_counted_with_the_hints(file, shown, capsys):
    for name, count, right in (
        *((FIRST, "hints", False), (FIRST, "hints", False), (FIRST, "tries", True)),
        *((SECOND, "tries", False), ("An exercise of last year", "tries", False)),
    ):
        passport.note(CHAPTER, name, count, right)
    progress.progress()
    lines = capsys.readouterr().out.splitlines()
    chapter = contents()[0]
    row = f"1 of {len(chapter.exercises)}, 0 of {len(chapter.questions)}, 2"
    assert cells(lines[1]) == [chapter.label, *row.split(", ")]
    assert len(lines) == 1 + len(contents()) + 2
    assert lines[-1] == "Nothing to do again today." and not shown


def test_what_was_wrong_some_days_ago_is_asked_again_until_it_is_right(file, shown, capsys):
    passport.note(CHAPTER, FIRST, "tries")
    passport.note(CHAPTER, SECOND, "tries")
    passport.note(CHAPTER, SECOND, "tries", right=True)
    passport.note(CHAPTER, "An exercise of last year", "tries")
    age(file, 1)
    progress.progress()
    said = capsys.readouterr().out
    assert "To be done again: 2\n" in said
    assert f"00_start_here.ipynb: {FIRST} (" in said
    assert shown == [SECOND.removeprefix(QUESTION)]
    for name in (FIRST, SECOND):
        passport.note(CHAPTER, name, "tries", right=True)
    progress.progress()
    assert "Nothing to do again today." in capsys.readouterr().out


def test_no_more_than_eight_are_asked_at_once_and_the_oldest_first(file, shown, capsys):
    for chapter in ("six_scenes", CHAPTER):
        for question in read_questions(chapter):
            passport.note(chapter, QUESTION + question.id, "tries")
        age(file, 2)
    progress.progress()
    assert shown == [question.id for question in read_questions("six_scenes")][: progress.MOST]
    assert f", {progress.MOST} of them now" in capsys.readouterr().out


def test_a_damaged_passport_is_told_of_and_left_to_the_next_answer(file, shown, capsys):
    file.write_text("{")
    progress.progress()
    said = capsys.readouterr().out
    assert said.startswith("(passport.json is no passport, or a damaged one")
    assert progress.NONE in said and file.read_text() == "{"


def test_a_passport_that_cannot_be_read_is_not_said_to_be_damaged(file, shown, capsys):
    file.unlink(missing_ok=True)
    file.mkdir()
    progress.progress()
    said = capsys.readouterr().out
    assert said.startswith("(Your passport is there, and cannot be read: ")
    assert "aside" not in said and file.is_dir()


def test_the_table_keeps_its_columns():
    one = Contents("a", None, "A title", ("x",), (), {})
    two = Contents("b", 3, "A title that is longer", (), ("question: y",), {})
    head, *lines = progress.table((one, two), {})
    assert [len(line) for line in lines] == [len(head)] * 2
    assert lines[0].split()[-2:] == ["-", "0"]
