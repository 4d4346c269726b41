"""The questions fit the chapters: enough of them, each with a cell, and not to be guessed."""

from pathlib import Path

import nbformat
import pytest

from helpers.questions import FOLDER, FOUND, read_questions
from helpers.quiz import as_html, as_text
from tools.chapters import ROOT
from tools.questions import asked, found_text

CHAPTERS = asked()
each = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
EVERY = [question for chapter in CHAPTERS for question in read_questions(chapter.slug)]


def test_what_the_questions_take_from_the_chapters_is_what_the_chapters_store():
    assert (FOLDER / FOUND).read_text() == found_text(), "run make questions"


def test_each_file_belongs_to_a_chapter():
    assert {path.stem for path in FOLDER.glob("*.toml")} == {c.slug for c in CHAPTERS}


@each
def test_a_chapter_has_eight_questions_and_two_that_place(chapter):
    questions = read_questions(chapter.slug)
    assert len(questions) >= 8
    assert sum(question.place for question in questions) >= 2


def test_no_two_questions_have_one_name():
    assert len({question.id for question in EVERY}) == len(EVERY)


def test_the_right_option_cannot_be_told_by_its_length_or_its_place():
    longest, shortest = 0, 0
    places = {number: [0] * number for number in (3, 4)}
    for question in EVERY:
        lengths = [len(option.says) for option in question.options]
        right = lengths.pop(question.answer)
        longest += right > max(lengths)
        shortest += right < min(lengths)
        places[len(question.options)][question.answer] += 1
        assert max(lengths) < 2 * min(lengths) + 20, question.id
    assert longest < 0.35 * len(EVERY) and shortest < 0.35 * len(EVERY)
    most = places[4]
    assert max(most) < 0.4 * sum(most) and min(most) > 0.15 * sum(most)


def test_what_is_to_be_chosen_fits_on_a_line():
    assert max(len(option.says) for question in EVERY for option in question.options) <= 90


@each
def test_the_quiz_stands_at_the_end_of_its_chapter_and_shows_these_questions(chapter):
    cells = nbformat.read(ROOT / "notebooks" / Path(chapter.name), as_version=4).cells
    asks = [i for i, cell in enumerate(cells) if "quiz(" in cell.source]
    assert len(asks) == 1, "one cell with the quiz"
    (at,) = asks
    assert cells[at].source.endswith(f'quiz("{chapter.slug}")')
    assert "next" in cells[at + 1].metadata.get("tags", [])
    (output,) = cells[at].outputs
    questions = read_questions(chapter.slug)
    assert output.data["text/plain"] == as_text(questions), "run the chapter"
    assert output.data["text/html"] == as_html(questions), "run the chapter"
