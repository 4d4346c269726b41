"""The tables that a ledger is made of: begun, checked, or copied into memory for a dry run."""

import sqlite3
from pathlib import Path

from apps.organiser.checks import (
    Untrue,
    check_facts,
    check_kind,
    check_rows,
    check_tables,
    check_unused,
    check_version,
    damaged,
)
from apps.organiser.names import LEDGER, SHEET, printable
from helpers.errors import CourseError

PROGRAM = 0x4F726761  # "Orga": SQLite's application_id, by which `file` knows a program's files
VERSION = 2  # of the tables
SCHEMA = f"""
BEGIN EXCLUSIVE;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT, summed INTEGER);
CREATE TABLE photos (
    id INTEGER PRIMARY KEY, source BLOB, size INTEGER, modified INTEGER, mode TEXT, done INTEGER,
    digest BLOB, leader INTEGER, folder TEXT, base TEXT, key TEXT UNIQUE, target BLOB,
    label TEXT, confidence REAL, probabilities TEXT, note TEXT, summed INTEGER, thumbnail BLOB
);
CREATE INDEX by_source ON photos (source);
CREATE INDEX by_base ON photos (base, size);
CREATE INDEX by_leader ON photos (leader);
CREATE INDEX by_folder ON photos (done, folder, confidence);
PRAGMA application_id = {PROGRAM};
PRAGMA user_version = {VERSION};
COMMIT;
"""


def open_tables(home: Path, dry: bool) -> sqlite3.Connection:
    """Open the ledger of a folder, or begin one; no other program can until it is closed.

    Args:
        home: The folder that is sorted into.
        dry: Work on a copy in memory, without the thumbnails, and write nothing.

    Raises:
        CourseError: another run is at work there, a file of that name is the user's, what it holds
            cannot be believed, or a dry run cannot read what a killed one left.
        sqlite3.Error: the disk is full or closed.
    """
    check_kind(home)
    file = home / LEDGER
    is_new = not file.exists()
    db = sqlite3.connect(":memory:" if dry else file, timeout=0, uri=True)
    try:
        _open(db, file, dry, is_new)
    except BaseException as error:
        db.close()
        raise _sentence(error, file, dry) from None
    return db


def _open(db: sqlite3.Connection, file: Path, dry: bool, is_new: bool) -> None:
    """Begin the tables, or check what they hold; in a dry run, those of the copy in memory."""
    db.execute("PRAGMA locking_mode = EXCLUSIVE")
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("BEGIN EXCLUSIVE")  # what a killed run left half written is taken back
    db.rollback()  # and nothing is written: the lock is kept
    if dry and not is_new:
        db.execute("ATTACH ? AS old", (f"{file.as_uri()}?mode=ro",))
    kept = "old" if dry and not is_new else "main"
    is_empty = not db.execute(f"SELECT 1 FROM {kept}.sqlite_master LIMIT 1").fetchone()
    if is_empty and not is_new:
        check_unused(file.parent)
    if not is_empty:
        check_version(db, VERSION, file, kept)
        check_tables(db, SCHEMA, kept)
    if is_empty or dry:
        db.executescript(SCHEMA)
    if is_empty and not dry:  # by this folder, a ledger that is lost before any report is missed
        (file.parent / SHEET).mkdir(exist_ok=True)
    if dry and not is_empty:
        _read(db)
    check_rows(db, check_facts(db).get("classes", []))


def _read(db: sqlite3.Connection) -> None:
    """Take over what another ledger holds, and not a byte is written to it."""
    columns = [column[1] for column in db.execute("PRAGMA table_info(photos)")][:-1]
    names = ", ".join(columns)
    db.execute(f"INSERT INTO photos ({names}) SELECT {names} FROM old.photos")
    db.execute("INSERT INTO facts SELECT * FROM old.facts")
    db.commit()
    db.execute("DETACH old")


def _sentence(error: BaseException, file: Path, dry: bool) -> BaseException:
    """Return the sentence on a ledger that cannot be opened."""
    if isinstance(error, Untrue):
        return damaged(file, error)
    if not isinstance(error, sqlite3.Error):
        return error
    # What Python says itself, as of a text that is no UTF-8, has no code.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if dry and code == sqlite3.SQLITE_READONLY:
        return CourseError(
            f"{printable(file)} was left in the middle of a change: run once without --dry-run, "
            "which puts that right."
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return CourseError(
            f"Another run is sorting into {printable(file.parent)}: wait until it is done, or end "
            "it."
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(file, error)
    return error
