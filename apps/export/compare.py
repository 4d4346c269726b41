"""Measure a saved model and its exported files side by side: size, accuracy, agreement, time."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apps.export.runners import Runner, runner
from apps.predictor import Predictor
from helpers.evaluate import of_classes

BATCH = 32
ROUNDS = 10  # how often the ways take turns
CALLS = 3  # how often each then runs


@dataclass(frozen=True)
class Measurement:
    """What one way of running a model costs and keeps.

    Attributes:
        way: Which way.
        kb: The size of its file in kB (1000 bytes).
        accuracy: The share in [0, 1] of images that it labels right; NaN without labels.
        differ: How many images it labels otherwise than Keras' `predict`.
        largest: The largest difference of a probability from Keras' `predict`.
        single: Milliseconds for one image, the median of many calls.
        batched: Milliseconds per image in batches of `BATCH`, the median too.
    """

    way: str
    kb: float
    accuracy: float
    differ: int
    largest: float
    single: float
    batched: float


def compare(
    path: Path, exported: dict[str, Path], images: np.ndarray, labels: np.ndarray | None = None
) -> list[Measurement]:
    """Measure a saved model and its exported files, with `THREADS` threads each.

    Args:
        path: The .keras file.
        exported: What `export` returned.
        images: uint8 (n, height, width, 3), at least one; none that the int8 model was calibrated
            with.
        labels: int (n,), the true class indices; None where nobody knows them.

    Returns:
        One measurement for each way, Keras' `predict` first.

    Raises:
        CourseError: what `runner` raises.
    """
    from helpers.classifier import accuracy

    predictor = Predictor(path)
    classifier = predictor.classifier
    calls = _keras_ways(predictor)
    files = dict.fromkeys(calls, path) | exported
    calls |= {kind: runner(file) for kind, file in exported.items()}
    single = _timed(calls, np.resize(images, (1, *images.shape[1:])))
    batched = _timed(calls, np.resize(images, (BATCH, *images.shape[1:])))
    expected = classifier.probabilities(images)
    keras_says = classifier.choose(expected)
    measurements = []
    for way, call in calls.items():
        probabilities = _in_batches(call, images)
        chosen = classifier.choose(probabilities)
        measurements.append(
            Measurement(
                way=way,
                kb=Path(files[way]).stat().st_size / 1000,
                accuracy=np.nan if labels is None else accuracy(chosen, labels),
                differ=int((chosen != keras_says).sum()),
                largest=float(np.abs(probabilities - expected).max()),
                single=single[way],
                batched=batched[way],
            )
        )
    return measurements


def _keras_ways(predictor: Predictor) -> dict[str, Runner]:
    """Return the three ways of asking Keras itself, by name."""
    classifier = predictor.classifier
    return {
        "Keras, predict": classifier.probabilities,
        "Keras, predict_on_batch": lambda images: of_classes(
            classifier.model.predict_on_batch(images)
        ),
        "Keras, compiled call": predictor.probabilities,
    }


def _in_batches(call: Runner, images: np.ndarray) -> np.ndarray:
    """Return the probabilities (n, classes) of n images, asked for a batch at a time."""
    starts = range(0, len(images), BATCH)
    return np.concatenate([call(images[start : start + BATCH]) for start in starts])


def _timed(calls: dict[str, Runner], images: np.ndarray) -> dict[str, float]:
    """Return the median milliseconds per image of each way.

    They take turns, so that whatever else the computer does meets all of them.
    """
    spent: dict[str, list[float]] = {way: [] for way in calls}
    for _ in range(ROUNDS):
        for way, call in calls.items():
            call(images)  # after another way has run, the first call finds the caches cold
            for _ in range(CALLS):
                begun = time.perf_counter()
                call(images)
                spent[way].append(time.perf_counter() - begun)
    return {way: 1000 * statistics.median(times) / len(images) for way, times in spent.items()}


def table(measurements: Sequence[Measurement]) -> str:
    """Lay measurements out as text, a line each; a ratio is to the fastest."""
    single = min(one.single for one in measurements)
    batched = min(one.batched for one in measurements)
    lines = [
        f"{'':24}{'file':>8}{'right':>8}{'labels':>8}{'largest':>11}{'one image':>19}"
        f"{f'of {BATCH}, each':>19}",
        f"{'':24}{'kB':>8}{'':8}{'differ':>8}{'difference':>11}{'ms':>10}{'ratio':>9}"
        f"{'ms':>10}{'ratio':>9}",
    ]
    for one in measurements:
        right = "" if np.isnan(one.accuracy) else f"{one.accuracy:.1%}"
        lines.append(
            f"{one.way:24}{one.kb:8.0f}{right:>8}{one.differ:8}{one.largest:11.1e}"
            f"{one.single:10.2f}{one.single / single:9.1f}"
            f"{one.batched:10.3f}{one.batched / batched:9.1f}"
        )
    return "\n".join(lines)
