"""Write the questions as a deck of cards for Anki: `python -m tools.cards`.

A card asks with its options, and answers with the reason. Two runs write the same bytes, and a card
keeps its place in a learner's calendar when its text is mended, since it is known by its id.
"""

import io
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

from helpers.errors import CourseError
from helpers.questions import Question, read_questions
from helpers.quiz import LETTERS, marked
from helpers.runtime import SAVED
from tools.chapters import Chapter
from tools.commandline import no_words
from tools.questions import asked

DECK = 1_763_000_000  # Anki tells decks and kinds of notes apart by such numbers: never change them
KIND = 1_763_100_000
WHEN = 1_763_000_000.0  # the time that is written into each deck, in seconds since 1970
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first that a zip archive can hold
CSS = ".card { font: 20px/1.4 serif; max-width: 34em; margin: auto; } ol { text-align: left; }"


def front(question: Question) -> str:
    """Return the side that asks, as HTML."""
    options = "".join(f"<li>{marked(option.says)}</li>" for option in question.options)
    return f'{marked(question.asks)}<ol type="a">{options}</ol>'


def back(question: Question) -> str:
    """Return the side that answers, as HTML."""
    right = question.options[question.answer]
    said = f"<b>{LETTERS[question.answer]}. {marked(right.says)}</b><br>{marked(right.comment)}"
    return f"{said}<br><i>{marked(question.where)}</i>"


def decks(chapters: list[Chapter]) -> list[Any]:
    """Return one deck for each chapter, all of them below one name."""
    import genanki

    template = {"name": "Card", "qfmt": "{{asks}}", "afmt": "{{FrontSide}}<hr>{{answers}}"}
    fields = [{"name": "asks"}, {"name": "answers"}]
    kind = genanki.Model(KIND, "Room by Room", fields=fields, templates=[template], css=CSS)
    made = []
    for chapter in chapters:
        number = DECK + zlib.crc32(chapter.slug.encode()) % 1_000_000  # whatever place it has
        deck = genanki.Deck(number, f"Room by Room::{chapter.number:02} {chapter.title}")
        for question in read_questions(chapter.slug):
            sides = [front(question), back(question)]
            guid = genanki.guid_for("room-by-room", question.id)
            deck.add_note(genanki.Note(kind, sides, guid=guid))
        made.append(deck)
    return made


def package(chapters: list[Chapter]) -> bytes:
    """Return the file of all decks; the same at each call."""
    import genanki

    written = io.BytesIO()
    genanki.Package(decks(chapters)).write_to_file(written, timestamp=WHEN)
    same = io.BytesIO()
    with zipfile.ZipFile(written) as archive, zipfile.ZipFile(same, "w") as anew:
        for name in archive.namelist():  # its times are those of temporary files
            entry = zipfile.ZipInfo(name, EPOCH)
            anew.writestr(entry, archive.read(name), zipfile.ZIP_DEFLATED)
    return same.getvalue()


def main() -> None:
    """Write the deck, and name it."""
    path: Path = SAVED / "questions" / "room-by-room.apkg"
    try:
        content = package(asked())
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is not installed: make apps, or pip install genanki.")
    except CourseError as error:
        sys.exit(str(error))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    print(f"wrote {path}")


if __name__ == "__main__":
    no_words(__doc__)
    main()
