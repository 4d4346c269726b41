"""Exercises of the chapter on a convolutional network."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from helpers.exercises import Exercise, call, need

HALF = 48  # pixels: the side in the first exercise
here = partial(Exercise, "convolutional_network")


def halve_the_side(side: int, parameters: int, three_blocks: Callable) -> str:
    """Judge a prediction by building the network."""
    small = three_blocks(size=(HALF, HALF))
    true = small.get_layer("pool_3").output.shape[1]
    dense, before = (net.get_layer("dense").count_params() for net in (small, three_blocks()))
    need(side == int(side), "a map has whole pixels: where halving leaves one over, it is dropped.")
    need(side != HALF // 8, "three halvings alone make that; each convolution takes two first.")
    need(side != 5, "half of the 10 that 96 pixels leave; but the convolutions take two each time.")
    need(side != 10, "that is what 96 pixels leave.")
    need(side == true, "three times: take two away, halve, and drop what is over.")
    units = 64
    inputs = true * true * 64
    need(parameters != inputs, "so many numbers go in; each unit has a weight for each of them.")
    need(parameters != inputs * units, "the weights are all there: each unit has a bias, too.")
    need(parameters != before // 4, "a quarter would fit maps of half the side; these are smaller.")
    need(parameters != true * true * units + units, "there are 64 maps of that size, not one.")
    need(parameters == dense, "(numbers that come in + 1) times units: how many come in?")
    return (
        f"maps of {true} x {true}, and {dense:,} parameters in place of {before:,}: "
        f"half the side leaves {dense / before:.0%}."
    )


def blur_it(blur: np.ndarray, convolved: Callable, grey: np.ndarray) -> str:
    """Judge a kernel by what it makes of a flat picture and of a dot."""
    blur = np.asarray(blur, dtype=float)
    need(blur.shape == (3, 3), f"the window is 3 x 3, and your kernel is {blur.shape}.")
    flat = convolved(np.full((9, 9), 0.5), blur).mean()
    need(abs(flat) > 1e-4, "where nothing changes it says 0: it finds edges, or nothing at all.")
    need(not np.isclose(flat, 4.5), "nine times too bright: it adds, and does not average.")
    need(np.isclose(flat, 0.5, atol=1e-4), f"a flat picture of 0.5 becomes {flat:.4f}: 1 / 9?")
    dot = np.zeros((9, 9))
    dot[4, 4] = 1
    seen = convolved(dot, blur)
    need(not np.allclose(seen, dot[1:-1, 1:-1], atol=1e-4), "it leaves a picture as it is.")
    even = np.isclose(seen[2:5, 2:5], 1 / 9, atol=1e-4)
    need(even.all(), "a dot does not spread evenly: each of the nine counts the same.")
    steps = [np.abs(np.diff(picture)).mean() for picture in (grey, convolved(grey, blur))]
    return (
        f"on your picture the mean step to the right falls from {steps[0]:.4f} to {steps[1]:.4f}. "
        "Draw it: broad edges survive, now three pixels wide, and fine ones go."
    )


def slim_down(slim: Callable, three_blocks: Callable, train_pixels: np.ndarray) -> str:
    """Judge a network by its parameters and by what it says of pictures."""
    import keras

    body = three_blocks()
    base = sum(layer.count_params() for layer in body.layers if layer.name.startswith("conv_"))
    last = body.get_layer("pool_3").output.shape[1:]
    network = call(slim)
    need(isinstance(network, keras.Model), "return a network, as keras.Sequential makes one.")
    pictures = train_pixels[:8].astype("float32")
    said = np.asarray(network(pictures, training=False))
    need(said.shape == (len(pictures), 1), f"for 8 pictures it answers {said.shape}: one each.")
    need(not (said == 1).all(), "it always says 1: a softmax over a single unit does that.")
    more = network.count_params() - base
    need(more < body.get_layer("dense").count_params(), "the large dense layer is still in it.")
    need(more != np.prod(last) + 1, "it flattens the maps: average each of them into one number.")
    features = _last_maps(network, pictures)
    need(features.shape[1:] == last, f"the last maps are not those of pool_3, {last}.")
    need(more == last[2] + 1, f"between maps and answer are {more}, where 64 + 1 are enough.")
    weights, bias = next(w for layer in network.layers[::-1] if (w := layer.get_weights()))
    true, by_largest = (
        1 / (1 + np.exp(-(pooled @ weights + bias)))
        for pooled in (features.mean((1, 2)), features.max((1, 2)))
    )
    need(not np.allclose(said, by_largest, atol=1e-4), "it takes the largest of each map.")
    hint = "its answer is no sigmoid of the averages of the maps: look at the activation."
    need(np.allclose(said, true, atol=1e-4), hint)
    whole = body.count_params() + 65
    return (
        f"{base + more:,} parameters in place of {whole:,}. Train it for 15 epochs, then a new one "
        "for 60: is it worse, or only slower?"
    )


def _last_maps(network: Any, pictures: np.ndarray) -> np.ndarray:
    """Return the last maps that pictures become on their way through the layers, one by one."""
    maps = values = pictures
    for layer in network.layers:
        if type(layer).__name__ != "InputLayer":
            values = np.asarray(layer(values))
            maps = values if values.ndim == 4 else maps
    return maps


def find_rival(
    best_share: Callable, edges: Callable, train_pixels: np.ndarray, labels: np.ndarray
) -> str:
    """Judge a function that finds the best share right of one threshold, either way round."""
    rng = np.random.default_rng(0)
    known = rng.permutation(np.repeat([0, 1], 15))
    noise = rng.normal(size=30)
    for numbers in (known + noise / 2, noise, noise - known, noise - 2 * known):
        above = [((numbers >= limit) == known).mean() for limit in numbers]
        best = max(*above, 1 - min(above))
        found = call(best_share, numbers, known)
        need(np.ndim(found) == 0, "return one share, not one for each threshold.")
        need(found <= 1, "a share lies between 0 and 1: count, and divide.")
        need(found <= best + 1e-9, f"no threshold gets {found:.2f} of them right.")
        hint = "here the second class has the smaller numbers: a threshold may be read either way."
        need(not np.isclose(found, max(above)) or np.isclose(found, best), hint)
        hint = (
            f"you found {found:.2f}, and some threshold gets {best:.2f}: try each of the numbers."
        )
        need(np.isclose(found, best), hint)
    rivals = {"edges": edges(train_pixels), "brightness": train_pixels.mean(axis=(1, 2, 3))}
    said = [f"{name} {best_share(number, labels):.2f}" for name, number in rivals.items()]
    return (
        f"of your training pictures one threshold gets right: by {', by '.join(said)}. "
        "What it is worth, the validation images say."
    )


check_1 = here(
    1,
    "Half the side",
    3,
    """\
*Predict, then run.* Give the network pictures of half the side, `size=(48, 48)`. Which side have
the maps that come out of `pool_3` then, and how many parameters has `dense`? A quarter? Calculate
both on paper. The check builds the network, and looks.""",
    """
side_48 = (((48 - 2) // 2 - 2) // 2 - 2) // 2  # solution
dense_48 = (side_48 * side_48 * 64 + 1) * 64  # solution
check_1(side_48, dense_48, three_blocks)
""",
    halve_the_side,
    (
        "Three times the same: a convolution takes two pixels, pooling halves and rounds down.",
        "`flatten` lines up side times side times 64 numbers; each unit has a weight for each, "
        "and a bias.",
    ),
)
check_2 = here(
    2,
    "A kernel that blurs",
    3,
    """\
Make a kernel of 3 x 3 that puts in each place the average of its nine pixels. A flat picture must
stay as bright as it was. The check tries it on a dot, then on `grey`, which is a picture of the set
that you loaded.""",
    """
blur = np.full((3, 3), 1 / 9)  # solution
check_2(blur, convolved, grey)
""",
    blur_it,
    (
        "An average is a sum in which each of nine counts one ninth.",
        "`np.full((3, 3), number)` is a table with the same number everywhere.",
    ),
)
check_3 = here(
    3,
    "A slim network",
    6,
    """\
Nearly all parameters sit behind `flatten`. Build a network without it: `three_blocks` without its
last three layers, then `layers.GlobalAveragePooling2D()`, which makes each map one number, its
average, and then the output of one sigmoid unit. The check looks at its parameters and at its
answers for eight of your pictures, and trains nothing.""",
    """
def slim():
    blocks = [keras.Input((*SIZE, 3)), *three_blocks().layers[:-3]]
    head = [layers.GlobalAveragePooling2D(), layers.Dense(1, activation="sigmoid")]  # solution
    return keras.Sequential([*blocks, *head])  # solution

check_3(slim, three_blocks, train_pixels)
""",
    slim_down,
    (
        "`blocks` ends in `pool_3`: two layers more, in a list, are the head.",
        "`layers.Dense(1, activation='sigmoid')` is the output; `with_sigmoid` has it, too.",
    ),
)
check_4 = here(
    4,
    "A rival for your own set",
    6,
    """\
The rival was one threshold on one number, and "more edges is messy" was known beforehand. On
another set the second class may have *fewer*. Write a function that takes a number for each picture
and the labels, 0 or 1, and returns the largest share that any threshold gets right, read either
way. The check says what edges and brightness reach on the set that you loaded: with `COURSE_DATA`
set to a folder of your own, on that.""",
    """
def best_share(numbers, labels):
    above = [((numbers >= limit) == labels).mean() for limit in numbers]  # solution
    return max(max(above), 1 - min(above))  # solution

check_4(best_share, edges, train_pixels, data.train.labels)
""",
    find_rival,
    (
        "For each number as the limit: `((numbers >= limit) == labels).mean()`.",
        "Read the other way round, a threshold is right just where it was wrong: `1 - share`.",
    ),
)
EXERCISES = (check_1, check_2, check_3, check_4)
