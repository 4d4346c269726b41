"""What `tools.measure` cross-validates: networks from scratch, and a rival without a gradient."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from helpers.data import DataSet, Split, load
from helpers.network import EPOCHS, SIZE, three_blocks
from tools import patches

LARGE = (128, 128)
LAST = 5  # epochs whose weights are averaged: a third of them
AGAIN = 1000  # the seed of a second training; the first have those of the divisions
Answers = Callable[[np.ndarray], np.ndarray]  # images to the probability of their second class


@dataclass(frozen=True)
class Design:
    """How it trains, at which height and width, and what the table calls each way it answers.

    `train` takes images and labels, and returns as many ways to answer as `says` has names.
    """

    train: Callable[[np.ndarray, np.ndarray], tuple[Answers, ...]]
    size: tuple[int, int]
    says: dict[str, str]


def answers_of(model: keras.Model) -> Answers:
    """Return what a network says of images."""
    return lambda images: model.predict(images, verbose=0)[:, 0]


def of_patches(images: np.ndarray, labels: np.ndarray) -> tuple[Answers]:
    """Find filters in the rendered rooms alone, and weigh them by the labels of these images."""
    filters = patches.find_filters(samples(images.shape[1:3])[0])
    return (patches.fitted(images, labels, filters),)


def plain(images: np.ndarray, labels: np.ndarray) -> tuple[Answers, Answers]:
    """Train the network of chapter 4 as the chapter does, and average its last weights.

    Where the last epoch leaves the threshold is luck; the mean of the last epochs wanders less.
    """
    model, average = (three_blocks(images.shape[1:3]) for _ in range(2))
    kept = []
    keep = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: kept.append(model.get_weights())
    )
    model.fit(images, labels, batch_size=32, epochs=EPOCHS, verbose=0, callbacks=[keep])
    average.set_weights([np.mean(same, axis=0) for same in zip(*kept[-LAST:], strict=True)])
    return answers_of(model), answers_of(average)


def augmented(size: tuple[int, int]) -> keras.Sequential:
    """Build four normalised blocks behind random crops, flips and light: 99,000 parameters."""
    model = keras.Sequential(
        [
            keras.Input((*size, 3)),
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.15, 0.15, fill_mode="reflect"),
            layers.RandomZoom((-0.4, 0.0), fill_mode="reflect"),
            layers.RandomBrightness(0.15, value_range=(0, 255)),
            layers.RandomContrast(0.2, value_range=(0, 255)),
            layers.Rescaling(1 / 127.5, -1),
        ]
    )
    for i, filters in enumerate((16, 32, 64, 128)):
        first = i == 0
        model.add(
            layers.Conv2D(filters, 5 if first else 3, 2 if first else 1, "same", use_bias=False)
        )
        # The default momentum lags behind so few steps: mistake 12 of chapter 5.
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.Activation("relu"))
        model.add(layers.MaxPooling2D() if i < 3 else layers.GlobalAveragePooling2D())
    model.add(layers.Dropout(0.3))
    model.add(layers.Dense(1, activation="sigmoid"))
    return model


def mixed(images: np.ndarray, labels: np.ndarray) -> tf.data.Dataset:
    """Blend each image and label with another's (Zhang et al., "mixup", 2018)."""
    one, other = (
        tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(images)).batch(32)
        for _ in range(2)
    )

    def blend(a: tuple, b: tuple) -> tuple:
        share = tf.random.uniform((tf.shape(a[1])[0], 1))
        wide = share[:, :, None, None]
        first, second = (tf.cast(x, tf.float32) for x in (a[0], b[0]))
        return first * wide + second * (1 - wide), a[1] * share + b[1] * (1 - share)

    return tf.data.Dataset.zip(one, other).map(blend)


def with_samples(images: np.ndarray, labels: np.ndarray) -> tuple[Answers]:
    """Train the augmented network on blends of these images and the course's rendered rooms.

    The last epochs take the images alone and unblended, so that the batch normalisation sees the
    contrast that it will meet in use.
    """
    rendered, theirs = samples(images.shape[1:3])
    both = np.concatenate([images, rendered]), np.concatenate([labels, theirs])
    model = augmented(images.shape[1:3])
    steps = 40 * -(-len(both[0]) // 32) + 12 * -(-len(images) // 32)
    rate = keras.optimizers.schedules.CosineDecay(
        4e-4, steps - steps // 10, warmup_target=4e-3, warmup_steps=steps // 10
    )
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=1e-2),
        keras.losses.BinaryCrossentropy(label_smoothing=0.1),
    )
    model.fit(mixed(*both), epochs=40, verbose=0)
    model.fit(images, labels, batch_size=32, epochs=12, verbose=0)
    return (answers_of(model),)


def with_samples_again(images: np.ndarray, labels: np.ndarray) -> tuple[Answers]:
    """Train the same from other first weights, to be averaged with the former."""
    keras.utils.set_random_seed(AGAIN)
    return with_samples(images, labels)


@functools.cache
def samples(size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Read the rendered rooms: uint8 (n, height, width, 3) and float32 (n, 1)."""
    return pooled(load("rooms", source="samples")).arrays(size)


def pooled(data: DataSet) -> Split:
    """Put every labelled image into one split, to be cut into folds."""
    return data.train + data.val + data.test


DESIGNS = {
    "patches": Design(
        of_patches, SIZE, {"patches": "filters from patches of the samples, and a ridge"}
    ),
    "plain": Design(
        plain,
        SIZE,
        {
            "plain": "three blocks, as in chapter 4",
            "steady": "three blocks, weights of the last five epochs averaged",
        },
    ),
    "samples": Design(
        with_samples, LARGE, {"samples": "four blocks, augmented, the samples added"}
    ),
    "again": Design(
        with_samples_again, LARGE, {"again": "four blocks, augmented, the samples added, anew"}
    ),
}
# The mean of two answers: nothing more is trained.
AVERAGES = {
    "three blocks averaged, with patches and ridge": ("steady", "patches"),
    "four blocks, with patches and ridge": ("samples", "patches"),
    "four blocks, trained twice": ("samples", "again"),
    "four blocks, trained twice, with patches and ridge": ("samples", "again", "patches"),
}
