"""The organiser's memory: which photo goes where, written down before any file is touched.

It is an SQLite file inside the folder that is sorted into. A row is written before its photo is
placed and marked done afterwards, so that a run that was killed leaves at most a few rows between
the two, and the next run looks at the files to see how far each of those came.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from apps.organiser.names import LEDGER, SHEET, TABLE, folded, numbered, portable
from apps.organiser.records import Decision, Photo, Placement
from helpers.errors import CourseError

SCHEMA = """
BEGIN EXCLUSIVE;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS photos (
    id INTEGER PRIMARY KEY, source BLOB, size INTEGER, modified INTEGER, mode TEXT, done INTEGER,
    folder TEXT, base TEXT, key TEXT UNIQUE, target BLOB,
    label TEXT, confidence REAL, probabilities TEXT, note TEXT, thumbnail BLOB
);
CREATE INDEX IF NOT EXISTS by_source ON photos (source);
CREATE INDEX IF NOT EXISTS by_base ON photos (base);
CREATE INDEX IF NOT EXISTS by_folder ON photos (done, folder, confidence);
COMMIT;
"""


class Ledger:
    """What is decided and done in one folder; while it is open, no other run can open it."""

    def __init__(self, home: Path, dry: bool = False) -> None:
        """Open the ledger of a folder, or begin one.

        Args:
            home: The folder that is sorted into.
            dry: Work on a copy in memory, without the thumbnails, and write nothing.

        Raises:
            CourseError: another run is at work there, a file of that name is the user's, or a dry
                run cannot read what a killed one left.
        """
        self.home = home
        file = home / LEDGER
        self.is_new = not file.exists()
        if self.is_new:
            self._check_nothing_is_written_over()
        self.db = sqlite3.connect(":memory:" if dry else file, timeout=0, uri=True)
        try:
            self.db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self.db.executescript(SCHEMA)
            if dry and not self.is_new:
                self._read(file)
            # Where there was no photo, none need be looked for: a tree yields each file once.
            self.was_empty = not self.db.execute("SELECT 1 FROM photos LIMIT 1").fetchone()
        except sqlite3.Error as error:
            self.db.close()
            if dry and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
                raise CourseError(
                    f"{file} was left in the middle of a change: run once without --dry-run, which "
                    "puts that right."
                ) from None
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise CourseError(
                f"Another run is sorting into {home}: wait until it is done, or end it."
            ) from None

    def _check_nothing_is_written_over(self) -> None:
        """Raise CourseError where a file of the user's has a name of the report's."""
        for name in (TABLE, SHEET):
            if os.path.lexists(self.home / name):
                raise CourseError(
                    f"{self.home} has something called {name} that would be written over: "
                    "choose another folder."
                )

    def _read(self, file: Path) -> None:
        """Take over what another ledger holds, and not a byte is written to it."""
        self.db.execute("ATTACH ? AS old", (f"{file.as_uri()}?mode=ro",))
        columns = [column[1] for column in self.db.execute("PRAGMA table_info(photos)")][:-1]
        names = ", ".join(columns)
        self.db.execute(f"INSERT INTO photos ({names}) SELECT {names} FROM old.photos")
        self.db.execute("INSERT INTO facts SELECT * FROM old.facts")
        self.commit()
        self.db.execute("DETACH old")

    def close(self) -> None:
        """Let other runs in."""
        self.db.close()

    def commit(self) -> None:
        """Make everything since the last time durable, at once or not at all."""
        self.db.commit()

    def fact(self, name: str, value: object = None) -> Any:
        """Return what was kept under a name; keep `value` there first if it is given."""
        if value is not None:
            self.db.execute("REPLACE INTO facts VALUES (?, ?)", (name, json.dumps(value)))
        found = self.db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return json.loads(found[0]) if found else None

    def knows(self, photo: Photo) -> bool:
        """Say whether this photo has a place already; one that was moved away and is back has not.

        A file that has changed since is another photo.
        """
        if self.was_empty:
            return False
        found = self.db.execute(
            "SELECT 1 FROM photos WHERE source = ? AND size = ? AND modified = ?"
            " AND NOT (done AND mode = 'move')",
            (os.fsencode(photo.path), photo.size, photo.modified),
        )
        return found.fetchone() is not None

    def plan(self, decision: Decision, mode: str) -> Placement:
        """Give a photo a target that nothing else has, and write it down."""
        photo = decision.photo
        folder = decision.folder
        base = folded(f"{folder}/{photo.path.name}")
        values = {
            "done": 0,
            "source": os.fsencode(photo.path),
            "size": photo.size,
            "modified": photo.modified,
            "mode": mode,
            "folder": folder,
            "base": base,
            "label": decision.label,
            "confidence": decision.confidence,
            "probabilities": json.dumps(decision.probabilities),
            "note": decision.note,
            "thumbnail": decision.thumbnail,
        }
        for name in self._free_names(folder, photo.path.name, base):
            values |= {"key": folded(f"{folder}/{name}"), "target": os.fsencode(name)}
            columns = ", ".join(values)
            places = ", ".join(f":{column}" for column in values)
            with suppress(sqlite3.IntegrityError):  # another photo has this key
                added = self.db.execute(f"INSERT INTO photos ({columns}) VALUES ({places})", values)
                target = self.home / folder / name
                return Placement(added.lastrowid or 0, photo.path, photo.size, mode, folder, target)
        raise AssertionError("the numbers have come to an end")

    def plan_again(self, placement: Placement, refused: bool = False) -> Placement:
        """Give a photo another target, for somebody else's file has taken the one it had.

        Where the file system `refused` the name, the new one is `portable`, and remains so.
        """
        wanted = placement.source.name
        if refused or portable(placement.target.name) == placement.target.name:
            wanted = portable(wanted)
        folder = placement.folder
        for name in self._free_names(folder, wanted, folded(f"{folder}/{wanted}")):
            with suppress(sqlite3.IntegrityError):
                self.db.execute(
                    "UPDATE photos SET key = ?, target = ? WHERE id = ?",
                    (folded(f"{folder}/{name}"), os.fsencode(name), placement.id),
                )
                self.commit()
                return replace(placement, target=placement.target.with_name(name))
        raise AssertionError("the numbers have come to an end")

    def _free_names(self, folder: str, name: str, base: str) -> Iterator[str]:
        """Yield names like a photo's that no file in a folder has.

        `base` is what its namesakes share; they are counted, so that the thousandth IMG_1.jpg need
        not try a thousand names.
        """
        found = self.db.execute("SELECT count(*) FROM photos WHERE base = ?", (base,))
        for candidate in numbered(name, found.fetchone()[0] + 1):
            if not os.path.lexists(self.home / folder / candidate):
                yield candidate

    def turn(self, placement: Placement, mode: str) -> Placement:
        """Write down that a photo gets to its target in another way."""
        self.db.execute("UPDATE photos SET mode = ? WHERE id = ?", (mode, placement.id))
        self.commit()
        return replace(placement, mode=mode)

    def done(self, placement: Placement) -> None:
        """Note that a photo is in its place."""
        self.db.execute("UPDATE photos SET done = 1 WHERE id = ?", (placement.id,))

    def drop(self, placement: Placement) -> None:
        """Forget a photo that was gone before it could be placed."""
        self.db.execute("DELETE FROM photos WHERE id = ?", (placement.id,))

    def pending(self) -> list[Placement]:
        """Return the few photos that have a target and may not be there."""
        found = self.db.execute(
            "SELECT id, source, size, mode, folder, target FROM photos WHERE done = 0"
        ).fetchall()
        return [
            Placement(
                number,
                Path(os.fsdecode(source)),
                size,
                mode,
                folder,
                self.home / folder / os.fsdecode(target),
            )
            for number, source, size, mode, folder, target in found
        ]

    def counts(self) -> dict[str, int]:
        """Return the number of photos done by folder, by name."""
        return dict(
            self.db.execute("SELECT folder, count(*) FROM photos WHERE done = 1 GROUP BY folder")
        )

    def decisions(self, folder: str) -> Iterator[tuple[Decision, str]]:
        """Yield what was decided of a folder's photos, least sure first, and each one's target.

        A target is a path from the folder that is sorted into, with slashes.
        """
        found = self.db.execute(
            "SELECT source, size, modified, label, confidence, probabilities, note, thumbnail,"
            " target FROM photos WHERE done = 1 AND folder = ? ORDER BY confidence, id",
            (folder,),
        )
        for source, size, modified, label, sure, probabilities, note, thumbnail, target in found:
            photo = Photo(Path(os.fsdecode(source)), size, modified)
            said = (label, sure, json.loads(probabilities), note, thumbnail)
            yield Decision(photo, folder, *said), f"{folder}/{os.fsdecode(target)}"
