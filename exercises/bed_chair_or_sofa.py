"""Exercises of the chapter on furniture."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from helpers.evaluate import folds, nearest
from helpers.exercises import Exercise, call, need

CLASSES = 3
SEEDS = range(1, 6)
here = partial(Exercise, "bed_chair_or_sofa")


def read_the_table(found: Any, believed: Any, table: np.ndarray, names: Sequence[str]) -> str:
    """Judge recall and precision of the first class; return how a matrix is read."""
    table = np.asarray(table)
    right = table[0, 0]
    actual = table[0].sum()
    called = table[:, 0].sum()
    recall = right / actual
    precision = right / max(called, 1)
    close = partial(np.isclose, atol=0.0051)  # two decimals will do
    need(np.ndim(found) == 0 and np.ndim(believed) == 0, "two single numbers are asked.")
    need(max(found, believed) <= 1, "a share lies between 0 and 1: count, and divide.")
    hint = "the other way round: what is found is a share of a row, what is believed of a column."
    need(not (close(found, precision) and close(believed, recall)) or close(found, believed), hint)
    every = table.sum()
    hint = "of all pictures: divide by those of this class alone."
    need(not close(found, right / every) or close(found, recall), hint)
    need(not close(found, np.trace(table) / every) or close(found, recall), "that is the accuracy.")
    need(close(found, recall), f"found: of the {actual} in the first row, {right} are called so.")
    hint = "of all pictures: divide by those that are called so alone."
    need(not close(believed, right / every) or close(believed, precision), hint)
    hint = "that is its row once more: what is called so stands in a column."
    need(not close(believed, recall) or close(precision, recall), hint)
    hint = f"believed: the first column holds {called}, and {right} of them rightly."
    need(close(believed, precision), hint)
    return (
        f"of {actual} pictures of {names[0]} {right} are found, {recall:.1%}, and of {called} that "
        f"are called so {right} are right, {precision:.1%}: a row asks what is lost, a column what "
        "can be believed."
    )


def siblings_left(group: np.ndarray, fold: np.ndarray) -> int:
    """Count the pictures that have one of their group in another fold."""
    return sum(bool(((group == group[i]) & (fold != fold[i])).any()) for i in range(len(group)))


def designs() -> tuple[np.ndarray, np.ndarray]:
    """Return labels and groups of made-up pictures: eighteen designs of four, and six of one."""
    group = np.concatenate([np.arange(72) // 4, np.arange(18, 24)])
    return group % CLASSES, group


def without_the_list(
    left_over: Callable, labels: np.ndarray, group: np.ndarray, alike: np.ndarray
) -> str:
    """Judge a count of siblings that a guess has left apart; return it for the set."""
    toy, design = designs()
    singles = np.arange(len(toy))
    for guess in (np.where(design % 2, design, 100 + singles), singles // 2):
        found = call(left_over, toy, design, guess)
        need(np.ndim(found) == 0, "one count is asked, not an answer for each picture.")
        fold = folds(toy, guess)
        true = siblings_left(design, fold)
        say = f"of {len(toy)} made-up pictures you count {found}: "
        need(found != true / len(toy), "that is a share: the count of pictures is asked.")
        need(found != len(toy), say + "each has itself for company. Ask for one in another fold.")
        hint = say + "none, so nothing was dealt by `alike`, or nothing was counted by `group`."
        need(found != 0, hint)
        need(found != siblings_left(design, folds(toy, singles)), say + "each was dealt alone.")
        torn = sum(len(set(fold[design == one])) > 1 for one in set(design))
        need(found != torn, say + "so many designs are torn apart; their pictures are asked.")
        together = sum(((design == design[i]) & (fold == fold[i])).sum() > 1 for i in singles)
        hint = say + "these have a sibling in their own fold, from which nobody learns."
        need(found not in (together, len(toy) - true) or found == true, hint)
        need(found == true, say + f"{true} have a sibling in another fold.")
    fold = folds(labels, alike)
    left = siblings_left(group, fold)
    found = call(left_over, labels, group, alike)
    need(found == left, "right for made-up pictures, and not for the chapter's.")
    lost = siblings_left(group, folds(labels, np.arange(len(labels))))
    return (
        f"near-duplicates make {len(set(alike))} groups of {len(set(group))} designs. Dealt by "
        f"them, {left} of {len(labels)} pictures have a sibling among those learnt from; dealt by "
        f"picture it was {lost}."
    )


def gain(values: np.ndarray, labels: np.ndarray, group: np.ndarray, seed: int) -> float:
    """Return by how much more the nearest neighbour is right by picture than by group."""
    shares = []
    for owner in (np.arange(len(labels)), group):
        like = nearest(values, folds(labels, owner, seed=seed))
        shares.append((labels[like] == labels).mean())
    return float(shares[0] - shares[1])


def other_deals(
    leak: Callable, ways: dict[str, np.ndarray], labels: np.ndarray, group: np.ndarray
) -> str:
    """Judge a measure of the leak on made-up pictures; return what five deals say of the set."""
    toy, design = designs()
    rng = np.random.default_rng(0)
    values = rng.normal(size=(len(toy), 4)) + 3 * rng.normal(size=(design.max() + 1, 4))[design]
    inputs = [(values, seed) for seed in SEEDS]
    inputs += [(rng.normal(size=values.shape), seed) for seed in SEEDS]
    found = [call(leak, some, toy, design, seed) for some, seed in inputs]
    need(all(np.ndim(one) == 0 for one in found), "one difference of two shares is asked.")
    same = partial(np.allclose, np.array(found, float), atol=1e-9)
    true = np.array([gain(some, toy, design, seed) for some, seed in inputs])
    if not same(true):
        need(not same(-true), "by picture less by design, and not the other way round.")
        need(not same(0), "both are dealt alike: once for each picture, once for each design.")
        need(not same(100 * true), "these are points: shares between 0 and 1 are asked.")
        need(not same(len(toy) * true), "a difference of counts: shares are asked.")
        unmoved = [gain(some, toy, design, 0) for some, _ in inputs]
        need(not same(unmoved), "each seed deals alike: hand it to `folds`.")
        need(len(set(found)) > len(found) // 4, "it hardly looks at the values it is given.")
        need(False, f"with seed 1 made-up pictures gain {true[0]:+.3f}, and you say {found[0]:+}.")
    told = []
    for name, some in ways.items():
        gains = [float(call(leak, some, labels, group, seed)) for seed in SEEDS]
        up = sum(one > 0 for one in gains)
        ends = f"{min(gains):+.3f} to {max(gains):+.3f}"
        told.append(f"by {name} with {up} of {len(gains)} seeds ({ends})")
    return f"the nearest neighbour profits from siblings {', '.join(told)}."


check_1 = here(
    1,
    "Rows and columns",
    3,
    """\
*Predict, then run.* Take the first class: beds, in the course's own pictures. Which share of the
beds is found? And of the pictures that the network calls beds, which share can be believed? Read
both off the matrix above, and say which is the larger; then compute them from `table`, whose rows
are the truth. With `COURSE_DATA`, it is the first class of your own.""",
    """
found_share = table[0, 0] / table[0].sum()  # solution
believed_share = table[0, 0] / table[:, 0].sum()  # solution
check_1(found_share, believed_share, table, data.class_names)
""",
    read_the_table,
    (
        "The beds are the first row, the pictures called beds the first column.",
        "`table[0].sum()` counts the beds, `table[:, 0].sum()` what is called so.",
    ),
)
check_2 = here(
    2,
    "Without the list",
    4,
    """\
What if nobody had written the designs down? Then near-duplicates alone would say what belongs
together: `alike`. Write a function that deals pictures by `alike`, with `folds` as above, and
counts those that even so have a sibling, by `group`, in another fold. How many of the chapter's
pictures do you expect, between none and all that have siblings?""",
    """
alike = data.groups(pool, known=[""] * len(pool))

def left_over(labels, group, alike):
    fold = folds(labels, alike)  # solution
    apart = [np.any((group == g) & (fold != f)) for g, f in zip(group, fold)]  # solution
    return sum(apart)  # solution

check_2(left_over, labels, group, alike)
""",
    without_the_list,
    (
        "`folds(labels, alike)` gives each picture its fold.",
        "As where the chapter deals both ways: `(group == g) & (fold != f)` for each picture.",
    ),
)
check_3 = here(
    3,
    "Other deals",
    5,
    """\
One deal of folds is one throw. Write a function that measures the leak for any: how much more the
nearest neighbour has right by picture than by design, both dealt with the seed that is given. In
how many of five deals will it profit by features, and by pixels? Afterwards give your function
`np.sqrt(features(pool, pretrained(data, "MobileNetV2")))`: does a larger backbone find siblings
better?""",
    """
def leak(values, labels, group, seed):
    singly = folds(labels, np.arange(len(labels)), seed=seed)
    whole = folds(labels, group, seed=seed)  # solution
    right = [labels[nearest(values, fold)] == labels for fold in (singly, whole)]  # solution
    return right[0].mean() - right[1].mean()  # solution

check_3(leak, {"features": x, "pixels": images}, labels, group)
""",
    other_deals,
    (
        "`folds(labels, group, seed=seed)` keeps each design whole.",
        "`labels[nearest(values, fold)]` is what the nearest neighbour answers.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
