"""Measure how pictures of a user's shape are best fitted to a model: cut, padded or squeezed.

`KERAS_HOME=... COURSE_DATA=folder-of-photographs python -m tools.fits [rooms bikes ...]`.

People's photographs are 4:3, 3:2 and 16:9, upright or not, where a model takes one shape. So each
photograph that no training saw is given those shapes, is fitted in each of the three ways, and is
judged; the same photographs each time, so two ways are compared in pairs. A photograph of a room, a
piece of furniture or a scene gets its shape from a window cut out of its middle; one of a bike,
which must stay whole, from more white paper around it.

Two judges: a softmax on MobileNet's features (alpha 0.25, 224 pixels), learnt on the course's
rendered samples alone; and, for the sets of two classes, the network of chapter 4 learnt on
photographs, in five folds that keep near-duplicates together.
"""

import argparse
import os
import sys
from collections.abc import Iterator

import numpy as np
from PIL import Image

from helpers import start

start()

import keras  # noqa: E402
from keras import layers  # noqa: E402

from helpers.data import SETS, DataSet, Split, load  # noqa: E402
from helpers.errors import CourseError  # noqa: E402
from helpers.evaluate import folds, mcnemar, wilson  # noqa: E402
from helpers.fit import FITS, to_array  # noqa: E402
from helpers.images import open_image  # noqa: E402
from helpers.network import EPOCHS, SIZE, three_blocks  # noqa: E402
from helpers.transfer import Backbone, pretrained  # noqa: E402

OWN = "its own"  # not square: 59 of the 255 pieces of furniture, every bike
SHAPES = {
    OWN: 0.0,
    "4:3": 4 / 3,
    "3:2": 3 / 2,
    "16:9": 16 / 9,
    "3:4": 3 / 4,
    "9:16": 9 / 16,
    "1:1": 1.0,
}
FOLDS = 5
TOGETHER = 64  # photographs in memory at once, at their own size
HEAD = (
    "| set, judge | shape | cut | pad | squeeze | cut against squeeze | pad against squeeze |\n"
    "|---|---|---|---|---|---|---|"
)
Hits = dict[tuple[str, str], np.ndarray]  # by shape and fit: which photographs were judged rightly


def shaped(pixels: np.ndarray, shape: float, whole: bool) -> Image.Image:
    """Give a photograph a shape, width over height: more white around it, or its middle alone.

    Args:
        pixels: uint8 array of shape (height, width, 3).
        shape: What its width over its height shall be; 0 leaves it as it is.
        whole: Whether white is added and nothing lost.
    """
    if not shape:
        return Image.fromarray(pixels)
    height, width = pixels.shape[:2]
    wide = width / height
    if whole:
        to = (round(max(width, height * shape)), round(max(height, width / shape)))
        paper = Image.new("RGB", to, "white")
        paper.paste(Image.fromarray(pixels), ((to[0] - width) // 2, (to[1] - height) // 2))
        return paper
    across = round(width * min(1, shape / wide))
    down = round(height * min(1, wide / shape))
    left = (width - across) // 2
    top = (height - down) // 2
    return Image.fromarray(pixels[top : top + down, left : left + across])


def views(split: Split, size: tuple[int, int]) -> Iterator[tuple[str, str, slice, np.ndarray]]:
    """Yield each shape and fit of some photographs after some others: uint8 (n, *size, 3)."""
    for first in range(0, len(split), TOGETHER):
        rows = slice(first, min(first + TOGETHER, len(split)))
        photos = [open_image(file) for file in split.files[rows]]
        for name, shape in SHAPES.items():
            played = [shaped(photo, shape, split.fit == "pad") for photo in photos]
            for fit in FITS:
                yield name, fit, rows, np.stack([to_array(photo, size, fit) for photo in played])


def answers(split: Split, size: tuple[int, int], of: dict[str, keras.Model]) -> Hits:
    """Ask the model that learnt by each fit about every view; return what was judged rightly."""
    hits = {(shape, fit): np.zeros(len(split), bool) for shape in SHAPES for fit in FITS}
    for shape, fit, rows, images in views(split, size):
        said = of[fit].predict(images, verbose=0)
        named = said.argmax(axis=1) if said.shape[1] > 1 else (said[:, 0] >= 0.5).astype(int)
        hits[shape, fit][rows] = named == split.labels[rows]
    return hits


def refitted(split: Split, fit: str) -> Split:
    """Return the same split, to be fitted in another way."""
    return Split(split.files, split.labels, fit)


def on_features(backbone: Backbone, lessons: Split, classes: int) -> keras.Model:
    """Learn a softmax on standardised features of the lessons, and put it onto the backbone."""
    images, labels = lessons.arrays(backbone.size)
    pooled = keras.Sequential([backbone.model, layers.GlobalAveragePooling2D()])
    found = pooled.predict(images, verbose=0)
    scale = layers.Normalization()
    scale.adapt(found)
    keras.utils.set_random_seed(1)
    head = keras.Sequential([scale, layers.Dense(classes, "softmax", kernel_regularizer="l2")])
    head.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    head.fit(found, labels, batch_size=len(found), epochs=300, verbose=0)
    return keras.Sequential([pooled, head])


def from_samples(name: str, photographs: Split) -> Hits:
    """Judge photographs by features that have learnt on the rendered samples of a set."""
    ours = load(name, source="samples")
    backbone = pretrained(ours)
    lessons = ours.train + ours.val
    classes = len(ours.class_names)
    models = {fit: on_features(backbone, refitted(lessons, fit), classes) for fit in FITS}
    return answers(photographs, backbone.size, models)


def from_scratch(data: DataSet, photographs: Split) -> Hits:
    """Judge each fold of photographs by networks that have learnt on the others'."""
    fold = folds(photographs.labels, data.groups(photographs), FOLDS)
    hits: Hits = {}
    for number in range(FOLDS):
        learnt: dict[bytes, keras.Model] = {}  # square photographs are the same by every fit
        models = {}
        for fit in FITS:
            lessons = refitted(photographs.take(np.flatnonzero(fold != number)), fit)
            images, labels = lessons.arrays(SIZE)
            key = images.tobytes()
            if key not in learnt:
                keras.utils.set_random_seed(1)
                learnt[key] = three_blocks()
                learnt[key].fit(images, labels, batch_size=32, epochs=EPOCHS, verbose=0)
            models[fit] = learnt[key]
        held_out = np.flatnonzero(fold == number)
        for view, right in answers(photographs.take(held_out), SIZE, models).items():
            hits.setdefault(view, np.zeros(len(photographs), bool))[held_out] = right
        keras.backend.clear_session()
    return hits


def told(title: str, hits: Hits) -> None:
    """Print a row of the table for each shape: accuracy, its interval, and the exact tests."""
    for shape in SHAPES:
        cells = []
        for fit in FITS:
            right = hits[shape, fit]
            low, high = wilson(int(right.sum()), len(right))
            cells.append(f"{right.mean():.1%} ({low:.0%} to {high:.0%})")
        tests = [mcnemar(hits[shape, fit], hits[shape, "squeeze"]) for fit in ("cut", "pad")]
        print("|", " | ".join([title, shape, *cells, *(f"p = {p:.2g}" for p in tests)]), "|")
    sys.stdout.flush()


def main(names: list[str]) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser("tools.fits", description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", choices=[*SETS, []], help="the sets; all if none")
    names = parser.parse_args(names).sets
    if not os.environ.get("COURSE_DATA"):
        sys.exit("Set COURSE_DATA to a folder of photographs: the samples are learnt from.")
    for name in names or SETS:
        data = load(name)
        # The scenes have a test split of their own; of the others every photograph is judged.
        photographs = data.test if name == "scenes" else data.train + data.val + data.test
        hits = {"features": from_samples(name, photographs)}
        if len(data.class_names) == 2:
            hits["from scratch"] = from_scratch(data, photographs)
        print(HEAD)
        for judge, of_judge in hits.items():
            told(f"{name}, {judge}", of_judge)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CourseError as error:
        sys.exit(str(error))
