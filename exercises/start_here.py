"""Exercises of the opening chapter."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from helpers.exercises import Exercise, call, need

ANSWERS = (0.0, 0.2, 0.5, 0.51, 0.8, 1.0)  # of a network; above one half is the second class
here = partial(Exercise, "start_here")


def count_numbers(numbers: int, shown: int, images: np.ndarray, history: Any) -> str:
    """Judge a prediction by the pictures' shape and the epochs that were run."""
    pictures, rows, columns, colours = images.shape
    epochs = len(history.epoch)
    need(numbers != rows * columns, "so many dots has it, and a dot is three numbers.")
    need(numbers != rows + columns + colours, "a table is as large as rows times columns.")
    need(numbers != images.size, "that is all pictures together: take one.")
    need(numbers == images[0].size, "rows, columns and colours stand in images.shape: multiply.")
    need(shown != pictures, "that would be each of them once; fit goes over them again and again.")
    need(shown != epochs, "so often has it seen one picture: how many are there?")
    need(shown != pictures * epochs // 16, "those are the handfuls: count what is in them.")
    need(shown == pictures * epochs, "each picture once in each epoch, in whatever handful.")
    return (
        f"one picture is {numbers:,} numbers, and {shown:,} times one went in; "
        "for A to F you needed no second look."
    )


def tell_mistakes(
    missed: Callable, says: np.ndarray, truth: np.ndarray, class_names: Sequence[str]
) -> str:
    """Judge a function that knows one kind of mistake, and count both kinds."""
    first, second = class_names
    for true in (0.0, 1.0):
        for answer in ANSWERS:
            found = call(missed, answer, true)
            need(isinstance(found, bool | np.bool_), "return True or False, as == and and do.")
            if found and true == 0:
                kind = "right about it" if answer <= 0.5 else "wrong the other way round"
                need(False, f"an answer of {answer} for a {first} room: the network is {kind}.")
            need(
                not (found and answer > 0.5),
                f"an answer of {answer} for a {second} room is above one half, so it is right.",
            )
            need(
                found or true == 0 or answer > 0.5,
                f"a {second} room with an answer of {answer} was taken for {first}: "
                "only above one half counts as the second class.",
            )
    high = int(((says > 0.5) & (truth == 0)).sum())
    low = sum(bool(missed(*pair)) for pair in zip(says[:, 0], truth[:, 0], strict=True))
    return (
        f"of {int(truth.sum())} {second} rooms it takes {low} for {first}, "
        f"and of {int((truth == 0).sum())} {first} ones {high} for {second}."
    )


def find_doubtful(least_sure: Callable, says: np.ndarray) -> str:
    """Judge a function that finds the answer nearest to one half."""
    rng = np.random.default_rng(0)
    for answers in (*rng.random((9, 12)), says):
        answers = np.reshape(answers, (-1, 1))
        found = call(least_sure, answers)
        distance = np.abs(answers[:, 0] - 0.5)
        need(isinstance(found, int | np.integer), "return the room's number, and so a whole one.")
        need(
            0 <= found < len(answers), f"no room is number {found}: the last is {len(answers) - 1}."
        )
        if distance[found] > distance.min():
            need(answers[found, 0] != answers.min(), "the lowest answer is a sure one.")
            need(answers[found, 0] != answers.max(), "the highest answer is a sure one.")
            need(distance[found] != distance.max(), "that is the one of which it is surest.")
            need(False, f"you chose {answers[found, 0]:.2f}; another one is nearer to one half.")
    number = int(np.abs(says[:, 0] - 0.5).argmin())
    return (
        f"it doubts room {number} most, with {says[number, 0]:.2f}. Write "
        f'ask(rooms[{number}], "the doubtful one") into a new cell and look: do you doubt it, too?'
    )


check_1 = here(
    1,
    "How much is a look?",
    2,
    """\
*Predict, then run.* How many numbers is one picture to the network? And how often did a picture go
into it until `fit` was done, if each counts as often as it went in? Calculate both from what the
chapter said, and write them down. The check asks `images` and `history`.""",
    """
numbers_in_one = 64 * 64 * 3  # solution
times_shown = len(images) * 20  # solution
check_1(numbers_in_one, times_shown, images, history)
""",
    count_numbers,
    (
        "`images.shape` was printed above: pictures, rows, columns, colours.",
        "Rows times columns times colours is one picture; pictures times epochs is how often.",
    ),
)
check_2 = here(
    2,
    "Two kinds of wrong",
    3,
    """\
The network can take a messy room for clean, or a clean one for messy. Write a function that takes
one answer of the network and what is true (0 for clean, 1 for messy), and returns `True` for the
first kind of mistake, and for nothing else. The check then counts both kinds.""",
    """
def passes_for_clean(answer, true):
    return answer <= 0.5 and true == 1  # solution

check_2(passes_for_clean, says, truth, data.class_names)
""",
    tell_mistakes,
    (
        "Two things have to hold at once: what is true, and what the network says.",
        "`true == 1`, and the answer is not above one half: join the two by `and`.",
    ),
)
check_3 = here(
    3,
    "The room in doubt",
    4,
    """\
Of which room is the network least sure? Its answer is then nearest to one half. Write a function
that takes the answers, a column, and returns the number of that room, counted from 0. It is judged
on the rooms that you loaded: with `COURSE_DATA` set to a folder of your own, as
[chapter 1](01_import_the_data.ipynb) says, on those.""",
    """
def least_sure(answers):
    distances = [abs(answer - 0.5) for answer in answers[:, 0]]  # solution
    return distances.index(min(distances))  # solution

check_3(least_sure, says)
""",
    find_doubtful,
    (
        "First a list: how far is each answer from 0.5? `abs` takes away the sign.",
        "`min(distances)` is the smallest of a list, and `distances.index(...)` says where it is.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
