"""The organiser's memory: which photo goes where, written down before any file is touched.

It is an SQLite file inside the folder that is sorted into. A row is written before its photo is
placed and marked done afterwards, so that a run that was killed leaves at most a few rows between
the two, and the next run looks at the files to see how far each of those came.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from apps.organiser.checks import SUMMED, checksum
from apps.organiser.companions import renamed
from apps.organiser.names import folded, numbered, portable
from apps.organiser.records import Decision, Photo, Placement, part_name
from apps.organiser.tables import open_tables

PLACED = "id, source, size, modified, mode, folder, target, leader"  # columns that make a Placement


class Ledger:
    """What is decided and done in one folder; while it is open, no other run can open it."""

    def __init__(self, home: Path, dry: bool = False) -> None:
        """Open the ledger of a folder, or begin one.

        Args:
            home: The folder that is sorted into.
            dry: Work on a copy in memory, without the thumbnails, and write nothing.

        Raises:
            CourseError: another run is at work there, a file of that name is the user's, what it
                holds cannot be believed, or a dry run cannot read what a killed one left.
        """
        self.home = home
        self.db = open_tables(home, dry)
        # Where there was no photo, none need be looked for: a tree yields each file once.
        self.was_empty = not self.db.execute("SELECT 1 FROM photos LIMIT 1").fetchone()

    def close(self) -> None:
        """Let other runs in."""
        self.db.close()

    def commit(self) -> None:
        """Make everything since the last time durable, at once or not at all."""
        self.db.commit()

    def fact(self, name: str, value: object = None) -> Any:
        """Return what was kept under a name; keep `value` there first if it is given."""
        if value is not None:
            text = json.dumps(value)
            summed = checksum(name, text)
            self.db.execute("REPLACE INTO facts VALUES (?, ?, ?)", (name, text, summed))
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

    def namesakes(self, photo: Photo, folders: Sequence[str]) -> Iterator[tuple[int, Path, bytes]]:
        """Yield photos of this name and size that are in place, and were not moved there.

        Args:
            photo: Whose.
            folders: The folders of the model.

        Yields:
            The number, where the photo was found, and the digest of its content.
        """
        for folder in folders:
            found = self.db.execute(
                "SELECT id, source, digest FROM photos WHERE base = ? AND size = ? AND done"
                " AND mode != 'move' AND leader IS NULL",
                (folded(f"{folder}/{photo.path.name}"), photo.size),
            ).fetchall()
            for number, source, digest in found:
                yield number, Path(os.fsdecode(source)), digest

    def adopt(self, number: int, photo: Photo) -> None:
        """Note that a photo in place is one that is now found elsewhere, or with another time."""
        self.db.execute(
            "UPDATE photos SET source = ?, modified = ? WHERE id = ?",
            (os.fsencode(photo.path), photo.modified, number),
        )
        self._sum(number)
        self.commit()

    def came_along(self, photo: Photo) -> set[str]:
        """Return the names of the files that have a place beside a photo that has one."""
        found = self.db.execute(
            "SELECT source FROM photos WHERE leader IN (SELECT id FROM photos WHERE source = ?)",
            (os.fsencode(photo.path),),
        )
        return {Path(os.fsdecode(source)).name for (source,) in found}

    def plan(self, decision: Decision, mode: str) -> Placement:
        """Give a photo and what goes along with it targets that nothing else has; write it down."""
        photo = decision.photo
        folder = decision.folder
        along = [companion.path.name for companion in photo.companions]
        names = self._free_names(folder, photo.path.name, photo.path.name, along)
        answer = {
            "label": decision.label,
            "confidence": decision.confidence,
            "probabilities": json.dumps(decision.probabilities),
            "note": decision.note,
            "thumbnail": decision.thumbnail,
        }
        number = self._add(photo, mode, folder, names[0], None, answer)
        nothing = {"probabilities": "{}", "note": "", "thumbnail": b""}
        for companion, name in zip(photo.companions, names[1:], strict=True):
            self._add(companion, mode, folder, name, number, nothing)
        target = self.home / folder / names[0]
        return Placement(number, photo.path, photo.size, mode, folder, target, None, photo.modified)

    def _add(
        self,
        photo: Photo,
        mode: str,
        folder: str,
        target: str,
        leader: int | None,
        answer: Mapping[str, object],
    ) -> int:
        """Write down a file that shall get a target; return its number."""
        number = self._free_number(folder)
        values = {
            **answer,
            "id": number,
            "done": 0,
            "source": os.fsencode(photo.path),
            "size": photo.size,
            "modified": photo.modified,
            "digest": photo.digest or None,
            "leader": leader,
            "mode": mode,
            "folder": folder,
            "base": folded(f"{folder}/{photo.path.name}"),
            "key": folded(f"{folder}/{target}"),
            "target": os.fsencode(target),
        }
        columns = ", ".join(values)
        places = ", ".join(f":{column}" for column in values)
        self.db.execute(f"INSERT INTO photos ({columns}) VALUES ({places})", values)
        self._sum(number)
        return number

    def _free_number(self, folder: str) -> int:
        """Return a number for a file that goes into a folder.

        Where something has the name of its copy's part already, no run of this ledger has written
        it; with this number it would be taken for the rest of a killed run, and be deleted.
        """
        (last,) = self.db.execute("SELECT max(id) FROM photos").fetchone()
        parts = self.home / folder
        return next(n for n in count((last or 0) + 1) if not os.path.lexists(parts / part_name(n)))

    def _sum(self, number: int) -> None:
        """Keep the sum over a row that has changed."""
        columns = ", ".join(SUMMED)
        found = self.db.execute(f"SELECT {columns} FROM photos WHERE id = ?", (number,)).fetchone()
        self.db.execute("UPDATE photos SET summed = ? WHERE id = ?", (checksum(*found), number))

    def plan_again(self, placement: Placement, refused: bool = False) -> Placement:
        """Give a file another target, for somebody else's file has taken the one it had.

        Where the file system `refused` the name, the new one is `portable`, and remains so.
        """
        is_photo = placement.leader is None
        wanted = placement.source.name if is_photo else placement.target.name
        if refused or portable(placement.target.name) == placement.target.name:
            wanted = portable(wanted)
        along = self.companions(placement)
        names = self._free_names(
            placement.folder, placement.source.name, wanted, [each.source.name for each in along]
        )
        numbers = [placement.id, *(each.id for each in along)]
        for number in numbers:  # the old names are free, or one of these could be another's new one
            self.db.execute("UPDATE photos SET key = NULL WHERE id = ?", (number,))
        for number, name in zip(numbers, names, strict=True):
            self.db.execute(
                "UPDATE photos SET key = ?, target = ? WHERE id = ?",
                (folded(f"{placement.folder}/{name}"), os.fsencode(name), number),
            )
            self._sum(number)
        self.commit()
        return replace(placement, target=placement.target.with_name(names[0]))

    def _free_names(self, folder: str, photo: str, wanted: str, along: Sequence[str]) -> list[str]:
        """Find names like the one wanted that no file in a folder has.

        A name's namesakes are counted, so that the thousandth IMG_1.jpg need not try a thousand.

        Args:
            folder: The folder.
            photo: The photo's name.
            wanted: The name that it should have there.
            along: The names of what goes along with it.

        Returns:
            The photo's name, and those of its companions, which follow it.
        """
        base = folded(f"{folder}/{wanted}")
        found = self.db.execute("SELECT count(*) FROM photos WHERE base = ?", (base,))
        for candidate in numbered(wanted, found.fetchone()[0] + 1):
            names = [candidate, *renamed(along, photo, candidate)]
            if not any(self._is_taken(folder, name) for name in names):
                return names
        raise AssertionError("the numbers have come to an end")

    def _is_taken(self, folder: str, name: str) -> bool:
        """Say whether a file has a name in a folder, or shall get it."""
        if os.path.lexists(self.home / folder / name):
            return True
        key = folded(f"{folder}/{name}")
        return bool(self.db.execute("SELECT 1 FROM photos WHERE key = ?", (key,)).fetchone())

    def turn(self, placement: Placement, mode: str) -> Placement:
        """Write down that a photo gets to its target in another way."""
        self.db.execute("UPDATE photos SET mode = ? WHERE id = ?", (mode, placement.id))
        self.commit()
        return replace(placement, mode=mode)

    def done(self, placement: Placement) -> None:
        """Note that a photo is in its place."""
        self.db.execute("UPDATE photos SET done = 1 WHERE id = ?", (placement.id,))

    def drop(self, placement: Placement) -> None:
        """Forget a file that was gone before it could be placed, and what should go along."""
        self.db.execute("DELETE FROM photos WHERE id = ?1 OR leader = ?1", (placement.id,))

    def pending(self) -> list[Placement]:
        """Return the few files that have a target and may not be there.

        A companion is among them once its photo is in place.
        """
        found = self.db.execute(
            f"SELECT {PLACED} FROM photos AS file WHERE done = 0 AND (leader IS NULL"
            " OR EXISTS (SELECT 1 FROM photos WHERE id = file.leader AND done = 1))"
        )
        return [self._placement(*row) for row in found.fetchall()]

    def companions(self, placement: Placement) -> list[Placement]:
        """Return what goes along with a photo and is not in its place."""
        found = self.db.execute(
            f"SELECT {PLACED} FROM photos WHERE leader = ? AND done = 0", (placement.id,)
        )
        return [self._placement(*row) for row in found.fetchall()]

    def _placement(
        self,
        number: int,
        source: bytes,
        size: int,
        modified: int,
        mode: str,
        folder: str,
        target: bytes,
        leader: int | None,
    ) -> Placement:
        """Return a row's file with its target."""
        goal = self.home / folder / os.fsdecode(target)
        path = Path(os.fsdecode(source))
        return Placement(number, path, size, mode, folder, goal, leader, modified)

    def counts(self) -> dict[str, int]:
        """Return the number of photos done by folder, by name."""
        return dict(
            self.db.execute(
                "SELECT folder, count(*) FROM photos WHERE done = 1 AND leader IS NULL"
                " GROUP BY folder"
            )
        )

    def decisions(self, folder: str) -> Iterator[tuple[Decision, str]]:
        """Yield what was decided of a folder's photos, least sure first, and each one's target.

        A target is a path from the folder that is sorted into, with slashes.
        """
        found = self.db.execute(
            "SELECT source, size, modified, label, confidence, probabilities, note, thumbnail,"
            " target FROM photos WHERE done = 1 AND folder = ? AND leader IS NULL"
            " ORDER BY confidence, id",
            (folder,),
        )
        for source, size, modified, label, sure, probabilities, note, thumbnail, target in found:
            photo = Photo(Path(os.fsdecode(source)), size, modified)
            image = thumbnail if isinstance(thumbnail, bytes) else b""
            said = (label, sure, json.loads(probabilities), note, image)
            yield Decision(photo, folder, *said), f"{folder}/{os.fsdecode(target)}"
