"""Find a set of photographs, wherever it comes from, and read it."""

import csv
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from helpers.audit import NEAR, groups, inspect_all
from helpers.cache import cached, fingerprint
from helpers.errors import CourseError
from helpers.images import SUFFIXES, open_image
from helpers.start import ROOT

if TYPE_CHECKING:
    import tensorflow as tf

SAMPLES = ROOT / "data" / "sample"
KAGGLE = ROOT / "data" / "kaggle"
# Where Kaggle publishes a set ("" where it does not), and how many classes its chapters ask for
# (0: any number, from two on).
SETS = {
    "rooms": ("cdawn1/messy-vs-clean-room", 2),
    "bikes": ("", 2),
    "furniture": ("", 3),
    "scenes": ("puneet6060/intel-image-classification", 0),
}
SPLITS = {
    "train": {"train", "training", "seg_train"},
    "val": {"val", "valid", "validation", "seg_val"},
    "test": {"test", "testing", "seg_test"},
    "predict": {"predict", "pred", "seg_pred", "unlabelled", "unlabeled"},
}
IN_MEMORY = 2**29  # bytes of pixels
HELD_OUT = 0.2  # the share that a split gets where the set has none


@dataclass(frozen=True)
class Split:
    """Some files and their labels.

    Attributes:
        files: n paths.
        labels: int32 array of shape (n,), indices into the class names; -1 is unlabelled.
    """

    files: tuple[Path, ...]
    labels: np.ndarray

    def __len__(self) -> int:
        """Return the number of files."""
        return len(self.files)

    def __add__(self, other: "Split") -> "Split":
        """Return one split that holds the files of both, this one's first."""
        return Split(self.files + other.files, np.concatenate([self.labels, other.labels]))

    def take(self, index: Sequence[int] | np.ndarray) -> "Split":
        """Return the split that holds the files at these indices, in this order."""
        return Split(tuple(self.files[i] for i in index), self.labels[np.asarray(index, dtype=int)])

    def arrays(self, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """Open every image: uint8 (n, height, width, 3) in 0 to 255, and float32 labels (n, 1).

        Up to `IN_MEMORY` bytes of pixels are kept in memory. More are written to a file once, and
        read from there, so that memory stays constant however many images there are.
        """
        shape = (len(self), *size, 3)
        if np.prod(shape) <= IN_MEMORY:
            pixels = self._fill(np.zeros(shape, np.uint8), size)
        else:
            name = f"pixels-{fingerprint(self.files, size)}"
            pixels = cached(name, shape, np.uint8, lambda rows: self._fill(rows, size))
        return pixels, self.labels.astype(np.float32)[:, None]

    def _fill(self, rows: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """Open every image into its row."""

        def fill(i: int) -> None:
            rows[i] = open_image(self.files[i], size)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(fill, range(len(self))))
        return rows


@dataclass(frozen=True)
class DataSet:
    """A set of photographs: `train`, `val`, `test`, `predict`, and the class names by index."""

    name: str
    folder: Path
    source: str
    class_names: tuple[str, ...]
    train: Split
    val: Split
    test: Split
    predict: Split

    def groups(
        self, split: Split, limit: int = NEAR, known: Sequence[str] | None = None
    ) -> np.ndarray:
        """Number what belongs together: near-duplicates, and what `groups.csv` gives one name.

        Args:
            split: Images of this set.
            limit: The most bits, of 256, in which near-duplicates' hashes differ.
            known: For each image the name of its group, or "", in the place of `groups.csv`.

        Returns:
            int array of shape (n,): equal numbers must stay on one side of a split.
        """
        known = _named(self.folder, split.files) if known is None else known
        return groups(inspect_all(split.files), known, limit)

    def splits(self) -> dict[str, Split]:
        """Return the four splits by name."""
        return {name: getattr(self, name) for name in SPLITS}


def load(name: str) -> DataSet:
    """Find a set, and say in one line where its images came from.

    The environment variable COURSE_DATA chooses: unset, the samples; `kaggle`, a download; a folder
    that holds the set under its name; or a folder of one's own with one subfolder a class.

    Args:
        name: A key of `SETS`.

    Returns:
        The set. Splits that the folder does not have are drawn from its training images, the same
        at each call; near-duplicates stay on one side, and so do images to which a file groups.csv
        (columns file and group, in the set's folder) gives one group.

    Raises:
        CourseError: there is no such set, or no images where it should be.
    """
    if name not in SETS:
        raise CourseError(f"There is no set {name!r}: choose one of {', '.join(SETS)}.")
    folder, source = _where(name)
    found = _labelled(folder)
    class_names = tuple(sorted({label for files in found.values() for _, label in files if label}))
    wanted = SETS[name][1]
    if len(class_names) != (wanted or max(2, len(class_names))):
        raise CourseError(
            f"{folder} holds {len(class_names)} classes ({', '.join(class_names) or 'none'}), "
            f"and {name!r} asks for {wanted or 'two or more'}: give each class one subfolder of "
            "images."
        )
    splits = {key: _split(found.get(key, []), class_names) for key in SPLITS}
    if source != "samples":
        splits = {key: _openable(split) for key, split in splits.items()}
    splits = _complete(splits, folder)
    counts = ", ".join(f"{len(split)} {key}" for key, split in splits.items() if len(split))
    said = "rendered by the course" if source == "samples" else f"from {source}"
    print(f"{name}: photographs {said}, {counts}; classes {', '.join(class_names)}.")
    return DataSet(name, folder, source, class_names, **splits)


def dataset(
    split: Split, size: tuple[int, int], batch_size: int = 32, seed: int | None = None
) -> "tf.data.Dataset":
    """Feed a split to Keras, each image opened once by `open_image` (see `Split.arrays`).

    Args:
        split: What to read.
        size: (height, width) in pixels.
        batch_size: Images a batch.
        seed: Shuffles anew at each epoch, the same way in each run; None keeps the order.

    Returns:
        Batches of uint8 (batch, height, width, 3) in 0 to 255 and float32 (batch, 1).
    """
    import tensorflow as tf

    pixels, labels = split.arrays(size)

    def read(rows: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        images = tf.numpy_function(pixels.__getitem__, [rows], tf.uint8)
        return tf.ensure_shape(images, (None, *size, 3)), tf.gather(labels, rows)

    rows = tf.data.Dataset.range(len(split))  # numbers are shuffled, for images need not fit
    if seed is not None:
        rows = rows.shuffle(len(split), seed=seed)
    return rows.batch(batch_size).map(read).prefetch(tf.data.AUTOTUNE)


def _where(name: str) -> tuple[Path, str]:
    """Return the folder of a set, and a word on where it came from."""
    chosen = os.environ.get("COURSE_DATA", "").strip()
    slug = SETS[name][0]
    if not chosen:
        return SAMPLES / name, "samples"
    if chosen.lower() == "kaggle":
        from helpers.download import download

        if not slug:
            raise CourseError(
                f"Kaggle has no set that is known to be {name!r}: set COURSE_DATA to a folder with "
                "one subfolder of images a class, or unset it for the samples."
            )
        return download(slug, KAGGLE), f"kaggle.com/datasets/{slug}"
    path = Path(chosen).expanduser()
    # A notebook's kernel starts in notebooks/, where a path meant from the course's folder fails.
    path = next((p for p in (path, ROOT / path) if p.is_dir()), None)
    if path is None:
        raise CourseError(f"COURSE_DATA={chosen} is not a folder: check the path, or unset it.")
    inner = [path / folder for folder in names(name)]
    return next((p for p in inner if p.is_dir()), path).resolve(), f"the folder {path.name}"


def names(name: str) -> tuple[str, ...]:
    """Return what the folder of a set may be called: its own name, or Kaggle's for it."""
    return (name, SETS[name][0].split("/")[-1] or name)


def _labelled(folder: Path) -> dict[str, list[tuple[Path, str]]]:
    """Return the files of each split with their class; without split folders, all are "train"."""
    root = _split_root(folder)
    if root is None:
        return {"train": [(file, label) for file, label in _classes(folder) if label]}
    splits = {}
    for child in _folders(root):
        key = next((k for k, names in SPLITS.items() if child.name.lower() in names), None)
        if key is None:
            continue
        files = _classes(child)
        # A folder called test that has no classes is what other sets call predict.
        if key == "test" and not any(label for _, label in files):
            key = "predict"
        splits[key] = files
    return splits


def _split_root(folder: Path, depth: int = 2) -> Path | None:
    """Find the folder that holds train/, at most `depth` folders down: archives wrap it in some."""
    children = _folders(folder)
    for child in children:
        # A folder of images called train is a class: toys, say.
        if child.name.lower() in SPLITS["train"] and not _images(child):
            return folder
    inner = (_split_root(child, depth - 1) for child in children) if depth else ()
    return next((root for root in inner if root), None)


def _classes(folder: Path) -> list[tuple[Path, str]]:
    """List the images of a split: those in a class folder with its name, loose ones with ""."""
    loose, inner = _images(folder), _folders(folder)
    if not loose and len(inner) == 1 and not _images(inner[0]):
        return _classes(inner[0])
    if not loose and len(inner) == 1 and inner[0].name == folder.name:
        return _classes(inner[0])  # nested twice under its own name, as Kaggle's archives are
    return [(f, "") for f in loose] + [(f, c.name) for c in inner for f in _images(c)]


def _folders(folder: Path) -> list[Path]:
    """List the visible subfolders by name."""
    if not folder.is_dir():
        raise CourseError(f"{folder} is not a folder: check COURSE_DATA, or unset it.")
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


def _images(folder: Path) -> list[Path]:
    """List the files of a folder whose ending is an image's, by name."""
    return sorted(
        p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and not p.name.startswith(".")
    )


def _split(files: list[tuple[Path, str]], class_names: Sequence[str]) -> Split:
    """Turn files and class names into a split."""
    index = {label: i for i, label in enumerate(class_names)}
    labels = np.array([index.get(label, -1) for _, label in files], dtype=np.int32)
    return Split(tuple(file for file, _ in files), labels)


def _openable(split: Split) -> Split:
    """Leave out, and name, what does not open: one bad file must not stop the training."""
    errors = [record.error for record in inspect_all(split.files)]
    bad = [error for error in errors if error]
    if bad:
        more = f" (and {len(bad) - 3} more)" if len(bad) > 3 else ""
        print("left out:", " ".join(bad[:3]) + more)
    return split.take([i for i, error in enumerate(errors) if not error])


def _named(folder: Path, files: Sequence[Path]) -> list[str]:
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


def _complete(splits: dict[str, Split], folder: Path) -> dict[str, Split]:
    """Draw from the training images the splits that a set lacks."""
    train = splits["train"]
    missing = [key for key in ("test", "val") if not len(splits[key])]
    if not missing or not len(train):
        return splits
    group = groups(inspect_all(train.files), _named(folder, train.files))
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


def count(split: Split, class_names: Sequence[str]) -> dict[str, int]:
    """Count the images of each class."""
    counts = Counter(split.labels.tolist())
    return {name: counts[i] for i, name in enumerate(class_names)}
