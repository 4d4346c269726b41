"""Some files with their labels, and how a set is split so that nothing leaks."""

import csv
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from helpers.audit import groups, inspect_all
from helpers.cache import cached, fingerprint
from helpers.errors import CourseError
from helpers.fit import FIT
from helpers.images import open_image

IN_MEMORY = 2**29  # bytes of pixels
HELD_OUT = 0.2  # the share that a split gets where the set has none


@dataclass(frozen=True)
class Split:
    """Some files and their labels.

    Attributes:
        files: n paths.
        labels: int32 array of shape (n,), indices into the class names; -1 is unlabelled.
        fit: How a picture of another shape becomes one of the model's, one of `fit.FITS`.
    """

    files: tuple[Path, ...]
    labels: np.ndarray
    fit: str = FIT

    def __len__(self) -> int:
        """Return the number of files."""
        return len(self.files)

    def __add__(self, other: "Split") -> "Split":
        """Return one split that holds the files of both, this one's first.

        Raises:
            CourseError: their pictures are fitted in two ways, and no model answers by both.
        """
        if self.fit != other.fit:
            raise CourseError(
                f"One split fits its pictures by {self.fit!r}, the other by {other.fit!r}: give "
                "both one fit before they are put together."
            )
        labels = np.concatenate([self.labels, other.labels])
        return replace(self, files=self.files + other.files, labels=labels)

    def take(self, index: Sequence[int] | np.ndarray) -> "Split":
        """Return the split that holds the files at these indices, in this order."""
        labels = self.labels[np.asarray(index, dtype=int)]
        return replace(self, files=tuple(self.files[i] for i in index), labels=labels)

    def arrays(self, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """Open every image: uint8 (n, height, width, 3) in 0 to 255, and float32 labels (n, 1).

        Pictures of another shape are fitted as `fit` says.

        Up to `IN_MEMORY` bytes of pixels are kept in memory. More are written to a file once, and
        read from there, so that memory stays constant however many images there are.
        """
        shape = (len(self), *size, 3)
        if np.prod(shape) <= IN_MEMORY:
            pixels = self._fill(np.zeros(shape, np.uint8), size)
        else:
            name = f"pixels-{fingerprint(self.files, size, self.fit)}"
            pixels = cached(name, shape, np.uint8, lambda rows: self._fill(rows, size))
        return pixels, self.labels.astype(np.float32)[:, None]

    def _fill(self, rows: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """Open every image into its row."""

        def fill(i: int) -> None:
            rows[i] = open_image(self.files[i], size, fit=self.fit)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(fill, range(len(self))))
        return rows


def openable(split: Split) -> Split:
    """Leave out, and name, what does not open: one bad file must not stop the training."""
    errors = [inspection.error for inspection in inspect_all(split.files)]
    bad = [error for error in errors if error]
    if bad:
        more = f" (and {len(bad) - 3} more)" if len(bad) > 3 else ""
        print("left out:", " ".join(bad[:3]) + more)
    return split.take([i for i, error in enumerate(errors) if not error])


def named_groups(folder: Path, files: Sequence[Path]) -> list[str]:
    """Return the group that groups.csv gives to each file, "" where it gives none."""
    table = folder / "groups.csv"
    if not table.is_file():
        return [""] * len(files)
    try:
        with table.open(newline="", encoding="utf-8-sig") as lines:
            named = {folder / row["file"]: row["group"] for row in csv.DictReader(lines)}
    except (KeyError, TypeError, UnicodeDecodeError, csv.Error):
        raise CourseError(f"{table} is no table with the columns file and group.") from None
    return [named.get(file, "") for file in files]


def complete(splits: dict[str, Split], folder: Path) -> dict[str, Split]:
    """Draw from the training images the splits that a set lacks."""
    train = splits["train"]
    missing = [key for key in ("test", "val") if not len(splits[key])]
    if not missing or not len(train):
        return splits
    group = groups(inspect_all(train.files), named_groups(folder, train.files))
    taken = np.full(len(train), "train", dtype=object)
    for label in np.unique(train.labels):
        mine = np.flatnonzero(train.labels == label)
        numbers = list(dict.fromkeys(group[mine]))
        np.random.default_rng(0).shuffle(numbers)
        for key in missing:
            want = round(HELD_OUT * len(mine))
            while numbers and want > 0:
                # A group that stands in two classes goes whole, and with its first class.
                members = np.flatnonzero((group == numbers.pop()) & (taken == "train"))
                taken[members] = key
                want -= len(members)
    drawn = {key: train.take(np.flatnonzero(taken == key)) for key in ("train", *missing)}
    return splits | drawn
