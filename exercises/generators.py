"""Exercises of the chapter on how pictures get to the network."""

from collections.abc import Callable, Sized
from functools import partial

import numpy as np

from helpers.exercises import Exercise, call, need

SIZE = 30  # of the batches in the first exercise
EPOCHS = 50
FIFTH = 255 / 5
here = partial(Exercise, "generators")


def drop_the_rest(left_out: int, never: int, few: Sized) -> str:
    """Judge a prediction by the chain itself: whole batches alone, for fifty epochs."""
    import tensorflow as tf

    n = len(few)
    chain = tf.data.Dataset.range(n).shuffle(n, seed=1).batch(SIZE, drop_remainder=True)
    passes = [np.concatenate([[], *chain.as_numpy_iterator()]) for _ in range(EPOCHS)]
    rest = n - len(passes[0])
    unseen = n - len(np.unique(np.concatenate(passes)))
    need(left_out == rest or left_out != n // SIZE, "so many full batches there are.")
    need(left_out == rest or left_out != -n % SIZE, "so many are lacking for one more batch.")
    need(left_out == rest or left_out != SIZE, "a whole batch is not dropped, only a smaller one.")
    need(left_out == rest or left_out != 0, f"{n} photographs do not make whole batches of {SIZE}.")
    need(left_out == rest, f"deal {n} photographs out by {SIZE}: how many are left over?")
    hint = "the same ones are left out each time only if the order stays: here shuffle begins anew."
    need(never == unseen or never != rest, hint)
    hint = f"each is left out in some epochs; in how many of {EPOCHS} would one have to be?"
    need(never == unseen, hint)
    if n < SIZE:
        return f"{n} photographs do not fill one batch of {SIZE}: nothing is ever trained on."
    return (
        f"each epoch leaves out {rest} of {n}, but {EPOCHS} epochs together {unseen}: "
        "they are other ones each time."
    )


def divide_first(two_chains: Callable, few: Sized) -> str:
    """Judge two chains by what five passes of each hand out."""
    for n in (40, len(few)):
        chains = call(two_chains, n)
        pair = isinstance(chains, tuple) and len(chains) == 2
        sound = pair and all(hasattr(chain, "as_numpy_iterator") for chain in chains)
        need(sound, "return two chains, each a tf.data.Dataset.")
        fifths, rests = ([[*c.as_numpy_iterator()] for _ in range(5)] for c in chains)
        held = set(fifths[0])
        leaked = held & set.union(*map(set, rests))
        hint = (
            f"after five passes {len(leaked)} of {len(held)} test pictures were trained on: "
            "nothing may be shuffled anew before it is divided."
        )
        need(not leaked, hint)
        need(all(set(fifth) == held for fifth in fifths), "your test is another one in each pass.")
        hint = f"of {n} a fifth is {n / 5:g}, and you hold back {len(held)}."
        need(abs(len(held) - n / 5) < 1, hint)
        lost = n - len(held | set(rests[0]))
        need(lost == 0, f"{lost} of {n} are neither in the test nor in the training.")
        hint = "the rest hands out some pictures more than once in a pass."
        need(len(rests[0]) == n - len(held), hint)
        hint = "a run of neighbours is of one class, as files lie by class: mix, then divide."
        need(max(held) - min(held) >= len(held), hint)
        hint = "nothing leaks, but the training comes in the same order in each pass: it is frozen."
        need(rests[0] != rests[1], hint)
    return (
        f"of your {n} pictures {len(held)} stay in the test, whatever is shuffled, "
        "and the training is mixed anew in each pass."
    )


def lighten(light_too: Callable, photo: np.ndarray) -> str:
    """Judge an augmentation by what it does to grey, to an edge, and to one of the pictures."""
    import keras

    steps = call(light_too)
    need(isinstance(steps, list | tuple), "return a list of layers, as augmentation does.")
    keras.utils.set_random_seed(0)
    network = keras.Sequential([*steps])

    def versions(picture: np.ndarray, training: bool = True, number: int = 64) -> np.ndarray:
        batch = np.repeat(picture[None].astype("float32"), number, axis=0)
        return np.asarray(network(batch, training=training))

    _light(versions(np.full((32, 32, 3), 128.0), number=256).mean(axis=(1, 2, 3)) - 128)
    edge = np.where(np.arange(32) < 16, 60.0, 160.0)[:, None, None] * np.ones((1, 32, 3))
    _turned(versions(edge), versions(edge.swapaxes(0, 1)))
    need(np.array_equal(versions(photo, False, 1)[0], photo), "it changes what is predicted, too.")
    seen = versions(photo, number=12).mean(axis=(1, 2, 3))
    return (
        f"the brightness of your photograph was {photo.mean():.0f}, and is {seen.min():.0f} to "
        f"{seen.max():.0f} in twelve versions. Draw them: would you label each the same?"
    )


def _light(change: np.ndarray) -> None:
    """Raise NotYet where 256 grey pictures did not become lighter or darker by up to a fifth."""
    need(np.abs(change).max() > 1, "none is lighter or darker.")
    hint = "all are nearly black: the pixels go to 255, which is what value_range has to say."
    need(change.max() > -120, hint)
    need(change.max() > 1, "some are darker, and none is lighter: up to a fifth, either way.")
    need(change.min() < -1, "some are lighter, and none is darker: up to a fifth, either way.")
    most = np.abs(change).max()
    need(most < FIFTH + 1, f"one moved by {most:.0f} of 255; a fifth is {FIFTH:.0f}.")
    need(most > FIFTH * 0.9, f"none of 256 moved by more than {most:.0f}; a fifth is {FIFTH:.0f}.")
    least = min(change.max(), -change.min())
    need(least > FIFTH * 0.9, f"one way they move by {least:.0f} at most; a fifth is {FIFTH:.0f}.")


def _turned(below: np.ndarray, beside: np.ndarray) -> None:
    """Raise NotYet where a picture bright below, or one bright at the right, went another way."""
    halves = [half.mean(axis=(1, 2, 3)) for half in np.split(below, 2, axis=1)]
    need((halves[0] < halves[1]).all(), "some stand on their heads: who takes such photographs?")
    halves = [half.mean(axis=(1, 2, 3)) for half in np.split(beside, 2, axis=2)]
    need((halves[0] > halves[1]).any(), "none is mirrored: augmentation() did that.")
    need(np.ptp(beside, axis=1).max() > 5, "none is turned a little: augmentation() did that.")


check_1 = here(
    1,
    "What is left over",
    3,
    """\
*Predict, then run.* Many programs take whole batches only: `.batch(30, drop_remainder=True)` drops
the last, smaller one. How many of the photographs in `few` does an epoch then leave out? And how
many are left out in *all* of fifty epochs, if `shuffle` stands before it as in the four lines? The
check runs all fifty.""",
    """
left_out = len(few) % 30  # solution
never_in = 0 if len(few) >= 30 else len(few)  # solution
check_1(left_out, never_in, few)
""",
    drop_the_rest,
    (
        "Deal `len(few)` out by 30; what is left over, `%` tells.",
        "Each pass shuffles anew. For one photograph to be left out, it has to come last: always?",
    ),
)
check_2 = here(
    2,
    "Mixed, and divided",
    6,
    """\
Write a function that returns two chains of the numbers from 0 to n - 1: one holds back a fifth,
drawn at random and the same in each pass; the other has the rest, in another order each time. The
check goes over both five times, and looks for what leaks. It does so with 40 numbers, and with as
many as you have photographs in `few`.""",
    """
def two_chains(n):
    mixed = np.random.default_rng(1).permutation(n)
    fifth = tf.data.Dataset.from_tensor_slices(mixed[: n // 5])  # solution
    rest = tf.data.Dataset.from_tensor_slices(mixed[n // 5 :]).shuffle(n)  # solution
    return fifth, rest

check_2(two_chains, few)
""",
    divide_first,
    (
        "`mixed` is a plain array, and stays as it is: cut it before there is any chain.",
        "`tf.data.Dataset.from_tensor_slices(part)` makes a chain; only one of the two shuffles.",
    ),
)
check_3 = here(
    3,
    "Another light",
    6,
    """\
A room is as messy by day as at dusk. Write a function that returns the layers of `augmentation`,
and one more that makes pictures lighter or darker by up to a fifth of the range, which is 0 to 255.
It is tried on grey, on an edge, and on the first tidy photograph of the set that you loaded.""",
    """
def light_too():
    light = layers.RandomBrightness(0.2)  # solution
    return [*augmentation(), light]  # solution

check_3(light_too, photo)
""",
    lighten,
    (
        "The layer is called `layers.RandomBrightness`: `help` says what its `factor` means.",
        "`[*augmentation(), light]` is a list of the old layers and the new one.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
