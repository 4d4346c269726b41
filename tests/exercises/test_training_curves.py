"""The exercises on training curves: which answers are wrong, and what they are told."""

from collections import defaultdict
from types import SimpleNamespace

import numpy as np
import pytest
from exercised import Exercised

from exercises.training_curves import TRAPS, stopped


def floor(number):
    return f"check_1({number}, len(data.val), baseline)"


def stop(best="epoch if loss < losses[best] else best", waits=">=", ends="epoch + 1, best + 1"):
    return f"""
def stop_at(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        best = {best}
        if epoch - best {waits} patience:
            break
    return {ends}
check_2(stop_at, runs["20 images"]["val_loss"])
"""


def plan(changes, seeds="[1, 2, 3]"):
    return f"check_3({changes}, {seeds}, experiment, runs, hits, twenty)"


BOTH = "dict(split=twenty, augment=True, dropout=0.5)"


class TestTrainingCurves(Exercised):
    chapter = "training_curves"
    cells = (
        *("54817a11", "98373bb8", "b7050781", "b7050782", "779620a4", "20546666", "166ea68a"),
        *("15baf95a", "95e917f6", "ec092181", "d80b46f7"),
    )
    edits = {
        "EPOCHS = 15": "EPOCHS = 3",
        "from helpers.training import LiveCurves": "LiveCurves = lambda _: None",
        ", callbacks=[curves]": "",
        'experiment("L1", split=twenty, penalty=keras.regularizers.L1(0.0003))': "",
        'experiment("L2", split=twenty, penalty=keras.regularizers.L2(0.01))': "",
        "remedies = [": "panels = lambda *_, **__: None\nremedies = [",
        "gained =": "last = lambda *_: 0.0\ngained =",
    }
    wrong = {
        1: {
            floor("baseline"): "a count of images",
            floor("int(baseline * len(data.val))"): "do not even lie above",
            floor("int(baseline * len(data.val)) + 1"): "but the interval begins",
            floor("len(data.val)"): "the smallest number",
            floor("len(data.val) + 1"): "validation images.",
            floor("None"): "there is such a number",
        },
        2: {
            stop(ends="best + 1, epoch + 1"): "first the epochs trained",
            stop(ends="epoch + 1, epoch + 1"): "not to the last",
            stop(ends="epoch, best"): "from 1",
            stop(ends="best + 1"): "two epochs",
            stop(ends="epoch + 1, int(np.argmin(losses)) + 1"): "never trained",
            stop(ends="len(losses), best + 1"): "does not stop at all",
            stop(waits=">"): "one epoch more",
            stop(best="epoch if loss <= losses[best] else best"): "no better",
            stop(best="epoch if epoch and loss < losses[epoch - 1] else best"): "epoch before",
        },
        3: {
            plan("dict(split=twenty, augment=True)"): "second knob is missing",
            plan("dict(split=twenty, dropout=0.5)"): "augmentation is off",
            plan("dict(augment=True, dropout=0.5)"): "learn from all",
            plan("dict(split=subset(10), augment=True, dropout=0.5)"): "learn from 10 images",
            plan("dict(split=twenty, augment=True, dropout=0.2)"): "another remedy",
            plan("dict(split=data.train.take(np.arange(20)), augment=True, dropout=0.5)"): (
                "not those of its rival"
            ),
            plan(
                "dict(split=twenty, augment=True, dropout=0.5, rate=0.01)"
            ): "rate: one thing more",
            plan("dict(split=twenty, augment=True, dropout=0.5, seed=1)"): "no knob",
            plan(BOTH, "[1]"): "one throw",
            plan(BOTH, "[4, 5, 6]"): "a pair has the same",
            plan("twenty"): "a dict",
        },
    }

    def guess(self, number, rng, solution):
        changes = {
            "augment": bool(rng.integers(2)),
            "dropout": rng.choice([0.0, 0.25, 0.75]),
            "split": solution[0]["split"] if number == 3 else None,
        }
        return {
            1: lambda: (int(rng.integers(solution[1] + 2)), *solution[1:]),
            2: lambda: (lambda losses, _: tuple(rng.integers(1, 8, 2).tolist()), *solution[1:]),
            3: lambda: (changes, rng.integers(1, 5, 3).tolist(), *solution[2:]),
        }[number]()


@pytest.mark.parametrize("losses, patience", [(curve, patience) for curve, patience, _ in TRAPS])
def test_the_true_stop_is_that_of_keras(losses, patience, keras):
    callback = keras.callbacks.EarlyStopping("val_loss", patience=patience)
    callback.set_model(keras.Sequential([keras.layers.Dense(1)]))
    callback.model.stop_training = False
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"val_loss": loss})
        if callback.model.stop_training:
            break
    assert (epoch + 1, callback.best_epoch + 1) == stopped(losses, patience)


def test_the_rival_of_a_few_photos_may_have_fewer_than_twenty():
    from exercises.training_curves import check_3

    few = SimpleNamespace(files=["a.jpg", "b.jpg", "a.jpg"])
    asked = {"augment": True, "dropout": 0.5, "split": few}
    runs, hits = defaultdict(lambda: {"val_entropy": [1.0]}), defaultdict(lambda: np.ones(4))
    arguments = ([1, 2, 3], lambda name, **changes: None, runs, hits, few)
    assert check_3.verdict(asked, *arguments)[0] == "right"
    fewer = asked | {"split": SimpleNamespace(files=["a.jpg"])}
    assert "from 1 images, and its rival has 2" in check_3.verdict(fewer, *arguments)[1]


def test_where_all_right_is_too_little_the_answer_is_none():
    from exercises.training_curves import check_1

    assert check_1.verdict(None, 3, 0.5)[0] == "right"
    assert check_1.verdict(3, 3, 0.5)[0] == "not yet"
    assert check_1.verdict(np.nan, 40, 0.5)[0] == "not yet"
