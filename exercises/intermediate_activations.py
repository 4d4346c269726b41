"""Exercises of the chapter on what layers respond to."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import layers

from helpers.exercises import Exercise, call, need

here = partial(Exercise, "intermediate_activations")


def width_seen(blocks: int, pooled: bool) -> int:
    """Count the columns that one place sees behind so many convolutions, by lighting up each."""
    stack = keras.Sequential([keras.Input((128, 128, 1))])
    for block in range(blocks):
        stack.add(layers.Conv2D(1, 3, kernel_initializer="ones"))
        if block < blocks - 1 or pooled:
            stack.add(layers.AveragePooling2D(2))
    lit = np.zeros((128, 128, 128, 1), "float32")
    lit[np.arange(128), :, np.arange(128)] = 1
    answers = stack.predict(lit, verbose=0)[..., 0]
    return int((answers[:, 2, 2] > 0).sum())


def see_wider(side_conv: float, side_pool: float) -> str:
    """Judge two receptive fields by measuring them; return what was measured."""
    conv = width_seen(4, pooled=False)
    pool = width_seen(4, pooled=True)
    before = width_seen(3, pooled=True)
    step = 8  # pixels of the photograph from one place of pool_3 to the next
    need(side_conv != before + 2, f"one place further in pool_3 is {step} pixels further, not one.")
    need(side_conv != before + 3 * step, "of three places in a row two are beyond the first.")
    need(side_conv != 3 * before, "neighbours overlap: what they see does not add up.")
    hint = f"conv_4: two places beyond the first, each {step} pixels on."
    need(side_conv == conv, hint)
    need(side_pool != conv + 1, f"the neighbour is {step} pixels away, not one.")
    need(side_pool != 2 * conv, "neighbours overlap: pooling does not double what is seen.")
    need(side_pool != conv + 2 * step, "the step grows behind the pooling, and not in it.")
    need(side_pool == pool, "pool_4 sees what two neighbours in conv_4 see, together.")
    return (
        f"lit up column by column, a stack of four blocks notices {conv} columns behind its last "
        f"convolution and {pool} behind its last pooling."
    )


def find_upright(
    number: Any, kernel: Any, model: keras.Model, edges: np.ndarray, look: Callable, inside: Any
) -> str:
    """Judge the filter that follows upright edges, and its weights for red."""
    responds = np.ptp(look(inside, edges)["conv_1"], axis=(1, 2))
    more = responds[0] - responds[1]
    weights = model.get_layer("conv_1").get_weights()[0]
    filters = weights.shape[-1]
    need(np.ndim(number) == 0, "the number of one filter is asked.")
    need(number == int(number) and 0 <= number < filters, f"filters go from 0 to {filters - 1}.")
    need(number != more.argmin(), "that one follows level edges: the other picture.")
    strong = responds[0].argmax()
    hint = "it answers to the upright edge most, but to the level one nearly as much."
    need(number == more.argmax() or number != strong, hint)
    hint = (
        f"filter {number} changes by {more[int(number)]:.2f} more; another one by more than that."
    )
    need(number == more.argmax(), hint)
    kernel = np.asarray(kernel)
    need(kernel.shape == (3, 3), f"the shape is {kernel.shape}: three rows and three columns.")
    true = weights[:, :, 0, number]
    misread = [weights[..., number][row] for row in range(3)]
    hint = "that is one row of the kernel, by column and colour: colours are the third axis."
    need(not any(np.allclose(kernel, one) for one in misread), hint)
    need(np.allclose(kernel, true) or not np.allclose(kernel, true.T), "rows and columns swapped.")
    others = [weights[:, :, colour, number] for colour in (1, 2)]
    need(not any(np.allclose(kernel, one) for one in others), "that is green or blue: red is 0.")
    need(np.allclose(kernel, true), f"these are not the weights of filter {number}.")
    left, middle, right = true.sum(axis=0)
    return (
        f"filter {number}; from left to right its columns for red sum up to {left:+.2f}, "
        f"{middle:+.2f} and {right:+.2f}: the larger the difference, the more it minds what is "
        "beside."
    )


def silence(without: Callable, longest: int, model: keras.Model, images: np.ndarray) -> str:
    """Judge the answers without a unit; return what the longest bar decides."""
    units = np.asarray(keras.Model(model.inputs[0], model.layers[-2].output)(images))
    said = np.asarray(model(images, training=False))[:, 0]
    weights, bias = model.get_weights()[-2:]
    shares = units * weights[:, 0]
    sums = shares.sum(axis=1) + bias[0]
    true = _sigmoid(sums[:, None] - shares)
    for unit in np.abs(true - said[:, None]).max(axis=0).argsort()[::-1][:4]:
        found = np.asarray(call(without, int(unit))).squeeze()
        again = np.asarray(model(images, training=False))[:, 0]
        need(np.allclose(again, said, atol=1e-5), "the network is changed: put its weights back.")
        hint = f"the shape is {found.shape}: one probability for each of {len(said)} photographs."
        need(found.shape == said.shape, hint)
        close = partial(np.allclose, found, atol=1e-4)
        if close(true[:, unit]):
            continue
        need(found.dtype != bool and set(found) - {0, 1}, "probabilities are asked, no answers.")
        need(not close(said), f"unit {unit} still speaks: the answers are as before.")
        need(not close(sums - shares[:, unit]), "these are sums: the sigmoid is missing.")
        need(not close(_sigmoid(sums - shares[:, unit] - bias[0])), "the bias is silent, too.")
        need(not close(_sigmoid(shares[:, unit] + bias[0])), "you silenced all units but this.")
        hint = f"without unit {unit} the first photograph has {true[0, unit]:.3f}, by yours "
        need(False, hint + f"{found[0]:.3f}: its share in the sum is its value times its weight.")
    changed = ((true >= 0.5) != (said >= 0.5)[:, None]).sum(axis=0)
    return (
        f"without unit {longest} {changed[longest]} of {len(said)} answers change, and without any "
        f"other unit at most {np.delete(changed, longest).max()}."
    )


def _sigmoid(sums: np.ndarray) -> np.ndarray:
    """Turn sums into probabilities."""
    return 1 / (1 + np.exp(-sums))


check_1 = here(
    1,
    "A fourth block",
    3,
    """\
*Predict, then run.* Behind `pool_3` comes one block more: `conv_4` with a kernel of 3 x 3, and a
pooling of 2 x 2. How many pixels of the photograph, from left to right, does one place of each see?
The check builds such a stack, lights up one column of pixels after the other, and counts.""",
    """
side_before, step_before = receptive_field("pool_3")
side_conv = side_before + 2 * step_before  # solution
side_pool = side_conv + step_before  # solution
check_1(side_conv, side_pool)
""",
    see_wider,
    (
        "A kernel of three looks at a place of `pool_3` and at two more beside it.",
        "Each place beside it looks `step_before` pixels further on; what they see overlaps.",
    ),
)
check_2 = here(
    2,
    "A filter for upright edges",
    5,
    """\
Two pictures have one edge each, the first an upright one, the second a level one. `responds` holds
how far each filter of the first convolution goes up and down at either. Find the filter whose first
number exceeds its second by most. And which are its weights for red? `get_weights()[0]` has four
axes: rows, columns, colours (0 is red) and filters. Then look at the filter in the explorer: does
it do on a photograph what it does here?""",
    """
edge_pictures = np.zeros((2, *network.size, 3), "uint8")
edge_pictures[0, :, network.size[1] // 2 :] = 255
edge_pictures[1, network.size[0] // 2 :] = 255
responds = np.ptp(look(inside, edge_pictures)["conv_1"], axis=(1, 2))
upright_most = int(np.argmax(responds[0] - responds[1]))  # solution
for_red = model.get_layer("conv_1").get_weights()[0][:, :, 0, upright_most]  # solution
check_2(upright_most, for_red, model, edge_pictures, look, inside)
""",
    find_upright,
    (
        "`responds[0]` is how far each filter's map goes up and down at the upright edge.",
        "`np.argmax` of a difference gives the number; the kernel is `[:, :, 0, number]`.",
    ),
)
check_3 = here(
    3,
    "Silence a unit",
    7,
    """\
How much hangs on one unit? Write a function that returns the probabilities of all validation
photographs as they would be if one unit of the last layer but one said nothing. The longest bar of
the figure above belongs to one: how many of the answers change without it, do you think? With a
folder of your own in `COURSE_DATA` these are your photographs. (Whoever does it with `set_weights`
puts the old weights back afterwards.)""",
    """
def without(unit):
    kept = np.arange(len(weights)) != unit
    sums = val_seen[names[-2]][:, kept] @ weights[kept, 0] + bias[0]  # solution
    return 1 / (1 + np.exp(-sums))  # solution

check_3(without, int(np.abs(parts).argmax()), model, val_images)
""",
    silence,
    (
        "`val_seen[names[-2]]` holds the units' values, one row a photograph.",
        "The sum of the others' values times their weights, and the bias; then the sigmoid.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
