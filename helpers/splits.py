"""Some files with their labels, and how a set is split so that nothing leaks."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from helpers.audit import NEAR, groups, inspect_all
from helpers.cache import cached, fingerprint
from helpers.errors import CourseError
from helpers.fit import FIT
from helpers.group_table import named_groups
from helpers.images import open_image

IN_MEMORY = 2**29  # bytes of pixels
HELD_OUT = 0.2  # the share that a split gets where the set has none
SPLITS_DRAWN = 3  # training, validation and test images
FEW = 10  # groups: a class with fewer is dealt first, for it has less choice


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
        threads = os.cpu_count() or 1
        some = max(1, min(16, len(self) // (8 * threads)))  # a thread's turn costs as a tiny image

        def fill(start: int) -> None:
            for i in range(start, min(start + some, len(self))):
                rows[i] = open_image(self.files[i], size, fit=self.fit)

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(fill, range(0, len(self), some)))
        return rows


def openable(splits: dict[str, Split]) -> dict[str, Split]:
    """Leave out, and name, what does not open: one bad file must not stop the training."""
    files = [file for split in splits.values() for file in split.files]
    errors = {each.path: each.error for each in inspect_all(files, tell=print) if each.error}
    if errors:
        some = list(errors.values())
        more = f" (and {len(some) - 3} more)" if len(some) > 3 else ""
        print("left out:", " ".join(some[:3]) + more)
    return {
        key: split.take([i for i, file in enumerate(split.files) if file not in errors])
        for key, split in splits.items()
    }


def group_images(split: Split, known: Sequence[str], limit: int = NEAR) -> np.ndarray:
    """Number what belongs together: near-duplicates, copies, and what has one name.

    Where somebody has named the group of each image, and the guess leaves a class fewer groups than
    a set has splits, the names alone decide.

    Args:
        split: What to number.
        known: For each image the name of its group, or "".
        limit: The most bits, of 256, in which near-duplicates' hashes differ.

    Returns:
        int array of shape (n,): equal numbers must stay on one side of a split.
    """
    inspections = inspect_all(split.files)
    group = groups(inspections, known, limit)
    fewest = min((len(set(group[split.labels == c])) for c in np.unique(split.labels)), default=0)
    return groups(inspections, known, -1) if all(known) and fewest < SPLITS_DRAWN else group


def complete(
    splits: dict[str, Split], folder: Path, class_names: Sequence[str]
) -> dict[str, Split]:
    """Draw from the training images the splits that a set lacks.

    Args:
        splits: The splits by name, "train", "val" and "test" among them.
        folder: Where the set stands, with its `groups.csv` if it has one.
        class_names: The names of the classes by index.

    Raises:
        CourseError: a class would be left without an image in one of the three.
    """
    train = splits["train"]
    missing = [key for key in ("test", "val") if not len(splits[key])]
    if not missing:
        return splits
    group = group_images(train, named_groups(folder, train.files))
    side = deal(group, train.labels, missing)
    for label in np.unique(train.labels):
        mine = train.labels == label
        if not {"train", *missing} <= set(side[mine]):
            raise CourseError(_too_few(class_names[label], train, mine, group))
    return splits | {key: train.take(np.flatnonzero(side == key)) for key in ("train", *missing)}


def deal(group: np.ndarray, labels: np.ndarray, keys: Sequence[str]) -> np.ndarray:
    """Deal whole groups of training images to the splits that are missing.

    A group larger than the share that a split gets of a class is dealt last and the largest never,
    and no class gives away what it needs to stand in each split, as long as it has enough groups.

    Args:
        group: int array of shape (n,), the group of each image, counted from 0.
        labels: int array of shape (n,), the class of each, counted from 0.
        keys: What to call the splits.

    Returns:
        str array of shape (n,): one of `keys`, or "train".
    """
    size = np.zeros((group.max() + 1, labels.max() + 1), dtype=int)
    np.add.at(size, (group, labels), 1)
    share = np.maximum(1, np.round(HELD_OUT * size.sum(axis=0)).astype(int))
    large = (size > share).any(axis=1)
    member = size > 0
    side = np.zeros(len(size), dtype=int)  # 0 is training, 1 the first of the keys
    few = np.minimum(member.sum(axis=0), FEW)
    for label in np.argsort(few, kind="stable"):
        mine = list(dict.fromkeys(group[labels == label]))
        np.random.default_rng(0).shuffle(mine)
        mine.sort(key=lambda one: -size[one, label] if large[one] else 0)
        for key in range(1, len(keys) + 1):
            others = [other for other in range(1, len(keys) + 1) if other != key]
            has = size[side == key, label].sum()  # in groups with other classes, dealt before
            want = share[label] if has < share[label] else 0
            for one in reversed(mine):
                if want <= 0 or (large[one] and has):
                    break
                if not side[one] and _spared(member[:, member[one]], side, others):
                    side[one] = key
                    has += size[one, label]
                    want -= size[one].sum()
    return np.array(["train", *keys], dtype=object)[side[group]]


def _spared(member: np.ndarray, side: np.ndarray, others: Sequence[int]) -> bool:
    """Say whether classes can spare a group: to train with, and for the splits they still lack.

    Args:
        member: bool array of shape (groups, classes), where images of the classes are.
        side: int array of shape (groups,): where each group is, 0 in training.
        others: The splits that the group is not for.
    """
    left = member[side == 0].sum(axis=0) - 1
    lacking = sum((~member[side == other].any(axis=0)).astype(int) for other in others)
    return bool((left >= 1 + lacking).all())


def _too_few(name: str, split: Split, mine: np.ndarray, group: np.ndarray) -> str:
    """Say why a class, which is `mine` of a split, cannot be dealt out, and what would help."""
    images = int(mine.sum())
    if images < SPLITS_DRAWN:
        return f"{name}: {images} photos are too few to train, validate and test: add others."
    if len({each.digest for each in inspect_all(split.take(np.flatnonzero(mine)).files)}) == 1:
        return f"{name}: all {images} photos are copies of one file: add other photos."
    number = len(set(group[mine]))
    why = "hang together with other classes'"
    if number < SPLITS_DRAWN:
        why = f"make only {number} groups" if number > 1 else "are near-duplicates of each other"
    return (
        f"{name}: all {images} photos {why}, so too few can be held out honestly: add other "
        "photos, or name the group of each in groups.csv."
    )
