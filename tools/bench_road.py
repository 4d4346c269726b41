"""Measure the road of a picture: from JPEG files to a model's pixels, and through the organiser.

`python -m tools.bench_road --write`: photos of 4000 x 3000 and 2000 x 1500 pixels are made of the
sample rooms, enlarged and given noise as a camera's; those of 300 x 300 are the samples themselves.

The first table is of files to 150 x 150 pixels, images a second, in two threads wherever that can
be chosen. "Only decoded" is to 150 pixels or a little more and no further, which no road can pass:
by simplejpeg where it is installed, which hands all to libjpeg-turbo, or else by Pillow. The second
is of the organiser, see `tools.bench_organise`. The ways take turns, round by round, and
each ratio is the median of the rounds' ratios; so whatever else the machine does meets all of them.
"""

import argparse
import io
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from apps import sentences
from apps.predictor import MODEL, Predictor
from helpers.data import SAMPLES
from helpers.splits import Split
from tools.bench_organise import compare, make, seconds
from tools.tables import machine, write

SIZE = (150, 150)
THREADS = 2
BATCH = 32
SETS = {(300, 300): 320, (2000, 1500): 24, (4000, 3000): 8}  # (width, height), and how many
ROUNDS = 5
HEAD = """\
| photos | `ImageDataGenerator` | `image_dataset_from_directory` | `Split.arrays` | only decoded | \
times Keras' call | times only decoded |
|---|---|---|---|---|---|---|"""
ORGANISED = """\
| photos | number | MB each | opened, no more | organised | times as long |
|---|---|---|---|---|---|"""


def photos(folder: Path, size: tuple[int, int], number: int) -> Path:
    """Put photos of a size into a folder of one class in a folder; return the latter."""
    home = folder / f"{size[0]} x {size[1]}"
    (home / "rooms").mkdir(parents=True)
    if size != (300, 300):
        make(home / "rooms", size, number)
        return home
    samples = sorted((SAMPLES / "rooms" / "train").rglob("*.jpg"))
    for i in range(number):
        shutil.copy(samples[i % len(samples)], home / "rooms" / f"IMG_{i:04}.jpg")
    return home


def legacy(home: Path) -> Callable[[], object]:
    """Return what reads a folder as tutorials did until 2023."""
    from tensorflow import keras

    generator = keras.preprocessing.image.ImageDataGenerator()
    given = {"target_size": SIZE, "batch_size": BATCH, "class_mode": None, "shuffle": False}
    flow = generator.flow_from_directory(home, **given)

    def read() -> None:
        flow.reset()
        for _ in range(len(flow)):
            next(flow)

    return read


def keras_call(home: Path) -> Callable[[], object]:
    """Return what reads a folder by the call that everybody knows."""
    import keras

    given = {"labels": None, "image_size": SIZE, "batch_size": BATCH, "shuffle": False}
    batches = keras.utils.image_dataset_from_directory(home, verbose=False, **given)

    def read() -> None:
        for _ in batches:
            pass

    return read


def decoder() -> tuple[str, Callable[[bytes], object]]:
    """Return a name, and what decodes a JPEG to 150 pixels or a little more and does no more."""
    try:
        import simplejpeg
    except ImportError:
        return "Pillow's libjpeg-turbo", draft
    given = {"min_height": SIZE[0], "min_width": SIZE[1], "fastdct": True, "fastupsample": True}
    return "simplejpeg", lambda data: simplejpeg.decode_jpeg(data, "RGB", **given)


def draft(data: bytes) -> None:
    """Decode a JPEG with Pillow, as small as may be."""
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        image.draft(None, SIZE)
        image.load()


def decoding(files: list[Path]) -> Callable[[], object]:
    """Return what reads and decodes files in threads."""
    decode = decoder()[1]

    def read() -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            for _ in pool.map(lambda file: decode(file.read_bytes()) is None, files):
                pass

    return read


def read_all(home: Path) -> str:
    """Measure the four ways on one folder; return the row."""
    files = sorted((home / "rooms").iterdir())
    split = Split(tuple(files), np.zeros(len(files), np.int32))
    ways = (legacy(home), keras_call(home), lambda: split.arrays(SIZE), decoding(files))
    for way in ways[1:]:  # what is set up at the first call is no part of the road
        way()
    took = np.array([[seconds(way) for way in ways] for _ in range(ROUNDS)])
    speeds = [f"{len(files) / each:.0f}" for each in np.median(took, axis=0)]
    ratios = [f"{np.median(took[:, other] / took[:, 2]):.2f}" for other in (1, 3)]
    return f"| {home.name} | {' | '.join([*speeds, *ratios])} |"


def main() -> None:
    """Measure; print both tables, and write them if asked to."""
    parser = argparse.ArgumentParser("bench_road", description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL, help="a .keras file of the course")
    parser.add_argument("--write", action="store_true", help="write them into docs/results.md")
    given = parser.parse_args()
    about = f"Measured on {machine()}. What is only decoded is so by {decoder()[0]}."
    predictor = Predictor(given.model)
    read: list[str] = []
    organised: list[str] = []
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        homes = [photos(Path(folder), size, number) for size, number in SETS.items()]
        for home in homes:
            read.append(read_all(home))
            print(read[-1], flush=True)
        print(ORGANISED, flush=True)
        for home in homes:
            organised.append(compare(home.name, home, given.model, predictor))
            print(organised[-1], flush=True)
    print(about)
    if given.write:
        write([*read, "", about], HEAD, "road")
        write([*organised, "", about], ORGANISED, "organised")


if __name__ == "__main__":
    with sentences():
        main()
