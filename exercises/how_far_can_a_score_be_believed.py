"""Exercises of the chapter on intervals, luck and folds."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from helpers.evaluate import folds, nearest, wilson
from helpers.exercises import Exercise, call, need

here = partial(Exercise, "how_far_can_a_score_be_believed")


def told_from(told: Any, score: float, number: int, needed: Callable) -> str:
    """Judge the largest published score that is told from a lower one of one's own; return it."""
    below = [p for p in range(1, 100) if p / 100 < score and needed(p / 100, score) <= number]
    true = max(below, default=None)
    if true is None:
        need(told is None, f"even 1 percent takes more than {number} images: answer None.")
        return f"{number} images tell {score:.0%} from no lower score at all."
    need(told is not None, f"there is one: {number} images tell {score:.0%} from 1 percent.")
    need(np.ndim(told) == 0, "one score is asked, the largest of them.")
    hint = "percent are asked, a whole number from 1 to 99."
    need(1 <= told <= 99 and told == int(told), hint)
    percent = int(told)
    need(percent / 100 < score, f"a score below {score:.1%} is asked.")
    low = wilson(round(score * number), number)[0]
    hint = "there the interval of your own score begins: the other score has luck, too."
    need(percent <= true or abs(percent / 100 - low) > 0.011, hint)
    hint = f"{percent} from {score:.1%} takes {{}} images, and there are {number}."
    need(percent <= true, hint.format(needed(percent / 100, score)))
    need(percent == true, f"{percent} can be told, and {percent + 1} percent as well.")
    return (
        f"{number} images can be counted on, in four cases of five, to tell {score:.1%} from "
        f"{true} percent or less; what lies between they often miss."
    )


def _planted() -> tuple[np.ndarray, list[np.ndarray]]:
    """Return answers right of six trainings about forty images in ten rooms, and the rooms."""
    rooms = np.arange(40).reshape(10, 4)
    return np.zeros((6, 40)), list(rooms)


def both_kinds_of_luck(spread_of: Callable, scores: np.ndarray, members: list[np.ndarray]) -> str:
    """Judge the spread of a mean of trainings on planted answers; return it for the chapter's."""
    answers, rooms = _planted()
    by_room = answers.copy()
    by_room[:, np.concatenate(rooms[:5])] = 1
    by_training = answers.copy()
    by_training[:3] = 1
    found = {}
    for name, number in (("room", 1), ("room", 4), ("training", 1), ("training", 4)):
        planted = by_room if name == "room" else by_training
        found[name, number] = call(spread_of, planted.copy(), rooms, number)
        need(np.ndim(found[name, number]) == 0, "one number is asked, the spread of 2000 scores.")
    _rooms_drawn(float(found["room", 1]))
    alike = (
        "four trainings, and the rooms scatter less: in a draw all are asked about the same rooms."
    )
    need(np.isclose(float(found["room", 4]), np.sqrt(0.25 / 10), rtol=0.1), alike)
    _trainings_drawn(float(found["training", 1]), float(found["training", 4]))
    many = [float(spread_of(scores, members, number)) for number in (1, 3, 10, 100)]
    rooms_alone = float(spread_of(scores.mean(axis=0, keepdims=True), members, 1))
    return (
        f"of these, 1, 3, 10 and 100 trainings leave {', '.join(f'{one:.3f}' for one in many)}; "
        f"the rooms alone spread the mean by {rooms_alone:.3f}, and no training lowers that."
    )


def _rooms_drawn(spread: float) -> None:
    """Ask that rooms are drawn anew: of ten, five all right and five all wrong."""
    near = partial(np.isclose, spread, rtol=0.1)
    said = f"five rooms right and five wrong, 4 images each: you say {spread:.3f}. "
    need(spread > 0, said + "Rooms should be drawn anew, with replacement.")
    need(
        not near(np.sqrt(0.25 / 40)), said + "You drew images: a room comes with all of its images."
    )
    need(not near(0.25 / 10), said + "That is a variance: the spread is its root.")
    need(
        near(np.sqrt(0.25 / 10)),
        said + f"It is {np.sqrt(0.25 / 10):.3f}: draw as many rooms as there are.",
    )


def _trainings_drawn(one: float, four: float) -> None:
    """Ask that trainings are drawn: of six, three are all right and three all wrong."""
    said = f"three trainings all right and three all wrong: you say {one:.3f} for one"
    need(one > 0, said + ". The training should be drawn, too, for each drawing of rooms anew.")
    need(
        np.isclose(one, 0.5, rtol=0.1), said + ", and it is 0.500: one training answers all images."
    )
    said += f", and {four:.3f} for four"
    need(not np.isclose(four, 0.5, rtol=0.1), said + ". Take the mean of as many as are asked for.")
    hint = ". Drawn without replacement they cannot repeat: it is 0.250."
    need(not np.isclose(four, 0.25 * np.sqrt(2 / 5), rtol=0.08), said + hint)
    need(np.isclose(four, 0.25, rtol=0.1), said + ", and it is 0.250: draw each of the four.")


def whole_rooms(
    deal_rooms: Callable, images: np.ndarray, coins: np.ndarray, owners: np.ndarray
) -> str:
    """Judge a way to deal groups into folds; let the rival look for a leak, and return it."""
    rng = np.random.default_rng(2)
    several = rng.permutation(np.repeat(np.arange(60), rng.integers(1, 5, 60)))
    for group, k in ((several, 4), (several * 7 + 3, 5), (owners, 5)):
        found = np.asarray(call(deal_rooms, group.copy(), k, 0))
        need(found.shape == group.shape, f"the shape is {found.shape}: a fold for each image.")
        need(set(found.tolist()) <= set(range(k)), f"the folds of k = {k} go from 0 to {k - 1}.")
        found = found.astype(int)  # 1.0 is a number of a fold, too
        torn = sum(len(set(found[group == one])) > 1 for one in np.unique(group))
        need(torn == 0, f"{torn} of {len(np.unique(group))} groups lie in more than one fold.")
        counts = np.bincount(found, minlength=k)
        need(counts.min() > 0, f"with k = {k} a fold is empty: {counts.tolist()}.")
        hint = f"the folds have {counts.tolist()} images: deal the groups out in turn."
        largest = np.unique(group, return_counts=True)[1].max()  # no deal can tear it apart
        dealt = np.bincount(found[np.unique(group, return_index=True)[1]], minlength=k)
        need(np.ptp(dealt) <= 1 or np.ptp(counts) <= largest, hint)
        other = np.asarray(deal_rooms(group.copy(), k, 1))
        need(not np.array_equal(found, other), "another seed deals the same: shuffle the groups.")
        pairs = set(zip(found.tolist(), other.tolist(), strict=True))
        need(len(pairs) > k, "another seed only numbers the folds anew: shuffle the groups.")
        again = np.asarray(deal_rooms(group.copy(), k, 0))
        need(np.array_equal(found, again), "the same seed deals otherwise: use the one given.")
    tosses = np.concatenate([coins, coins])
    said = []
    dealt = np.asarray(deal_rooms(owners, 5, 0)).astype(int)
    for fold in (folds(tosses, np.arange(len(images))), dealt):
        said.append(f"{(tosses[nearest(images, fold)] == tosses).mean():.1%}")
    return f"dealt so, the rival foresees {said[1]} of the coin tosses; images dealt, {said[0]}."


check_1 = here(
    1,
    "Better than what was published?",
    5,
    """\
*Predict, then run.* Which score did you last read in an article or on a package? Say that it is
lower than that of the chapter's network, and from as many images, but others. From how far below
can yours be told? Guess first; then find the largest score in whole percent, from 1 on, that
`on_different` tells from `my_score` on `len(truth)` images. (It is `None` where there is none. With
a folder of your own in `COURSE_DATA` this is your network and your test split.)""",
    """
my_score = (said == truth).mean()
lower_scores = [percent for percent in range(1, 100) if percent / 100 < my_score]
enough = [n for n in lower_scores if on_different(n / 100, my_score) <= len(truth)]  # solution
told_apart = max(enough, default=None)  # solution
check_1(told_apart, my_score, len(truth), on_different)
""",
    told_from,
    (
        "`on_different(percent / 100, my_score)` is how many images it takes for each of the two.",
        "Of `lower_scores` keep those that take at most `len(truth)`, and then the largest.",
    ),
)
check_2 = here(
    2,
    "What another training cannot mend",
    8,
    """\
With more trainings their luck cancels: how far down does that go? Write a function that takes the
answers (a row for each training, a column for each image, 1 where it is right), the members of each
room as `members` holds them, and a number of trainings. `2000` times it draws so many trainings and
as many rooms as there are, both with replacement, and takes the share right of these trainings on
these rooms; it returns the spread of the shares. Guess it for a hundred trainings, then run it.""",
    """
def spread_of(scores, members, number):
    lots = np.random.default_rng(1)
    shares = []
    for _ in range(2000):
        rows = lots.integers(0, len(scores), number)  # solution
        some_rooms = lots.integers(0, len(members), len(members))  # solution
        columns = np.concatenate([members[room] for room in some_rooms])  # solution
        # Here the share right of these trainings on these images goes into `shares`.
        shares.append(scores[rows][:, columns].mean())  # solution
    return np.std(shares)  # solution

check_2(spread_of, scores, members)
""",
    both_kinds_of_luck,
    (
        "`rows` are as many numbers of trainings as are asked for, `some_rooms` as many as rooms.",
        "`members[room]` are the images of a room; `np.concatenate` puts the lists together.",
        "`shares.append(scores[rows][:, columns].mean())`, and at the end `np.std(shares)`.",
    ),
)
check_3 = here(
    3,
    "Deal rooms",
    7,
    """\
Write `deal` for groups: from the group of each image, a number of folds and a seed, return the fold
of each image. No group may lie in two folds, the folds should be about equally large, and the seed
decides who goes where. (Classes are left out of it; `folds` deals them out, too.) The check
looks at groups of several sizes, and then asks the rival that only remembers whether it can foresee
coin tosses in your folds: of your own images, where you named a folder.""",
    """
def deal_rooms(group, k, seed):
    numbers, room_of = np.unique(group, return_inverse=True)
    turns = np.arange(len(numbers)) % k
    shuffled = np.random.default_rng(seed).permutation(turns)  # solution
    return shuffled[room_of]  # solution

check_3(deal_rooms, both, coins, owners)
""",
    whole_rooms,
    (
        "`turns` gives each room a fold in turn; the seed has to shuffle them.",
        "`room_of` says for each image which room it belongs to, counted from 0: look it up.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
