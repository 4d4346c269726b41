"""The exercises on how far a score goes: which answers are wrong, and what they are told."""

import numpy as np
import pytest
from exercised import Exercised

BEST = """
mine = (said == truth).mean()
best = max([n for n in range(1, 100) if n / 100 < mine
            and on_different(n / 100, mine) <= len(truth)], default=None)
"""


def told(answer, score="mine", number="len(truth)"):
    return f"{BEST}\ncheck_1({answer}, {score}, {number}, on_different)"


def spread(rows="rng.integers(0, len(scores), number)", columns="", ends="np.std(shares)", room=""):
    return f"""
def spread_of(scores, members, number):
    rng = np.random.default_rng(1)
    shares = []
    for _ in range(2000):
        rows = {rows}
        rooms = {room or "rng.integers(0, len(members), len(members))"}
        columns = {columns or "np.concatenate([members[room] for room in rooms])"}
        shares.append(scores[rows][:, columns].mean())
    return {ends}
check_2(spread_of, scores, members)
"""


def dealt(ends, turns="np.arange(len(numbers)) % k"):
    return f"""
def deal_rooms(group, k, seed):
    rng = np.random.default_rng(seed)
    numbers, room_of = np.unique(group, return_inverse=True)
    turns = {turns}
    return {ends}
check_3(deal_rooms, both, coins, owners)
"""


EACH_ITS_OWN = """
def spread_of(scores, members, number):
    rng = np.random.default_rng(1)
    shares = []
    for _ in range(2000):
        means = []
        for row in rng.integers(0, len(scores), number):
            rooms = rng.integers(0, len(members), len(members))
            means.append(scores[row, np.concatenate([members[room] for room in rooms])].mean())
        shares.append(np.mean(means))
    return np.std(shares)
check_2(spread_of, scores, members)
"""


class TestHowFarCanAScoreBeBelieved(Exercised):
    chapter = "how_far_can_a_score_be_believed"
    cells = (
        *("9ca6d084", "5855fe31", "0f141fc2", "18ae65b4", "dfcac875", "6a3f0c1d", "3e923674"),
        *("2b9c76a2", "d5b37c42", "8907283b", "d86505cb", "61549630"),
    )
    edits = {
        "epochs=10": "epochs=2",
        # Ten networks that are wrong at random, for which none has to be trained.
        "another = fit(fresh(seed=row + 1), train_images, data.train.labels)": "",
        "(ask(another, test_images) >= 0.5) == truth": (
            "np.random.default_rng(row).random(len(truth)) < 0.7"
        ),
        "both, owners =": "copies = np.stack([*map(near_duplicate, pool.files)])\nboth, owners =",
    }
    tries = {2: 20, 3: 20}
    wrong = {
        1: {
            told("60", "0.9", "40"): "can be told",
            told("round(100 * wilson(36, 40)[0])", "0.9", "40").replace(
                "\nmine", "\nfrom helpers.evaluate import wilson\nmine"
            ): "the interval of your own",
            told("89", "0.9", "40"): "images, and there are 40",
            told("95", "0.9", "40"): "below 90.0%",
            told("0.6", "0.9", "40"): "percent are asked",
            told("None", "0.9", "40"): "there is one",
            told("[n for n in range(1, 60)]", "0.9", "40"): "one score",
            told("1", "0.5", "6"): "answer None",
        },
        2: {
            spread(room="range(len(members))"): "drawn anew",
            spread(columns="rng.integers(0, scores.shape[1], scores.shape[1])"): "drew images",
            spread(ends="np.var(shares)"): "a variance",
            spread(rows="range(len(scores))"): "drawn, too",
            spread(rows="rng.integers(0, len(scores), 1)"): "as many as are asked",
            spread(rows="rng.permutation(len(scores))[:number]"): "without replacement",
            spread(ends="shares"): "one number",
            EACH_ITS_OWN: "all are asked about the same rooms",
            spread(room="rng.integers(0, len(members), 3)"): "as many rooms as there are",
        },
        3: {
            dealt("rng.permutation(np.arange(len(group)) % k)"): "more than one fold",
            dealt("turns[room_of]"): "shuffle the groups",
            dealt("np.random.permutation(turns)[room_of]"): "the same seed",
            dealt("rng.permutation(k)[turns][room_of]"): "only numbers the folds anew",
            dealt("rng.permutation(turns)"): "for each image",
            dealt("(rng.permutation(turns) + 1)[room_of]"): "go from 0",
            dealt("np.zeros(len(group), int)"): "is empty",
            dealt(
                "rng.permutation(turns)[room_of]", "np.minimum(np.arange(len(numbers)) // 6, k - 1)"
            ): "in turn",
            dealt("rng.integers(0, k, len(numbers))[room_of]"): "in turn",
        },
    }

    def guess(self, number, rng, solution):
        return {
            1: lambda: (int(rng.integers(1, 100)), *solution[1:]),
            2: lambda: (lambda scores, members, number: rng.random(), *solution[1:]),
            3: lambda: (lambda group, k, seed: rng.integers(0, k, len(group)), *solution[1:]),
        }[number]()


def by_list(group, k, seed):
    rooms = np.unique(group)
    np.random.default_rng(seed).shuffle(rooms)
    fold_of = {room: place % k for place, room in enumerate(rooms.tolist())}
    return [fold_of[room] for room in group.tolist()]


def to_the_smallest(group, k, seed):
    fold = np.zeros(len(group))  # of floats
    held = np.zeros(k)
    for room in np.random.default_rng(seed).permutation(np.unique(group)):
        fold[group == room] = held.argmin()
        held[held.argmin()] += (group == room).sum()
    return fold


@pytest.mark.parametrize("deal", [by_list, to_the_smallest])
@pytest.mark.parametrize("largest", [2, 30])
def test_other_ways_to_deal_rooms_are_as_right(deal, largest):
    """A list, floats, and groups of which one is larger than a fold: all of them are honest."""
    from exercises.how_far_can_a_score_be_believed import check_3

    group = np.concatenate([np.zeros(largest, int), 1 + np.arange(20) // 2])
    images = np.random.default_rng(0).random((2 * len(group), 4))
    coins = np.arange(len(group)) % 2
    said = check_3.verdict(deal, images, coins, np.concatenate([group, group]))
    assert said[0] == "right", said


@pytest.mark.parametrize("score", [1.0, 0.51])
def test_a_small_exam_may_tell_nothing(score):
    from exercises.how_far_can_a_score_be_believed import check_1

    def never(a, b):
        return 1000

    assert check_1.verdict(None, score, 12, never)[0] == "right"
    assert check_1.verdict(30, score, 12, never)[0] == "not yet"
    assert check_1.verdict(np.nan, score, 12, never)[0] == "not yet"
