"""One function opens every image: for training, for an upload and for the apps alike."""

import os
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from helpers import draft, limited
from helpers.decode import FORMATS, MAX_PIXELS, Stored, decode, too_large
from helpers.errors import CourseError, printable
from helpers.files import MAX_BYTES, read_file, too_many_bytes
from helpers.fit import FIT, FITS, checked_fit, to_array
from helpers.headers import is_bomb, is_plain

__all__ = [
    "FIT",
    "FITS",
    "FORMATS",
    "MAX_BYTES",
    "MAX_PIXELS",
    "SUFFIXES",
    "Source",
    "Stored",
    "open_both",
    "open_image",
    "open_rgb",
    "open_stored",
    "to_array",
    "too_large",
]

Source = str | os.PathLike | bytes | IO[bytes]

SUFFIXES = {
    *(".jpg", ".jpeg", ".jpe", ".jif", ".jfif", ".mpo"),
    *(".png", ".apng", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
    *(".avif", ".heic", ".heif", ".hif"),
}


def open_image(
    source: Source,
    size: tuple[int, int] | None = None,
    name: str | None = None,
    max_pixels: int = MAX_PIXELS,
    fit: str = FIT,
) -> np.ndarray:
    """Open an image from a path, bytes or a binary file object into the array a model takes.

    Turned as its EXIF orientation says, its transparency laid on white, the first frame of an
    animation, 16 bits brought down to 8, CMYK and grey to RGB; then fitted to the size, bilinear
    with antialiasing. A JPEG far larger than the size is decoded smaller (see `helpers.draft`). It
    takes at most 1 GB of memory and five seconds, or is refused.

    Args:
        source: Where the image comes from.
        size: (height, width) in pixels; None keeps the image's own.
        name: What to call it in an error; the file's name where there is one.
        max_pixels: The most pixels to decode; a server takes fewer, from people it does not know.
            Of a JPEG that is decoded smaller, `draft.MOST`.
        fit: How an image of another shape gets this one, one of `fit.FITS`. Whoever asks a model
            takes the model's own: `Classifier.open` does.

    Returns:
        uint8 array of shape (height, width, 3), RGB, values 0 to 255.

    Raises:
        CourseError: the source is missing, empty, no image, damaged, too large, or too costly to
            decode; `NoMemory` where there was too little memory to tell.
    """
    checked_fit(fit)
    data, name = _read(source, name)
    least = draft.least(size)
    if is_plain(data):
        rgb, stored = decode(data, name, max_pixels, least)
        return to_array(rgb, size, fit, stored.box)
    _refuse_bombs(data, name)
    return limited.pixels(data, name, max_pixels, least, size, fit)[0]


def open_stored(source: Source, name: str | None = None) -> tuple[np.ndarray, Stored]:
    """Open an image to look at, a JPEG with at least `draft.KEEP` pixels a side.

    Returns:
        What `open_image` returns at that size, and how the image is stored.
    """
    data, name = _read(source, name)
    if is_plain(data):
        rgb, stored = decode(data, name, MAX_PIXELS, draft.KEEP)
        return to_array(rgb), stored
    _refuse_bombs(data, name)
    return limited.pixels(data, name, MAX_PIXELS, draft.KEEP, None, FIT)


def open_rgb(source: Source, name: str | None = None, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Do all of `open_image` but its last step, at the image's own size.

    Returns:
        The image in mode RGB, without comments or other facts.

    Raises:
        CourseError: as `open_image`.
    """
    return _opened(*_read(source, name), max_pixels, 0)[0]


def open_both(
    source: Source, size: tuple[int, int], fit: str, name: str | None = None
) -> tuple[np.ndarray, Image.Image]:
    """Do what `open_image` does, for who wants to show the photo, too, and decode it once.

    Returns:
        What `open_image` returns, and the image in mode RGB that it was made from: at its own
        size, or smaller where it is a JPEG far larger than needed (see `helpers.draft`).

    Raises:
        CourseError: as `open_image`.
    """
    rgb, stored = _opened(*_read(source, name), MAX_PIXELS, draft.least(size))
    return to_array(rgb, size, fit, stored.box), rgb


def _opened(data: bytes, name: str, max_pixels: int, least: int) -> tuple[Image.Image, Stored]:
    """Return the upright image, and how it is stored."""
    if is_plain(data):
        return decode(data, name, max_pixels, least)
    _refuse_bombs(data, name)
    pixels, stored = limited.pixels(data, name, max_pixels, least, None, FIT)
    return Image.fromarray(pixels), stored


def _refuse_bombs(data: bytes, name: str) -> None:
    """Raise CourseError for what is known to be hostile without a decoder."""
    if is_bomb(data):
        raise CourseError(f"{name} claims far more than it holds: save it anew.")


def _read(source: Source, name: str | None) -> tuple[bytes, str]:
    """Read the source whole; return its bytes and the name to use in errors."""
    if isinstance(source, str | os.PathLike):
        data = read_file(source)
        name = name or printable(Path(source).name)
    else:
        if isinstance(source, bytes | bytearray | memoryview):
            data = bytes(source)
        else:
            data = source.read(MAX_BYTES + 1)
        name = str(name or getattr(source, "name", None) or "the image")
    if not data:
        raise CourseError(f"{name} is empty: save or send it again.")
    if len(data) > MAX_BYTES:
        raise CourseError(too_many_bytes(name))
    return data, name
