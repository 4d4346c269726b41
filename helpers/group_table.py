"""The table groups.csv, in which somebody has named what belongs together; see `helpers.data.load`.

It comes from spreadsheets of several systems, so slashes and separators of all of them are read.
What it says is there to stop a leak, so nothing of it is passed over without a word.
"""

import codecs
import csv
import io
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from helpers.errors import CourseError, printable
from helpers.files import read_file
from helpers.folders import TABLE, fold, listed, read_folder

LARGEST = 2**26  # bytes of a table


def has_table(folder: Path) -> bool:
    """Say whether a set has a groups.csv, in its folder or in one that wraps its images."""
    return any(_tables(each.path) for each in read_folder(folder).walk())


def designs_by_name(names: Sequence[str]) -> list[str]:
    """Guess which product each file shows, for a shop's pictures that come without a table.

    What is common to many names is a kind, a size, a colour or a maker, as in "Amelie Bed King
    White". The first word that is in no more than a tenth of all names stands for the design. It
    makes mistakes both ways, so `DataSet.groups` joins what it says with near-duplicates.

    Args:
        names: The files' names, without their endings.

    Returns:
        For each its word, lower case and of six letters at most, since one shop writes "Becket" and
        "Beckett"; "" where every word is common.
    """
    words = [re.findall("[a-z]{2,}", name.lower()) for name in names]
    often = Counter(word for some in words for word in set(some))
    rare = [[word for word in some if often[word] <= len(names) / 10] for some in words]
    return [some[0][:6] if some else "" for some in rare]


def named_groups(folder: Path, files: Sequence[Path]) -> list[str]:
    """Return the group that groups.csv gives to each file, "" where it gives none."""
    groups, _ = read_groups(folder)
    return [groups.get(file, "") for file in files]


def read_groups(folder: Path) -> tuple[dict[Path, str], str]:
    """Read each groups.csv in a set's folder and in those that wrap its images.

    A row names its image as seen from the table, or by as much of the end of its path as no other
    image has.

    Returns:
        The group of each image that has one, and a sentence on the rows that say nothing, or "".

    Raises:
        CourseError: a table cannot be read, has no rows, gives one image two groups, names several
            images in one row, or names none at all.
    """
    inner = read_folder(folder)
    tables = [table for each in inner.walk() for table in _tables(each.path)]
    if not tables:
        return {}, ""
    images = [image for each in inner.walk() for image in each.images]
    groups: dict[Path, str] = {}
    idle: list[str] = []
    for table in tables:
        rows = _rows(table)
        missed = _enter(groups, table, rows, _finder(table, folder, images))
        if len(missed) == len(rows):
            raise CourseError(
                f"{printable(table)} names no image of this set in its {len(rows)} rows, such as "
                f"{printable(rows[0][0])!r}: write paths as seen from the table, or remove it."
            )
        idle += missed
    if not idle:
        return groups, ""
    names = listed(idle, 3)
    return groups, f"groups.csv: {len(idle)} rows name no image here, or no group: {names}."


def _enter(
    groups: dict[Path, str],
    table: Path,
    rows: Sequence[tuple[str, str]],
    find: Callable[[str], Path | None],
) -> list[str]:
    """Enter a table's rows into the groups; return what those call their files that say nothing."""
    idle = []
    for name, group in rows:
        image = find(name) if group else None
        if image is None:
            idle.append(name)
        elif groups.setdefault(image, group) != group:
            raise CourseError(
                f"{printable(table)} gives {printable(name)} two groups, "
                f"{printable(groups[image])!r} and {printable(group)!r}: keep one."
            )
    return idle


def _tables(folder: Path) -> list[Path]:
    """Return the table in a folder, whatever the case of its name."""
    return sorted(path for path in folder.iterdir() if path.name.lower() == TABLE)


def _rows(table: Path) -> list[tuple[str, str]]:
    """Read a table's rows: what each calls its file, and the group, "" where it has none."""
    wrong = f"{printable(table)} is no table with the columns file and group."
    lines = re.sub(r"\A[\"']?sep=.[\"']?\r?\n", "", _text(read_file(table, LARGEST)))
    head = lines.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    try:
        read = list(csv.reader(io.StringIO(lines, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise CourseError(f"{wrong[:-1]} ({error}): look for a quote that is not closed.") from None
    columns = [name.strip().lower() for name in read[0]] if read else []
    if not {"file", "group"} <= set(columns):
        raise CourseError(wrong)
    rows = []
    for cells in filter(any, read[1:]):
        if any(cells[len(columns) :]) or any(re.search("[\r\n]", cell) for cell in cells):
            raise CourseError(
                f"{printable(table)} has a row that is no file and group, "
                f"{printable(separator.join(cells))[:80]!r}: quote a name with a comma."
            )
        row = dict(zip(columns, cells, strict=False))
        rows.append((row.get("file", "").strip(), fold(row.get("group", ""))))
    if not rows:
        raise CourseError(f"{printable(table)} has no rows: name files and groups, or remove it.")
    return rows


def _text(data: bytes) -> str:
    """Decode a table as spreadsheets save them: UTF-8, UTF-16 with its mark, or Windows' own."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _finder(table: Path, folder: Path, images: Sequence[Path]) -> Callable[[str], Path | None]:
    """Return what finds the image that a row of a table calls so; None where there is none."""
    exact = {str(image): image for image in images}
    by_name: dict[str, list[tuple[tuple[str, ...], Path]]] = defaultdict(list)
    for image in images:
        parts = tuple(fold(part) for part in image.relative_to(folder).parts)
        by_name[parts[-1]].append((parts, image))

    def find(name: str) -> Path | None:
        """Look for the very path first, then for what ends alike on every system."""
        if image := exact.get(os.path.normpath(table.parent / name)):
            return image
        absolute = re.match(r"[\\/]|[a-zA-Z]:", name)
        parts = tuple(fold(part) for part in re.split(r"[\\/]+", name) if part not in ("", "."))
        if not parts:
            return None
        found = [
            (len(tail), image)
            for tail, image in by_name[parts[-1]]
            if tail[-len(parts) :] == parts or (absolute and parts[-len(tail) :] == tail)
        ]
        nearest = [image for depth, image in found if depth == min(found)[0]]
        if len(nearest) > 1:
            raise CourseError(
                f"{printable(table)} has a row {printable(name)!r}, which may be "
                f"{len(nearest)} images: write its path as seen from the table."
            )
        return nearest[0] if nearest else None

    return find
