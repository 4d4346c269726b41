"""What the organiser decided, and how sure it was: a table, and pages of thumbnails."""

import csv
import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from itertools import islice
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from apps.ledger import SHEET, TABLE, Decision, Ledger, shown

PAGE = 500  # photos on a page of the contact sheet, about 3 MB
STYLE = """
:root { color-scheme: light dark; --text: #1b1f24; --back: #fff; --mark: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --text: #e8eaed; --back: #17191c; --mark: #8ab8f0; } }
body { margin: 0 auto; padding: 1rem; max-width: 90rem; font: 1rem/1.5 system-ui, sans-serif;
  color: var(--text); background: var(--back); overflow-wrap: anywhere; }
a { color: var(--mark); }
nav a { margin-right: 1rem; }
th, td { padding: .2rem 1.5rem .2rem 0; text-align: left; vertical-align: top; }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1rem;
  padding: 0; list-style: none; }
figure { margin: 0; }
img { display: block; width: 160px; height: 160px; object-fit: contain; object-position: left; }
figcaption { font-size: .9rem; }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 3px; }
"""
TOP = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
"""
END = "</main>\n</body>\n</html>\n"


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
        OSError: the disk is full, or may not be written to.
    """
    counts = ledger.counts()
    with _written(ledger.home / TABLE, "utf-8-sig") as file:  # the mark is for Excel
        _table(file, ledger)
    sheet = ledger.home / SHEET
    sheet.mkdir(exist_ok=True)
    pages = [
        (folder, start, min(start + PAGE, count))
        for folder, count in counts.items()
        for start in range(0, count, PAGE)
    ]
    numbers = iter(range(1, len(pages) + 1))
    for folder, count in counts.items():
        found = ledger.decisions(folder)
        for _ in range(0, count, PAGE):
            number = next(numbers)
            with _written(sheet / f"{number}.html") as file:
                _page(file, islice(found, PAGE), number, pages)
    with _written(sheet / "index.html") as file:
        _index(file, counts, pages, f"Sorted by {model}; below {100 * sure:g} % into unsure.")


@contextmanager
def _written(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Yield a text file that gets its name once it is whole."""
    part = path.with_name(f".organise-{path.name}.part")
    try:
        # A file name that is not UTF-8 is written with its odd bytes spelt out.
        with part.open("w", encoding=encoding, errors="backslashreplace", newline="") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _table(file: TextIO, ledger: Ledger) -> None:
    """Write one line a photo: where it was, where it is, and every probability."""
    names = ledger.fact("classes")
    table = csv.writer(file)
    probabilities = [f"p({name})" for name in names]
    table.writerow(["file", "target", "label", "confidence", *probabilities, "note"])
    for folder in ledger.counts():
        for decision, target in ledger.decisions(folder):
            confidence = "" if decision.label is None else f"{decision.confidence:.6f}"
            each = [f"{p:.6f}" for p in decision.probabilities.values()] or [""] * len(names)
            row = [decision.photo.path, target, decision.label or "", confidence, *each]
            table.writerow([*row, decision.note])


def _index(
    file: TextIO, counts: dict[str, int], pages: list[tuple[str, int, int]], how: str
) -> None:
    """Write the page that leads to all others."""
    file.write(TOP.format(title="Sorted photos", style=STYLE))
    file.write(f"<p>{sum(counts.values())} photos. {escape(how)}</p>\n<table>\n")
    file.write("<tr><th>Folder</th><th>Photos</th><th>Least sure first</th></tr>\n")
    for folder, count in counts.items():
        links = ", ".join(
            f'<a href="{number}.html">{escape(folder)} {start + 1} to {end}</a>'
            for number, (name, start, end) in enumerate(pages, 1)
            if name == folder
        )
        file.write(f"<tr><td>{escape(folder)}</td><td>{count}</td><td>{links}</td></tr>\n")
    file.write(f'</table>\n<p><a href="../{TABLE}">{TABLE}</a> has every probability.</p>\n{END}')


def _page(
    file: TextIO,
    found: Iterator[tuple[Decision, str]],
    number: int,
    pages: list[tuple[str, int, int]],
) -> None:
    """Write one page of thumbnails."""
    folder, start, end = pages[number - 1]
    title = f"{folder}: photos {start + 1} to {end}"
    file.write(TOP.format(title=escape(title), style=STYLE))
    links = ['<a href="index.html">All folders</a>']
    if number > 1:
        links.append(f'<a href="{number - 1}.html" rel="prev">Page before</a>')
    if number < len(pages):
        links.append(f'<a href="{number + 1}.html" rel="next">Next page</a>')
    file.write(f'<nav aria-label="Pages">{" ".join(links)}</nav>\n<ul class="photos">\n')
    for decision, target in found:
        file.write(_figure(decision, target))
    file.write(f"</ul>\n{END}")


def _figure(decision: Decision, target: str) -> str:
    """Return a photo's thumbnail, which leads to the photo, and what was said of it."""
    name = escape(shown(Path(target).name))
    ranked = sorted(decision.probabilities.items(), key=lambda item: -item[1])
    ranked.sort(key=lambda item: item[0] != decision.label)
    said = [f"{escape(label)} {100 * p:.1f} %" for label, p in ranked[:2]]
    picture = name
    if decision.thumbnail:
        source = f"data:image/jpeg;base64,{b64encode(decision.thumbnail).decode()}"
        picture = f'<img src="{source}" alt="Open {name}">'
    link = f'<a href="../{quote(os.fsencode(target))}">{picture}</a>'
    caption = "<br>".join([name, *said] if decision.thumbnail else [escape(decision.note)])
    return f"<li><figure>{link}<figcaption>{caption}</figcaption></figure></li>\n"
