"""The numbers of a chapter's prose, and whether an output or the code has them, too."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

# Not after a letter or a point: conv_3 is a name, and 3.11.7 a version. A sign belongs to a number
# where a space or a bracket stands before it: 70-97 is a range, and 2-fold a word.
NUMBER = re.compile(
    r"(?<![\w.,])(?:(?<![^\s(\[|:=,/])(?P<sign>[-+−±]))?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?P<decimals>\.\d+)?(?P<power>e[-+]?\d+)?(?!\w|\.\d)"
    r"(?P<percent>%?)"
)
ONE = r"([-+−]?\d+(?:\.\d+)?)%?"
# Two numbers that were got together: 36 of 40; an interval, 0.07 to 0.42; between 3 and 14.
PAIR = re.compile(
    rf"(?<![\w.,]){ONE} (?:of|to|against)(?: the)? {ONE}(?!\w|[.,]\d)"
    rf"|\bbetween {ONE} and {ONE}(?!\w|[.,]\d)"
)
SENTENCE = re.compile(r"(?<=[.?!:;])\s+|\n\n|\n(?=[-|])")
SHARES = re.compile(r"percent|%|\bpoints?\b|in a hundred")
LINKED = re.compile(r"\]\((\.\./[\w/.-]+\.md)(?:#[\w-]+)?\)")

# What is no result, in the order in which it is taken out.
PLAIN = {
    "stamped": r"(?s)<!-- chapters -->.*?<!-- end -->",
    "code": r"(?s)```.*?```|``[^`]+``|`[^`]*`",
    "formula": r"(?s)\$\$.*?\$\$|\$[^$]+\$",
    "issue": r"\[issue\s+\d+\]",
    "address": r"\]\([^)]*\)|<?https?://[^\s>)]+>?",
    "chapter": r"(?i)\bchapters?\s+\d+(?:(?:,\s+|\s+and\s+|\s+to\s+|\s+of\s+)\d+)*",
    "exercise": r"(?i)\bexercises?\s+\d+(?:(?:,\s+|\s+and\s+|\s+to\s+)\d+)*",
    "minutes": r"\*[^*]*\bAbout \d+ minutes[^*]*\*|(?m:^### .*\(\d+ minutes\)$)",
    "year": r"(?<![\d.,])(?:19\d\d|20[0-3]\d)(?![\d,.]*\d)",
    "version": r"\b(?:Python|TensorFlow|Keras|NumPy|SHA)[ -]\d[\d.]*(?<!\.)",
    "level": r"\b95 percent",
    "byte": r"\b25[56]\b",
    "list": r"(?m)^(?:#+ )?\d+\. ",
}


@dataclass(frozen=True)
class Number:
    """A number as it is written: its value, its decimals, and what stands by it."""

    text: str
    value: float
    decimals: int
    minus: bool
    share: bool  # followed by %; in prose also where its sentence speaks of percent or points

    def rounds(self, other: "Number") -> bool:
        """Say whether this, in prose, is that number of an output, rounded."""
        if self.minus and not other.minus:
            return False
        # 83 percent is 0.83 in an output, and 0.83 is 83%.
        values = [other.value, other.value * 100] if self.share else [other.value]
        values += [other.value / 100] if other.share else []
        # A count is not rounded: only from ten on may a whole number stand for one with decimals.
        exact = self.decimals == 0 and self.value < 10 and not self.share
        half = 0 if exact else 0.5 * 10.0**-self.decimals
        return any(abs(self.value - value) <= half * 1.001 + 1e-9 for value in values)


def numbers(text: str, shares: bool = False) -> Iterator[Number]:
    """Yield the numbers that a text writes in digits."""
    for found in NUMBER.finditer(text):
        decimals = found["decimals"] or ""
        power = found["power"] or ""
        digits = max(0, len(decimals) - 1 - int(power[1:] or 0))
        yield Number(
            found[0],
            float(found["digits"].replace(",", "") + decimals + power),
            digits,
            found["sign"] in ("-", "−"),
            shares or bool(found["percent"]),
        )


def prose(source: str) -> str:
    """Return a markdown cell's text without what is no result."""
    for pattern in PLAIN.values():
        source = re.sub(pattern, " ", source)
    return source


def shown(cell: nbformat.NotebookNode) -> str:
    """Return what a code cell shows: its code, what it prints, and the alt texts of its figures."""
    said = [cell.source]
    for output in cell.outputs:
        data = output.get("data", {})
        said += [output.get("text", ""), data.get("text/plain", "")]
        page = data.get("text/html", "")
        said += re.findall(r'\balt="([^"]*)"', page)
        said.append(html.unescape(re.sub(r"(?s)<style.*?</style>|<[^>]*>", " ", page)))
    return "\n".join(said)


def sources(cells: list[nbformat.NotebookNode], place: int) -> list[int]:
    """Return the places a markdown cell may read from: all code above, and that right below."""
    after = place + 1
    while after < len(cells) and cells[after].cell_type == "code":
        after += 1
    return [i for i in range(after) if cells[i].cell_type == "code"]


def unsourced(path: Path) -> Iterator[str]:
    """Yield the numbers of a chapter's prose that stand in nothing it may read from.

    Beside the code that is each page which the cell links.
    """
    cells = nbformat.read(path, as_version=4).cells
    said = [[*numbers(shown(cell))] if cell.cell_type == "code" else [] for cell in cells]
    for place, cell in enumerate(cells):
        if cell.cell_type != "markdown":
            continue
        pages = [(path.parent / page).read_text("utf-8") for page in LINKED.findall(cell.source)]
        known = [said[i] for i in sources(cells, place)] + [[*numbers(text)] for text in pages]
        every = [number for few in known for number in few]
        for sentence in SENTENCE.split(prose(cell.source)):
            for number in numbers(sentence, bool(SHARES.search(sentence))):
                if not any(number.rounds(other) for other in every):
                    yield f"{cell.id}: {number.text!r} in {' '.join(sentence.split())!r}"
            for pair in PAIR.finditer(sentence):
                shares = bool(SHARES.search(sentence))
                both = [next(numbers(f" {part}", shares)) for part in pair.groups() if part]
                if not any(all(any(n.rounds(o) for o in few) for n in both) for few in known):
                    yield f"{cell.id}: {pair[0]!r} in {' '.join(sentence.split())!r}"
