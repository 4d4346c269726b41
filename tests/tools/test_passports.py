"""Many passports in, one table out; what is no passport is named and passed by."""

import json
import os
import subprocess
import sys

import pytest

from helpers.course import Contents, contents
from helpers.errors import CourseError
from helpers.passport import MOST_BYTES, QUESTION
from helpers.runtime import ROOT
from tools import passports
from tools.passports import read, rows, strangers, table

COURSE = (
    Contents("one", 1, "One", ("Easy", "Hard", "Untouched"), (QUESTION + "a",), {}),
    Contents("clinic", None, "The clinic", ("Drill",), (), {}),
)


def stamp(tries, right=True, hints=0):
    counts = {"tries": tries, "hints": hints, "solutions": 0}
    return {**counts, "right": right, "day": "2026-10-01", "box": 0, "since": "2026-10-01"}


CLASS = (
    {"one": {"Easy": stamp(1), "Hard": stamp(5, hints=2)}, "clinic": {"Drill": stamp(2)}},
    {"one": {"Easy": stamp(2), "Hard": stamp(0, False, 1), QUESTION + "a": stamp(4, False)}},
    {"one": {"Easy": stamp(1), "Hard": stamp(2, False)}},
)


@pytest.fixture
def folder(tmp_path):
    for name, own in zip("abc", CLASS, strict=True):
        (tmp_path / f"{name}.json").write_text(json.dumps(own))
    return tmp_path


def test_the_dearest_come_first_and_only_those_who_tried_count(folder):
    found, said = read(folder)
    assert not said and [name for name, _ in found] == ["a.json", "b.json", "c.json"]
    assert [row.cells for row in rows([own for _, own in found], COURSE)] == [
        ("1", QUESTION + "a", "1", "4", "0", "0 of 1, 0%"),
        ("1", "Hard", "2", "3.5", "3", "1 of 2, 50%"),
        ("clinic", "Drill", "1", "2", "0", "1 of 1, 100%"),
        ("1", "Easy", "3", "1", "0", "3 of 3, 100%"),
    ]


def test_the_columns_stand_below_each_other(folder):
    lines = table(rows(list(CLASS), COURSE))
    ends = {line.index(name) + len(name) for name, line in ((passports.HEAD[-1], lines[0]),)}
    assert {len(line) for line in lines} == ends


def test_the_same_passport_counts_once_and_that_is_said(folder):
    (folder / "sent again").mkdir()
    again = folder / "sent again" / "a.json"
    again.write_text(json.dumps(CLASS[0], indent=2))  # the same, written otherwise
    found, said = read(folder)
    assert len(found) == 3
    assert said == [f"counted once: {again.relative_to(folder)} is the same as a.json."]
    assert len(read(folder, twice=True)[0]) == 4


HOSTILE = {
    "list.json": b"[]",
    "notes.txt": b"Dear teacher,",
    "cut.json": json.dumps(CLASS[0]).encode()[:-9],
    "deep.json": b'{"a":' * 100_000,
    "digits.json": b'{"one": {"Easy": {"tries": ' + b"9" * 5000 + b"}}}",
    "huge.json": b"{}" + b" " * MOST_BYTES,
    "latin.json": '{"Übung": {}}'.encode("latin-1"),
    "counts.json": json.dumps({"one": {"Easy": stamp(-1)}}).encode(),
    "colours.json": json.dumps({"\x1b[31m": {"Easy": stamp(1)}}).encode(),
    "photo.jpg": b"\xff\xd8\xff\xe0" + bytes(range(256)),
    "empty.json": b"",
}


def test_files_that_are_none_are_named_in_a_sentence_each_and_passed_by(folder):
    for name, content in HOSTILE.items():
        (folder / name).write_bytes(content)
    found, said = read(folder)
    assert len(found) == 3
    assert [line.split(": ")[1].split()[0] for line in said] == sorted(HOSTILE)
    assert all(line.startswith("passed by: ") and "\n" not in line for line in said)
    assert all(line.isprintable() for line in said)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_a_loop_and_a_name_with_commands_to_the_terminal_do_no_harm(folder):
    os.mkfifo(folder / "pipe.json")
    (folder / "loop").symlink_to(folder)
    (folder / "gone.json").symlink_to(folder / "nowhere")
    (folder / "red\x1b[31m.json").write_text("{")
    (folder / ".DS_Store").write_text("a system's own")
    found, said = read(folder)
    assert len(found) == 3 and len(said) == 4
    assert f"passed by: {folder / 'loop'} is a link to a folder." in said
    assert all(line.isprintable() for line in said)


def test_what_jupyterlab_keeps_of_an_earlier_day_counts_nobody_twice(folder):
    (folder / ".ipynb_checkpoints").mkdir()
    earlier = {"one": {"Easy": stamp(1)}}
    (folder / ".ipynb_checkpoints" / "b-checkpoint.json").write_text(json.dumps(earlier))
    assert [name for name, _ in read(folder)[0]] == ["a.json", "b.json", "c.json"]


def test_a_folder_that_does_not_open_is_named(folder, monkeypatch):
    (folder / "closed").mkdir()
    scandir = os.scandir

    def refusing(path):
        if os.fspath(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found, said = read(folder)
    assert len(found) == 3
    assert said == [f"passed by: {folder / 'closed'} cannot be opened (Permission denied)."]
    with pytest.raises(CourseError, match=r"holds no file\. passed by: .* cannot be opened"):
        read(folder / "closed")


def test_what_the_course_does_not_have_is_left_out_and_said():
    own = {"one": {"Easy": stamp(1), "Renamed": stamp(9)}, "shop": {"Easy": stamp(9)}}
    (said,) = strangers("a.json", own, COURSE)
    assert "in a.json, 2 of" in said
    assert [row.name for row in rows([own], COURSE)] == ["Easy"]
    assert not strangers("a.json", CLASS[0], COURSE)


def test_a_folder_that_is_none_or_too_full_gets_a_sentence(folder, monkeypatch):
    (folder / "nothing").mkdir()
    for path, sentence in ((folder / "a.json", "not a folder"), (folder / "nothing", "no file")):
        with pytest.raises(CourseError, match=sentence):
            read(path)
    monkeypatch.setattr(passports, "MOST_FILES", 2)
    with pytest.raises(CourseError, match="more than 2 files"):
        read(folder)


def test_the_command_prints_what_was_passed_by_and_the_table(folder):
    chapter = contents()[0]
    for name, tries in (("ada", 3), ("bob", 5)):
        own = {chapter.name: {chapter.exercises[0]: stamp(tries)}}
        (folder / f"{name}.json").write_text(json.dumps(own))
    (folder / "notes.txt").write_text("Dear teacher,")
    command = [sys.executable, "-m", "tools.passports", str(folder)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    lines = told.stdout.splitlines()
    assert told.returncode == 0 and not told.stderr
    assert lines[0].startswith("passed by: notes.txt is no passport")
    assert "5 passports: 1 exercises, 0 questions." in lines
    assert lines[-1].split("  ")[-1] == "2 of 2, 100%"
    (folder / "\u4e2d.json").write_text("{")
    few = {**os.environ, "PYTHONIOENCODING": "latin-1"}  # as a pipe of Windows has
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=few)
    assert told.returncode == 0 and "\\u4e2d.json is no passport" in told.stdout
    long = subprocess.run([*command[:-1], "x" * 300], cwd=ROOT, capture_output=True, text=True)
    assert long.returncode == 1 and len(long.stderr.splitlines()) == 1
    nothing = subprocess.run([*command[:-1], ""], cwd=ROOT, capture_output=True, text=True)
    assert nothing.returncode == 2 and "name the folder" in nothing.stderr
