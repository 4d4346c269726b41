"""A ledger that is emptied, damaged or somebody else's is refused, and nothing is done twice."""

import contextlib
import os
import random
import sqlite3

import pytest
from organising import (
    grey,
    put,
    sort,
    sorted_photos,
    state,
)

from apps.organiser.checks import SUMMED, checksum
from apps.organiser.ledger import Ledger
from apps.organiser.names import LEDGER, SHEET, TABLE
from helpers import CourseError

NOTES = "where the run keeps its notes"


@pytest.fixture
def done(photos, tmp_path):
    """A folder that the photos are sorted into."""
    sort(photos, tmp_path / "sorted")
    return tmp_path / "sorted"


def refused(photos, to, words, *options):
    """Assert that a run ends in one sentence, and changes no file."""
    before = files(to.parent)
    with pytest.raises(CourseError, match=words) as caught:
        sort(photos, to, *options)
    assert str(caught.value).isprintable()
    assert files(to.parent) == before


def files(folder):
    """Return every file below a folder, with content and time."""
    return {name: facts for name, facts in state(folder).items() if facts[1] is not False}


def write(to, values, rightly_summed, target):
    """Write values into the row of a photo, as a stranger may; with its sum, as a clever one."""
    with contextlib.closing(sqlite3.connect(to / LEDGER)) as db:
        asked = "SELECT id FROM photos WHERE CAST(target AS TEXT) = ?"
        (number,) = db.execute(asked, (target,)).fetchone()
        where = f"WHERE id = {number}"
        for column, value in values.items():
            db.execute(f"UPDATE photos SET {column} = ? {where}", (value,))
        if rightly_summed:
            found = db.execute(f"SELECT {', '.join(SUMMED)} FROM photos {where}").fetchone()
            db.execute(f"UPDATE photos SET summed = ? {where}", (checksum(*found),))
        db.commit()


@pytest.mark.parametrize("kept", [0, 1, 100, 512, 4096, 10_000])
@pytest.mark.parametrize("way", [[], ["--move"], ["--dry-run"]])
def test_a_ledger_that_was_emptied_or_cut_off_is_refused(photos, done, kept, way):
    os.truncate(done / LEDGER, kept)
    refused(photos, done, NOTES, *way)


def test_an_empty_ledger_is_refused_before_there_is_a_report(photos, done):
    (done / TABLE).unlink()
    for page in (done / SHEET).iterdir():
        page.unlink()
    (done / LEDGER).write_bytes(b"")
    refused(photos, done, "is empty")
    (done / LEDGER).unlink()
    refused(photos, done, SHEET)


def test_an_empty_ledger_alone_is_a_new_one(photos, tmp_path):
    put(tmp_path / "sorted" / LEDGER, b"")
    assert sort(photos, tmp_path / "sorted") == 0
    assert len(sorted_photos(tmp_path / "sorted")) == 6


@pytest.mark.parametrize("kind", ["folder", "pipe", "link", "link to a file"])
def test_a_ledger_that_is_no_file_is_refused(photos, done, tmp_path, kind):
    elsewhere = (done / LEDGER).rename(tmp_path / "elsewhere")
    make = {
        "folder": lambda path: path.mkdir(),
        "pipe": os.mkfifo,
        "link": lambda path: path.symlink_to("nowhere"),
        "link to a file": lambda path: path.symlink_to(elsewhere),
    }
    make[kind](done / LEDGER)
    with pytest.raises(CourseError, match="is no file but a folder, a link or a pipe"):
        sort(photos, done)
    assert len(sorted_photos(done)) == 6


def test_other_tables_are_refused(photos, done):
    for statement in (
        "CREATE TRIGGER evil AFTER UPDATE ON photos BEGIN UPDATE photos SET done = 0; END",
        "DROP TABLE facts",
    ):
        with contextlib.closing(sqlite3.connect(done / LEDGER)) as db:
            db.execute(statement)
            db.commit()
        refused(photos, done, "tables are others")


def test_a_flipped_bit_anywhere_doubles_nothing(photos, done):
    chance = random.Random(0)
    sound = (done / LEDGER).read_bytes()
    before = sorted_photos(done)
    sentences = 0
    for _ in range(200):
        content = bytearray(sound)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        (done / LEDGER).write_bytes(content)
        try:
            assert sort(photos, done) == 0
        except CourseError as error:
            sentences += 1
            assert str(error).isprintable()
        assert sorted_photos(done) == before
    assert sentences > 10


@pytest.mark.parametrize(
    "values",
    [
        {"source": None},
        {"source": "text"},
        {"source": b"relative.png"},
        {"source": b"/photos/../etc/x.png"},
        {"source": b"/private/key"},
        {"source": b"/x\0.png"},
        {"size": -1},
        {"size": "many"},
        {"modified": 1.5},
        {"mode": "steal"},
        {"done": 2},
        {"digest": b"short"},
        {"leader": 99},
        {"folder": "../public"},
        {"folder": "../public", "key": "../public/so so.png"},
        {"folder": "/tmp"},
        {"folder": None},
        {"target": b"../so so.png"},
        {"target": b"a/so so.png"},
        {"target": b".hidden.png"},
        {"target": b"stolen.txt"},
        {"key": "another"},
        {"label": "no class"},
        {"label": None},
        {"confidence": 7.0},
        {"confidence": "sure"},
        {"probabilities": "{"},
        {"probabilities": "[" * 200_000},
        {"probabilities": '{"clean": 0.5}'},
        {"probabilities": '{"clean": NaN, "messy": 1}'},
        {"note": b"\xff"},
    ],
    ids=lambda values: str(values)[:40],
)
def test_a_value_that_no_run_has_written_is_refused(photos, done, values):
    sound = (done / LEDGER).read_bytes()
    for rightly_summed in (False, True):
        (done / LEDGER).write_bytes(sound)
        write(done, {"done": 0, **values}, rightly_summed, "so so.png")
        refused(photos, done, NOTES)
        refused(photos, done, NOTES, "--move")
        refused(photos, done, NOTES, "--dry-run")


@pytest.mark.parametrize(
    "values",
    [
        {"modified": 5},
        {"source": b"/photos/so so.png"},
        {"confidence": 0.7},
        {"note": "a note"},
        {"summed": None},
    ],
    ids=lambda values: str(values),
)
def test_a_value_that_may_be_right_and_does_not_fit_its_sum_is_refused(photos, done, values):
    write(done, values, False, "so so.png")
    refused(photos, done, "it does not fit its sum")


@pytest.mark.parametrize(
    "name, text",
    [
        ("classes", "{"),
        ("classes", "[1, 2]"),
        ("classes", '["clean", "clean"]'),
        ("sure", '"much"'),
        ("model", "7"),
        ("secret", "7"),
    ],
)
def test_a_fact_that_no_run_has_written_is_refused(photos, done, name, text):
    for summed in (0, checksum(name, text)):
        with contextlib.closing(sqlite3.connect(done / LEDGER)) as db:
            db.execute("REPLACE INTO facts VALUES (?, ?, ?)", (name, text, summed))
            db.commit()
        refused(photos, done, NOTES)


def test_a_file_from_outside_the_photos_is_not_taken(photos, done, tmp_path):
    private = put(tmp_path / "private" / "so so.png", b"secret")
    for way in (["--move"], [], ["--link"]):
        write(done, {"done": 0, "source": os.fsencode(private)}, True, "so so.png")
        refused(photos, done, "is no photo below", *way)
    (photos / "way out").symlink_to(private.parent)
    inner = photos / "way out" / "so so.png"
    write(done, {"done": 0, "source": os.fsencode(inner)}, True, "so so.png")
    refused(photos, done, "is no photo below", "--move")
    (photos / "link.png").symlink_to(private)
    write(done, {"done": 0, "source": os.fsencode(photos / "link.png")}, True, "so so.png")
    refused(photos, done, "is no photo below")
    assert private.read_bytes() == b"secret"


def test_a_folder_that_is_a_link_is_not_sorted_into(photos, done, tmp_path):
    (tmp_path / "public").mkdir()
    (done / "clean").rename(tmp_path / "elsewhere")
    (done / "clean").symlink_to(tmp_path / "public")
    put(photos / "new.png", grey(5))
    with pytest.raises(CourseError, match="clean is a symbolic link"):
        sort(photos, done, "--move")
    assert (photos / "new.png").exists()
    assert not list((tmp_path / "public").iterdir())


def test_a_sheet_that_is_a_link_is_not_written_to(photos, done, tmp_path):
    (done / SHEET).rename(tmp_path / "elsewhere")
    (done / SHEET).symlink_to(tmp_path / "elsewhere")
    before = state(tmp_path / "elsewhere")
    put(photos / "new.png", grey(5))
    with pytest.raises(CourseError, match=f"{SHEET} is a symbolic link"):
        sort(photos, done)
    assert state(tmp_path / "elsewhere") == before


def test_other_classes_than_the_model_has_are_refused(photos, done):
    with contextlib.closing(Ledger(done)) as ledger:
        ledger.db.execute("DELETE FROM photos")
        ledger.fact("classes", ["evil", "messy"])
        ledger.commit()
    refused(photos, done, "its classes are not the model's")
