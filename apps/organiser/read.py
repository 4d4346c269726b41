"""Open photos ahead of the model, each once: at the model's size, and as a thumbnail."""

import hashlib
import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from io import BufferedReader, BytesIO
from typing import TypeVar

from PIL import Image

from apps.organiser.names import printable
from apps.organiser.records import Photo, Reading
from apps.organiser.threads import Budget, pool
from helpers.draft import MOST, draft, least
from helpers.errors import CourseError, NoMemory
from helpers.fit import FIT
from helpers.headers import IN_PROCESS, Unusual, work
from helpers.images import FORMATS, MAX_BYTES, MAX_PIXELS, open_both, too_large

BATCH = 32  # photos classified, and written down, at once
AHEAD = 2 * BATCH  # photos opened before they are asked for, kept at the model's size
BEGINNING = 2**20  # bytes of a file that is no image, enough to say so
LARGEST = MAX_BYTES  # of a file that is read at all
THUMBNAIL = 160  # pixels of the longer side, about

Each = TypeVar("Each", Photo, Reading)


def ahead(
    photos: Iterable[Photo], size: tuple[int, int], fit: str
) -> Generator[Reading, None, None]:
    """Yield each photo read, in order, with up to `AHEAD` of them waiting or at work.

    Args:
        photos: Which.
        size: (height, width) in pixels that the model takes.
        fit: How it fits a picture of another shape, one of `helpers.fit.FITS`.
    """
    budget = Budget(2 * MAX_PIXELS)
    waiting: deque[Future[Reading]] = deque()
    with pool(os.cpu_count() or 1) as threads:
        for photo in photos:
            waiting.append(threads.submit(read, photo, size, budget, fit))
            if len(waiting) == AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def batches(each: Iterable[Each]) -> Iterator[list[Each]]:
    """Yield lists of up to `BATCH`, of photos or of readings."""
    batch: list[Each] = []
    for one in each:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def read(photo: Photo, size: tuple[int, int], budget: Budget, fit: str = FIT) -> Reading:
    """Open a photo once, for the model and for the contact sheet.

    Args:
        photo: What to open.
        size: (height, width) in pixels that the model takes.
        budget: Is held while the photo is decoded.
        fit: How the model fits a picture of another shape, one of `helpers.fit.FITS`.
    """
    path = printable(photo.path)
    try:
        with photo.path.open("rb") as file:
            content, large = content_of(file)
        # As `content_digest`, which would read the file once more.
        photo = replace(photo, digest=hashlib.sha256(content).digest())
        with budget(_pixels(content, printable(photo.path.name), size, large)):
            return _shrunk(photo, content, size, fit)
    except (NoMemory, MemoryError):
        return Reading(photo, stays=f"{path} is too large for the memory that is free")
    except CourseError as error:
        return Reading(photo, note=str(error))
    except OSError as error:
        return Reading(photo, stays=f"{path} cannot be read ({error.strerror})")


def content_of(file: BufferedReader) -> tuple[bytes, bool]:
    """Return a file's bytes, or its first ones, and whether there are more than are ever read."""
    large = os.fstat(file.fileno()).st_size > LARGEST  # as a film that is named .jpg
    return file.read(BEGINNING if large else -1), large


def _pixels(content: bytes, name: str, size: tuple[int, int], large: bool) -> int:
    """Return how many pixels a file's header promises; 0 if there is no such header.

    Raises:
        CourseError: there are more than `open_both` takes, or the file itself is too large.
    """
    try:
        found = work(content)  # before Pillow copies what a header points at
    except Unusual:  # it is opened with limits; till then nobody knows how large it is
        found = MAX_PIXELS
    else:
        if found > IN_PROCESS or large:
            found = _asked(content, name, size)
    if large and found:
        raise CourseError(f"{name} has more than {LARGEST // 2**20} MB: save it smaller first.")
    return found


def _asked(content: bytes, name: str, size: tuple[int, int]) -> int:
    """Return how many pixels of a large image Pillow will hold; 0 where it finds none.

    Raises:
        CourseError: there are more than `open_both` takes.
    """
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            width, height = image.size
            most = MOST if draft(image, least(size)) > 1 else MAX_PIXELS
            if width * height > most:
                raise CourseError(too_large(name, most, (width, height)))
            return image.width * image.height
    except Image.DecompressionBombError:
        raise CourseError(too_large(name, MAX_PIXELS)) from None
    except (OSError, SyntaxError, ValueError):  # open_both finds the words for damage
        return 0


def _shrunk(photo: Photo, content: bytes, size: tuple[int, int], fit: str) -> Reading:
    """Decode a file's bytes, and keep what little of it is needed."""
    pixels, rgb = open_both(content, size, fit, printable(photo.path.name))
    jpeg = BytesIO()
    # Whole pixels averaged: a tenth of the time of a resizing that meets the size exactly.
    thumbnail = rgb.reduce(max(1, round(max(rgb.size) / THUMBNAIL)))
    thumbnail.info.clear()  # or the photo's comment would stand in the report
    thumbnail.save(jpeg, "JPEG", quality=75)
    return Reading(photo, pixels, jpeg.getvalue())
