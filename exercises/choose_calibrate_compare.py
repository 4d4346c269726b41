"""Exercises of the chapter on choosing, calibrating and comparing."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from helpers.evaluate import folds
from helpers.exercises import Exercise, call, need

GAP = 0.03  # three points
here = partial(Exercise, "choose_calibrate_compare")


def images_to_tell(share: Any, images: Any, hits: list[np.ndarray], power: Callable) -> str:
    """Judge how many images tell two trainings apart, by the chapter's own count."""
    one, other = (np.asarray(row) for row in hits[:2])
    true = float((one != other).mean())
    need(np.ndim(share) == np.ndim(images) == 0, "two numbers are asked: a share, and a count.")
    need(share <= 1, "a share of the images, not a count or percent.")
    gap = abs(one.mean() - other.mean())
    hint = "that is how far the scores differ: more images than these may have changed sides."
    need(np.isclose(share, true, atol=5e-4) or not np.isclose(share, gap, atol=5e-4), hint)
    hint = "that is the share on which they agree."
    need(np.isclose(share, true, atol=5e-4) or not np.isclose(share, 1 - true, atol=5e-4), hint)
    need(
        np.isclose(share, true, atol=5e-4),
        "on what share of the images is one right and the other wrong?",
    )
    wanted = max(true, GAP)
    need(images >= 1 and images == int(images), "a count of images is asked.")
    number = int(images)
    found = power(number, GAP, wanted)
    need(found >= 0.8, f"with {number} images the difference is found in {found:.0%} of the cases.")
    less = power(number - 1, GAP, wanted)
    need(less < 0.8, f"{number} are enough, and one less finds it in {less:.1%} of the cases, too.")
    return (
        f"they disagree on {true:.1%}, and {number} images would tell three points apart; there "
        f"are {len(one)} here, which find it in {power(len(one), GAP, wanted):.0%} of the cases."
    )


def move_the_cut(
    cut_for: Callable,
    price: float,
    share: float,
    p: np.ndarray,
    labels: np.ndarray,
    walks: Callable,
) -> str:
    """Judge a threshold for a price and two shares; return what it saves where one works."""
    for miss, rare, base in ((5, 0.1, 0.5), (1, 0.02, 0.3), (20, 0.4, 0.4), (3, 0.6, 0.2)):
        found = call(cut_for, miss, rare, base)
        need(np.ndim(found) == 0, "one threshold is asked.")
        came = (1 - rare) / rare / ((1 - base) / base)  # what the odds of clean have come to
        wrong = {
            came / miss: "that is odds: a probability is odds over one more than odds.",
            1 / (1 + miss): "that is the rule for the price, and the share has no say in it.",
            came / (1 + came): "the share has moved it, and the price has not.",
            came * miss / (1 + came * miss): "a dear miss lowers it: divide by the price.",
            1 / (1 + came * miss): "the rarer a class, the surer you must be: turn the odds round.",
        }
        said = f"a miss at {miss}, {rare:.0%} messy, learnt where {base:.0%} were: "
        true = (1 - rare) / rare / miss
        wrong[true / (1 + true)] = "the network has learnt at another share than one half."
        cut = came / miss / (1 + came / miss)
        for other, hint in wrong.items():
            need(np.isclose(found, cut) or not np.isclose(found, other), said + hint)
        hint = f"you say {found:.3f}: the odds are those of the price, times what clean gained."
        need(np.isclose(found, cut, atol=1e-6), said + hint)
    hint = "right so far, but your price has to be above 0, and your share between 0 and 1."
    need(price > 0 and 0 < share < 1, hint)
    base = labels.mean()
    weight = np.where(labels == 1, share / base, (1 - share) / (1 - base))
    cuts = cut_for(price, 0.5, 0.5), cut_for(price, share, base)
    before, after = ((weight * walks(cut, p, labels, price)).mean() for cut in cuts)
    return (
        f"with a miss at {price} and {share:.0%} messy the threshold is {cuts[1]:.2f} and costs "
        f"{after:.2f} walks an image; by the price alone {cuts[0]:.2f}, and {before:.2f}."
    )


def _planted_ways(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return which images forty ways get right by luck alone, and the rooms, each of two images."""
    room = rng.permutation(np.repeat(np.arange(40), 2)) * 3 + 1
    return rng.random((80, 40)) < rng.uniform(0.3, 0.7, 40), room


def choose_and_report(
    chosen_apart: Callable,
    judged: Callable,
    ways: np.ndarray,
    labels: np.ndarray,
    group: np.ndarray,
) -> str:
    """Judge a choice whose score comes from rooms that had no say; return what it is worth."""
    rng = np.random.default_rng(0)
    scores: list[float] = []
    might: list[list[float]] = []
    for _ in range(5):
        hits, room = _planted_ways(rng)
        found = call(chosen_apart, hits.copy(), room.copy())
        need(isinstance(found, tuple | list) and len(found) == 2, "return the mask, and the score.")
        choosing = np.asarray(found[0])
        score = found[1]
        need(
            choosing.shape == (80,) and choosing.dtype == bool,
            "the mask is true or false by image.",
        )
        need(np.ndim(score) == 0, "one score is asked, that of the chosen way.")
        _halves(choosing, room)
        scores.append(float(score))
        might.append(_might_be(hits, choosing, float(score)))
    _honest(np.array(scores), np.array(might).T)
    best = {}
    for number in (1, 16, ways.shape[1]):
        pairs = []
        for seed in range(10):
            coins = np.random.default_rng(seed).integers(0, 2, group.max() + 1)
            tossed = labels ^ coins[group]
            right = judged(ways[:, :number], tossed, folds(tossed, group, 2, seed))
            pairs.append((right.mean(axis=0).max(), float(chosen_apart(right, group)[1])))
        best[number] = np.mean(pairs, axis=0)
    told = [f"of {n} {high:.1%} and {honest:.1%}" for n, (high, honest) in best.items()]
    return f"with coins for labels, the best and what its own half says: {', '.join(told)}."


def _halves(choosing: np.ndarray, room: np.ndarray) -> None:
    """Ask that no room lies in both halves, and that both are of some size."""
    share = choosing.mean()
    need(share < 0.75, f"{share:.0%} of the images choose: hardly any is left to report.")
    need(share > 0.25, f"{share:.0%} of the images choose: too few for it.")
    torn = sum(len(set(choosing[room == one])) > 1 for one in np.unique(room))
    need(torn == 0, f"{torn} rooms lie in both halves: what chooses has seen what reports.")


def _might_be(hits: np.ndarray, choosing: np.ndarray, score: float) -> list[float]:
    """Return the score as it should be, and then what other ways of choosing make of it.

    Where several ways are best in the one half, the score of any of them is as it should be.
    """
    every = hits.mean(axis=0)
    first = hits[choosing].mean(axis=0)
    second = hits[~choosing].mean(axis=0)
    mistaken = [first.max(), second.max(), every.max(), second[every.argmax()]]
    best = second[first == first.max()]
    true = best[np.abs(best - score).argmin()]
    return [true, *mistaken, every[first.argmax()], first.argmax()]


def _honest(scores: np.ndarray, might: np.ndarray) -> None:
    """Ask that the way was chosen by the one half, and its score taken from the other."""
    true, *others = might
    hints = (
        "the half that has chosen reports, too: ask the other.",
        "the half that reports has chosen: that is the maximum once more.",
        "all images have chosen, and all of them report.",
        "all images have chosen, also those that report.",
        "all images report, also those that have chosen.",
        "that is which way it is: its score is asked.",
    )
    for other, hint in zip(others, hints, strict=True):
        need(not np.allclose(scores, other), hint)
    hint = "the way that is best in the one half, and its share right in the other."
    need(np.allclose(scores, true), hint)


check_1 = here(
    1,
    "How many to tell them apart?",
    4,
    """\
*Predict, then run.* Two trainings of the same network, seeds 1 and 2, stand in `trainings`: for
each image of the pool, whether it is right. Guess on what share of the images one is right and the
other wrong, and how many images it would take to tell them apart, if one were better by three
points. Then compute both: `power` knows. (A share below `0.03` counts as `0.03`. With
`COURSE_DATA` these are your own images.)""",
    """
first_two = trainings[0], trainings[1]
parted_share = (first_two[0] != first_two[1]).mean()  # solution
counted_share = max(parted_share, 0.03)  # solution
needed = bisect_left(range(9000), 0.8, key=lambda n: power(n, 0.03, counted_share))  # solution
check_1(parted_share, needed, trainings, power)
""",
    images_to_tell,
    (
        "`!=` of two arrays of booleans is true where they disagree; its mean is a share.",
        "`bisect_left` finds the first number whose `power` is 0.8, as in the cell with `power`.",
    ),
)
check_2 = here(
    2,
    "A threshold for your own task",
    6,
    """\
What does a miss cost in a task of your own, counted in false alarms, and how common is what you
look for? Put both into `my_price` and `my_share`. Then write the threshold as a function of three
things: the price, the share where the network will work, and the share where it has learnt, which
need not be one half. The odds of the threshold are 1 to the price, times the factor by which the
odds of the other class are higher where it will work. The check says what your threshold saves.""",
    """
my_price = 5
my_share = 0.1

def cut_for(price, share, learnt_share):
    odds_there = (1 - share) / share  # solution
    odds_here = (1 - learnt_share) / learnt_share  # solution
    odds_of_cut = odds_there / odds_here / price  # solution
    return odds_of_cut / (1 + odds_of_cut)  # solution

check_2(cut_for, my_price, my_share, together, labels, walks)
""",
    move_the_cut,
    (
        "The odds of clean are `(1 - share) / share`, there as well as where it has learnt.",
        "Divide the first by the second, and by the price: these are the odds of the threshold.",
        "Odds of 1 to 5 are a probability of 1/6: `odds / (1 + odds)`.",
    ),
)
check_3 = here(
    3,
    "Choose here, report there",
    10,
    """\
The cheapest way not to flatter a choice: half of the rooms choose, and the other half reports.
Write it: from an array that says of each image (row) which ways (columns) get it right, and the
group of each image, return a mask of the images that choose, and the score of the chosen way on all
others. Both halves are about equally large, and no room lies in both. The check lets you choose
among 1, 16 and all ways to count edges, with coin tosses for labels. Before it does: which score
grows with the number of ways, that of the best on all images, or yours?""",
    """
def chosen_apart(right_by_way, group):
    room_numbers = np.unique(group)
    choosing = np.isin(group, room_numbers[::2])  # solution
    way = right_by_way[choosing].mean(axis=0).argmax()  # solution
    return choosing, right_by_way[~choosing, way].mean()  # solution

check_3(chosen_apart, judged, counts, labels, group)
""",
    choose_and_report,
    (
        "Give every second room to the half that chooses: `np.isin(group, ...)` finds its images.",
        "`right_by_way[choosing].mean(axis=0)` scores each way on the one half: take its `argmax`.",
        "The score of that one way on `~choosing` is what you report.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
