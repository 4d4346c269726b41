"""One run at a time, whose notes are read even where it was killed."""

import contextlib
import shutil
import sqlite3

import pytest
from organising import (
    put,
    sort,
    undone,
)

from apps.organiser.ledger import Ledger
from apps.organiser.names import LEDGER
from helpers import CourseError


def test_two_runs_at_once_do_not_meet(photos, tmp_path):
    sort(photos, tmp_path / "sorted")
    with contextlib.closing(Ledger(tmp_path / "sorted")):
        for options in ([], ["--dry-run"]):
            with pytest.raises(CourseError, match="Another run"):
                sort(photos, tmp_path / "sorted", *options)
    assert sort(photos, tmp_path / "sorted") == 0


def test_a_dry_run_prints_what_is_begun(photos, tmp_path, capsys):
    sort(photos, tmp_path / "sorted")
    row = undone(tmp_path / "sorted")
    capsys.readouterr()
    sort(photos, tmp_path / "sorted", "--dry-run")
    assert f"{row.source} -> unsure/so so.png (pending)\n" in capsys.readouterr().out


def test_a_dry_run_says_so_where_a_run_was_killed_while_it_wrote(photos, tmp_path):
    to = tmp_path / "sorted"
    sort(photos, to)
    shutil.copytree(to, tmp_path / "killed")
    with contextlib.closing(Ledger(to)) as kept:
        kept.db.execute("PRAGMA cache_size = 1")  # so that the change is on the disk already
        kept.db.execute("UPDATE photos SET thumbnail = zeroblob(99999)")
        for name in (LEDGER, f"{LEDGER}-journal"):
            shutil.copy(to / name, tmp_path / "killed" / name)
    with pytest.raises(CourseError, match="run once without --dry-run"):
        sort(photos, tmp_path / "killed", "--dry-run")
    assert sort(photos, tmp_path / "killed") == 0
    assert sort(photos, tmp_path / "killed", "--dry-run") == 0


def test_a_damaged_ledger_ends_in_a_sentence(photos, tmp_path):
    put(tmp_path / "sorted" / LEDGER, b"no data base" * 1000)
    with pytest.raises(CourseError, match="keeps its notes"):
        sort(photos, tmp_path / "sorted")
    with pytest.raises(CourseError, match="nowhere.keras cannot be read"):
        sort(photos, tmp_path / "new", "--model", "nowhere.keras")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
@pytest.mark.parametrize("version", [1, 3])
def test_another_versions_ledger_is_named_as_that(version, dry, photos, tmp_path):
    """It is not damaged, and nothing in it is touched."""
    to = tmp_path / "sorted"
    to.mkdir()
    with contextlib.closing(sqlite3.connect(to / LEDGER)) as db:
        db.execute("CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT)")
        db.execute("CREATE TABLE photos (id INTEGER PRIMARY KEY, source BLOB)")
        if version > 1:  # 1 did not number its tables
            db.execute(f"PRAGMA user_version = {version}")
        db.commit()
    before = (to / LEDGER).read_bytes()
    with pytest.raises(CourseError, match=f"is of version {version} and this is version 2"):
        sort(photos, to, *dry)
    assert (to / LEDGER).read_bytes() == before
    assert [path.name for path in to.iterdir()] == [LEDGER]
