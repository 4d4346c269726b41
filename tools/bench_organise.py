"""Hold the organiser's speed against that of opening the same photos and doing nothing else.

`tools.bench_road` does so for photos of three sizes. Opening alone is `open_image` in as many
threads as there are cores. The organiser's time has the copies, which are forced onto the disk, the
thumbnails, the table and the contact sheet in it; not the loading of the model. The ratio is the
median of the rounds' ratios.
"""

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

from apps.organiser.cli import main as organise
from apps.predictor import Predictor
from helpers.data import SAMPLES
from helpers.images import open_image

ROUNDS = 3


def make(folder: Path, size: tuple[int, int], number: int) -> None:
    """Write JPEG photos of a size, (width, height) in pixels."""
    rng = np.random.default_rng(0)
    samples = sorted((SAMPLES / "rooms" / "train").rglob("*.jpg"))
    grain = rng.normal(0, 9, (size[1], size[0], 3)).astype(np.float32)
    for i in range(number):
        with Image.open(samples[i % len(samples)]) as image:
            large = np.asarray(image.convert("RGB").resize(size, Image.Resampling.BICUBIC))
        noisy = np.clip(large + np.roll(grain, 17 * i, axis=(0, 1)), 0, 255).astype(np.uint8)
        Image.fromarray(noisy).save(folder / f"IMG_{i:04}.jpg", quality=90)


def seconds(function: Callable[[], object]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def open_all(files: list[Path], size: tuple[int, int]) -> None:
    """Open every photo at the model's size, and forget it."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(lambda file: open_image(file, size).sum(), files):
            pass


def compare(name: str, photos: Path, model: Path, predictor: Predictor) -> str:
    """Return a row: both speeds, medians of the rounds, and their ratio."""
    files = sorted(photos.rglob("*.jpg"))
    megabytes = sum(file.stat().st_size for file in files) / len(files) / 1e6
    alone = []
    whole = []
    for number in range(ROUNDS):
        to = photos.with_name(f"sorted {number}")
        given = [str(photos), "--to", str(to), "--model", str(model)]
        alone.append(seconds(lambda: open_all(files, predictor.classifier.size)))
        with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
            whole.append(seconds(partial(organise, given, lambda _: predictor)))
        shutil.rmtree(to)
    ratio = median(one / other for one, other in zip(whole, alone, strict=True))
    speeds = [f"{len(files) / median(times):.0f}/s" for times in (alone, whole)]
    return f"| {name} | {len(files)} | {megabytes:.2f} | {' | '.join(speeds)} | {ratio:.2f} |"
