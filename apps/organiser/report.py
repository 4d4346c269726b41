"""What the organiser decided, and how sure it was: a table, and pages of thumbnails."""

import csv
import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from apps.organiser.checks import check_folder
from apps.organiser.ledger import Ledger
from apps.organiser.names import SHEET, TABLE, printable
from apps.organiser.records import Decision
from helpers.files import whole

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
PAGE = 500  # photos on a page of the contact sheet, about 3 MB
TEMPLATES = Environment(
    loader=PackageLoader("apps.organiser"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Page:
    """A page of the contact sheet: some photos of one folder, counted from 1."""

    number: int
    folder: str
    first: int
    last: int


@dataclass(frozen=True)
class Card:
    """What a page shows of one photo.

    Attributes:
        name: The file's name, printable.
        link: Where it leads, from the page.
        thumbnail: A data: URI; empty where the photo cannot be opened.
        lines: What was said of it.
    """

    name: str
    link: str
    thumbnail: str
    lines: list[str]


def is_there(home: Path) -> bool:
    """Say whether a report stands in a folder, or was deleted."""
    return (home / TABLE).exists() and (home / SHEET / "index.html").exists()


def write_report(ledger: Ledger, model: str, sure: float) -> None:
    """Write the table and the contact sheet anew, each file whole or not at all.

    One photo is in memory at a time, however many there are.

    Args:
        ledger: What was decided.
        model: The model's name, for the reader.
        sure: The confidence, from 0 to 1, below which a photo went to `unsure`.

    Raises:
        CourseError: the disk is full, or may not be written to, or the sheet's folder is a link.
    """
    sheet = ledger.home / SHEET
    check_folder(sheet)
    _sweep(ledger.home)
    with _text(ledger.home / TABLE, "utf-8-sig") as file:  # the mark is for Excel
        _write_table(file, ledger)
    counts = ledger.counts()
    pages = list(_pages(counts))
    for folder in counts:
        cards = (_card(*decided) for decided in ledger.decisions(folder))
        for page in pages:
            if page.folder == folder:
                some = islice(cards, page.last - page.first + 1)
                path = sheet / f"{page.number}.html"
                _write_html(path, "photos.html", page=page, pages=pages, cards=some)
    facts = {"model": model, "sure": 100 * sure, "table": TABLE}
    _write_html(sheet / "index.html", "index.html", counts=counts, pages=pages, **facts)


def _pages(counts: dict[str, int]) -> Iterator[Page]:
    """Yield the pages that so many photos in each folder take."""
    number = 0
    for folder, count in counts.items():
        for start in range(0, count, PAGE):
            number += 1
            yield Page(number, folder, start + 1, min(start + PAGE, count))


def _sweep(home: Path) -> None:
    """Remove the half-written files of a run that was killed while it wrote its report."""
    for pattern in (f".{Path(TABLE).stem}.*.part.csv", f"{SHEET}/.*.part.html"):
        for part in home.glob(pattern):
            part.unlink(missing_ok=True)


@contextmanager
def _text(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Yield a text file that gets its name once it is whole."""
    odd = (
        "backslashreplace"  # a file name that is not UTF-8 is written with its odd bytes spelt out
    )
    with whole(path) as part, part.open("w", encoding=encoding, errors=odd, newline="") as file:
        yield file


def _write_table(file: TextIO, ledger: Ledger) -> None:
    """Write one line a photo: where it was, where it is, and every probability.

    An apostrophe stands before names that a spreadsheet would take for a formula.
    """
    names = ledger.fact("classes")
    table = csv.writer(file)
    probabilities = [f"p({name})" for name in names]
    table.writerow(["file", "target", "label", "confidence", *probabilities, "note"])
    for folder in ledger.counts():
        for decision, target in ledger.decisions(folder):
            confidence = "" if decision.label is None else f"{decision.confidence:.6f}"
            each = [f"{share:.6f}" for share in decision.probabilities.values()]
            said = (str(decision.photo.path), target, decision.label or "")
            line = [*map(harmless, said), confidence, *(each or [""] * len(names))]
            table.writerow([*line, harmless(decision.note)])


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, which could run a program."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _write_html(path: Path, template: str, **facts: object) -> None:
    """Fill in a template, piece by piece."""
    with _text(path) as file:
        file.writelines(TEMPLATES.get_template(template).generate(**facts))


def _card(decision: Decision, target: str) -> Card:
    """Return what a page shows of a photo: its thumbnail, and what was said of it."""
    thumbnail = ""
    lines = [decision.note]
    if decision.thumbnail:
        thumbnail = f"data:image/jpeg;base64,{b64encode(decision.thumbnail).decode()}"
        ranked = sorted(decision.probabilities.items(), key=lambda item: -item[1])
        ranked.sort(key=lambda item: item[0] != decision.label)
        lines = [f"{label} {100 * probability:.1f} %" for label, probability in ranked[:2]]
    link = f"../{quote(os.fsencode(target))}"
    return Card(printable(Path(target).name), link, thumbnail, lines)
