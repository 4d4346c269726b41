"""Exercises: what the learner gets, what a check says of it, and that no wrong answer passes."""

import contextlib
import io
import json

import matplotlib
import nbformat
import numpy as np
import pytest

from helpers.exercises import Exercise, NotAnswered, NotYet, call, need, with_gaps, without_marks
from tools.exercises import ROOT, exercises, learners_source, modules, slug, with_exercises

matplotlib.use("Agg")


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


@pytest.mark.parametrize("path", modules(), ids=slug)
def test_a_chapter_holds_what_its_module_says(path):
    text = path.read_text("utf-8")
    notebook = with_exercises(nbformat.reads(text, as_version=4), exercises(slug(path)))
    assert nbformat.writes(notebook) + "\n" == text, "run make exercises"


@pytest.mark.parametrize("path", modules(), ids=slug)
def test_exercises_are_numbered_and_have_their_minutes_and_hints(path):
    chapter = exercises(slug(path))
    assert 2 <= len(chapter) <= 4
    assert [exercise.number for exercise in chapter] == list(range(1, len(chapter) + 1))
    assert len({exercise.title for exercise in chapter}) == len(chapter)
    for exercise in chapter:
        assert exercise.chapter == slug(path) and exercise.minutes > 0 and exercise.hints
        assert learners_source(exercise).count("...") >= 1
        assert "# solution" not in learners_source(exercise)


def test_a_chapter_without_the_heading_is_refused():
    with pytest.raises(ValueError, match="0 cells hold"):
        with_exercises(nbformat.v4.new_notebook(), ())


# -------------------------------------------------------------- wrong answers, on two sets


@pytest.fixture(scope="module")
def own_folder(tmp_path_factory):
    """Photos of one's own: sixty smooth pictures, of which the second class is the busier."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("own")
    rng = np.random.default_rng(3)
    for label, size in (("calm", 5), ("busy", 9)):
        (folder / label).mkdir()
        for i in range(31):
            coarse = rng.integers(0, 256, (size + i % 3, size, 3), dtype=np.uint8)
            Image.fromarray(coarse).resize((64, 64)).save(folder / label / f"{i}.png")
    return folder


@pytest.fixture(scope="module", params=["samples", "own photos"])
def space(request, own_folder):
    """What stands in memory when a learner has run the chapter, on either set."""
    path = next((ROOT / "notebooks").glob("*_how_a_network_learns.ipynb"))
    memory = {}
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        if request.param != "samples":
            patch.setenv("COURSE_DATA", str(own_folder))
        patch.setattr("helpers.figures.show", lambda *_: None)
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code" and "exercise" not in cell.metadata.get("tags", []):
                # Whoever brings another set goes on where a finding does not hold on it.
                with contextlib.suppress(AssertionError):
                    exec(cell.source, memory)
        matplotlib.pyplot.close("all")
    return memory


CHAPTER = exercises("how_a_network_learns")


def said(exercise, source, space, capsys):
    """Run a cell of the learner's, and return the one line that it prints."""
    capsys.readouterr()
    exec(f"from exercises.{exercise.chapter} import check_{exercise.number}\n{source}", dict(space))
    (line,) = capsys.readouterr().out.splitlines()
    return line.removeprefix(f"Exercise {exercise.number}: ")


@pytest.mark.parametrize("exercise", CHAPTER, ids=lambda exercise: exercise.title)
def test_the_solution_is_right_and_the_untouched_cell_not_answered(exercise, space, capsys):
    assert said(exercise, exercise.source, space, capsys).startswith("right: ")
    assert said(exercise, learners_source(exercise), space, capsys) == "not answered yet"


def steps(count, last):
    return f"check_1({count}, {last}, by_batches, labels)"


def rates(body):
    return f"def never_rises(heights):\n    {body}\ncheck_3(never_rises, walk, loss)"


def contrast(second, first="np.abs(np.diff(grey, axis=2)).mean(axis=(1, 2))", stack="axis=1"):
    body = f"grey = pictures.mean(axis=3) / 255\n    first = {first}\n    second = {second}"
    body += f"\n    return np.stack([first, second], {stack})"
    return (
        f"def with_contrast(pictures):\n    {body}\n"
        "check_4(with_contrast, two_numbers, images, labels)"
    )


WRONG = {
    1: {
        steps("len(labels) // 24", "len(labels) % 24"): "left over make a batch",
        steps("len(labels)", 1): "a step a room",
        steps("len(labels) / 24", 24): "whole",
        steps("-(-len(labels) // 24)", 24): "each batch but the last",
        steps("-(-len(labels) // 24)", 0): "none",
        steps("-(-len(labels) // 24)", 5): "full batches are gone",
        steps(24, 24): "count the hands",
    },
    2: {
        "check_2(6, 4)": "first one's -1, too",
        "check_2(5, 3)": "weights multiply",
        "check_2(2, -1)": "one of the two alone",
        "check_2(6, 3)": "before the 4 is added",
        "check_2(6, 0)": "edges are 0",
        "check_2(7, 1)": "edges of 1",
    },
    3: {
        rates("return bool(heights[1] > heights[0])"): "and you say False",
        rates("return True"): "the last is the highest",
        rates("return bool(heights[-1] <= heights[0])"): "look at each step",
        rates("return bool(max(heights) <= heights[0])"): "step 2 rises",
        rates("return max(heights)"): "True or False",
        rates("return np.diff(heights) <= 0"): "True or False",
        rates("return bool(np.all(np.diff(heights) < 0))"): "you say False",
    },
    4: {
        contrast("grey.mean(axis=(1, 2))"): "still the mean",
        contrast("255 * grey.std(axis=(1, 2))"): "255 times",
        contrast("np.full(len(grey), grey.std())"): "the same for all",
        contrast("grey.std(axis=1).mean(axis=1)"): "both rows and columns",
        contrast("pictures.std(axis=(1, 2, 3)) / 255 + 0.1"): "no contrast, and gets more",
        contrast("grey.std(axis=(1, 2))", stack="axis=0"): "two numbers for each",
        contrast(
            "np.abs(np.diff(grey, axis=2)).mean(axis=(1, 2))", "grey.std(axis=(1, 2))"
        ): "first",
        contrast(
            "grey.std(axis=(1, 2))", "np.diff(grey, axis=2).mean(axis=(1, 2))"
        ): "edges changed",
    },
}
EACH_WRONG = [
    (CHAPTER[n - 1], code, hint) for n, tried in WRONG.items() for code, hint in tried.items()
]


@pytest.mark.parametrize("exercise, code, hint", EACH_WRONG)
def test_a_wrong_answer_gets_the_hint_that_fits(exercise, code, hint, space, capsys):
    line = said(exercise, code, space, capsys)
    assert line.startswith("not yet: ") and hint in line


def test_every_exercise_has_three_wrong_answers_with_hints_of_their_own():
    assert len(WRONG) == len(CHAPTER)
    assert all(len(set(tried.values())) >= 3 for tried in WRONG.values())


@pytest.mark.parametrize("exercise", CHAPTER, ids=lambda exercise: exercise.title)
def test_no_answer_at_random_passes(exercise, space):
    rng = np.random.default_rng(exercise.number)
    rest = {
        1: (space["by_batches"], space["labels"]),
        3: (space["walk"], space["loss"]),
        4: (space["two_numbers"], space["images"], space["labels"]),
    }
    rooms = len(space["labels"])
    true = {1: (-(-rooms // 24), rooms % 24 or 24), 2: (6, 1)}.get(exercise.number)
    for _ in range(200):
        answers = {
            1: tuple(rng.integers(1, 25, 2).tolist()),
            2: tuple(rng.integers(-9, 10, 2).tolist()),
            3: (lambda heights: bool(rng.integers(2)),),
            4: (lambda pictures: rng.random((len(pictures), 2)),),
        }[exercise.number]
        verdict = exercise.verdict(*answers, *rest.get(exercise.number, ()))[0]
        assert verdict == ("right" if answers == true else "not yet"), answers


def test_the_record_of_a_chapter_sums_the_minutes():
    for path in modules():
        record = json.loads(path.read_text("utf-8"))["metadata"]["course"]
        assert record["minutes"]["exercises"] == sum(e.minutes for e in exercises(slug(path)))
