"""Exercises: what the learner gets, what a check says of it, and that no wrong answer passes."""

import contextlib
import io
import json

import nbformat
import pytest

from helpers.exercises import Exercise, NotAnswered, NotYet, call, need, with_gaps, without_marks
from tools.chapters import slug
from tools.exercises import exercises, learners_source, modules, with_exercises


def toy(judge=lambda *answers: "so it is", **more):
    given = {"chapter": "toys", "number": 1, "title": "A toy", "minutes": 1, "text": "Do it."}
    given |= {"source": "x = 3  # solution", "judge": judge, "hints": ("first", "second")}
    return Exercise(**given | more)


# ------------------------------------------------------------------------------ the machinery


@pytest.mark.parametrize(
    "solution, gap",
    [
        ("x = 3  # solution", "x = ..."),
        ("def f(a):\n    return a + 1  # solution", "def f(a):\n    return ..."),
        ("y = a == 2  # solution", "y = ..."),
        ("a = 1\nb = 2  # solution\nprint(a)", "a = 1\nb = ...\nprint(a)"),
        ("a = 1\na.sort()  # solution", "a = 1"),
    ],
)
def test_the_learner_gets_a_gap_where_the_solution_was(solution, gap):
    assert with_gaps(solution) == gap
    assert "# solution" not in without_marks(solution)


def test_a_check_prints_one_line_whatever_happens(capsys):
    def stumbles(answer):
        if answer == 1:
            raise NotYet("a hint\nover two lines")
        return {}[answer]

    for answer, said in (
        (..., "not answered yet"),
        ((1, ...), "not answered yet"),
        (1, "not yet: a hint over two lines"),
        (2, "not yet: with this answer the check stops with KeyError: 2"),
    ):
        toy(stumbles)(answer)
        assert capsys.readouterr().out == f"Exercise 1: {said}\n"
    toy()(1)
    assert capsys.readouterr().out == "Exercise 1: right: so it is\n"


def test_a_function_with_a_gap_is_not_answered_and_one_that_stops_gets_a_hint():
    with pytest.raises(NotAnswered):
        call(lambda: ...)
    for function, hint in ((3, "function"), (lambda: 1 / 0, "ZeroDivision"), (print, "return")):
        with pytest.raises(NotYet, match=hint), contextlib.redirect_stdout(io.StringIO()):
            call(function)
    with pytest.raises(NotYet, match="why"):
        need(False, "why")


def test_hints_come_one_after_the_other(capsys):
    exercise = toy()
    for _ in range(3):
        exercise.hint()
    said = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[1] for line in said] == ["first", "second", "second"]


def test_the_solution_is_folded_and_plain_where_nothing_folds(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    toy(source="x = 3 < 4  # solution").solution()
    assert shown[0]["text/html"].startswith("<details>") and "3 &lt; 4" in shown[0]["text/html"]
    assert shown[0]["text/plain"].endswith("x = 3 < 4")


# --------------------------------------------------------------------- exercises and chapters


@pytest.mark.parametrize("path", modules(), ids=lambda path: slug(path.name))
def test_a_chapter_holds_what_its_module_says(path):
    text = path.read_text("utf-8")
    notebook = with_exercises(nbformat.reads(text, as_version=4), exercises(slug(path.name)))
    assert nbformat.writes(notebook) + "\n" == text, "run make exercises"


@pytest.mark.parametrize("path", modules(), ids=lambda path: slug(path.name))
def test_exercises_are_numbered_and_have_their_minutes_and_hints(path):
    chapter = exercises(slug(path.name))
    assert 2 <= len(chapter) <= 4
    assert [exercise.number for exercise in chapter] == list(range(1, len(chapter) + 1))
    assert len({exercise.title for exercise in chapter}) == len(chapter)
    for exercise in chapter:
        assert exercise.chapter == slug(path.name) and exercise.minutes > 0 and exercise.hints
        assert learners_source(exercise).count("...") >= 1
        assert "# solution" not in learners_source(exercise)


def test_a_chapter_without_the_heading_is_refused():
    with pytest.raises(ValueError, match="0 cells hold"):
        with_exercises(nbformat.v4.new_notebook(), ())


def test_the_record_of_a_chapter_sums_the_minutes():
    for path in modules():
        record = json.loads(path.read_text("utf-8"))["metadata"]["course"]
        assert record["minutes"]["exercises"] == sum(e.minutes for e in exercises(slug(path.name)))
