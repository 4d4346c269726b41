"""The exercises on pretrained networks: which answers are wrong, and what they are told."""

import numpy as np
import pytest
from exercised import Exercised

from exercises.standing_on_imagenet import check_2


def count(small="x.shape[1] + 1", large="64 * (x.shape[1] + 1) + 65"):
    return f"check_1({small}, {large}, head, x)"


RELU = 'layers.Dense(64, activation="relu"),'


def compiled(optimizer="keras.optimizers.Adam(0.01)", loss='"binary_crossentropy"'):
    return f"wide.compile({optimizer}, {loss})"


def wide(
    inner='layers.Dropout(0.2), layers.Dense(64, activation="relu"),',
    outer='layers.Dense(1, activation="sigmoid")',
    seed="keras.utils.set_random_seed(seed)",
    compiled='wide.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")',
    ends="wide",
):
    return f"""
def wide_head(seed=1):
    {seed}
    wide = keras.Sequential([keras.Input(x.shape[1:]), {inner} {outer}])
    {compiled}
    return {ends}
check_2(wide_head, new_head, learn, found)
"""


def fresh(
    head="network.layers[-1].set_weights(new_head(seed=2).get_weights())",
    ends="network",
    rate="rate",
):
    return f"""
def fresh_start(rate):
    network = unfrozen({rate})
    {head}
    return {ends}
check_3(fresh_start, unfrozen, model, pixels, y)
"""


SET = "network.layers[-1].set_weights(new_head(seed=2).get_weights())"
FROZEN = '_ = [setattr(one, "trainable", False) for one in network.layers[0].layers]'
COMPILED = 'network.compile(keras.optimizers.Adam(rate), "binary_crossentropy")'


class TestStandingOnImagenet(Exercised):
    chapter = "standing_on_imagenet"
    cells = (
        *("00f6b866", "8b72e5d6", "f8b98d2c", "1252348a", "5169e277", "0019614e", "809814dd"),
        *("ef7703eb", "a97cdc94", "ea797fc2", "c254cd0c", "15bc775b", "b040c473"),
    )
    edits = {
        '"MobileNet", None': '"course", None',
        "epochs=30": "epochs=8",
        "frozen = {n:": "frozen = {} and {n:",
    }
    wrong = {
        1: {
            count("x.shape[1]"): "a bias is learnt",
            count("len(x)"): "not one an image",
            count("2 * x.shape[1]"): "adds a bias",
            count(large="64 * (x.shape[1] + 1)"): "one unit more reads it",
            count(large="64 * x.shape[1] + 65"): "a bias each",
            count(large="64 + x.shape[1]"): "such a sum as before",
        },
        2: {
            wide(inner=""): "no hidden layer",
            wide(inner="layers.Dense(64),"): "an activation between",
            wide(inner='layers.Dense(32, activation="relu"),'): "where 64 units",
            wide(inner='layers.Dense(64, activation="relu"),'): "this has none",
            wide(
                inner='layers.Dense(64, activation="tanh"), layers.Dropout(0.2),'
            ): "as a ReLU does",
            wide(inner=f"layers.Dropout(0.9), {RELU}"): "it drops 9",
            wide(inner=f"layers.Dropout(0.3), {RELU}"): "and `new_head` 2",
            wide(inner=f"{RELU} layers.Dropout(0.2),"): "before all else",
            wide(inner=f"layers.Dropout(0.2), {RELU} layers.Dropout(0.2),"): "and once",
            wide(outer="layers.Dense(1)"): "without the sigmoid",
            wide(outer='layers.Dense(2, activation="softmax")'): "one sigmoid unit",
            wide(seed="keras.utils.set_random_seed(1)"): "another seed gives the same",
            wide(seed="pass"): "the same seed gives another",
            wide(compiled="pass"): "not compiled",
            wide(compiled=compiled('"adam"')): "by Adam at a rate of 0.001, and `new_head` by Adam",
            wide(compiled=compiled("keras.optimizers.SGD(1e-6)")): "SGD at a rate of 1e-06",
            wide(compiled=compiled("keras.optimizers.Adam(0.01, 0.5)")): "in another way",
            wide(compiled=compiled(loss='"mse"')): "another loss: compile it as `new_head`",
            wide(compiled="wide.compile(keras.optimizers.Adam(0.01))"): "no loss",
            wide(compiled=compiled(loss="keras.losses.BinaryCrossentropy(True)")): "another loss",
            wide(ends="wide.layers"): "a Keras model",
        },
        3: {
            fresh("pass"): "trained one still",
            fresh(f"network.set_weights([w * 0 for w in network.get_weights()]); {SET}"): (
                "keeps its weights"
            ),
            fresh(f"{SET}; {FROZEN}; {COMPILED}"): "less is unfrozen",
            fresh(f"{SET}; network.layers[0].trainable = True; {COMPILED}"): "more is unfrozen",
            fresh(SET, rate="0.003"): "at a rate of 0.003",
            fresh(SET, rate="1e-4"): "at a rate of 0.0001",
            fresh(SET, ends="network.layers"): "a Keras model",
            fresh(SET, ends="network.layers[0]"): "one answer",
        },
    }

    @pytest.mark.parametrize(
        "written",
        [
            wide(compiled=compiled(loss="keras.losses.BinaryCrossentropy()")),
            wide(compiled=compiled(loss="keras.losses.binary_crossentropy")),
            wide(inner="new_head(seed).layers[0], layers.Dense(64), layers.ReLU(),"),
            wide(inner=f"keras.Sequential([layers.Dropout(0.2), {RELU}]),"),
        ],
    )
    def test_a_head_that_is_written_in_another_way_is_right(self, written, space, capsys):
        line = self.said(check_2, written, space, capsys)
        assert line.startswith("right: "), line

    def guess(self, number, rng, solution):
        if number == 1:
            return *rng.integers(1, 20000, 2).tolist(), *solution[2:]
        return lambda *_: rng.random((32, 1)), *solution[1:]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("hidden", [None, "linear", "relu", "tanh"])
def test_a_sum_of_features_does_not_bend(keras, hidden, seed):
    from exercises.standing_on_imagenet import bends

    keras.utils.set_random_seed(seed)
    inputs = np.random.default_rng(seed).random((5, 8)).astype("float32")
    head = keras.Sequential([keras.Input((8,))])
    if hidden:
        head.add(keras.layers.Dense(64, hidden))
    head.add(keras.layers.Dense(1, "sigmoid"))
    assert bends(head, inputs) == (hidden in {"relu", "tanh"})
    head.set_weights([w * 5 for w in head.get_weights()])  # surer than sure: a head long trained
    assert bends(head, inputs) == (hidden in {"relu", "tanh"})
