"""Exercises of the chapter on where a network fails."""

import contextlib
import io
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from helpers.classifier import Classifier
from helpers.data import load
from helpers.exercises import Exercise, call, need
from helpers.images import open_image

MISS = 0.05  # how often an interval of 95 percent misses
FAR = 1.96  # standard errors: as far as such an interval reaches
DEALS = 1000
here = partial(Exercise, "where_does_it_fail")


def standings(members: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return how many standard errors each slice of rooms lies above the rest."""
    inside = members.sum(axis=1)
    outside = members.shape[1] - inside
    apart = members @ values / inside - ~members @ values / outside
    return apart / (values.std() * np.sqrt(1 / inside + 1 / outside))


def dealt(members: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the standings of all slices, (deals, slices), with the rooms' values dealt anew."""
    rng = np.random.default_rng(0)
    return np.array([standings(members, rng.permutation(values)) for _ in range(DEALS)])


def one_of_many(expected: Any, some: Any, members: np.ndarray) -> str:
    """Judge what many slices without a meaning do by chance; return what deals of rooms do."""
    number = len(members)
    need(np.ndim(expected) == 0 and np.ndim(some) == 0, "two single numbers are asked.")
    need(not np.isclose(expected, MISS), f"that is one interval; there are {number}.")
    need(not np.isclose(expected, number * (1 - MISS)), "so many are expected to hit.")
    need(np.isclose(expected, number * MISS), f"expected: {number} intervals, one in twenty each.")
    need(0 <= some <= 1, "the chance that any misses is no more than 1: that is their number.")
    need(not np.isclose(some, MISS), "that is the chance of one alone.")
    need(not np.isclose(some, (1 - MISS) ** number), "that is the chance that none misses.")
    need(not np.isclose(some, MISS**number), "that is the chance that all of them miss.")
    true = 1 - (1 - MISS) ** number
    need(np.isclose(some, true, atol=0.005), f"none of {number} misses in 0.95 x 0.95 x ... cases.")
    values = np.random.default_rng(1).normal(size=members.shape[1:])
    far = np.abs(dealt(members, values)) > FAR
    return (
        f"of {number} slices without a meaning {number * MISS:.2f} miss on average, and at least "
        f"one in {true:.0%} of the cases; these slices overlap, and of {DEALS} deals "
        f"{far.any(axis=1).mean():.0%} had one. A slice that misses is no news yet."
    )


def cut_by_walls(
    walls: Any, known: Sequence[dict], slices: dict, room: np.ndarray, hits: np.ndarray
) -> str:
    """Judge slices by the walls; return what two slices more do to the worst by chance."""
    truth = np.array([fact["wall"][0] for fact in known])
    need(isinstance(walls, dict), "a dict is wanted, from names to slices, as `slices` is.")
    for name, inside in walls.items():
        hint = f"{name}: a slice says True or False of each of the {len(known)} pictures."
        need(np.shape(inside) == truth.shape and np.asarray(inside).dtype == bool, hint)
    walls = {name: np.asarray(inside) for name, inside in walls.items()}
    times = np.sum(list(walls.values()), axis=0) if walls else np.zeros(len(known))
    need((times > 0).all(), f"{int((times == 0).sum())} pictures are in no slice of yours.")
    need((times < 2).all(), f"{int((times > 1).sum())} pictures are in two slices: one wall each.")
    need(len(walls) == len(set(truth)), f"there are {len(set(truth))} words for walls.")
    for name, inside in walls.items():
        held = sorted(set(truth[inside]))
        both = " and ".join(held)
        need(len(held) == 1, f"{name!r} holds {both}: cut by the word, `['wall'][0]`.")
        need(name.endswith(held[0]), f"{name!r} holds rooms with {held[0]}.")
    firsts = np.unique(room, return_index=True)[1]
    values = np.array([hits.mean(axis=0)[room == room[i]].mean() for i in firsts])
    told = []
    for many in (slices, slices | walls):
        members = np.array([inside[firsts] for inside in many.values()])
        worst = standings(members, values).min()
        chance = dealt(members, values).min(axis=1)
        share = (chance <= worst).mean()
        middle = f"by chance {np.median(chance):.2f} in the middle deal"
        told.append(f"of {len(many)}: {worst:+.2f}, as low in {share:.1%}, {middle}")
    return f"the worst {'; '.join(told)}. Each slice that one adds is one chance more to be wrong."


class Lamp:
    """Stands in for a network: it says 1 where one side of the picture is brighter by a limit."""

    size = (16, 16)

    def __init__(self, axis: int, limit: float) -> None:
        self.axis = axis
        self.limit = limit

    def open(self, file: Path) -> np.ndarray:
        """Open one picture, as a classifier does."""
        return open_image(file, self.size)

    def probabilities(self, pictures: np.ndarray) -> np.ndarray:
        """Return two columns; far from sure, and the surer the larger the difference is."""
        sides = np.array_split(np.asarray(pictures, float), 2, axis=self.axis)
        apart = sides[0].mean(axis=(1, 2, 3)) - sides[1].mean(axis=(1, 2, 3)) - self.limit
        p = 1 / (1 + np.exp(-apart / 20))
        return np.stack([1 - p, p], axis=1)

    def indices(self, pictures: np.ndarray) -> np.ndarray:
        """Return the class of each picture, 0 or 1."""
        return (self.probabilities(pictures)[:, 1] >= 0.5).astype(int)


def mirrored(pictures: np.ndarray) -> np.ndarray:
    """Turn left and right round."""
    return pictures[:, :, ::-1]


def upside_down(pictures: np.ndarray) -> np.ndarray:
    """Turn above and below round."""
    return pictures[:, ::-1]


def made_up(folder: Path) -> list[Path]:
    """Draw twelve pictures without a meaning."""
    rng = np.random.default_rng(0)
    files = [folder / f"{i}.png" for i in range(12)]
    for file in files:
        Image.fromarray(rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)).save(file)
    return files


def stay(
    keeps_answer: Callable, classifier: Classifier, strange: Callable, gates: dict[str, float]
) -> str:
    """Judge a test of invariance with networks that are known; return what the rooms say."""
    with tempfile.TemporaryDirectory() as folder:
        files = made_up(Path(folder))
        for network, change in (
            (Lamp(2, 12), mirrored),
            (Lamp(2, 12), upside_down),
            (Lamp(1, 9), upside_down),
        ):
            _known_network(keeps_answer, network, files, change)
    with contextlib.redirect_stdout(io.StringIO()):
        data = load("rooms", source="samples")
    split = data.val + data.test
    found = {
        change: np.asarray(call(keeps_answer, classifier, split.files, change))
        for change in (mirrored, upside_down)
    }
    pictures = np.stack([classifier.open(file) for file in split.files])
    refused = strange(upside_down(pictures))["learnt"] > gates["learnt"]
    return (
        f"of {len(split)} pictures {found[mirrored].sum()} keep their answer mirrored and "
        f"{found[upside_down].sum()} upside down, where the gate refuses {refused.sum()}: what a "
        "network was never meant for is to be refused, and no invariance asked of it."
    )


def _known_network(
    keeps_answer: Callable, network: Lamp, files: list[Path], change: Callable
) -> None:
    """Raise NotYet unless the answers of a known network are compared rightly."""
    found = np.asarray(call(keeps_answer, network, files, change))
    need(found.shape == (len(files),), f"one True or False for each of {len(files)} pictures.")
    pictures = np.stack([network.open(file) for file in files])
    before = network.indices(pictures)
    after = network.indices(change(pictures))
    true = before == after
    if found.dtype == bool and (found == true).all():
        return
    same = partial(np.array_equal, found)
    need(not same(~true), "that says whose answer changes: asked is whose answer stays.")
    need(not (same(after) or same(before)), "these are answers: compare those before and after.")
    hint = "no answer is said to change: ask the network that is given, before and after."
    need(not found.all(), hint)
    probabilities = [network.probabilities(p) for p in (pictures, change(pictures))]
    exact = (probabilities[0] == probabilities[1]).all(axis=1)
    need(not same(exact), "a probability may move a little: compare answers, not probabilities.")
    need(not same(true), "these are numbers: True or False is asked, as == makes them.")
    need(False, f"of {len(files)} answers {true.sum()} stay, and you say {int(found.sum())}.")


check_1 = here(
    1,
    "One of many",
    4,
    """\
*Predict, then run.* An interval of 95 percent misses the truth in one case of twenty. There are as
many slices as `members` has rows. If none of them meant anything, and each were cut anew and by
itself, how many intervals would miss on average? And how likely would at least one miss? Write down
a guess at the second before you compute it.""",
    """
many_slices = len(members)
misses_expected = many_slices * 0.05  # solution
any_misses = 1 - 0.95**many_slices  # solution
check_1(misses_expected, any_misses, members)
""",
    one_of_many,
    (
        "On average so many miss as there are slices, times the share of one.",
        "None misses with a chance of 0.95 for each, all multiplied; any misses where not none.",
    ),
)
check_2 = here(
    2,
    "Two slices more",
    4,
    """\
Cut the rooms by their walls, too: `fact["wall"][0]` is a word. Make a dict of slices as `slices`
is, with names such as `"wall paint"`. What will two slices more do to the worst of all by chance?
The check deals the rooms with 21 slices and with yours added.""",
    """
wall_of = [fact["wall"][0] for fact in known]
wall_slices = {f"wall {w}": np.array(wall_of) == w for w in sorted(set(wall_of))}  # solution
check_2(wall_slices, known, slices, room, hits)
""",
    cut_by_walls,
    (
        "For each word of `set(wall_of)` one slice: where is the wall of that word?",
        "`np.array(wall_of) == word` says it of all pictures at once.",
    ),
)
check_3 = here(
    3,
    "A test without a label",
    5,
    """\
Write a test of behaviour for any network: open the files with `network.open`, and say of each
picture whether `network.indices` gives the same answer after `change`, which takes all pictures at
once and returns them changed. The check tries networks that it knows, and then the chapter's, on
the held-out rooms, mirrored and upside down. Before you run it: should the answer to a room that is
upside down stay, or should the gate refuse it?""",
    """
def keeps_answer(network, files, change):
    opened = np.stack([network.open(file) for file in files])
    return network.indices(change(opened)) == network.indices(opened)  # solution

check_3(keeps_answer, classifier, strange, gates)
""",
    stay,
    (
        "`network.indices(opened)` are the answers before the change.",
        "`==` between two arrays of answers says of each picture whether they are the same.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
