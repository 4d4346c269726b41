"""Drills on splits and scores: what was held out, and what a share is worth."""

import numpy as np
import tensorflow as tf

from exercises.clinic.drill import of_mistake
from exercises.clinic.pictures import close
from exercises.clinic.stock import Learner, ask, edges, flat, learn, lesson, nearest
from helpers.evaluate import wilson
from helpers.exercises import call, need


def drill_6(inputs, labels):
    """Hold a quarter of shuffled rows out; return both parts, and the score of the nearest."""
    rows = tf.data.Dataset.range(len(inputs))
    rows = rows.shuffle(len(inputs), seed=1, reshuffle_each_iteration=False)
    held_out = len(inputs) // 4
    test = np.array(list(rows.take(held_out).as_numpy_iterator()))
    train = np.array(list(rows.skip(held_out).as_numpy_iterator()))
    says = nearest(inputs[train], labels[train], inputs[test])
    score = (says == labels[test]).mean()
    return train, test, score


def single_rooms():
    """Return the edges of 80 rooms, each clean or messy and never both, sorted by class."""
    rooms = lesson("rooms")
    kept = np.concatenate([np.arange(0, 40), 80 + np.arange(40, 80)])
    return edges(rooms.train[kept], 8), rooms.labels[kept]


def judge_6(function):
    """Look which rows stand on which side, and score the nearest neighbour on them."""
    inputs, labels = single_rooms()
    for some in (slice(None), slice(10, 70)):
        x = inputs[some]
        y = labels[some]
        train, test, score = call(function, x, y)
        both = len(set(np.ravel(train)) & set(np.ravel(test)))
        need(not both, f"{both} rows still stand on both sides.")
        lost = len(x) - len(set(np.ravel(train)) | set(np.ravel(test)))
        need(not lost, f"{lost} rows stand on neither side now: they are lost.")
        need(
            len(test) == len(x) // 4, f"a quarter is held out: {len(x) // 4}, and not {len(test)}."
        )
        need(len(set(y[test])) == 2, "all held-out rooms are of one class: they were not shuffled.")
        honest = (nearest(x[train], y[train], x[test]) == y[test]).mean()
        need(close(score, honest), f"on this split {honest:.2f} are right, not {score:.2f}.")
    score = call(function, inputs, labels)[2]
    return f"no row stands on both sides, and the share right is honestly {score:.2f}."


def drill_7(make, inputs, labels, folds):
    """Cross-validate: return the share right in each fold."""
    scores = []
    for fold in range(folds.max() + 1):
        model = make()
        held = folds == fold
        model.fit(inputs[~held], labels[~held])
        says = model.predict(inputs[held])
        scores.append((says == labels[held]).mean())
    return scores


def folded_rooms():
    """Return pixels, labels and folds of 80 rooms, in the same order of folds for both classes."""
    rooms = lesson("rooms", 16)
    kept = np.concatenate([np.arange(0, 40), 80 + np.arange(40, 80)])
    pixels = flat(rooms.train[kept]) / 255
    return pixels - pixels.mean(axis=0), rooms.labels[kept], np.arange(80) % 5


class Witness(Learner):
    """A learner that notes of each row it is asked about whether it has learnt from it."""

    met = 0
    untaught = 0

    def __init__(self):
        super().__init__()
        self.known = set()

    def fit(self, inputs, labels, steps=300):
        """Remember the rows, and learn."""
        self.known |= {row.tobytes() for row in inputs}
        super().fit(inputs, labels, steps)

    def predict(self, inputs):
        """Count the rows that are known, and answer."""
        Witness.met += sum(row.tobytes() in self.known for row in inputs)
        Witness.untaught += not self.known
        return super().predict(inputs)

    def reset(self):
        """Forget the rows, too."""
        self.known = set()
        super().reset()


def judge_7(function):
    """Let a witness be fitted, and hold the scores against those of fresh models."""
    given = folded_rooms()
    Witness.met = 0
    Witness.untaught = 0
    scores = call(function, Witness, *given)
    need(np.shape(scores) == (5,), "five folds give five scores.")
    hint = "the model that is asked was never fitted: when is it made, and when taught?"
    need(not Witness.untaught, hint)
    hint = f"{Witness.met} rooms are asked about that the same model has learnt from before."
    need(not Witness.met, hint)
    honest = drill_7(Learner, *given)
    need(not close(scores, 1 - np.array(honest)), "these are the shares that are wrong.")
    need(close(scores, honest), f"the folds are honestly {np.round(honest, 2).tolist()}.")
    return f"each fold has a model of its own, and the mean is honestly {np.mean(honest):.2f}."


def drill_8(right, total, needed):
    """Say whether a network is surely better than needed, and the interval of its share."""
    z = 1.96  # of 95 percent
    share = right / total
    shrunk = 1 + z**2 / total
    middle = (share + z**2 / (2 * total)) / shrunk
    half = z / shrunk * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    low = middle - half
    high = middle + half
    better = low > needed
    return better, low, high


TRIALS = (
    (14, 20, 0.74),
    (18, 20, 0.74),
    (180, 200, 0.74),
    (20, 20, 0.8),
    (20, 20, 0.9),
    (90, 120, 0.67),
    (33, 40, 0.68),
)


def judge_8(function):
    """Try shares of few and of many, and hold the interval against Wilson's."""
    for right, total, needed in TRIALS:
        better, low, high = call(function, right, total, needed)
        honest = wilson(right, total)
        what = f"{right} of {total}, against {needed}"
        need(close((low, high), honest, 0.001), f"the interval itself was right: {what}.")
        begins = f"the interval begins at {honest[0]:.2f}"
        hint = f"{what}: fewer than needed are right, and it is called better."
        need(not better or right / total > needed, hint)
        need(not better or honest[0] > needed, f"{what}: {begins}, and it is called better.")
        need(better or honest[0] <= needed, f"{what}: {begins}, and it is not called better.")
    low, high = wilson(18, 20)
    return f"18 of 20 is honestly {low:.2f} to {high:.2f}, which 0.74 lies in."


def drill_9(train, labels, test, truth):
    """Learn a weight for each pixel, and return the share of rooms that is judged rightly."""
    average = flat(train).mean(axis=0)
    weights = learn(flat(train) - average, labels, pull=1)
    parts = {"training": (train, labels), "test": (test, truth)}
    scores = {}
    for name, (pictures, answers) in parts.items():
        says = ask(weights, flat(pictures) - average)
        scores[name] = ((says > 0.5) == answers).mean()
    return scores["test"]


def judge_9(function):
    """Try rooms, and then a test that is easier than the training pictures."""
    rooms = lesson("rooms", 16)
    train, labels = rooms[:2]
    doubted = np.concatenate([labels, 1 - labels[:60]])  # sixty rooms are in it under both names
    easy = (np.concatenate([train, train[:60]]), doubted, train[60:100], labels[60:100])
    for given in (rooms, easy):
        score = call(function, *given)
        need(isinstance(score, float | np.floating), "one share is asked for, a number.")
        honest = drill_9(*given)
        known = drill_9(*given[:2], *given[:2])
        hint = "that is the share of the training pictures."
        need(close(score, honest, 1e-6) or not close(score, known, 1e-6), hint)
        hint = "that is a mixture: what was learnt from does not count at all."
        need(close(score, honest, 1e-6) or not close(score, (known + honest) / 2, 1e-6), hint)
        need(close(score, honest, 1e-6), f"on the test pictures {honest:.2f} are right.")
    return f"the share of the test pictures is honestly {drill_9(*rooms):.2f}."


def drill_10(inputs, labels, room, seed):
    """Hold a quarter out; return both parts, and the score of the nearest neighbour."""
    units = np.unique(room, return_inverse=True)[1]
    drawn = np.random.default_rng(seed).permutation(units.max() + 1)
    test = np.flatnonzero(np.isin(units, drawn[: len(drawn) // 4]))
    train = np.setdiff1d(np.arange(len(inputs)), test)
    says = nearest(inputs[train], labels[train], inputs[test])
    score = (says == labels[test]).mean()
    return train, test, score


def three_lights():
    """Return pixels, labels and names of 80 rooms: each as it is, darker and lighter."""
    rooms = lesson("rooms")
    kept = np.concatenate([np.arange(0, 40), 80 + np.arange(40, 80)])
    lights = [np.clip(rooms.train[kept] * light, 0, 255) for light in (1, 0.9, 1.1)]
    names = np.array([f"room {number}" for number in kept])
    return flat(np.concatenate(lights)) / 255, np.tile(rooms.labels[kept], 3), np.tile(names, 3)


def judge_10(function):
    """Try three seeds, in two orders of the pictures."""
    inputs, labels, room = three_lights()
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(inputs))
        x = inputs[order]
        y = labels[order]
        group = room[order]
        train, test, score = call(function, x, y, group, seed)
        both = len(set(np.ravel(train)) & set(np.ravel(test)))
        need(not both, f"{both} pictures stand on both sides now.")
        split = len(set(group[train]) & set(group[test]))
        need(not split, f"{split} rooms still stand on both sides.")
        share = len(test) / len(x)
        need(0.1 < share < 0.4, f"a quarter is held out, and not {share:.0%}.")
        hint = f"only {len(train) / len(x):.0%} of the pictures are left to learn from."
        need(len(train) > 0.5 * len(x), hint)
        need(len(set(y[test])) == len(set(y)), "the test has rooms of one class alone.")
        honest = (nearest(x[train], y[train], x[test]) == y[test]).mean()
        need(close(score, honest), f"on this split {honest:.2f} are right, not {score:.2f}.")
    score = call(function, inputs, labels, room, 0)[2]
    return f"no room stands on both sides, and the share right is honestly {score:.2f}."


check_6 = of_mistake(
    6,
    drill_6,
    title="Twenty held out",
    story="""\
Eighty rooms are shuffled, twenty are held out, and each of these gets the answer of the
training room most like it: a method that learns nothing.""",
    looks="""\
All twenty are right.""",
    judge=judge_6,
    show="""\
train_6, test_6, score_6 = drill_6(*single_rooms())
print(f"right: {score_6:.2f} of {len(test_6)}, learnt from {len(train_6)}")""",
    hint_text="Print `set(train_6) & set(test_6)`.",
)
check_7 = of_mistake(
    7,
    drill_7,
    title="Five folds",
    story="""\
Five folds, each held out once, and asked about by a model that learnt from the four others.
`make` returns a model that knows nothing; `fit` goes on from where the model stands.""",
    looks="""\
Their mean is what one had hoped for. Read the five from left to right.""",
    judge=judge_7,
    show="""\
print("right in each fold:", np.round(drill_7(Learner, *folded_rooms()), 2).tolist())""",
    hint_text="How many models are made, and what has each learnt from when it is asked?",
)
check_8 = of_mistake(
    8,
    drill_8,
    title="Surely better?",
    story="""\
What is wanted is a network that is surely right more than 74 percent of the time. One is right
about 18 of 20 rooms.""",
    looks="""\
18 of 20 is more than 74 percent, and the interval is computed correctly.""",
    judge=judge_8,
    show="""\
better, low, high = drill_8(18, 20, 0.74)
print(f"18 of 20, {low:.2f} to {high:.2f}: surely better than 0.74? {better}")""",
    hint_text="What would you say if it were 2 of 2?",
)
check_9 = of_mistake(
    9,
    drill_9,
    title="A weight for each pixel",
    story="""\
A weight for each of 256 pixels is learnt from 160 rooms, and 40 others are judged.""",
    looks="""\
All are right: a fine result for so little work.""",
    judge=judge_9,
    show="""\
rooms_9 = lesson("rooms", 16)
print(f"right: {drill_9(*rooms_9):.2f}")""",
    hint_text="Print `scores` before it returns: which of the two does it hand out?",
)
check_10 = of_mistake(
    10,
    drill_10,
    title="Rooms in three lights",
    story="""\
Eighty rooms, each photographed in three lights. A quarter of the pictures is held out at
random, and each of these gets the answer of the picture most like it.""",
    looks="""\
Nearly all are right, and no picture is on both sides.""",
    judge=judge_10,
    show="""\
train_10, test_10, score_10 = drill_10(*three_lights(), seed=0)
print(f"right: {score_10:.2f} of {len(test_10)}, learnt from {len(train_10)}")""",
    hint_text="Of how many test pictures is the same room in training, in another light?",
)
DRILLS = (check_6, check_7, check_8, check_9, check_10)
