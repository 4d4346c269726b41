"""Look at every file of a set before anything is learnt from it."""

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
from PIL import Image

from helpers.banding import Banded, joined
from helpers.errors import CourseError, NoMemory, printable
from helpers.files import read_file
from helpers.images import open_stored

# Of 256 bits. Among 6,900 scene photographs 11 pairs differ in at most 12 bits and each shows one
# view twice; the next differs in 17 and shows two. No limit is perfect: one true pair is at 19.
NEAR = 12
HASH_SIDE = 16
# A drawing on white has the more bits equal to any other's the fewer it sets: below this it tells
# nothing. The emptiest pair among 255 shops' pictures that shows one thing twice sets 30.
FEWEST = 24
LISTED = 10_000  # pairs that are named under one heading: a burst of 5,000 photos makes 12 million
THREADS = min(os.cpu_count() or 1, 8)  # each holds an image, of up to some hundred megabytes
WAVE = 2**14  # files that wait for the threads at once: a million would take two gigabytes
PATIENCE = 5  # seconds, gone and to come, without a word


@dataclass(frozen=True)
class Inspection:
    """What one file is, whatever its name says.

    Attributes:
        path: The file.
        format: Pillow's name of what it really is, such as "JPEG"; "" if that is not known.
        mode: Pillow's mode, such as "RGB" or "L".
        size: (width, height) in pixels, before any turning.
        grey: Whether red, green and blue are equal everywhere.
        orientation: The EXIF orientation, 1 (upright) to 8.
        digest: SHA-256 of the bytes, in hexadecimal.
        bits: uint64 array of shape (4,), the difference hash; None if it does not open.
        error: Why it does not open, or "".
    """

    path: Path
    format: str = ""
    mode: str = ""
    size: tuple[int, int] = (0, 0)
    grey: bool = False
    orientation: int = 1
    digest: str = ""
    bits: np.ndarray | None = None
    error: str = ""


def inspect(path: Path) -> Inspection:
    """Read one file whole, and say what it is; never raises for what the file holds.

    What was found is kept while the process runs, until the file is another: see `_inspected`.
    """
    try:
        facts = path.stat()
        return _inspected(path, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
    except OSError as error:
        return Inspection(path, error=f"{printable(path)} cannot be read ({error.strerror}).")
    except CourseError as error:  # what may pass, such as a lack of memory, is not kept
        return Inspection(path, error=str(error))


@lru_cache(maxsize=2**17)  # of half a kilobyte each
def _inspected(path: Path, *facts: int) -> Inspection:
    """Inspect a file that its path and these facts of it stand for.

    Raises:
        CourseError: it cannot be read just now.
    """
    data = read_file(path)
    try:
        pixels, stored = open_stored(data, printable(path.name))
    except NoMemory:
        raise
    except CourseError as error:
        return Inspection(path, error=str(error))
    return Inspection(
        path,
        format=stored.format,
        mode=stored.mode,
        size=stored.size,
        grey=bool((pixels == pixels[..., :1]).all()),
        orientation=stored.orientation,
        digest=hashlib.sha256(data).hexdigest(),
        bits=difference_hash(pixels),
    )


def inspect_all(
    files: Iterable[Path], tell: Callable[[str], object] | None = None
) -> list[Inspection]:
    """Inspect many files, in order, in several threads.

    Args:
        files: What to look at.
        tell: Gets one sentence if it takes long.
    """
    files = list(files)
    start = time.monotonic()
    found: list[Inspection] = []
    with ThreadPoolExecutor(THREADS) as pool:
        waves = (files[first : first + WAVE] for first in range(0, len(files), WAVE))
        for inspection in chain.from_iterable(pool.map(inspect, wave) for wave in waves):
            found.append(inspection)
            took = time.monotonic() - start
            left = took / len(found) * (len(files) - len(found))
            if tell and min(took, left) > PATIENCE:
                tell(f"Looking at {len(files):,} images: about {left:.0f} more seconds.")
                tell = None
    return found


def difference_hash(pixels: np.ndarray) -> np.ndarray:
    """Say of each point of a coarse grid whether the image gets brighter to the right of it.

    Source: N. Krawetz, "Kind of like that", 2013 (dHash), here on a grid of 16 by 16.

    Args:
        pixels: uint8 array of shape (height, width, 3).

    Returns:
        uint64 array of shape (4,): 256 bits.
    """
    grey = Image.fromarray(pixels).convert("L")
    small = grey.resize((HASH_SIDE + 1, HASH_SIDE), Image.Resampling.BOX)
    brighter = np.diff(np.asarray(small, dtype=np.int16), axis=1) > 0
    return np.packbits(brighter).view(np.uint64)


def banded(hashes: np.ndarray, limit: int = NEAR) -> tuple[Banded, np.ndarray]:
    """Leave out the hashes that tell too little to be compared, and sort the others for a search.

    Args:
        hashes: uint64 array of shape (n, 4), from `difference_hash`.
        limit: The most bits that may differ, of 256.

    Returns:
        The search, and int array of shape (m,): which of the n each of its hashes is.
    """
    bits = np.bitwise_count(hashes).sum(axis=1, dtype=int)
    tells = np.flatnonzero(np.minimum(bits, 64 * hashes.shape[1] - bits) >= FEWEST)
    return Banded(hashes[tells], limit), tells


def near_pairs(hashes: np.ndarray, limit: int = NEAR) -> list[tuple[int, int]]:
    """List the pairs of images whose hashes differ in at most `limit` bits.

    Hashes with fewer than `FEWEST` bits set, or not set, tell too little to be compared. A burst of
    n equal ones makes n (n - 1) / 2 pairs: where there may be many, take `banded` and its blocks.

    Args:
        hashes: uint64 array of shape (n, 4), from `difference_hash`.
        limit: The most bits that may differ, of 256.

    Returns:
        Pairs (i, j) with i < j, in order.
    """
    search, tells = banded(hashes, limit)
    found: list[tuple[int, int]] = []
    for i, j in search.pairs():
        found += zip(tells[i].tolist(), tells[j].tolist(), strict=True)
    return sorted(found)


def groups(
    inspections: Sequence[Inspection], known: Sequence[str] = (), limit: int = NEAR
) -> np.ndarray:
    """Number the groups of images that belong together, so that a split keeps each on one side.

    Copies of one file belong together whatever else is said.

    Args:
        inspections: What `inspect_all` returned, each of which opens.
        known: For each record the group that somebody has named, or ""; () where nobody has.
        limit: The most bits, of 256, in which the hashes of near-duplicates differ; -1 to do
            without a guess.

    Returns:
        int array of shape (n,): equal numbers belong together.
    """
    search, tells = banded(_hashes(inspections), limit)
    first: dict[str, int] = {}
    said = [(first.setdefault(name, i), i) for i, name in enumerate(known) if name]
    copy: dict[str, int] = {}
    said += [(copy.setdefault(each.digest, i), i) for i, each in enumerate(inspections)]
    ends = np.array(said, dtype=int).reshape(-1, 2).T
    near = ((tells[one], tells[other]) for one, other in search.links())
    return joined(chain([(ends[0], ends[1])], near), len(inspections))


@dataclass
class Doubles:
    """Pairs of files, of which the first `LISTED` are kept and the others counted.

    Attributes:
        pairs: Indices of the two.
        more: How many pairs are not kept.
    """

    pairs: list[tuple[int, int]] = field(default_factory=list)
    more: int = 0

    def add(self, one: np.ndarray, other: np.ndarray) -> None:
        """Take a block of pairs."""
        room = LISTED - len(self.pairs)
        self.pairs += zip(one[:room].tolist(), other[:room].tolist(), strict=True)
        self.more += max(0, len(one) - room)

    def lines(self, names: Sequence[str]) -> list[str]:
        """Say of each pair which two files it is."""
        said = [f"{names[one]} = {names[other]}" for one, other in self.pairs]
        return [*said, f"and {self.more:,} more"] if self.more else said


def audit(inspections: Sequence[Inspection], places: Sequence[str]) -> dict[str, list[str]]:
    """List what is odd about a set, one line a finding.

    Args:
        inspections: What `inspect_all` returned.
        places: Where each file stands, "split/class"; an empty class means unlabelled.

    Returns:
        Headings and their findings; an empty list where there is nothing to find. Of duplicates,
        `LISTED` are named under a heading, and the last line says how many more there are.
    """
    good = [(r, p) for r, p in zip(inspections, places, strict=True) if not r.error]
    named = [(r, _name(r.path, p)) for r, p in good]
    names = [name for _, name in named]
    common = Counter(r.size for r, _ in good).most_common(1)
    usual = common[0][0] if common else None
    exact, near, across = _doubles([r for r, _ in good], [p for _, p in good])
    return {
        "do not open": [r.error for r in inspections if r.error],
        "are not what their name says": [
            f"{name} is {r.format}" for r, name in named if not _suffix_fits(r)
        ],
        "are not RGB": [f"{name} is {r.mode}" for r, name in named if r.mode != "RGB"],
        "are grey": [name for r, name in named if r.grey],
        "have another size": [
            f"{name} is {r.size[0]}x{r.size[1]}" for r, name in named if r.size != usual
        ],
        "lie on their side (EXIF)": [name for r, name in named if r.orientation != 1],
        "exact duplicates": exact.lines(names),
        "near duplicates": near.lines(names),
        "duplicates across splits or classes": across.lines(names),
        "unlabelled": [
            _name(r.path, p) for r, p in zip(inspections, places, strict=True) if p.endswith("/")
        ],
    }


def _doubles(
    inspections: Sequence[Inspection], places: Sequence[str]
) -> tuple[Doubles, Doubles, Doubles]:
    """Find files that are there twice: exactly, nearly, and, of both, in two places.

    Args:
        inspections: Of files that open.
        places: Where each stands.
    """
    first: dict[str, int] = {}
    copy = np.array([first.setdefault(r.digest, i) for i, r in enumerate(inspections)], dtype=int)
    number: dict[str, int] = {}
    place = np.array([number.setdefault(p, len(number)) for p in places], dtype=int)
    exact = Doubles()
    near = Doubles()
    across = Doubles()
    again = np.flatnonzero(copy != np.arange(len(copy)))
    exact.add(copy[again], again)
    moved = again[place[copy[again]] != place[again]]
    across.add(copy[moved], moved)
    search, tells = banded(_hashes(inspections))
    for one, other in search.pairs():
        i = tells[one]
        j = tells[other]
        unlike = copy[i] != copy[j]
        near.add(i[unlike], j[unlike])
        unlike &= place[i] != place[j]
        across.add(i[unlike], j[unlike])
    for found in (near, across):
        found.pairs.sort()
    return exact, near, across


def _name(path: Path, place: str) -> str:
    """Name a file by its place in the set."""
    return f"{place.rstrip('/')}/{printable(path.name)}"


def _hashes(inspections: Sequence[Inspection]) -> np.ndarray:
    """Stack the hashes of inspections that open: uint64, shape (n, 4)."""
    bits = [inspection.bits for inspection in inspections if inspection.bits is not None]
    return np.stack(bits) if bits else np.zeros((0, 4), np.uint64)


def _suffix_fits(inspection: Inspection) -> bool:
    """Say whether the file's ending promises the format that it has."""
    known = Image.registered_extensions() | {".jif": "JPEG"}
    promised = known.get(inspection.path.suffix.lower())
    return inspection.format in ("", promised) or (promised, inspection.format) == ("JPEG", "MPO")
