"""Read the questions on a chapter: `questions/NAME.toml`, NAME as in `notebooks/05_NAME.ipynb`.

A file holds a list of tables `[[question]]`:

    id       a name that no other question of the course has; it also fixes the order of the options
    asks     the question
    right    the right option, and `why` it is right
    wrong    two or three others, each {says = "...", tempts = "why one may take it for right"}
    cell     the id of the cell that shows the answer
    numbers  what stands in braces in the texts: {cell = "...", find = "a pattern with one group"},
             looked for in what the cell has stored, or {compute = "a / 2", format = ".0f"}
    place    true where the question helps to say at which chapter to start

What is found in the chapters stands in `questions/found.json`, which `make questions` writes: so a
learner's own numbers, or a page without outputs, change no question.
"""

import json
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.errors import CourseError
from helpers.runtime import ROOT

FOLDER = ROOT / "questions"
FOUND = "found.json"
NEEDED = {"id": str, "asks": str, "right": str, "why": str, "cell": str, "wrong": list}
OPTIONAL = {"numbers": dict, "place": bool}
BRACES = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Option:
    """One answer to choose: what it says, what is to be said of it, and whether it is right."""

    says: str
    comment: str
    right: bool


@dataclass(frozen=True)
class Question:
    """One question with its options in order; `where` says in words which cell shows the answer."""

    chapter: str
    id: str
    asks: str
    options: tuple[Option, ...]
    cell: str
    where: str
    place: bool

    @property
    def answer(self) -> int:
        """Return the place of the right option, from 0."""
        return next(i for i, option in enumerate(self.options) if option.right)


def read_questions(chapter: str, folder: Path = FOLDER) -> list[Question]:
    """Return the questions on a chapter, in the order of the file.

    Args:
        chapter: The name of its notebook without number and ending, "training_curves".
        folder: Where the questions stand.

    Raises:
        CourseError: there is no such file, or a question in it is not as it should be.
    """
    records = read_records(chapter, folder)
    try:
        found = json.loads((folder / FOUND).read_text("utf-8"))[chapter]
        return [_question(chapter, record, found[record["id"]]) for record in records]
    except (OSError, KeyError, ValueError) as error:
        raise CourseError(f"{FOUND} does not know {chapter} ({error}): make questions.") from error


def read_records(chapter: str, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Return the tables of a chapter's file, checked, with nothing filled in."""
    path = folder / f"{chapter}.toml"
    try:
        records = tomllib.loads(path.read_text("utf-8")).get("question", [])
    except OSError as error:
        names = ", ".join(sorted(file.stem for file in folder.glob("*.toml"))) or "none"
        raise CourseError(f"No questions on {chapter!r} in {folder.name}: {names}.") from error
    except ValueError as error:
        raise CourseError(f"{path.name} is not TOML: {error}.") from error
    for number, record in enumerate(records, start=1):
        for fault in faults(record):
            raise CourseError(f"{path.name}, question {number} ({record.get('id', '?')}): {fault}.")
    return records


def faults(record: dict[str, Any]) -> Iterator[str]:
    """Say in words what is wrong with one table of a file; nothing if it is sound."""
    for key, kind in NEEDED.items():
        if not isinstance(record.get(key), kind) or not record[key]:
            yield f"{key} is missing, or is no {kind.__name__}"
            return
    unknown = set(record) - set(NEEDED) - set(OPTIONAL)
    if unknown:
        yield f"{', '.join(sorted(unknown))} is not known"
    if not 2 <= len(record["wrong"]) <= 3:
        yield f"{len(record['wrong'])} wrong options, and it should be two or three"
    for wrong in record["wrong"]:
        if set(wrong) != {"says", "tempts"} or not all(wrong.values()):
            yield "each wrong option says something, and tempts by something"
            return
    numbers = record.get("numbers", {})
    for name, number in numbers.items():
        if set(number) - {"format"} not in ({"cell", "find"}, {"compute"}):
            yield f"the number {name} needs cell and find, or compute"
    used = {name for text in texts(record) for name in BRACES.findall(text)}
    named = used | {w for n in numbers.values() for w in re.findall(r"\w+", n.get("compute", ""))}
    if used - set(numbers) or set(numbers) - named:
        yield f"not in numbers, or not used: {', '.join(sorted(used ^ set(numbers)))}"


def texts(record: dict[str, Any]) -> list[str]:
    """Return all that a learner gets to read of a question, with its braces."""
    wrong = [wrong[key] for wrong in record["wrong"] for key in ("says", "tempts")]
    return [record["asks"], record["right"], record["why"], *wrong]


def _question(chapter: str, record: dict[str, Any], found: dict[str, Any]) -> Question:
    """Fill the numbers in, and put the options in the order that belongs to the id."""

    def filled(text: str) -> str:
        return BRACES.sub(lambda brace: found["numbers"][brace[1]], " ".join(text.split()))

    options = [Option(filled(record["right"]), filled(record["why"]), True)]
    for wrong in record["wrong"]:
        options.append(Option(filled(wrong["says"]), filled(wrong["tempts"]), False))
    if len({option.says for option in options}) < len(options):
        raise CourseError(f"Two options of {record['id']} say the same.")
    random.Random(record["id"]).shuffle(options)
    return Question(
        chapter=chapter,
        id=record["id"],
        asks=filled(record["asks"]),
        options=tuple(options),
        cell=record["cell"],
        where=found["where"],
        place=record.get("place", False),
    )
