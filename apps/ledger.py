"""The organiser's memory: which photo goes where, written down before any file is touched.

It is an SQLite file inside the folder that is sorted into. A row is written before its photo is
placed and marked done afterwards, so that a run that was killed leaves at most a few rows between
the two, and the next run looks at the files to see how far each of those came.
"""

import errno
import filecmp
import json
import os
import shutil
import sqlite3
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from helpers import CourseError

LEDGER = ".organise.db"
TABLE, SHEET = "photos.csv", "contact-sheet"
UNSURE, UNREADABLE = "unsure", "unreadable"
LONGEST = 255  # bytes of a file name, on the file systems in use
DEVICES = {f"{name}{i}" for name in ("com", "lpt") for i in range(10)} | {
    "con",
    "prn",
    "aux",
    "nul",
}
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


@dataclass(frozen=True)
class Photo:
    """A file as it was found: absolute path, size in bytes, time of change in nanoseconds."""

    path: Path
    size: int
    modified: int


@dataclass(frozen=True)
class Decision:
    """What is said of a photo: the folder it belongs to, and why.

    `label` and `confidence` are None, and `note` is the reason, where the photo cannot be opened.
    `thumbnail` is a JPEG file's bytes, or empty.
    """

    photo: Photo
    folder: str
    label: str | None
    confidence: float | None
    probabilities: dict[str, float]
    note: str
    thumbnail: bytes


@dataclass(frozen=True)
class Row:
    """A photo that has a place, and the way it shall get there: "copy", "move" or "link"."""

    id: int
    source: Path
    size: int
    mode: str
    folder: str
    target: Path

    @property
    def part(self) -> Path:
        """The name that a copy has until it is whole."""
        return self.target.with_name(f".organise-{self.id}.part")


def shown(name: str | os.PathLike) -> str:
    """Return a file's name as text that any terminal, page or UTF-8 file can take."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in os.fspath(name))


def folded(name: str) -> str:
    """Return what two names share if some file system takes them for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", shown(name)).casefold())


def plain(name: str) -> str:
    """Return a name with each character replaced that some file system refuses."""
    return "".join("_" if c in '<>:"/\\|?*' or not c.isprintable() else c for c in name)


def folders(class_names: Sequence[str]) -> dict[str, str]:
    """Give each class a folder name that is safe on every system, and its own."""
    taken = {folded(name) for name in (UNSURE, UNREADABLE, TABLE, SHEET)}
    found = {}
    for label in class_names:
        safe = plain(label)[:60].strip(" .") or "class"
        safe += "_" if safe.split(".")[0].lower() in DEVICES else ""
        name, number = safe, 1
        while folded(name) in taken:
            name, number = f"{safe} (class{f' {number}' if number > 1 else ''})", number + 1
        taken.add(folded(name))
        found[label] = name
    return found


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
        self.home, file = home, home / LEDGER
        self.is_new = not file.exists()
        if self.is_new:
            for name in (TABLE, SHEET):
                if os.path.lexists(home / name):
                    raise CourseError(
                        f"{home} has something called {name} that would be written over: "
                        "choose another folder."
                    )
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

    def _read(self, file: Path) -> None:
        """Take over what another ledger holds, and not a byte is written to it."""
        self.db.execute("ATTACH ? AS old", (f"{file.as_uri()}?mode=ro",))
        columns = [row[1] for row in self.db.execute("PRAGMA table_info(photos)")][:-1]
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

    def fact(self, name: str, value: object = None) -> object:
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

    def plan(self, decision: Decision, mode: str) -> Row:
        """Give a photo a target that nothing else has, and write it down."""
        photo, folder = decision.photo, decision.folder
        base = folded(f"{folder}/{photo.path.name}")
        values = (os.fsencode(photo.path), photo.size, photo.modified, mode, folder, base)
        values += (decision.label, decision.confidence, json.dumps(decision.probabilities))
        values += (decision.note, decision.thumbnail)
        for name in self._names(folder, photo.path.name, base):
            with suppress(sqlite3.IntegrityError):  # another photo has this key
                added = self.db.execute(
                    "INSERT INTO photos (done, source, size, modified, mode, folder, base, label,"
                    " confidence, probabilities, note, thumbnail, key, target)"
                    f" VALUES (0{', ?' * 13})",
                    (*values, folded(f"{folder}/{name}"), os.fsencode(name)),
                )
                target = self.home / folder / name
                return Row(added.lastrowid, photo.path, photo.size, mode, folder, target)
        raise AssertionError("the numbers have come to an end")

    def plan_again(self, row: Row, refused: bool = False) -> Row:
        """Give a photo another target, for somebody else's file has taken the one it had.

        Where the file system `refused` the name, the new one is `plain`, and remains so.
        """
        wanted = row.source.name
        if refused or plain(row.target.name) == row.target.name:
            wanted = plain(wanted)
        for name in self._names(row.folder, wanted, folded(f"{row.folder}/{wanted}")):
            with suppress(sqlite3.IntegrityError):
                self.db.execute(
                    "UPDATE photos SET key = ?, target = ? WHERE id = ?",
                    (folded(f"{row.folder}/{name}"), os.fsencode(name), row.id),
                )
                self.commit()
                return replace(row, target=row.target.with_name(name))
        raise AssertionError("the numbers have come to an end")

    def _names(self, folder: str, name: str, base: str) -> Iterator[str]:
        """Yield names like a photo's that no file in a folder has.

        `base` is what its namesakes share; they are counted, so that the thousandth IMG_1.jpg need
        not try a thousand names.
        """
        suffix = Path(name).suffix
        stem = name.removesuffix(suffix)
        found = self.db.execute("SELECT count(*) FROM photos WHERE base = ?", (base,))
        for number in count(found.fetchone()[0] + 1):
            end = suffix if number == 1 else f" ({number}){suffix}"
            while len(os.fsencode(stem + end)) > LONGEST:
                stem = stem[:-1]
            if not os.path.lexists(self.home / folder / (stem + end)):
                yield stem + end

    def turn(self, row: Row, mode: str) -> Row:
        """Write down that a photo gets to its target in another way."""
        self.db.execute("UPDATE photos SET mode = ? WHERE id = ?", (mode, row.id))
        self.commit()
        return replace(row, mode=mode)

    def done(self, row: Row) -> None:
        """Note that a photo is in its place."""
        self.db.execute("UPDATE photos SET done = 1 WHERE id = ?", (row.id,))

    def drop(self, row: Row) -> None:
        """Forget a photo that was gone before it could be placed."""
        self.db.execute("DELETE FROM photos WHERE id = ?", (row.id,))

    def pending(self) -> list[Row]:
        """Return the few photos that have a target and may not be there."""
        found = self.db.execute(
            "SELECT id, source, size, mode, folder, target FROM photos WHERE done = 0"
        ).fetchall()
        return [
            Row(id_, Path(os.fsdecode(s)), size, mode, f, self.home / f / os.fsdecode(t))
            for id_, s, size, mode, f, t in found
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


def place(row: Row) -> None:
    """Bring a photo to its target in one step that either happens or does not.

    At each moment the whole photo is at its source or at its target; nothing else is ever seen
    under the target's name, and what is there already stays. A source that was changed while it was
    copied stays too, for its new version is nowhere else.

    Raises:
        FileExistsError: something has the target's name.
        OSError: the source cannot be read or the target not written; nothing half-written stays.
    """
    if row.mode == "copy":
        _copy(row)
    elif row.mode == "link":
        _link(row)
    else:
        try:
            _rename(row.source, row.target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            copied = _copy(row)
            sync(row.target.parent)  # before the source goes, the copy must outlast a power cut
            with suppress(FileNotFoundError):  # somebody was faster
                if _version(row.source.stat()) == copied:
                    row.source.unlink()


def arrived(row: Row) -> bool:
    """Say whether a photo that an earlier run began to place is in its place."""
    if not os.path.lexists(row.target):
        return False
    if not os.path.lexists(row.source):
        facts = row.target.lstat()  # of the link itself, which may lead nowhere by now
        return stat.S_ISREG(facts.st_mode) and facts.st_size == row.size
    if row.mode == "link":
        with suppress(OSError):  # somebody else's link that leads nowhere
            return row.source.samefile(row.target)
        return False
    # Somebody else's link to the source is no copy of it.
    return not row.target.is_symlink() and filecmp.cmp(row.source, row.target, shallow=False)


def sync(folder: Path) -> None:
    """Make the names in a folder outlast a power cut; Windows has no such call and no need."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _version(facts: os.stat_result) -> tuple[int, int, int]:
    """Return what is another once a file is changed or replaced."""
    return facts.st_size, facts.st_mtime_ns, facts.st_ino


def _copy(row: Row) -> tuple[int, int, int]:
    """Write a copy with the source's times and rights, and give it its name once it is whole.

    Returns:
        The version of the source that was copied.
    """
    try:
        with row.source.open("rb") as old, row.part.open("xb") as new:
            facts = os.fstat(old.fileno())  # before it is read, so that any change shows
            shutil.copyfileobj(old, new, 2**20)
            new.flush()
            os.fsync(new.fileno())
        _keep_facts(row, facts)
        _rename(row.part, row.target)
    finally:
        row.part.unlink(missing_ok=True)
    return _version(facts)


def _keep_facts(row: Row, facts: os.stat_result) -> None:
    """Give a copy what the file system takes of the source's times, rights and attributes."""
    try:
        shutil.copystat(row.source, row.part)
    except OSError:  # attributes are too large for this disk, or rights are nothing it knows
        with suppress(OSError):
            os.utime(row.part, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        with suppress(OSError):
            row.part.chmod(stat.S_IMODE(facts.st_mode))


def _link(row: Row) -> None:
    """Make a hard link, or a symbolic one where the file system or another disk forbids it."""
    try:
        row.target.hardlink_to(row.source)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:
        row.target.symlink_to(row.source)


def _rename(old: Path, new: Path) -> None:
    """Give a file another name, and raise FileExistsError where something has it.

    POSIX renames over what is there, so the new name is a hard link before the old one goes. Where
    there are no hard links (memory cards, mostly), the name is looked at first: only a program that
    writes the same name in the microseconds between could lose its file.
    """
    if os.name == "nt":
        old.rename(new)  # never over a file
        return
    try:
        new.hardlink_to(old)
    except OSError as error:
        if error.errno in (errno.EXDEV, errno.EEXIST, errno.ENOENT, errno.ENOSPC):
            raise
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new)) from None
        old.rename(new)
    else:
        old.unlink()
