"""What stands in a folder of photographs: its splits, its classes, its images."""

from pathlib import Path

from helpers.errors import CourseError
from helpers.images import SUFFIXES

# What the folders of a split are called; compared in lower case.
SPLITS = {
    "train": {"train", "training", "seg_train"},
    "val": {"val", "valid", "validation", "seg_val"},
    "test": {"test", "testing", "seg_test"},
    "predict": {"predict", "pred", "seg_pred", "unlabelled", "unlabeled"},
}


def labelled(folder: Path) -> dict[str, list[tuple[Path, str]]]:
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
    loose = _images(folder)
    inner = _folders(folder)
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
