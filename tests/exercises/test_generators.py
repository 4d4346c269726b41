"""The exercises on feeding a network: the solution passes, and no other answer, on two sets."""

import numpy as np
import tensorflow as tf
from exercised import Exercised

from tools.exercises import exercises


def left(out, never):
    return f"check_1({out}, {never}, few)"


def chains(fifth, rest, before="mixed = np.random.default_rng(1).permutation(n)"):
    return (
        f"def two_chains(n):\n    {before}\n    of = tf.data.Dataset.from_tensor_slices\n"
        f"    return {fifth}, {rest}\ncheck_2(two_chains, few)"
    )


def shuffled(how):
    return f"mixed = tf.data.Dataset.range(n).shuffle({how})"


def light(layer):
    return f"def light_too():\n    return {layer}\ncheck_3(light_too, photo)"


TAKEN = ("mixed.take(n // 5)", "mixed.skip(n // 5)")
CUT = ("of(mixed[: n // 5])", "of(mixed[n // 5 :]).shuffle(n)")
BRIGHT = "layers.RandomBrightness"
WRONG = {
    1: {
        left("len(few) // 30", 0): "full batches",
        left("-len(few) % 30", 0): "lacking",
        left(30, 0): "whole batch",
        left(0, 0): "do not make whole batches",
        left("len(few) % 30 + 100", 0): "left over",
        left("len(few) % 30", "len(few) % 30"): "here shuffle begins anew",
        left("len(few) % 30", 1): "would one have to be",
    },
    2: {
        chains(*TAKEN, shuffled("n, seed=1")): "were trained on",
        chains(*TAKEN, shuffled("10, seed=1")): "were trained on",
        chains(*TAKEN, shuffled("n, seed=1, reshuffle_each_iteration=False")): "it is frozen",
        chains("of(mixed[: n // 5])", "of(mixed[n // 5 :])"): "it is frozen",
        chains("of(range(n)).take(n // 5)", "of(range(n)).skip(n // 5).shuffle(n)"): "one class",
        chains("of(range(n)).skip(n - n // 5)", "of(range(n)).take(n - n // 5).shuffle(n)"): (
            "one class"
        ),
        chains(CUT[0], "of(mixed[n // 5 :]).repeat(2).shuffle(2 * n)"): "more than once",
        chains("of(mixed[: n // 2])", "of(mixed[n // 2 :]).shuffle(n)"): "you hold back",
        chains(CUT[0], "of(mixed[n // 5 + 3 :]).shuffle(n)"): "neither in the test",
        chains("set(mixed[: n // 5])", "set(mixed[n // 5 :])"): "two chains",
        chains("of(mixed[:0])", "of(mixed).shuffle(n)"): "you hold back 0",
    },
    3: {
        light(f"[{BRIGHT}(0.2)]"): "none is mirrored",
        light(f"[layers.RandomFlip('horizontal'), {BRIGHT}(0.2)]"): "none is turned",
        light("augmentation()"): "none is lighter or darker",
        light("[*augmentation(), layers.RandomContrast(0.2)]"): "none is lighter or darker",
        light(f"[*augmentation(), {BRIGHT}(0.5)]"): "of 255; a fifth is 51",
        light(f"[*augmentation(), {BRIGHT}(0.05)]"): "none of 256 moved",
        light(f"[*augmentation(), {BRIGHT}(0.18)]"): "none of 256 moved",
        light(f"[*augmentation(), {BRIGHT}((-0.2, 0.1))]"): "one way they move by",
        light(f"[*augmentation(), {BRIGHT}((0, 0.2))]"): "none is darker",
        light(f"[*augmentation(), {BRIGHT}((-0.2, 0))]"): "none is lighter: up",
        light(f"[*augmentation(), {BRIGHT}(0.2, value_range=(0, 1))]"): "nearly black",
        light(f"[*augmentation(), {BRIGHT}(51)]"): "ValueError",
        light(f"[layers.RandomFlip(), *augmentation(), {BRIGHT}(0.2)]"): "on their heads",
        light(f"[layers.RandomRotation(0.5), {BRIGHT}(0.2)]"): "on their heads",
        light(f"{BRIGHT}(0.2)"): "a list of layers",
    },
}


def at_random(rng):
    def two(n):
        held = rng.random(n) < 0.2
        chains = [np.flatnonzero(held), rng.permutation(n)]
        return tuple(tf.data.Dataset.from_tensor_slices(chain) for chain in chains)

    return two


class TestGenerators(Exercised):
    chapter = "generators"
    needed = ("few", "photo", "augment")
    # The comparison of three trainings is none of the exercises' business.
    patches = {"keras.Sequential.fit": lambda *_, **__: None}
    tries = dict.fromkeys((1, 2, 3), 6)  # each goes through chains of pictures
    wrong = WRONG

    def guess(self, number, rng, solution):
        return {
            1: lambda: (*rng.integers(1, 30, 2).tolist(), *solution[2:]),
            2: lambda: (at_random(rng), *solution[1:]),
            3: lambda: (lambda: [tf.keras.layers.GaussianNoise(rng.random() * 255)], *solution[1:]),
        }[number]()

    def test_fewer_photographs_than_a_batch_are_left_out_for_good(self, capsys):
        exercise = exercises(self.chapter)[0]
        twelve = {"few": range(12)}
        assert self.said(exercise, left(12, 12), twelve, capsys).startswith("right: ")
        assert "not yet" in self.said(exercise, left(12, 0), twelve, capsys)
