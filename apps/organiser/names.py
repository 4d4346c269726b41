"""Names of files and folders that every file system, terminal and page can take."""

import os
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from helpers.errors import printable

LEDGER = ".organise.db"
TABLE = "photos.csv"
SHEET = "contact-sheet"
UNSURE = "unsure"
UNREADABLE = "unreadable"
LONGEST = 255  # bytes of a file name, on the file systems in use
FORBIDDEN = '<>:"/\\|?*'  # in a file name, on some system
DEVICES = {"con", "prn", "aux", "nul"}  # names that Windows keeps for itself
DEVICES |= {f"{name}{number}" for name in ("com", "lpt") for number in range(10)}


def folded(name: str) -> str:
    """Return what two names share if some file system takes them for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", printable(name)).casefold())


def portable(name: str) -> str:
    """Return a name with each character replaced that some file system refuses."""
    return "".join("_" if c in FORBIDDEN or not c.isprintable() else c for c in name)


def numbered(name: str, first: int) -> Iterator[str]:
    """Yield a file's name with one number after another: from 2 on, "IMG_1 (2).jpg".

    Args:
        name: The name without a number; it is shortened where it would grow too long.
        first: The number to begin with; 1 is the name alone.
    """
    suffix = Path(name).suffix
    stem = name.removesuffix(suffix)
    for number in count(first):
        end = suffix if number == 1 else f" ({number}){suffix}"
        while len(os.fsencode(stem + end)) > LONGEST:
            stem = stem[:-1]
        yield stem + end


def class_folders(class_names: Sequence[str]) -> dict[str, str]:
    """Give each class a folder name that is safe on every system, and its own."""
    taken = {folded(name) for name in (UNSURE, UNREADABLE, TABLE, SHEET)}
    found = {}
    for label in class_names:
        safe = portable(label)[:60].strip(" .") or "class"
        safe += "_" if safe.split(".")[0].lower() in DEVICES else ""
        others = (f"{safe} (class{f' {n}' if n > 1 else ''})" for n in count(1))
        name = safe
        while folded(name) in taken:
            name = next(others)
        taken.add(folded(name))
        found[label] = name
    return found
