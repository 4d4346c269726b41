"""The exercises on feeding a network: the solution passes, and no other answer, on two sets."""

import numpy as np
import pytest
import tensorflow as tf
from answers import SETS, cases, line, memory, own_photos

from tools.exercises import exercises, learners_source

CHAPTER = exercises("generators")
each = pytest.mark.parametrize("exercise", CHAPTER, ids=lambda exercise: exercise.title)


@pytest.fixture(scope="module", params=SETS)
def space(request, tmp_path_factory):
    own = request.param != "samples" and own_photos(tmp_path_factory.mktemp("own"))
    with pytest.MonkeyPatch.context() as patch:
        # The comparison of three trainings is none of the exercises' business.
        patch.setattr("keras.Sequential.fit", lambda *_, **__: None)
        return memory("generators", own, ("few", "photo", "augment"))


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
        light(f"[*augmentation(), {BRIGHT}(0.05)]"): "none of 64 moved",
        light(f"[*augmentation(), {BRIGHT}((0, 0.2))]"): "none is darker",
        light(f"[*augmentation(), {BRIGHT}((-0.2, 0))]"): "none is lighter: up",
        light(f"[*augmentation(), {BRIGHT}(0.2, value_range=(0, 1))]"): "nearly black",
        light(f"[*augmentation(), {BRIGHT}(51)]"): "ValueError",
        light(f"[layers.RandomFlip(), *augmentation(), {BRIGHT}(0.2)]"): "on their heads",
        light(f"[layers.RandomRotation(0.5), {BRIGHT}(0.2)]"): "on their heads",
        light(f"{BRIGHT}(0.2)"): "a list of layers",
    },
}


@each
def test_the_solution_is_right_and_the_untouched_cell_not_answered(exercise, space, capsys):
    assert line(exercise, exercise.source, space, capsys).startswith("right: ")
    assert line(exercise, learners_source(exercise), space, capsys) == "not answered yet"


@pytest.mark.parametrize("exercise, code, hint", cases(CHAPTER, WRONG))
def test_a_wrong_answer_gets_the_hint_that_fits(exercise, code, hint, space, capsys):
    said = line(exercise, code, space, capsys)
    assert said.startswith("not yet: ") and hint in said


def test_fewer_photographs_than_a_batch_are_left_out_for_good(capsys):
    assert line(CHAPTER[0], left(12, 12), {"few": range(12)}, capsys).startswith("right: ")
    assert "not yet" in line(CHAPTER[0], left(12, 0), {"few": range(12)}, capsys)


def at_random(rng):
    def two(n):
        held = rng.random(n) < 0.2
        chains = [np.flatnonzero(held), rng.permutation(n)]
        return tuple(tf.data.Dataset.from_tensor_slices(chain) for chain in chains)

    return two


@each
def test_no_answer_at_random_passes(exercise, space):
    rng = np.random.default_rng(exercise.number)
    rest = space["photo"] if exercise.number == 3 else space["few"]
    for _ in range(6):
        answers = {
            1: tuple(rng.integers(1, 30, 2).tolist()),
            2: (at_random(rng),),
            3: (lambda: [tf.keras.layers.GaussianNoise(rng.random() * 255)],),
        }[exercise.number]
        assert exercise.verdict(*answers, rest)[0] == "not yet", answers
