"""The command line: which model, which photographs, and the table at the end."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import apps.export
from apps.export.compare import compare, table
from apps.export.formats import export
from apps.export.runners import THREADS
from apps.predictor import MODEL, image_classifier
from helpers.data import load
from helpers.errors import CourseError, printable
from helpers.folders import passed_by
from helpers.images import SUFFIXES
from helpers.runtime import SAVED
from helpers.samples import sample_set
from helpers.splits import Split, openable

if TYPE_CHECKING:
    from helpers.classifier import Classifier

CALIBRATION = 100  # photographs; more change the ranges of the activations little


def pictures(
    classifier: "Classifier", folder: Path | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Find photographs to calibrate with, and others to measure on.

    Args:
        classifier: The model that they are for.
        folder: Photographs of one's own, subfolders included: every second one calibrates. None is
            the training and the test split of the set that has the model's classes.

    Returns:
        uint8 arrays (n, height, width, 3), at most `CALIBRATION` images in the first; and the int
        labels (n,) of the second, or None where the folder is one's own.

    Raises:
        CourseError: there are none.
    """
    if folder is not None:
        calibrating, measuring = _every_second(folder)
    else:
        name = sample_set(classifier.class_names)
        if name is None:
            raise CourseError(
                f"No set has the classes {', '.join(classifier.class_names)}: name a folder of "
                "photographs with --photos."
            )
        data = load(name)
        calibrating = data.train
        measuring = data.test
    number = min(CALIBRATION, len(calibrating))
    some = calibrating.take(np.linspace(0, len(calibrating) - 1, number).astype(int))
    labels = None if folder is not None else measuring.labels
    # As the model fits pictures, which may be another way than the set's.
    some, measuring = (replace(split, fit=classifier.fit) for split in (some, measuring))
    return some.arrays(classifier.size)[0], measuring.arrays(classifier.size)[0], labels


def _every_second(folder: Path) -> tuple[Split, Split]:
    """Return the photographs of a folder in two halves, without labels; name what does not open."""
    if not folder.is_dir():
        raise CourseError(f"{printable(folder)} is not a folder: check the path.")
    files = tuple(sorted(f for f in folder.rglob("*") if _is_photo(f, folder)))
    photos = openable({"photos": Split(files, np.full(len(files), -1))})["photos"]
    if len(photos) < 2:
        raise CourseError(f"{folder} holds fewer than two photographs: choose another folder.")
    every = np.arange(len(photos))
    return photos.take(every[::2]), photos.take(every[1::2])


def _is_photo(path: Path, folder: Path) -> bool:
    """Tell photographs from folders with such names, hidden files, and thumbnails of a system's."""
    if any(map(passed_by, path.relative_to(folder).parts[:-1])):
        return False
    return path.suffix.lower() in SUFFIXES and path.name[0] != "." and path.is_file()


def main() -> None:
    """Export a model, and print how the files compare."""
    parser = argparse.ArgumentParser("apps.export", description=apps.export.__doc__)
    parser.add_argument("--model", type=Path, default=MODEL, help="the .keras file (%(default)s)")
    parser.add_argument("--to", type=Path, default=SAVED / "export", help="the folder")
    parser.add_argument("--photos", type=Path, help="photographs of your own to calibrate with")
    chosen = parser.parse_args()
    calibration, images, labels = pictures(image_classifier(chosen.model), chosen.photos)
    exported = export(chosen.model, chosen.to, calibration)
    for kind, file in exported.items():
        print(f"{kind:12} {file}")
    print(f"\n{len(images)} images, {THREADS} threads each")
    print(table(compare(chosen.model, exported, images, labels)))
