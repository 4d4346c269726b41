"""Right answers that are not the solution's: a check takes them, too."""

import numpy as np
import pytest
import tensorflow as tf

from exercises.generators import divide_first
from exercises.how_a_network_learns import measure_contrast

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
