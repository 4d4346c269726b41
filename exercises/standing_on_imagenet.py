"""Exercises of the chapter on pretrained networks."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import layers

from helpers.exercises import Exercise, call, need

HIDDEN = 64  # units of the larger head
here = partial(Exercise, "standing_on_imagenet")


def count_weights(small: float, large: float, head: keras.Model, inputs: np.ndarray) -> str:
    """Judge two numbers of weights by counting; return what was counted."""
    features = inputs.shape[1]
    larger = keras.Sequential(
        [keras.Input((features,)), layers.Dense(HIDDEN), layers.Dense(1, activation="sigmoid")]
    )
    one = head.count_params()
    two = larger.count_params()
    need(small != features, "a bias is learnt, too.")
    need(small != len(inputs), "one weight a feature, not one an image.")
    need(small == one, f"one unit gives each of {features} features a weight, and adds a bias.")
    need(large != HIDDEN * one, "the hidden layer alone is that much: one unit more reads it.")
    need(large != HIDDEN * features + HIDDEN + 1, "the 64 units have a bias each.")
    hint = f"each of {HIDDEN} units is such a sum as before, and one unit more reads the {HIDDEN}."
    need(large == two, hint)
    return (
        f"the head learns {one} numbers from {len(inputs)} images, and the larger one {two:,}: how "
        "many images would you like to have for that?"
    )


def bends(head: keras.Model, inputs: np.ndarray) -> bool:
    """Say whether a head does more than add up: halfway between two inputs, a sum is halfway.

    Many pairs are asked: the bends of one pair's units may cancel out by chance. Answers close to
    0 or 1 are left out: float32 keeps too few digits of their logits.
    """
    first, second = np.triu_indices(min(len(inputs), 12), k=1)
    for stretch in (4, 1, 0.25):
        left, right = (inputs[pair].astype("float32") * stretch for pair in (first, second))
        points = np.concatenate([left, (left + right) / 2, right])
        p = np.asarray(head(points, training=False), "float64")[:, 0].reshape(3, -1)
        p = p[:, ((p > 1e-3) & (p < 1 - 1e-3)).all(axis=0)]
        logits = np.log(p / (1 - p))
        if np.any(abs(logits[1] - (logits[0] + logits[2]) / 2) > 1e-2):
            return True
    return False


def _by_relu(head: Any, inputs: np.ndarray) -> np.ndarray:
    """Return what the weights of a hidden layer and a sigmoid say with a ReLU between them."""
    kernel, bias, last, end = head.get_weights()
    return 1 / (1 + np.exp(-(np.maximum(inputs @ kernel + bias, 0) @ last + end)))


def _has_a_hidden_layer(head: Any, inputs: np.ndarray) -> None:
    """Ask for a head with one hidden layer, a ReLU behind it, and a sigmoid unit."""
    features = inputs.shape[1]
    need(isinstance(head, keras.Model), "return the head itself, a Keras model.")
    need(head.input_shape == (None, features), f"it has to take {features} features.")
    p = np.asarray(head(inputs[:9], training=False))
    need(p.shape == (9, 1), f"nine images get the shape {p.shape}: one sigmoid unit at the end.")
    spread = np.asarray(head(np.random.default_rng(0).normal(0, 9, (50, features)), training=False))
    hint = "it says more than 1, or less than 0: no probability without the sigmoid."
    need(spread.min() >= 0 and spread.max() <= 1, hint)
    wanted = features * HIDDEN + 2 * HIDDEN + 1
    weights = head.count_params()
    need(weights != features + 1, "that is the head as it was: there is no hidden layer.")
    hint = f"it learns {weights} numbers, where {HIDDEN} units in one layer make {wanted}."
    need(weights == wanted, hint)
    need(bends(head, inputs), "without an activation between them two layers say no more than one.")
    need(np.allclose(p, _by_relu(head, inputs[:9]), atol=1e-4), "it bends, but not as a ReLU does.")


def _dropped(head: keras.Model) -> float:
    """Return how often a head, in training, drops the one feature that a row has.

    NaN where its answers are not two: that without the feature, and that with it.
    """
    rows = np.zeros((4000, head.input_shape[1]), "float32")
    rows[:, 0] = 9
    says = np.asarray(head(rows, training=True))
    gone = np.isclose(says, np.asarray(head(rows[:1] * 0, training=False)), atol=1e-5)
    kept = says[~gone]
    return float("nan") if kept.size and np.ptp(kept) > 1e-4 else float(gone.mean())


def _drops_as(head: keras.Model, model: keras.Model, inputs: np.ndarray) -> None:
    """Ask that a head has the dropout of another, in the same place."""
    twice = [np.asarray(head(inputs[:9], training=True)) for _ in range(2)]
    need(not np.allclose(twice[0], twice[1]), "`new_head` has a dropout, and this has none.")
    found = _dropped(head)
    wanted = _dropped(model)
    hint = "the dropout of `new_head` stands before all else, and once: put it there."
    need(found > 0.001, hint)
    hint = f"it drops {found:.0%} of the features, and `new_head` {wanted:.0%}: one rate for both."
    need(abs(found - wanted) < 0.03, hint)


def _learns_as(head: keras.Model, model: keras.Model) -> None:
    """Ask that a head is compiled as another is: the optimizer, its rate, and the loss."""
    need(head.compiled, "it is not compiled, so it cannot learn.")
    way = "compile it as `new_head` does."
    both = [one.optimizer for one in (head, model)]
    names = [f"{type(one).__name__} at a rate of {float(one.learning_rate):g}" for one in both]
    need(names[0] == names[1], f"it learns by {names[0]}, and `new_head` by {names[1]}: {way}")
    settings = [{**one.get_config(), "name": ""} for one in both]
    need(settings[0] == settings[1], f"its optimizer is set in another way: {way}")
    need(head.loss is not None, f"it has no loss: {way}")
    truth = np.array([[0.0], [1.0], [1.0]], "float32")
    says = np.array([[0.1], [0.7], [0.2]], "float32")
    # What a regularizer adds is no part of the loss that is named in compile.
    losses = [
        float(one.compute_loss(y=truth, y_pred=says) - sum(one.losses)) for one in (head, model)
    ]
    need(np.isclose(losses[0], losses[1], atol=1e-4), f"it has another loss: {way}")


def hide_a_layer(
    wide_head: Callable, new_head: Callable, learn: Callable, found: dict[str, np.ndarray]
) -> str:
    """Judge a head with a hidden layer, and let both learn; return their scores."""
    inputs = found["train"]
    head = call(wide_head, 1)
    _has_a_hidden_layer(head, inputs)
    p = np.asarray(head(inputs[:9], training=False))
    _drops_as(head, new_head(1), inputs)
    again = np.asarray(call(wide_head, 1)(inputs[:9], training=False))
    need(np.allclose(p, again), "the same seed gives another head: set it first.")
    other = np.asarray(call(wide_head, 2)(inputs[:9], training=False))
    need(not np.allclose(p, other), "another seed gives the same head: use the one that is given.")
    _learns_as(head, new_head(1))
    both = np.concatenate([found["train"], found["val"]])
    told = []
    for number in (10, min(192, len(both) // 2 * 2)):
        scores = [learn(make(0), both, found["test"], number, 0) for make in (new_head, wide_head)]
        told.append(f"from {number} images {scores[0]:.2f} without and {scores[1]:.2f} with it")
    return f"{'; '.join(told)}. One subset each: a difference of an image or two is luck."


def start_fresh(
    fresh_start: Callable,
    unfrozen: Callable,
    backbone: keras.Model,
    pixels: np.ndarray,
    labels: np.ndarray,
) -> str:
    """Judge a fine-tuning that begins with an untrained head; return its first losses."""
    some = np.concatenate([np.flatnonzero(labels == kind)[:16] for kind in (0, 1)])
    few = pixels[some]
    network = call(fresh_start, 2e-4)  # not the chapter's own rate
    need(isinstance(network, keras.Model), "return the network itself, a Keras model.")
    need(network.output_shape[1:] == (1,), "the network gives one answer an image.")
    trained = unfrozen(rate=2e-4)
    says, said = (np.asarray(one.predict(few, verbose=0)) for one in (network, trained))
    need(not np.allclose(says, said, atol=1e-4), "that head is the trained one still.")
    maps = [keras.Sequential(one.layers[:-1]).predict(few, verbose=0) for one in (network, trained)]
    need(
        np.allclose(maps[0], maps[1], atol=1e-3),
        "the backbone is another one: it keeps its weights.",
    )
    free = len(network.trainable_weights), len(trained.trainable_weights)
    need(free[0] <= free[1], "more is unfrozen than before: batch normalisation, too?")
    need(free[0] == free[1], "less is unfrozen than before: head and last layers both learn.")
    rate = float(network.optimizer.learning_rate) if network.compiled else 0
    need(network.compiled, "it is not compiled, so it cannot learn.")
    need(np.isclose(rate, 2e-4), f"it learns at a rate of {rate:g}, not at the one that is given.")
    fit = {"epochs": 1, "batch_size": 16, "verbose": 0}
    runs = [one.fit(few, labels[some, None], **fit).history for one in (network, trained)]
    return (
        f"in the first steps, on {len(some)} images, the loss is {runs[0]['loss'][0]:.2f} with "
        f"a fresh head and {runs[1]['loss'][0]:.2f} with the trained one; the larger it is, the "
        "more is sent back into the backbone."
    )


check_1 = here(
    1,
    "How much is learnt?",
    3,
    """\
*Predict, then run.* How many numbers does the head learn, weights and biases together? And how many
would a head learn that has a hidden layer of `64` units between the features and the sigmoid unit?
(Dropout learns none.) Write both down as sums; the check builds the heads, and counts.""",
    """
small_count = x.shape[1] + 1  # solution
large_count = 64 * (x.shape[1] + 1) + 64 + 1  # solution
check_1(small_count, large_count, head, x)
""",
    count_weights,
    (
        "A unit has a weight for each number that it reads, and a bias.",
        "The 64 units read the features; one unit more reads the 64.",
    ),
)
check_2 = here(
    2,
    "A hidden layer",
    6,
    """\
Build that larger head, with a ReLU behind the hidden layer, and all else as in `new_head`. Does it
help with ten images, and with nearly all? The check looks at what the head does, and then lets both
heads learn from the set that you loaded: with `COURSE_DATA`, from your own.""",
    """
def wide_head(seed=1):
    keras.utils.set_random_seed(seed)
    inner = [layers.Dropout(0.2), layers.Dense(64, activation="relu")]  # solution
    outer = layers.Dense(1, activation="sigmoid")  # solution
    wide = keras.Sequential([keras.Input(x.shape[1:]), *inner, outer])  # solution
    wide.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")  # solution
    return wide

check_2(wide_head, new_head, learn, found)
""",
    hide_a_layer,
    (
        "A `layers.Dense` of 64 units with a ReLU stands between dropout and sigmoid unit.",
        "Begin with `keras.Input(x.shape[1:])`, as `new_head` does.",
    ),
)
check_3 = here(
    3,
    "Fine-tune with a fresh head",
    6,
    """\
What is the first rule of fine-tuning worth? Write a function that returns what `unfrozen(rate)`
does, but with a head that has learnt nothing. The backbone keeps its weights, and just as many of
its layers are free. Before you run it: is the loss in the first steps larger or smaller than with
the trained head? The check trains both for a few steps.""",
    """
def fresh_start(rate):
    network = unfrozen(rate)
    network.layers[-1].set_weights(new_head(seed=2).get_weights())  # solution
    return network  # solution

check_3(fresh_start, unfrozen, model, pixels, y)
""",
    start_fresh,
    (
        "`unfrozen(rate)` is a stack whose last layer is the head: `network.layers[-1]`.",
        "`new_head(seed=2)` has learnt nothing; `set_weights` takes what `get_weights` gives.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
