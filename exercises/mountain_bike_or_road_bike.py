"""Exercises of the chapter on bikes."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np

from helpers.evaluate import wilson
from helpers.exercises import Exercise, call, need

CLAIM = 0.99  # what the lower end has to reach
here = partial(Exercise, "mountain_bike_or_road_bike")


def promise(enough: Any) -> str:
    """Judge from how many right answers without a mistake a claim can be made."""
    need(enough is not None, "there is such a number.")
    need(enough == int(enough) and enough > 0, "a count of pictures is asked.")
    number = int(enough)
    need(number != 300, "the rule of three asks for one end only: the interval promises less.")
    low = wilson(number, number)[0]
    need(low >= CLAIM, f"{number} of {number} right promise {low:.3%}, which is less than 99%.")
    one_less = wilson(number - 1, number - 1)[0]
    need(one_less < CLAIM, f"{number} are enough, and {number - 1} are, too: {one_less:.3%}.")
    return f"{number} of {number} promise {low:.3%}, and {number - 1} only {one_less:.3%}."


def mirror(
    doubled: Any,
    twice: Any,
    images: np.ndarray,
    labels: np.ndarray,
    network: Callable,
    taken: dict[str, np.ndarray],
    tested: np.ndarray,
) -> str:
    """Judge a training set with its mirror images, and learn from it; return what it is worth."""
    doubled = np.asarray(doubled)
    twice = np.asarray(twice)
    number = len(images)
    need(doubled.shape[1:] == images.shape[1:], f"the shape of a picture is {images.shape[1:]}.")
    need(len(doubled) == 2 * number, f"{number} pictures and their mirror images are {2 * number}.")
    need(twice.shape == (2 * number,), "each of the pictures, mirrored or not, has one label.")
    wanted = {"mirrored": images[:, :, ::-1], "upside down": images[:, ::-1]}
    wanted["blue for red"] = images[..., ::-1]
    new = doubled[number:] if np.array_equal(doubled[:number], images) else doubled[::2]
    hint = "first the pictures as they are, and behind them all of their mirror images."
    need(np.array_equal(doubled[:number], images), hint)
    need(not np.array_equal(new, images), "the second half is the first once more.")
    need(not np.array_equal(new, wanted["upside down"]), "these stand on their heads.")
    need(not np.array_equal(new, wanted["blue for red"]), "the last axis is that of the colours.")
    need(np.array_equal(new, wanted["mirrored"]), "the second half is not the mirrored first one.")
    hint = "a mirrored bike is of the same class: the labels come twice, in the same order."
    need(np.array_equal(twice, np.concatenate([labels, labels])), hint)
    told = []
    for name, inputs, answers in (("without", images, labels), ("with", doubled, twice)):
        model = network()
        model.fit(inputs, answers, epochs=8 if name == "without" else 4, verbose=0)
        shares = [_right(model, taken[kind], tested) for kind in ("mirrored", "farther")]
        told.append(f"{name} mirror images {shares[0]:.0%} and {shares[1]:.0%}")
    return (
        f"after equally many steps, right of the mirrored and of the far bikes: {', '.join(told)}. "
        "What a network is shown it can learn; what it is not shown is another question."
    )


def _right(model: Any, pixels: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of pictures that a network gets right."""
    return float(np.mean(model.predict(pixels, verbose=0).argmax(axis=1) == labels))


class Ruler:
    """Stands in for a network: it says class 1 where the ink lies low enough in the picture."""

    def __init__(self, limit: float) -> None:
        self.limit = limit

    def predict(self, pixels: np.ndarray, **_: Any) -> np.ndarray:
        """Return two columns, as a softmax does."""
        ink = 255.0 - np.asarray(pixels, "float64").mean(axis=3)
        rows = np.arange(ink.shape[1])
        height = (ink.sum(axis=2) * rows).sum(axis=1) / np.maximum(ink.sum(axis=(1, 2)), 1e-9)
        low = (height > self.limit).astype(float)
        return np.stack([1 - low, low], axis=1)

    def __call__(self, pixels: np.ndarray, **_: Any) -> np.ndarray:
        """Do the same."""
        return self.predict(pixels)


def move(
    share_lower: Callable,
    model: keras.Model,
    moved: Callable,
    tests: np.ndarray,
    tested: np.ndarray,
) -> str:
    """Judge how the score of bikes that stand lower is taken; return what it is."""
    middle = tests.shape[1] / 2
    found = []
    right = []
    for down in (2, 8, 16):
        pictures = [moved(tests, down), tests, moved(tests, 4)]
        for ruler in (Ruler(middle + 1), Ruler(middle + down / 2), Ruler(middle + down)):
            found.append(call(share_lower, ruler, down))
            need(np.ndim(found[-1]) == 0, "one share is wanted, not an answer for each bike.")
            shares = [_right(ruler, pixels, tested) for pixels in pictures]
            right.append([*shares, _right(model, pictures[0], tested)])
    true, still, four, own = np.transpose(right)
    same = partial(np.allclose, np.array(found, "float64"))
    if not same(true):
        need(not same(len(tests) * true), "a count of bikes: a share is wanted.")
        need(not same(100 * true), "percent: a share lies between 0 and 1.")
        need(not same(1 - true), "that is the share that is wrong.")
        need(not same(own), "that is what the chapter's network says: ask the one that is given.")
        need(not same(still), "these bikes have not moved.")
        need(not same(four), "moved by 4 pixels, whatever is asked for.")
        need(False, "moved down by some pixels, other bikes are right than those that you count.")
    told = [f"{share_lower(model, down):.0%} at {down}" for down in (4, 8, 12, 16)]
    return f"the network is right about {', '.join(told)} pixels."


check_1 = here(
    1,
    "A promise of 99 percent",
    2,
    """\
*Predict, then run.* How many pictures must an exam without mistakes have, so that even the lower
end of its interval is 99 percent? Guess first, by the rule of three, and then find the smallest
number with `wilson`.""",
    """
all_right_ends = [wilson(number, number)[0] for number in range(1, 1000)]
exam = next(n for n, low in enumerate(all_right_ends, start=1) if low >= 0.99)  # solution
check_1(exam)
""",
    promise,
    (
        "`all_right_ends[0]` is the lower end for one picture, and so on.",
        "Go through them, counted from 1, and take the first of at least 0.99.",
    ),
)
check_2 = here(
    2,
    "Mirror images",
    4,
    """\
Let the network learn from the pictures and their mirror images together, the mirrored ones behind
the others, and with their labels. What do you expect of the mirrored test bikes, and of those that
are far away? The check trains for some seconds, and tells.""",
    """
with_mirrored = np.concatenate([images, images[:, :, ::-1]])  # solution
their_labels = np.concatenate([lessons.labels, lessons.labels])  # solution
check_2(with_mirrored, their_labels, images, lessons.labels, network, taken, tested)
""",
    mirror,
    (
        "The axes are pictures, rows, columns, colours: columns are turned round to mirror.",
        "`np.concatenate([first, second])` puts one behind the other: labels, too.",
    ),
)
check_3 = here(
    3,
    "How low can they stand?",
    4,
    """\
Four pixels lower, the network lost nothing. Where does it begin to lose? Write a function that
takes a network and a number of pixels, moves the test bikes down by so many, and returns the share
that the network gets right. The check asks for more and for fewer pixels: with `COURSE_DATA`, of
your own bikes.""",
    """
def share_lower(asked, down):
    lower = moved(tests, down)  # solution
    return np.mean(asked.predict(lower, verbose=0).argmax(axis=1) == tested)  # solution

check_3(share_lower, model, moved, tests, tested)
""",
    move,
    (
        "`moved(tests, down)` gives the pictures; `tested` holds their labels.",
        "`asked.predict` gives two probabilities a picture: the class is the larger one's place.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
