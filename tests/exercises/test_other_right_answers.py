"""Right answers that are not the solution's: a check takes them, too."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from exercises.generators import divide_first
from exercises.how_a_network_learns import measure_contrast
from exercises.upload_and_predict import be_strict
from helpers.classifier import Classifier
from helpers.network import three_blocks

rng = np.random.default_rng(0)


def two_numbers(images):
    grey = images.mean(axis=3) / 255
    edges = np.abs(np.diff(grey, axis=2)).mean(axis=(1, 2))
    return np.stack([edges, grey.mean(axis=(1, 2))], axis=1)


def by_squares(images):
    """The deviation as the root of what rounding may leave below zero."""
    grey = images.mean(axis=3) / 255
    contrast = np.sqrt((grey**2).mean((1, 2)) - grey.mean((1, 2)) ** 2)
    return np.stack([two_numbers(images)[:, 0], contrast], axis=1)


def test_a_contrast_by_the_mean_of_squares():
    images = rng.integers(0, 256, (8, 12, 12, 3)).astype("uint8")
    labels = np.arange(8) % 2
    with np.errstate(invalid="ignore"):
        assert "deviations apart" in measure_contrast(by_squares, two_numbers, images, labels)


@pytest.mark.parametrize("count", [lambda n: n // 5, lambda n: round(n / 5), lambda n: -(-n // 5)])
def test_a_fifth_that_is_no_whole_number(count):
    def two_chains(n):
        mixed = np.random.default_rng(1).permutation(n)
        fifth = tf.data.Dataset.from_tensor_slices(mixed[: count(n)])
        return fifth, tf.data.Dataset.from_tensor_slices(mixed[count(n) :]).shuffle(n)

    assert "stay in the test" in divide_first(two_chains, range(128))


@pytest.mark.parametrize("loses", ["messy", "Messy", 1, np.int64(1)])
def test_a_class_by_its_name_or_its_number(loses):
    images = rng.integers(0, 256, (6, 32, 32, 3)).astype("uint8")
    lenient = Classifier(three_blocks((32, 32)), ("clean", "messy"))
    strict = replace(lenient, threshold=0.8)
    changed = np.flatnonzero(strict.indices(images) != lenient.indices(images))
    assert "away from messy" in be_strict(strict, changed, loses, lenient, images)
