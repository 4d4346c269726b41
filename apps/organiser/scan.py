"""Find the photos below a folder with what goes along with them, and count what else is there."""

import errno
import os
import stat
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from tqdm import tqdm

from apps.organiser.companions import companions
from apps.organiser.names import LEDGER, printable
from apps.organiser.records import Photo
from helpers.errors import CourseError
from helpers.folders import LIBRARIES, passed_by
from helpers.images import SUFFIXES

DEEPEST = 200  # folders inside each other; Python 3.11 goes into each by a call of its own
EARLIEST = -(2**63)  # nanoseconds that SQLite can hold
LATEST = 2**63 - 1


def say(sentence: str) -> None:
    """Print a line on stderr, above the progress bar."""
    tqdm.write(sentence, sys.stderr)


@dataclass
class Tree:
    """The photos below a folder, and what else was seen there on the last walk.

    Attributes:
        root: The folder.
        excluded: A folder that is not entered, wherever it stands: the one that is sorted into.
        photographs: How many photos there were.
        others: How many files of other kinds, by ending or kind.
        shared: How many of them belong to several photos at once, and so go along with none.
        links: How many symbolic links.
        libraries: How many libraries of other programs.
        systems: How many folders that systems keep for themselves.
        results: How many folders that other runs have sorted into.
        closed: How many folders and files could not be looked at.
    """

    root: Path
    excluded: Path
    photographs: int = 0
    others: Counter[str] = field(default_factory=Counter)
    shared: int = 0
    links: int = 0
    libraries: int = 0
    systems: int = 0
    results: int = 0
    closed: int = 0

    def __post_init__(self) -> None:
        """Remember the folder itself, for an empty one may stand where a card was pulled out."""
        self.facts = self.root.stat()
        self.told: set[str] = set()

    def photos(self) -> Iterator[Photo]:
        """Yield the photos folder by folder, by name; only one folder's files are in memory.

        Raises:
            CourseError: the root is no folder, or is one no longer.
        """
        self.photographs = 0
        self.others = Counter()
        self.shared = 0
        self.links = 0
        self.libraries = 0
        self.systems = 0
        self.results = 0
        self.closed = 0
        for path, names, files in os.walk(self.root, onerror=self._closed):
            folder = Path(path)
            if names and len(folder.parts) - len(self.root.parts) >= DEEPEST:
                self._closed(OSError(errno.ELOOP, f"over {DEEPEST} folders deep", path))
                names.clear()
            names[:] = sorted(name for name in names if self._enters(folder / name))
            yield from self._grouped(folder, sorted(files))
        self.check()

    def _grouped(self, folder: Path, names: list[str]) -> Iterator[Photo]:
        """Yield a folder's photos, each with what goes along with it, and count the rest."""
        found = [self._file(folder / name) for name in names if not name.startswith(".")]
        files = {file.path.name: file for file in found if file}
        photos = [name for name in files if Path(name).suffix.lower() in SUFFIXES]
        others = [name for name in files if Path(name).suffix.lower() not in SUFFIXES]
        along = defaultdict(list)
        owners = companions(photos, others)
        for name in others:
            belongs = owners.get(name, [])
            if len(belongs) == 1:
                along[belongs[0]].append(files[name])
            else:
                self.shared += len(belongs) > 1
                self.others[printable(Path(name).suffix.lower()) or "without ending"] += 1
        self.photographs += len(photos)
        for name in photos:
            yield replace(files[name], companions=tuple(along[name]))

    def check(self) -> None:
        """Raise CourseError where the root is gone: a card pulled out, a share lost."""
        with suppress(OSError):
            if os.path.samestat(self.facts, self.root.stat()):
                return
        raise CourseError(
            f"{printable(self.root)} is no longer there: bring it back, and run the same command "
            "again."
        )

    def _closed(self, error: OSError) -> None:
        """Note a folder that cannot be listed, or a file that cannot be looked at."""
        self.check()
        self.closed += 1
        sentence = f"{printable(error.filename)} cannot be read ({error.strerror}): left alone."
        if sentence not in self.told:  # the tree is walked twice
            self.told.add(sentence)
            say(sentence)

    def _enters(self, folder: Path) -> bool:
        """Say whether to look into a folder."""
        if folder.name.startswith("."):
            return False
        try:
            if folder.is_symlink():
                self.links += 1  # os.walk follows none, so that none leads round in circles
                return False
            if passed_by(folder.name):
                self.libraries += is_library(folder)
                self.systems += not is_library(folder)
                return False
            if self.excluded.exists() and folder.samefile(self.excluded):
                return False
            is_result = os.path.lexists(folder / LEDGER)  # its photos have their places
            self.results += is_result
            return not is_result
        except OSError as error:  # a folder whose names can be listed, and no more
            self._closed(error)
            return False

    def _file(self, path: Path) -> Photo | None:
        """Look at a file; count what is a link, a pipe or a device."""
        try:
            facts = path.lstat()
        except OSError as error:
            self._closed(error)
            return None
        if stat.S_ISLNK(facts.st_mode):
            self.links += 1
        elif not stat.S_ISREG(facts.st_mode):
            self.others["pipe or device"] += 1
        else:  # a camera without a clock may write the year 2300
            return Photo(path, facts.st_size, changed_at(facts))
        return None


def changed_at(facts: os.stat_result) -> int:
    """Return the time of a file's last change, in nanoseconds, as SQLite can hold it."""
    return min(max(facts.st_mtime_ns, EARLIEST), LATEST)


def is_library(folder: Path) -> bool:
    """Say whether a folder is a library of another program, which breaks if photos leave it."""
    return folder.suffix.lower() in LIBRARIES
