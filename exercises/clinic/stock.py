"""What the drills work on: small pictures of the samples, and a learner of one weight a number.

All of it is read once in a session and takes about a second; nothing here needs a network.
"""

import contextlib
import io
from functools import cache
from typing import NamedTuple

import numpy as np
from PIL import Image

from helpers.data import DataSet, load

METHODS = {"area": Image.Resampling.BOX, "nearest": Image.Resampling.NEAREST}


class Lesson(NamedTuple):
    """Pictures uint8 (n, height, width, 3) and labels int (n,), to learn from and to be asked."""

    train: np.ndarray
    labels: np.ndarray
    test: np.ndarray
    truth: np.ndarray


def frozen(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return arrays that cannot be written to: a mend may not change what the next one is given."""
    for array in arrays:
        array.setflags(write=False)
    return arrays


@cache
def samples(name: str) -> DataSet:
    """Find a sample set, whatever COURSE_DATA says: the drills tell of these pictures."""
    with contextlib.redirect_stdout(io.StringIO()):
        return load(name, "samples")


@cache
def lesson(name: str = "rooms", side: int = 32, classes: tuple[int, int] = (0, 1)) -> Lesson:
    """Read the training and test pictures of two classes of a set, which become 0 and 1.

    Args:
        name: A sample set.
        side: Height and width in pixels.
        classes: Their indices in the set.
    """
    data = samples(name)
    parts = []
    for split in (data.train, data.test):
        pictures, labels = split.arrays((side, side))
        kept = np.flatnonzero(np.isin(labels[:, 0], classes))
        parts += [pictures[kept], (labels[kept, 0] == classes[1]).astype(int)]
    return Lesson(*frozen(*parts))


def learn(inputs: np.ndarray, labels: np.ndarray, pull: float = 30.0) -> np.ndarray:
    """Learn a weight for each number, and a bias, that a sum above 0 means class 1.

    Args:
        inputs: float (n, numbers).
        labels: 0 or 1, (n,).
        pull: How hard the weights are pulled towards 0, in rows of average size: on whatever scale
            the inputs are, the rule is the same. More makes a smoother rule.

    Returns:
        float (numbers + 1,), the bias last.
    """
    x = np.column_stack([inputs, np.ones(len(inputs))])
    pulled = np.full(x.shape[1], pull * np.mean(np.square(inputs)) + 1e-12)
    pulled[-1] = 0
    return np.linalg.solve(x.T @ x + np.diag(pulled), x.T @ (6.0 * np.asarray(labels) - 3))


def ask(weights: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """Return for each row the probability of class 1, float (n,) in [0, 1]."""
    sums = inputs @ weights[:-1] + weights[-1]
    return 1 / (1 + np.exp(-np.clip(sums, -500, 500)))


def flat(pictures: np.ndarray) -> np.ndarray:
    """Lay the grey values of each picture in a row, in the pictures' own scale: (n, pixels)."""
    return pictures.mean(axis=3).reshape(len(pictures), -1)


def edges(pictures: np.ndarray, cells: int = 4) -> np.ndarray:
    """Return how much neighbours differ in each cell of a grid, in [0, 255]: (n, cells * cells)."""
    grey = pictures.astype(float).mean(axis=3)
    steps = np.abs(np.diff(grey, axis=2, append=grey[:, :, -1:]))
    n, height, width = steps.shape
    grid = steps.reshape(n, cells, height // cells, cells, width // cells)
    return grid.mean(axis=(2, 4)).reshape(n, -1)


def nearest(known: np.ndarray, labels: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Give each row of `asked` the label of the row of `known` that is nearest to it."""
    return labels[[((known - row) ** 2).sum(axis=1).argmin() for row in asked]]


def shrink(picture: np.ndarray, side: int, method: str) -> np.ndarray:
    """Return the picture with `side` x `side` pixels: "area" averages, "nearest" picks."""
    return np.asarray(Image.fromarray(picture).resize((side, side), METHODS[method]))


def phone(pictures: np.ndarray, turns: tuple[int, ...] = (1, 6, 8, 3)) -> list[bytes]:
    """Store pictures as a phone does: turned, and with a note on the turn. PNG loses nothing."""
    back = {1: 0, 3: 2, 6: 1, 8: 3}  # quarter turns to the left that make up for the note
    files = []
    for i, picture in enumerate(pictures):
        turn = turns[i % len(turns)]
        exif = Image.Exif()
        exif[0x0112] = turn
        buffer = io.BytesIO()
        Image.fromarray(np.rot90(picture, back[turn])).save(buffer, "PNG", exif=exif)
        files.append(buffer.getvalue())
    return files


class Learner:
    """A rule of one weight a pixel, in steps; like a network, it goes on from where it stands."""

    def __init__(self) -> None:
        self.weights: np.ndarray | None = None

    def fit(self, inputs: np.ndarray, labels: np.ndarray, steps: int = 300) -> None:
        """Take steps of gradient descent from the weights there are, at first from zeros."""
        x = np.column_stack([inputs, np.ones(len(inputs))])
        weights = np.zeros(x.shape[1]) if self.weights is None else self.weights
        rate = 4 / np.square(x).sum(axis=1).max()
        for _ in range(steps):
            weights = weights - rate * x.T @ (ask(weights, inputs) - labels) / len(x)
        self.weights = weights

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return 0 or 1 for each row; without a fit, 0."""
        if self.weights is None:
            return np.zeros(len(inputs), int)
        return (ask(self.weights, inputs) > 0.5).astype(int)

    def reset(self) -> None:
        """Forget everything."""
        self.weights = None
