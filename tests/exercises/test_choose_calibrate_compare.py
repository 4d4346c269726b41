"""The exercises on choosing and comparing: which answers are wrong, and what they are told."""

import numpy as np
from exercised import Exercised

SHARE = "(trainings[0] != trainings[1]).mean()"
NEEDED = "bisect_left(range(9000), 0.8, key=lambda n: power(n, 0.03, max(share, 0.03)))"
ODDS = "(1 - share) / share / ((1 - learnt) / learnt)"


def tell(share="share", images="needed"):
    return f"""
share = {SHARE}
needed = {NEEDED}
check_1({share}, {images}, trainings, power)
"""


def cut(ends, price="5"):
    return f"""
def cut_for(price, share, learnt):
    came = {ODDS}
    odds = came / price
    return {ends}
check_2(cut_for, {price}, 0.1, together, labels, walks)
"""


def chosen(
    mask="every_second", of="right[choosing]", ends="choosing, right[~choosing, way].mean()"
):
    return f"""
def chosen_apart(right, group):
    every_second = np.isin(group, np.unique(group)[::2])
    choosing = {mask}
    way = {of}.mean(axis=0).argmax()
    return {ends}
check_3(chosen_apart, judged, counts, labels, group)
"""


class TestChooseCalibrateCompare(Exercised):
    chapter = "choose_calibrate_compare"
    cells = (
        *("9ca6d084", "5855fe31", "a31d6c84", "a5c97e12", "dbd77331", "5a82145d", "c9ff69c7"),
        *("bb49012b", "e1bd8f1a", "7a78f9df", "e8323b37", "be925cf7", "c0b47e19"),
    )
    edits = {
        # Networks that are wrong at random, for which none has to be trained.
        "cross_validate(train, inputs, given, fold)[:, 0]": (
            "1 / (1 + np.exp(-np.random.default_rng(seed).normal(2 * given - 1, 1.5)))"
        ),
    }
    tries = {3: 20}
    wrong = {
        1: {
            tell("1 - share"): "on which they agree",
            tell("share + 0.1"): "on what share",
            tell("100 * share + 2"): "not a count or percent",
            tell(images="needed // 2"): "the difference is found in",
            tell(images="2 * needed"): "are enough",
            tell(images="0.8"): "a count of images",
            tell("trainings[0] != trainings[1]"): "two numbers",
        },
        2: {
            cut("odds"): "that is odds",
            cut("1 / (1 + price)"): "has no say",
            cut("came / (1 + came)"): "the price has not",
            cut("1 / (1 + came * price)"): "turn the odds round",
            cut("(1 - share) / (1 - share + share * price)"): "than one half",
            cut("came * price / (1 + came * price)"): "divide by the price",
            cut("0.5"): "the odds are those of the price",
            cut("odds / (1 + odds)", price="0"): "your price has to be above 0",
            cut("[odds, odds]"): "one threshold",
        },
        3: {
            chosen("np.arange(len(group)) % 2 == 0"): "what chooses has seen",
            chosen("np.ones(len(group), bool)"): "hardly any is left",
            chosen("group == group[0]"): "too few",
            chosen(ends="choosing, right[choosing, way].mean()"): "ask the other",
            chosen(of="right[~choosing]"): "the maximum once more",
            chosen(of="right"): "also those that report",
            chosen(of="right", ends="choosing, right[:, way].mean()"): "all of them report",
            chosen(ends="choosing, right[:, way].mean()"): "also those that have chosen",
            chosen(ends="choosing, way"): "which way it is",
            chosen(ends="right[~choosing, way].mean()"): "the mask, and the score",
            chosen(mask="np.unique(group)[::2]", of="right", ends="choosing, 0.5"): "by image",
            chosen(ends="choosing, right[~choosing].mean(axis=0).mean()"): "best in the one half",
        },
    }

    def guess(self, number, rng, solution):
        return {
            1: lambda: (rng.random(), int(rng.integers(1, 3000)), *solution[2:]),
            2: lambda: (lambda price, share, learnt: rng.random(), *solution[1:]),
            3: lambda: (
                lambda right, group: (rng.random(len(group)) < 0.5, rng.random()),
                *solution[1:],
            ),
        }[number]()


def test_of_ways_that_are_alike_in_one_half_any_may_be_chosen():
    """Whoever takes the last of several that are best has chosen as honestly as by the first."""
    import exercises.choose_calibrate_compare as module

    hits, room = module._planted_ways(np.random.default_rng(0))
    choosing = np.isin(room, np.unique(room)[::2])
    first = hits[choosing].mean(axis=0)
    hits[:, -1] = hits[:, first.argmax()]
    hits[~choosing, -1] = ~hits[~choosing, -1]
    for way in (first.argmax(), hits.shape[1] - 1):
        score = hits[~choosing, way].mean()
        assert module._might_be(hits, choosing, score)[0] == score
    assert module._might_be(hits, choosing, 2.0)[0] <= 1


def test_trainings_that_agree_are_told_apart_by_the_difference_alone():
    from exercises.choose_calibrate_compare import check_1

    def power(n, gap, disagree):
        return min(1.0, n * disagree / 11.99)

    same = np.arange(40) % 2 == 0
    assert check_1.verdict(0.0, 320, [same, same], power)[0] == "right"
    assert check_1.verdict(0.5, 320, [same, same], power)[0] == "not yet"
    assert check_1.verdict(0.0, 319, [same, same], power)[0] == "not yet"
