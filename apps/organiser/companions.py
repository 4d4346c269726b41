"""Which files go along with a photo: notes on it, its raw twin, the moving half of a Live Photo."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from apps.organiser.names import folded, numbered

NOTES = {".xmp", ".aae", ".json", ".pp3", ".dop", ".thm"}
FILMS = {".mov", ".mp4"}
RAWS = {
    *(".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dng", ".erf", ".iiq", ".nef", ".nrw", ".orf"),
    *(".pef", ".raf", ".raw", ".rw2", ".rwl", ".srw", ".x3f"),
}
ENDINGS = NOTES | FILMS | RAWS
# Google's archive numbers the second IMG_1.jpg "IMG_1(1).jpg", and its note "IMG_1.jpg(1).json".
COUNTED = re.compile(r"(.+?)(\.\w+)(\.[\w-]*)?(\(\d+\))")


def companions(photos: Sequence[str], others: Iterable[str]) -> dict[str, list[str]]:
    """Say which photos of a folder each other file may belong to.

    IMG_1.xmp, IMG_1.CR3 and IMG_1.MOV belong to IMG_1.jpg, and so do IMG_1.jpg.xmp, IMG_1.CR3.xmp
    and IMG_1.jpg.supplemental-metadata.json. Upper and lower case do not count.

    Args:
        photos: The names of the folder's photos.
        others: The names of its other files.

    Returns:
        The names of the photos by the name of the file; more than one where several share it. What
        belongs to none is left out.
    """
    owners: dict[str, list[str]] = defaultdict(list)
    for photo in photos:
        owners[folded(photo)].append(photo)
        owners[folded(Path(photo).stem)].append(photo)
    found = {}
    for name in others:
        known = (owners[key] for key in _keys(name) if key in owners)
        belongs = next(known, None)
        if belongs:
            found[name] = belongs
    return found


def _keys(name: str) -> Iterable[str]:
    """Yield what the photo, or its stem, may be called that a file belongs to, likeliest first."""
    path = Path(name)
    if path.suffix.lower() not in ENDINGS:
        return
    yield folded(path.stem)
    if path.suffix.lower() in NOTES:
        inner = Path(path.stem)
        counted = COUNTED.fullmatch(inner.name)
        if counted:
            yield folded(f"{counted[1]}{counted[4]}{counted[2]}")
        elif inner.suffix.lower() in RAWS | FILMS or Path(inner.stem).suffix:
            yield folded(inner.stem)


def renamed(names: Sequence[str], photo: str, target: str) -> list[str]:
    """Name a photo's companions after the name that the photo itself gets.

    Args:
        names: The companions' names.
        photo: The photo's.
        target: The photo's new one.

    Returns:
        Names in the same order that no system takes for one.
    """
    taken = {folded(target)}
    found = []
    for name in names:
        for old, new in ((photo, target), (Path(photo).stem, Path(target).stem)):
            if folded(name[: len(old)]) == folded(old):
                wanted = new + name[len(old) :]
                break
        else:
            wanted = target + Path(name).suffix
        free = next(n for n in numbered(wanted, 1) if folded(n) not in taken)
        taken.add(folded(free))
        found.append(free)
    return found
