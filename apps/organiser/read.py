"""Open photos ahead of the model, each once: at the model's size, and as a thumbnail."""

import errno
import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO, TypeVar

from PIL import Image

from apps.organiser.content import content_digest
from apps.organiser.names import printable
from apps.organiser.records import Photo, Reading
from apps.organiser.threads import Budget, pool
from helpers.errors import CourseError, NoMemory
from helpers.fit import FIT
from helpers.headers import Unusual, work
from helpers.images import FORMATS, MAX_BYTES, MAX_PIXELS, open_rgb, to_array, too_large

BATCH = 32  # photos classified, and written down, at once
AHEAD = 2 * BATCH  # photos opened before they are asked for, kept at the model's size
BEGINNING = 2**20  # bytes of a file that is no image, enough to say so
LARGEST = MAX_BYTES  # of a file that is read at all
NO_FAULT = {0, None, errno.EINVAL}  # errors of Pillow's that are no faults of the disk
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
        budget: Is held while the photo is open at its full size.
        fit: How the model fits a picture of another shape, one of `helpers.fit.FITS`.
    """
    path = printable(photo.path)
    try:
        with photo.path.open("rb") as file:
            photo = replace(photo, digest=content_digest(file))
            file.seek(0)
            pixels = _pixels(file, printable(photo.path.name))
            file.seek(0)
            with budget(pixels):
                # A video that is named .jpg is not read whole.
                return _shrunk(photo, file.read() if pixels else file.read(BEGINNING), size, fit)
    except (NoMemory, MemoryError):
        return Reading(photo, stays=f"{path} is too large for the memory that is free")
    except CourseError as error:
        return Reading(photo, note=str(error))
    except OSError as error:
        return Reading(photo, stays=f"{path} cannot be read ({error.strerror})")


def _pixels(file: BinaryIO, name: str) -> int:
    """Return the number of pixels that an image's header promises; 0 if there is no such header.

    Raises:
        CourseError: there are more than `open_rgb` takes, or the file itself is too large.
        OSError: the disk cannot be read, which says nothing of the image.
    """
    large = os.fstat(file.fileno()).st_size > LARGEST
    size = (0, 0)
    try:
        beginning = file.read(BEGINNING if large else -1)
        work(beginning)  # before Pillow copies what a header points at
        file.seek(0)
        # For some formats, Pillow reads the whole file here.
        with Image.open(BytesIO(beginning) if large else file, formats=FORMATS) as image:
            size = image.size
    except Unusual:  # it is opened with limits; till then nobody knows how large it is
        size = (MAX_PIXELS, 1)
    except Image.UnidentifiedImageError:  # open_rgb finds the words for that and for damage
        return 0
    except Image.DecompressionBombError:
        raise CourseError(too_large(name, MAX_PIXELS)) from None
    except Exception as error:
        # EINVAL: a damaged header sent Pillow to a place that no file has.
        if isinstance(error, MemoryError) or getattr(error, "errno", 0) not in NO_FAULT:
            raise
    if size[0] * size[1] > MAX_PIXELS:
        raise CourseError(too_large(name, MAX_PIXELS, size))
    if large:
        raise CourseError(f"{name} has more than {LARGEST // 2**20} MB: save it smaller first.")
    return size[0] * size[1]


def _shrunk(photo: Photo, content: bytes, size: tuple[int, int], fit: str) -> Reading:
    """Decode a file's bytes, and keep what little of it is needed."""
    rgb = open_rgb(content, printable(photo.path.name))
    pixels = to_array(rgb, size, fit)
    jpeg = BytesIO()
    # Whole pixels averaged: a tenth of the time of a resizing that meets the size exactly.
    thumbnail = rgb.reduce(max(1, round(max(rgb.size) / THUMBNAIL)))
    thumbnail.info.clear()  # or the photo's comment would stand in the report
    thumbnail.save(jpeg, "JPEG", quality=75)
    return Reading(photo, pixels, jpeg.getvalue())
