"""Find a set of photographs, wherever it comes from, and read it."""

import os
import stat
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from helpers.audit import NEAR
from helpers.errors import CourseError, printable
from helpers.fit import FIT
from helpers.folders import SPLITS, TABLE, Found, is_class, labelled, listed
from helpers.group_table import named_groups, read_groups
from helpers.runtime import ROOT, writable
from helpers.splits import Split, complete, group_images, openable

if TYPE_CHECKING:
    import tensorflow as tf

SAMPLES = ROOT / "data" / "sample"
KAGGLE = writable("data/kaggle")  # where downloads go
HANDED_OUT = ROOT / "data" / "kaggle"  # where whoever hands the course out may have put them
ATTACHED = Path("/kaggle/input")  # where Kaggle's notebooks, and Colab's, find what is attached


@dataclass(frozen=True)
class KnownSet:
    """What `data/sets.toml` says of a set.

    Attributes:
        classes: How many classes its chapters ask for; 0 is any number, from two on.
        fit: How its pictures are given a model's shape, one of `fit.FITS`.
        kaggle: Where Kaggle publishes it, as owner/name; "" where it does not.
    """

    classes: int
    fit: str = FIT
    kaggle: str = ""


SETS = {
    name: KnownSet(**facts)
    for name, facts in tomllib.loads((ROOT / "data" / "sets.toml").read_text("utf-8")).items()
}


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

    @property
    def fit(self) -> str:
        """How its pictures are given a model's shape; a classifier that learns here needs it."""
        return self.train.fit

    def groups(
        self, split: Split, limit: int = NEAR, known: Sequence[str] | None = None
    ) -> np.ndarray:
        """Number what belongs together as `group_images` does, by the names in `groups.csv`.

        Args:
            split: Images of this set.
            limit: The most bits, of 256, in which near-duplicates' hashes differ.
            known: For each image the name of its group, or "", in the place of `groups.csv`.

        Returns:
            int array of shape (n,): equal numbers must stay on one side of a split.
        """
        known = named_groups(self.folder, split.files) if known is None else known
        return group_images(split, known, limit)

    def splits(self) -> dict[str, Split]:
        """Return the four splits by name."""
        return {name: getattr(self, name) for name in SPLITS}


def load(name: str, source: str | os.PathLike | None = None) -> DataSet:
    """Find a set, and say in one line where its images came from.

    Args:
        name: A key of `SETS`.
        source: "samples"; "kaggle", a download; a folder that holds the set under its name; or a
            folder of one's own with one subfolder a class. None leaves the choice to the
            environment variable COURSE_DATA, and without it takes the samples.

    Returns:
        The set. Splits that the folder does not have are drawn from its training images, the same
        at each call; near-duplicates stay on one side, and so do images to which a file groups.csv
        (columns file and group, in the set's folder) gives one group.

    Raises:
        CourseError: there is no such set, it cannot be read, or a class has too few images to
            train, validate and test with.
    """
    if name not in SETS:
        raise CourseError(f"There is no set {name!r}: choose one of {', '.join(SETS)}.")
    folder, origin = _where(name, source)
    found = labelled(folder)
    class_names = tuple(sorted({label for _, label in found.splits["train"]}))
    _check_classes(name, folder, class_names, found.rest)
    splits = {key: _split(found.splits.get(key, []), class_names, SETS[name].fit) for key in SPLITS}
    if origin != "samples":
        remarks = [f"passed by: {found.rest}." if found.rest else "", read_groups(folder)[1]]
        print(*filter(None, remarks), sep="\n", end="\n" if any(remarks) else "")
        splits = openable(splits)
        _check_splits(splits, found, class_names)
    splits = complete(splits, folder, class_names)
    if torn := _torn(splits, read_groups(folder)[0]):
        print(f"{TABLE}: in several of the folder's own splits lie, and stay, {listed(torn, 3)}.")
    counts = ", ".join(f"{len(split)} {key}" for key, split in splits.items() if len(split))
    said = (
        "pictures rendered by the course" if origin == "samples" else f"photographs from {origin}"
    )
    print(f"{name}: {said}, {counts}; classes {', '.join(class_names)}.")
    return DataSet(name, folder, origin, class_names, **splits)


def _torn(splits: dict[str, Split], groups: dict[Path, str]) -> list[str]:
    """Name the groups that stand on more than one side, as the folder itself has dealt them."""
    sides: dict[str, set[str]] = {}
    for key in ("train", "val", "test"):
        for file in filter(groups.get, splits[key].files):
            sides.setdefault(groups[file], set()).add(key)
    return [group for group, where in sides.items() if len(where) > 1]


def _check_classes(name: str, folder: Path, class_names: Sequence[str], rest: str) -> None:
    """Raise CourseError where a folder has another number of classes than the chapters ask for."""
    wanted = SETS[name].classes
    if len(class_names) != (wanted or max(2, len(class_names))):
        raise CourseError(
            f"{printable(folder)} holds {len(class_names)} classes "
            f"({listed(class_names) or 'none'}), and {name!r} asks for {wanted or 'two or more'}: "
            "give each class one subfolder of images." + (f" Passed by: {rest}." if rest else "")
        )


def _check_splits(splits: dict[str, Split], found: Found, class_names: Sequence[str]) -> None:
    """Raise CourseError where a split that is there lacks a class, or no image of one opens."""
    for key in ("train", "val", "test"):
        there = Counter(label for _, label in found.splits.get(key, ()))
        opened = count(splits[key], class_names)
        for label in class_names:
            if there and not opened[label]:
                why = f"none of its images in {key} opens"
                raise CourseError(
                    f"{label}: {why if there[label] else f'there is no image in {key}'}, where "
                    "each class needs some: add photos to it."
                )


def dataset(
    split: Split, size: tuple[int, int], batch_size: int = 32, seed: int | None = None
) -> "tf.data.Dataset":
    """Feed a split to Keras, each image opened once (see `Split.arrays`).

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


def _where(name: str, source: str | os.PathLike | None) -> tuple[Path, str]:
    """Return the folder of a set, and a word on where it came from."""
    chosen = os.fspath(source or os.environ.get("COURSE_DATA", ""))
    slug = SETS[name].kaggle
    word = chosen.strip().lower()
    if word in ("", "samples"):
        return SAMPLES / name, "samples"
    if word == "kaggle":
        if not slug:
            raise CourseError(
                f"Kaggle has no set that is known to be {name!r}: set COURSE_DATA to a folder with "
                "one subfolder of images a class, or unset it for the samples."
            )
        return _from_kaggle(slug), f"kaggle.com/datasets/{slug}"
    path = _folder(chosen, "" if source else "COURSE_DATA=")
    below = [path / folder for folder in folder_names(name)]
    below += [path / "datasets" / slug] if slug else []
    inner = next(filter(_is_folder, below), path)
    found = (path if inner != path and is_class(inner) else inner).resolve()
    table = path / TABLE
    if found != path.resolve() and table.exists():
        raise CourseError(
            f"{printable(table)} stands above the set: move it into {printable(found)}, or "
            "remove it."
        )
    return found, f"the folder {printable(path.resolve().name or path)}"


def _from_kaggle(slug: str) -> Path:
    """Return the folder of a set that is attached or there already, or else download it."""
    owner_less = slug.split("/")[1]
    there = (ATTACHED / "datasets" / slug, ATTACHED / owner_less, HANDED_OUT / owner_less)
    found = next(filter(_is_folder, there), None)
    if found is None:
        from helpers.download import download

        found = download(slug, KAGGLE)
    return found


def _folder(chosen: str, said: str) -> Path:
    """Return the folder that somebody has named; raise CourseError where there is none."""
    paths = []
    for text in dict.fromkeys((chosen, chosen.strip())):  # a folder's name may end with a space
        try:
            paths.append(Path(text).expanduser())
        except RuntimeError:  # nobody is called so
            paths.append(Path(text))
    # A notebook's kernel starts in notebooks/, where a path meant from the course's folder fails.
    found = next(filter(_is_folder, [*paths, *(ROOT / path for path in paths)]), None)
    if found is None:
        raise CourseError(
            f"{said}{printable(chosen)} is not a folder: check the path, or leave it out."
        )
    return found


def _is_folder(path: Path) -> bool:
    """Say whether this is a folder; raise CourseError where one has no right to know."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except PermissionError as error:
        raise CourseError(
            f"{printable(path.parent)} cannot be read ({error.strerror}): get the right to read "
            "it, or choose another folder."
        ) from None
    except (OSError, ValueError):  # not there; a name too long, or with a null byte
        return False


def folder_names(name: str) -> tuple[str, ...]:
    """Return what the folder of a set may be called: its own name, or Kaggle's for it."""
    return (name, SETS[name].kaggle.split("/")[-1] or name)


def _split(files: list[tuple[Path, str]], class_names: Sequence[str], fit: str) -> Split:
    """Turn files, class names and the set's fit into a split."""
    index = {label: i for i, label in enumerate(class_names)}
    labels = np.array([index.get(label, -1) for _, label in files], dtype=np.int32)
    return Split(tuple(file for file, _ in files), labels, fit)


def count(split: Split, class_names: Sequence[str]) -> dict[str, int]:
    """Count the images of each class."""
    counts = Counter(split.labels.tolist())
    return {name: counts[i] for i, name in enumerate(class_names)}
