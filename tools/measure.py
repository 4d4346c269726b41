"""Cross-validate two networks from scratch on the rooms, and write the table in docs/results.md.

`COURSE_DATA=... python -m tools.measure`: five folds, stratified, near-duplicates in one fold, a
fresh network in each, epochs fixed beforehand, every labelled image tested once.
Nothing is chosen by looking at a held-out fold.
"""

import functools
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from helpers import start

start()

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402

from helpers.audit import groups, inspect_all  # noqa: E402
from helpers.data import DataSet, Split, load  # noqa: E402
from helpers.evaluate import folds, wilson  # noqa: E402
from helpers.network import EPOCHS, SIZE, three_blocks  # noqa: E402

PAGE = Path(__file__).resolve().parents[1] / "docs" / "results.md"
FOLDS = 5
LARGE = (128, 128)
HEAD = """\
| network | division | images | accuracy | interval | CPU seconds a fold |
|---|---|---|---|---|---|"""


def plain(images: np.ndarray, labels: np.ndarray) -> keras.Model:
    """Train the network of chapter 4 as the chapter does."""
    model = three_blocks(images.shape[1:3])
    model.fit(images, labels, batch_size=32, epochs=EPOCHS, verbose=0)
    return model


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


def with_samples(images: np.ndarray, labels: np.ndarray) -> keras.Model:
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
    return model


@functools.cache
def samples(size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Read the rendered rooms: uint8 (n, height, width, 3) and float32 (n, 1)."""
    return pooled(load("rooms", source="samples")).arrays(size)


Train = Callable[[np.ndarray, np.ndarray], keras.Model]
# How each trains, at which size, and how many random divisions into folds are worth its time.
DESIGNS: dict[str, tuple[Train, tuple[int, int], int]] = {
    "three blocks, as in chapter 4": (plain, SIZE, 2),
    "four blocks, augmented, the samples added": (with_samples, LARGE, 1),
}


def cross_validate(split: Split, train: Train, size: tuple[int, int], seed: int) -> str:
    """Return a row's figures: accuracy, its interval, and CPU seconds a fold."""
    images, labels = split.arrays(size)
    fold = folds(split.labels, groups(inspect_all(split.files)), FOLDS, seed)
    right = 0
    cpu = time.process_time()
    for held_out in range(FOLDS):
        keras.utils.set_random_seed(seed)
        inside = fold != held_out
        model = train(images[inside], labels[inside])
        said = model.predict(images[~inside], verbose=0) >= 0.5
        right += int((said == labels[~inside]).sum())
        keras.backend.clear_session()
    low, high = wilson(right, len(split))
    seconds = (time.process_time() - cpu) / FOLDS
    return f"{right / len(split):.3f} | {low:.2f} to {high:.2f} | {seconds:.0f}"


def pooled(data: DataSet) -> Split:
    """Put every labelled image into one split, to be cut into folds."""
    return data.train + data.val + data.test


def write(
    rows: list[str],
    head: str = HEAD,
    name: str = "measured",
    page: Path | None = None,
    on: str = "",
) -> None:
    """Put a table and what it was measured with, and on, between a page's markers of this name."""
    page = page or PAGE
    stamp = (
        f"<!-- measured {date.today()}, Python {platform.python_version()}, "
        f"TensorFlow {tf.__version__}, Keras {keras.__version__}{on and f', on {on}'} -->"
    )
    before, rest = page.read_text().split(f"<!-- {name} -->\n")
    after = rest.split("<!-- end -->", 1)[1]
    lines = [f"<!-- {name} -->", head, *rows, "", stamp, "<!-- end -->"]
    page.write_text(before + "\n".join(lines) + after)


def main() -> None:
    """Measure, print, and write the table: after each row, for the whole takes a while."""
    if not os.environ.get("COURSE_DATA"):
        sys.exit("Set COURSE_DATA to the photographs, or to kaggle: the samples are trained on.")
    split = pooled(load("rooms"))
    rows: list[str] = []
    for design, (train, size, divisions) in DESIGNS.items():
        for seed in range(divisions):
            figures = cross_validate(split, train, size, seed)
            rows.append(f"| {design} | {seed + 1} | {len(split)} | {figures} |")
            print(rows[-1], flush=True)
            write(rows)


if __name__ == "__main__":
    main()
