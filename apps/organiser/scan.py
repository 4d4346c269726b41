"""Find the photos below a folder, and count what else is there."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from apps.organiser.names import printable
from apps.organiser.records import Photo
from helpers.errors import CourseError
from helpers.images import SUFFIXES

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
        others: How many files of other kinds there were.
        links: How many symbolic links.
        closed: How many folders and files could not be looked at.
    """

    root: Path
    excluded: Path
    others: int = 0
    links: int = 0
    closed: int = 0

    def __post_init__(self) -> None:
        """Remember the folder itself, for an empty one may stand where a card was pulled out."""
        self.facts = self.root.stat()
        self.told: set[str] = set()

    def photos(self) -> Iterator[Photo]:
        """Yield the photos folder by folder, by name; only one folder's names are in memory.

        Raises:
            CourseError: the root is no folder, or is one no longer.
        """
        self.others = 0
        self.links = 0
        self.closed = 0
        for path, names, files in os.walk(self.root, onerror=self._closed):
            folder = Path(path)
            names[:] = sorted(name for name in names if self._enters(folder / name))
            for name in sorted(files):
                photo = None if name.startswith(".") else self._photo(folder / name)
                if photo:
                    yield photo
        self.check()

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
            if not folder.is_symlink():
                return not (self.excluded.exists() and folder.samefile(self.excluded))
        except OSError as error:  # a folder whose names can be listed, and no more
            self._closed(error)
            return False
        self.links += 1  # os.walk follows none, so that none leads round in circles
        return False

    def _photo(self, path: Path) -> Photo | None:
        """Look at a file, and count it if it is no photo."""
        try:
            facts = path.lstat()
        except OSError as error:
            self._closed(error)
            return None
        if stat.S_ISLNK(facts.st_mode):
            self.links += 1
        elif not stat.S_ISREG(facts.st_mode) or path.suffix.lower() not in SUFFIXES:
            self.others += 1
        else:  # a camera without a clock may write the year 2300
            return Photo(path, facts.st_size, min(max(facts.st_mtime_ns, EARLIEST), LATEST))
        return None
