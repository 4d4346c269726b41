"""Exercises of the chapter on how a network learns."""

from collections.abc import Callable
from functools import partial

import numpy as np

from helpers.exercises import Exercise, call, need

SIZE = 24  # of the batches in the first exercise
WALKS = (
    [0.7, 0.5, 0.4],
    [0.7, 0.7, 0.6],
    [0.4, 0.5, 0.7],
    [0.7, 0.9, 0.5, 0.4],
    [0.7, 0.5, 0.6, 0.4],
    [0.7, 0.5, 0.3, 0.4],
)  # losses that the third exercise is tried with, before thirty walks at random
here = partial(Exercise, "how_a_network_learns")


def count_steps(steps: float, last: float, by_batches: Callable, labels: np.ndarray) -> str:
    """Judge a prediction by running an epoch; return what was seen."""
    rooms = len(labels)
    taken = by_batches(1, size=SIZE)[1]
    left = rooms - SIZE * (taken - 1)
    need(steps == int(steps), "a step is taken or it is not: the number is whole.")
    need(steps != rooms, f"that would be a step a room; {SIZE} rooms go into each.")
    need(steps != rooms // SIZE or steps == taken, "the rooms left over make a batch, too.")
    need(steps == taken, f"deal {rooms} rooms out by {SIZE}, and count the hands.")
    need(last != SIZE or last == left, "so many are in each batch but the last.")
    need(last != 0, "a batch without a room is none: the last one has what is left over.")
    need(last == left, f"{taken - 1} full batches are gone: how many rooms are left?")
    return f"by_batches took {taken} steps, and the last one had {left} rooms."


def merge(weight: float, bias: float) -> str:
    """Judge the neuron that says what two say; return why there is always one."""
    both = [3 * (2 * edges - 1) + 4 for edges in (0.0, 1.0)]
    slope = both[1] - both[0]
    need((weight, bias) not in [(2, -1), (3, 4)], "that is one of the two alone.")
    need(weight != 5, "the second multiplies what the first says: weights multiply, too.")
    need(np.isclose(weight, slope), "how much more do the two say for edges of 1 than of 0?")
    need(bias != 4, "the second multiplies the first one's -1, too.")
    need(bias != 3, "the -1 goes through the second neuron before the 4 is added.")
    need(np.isclose(bias, both[0]), "the bias is what the two say where the edges are 0.")
    return (
        "3 * (2 * edges - 1) + 4 is 6 * edges + 1: without an activation between them, "
        "two layers say no more than one."
    )


def watch_losses(never_rises: Callable, walk: Callable, loss: Callable) -> str:
    """Judge a function that says of losses whether none is above the one before."""
    rng = np.random.default_rng(0)
    by_chance = [rng.random(5).round(2) for _ in range(30)]
    down = [np.sort(losses)[::-1] for losses in by_chance[::2]]
    for losses in (*map(np.array, WALKS), *down, *by_chance[1::2]):
        said = call(never_rises, losses)
        need(isinstance(said, bool | np.bool_), "return True or False, not a number or a list.")
        rises = np.diff(losses) > 0
        shown = f"of {losses.tolist()}"
        need(said or rises.any(), f"{shown} none is above the one before, and you say False.")
        need(not said or losses[-1] <= losses[0], f"{shown} the last is the highest: it rose.")
        step = rises.argmax() + 1
        hint = f"{shown} step {step} rises, and later ones make up for it: look at each step."
        need(not said or not rises.any(), hint)
    flat = [rate for rate in range(1, 41) if never_rises(np.array(losses_of(rate, walk, loss)))]
    return f"of the whole rates up to 40, {max(flat, default='none')} is the largest one."


def losses_of(rate: float, walk: Callable, loss: Callable) -> list[float]:
    """Return the losses of thirty steps."""
    return [float(loss(point)) for point in walk(rate, 30)]


def measure_contrast(
    with_contrast: Callable, two_numbers: Callable, images: np.ndarray, labels: np.ndarray
) -> str:
    """Judge two numbers a picture, and say how far apart the classes are in each."""
    rng = np.random.default_rng(0)
    known = rng.integers(0, 256, (5, 12, 20, 3)).astype("uint8")
    known[0] = 90  # a picture without any contrast
    found = np.asarray(call(with_contrast, known))
    need(found.shape == (5, 2), f"5 pictures gave the shape {found.shape}: two numbers for each.")
    edges, brightness = two_numbers(known).T
    grey = known.mean(axis=3) / 255
    contrast = grey.std(axis=(1, 2))
    first, second = np.nan_to_num(found).T  # a root of what rounding leaves below 0
    need(not np.allclose(second, edges), "edges come first, and the contrast second.")
    need(np.allclose(first, edges), "the edges changed: they stay as in two_numbers.")
    need(not np.allclose(second, brightness), "that is still the mean, so the brightness.")
    need(not np.allclose(second, 255 * contrast), "255 times too large: divide by 255 first.")
    need(not np.allclose(second, second[0]), "the same for all: one picture has one contrast.")
    need(abs(second[0]) < 1e-6, "a picture of one grey has no contrast, and gets more than 0.")
    size = grey[0].size
    hint = "divide by the number of pixels: without `ddof=1`."
    need(not np.allclose(second, contrast * np.sqrt(size / (size - 1))), hint)
    hint = "take the deviation over both rows and columns of grey."
    need(np.allclose(second, contrast, atol=1e-6), hint)
    numbers = np.asarray(with_contrast(images))
    classes = [numbers[labels == kind].mean(axis=0) for kind in (0, 1)]
    apart = np.abs(classes[1] - classes[0]) / numbers.std(axis=0)
    return (
        f"on your pictures the classes lie {apart[0]:.2f} deviations apart in edges, "
        f"and {apart[1]:.2f} in contrast."
    )


check_1 = here(
    1,
    "Count the steps",
    2,
    """\
*Predict, then run.* By batches of `size=24`, how many steps has an epoch, and how many rooms are in
its last batch? Write both numbers down first. The check runs an epoch, and counts.""",
    """
steps_24 = -(-len(labels) // 24)  # solution
last_batch = len(labels) - 24 * (steps_24 - 1)  # solution
check_1(steps_24, last_batch, by_batches, labels)
""",
    count_steps,
    (
        "`len(labels)` rooms are dealt out by 24, until none is left.",
        "Divide, and round up: what is left over makes a batch of its own.",
    ),
)
check_2 = here(
    2,
    "One neuron for two",
    3,
    """\
Two neurons stand one behind the other, without an activation: the first makes 2 * edges - 1 of
the edges, the second 3 times that and 4 more. Which weight and which bias does a single neuron
need to say the same?""",
    """
one_weight = 3 * 2  # solution
one_bias = 3 * -1 + 4  # solution
check_2(one_weight, one_bias)
""",
    merge,
    (
        "Ask the two about edges of 0: what comes out of the second is the bias.",
        "Ask them about edges of 1: what comes out more than at 0 is the weight.",
    ),
)
check_3 = here(
    3,
    "A rate that never jumps",
    4,
    """\
*Predict, then run.* Of the whole rates up to 40, which is the largest whose thirty steps never
raise the loss? Guess one. Then write a function that takes the losses of a walk, as an array, and
says `True` if none is above the one before. The check tries it, and finds the rate with it.""",
    """
def never_rises(heights):
    return bool(np.all(np.diff(heights) <= 0))  # solution

check_3(never_rises, walk, loss)
""",
    watch_losses,
    (
        "`np.diff(heights)` holds how much each step raised the loss.",
        "All of these must be at most 0: `np.all`, made a `bool`.",
    ),
)
check_4 = here(
    4,
    "Contrast for brightness",
    6,
    """\
Make two other numbers: the edges as before, and in the place of the brightness the *contrast*, the
standard deviation of a picture's grey values. The check says how far apart the two classes lie in
each, on the pictures that you loaded: with `COURSE_DATA` set to a folder of your own, on those.""",
    """
def with_contrast(pictures):
    grey = pictures.mean(axis=3) / 255
    steps_right = np.abs(np.diff(grey, axis=2)).mean(axis=(1, 2))
    contrast = grey.std(axis=(1, 2))  # solution
    return np.stack([steps_right, contrast], axis=1)  # solution

check_4(with_contrast, two_numbers, images, labels)
""",
    measure_contrast,
    (
        "`grey` has the shape (pictures, rows, columns): the deviation runs over two of them.",
        "`np.stack` puts the edges and the contrast side by side, as in `two_numbers`.",
    ),
)
EXERCISES = (check_1, check_2, check_3, check_4)
