"""What stands in a folder of photographs: its splits, its classes, its images, and all the rest."""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpers.errors import CourseError, printable
from helpers.images import SUFFIXES

# What the folders of a split are called, the usual name first, as `_plain` leaves it. Who has no
# test/ means by holdout/ or eval/ the test images, and who has one, the validation images.
SPLITS = {
    "train": ("train", "training"),
    "val": ("val", "valid", "validation", "validate", "dev", "development", "holdout", "eval"),
    "test": ("test", "testing", "holdout", "heldout", "eval", "evaluation"),
    "predict": ("predict", "pred", "prediction", "unlabelled", "unlabeled"),
}
# Folders that systems and other programs keep for themselves, in lower case: what a Mac puts into
# its archives, thumbnails and bins of Synology and QNAP, Windows, Linux, cameras' cards.
PASSED_BY = {
    *("__macosx", "@eadir", "#recycle", "#snapshot", "@recycle", "@recently-snapshot", "@tmp"),
    *("$recycle.bin", "recycler", "recycled", "system volume information", "found.000"),
    *("lost+found", "lost.dir", "network trash folder", "temporary items", "__pycache__"),
}
# Libraries of other programs, which break if anything is taken out of them.
LIBRARIES = {
    *(".photoslibrary", ".photolibrary", ".migratedphotolibrary", ".aplibrary", ".lrdata"),
    *(".lrlibrary", ".cocatalog", ".imovielibrary", ".tvlibrary", ".fcpbundle", ".app"),
}
NOTES_OF_SYSTEMS = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
TABLE = "groups.csv"
DEEPEST = 8  # folders inside each other that are looked into
MOST = 1_000_000  # names that are read before the wrong folder is suspected


def passed_by(name: str) -> bool:
    """Say whether a folder is hidden, a system's own, or another program's library."""
    name = name.lower()
    return name.startswith(".") or name in PASSED_BY or Path(name).suffix in LIBRARIES


@dataclass
class Folder:
    """A folder and what lies in it.

    Attributes:
        path: Where it is.
        images: The files whose ending is an image's, by name.
        folders: Those of its folders that hold images, themselves or further down, by name.
        others: How many files of other kinds lie in it and further down, by ending or other kind.
    """

    path: Path
    images: list[Path] = field(default_factory=list)
    folders: list["Folder"] = field(default_factory=list)
    others: Counter = field(default_factory=Counter)

    def walk(self) -> Iterator["Folder"]:
        """Yield this folder and those below it, the outer ones first."""
        level = [self]
        while level:
            yield from level
            level = [inner for folder in level for inner in folder.folders]


@dataclass(frozen=True)
class Found:
    """The files of each split with their class, "" where nobody says; and what is none of them."""

    splits: dict[str, list[tuple[Path, str]]]
    rest: str


def read_folder(path: Path) -> Folder:
    """Look at all names below a folder; no file is opened.

    Raises:
        CourseError: it is no folder, one of its folders may not be read, or it holds too much.
    """
    return _read(path, (), Counter())


def _read(path: Path, above: Sequence[tuple[int, int]], seen: Counter) -> Folder:
    """Read a folder; those above are known by device and number, so that no link goes round."""
    found = Folder(path)
    try:
        facts = path.stat()
        here = (facts.st_dev, facts.st_ino)
        entries = [] if here in above else sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError as error:
        raise CourseError(
            f"{printable(path)} cannot be read ({error.strerror}): get the right to read it, or "
            "move it out of the set."
        ) from None
    seen["names"] += len(entries)
    if seen["names"] > MOST:
        raise CourseError(
            f"Up to {printable(path)} there are over {MOST:,} names: choose the folder of one set."
        )
    for entry in entries:
        is_folder = _asked(entry.is_dir)
        is_file = _asked(entry.is_file)
        if is_folder and not passed_by(entry.name) and len(above) < DEEPEST:
            inner = _read(path / entry.name, (*above, here), seen)
            found.others += inner.others
            if inner.images or inner.folders:
                found.folders.append(inner)
            else:
                found.others += _empty(inner)
        elif is_file and Path(entry.name).suffix.lower() in SUFFIXES and entry.name[0] != ".":
            found.images.append(path / entry.name)
        elif kind := _kind(entry.name, is_folder, is_file):
            found.others[kind] += 1
    return found


def _empty(folder: Folder) -> Counter:
    """Count a folder without images where nothing in it is counted; it may hold no table."""
    if any(file.name.lower() == TABLE for file in folder.path.iterdir()):
        raise CourseError(
            f"{printable(folder.path / TABLE)} lies in a folder without images: move it into the "
            "set's folder, or remove it."
        )
    name = printable(folder.path.name)
    return Counter() if folder.others else Counter([f"the folder {name}, which holds no image"])


def _kind(name: str, is_folder: bool, is_file: bool) -> str:
    """Name the kind of what is no image; "" is what nobody misses."""
    lower = name.lower()
    if lower.startswith(".") or lower in NOTES_OF_SYSTEMS or lower == TABLE:
        return ""
    if is_folder:
        return f"the folder {printable(name)}"
    if not is_file:
        return f"{printable(name)} (a pipe, a device or a dead link)"
    return printable(Path(lower).suffix) or "files without an ending"


def _asked(question: Callable[[], bool]) -> bool:
    """Ask what an entry is; a link to where one has no right, or round in a circle, is nothing."""
    try:
        return question()
    except OSError:
        return False


def is_class(path: Path) -> bool:
    """Say whether a folder is a class and no set: images and no folders, beside another such.

    Who sorts photos into rooms/ and gardens/ does not mean by the former the course's set of rooms.
    """
    if not _is_flat(read_folder(path)):
        return False
    beside = (Path(entry.path) for entry in os.scandir(path.parent) if _asked(entry.is_dir))
    others = (folder for folder in beside if folder != path and not passed_by(folder.name))
    return any(_is_flat(read_folder(folder)) for folder in others)


def _is_flat(folder: Folder) -> bool:
    """Say whether images stand in a folder itself, and in none below it."""
    return bool(folder.images) and not folder.folders


def labelled(path: Path) -> Found:
    """Find the splits of a set and the classes of its images; without folders of splits, "train".

    The classes are those of the training images. A split with a single folder of another name, or
    with none, is unlabelled, and so is all that is called predict.

    Raises:
        CourseError: a folder may not be read, or its classes do not fit the training images'.
    """
    root = read_folder(path)
    folders = next(filter(None, map(_split_folders, root.walk())), {"train": root})
    train = _classes(folders["train"])
    names = _names(folders["train"].path, {label for _, label in train})
    splits = {"train": [(f, names[fold(label)]) for f, label in train if fold(label) in names]}
    unlabelled = [file for file, label in train if fold(label) not in names]
    for key in ("val", "test", "predict"):
        files = _classes(folders[key]) if key in folders else []
        labels = {label for _, label in files}
        if key in folders and (key == "predict" or _is_unlabelled(labels, names)):
            unlabelled += [file for inner in folders[key].walk() for file in inner.images]
        elif unknown := {label for label in labels if fold(label) not in names}:
            raise CourseError(
                f"{printable(folders[key].path)} has {listed(unknown)}, which the training images "
                f"do not have ({listed(names.values())}): name its folders as theirs."
            )
        else:
            splits[key] = [(file, names[fold(label)]) for file, label in files]
    splits["predict"] = [(file, "") for file in unlabelled]
    used = {file for files in splits.values() for file, _ in files}
    return Found(splits, _rest(root, used))


def _split_folders(folder: Folder) -> dict[str, Folder]:
    """Return the folders of the splits that stand in this one, and none where train/ is not."""
    # A folder of images called train is a class: toys, say. One with a cover picture is not.
    with_classes = [inner for inner in folder.folders if len(inner.folders) > bool(inner.images)]
    found: dict[str, Folder] = {}
    for key in ("train", "test", "val", "predict"):
        candidates = with_classes if key == "train" else folder.folders
        named = {_plain(inner.path.name): inner for inner in reversed(candidates)}
        named |= {inner.path.name.lower(): inner for inner in reversed(candidates)}
        free = [n for n in SPLITS[key] if n in named and named[n] not in found.values()]
        if free:
            found[key] = named[free[0]]
        elif key == "train":
            return {}
    return found


def _plain(name: str) -> str:
    """Return a folder's name without what is put around it: seg_train, test-set, val2017."""
    letters = re.sub(r"[\W\d_]+", "", name.lower())
    return re.sub(r"^seg|((data)?set|data|split|images|pictures|photos|folder)$", "", letters)


def _classes(folder: Folder) -> list[tuple[Path, str]]:
    """List the images in the folders of classes with the name of theirs."""
    level = _class_level(folder)
    return [(file, inner.path.name) for inner in level.folders for file in inner.images]


def _class_level(folder: Folder) -> Folder:
    """Find the folder that holds those of the classes: archives wrap it in some."""
    if sum(bool(inner.images) for inner in folder.folders) > 1:
        return folder
    levels = [_class_level(inner) for inner in folder.folders]
    several = [level for level in levels if len(level.folders) > 1]
    both = zip(folder.folders, levels, strict=True)
    others = [inner for inner, level in both if level not in several]
    if len(several) == 1 and all(inner.images for inner in others):
        return several[0]
    alone = len(levels) == 1 and not folder.folders[0].images
    return levels[0] if alone else folder


def _names(path: Path, labels: set[str]) -> dict[str, str]:
    """Return the classes' names, fit to be printed, by what `_fold` makes of the folders'.

    Raises:
        CourseError: two are one to other systems, or they are splits and no classes.
    """
    labels = {label for label in labels if _plain(label) not in SPLITS["predict"]}
    known = {name for names in SPLITS.values() for name in names}
    if len(labels) > 1 and all(_plain(label) in known for label in labels):
        raise CourseError(
            f"{printable(path)} has {listed(labels)} without folders of classes in them: give "
            "each class one subfolder of images there."
        )
    names: dict[str, str] = {}
    for label in sorted(labels):
        other = names.setdefault(fold(label), printable(label))
        if other != printable(label):
            raise CourseError(
                f"{printable(path)} has {listed([other, label])}, which other systems take for "
                "one: put their images into one folder."
            )
    return names


def _is_unlabelled(labels: set[str], names: dict[str, str]) -> bool:
    """Say whether a split has no classes, or one folder which is none of the training classes."""
    return not labels or (len(labels) == 1 and fold(min(labels)) not in names)


def fold(name: str) -> str:
    """Return what two folders' names share if some system takes them for one."""
    return unicodedata.normalize("NFC", name.strip()).casefold()


def listed(names: Iterable[str], most: int = 8) -> str:
    """Name some of many things."""
    names = sorted(map(printable, names))
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _rest(root: Folder, used: set[Path]) -> str:
    """Say what lies in the set's folder and is no part of the set; "" where there is nothing."""
    unused = {folder.path: sum(f not in used for f in folder.images) for folder in root.walk()}
    images = {path: number for path, number in unused.items() if number}
    said = []
    for path in sorted(images, key=lambda path: images[path], reverse=True)[:4]:
        inner = printable(path.relative_to(root.path))
        number = images.pop(path)
        place = "the folder itself" if path == root.path else inner
        said.append(f"{number} image{'s' * (number > 1)} in {place}")
    if images:
        said.append(f"{sum(images.values())} images in {len(images)} more folders")
    kinds = root.others.most_common()
    said += [f"{number} {kind}" if kind[0] == "." else kind for kind, number in kinds[:6]]
    if kinds[6:]:
        said.append(f"{sum(number for _, number in kinds[6:])} more of {len(kinds[6:])} kinds")
    return ", ".join(said)
