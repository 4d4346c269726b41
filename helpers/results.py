"""Judge every image once, and keep the figure with what it takes to believe it."""

import gc
import json
import time
from collections.abc import Callable

import keras
import numpy as np

from helpers.data import DataSet, folder_names
from helpers.evaluate import interval, wilson
from helpers.files import whole
from helpers.runtime import SAVED

RESULTS = SAVED / "results"


def cross_validate(
    train: Callable[[np.ndarray, np.ndarray], keras.Model],
    inputs: np.ndarray,
    labels: np.ndarray,
    fold: np.ndarray,
) -> np.ndarray:
    """Ask about each fold a model that has learnt from the others, as chapter 9 does.

    Args:
        train: Makes and trains a new model, or one made new, given inputs and labels.
        inputs: n images, or their features.
        labels: n labels, in the form that `train` wants.
        fold: int array of shape (n,), the fold that each belongs to, counted from 0.

    Returns:
        float32 array of shape (n, outputs): what the models predict.
    """
    answers: list[np.ndarray] = [np.empty(0)] * len(inputs)
    for number in range(fold.max() + 1):
        held_out = np.flatnonzero(fold == number)
        model = train(inputs[fold != number], labels[fold != number])
        for i, answer in zip(held_out, model.predict(inputs[held_out], verbose=0), strict=True):
            answers[i] = answer
        del model
        gc.collect()  # a model refers to itself, and would wait for the collector
    return np.stack(answers)


class Stopwatch:
    """Count the CPU seconds of all cores, which other programs disturb less than the clock."""

    def __init__(self) -> None:
        self.start = time.process_time()

    def seconds(self) -> float:
        """Return the CPU seconds since it was made."""
        return time.process_time() - self.start


def record(
    data: DataSet,
    way: str,
    hits: np.ndarray,
    seconds: float,
    published: float | None = None,
    groups: np.ndarray | None = None,
) -> float:
    """Say how many were right and how sure that is; on photographs, keep it for docs/results.md.

    Args:
        data: The set.
        way: How the figure came about, such as "from scratch, 5 folds by model".
        hits: bool array of shape (n,), which images were judged right.
        seconds: CPU seconds that it took.
        published: The share in [0, 1] that others have published for this problem, where its source
            can be named.
        groups: Which images belong together, for the interval; each for itself if None.

    Returns:
        The share right, in [0, 1].

    Raises:
        CourseError: the figure cannot be written down.
    """
    right = int(np.sum(hits))
    total = len(hits)
    low, high = wilson(right, total) if groups is None else interval(hits, groups)
    print(f"{way}: {right} of {total} right, that is {right / total:.1%}")
    print(f"95 percent interval {low:.1%} to {high:.1%}; {seconds:.0f} CPU seconds")
    # A folder of one's own is another problem than the published one.
    if data.source != "samples" and data.folder.name in folder_names(data.name):
        facts = {"set": data.name, "way": way, "right": right, "total": total}
        facts |= {"seconds": seconds, "published": published}
        name = f"{data.name}-{way.split(',')[0].replace(' ', '_')}.json"
        with whole(RESULTS / name) as part:
            part.write_text(json.dumps(facts))
    return right / total
