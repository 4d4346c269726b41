"""The passport: counted where somebody looks on, whole after a kill, and told of where damaged."""

import datetime
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from helpers import passport
from helpers.errors import CourseError
from helpers.passport import MOST, MOST_BYTES, Damaged, load, note, read_passport
from helpers.runtime import ROOT

TODAY = datetime.date.today().isoformat()
STAMP = {"tries": 0, "hints": 0, "solutions": 0, "right": False, "box": 0, "since": TODAY}
OLD = {"tries": 1, "hints": 0, "solutions": 0, "right": True, "day": "2026-10-01"}
WRITER = """
import sys
from pathlib import Path
from helpers import passport
passport.PASSPORT = Path(sys.argv[1])
for _ in range(int(sys.argv[2])):
    passport.note("a chapter", sys.argv[3], "tries")
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A passport of its own, with somebody looking on."""
    monkeypatch.setenv("COURSE_LIVE", "1")
    monkeypatch.setattr(passport, "PASSPORT", tmp_path / "saved" / "passport.json")
    return passport.PASSPORT


def writer(file, times, name="an exercise"):
    command = [sys.executable, "-c", WRITER, file, str(times), name]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COURSE_LIVE": "1"}
    return subprocess.Popen(command, env=env)


def test_tries_and_hints_are_counted_by_exercise(file):
    note("one", "first", "tries")
    note("one", "first", "hints")
    note("one", "first", "tries", right=True)
    note("one", "first", "tries")
    note("two", "first", "solutions")
    stamps = read_passport(file)
    day = stamps["one"]["first"].pop("day")
    assert stamps["one"] == {"first": {**STAMP, "tries": 3, "hints": 1, "right": True, "box": 1}}
    assert stamps["two"]["first"]["solutions"] == 1
    assert len(day) == 10


def test_it_holds_nothing_else(file):
    note("one", "first", "tries")
    kept = json.loads(file.read_text())
    assert list(kept) == ["one"] and list(kept["one"]) == ["first"]
    assert set(kept["one"]["first"]) == {*STAMP, "day"}


def test_nobody_looks_on_and_nothing_is_written(file, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_LIVE", "0")
    note("one", "first", "tries")
    assert not file.parent.exists() and not capsys.readouterr().out


@pytest.mark.parametrize(
    "damage",
    [
        *(b"", b"{", b"\xff\xfe", b"[1]", b"[]", b"null", b"[" * 100_000),
        *(b'{"one": 3}', b'{"one": []}', b'{"one": {"first": []}}'),
        b'{"one": {"first": {"tries": "two"}}}',
        b"1" * 5000,
        b"{}" + b" " * MOST_BYTES,
    ],
    ids=lambda damage: ascii(damage[:40]),
)
def test_a_damaged_passport_is_kept_aside_and_told_of_once(file, damage, capsys):
    file.parent.mkdir()
    file.write_bytes(damage)
    note("one", "first", "tries")
    said = capsys.readouterr().out
    assert "damaged" in said and said.count("\n") == 1
    assert file.with_name("passport-damaged-1.json").read_bytes() == damage
    note("one", "first", "tries")
    assert not capsys.readouterr().out
    assert read_passport(file)["one"]["first"]["tries"] == 2


def test_a_second_damaged_one_does_not_replace_the_first(file):
    file.parent.mkdir()
    for content in ("first", "second"):
        file.write_text(content)
        note("one", "first", "tries")
    kept = sorted(path.read_text() for path in file.parent.glob("*damaged*"))
    assert kept == ["first", "second"]


def test_two_notebooks_at_once_lose_no_try(file):
    writers = [writer(file, 60, name) for name in ("left", "right", "left")]
    assert [process.wait(60) for process in writers] == [0, 0, 0]
    found = read_passport(file)["a chapter"]
    assert {name: stamp["tries"] for name, stamp in found.items()} == {"left": 120, "right": 60}


def test_a_kill_leaves_it_whole_and_unlocked(file):
    for _ in range(3):
        process = writer(file, 100_000)
        while not file.exists() and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.1)
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        process.wait(60)
        before = json.loads(file.read_text())["a chapter"]["an exercise"]["tries"]
        note("a chapter", "an exercise", "tries")
        assert read_passport(file)["a chapter"]["an exercise"]["tries"] == before + 1
    assert not list(file.parent.glob("*damaged*"))


def test_where_it_cannot_be_written_a_sentence_says_so(file, capsys):
    file.parent.write_text("a file where the folder should be")
    note("one", "first", "tries")
    said = capsys.readouterr().out
    assert "not noted" in said and said.count("\n") == 1


@pytest.mark.parametrize(
    "old, box",
    [
        (OLD, 0),
        (OLD | {"tries": 2}, 1),
        (OLD | {"right": False}, 1),
        (OLD | {"solutions": 1}, 1),
        (OLD | {"tries": 0, "right": False, "hints": 2}, 0),
    ],
)
def test_a_passport_of_before_the_boxes_still_loads_and_goes_on(file, old, box):
    file.parent.mkdir()
    file.write_text(json.dumps({"one": {"first": old}}))
    assert load(file)["one"]["first"] == {**old, "box": box, "since": "2026-10-01"}
    note("one", "first", "tries", right=True)
    assert read_passport(file)["one"]["first"]["tries"] == old["tries"] + 1
    assert not list(file.parent.glob("*damaged*"))


@pytest.mark.parametrize(
    "change",
    [
        *({"tries": True}, {"tries": -1}, {"tries": 1.0}, {"tries": MOST + 1}, {"tries": None}),
        *({"right": 1}, {"right": "yes"}, {"day": ""}, {"day": 3}, {"day": "20261001"}),
        *({"day": "<b>2026-10-01"}, {"box": 4}, {"box": -1}, {"box": "1"}, {"box": True}),
        *({"since": None}, {"since": "yesterday"}, {"since": "2026-13-01"}),
    ],
    ids=str,
)
def test_a_stamp_that_is_none_is_refused(tmp_path, change):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"one": {"first": OLD}}))
    assert load(path)
    path.write_text(json.dumps({"one": {"first": OLD | change}}))
    with pytest.raises(Damaged, match="a.json is no passport: a stamp in it"):
        load(path)


@pytest.mark.parametrize("name", ["", "x" * 201, "two\nlines", "\x1b[2J", "\ud800"], ids=ascii)
def test_a_name_that_cannot_be_shown_is_refused(tmp_path, name):
    path = tmp_path / "a.json"
    for content in ({name: {}}, {"one": {name: OLD}}):
        path.write_text(json.dumps(content))
        with pytest.raises(Damaged, match="cannot be printed"):
            load(path)


def test_what_is_no_file_is_not_waited_for(tmp_path):
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(CourseError):
            load(path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.json")
        with pytest.raises(CourseError, match="a pipe"):
            load(tmp_path / "pipe.json")


def test_more_than_a_stamp_has_is_not_believed(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"one": {"first": OLD | {"name": "Ines", "more": [[]]}}}))
    assert set(load(path)["one"]["first"]) == {*OLD, "box", "since"}


def test_a_count_stops_before_it_would_be_damage(file):
    file.parent.mkdir()
    file.write_text(json.dumps({"one": {"first": OLD | {"tries": MOST}}}))
    note("one", "first", "tries")
    assert load(file)["one"]["first"]["tries"] == MOST


def test_a_name_that_stands_twice_is_damage_and_neither_is_dropped(file, capsys):
    file.parent.mkdir()
    one = json.dumps({"first": OLD})
    for content in (f'{{"one": {one}, "one": {{}}}}', f'{{"one": {one[:-1]}, {one[1:]}}}'):
        file.write_text(content)
        with pytest.raises(Damaged, match="a name stands in it twice"):
            load(file)
    note("one", "first", "tries")
    assert "damaged" in capsys.readouterr().out
    assert file.with_name("passport-damaged-1.json").read_text() == content


def test_a_link_to_a_passport_elsewhere_stays_one_and_is_written_through(file, tmp_path, capsys):
    file.parent.mkdir()
    there = tmp_path / "stick" / "mine.json"
    file.symlink_to(there)
    note("one", "first", "tries")
    assert "not noted" in capsys.readouterr().out and file.is_symlink() and not there.exists()
    there.parent.mkdir()
    there.write_text(json.dumps({"one": {"first": OLD}}))
    note("one", "first", "tries")
    assert file.is_symlink() and not capsys.readouterr().out
    assert load(there)["one"]["first"]["tries"] == 2


def test_a_name_that_no_disk_has_gets_a_sentence(tmp_path):
    with pytest.raises(CourseError, match="check the path"):
        load(tmp_path / ("x" * 300))
