"""Say which exercises cost a class most tries: `python -m tools.passports FOLDER`.

The folder holds the learners' passports, under any names and in any folders below it. Files that
are none are named and passed by. A passport that is there twice counts once; two learners who did
the same on the same days have the same passport, too, and `--twice` counts both.
"""

import argparse
import contextlib
import hashlib
import json
import os
import statistics
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from helpers.course import Contents, contents
from helpers.errors import CourseError, printable
from helpers.passport import QUESTION, Stamps, load
from helpers.runtime import any_letters

MOST_FILES = 10_000
HEAD = ("chapter", "exercise or question", "tried by", "median tries", "hints", "right at the end")


@dataclass(frozen=True)
class Row:
    """What a class did with one exercise or question."""

    chapter: str
    name: str
    tries: tuple[int, ...]  # of each learner who tried
    hints: int
    right: int

    @property
    def median(self) -> float:
        """Return the median of the tries of those who tried."""
        return statistics.median(self.tries)

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the row as the table shows it."""
        tried = len(self.tries)
        share = f"{self.right} of {tried}, {self.right / tried:.0%}"
        return (self.chapter, self.name, f"{tried}", f"{self.median:g}", f"{self.hints}", share)


def files_in(folder: Path) -> tuple[list[Path], list[str]]:
    """Return the files in a folder and below it, by name, and a sentence on each folder passed by.

    Links to folders are not followed. What is hidden is a system's own, the lock of a passport, or
    what JupyterLab keeps of an earlier day, and would count a learner twice.

    Raises:
        CourseError: it is no folder, holds no file, or far too many.
    """
    there = False
    with contextlib.suppress(OSError):  # a name that no disk has, a folder that lets nobody look
        there = folder.is_dir()
    if not there:
        raise CourseError(f"{printable(folder)} is not a folder: name the one with the passports.")
    found: list[Path] = []
    said: list[str] = []
    closed: list[OSError] = []
    for here, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = [name for name in folders if name[0] != "."]
        links = (Path(here) / name for name in folders if (Path(here) / name).is_symlink())
        said += [f"passed by: {printable(link)} is a link to a folder." for link in links]
        found += [Path(here) / name for name in names if name[0] != "."]
        if len(found) > MOST_FILES:
            raise CourseError(f"{printable(folder)} holds more than {MOST_FILES} files.")
    said += map(_closed, closed)
    if not found:
        raise CourseError(" ".join([f"{printable(folder)} holds no file.", *said]))
    return sorted(found), said


def _closed(error: OSError) -> str:
    """Return the sentence on a folder that does not open."""
    return f"passed by: {printable(error.filename)} cannot be opened ({error.strerror})."


def read(folder: Path, twice: bool = False) -> tuple[list[tuple[str, Stamps]], list[str]]:
    """Return the passports in a folder with their names, and a sentence on each file passed by.

    Args:
        folder: Where they lie.
        twice: Count a passport as often as it is there.
    """
    passports: list[tuple[str, Stamps]] = []
    found, said = files_in(folder)
    known: dict[str, str] = {}
    for path in found:
        name = printable(path.relative_to(folder))
        try:
            stamps = load(path, name)
        except CourseError as error:
            said.append(f"passed by: {error}")
            continue
        digest = hashlib.sha256(json.dumps(stamps, sort_keys=True).encode()).hexdigest()
        if digest in known and not twice:
            said.append(f"counted once: {name} is the same as {known[digest]}.")
            continue
        known.setdefault(digest, name)
        passports.append((name, stamps))
    return passports, said


def strangers(name: str, stamps: Stamps, course: Iterable[Contents]) -> list[str]:
    """Return a sentence if a passport holds what this course does not have, else none."""
    known = {(c.name, n) for c in course for n in (*c.exercises, *c.questions)}
    other = sum((chapter, n) not in known for chapter, own in stamps.items() for n in own)
    if not other:
        return []
    return [f"left out: in {name}, {other} of an exercise or question that this course has not."]


def rows(passports: list[Stamps], course: Iterable[Contents]) -> list[Row]:
    """Return a row for whatever somebody tried; what cost most tries comes first."""
    found = []
    for chapter in course:
        for name in (*chapter.exercises, *chapter.questions):
            own = [p[chapter.name][name] for p in passports if name in p.get(chapter.name, {})]
            tries = tuple(stamp["tries"] for stamp in own if stamp["tries"])
            if tries:
                hints = sum(stamp["hints"] for stamp in own)
                right = sum(stamp["right"] for stamp in own if stamp["tries"])
                number = "clinic" if chapter.number is None else str(chapter.number)
                found.append(Row(number, name, tries, hints, right))
    return sorted(found, key=lambda row: (-row.median, -sum(row.tries) / len(row.tries)))


def table(found: list[Row]) -> list[str]:
    """Return the lines of a table, its numbers at the right."""
    lines = [HEAD, *(row.cells for row in found)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    return ["  ".join(map(_aligned, line, widths, range(len(HEAD)))).rstrip() for line in lines]


def _aligned(text: str, width: int, column: int) -> str:
    return text.ljust(width) if column == 1 else text.rjust(width)


def main() -> None:
    """Print what was passed by, and the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="the folder with the passports")
    parser.add_argument("--twice", action="store_true", help="count equal passports each time")
    given = parser.parse_args()
    any_letters()
    if not given.folder:  # `make passports` without one
        parser.error("name the folder with the passports: make passports FOLDER=class")
    try:
        passports, said = read(Path(given.folder), given.twice)
    except CourseError as error:
        sys.exit(str(error))
    course = contents()
    for name, stamps in passports:
        said += strangers(name, stamps, course)
    print(*said, sep="\n", end="\n" * bool(said))
    found = rows([stamps for _, stamps in passports], course)
    questions = sum(row.name.startswith(QUESTION) for row in found)
    print(f"{len(passports)} passports: {len(found) - questions} exercises, {questions} questions.")
    if found:
        print("", *table(found), sep="\n")


if __name__ == "__main__":
    main()
