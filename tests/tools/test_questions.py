"""Numbers are looked up, and what is made of the questions holds what it should."""

import html
import re
import sqlite3
import time
import zipfile

import nbformat
import pytest

from helpers.questions import read_questions
from helpers.quiz import as_text
from tools import questions, quizzes
from tools.questions import as_number, asked, look_up, printed_test, start_at, where


def test_a_number_is_read_as_it_is_printed():
    assert [as_number(text) for text in ("1,080", "0.40", "97.5%", "-3", "1e-3")] == [
        *(1080, 0.4, 97.5, -3, 0.001),
    ]
    assert as_number("(160, 64)") is None


@pytest.fixture
def notebook():
    """A text with a heading, a cell that prints, a text that goes on to another heading."""
    output = nbformat.v4.new_output("stream", text="right: 37 of 40\nleft: 3\n")
    code = nbformat.v4.new_code_cell("print(right)", id="code", execution_count=3, outputs=[output])
    texts = {"one": "# Title\n\n## Sums\n\nText", "two": "Read it.\n\n## Next", "three": "## Last"}
    one, two, three = (nbformat.v4.new_markdown_cell(t, id=i) for i, t in texts.items())
    return nbformat.v4.new_notebook(cells=[one, code, two, three])


def test_a_number_is_found_in_what_the_cell_has_stored(notebook):
    cells = {cell.id: cell for cell in notebook.cells}
    assert look_up({"cell": "code", "find": r"right: (\d+)"}, cells, {}) == "37"
    more = {"compute": "abs(a - 40) / b", "format": ".2f"}
    assert look_up(more, cells, {"a": "37", "b": "4"}) == "0.75"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ({"cell": "code", "find": r"wrong: (\d+)"}, "nothing that fits"),
        ({"cell": "code", "find": r"right: \d+"}, "nothing that fits"),
        ({"cell": "two", "find": "(Read)"}, "no code cell two"),
        ({"cell": "gone", "find": "(Read)"}, "no code cell gone"),
    ],
)
def test_a_number_that_is_not_there_is_no_number(notebook, number, sentence):
    with pytest.raises(ValueError, match=sentence):
        look_up(number, {cell.id: cell for cell in notebook.cells}, {})


def test_a_formula_reaches_nothing_but_numbers():
    with pytest.raises(NameError):
        look_up({"compute": "open('x')"}, {}, {})


def test_a_place_is_said_by_number_and_heading(notebook):
    said = {cell.id: where(notebook.cells, cell) for cell in notebook.cells}
    assert said["code"] == "cell [3], under *Sums*"
    assert said["two"] == "the text under *Sums*"
    assert said["three"] == "the text under *Last*"


def test_the_printed_test_asks_all_and_its_key_alone_answers():
    test, key = printed_test(asked())
    number = 0
    for chapter in asked():
        for question in read_questions(chapter.slug):
            number += 1
            right = question.options[question.answer]
            assert questions.marked(question.asks) in test
            assert all(questions.marked(option.says) in test for option in question.options)
            assert all(questions.marked(option.comment) in key for option in question.options)
            assert questions.marked(right.comment) not in test
            assert f"<b>{number}. {'abcd'[question.answer]}</b>" in key
    assert test.count('class="question"') == number


def test_a_page_for_a_site_folds_every_answer():
    chapter = asked()[0]
    found = read_questions(chapter.slug)
    page = questions.page(chapter, found)
    assert page.startswith(f"# {chapter.number}. {chapter.title}\n")
    assert page.count("<details>") == len(found)
    outside = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    for question in found:
        assert questions.marked(question.options[question.answer].comment) not in outside


def test_one_starts_where_the_first_question_is_missed():
    chapters = asked()
    assert start_at(chapters, lambda question: question.answer) is None
    assert start_at(chapters, lambda question: None) == chapters[0]
    third = {question.id for question in read_questions(chapters[2].slug)}
    missed = start_at(chapters, lambda q: 9 if q.id in third else q.answer)
    assert missed == chapters[2]


def test_in_the_terminal_only_a_letter_or_nothing_is_taken(monkeypatch, capsys):
    question = read_questions(asked()[0].slug)[0]
    typed = iter(["?", "z", "B"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    assert questions.ask_in_terminal(question) == 1
    monkeypatch.setattr("builtins.input", lambda prompt: "")
    assert questions.ask_in_terminal(question) is None
    assert question.asks in capsys.readouterr().out


def test_the_terminal_names_the_notebook_to_start_with(monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", lambda prompt: "")
    questions.start()
    assert f"notebooks/{asked()[0].name}" in capsys.readouterr().out


def test_the_deck_is_the_same_twice_and_holds_every_question(tmp_path, monkeypatch):
    pytest.importorskip("genanki", reason="genanki is not installed: make apps")
    from tools import cards

    first = cards.package(asked())
    time.sleep(2.1)  # the times in a zip archive go by two seconds
    assert cards.package(asked()) == first
    (tmp_path / "deck.apkg").write_bytes(first)
    zipfile.ZipFile(tmp_path / "deck.apkg").extractall(tmp_path)
    with sqlite3.connect(tmp_path / "collection.anki2") as collection:
        notes = collection.execute("SELECT guid, flds FROM notes").fetchall()
    every = [q for chapter in asked() for q in read_questions(chapter.slug)]
    assert len({guid for guid, _ in notes}) == len(notes) == len(every)
    sides = [note.split("\x1f") for _, note in notes]
    for question, (front, back) in zip(every, sides, strict=True):
        assert questions.marked(question.asks) in front
        why = questions.marked(question.options[question.answer].comment)
        assert why in back and why not in front
        assert html.unescape(front)


def quiz_cell(text):
    """A quiz that was run, and shows this text."""
    output = nbformat.v4.new_output("display_data", data={"text/plain": text})
    source = quizzes.SOURCE.format(name="sums")
    return nbformat.v4.new_code_cell(source, id="quiz", outputs=[output])


def test_a_quiz_is_put_before_the_link_and_replaced_when_it_changes(notebook):
    link = nbformat.v4.new_markdown_cell("Next", id="next", metadata={"tags": ["next"]})
    notebook.cells.append(link)
    for text in ("one", "another"):
        quizzes.insert(notebook, quiz_cell(text))
        ids = [cell.id for cell in notebook.cells]
        assert ids == ["one", "code", "two", "three", "quiz", "next"]
        assert notebook.cells[-2].execution_count == 2
        assert notebook.cells[-2].outputs[0].data["text/plain"] == text


def test_a_quiz_is_run_as_where_nobody_looks_on():
    name = asked()[0].slug
    (cell,) = quizzes.executed([name])
    (output,) = cell.outputs
    assert output.data["text/plain"] == as_text(read_questions(name))
