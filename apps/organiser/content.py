"""Know a photo again by its content, where its time or its place says that it is another.

After a change to summer time, every file on a memory card is an hour older; a card that is put in
again may have another path.
"""

import errno
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from apps.organiser.ledger import Ledger
from apps.organiser.records import Photo
from apps.organiser.scan import Tree, say
from helpers.errors import CourseError

WHOLE = 2**28  # bytes of a file that is read whole; what is larger is hardly a photo
BEGINNING = 2**20  # bytes that are read of a larger one


def content_digest(file: BufferedReader) -> bytes:
    """Return the SHA-256 of a file's bytes, or of its first ones where there are very many."""
    if os.fstat(file.fileno()).st_size > WHOLE:
        return hashlib.sha256(file.read(BEGINNING)).digest()
    return hashlib.file_digest(file, "sha256").digest()


def model_digest(model: Path) -> str:
    """Return the SHA-256 of a model's file, in hexadecimal digits."""
    try:
        if model.exists() and not (model.is_file() or model.samefile(os.devnull)):
            raise OSError(errno.EINVAL, "no file but a folder, a pipe or a device")
        with model.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CourseError(
            f"{model} cannot be read ({error.strerror}): save a model in chapter 4, or name one "
            "with --model."
        ) from None


@dataclass
class Memory:
    """Says which photos have a place already.

    Attributes:
        ledger: What earlier runs have done.
        folders: The folders that photos go to.
        compared: Whether contents had to be compared.
        late: How many files belong to photos that were sorted before they came, on the last walk.
    """

    ledger: Ledger
    folders: Sequence[str]
    compared: bool = False
    late: int = 0

    def unknown(self, tree: Tree) -> Iterator[Photo]:
        """Yield the photos of a tree that have no place."""
        self.late = 0
        for photo in tree.photos():
            if not self.knows(photo):
                yield photo
            elif photo.companions:
                came = self.ledger.came_along(photo)
                self.late += sum(each.path.name not in came for each in photo.companions)

    def knows(self, photo: Photo) -> bool:
        """Say whether this photo has a place already; one that was moved away and is back has not.

        Path, size and time say so without a look into the file. Where only name and size are the
        same, the content decides, and the ledger keeps the new path and time. A photo that has the
        content of one which is still where it was is another photo.
        """
        if self.ledger.was_empty:
            return False
        return self.ledger.knows(photo) or self._knows_content(photo)

    def _knows_content(self, photo: Photo) -> bool:
        """Compare a photo with those of its name and size that are in place."""
        digest = b""
        for number, source, known in self.ledger.namesakes(photo, self.folders):
            if source != photo.path and _has_size(source, photo.size):
                continue
            if not self.compared:
                self.compared = True
                say("Photos have another time or place than when they were sorted: comparing them.")
            digest = digest or _digest(photo.path)
            if digest and digest == known:
                self.ledger.adopt(number, photo)
                return True
        return False


def _has_size(path: Path, size: int) -> bool:
    """Say whether there is a file of this size."""
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _digest(path: Path) -> bytes:
    """Return the digest of a file's content; empty where it cannot be read, which is said later."""
    try:
        with path.open("rb") as file:
            return content_digest(file)
    except OSError:
        return b""
