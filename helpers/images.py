"""One function opens every image: for training, for an upload and for the apps alike."""

import os
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from helpers import limited
from helpers.decode import FORMATS, MAX_PIXELS, Stored, decode, too_large
from helpers.errors import CourseError
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
    with antialiasing. It takes at most 1 GB of memory and five seconds, or is refused.

    Args:
        source: Where the image comes from.
        size: (height, width) in pixels; None keeps the image's own.
        name: What to call it in an error; the file's name where there is one.
        max_pixels: The most pixels to decode; a server takes fewer, from people it does not know.
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
    if is_plain(data):
        return to_array(decode(data, name, max_pixels)[0], size, fit)
    _refuse_bombs(data, name)
    return limited.pixels(data, name, max_pixels, size, fit)[0]


def open_stored(source: Source, name: str | None = None) -> tuple[np.ndarray, Stored]:
    """Do what `open_image` does at the image's own size, and say too how it is stored."""
    data, name = _read(source, name)
    if is_plain(data):
        rgb, stored = decode(data, name)
        return to_array(rgb), stored
    _refuse_bombs(data, name)
    return limited.pixels(data, name, MAX_PIXELS, None, FIT)


def open_rgb(source: Source, name: str | None = None, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Do all of `open_image` but its last step, for who wants one photo in two sizes.

    Returns:
        The image in mode RGB, at its own size, without comments or other facts.

    Raises:
        CourseError: as `open_image`.
    """
    data, name = _read(source, name)
    if is_plain(data):
        return decode(data, name, max_pixels)[0]
    _refuse_bombs(data, name)
    return Image.fromarray(limited.pixels(data, name, max_pixels, None, FIT)[0])


def _refuse_bombs(data: bytes, name: str) -> None:
    """Raise CourseError for what is known to be hostile without a decoder."""
    if is_bomb(data):
        raise CourseError(f"{name} claims far more than it holds: save it anew.")


def _read(source: Source, name: str | None) -> tuple[bytes, str]:
    """Read the source whole; return its bytes and the name to use in errors."""
    if isinstance(source, str | os.PathLike):
        data = read_file(source)
        name = name or Path(source).name
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
