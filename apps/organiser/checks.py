"""What stands in a ledger is checked before it is believed: it may be damaged, or a stranger's.

Damage shows in the data base's own check, and in the sum that is kept with each row. What somebody
made by hand has right sums, so each value must also be one that a run can have written.
"""

import json
import os
import sqlite3
import stat
import zlib
from collections.abc import Container
from pathlib import Path
from typing import Any

from apps.organiser.companions import ENDINGS
from apps.organiser.names import (
    LEDGER,
    SHEET,
    TABLE,
    UNREADABLE,
    UNSURE,
    class_folders,
    folded,
    printable,
)
from helpers.errors import CourseError
from helpers.images import SUFFIXES

MODES = ("copy", "move", "link")
# Neither `mode` and `done`, which change as photos get to their places, nor the thumbnail.
SUMMED = (
    *("source", "size", "modified", "digest", "leader", "folder", "base", "key", "target"),
    *("label", "confidence", "probabilities", "note"),
)
DIGEST = 32  # bytes


class Untrue(Exception):
    """A value that no run has written; the text says which."""


def checksum(*values: object) -> int:
    """Return a sum over a row's values, which any damage changes."""
    return zlib.crc32(repr(values).encode("utf-8", "surrogatepass"))


def damaged(file: Path, reason: object) -> CourseError:
    """Return the sentence on a ledger that cannot be believed."""
    return CourseError(
        f"{printable(file)}, where the run keeps its notes, is damaged, or no run wrote it "
        f"({printable(str(reason))}): bring it back from a backup, or sort into another folder."
    )


def check_kind(home: Path) -> None:
    """Raise CourseError where the ledger is no file, or another may be in its place.

    A folder of a class, or of the report, that is a link would lead out of the sorted folder.
    """
    file = home / LEDGER
    if os.path.lexists(file) and not stat.S_ISREG(file.lstat().st_mode):
        raise CourseError(
            f"{printable(file)}, where the run keeps its notes, is no file but a folder, a link or "
            "a pipe: remove it, or sort into another folder."
        )
    if not os.path.lexists(file):
        for name in (TABLE, SHEET):
            if os.path.lexists(home / name):
                raise CourseError(
                    f"{printable(home)} has something called {name} that would be written over: "
                    "choose another folder."
                )


def check_unused(home: Path) -> None:
    """Raise CourseError where an empty ledger stands beside something: it was not always empty."""
    own = (LEDGER, f"{LEDGER}-journal")
    if any(entry.name not in own for entry in home.iterdir()):
        raise CourseError(
            f"{printable(home / LEDGER)}, where the run keeps its notes, is empty, and so nobody "
            f"knows what is sorted already: bring it back from a backup, or sort into another "
            "folder."
        )


def check_folder(folder: Path) -> None:
    """Raise CourseError where a folder is a link: it may lead to where nobody wants photos."""
    if folder.is_symlink():
        raise CourseError(
            f"{printable(folder)} is a symbolic link: put a folder in its place, or sort into "
            "another folder."
        )


def check_version(db: sqlite3.Connection, version: int, file: Path, name: str = "main") -> None:
    """Raise CourseError where another version of the organiser has kept a ledger.

    Version 1, of course 1.0.0, did not number its tables.

    Args:
        db: The connection.
        version: Of the tables that are read here.
        file: The ledger.
        name: Of the data base in this connection.
    """
    (found,) = db.execute(f"PRAGMA {name}.user_version").fetchone()
    tables = {row[0] for row in db.execute(f"SELECT name FROM {name}.sqlite_master")}
    if found == 0 and {"facts", "photos"} <= tables:
        found = 1
    if found not in (0, version):
        raise CourseError(
            f"{printable(file)}, where the run keeps its notes, is of version {found} and this is "
            f"version {version}: go on with the course that it was begun with, or sort into "
            "another folder."
        )


def check_tables(db: sqlite3.Connection, schema: str, name: str = "main") -> None:
    """Raise Untrue where a data base is damaged, or has other tables than a ledger's.

    Args:
        db: The connection.
        schema: The statements that make a ledger's tables.
        name: Of the data base in this connection.
    """
    asked = "SELECT type, name, sql FROM {}.sqlite_master ORDER BY name, type"
    new = sqlite3.connect(":memory:")
    new.executescript(schema)
    expected = new.execute(asked.format("main")).fetchall()
    new.close()
    if db.execute(asked.format(name)).fetchall() != expected:
        raise Untrue("its tables are others than this version's")
    (found,) = db.execute(f"PRAGMA {name}.integrity_check(1)").fetchone()
    if found != "ok":
        raise Untrue(found)


def check_facts(db: sqlite3.Connection) -> dict[str, Any]:
    """Return the facts by name; raise Untrue where one cannot be."""
    kinds: dict[str, type | tuple[type, ...]] = {
        "model": str,
        "sure": (int, float),
        "classes": list,
        "reported": int,
    }
    facts = {}
    for name, value, summed in db.execute("SELECT name, value, summed FROM facts"):
        if summed != checksum(name, value):
            raise Untrue(f"the fact {name} does not fit its sum")
        try:
            facts[name] = json.loads(value)
        except (TypeError, ValueError, RecursionError):
            raise Untrue(f"the fact {name} is no JSON") from None
        if name not in kinds or not isinstance(facts[name], kinds[name]):
            raise Untrue(f"the fact {name} is of another kind")
    classes = facts.get("classes", [])
    if not all(isinstance(label, str) for label in classes) or len(set(classes)) != len(classes):
        raise Untrue("the classes are no names")
    return facts


def check_rows(db: sqlite3.Connection, classes: list[str]) -> None:
    """Raise Untrue where a row cannot be one that a run has written, for a model's classes."""
    folders = {*class_folders(classes).values(), UNSURE, UNREADABLE}
    leaders = {number for (number,) in db.execute("SELECT id FROM photos WHERE leader IS NULL")}
    columns = ("id", "done", "mode", "summed", *SUMMED)
    for values in db.execute(f"SELECT {', '.join(columns)} FROM photos"):
        row = dict(zip(columns, values, strict=True))
        reason = _fault(row, folders, leaders, classes)
        if reason:
            raise Untrue(f"row {row['id']}: {reason}")


def _fault(
    row: dict[str, Any], folders: Container[str], leaders: Container[int], classes: list[str]
) -> str:
    """Say what of a row cannot be; "" where nothing is wrong."""
    if row["summed"] != checksum(*(row[column] for column in SUMMED)):
        return "it does not fit its sum"
    if row["mode"] not in MODES or row["done"] not in (0, 1):
        return "it was placed in no way that there is"
    if row["folder"] not in folders:
        return f"{row['folder']!r} is no folder of this model's"
    if not all(type(row[name]) is int for name in ("size", "modified")) or row["size"] < 0:
        return "its size or its time is no number"
    if row["digest"] is not None and not _is_bytes(row["digest"], DIGEST):
        return "its digest is none"
    if row["leader"] is not None and row["leader"] not in leaders:
        return "its photo is missing"
    return _fault_of_names(row) or _fault_of_answer(row, classes)


def _is_bytes(value: object, length: int) -> bool:
    """Say whether a value is so many bytes."""
    return isinstance(value, bytes) and len(value) == length


def _fault_of_names(row: dict[str, Any]) -> str:
    """Say what of a row's two names cannot be: a photo's path, and a bare name like it."""
    if not all(
        isinstance(row[name], bytes) and b"\0" not in row[name] for name in ("source", "target")
    ):
        return "its file has no name"
    source = Path(os.fsdecode(row["source"]))
    target = os.fsdecode(row["target"])
    if not source.is_absolute() or ".." in source.parts or source.name.startswith("."):
        return f"{str(source)!r} is no path of a photo"
    if source.suffix.lower() not in (SUFFIXES if row["leader"] is None else ENDINGS):
        return f"{str(source)!r} is no photo"
    if Path(target).name != target or target.startswith("."):
        return f"{target!r} is no bare name"
    if Path(target).suffix != source.suffix:
        return f"{target!r} is another kind of file than {source.name!r}"
    return "" if row["key"] == folded(f"{row['folder']}/{target}") else "its key is another's"


def _fault_of_answer(row: dict[str, Any], classes: list[str]) -> str:
    """Say what of the model's answer cannot be: a label, and a probability for each class."""
    try:
        shares = json.loads(row["probabilities"])
    except (TypeError, ValueError, RecursionError):
        return "its probabilities are no JSON"
    if not isinstance(row["note"], str) or not isinstance(shares, dict):
        return "its note or its probabilities are none"
    if row["label"] is None:
        return "" if not shares and row["confidence"] is None else "it has half an answer"
    numbers = [*shares.values(), row["confidence"]]
    if not all(isinstance(number, float | int) and 0 <= number <= 1.001 for number in numbers):
        return "its probabilities are none"
    return "" if [*shares] == classes and row["label"] in classes else "its classes are others"
