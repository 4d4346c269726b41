"""The opening chapter's exercises: the solution passes, and no other answer, on two sets."""

import numpy as np
import pytest
from answers import SETS, cases, line, memory, own_photos

from tools.exercises import exercises, learners_source

CHAPTER = exercises("start_here")
each = pytest.mark.parametrize("exercise", CHAPTER, ids=lambda exercise: exercise.title)


@pytest.fixture(scope="module", params=SETS)
def space(request, tmp_path_factory):
    own = request.param != "samples" and own_photos(tmp_path_factory.mktemp("own"))
    return memory("start_here", own, ("says", "truth"))


def looks(numbers, shown):
    return f"check_1({numbers}, {shown}, images, history)"


def mistake(body):
    return (
        f"def passes_for_clean(answer, true):\n    {body}\n"
        "check_2(passes_for_clean, says, truth, data.class_names)"
    )


def doubt(body):
    return f"def least_sure(answers):\n    {body}\ncheck_3(least_sure, says)"


WRONG = {
    1: {
        looks(64 * 64, "20 * len(images)"): "a dot is three",
        looks(64 + 64 + 3, "20 * len(images)"): "rows times columns",
        looks("images.size", "20 * len(images)"): "take one",
        looks(3, "20 * len(images)"): "images.shape",
        looks(12288, "len(images)"): "again and again",
        looks(12288, 20): "how many are there",
        looks(12288, "20 * len(images) // 16"): "handfuls",
        looks(12288, 320): "once in each epoch",
    },
    2: {
        mistake("return true == 1"): "above one half, so it is right",
        mistake("return answer <= 0.5"): "is right about it",
        mistake("return (answer > 0.5) != (true == 1)"): "the other way round",
        mistake("return answer < 0.5 and true == 1"): "only above one half",
        mistake("return False"): "was taken for",
        mistake("return 1"): "True or False",
        mistake("answer <= 0.5 and true == 1"): "needs a return",
    },
    3: {
        doubt("return int(answers.argmin())"): "lowest answer",
        doubt("return int(answers.argmax())"): "highest answer",
        doubt("return float(abs(answers - 0.5).min())"): "the room's number",
        doubt("return len(answers)"): "no room is number",
        doubt("return int((answers > 0.5).argmax())"): "nearer to one half",
    },
}


@each
def test_the_solution_is_right_and_the_untouched_cell_not_answered(exercise, space, capsys):
    assert line(exercise, exercise.source, space, capsys).startswith("right: ")
    assert line(exercise, learners_source(exercise), space, capsys) == "not answered yet"


@pytest.mark.parametrize("exercise, code, hint", cases(CHAPTER, WRONG))
def test_a_wrong_answer_gets_the_hint_that_fits(exercise, code, hint, space, capsys):
    said = line(exercise, code, space, capsys)
    assert said.startswith("not yet: ") and hint in said


def test_the_count_of_both_mistakes_is_the_chapters(space, capsys):
    said = line(CHAPTER[1], CHAPTER[1].source, space, capsys)
    says, truth = space["says"] > 0.5, space["truth"] > 0.5
    assert f"takes {(~says & truth).sum()} for" in said and f" {(says & ~truth).sum()} for" in said


@each
def test_no_answer_at_random_passes(exercise, space):
    rng = np.random.default_rng(exercise.number)
    rest = {
        1: (space["images"], space["history"]),
        2: (space["says"], space["truth"], space["data"].class_names),
        3: (space["says"],),
    }[exercise.number]
    for _ in range(200):
        answers = {
            1: tuple(rng.integers(1, 15000, 2).tolist()),
            2: (lambda answer, true: bool(rng.integers(2)),),
            3: (lambda answers: int(rng.integers(len(answers))),),
        }[exercise.number]
        assert exercise.verdict(*answers, *rest)[0] == "not yet", answers
