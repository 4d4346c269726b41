"""Measure how cost grows with images, pixels, classes and photos a call.

`python -m tools.bench_growth --write`: the network of chapter 4 trains for an epoch, or answers one
call, on pixels drawn by lot, for what they show changes no cost. Of a kind the smallest number is
the measure; the kinds' numbers take turns, round by round, and each ratio is the median of the
rounds' ratios, of the seconds that the processor worked in all threads. How cost grows with the
number of clients is measured by `tools.load_test`, and how that of near-duplicates grows by
`tools.bench_banding`.
"""

import argparse
import time
from collections.abc import Callable

import keras
import numpy as np

from helpers.network import SIZE, three_blocks
from tools.tables import machine, write

IMAGES = 160  # of an epoch, where something else grows
BATCH = 16
ROUNDS = 5
KINDS = {
    "images of an epoch": (80, 160, 320, 640),
    "pixels of a side, of 160 images": (48, 96, 192),
    "classes, of 160 images": (2, 6, 100, 1000),
    "photos of one call": (1, 8, 64),
}
HEAD = """\
| what grows | number | times as many | times the seconds of a processor |
|---|---|---|---|"""


def network(size: tuple[int, int], classes: int) -> keras.Model:
    """Return the network of chapter 4, with one output a class."""
    model = keras.Sequential(three_blocks(size).layers[:-1])
    model.add(keras.layers.Dense(classes, activation="softmax", name="classes"))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def work(kind: str, number: int) -> Callable[[], object]:
    """Return what is timed, done once already: graphs are built at the first time."""
    side = number if kind.startswith("pixels") else SIZE[0]
    classes = number if kind.startswith("classes") else 2
    images = number if kind.startswith(("images", "photos")) else IMAGES
    model = network((side, side), classes)
    draw = np.random.default_rng(0)
    pixels = draw.integers(0, 256, (images, side, side, 3), dtype=np.uint8)
    labels = draw.integers(0, classes, images)

    def do() -> object:
        if kind.startswith("photos"):
            return [model.predict_on_batch(pixels) for _ in range(640 // number)]
        return model.fit(pixels, labels, batch_size=BATCH, verbose=0)

    do()
    return do


def seconds(do: Callable[[], object]) -> float:
    """Return for how long the processor works, in all threads."""
    start = time.process_time()
    do()
    return time.process_time() - start


def grown(kind: str, rounds: int = ROUNDS) -> list[str]:
    """Measure one kind; return its rows."""
    numbers = KINDS[kind]
    ways = [work(kind, number) for number in numbers]
    took = np.array([[seconds(way) for way in ways] for _ in range(rounds)])
    if kind.startswith("photos"):  # each way asked about 640 photos, in as many calls as it took
        took = took * numbers
    ratios = np.median(took / took[:, :1], axis=0)
    return [
        f"| {kind} | {number:,} | {number / numbers[0]:g} | {ratio:.2f} |"
        for number, ratio in zip(numbers, ratios, strict=True)
    ]


def main() -> None:
    """Measure all kinds; print the table, and write it if asked to."""
    parser = argparse.ArgumentParser("bench_growth", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write it into docs/results.md")
    given = parser.parse_args()
    about = f"Measured on {machine()}."
    print(HEAD, flush=True)
    rows: list[str] = []
    for kind in KINDS:
        rows += grown(kind)
        print(*rows[-len(KINDS[kind]) :], sep="\n", flush=True)
    print(about)
    if given.write:
        write([*rows, "", about], HEAD, "growth")


if __name__ == "__main__":
    main()
