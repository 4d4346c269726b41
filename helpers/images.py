"""One function opens every image: for training, for an upload and for the apps alike."""

import io
import os
import warnings
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, ImageOps

from helpers.errors import CourseError, NoMemory
from helpers.fit import FIT, to_array

Source = str | os.PathLike | bytes | IO[bytes]

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"}
Image.init()  # so that every decoder that this Pillow was built with is known
# Only these are tried: some of Pillow's other readers start a program or fetch a file.
FORMATS: list[str] = [
    f for f in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF") if f in Image.OPEN
]
MAX_PIXELS = 89_000_000  # about 270 MB once decoded; Pillow itself warns from just above this

# Pillow's warning says the same as the CourseError below, which names the file too.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


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
    with antialiasing.

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
        CourseError: the source is missing, empty, no image, damaged, or over `max_pixels`;
            `NoMemory` where there was too little memory to tell.
    """
    return to_array(open_rgb(source, name, max_pixels), size, fit)


def open_rgb(source: Source, name: str | None = None, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Do all of `open_image` but its last step, for who wants one photo in two sizes.

    Returns:
        The image in mode RGB, at its own size.

    Raises:
        CourseError: as `open_image`.
    """
    data, name = _read(source, name)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > max_pixels:  # the header alone says so
                raise CourseError(too_large(name, max_pixels, image.size))
            return _to_rgb(ImageOps.exif_transpose(image))
    except CourseError:
        raise
    except MemoryError:
        raise NoMemory(f"{name} needs more memory than is free: save it smaller first.") from None
    except Image.DecompressionBombError:
        raise CourseError(too_large(name, max_pixels)) from None
    except Image.UnidentifiedImageError:
        raise CourseError(
            f"{name} is not an image that can be read: use one of {', '.join(FORMATS)}."
        ) from None
    except Exception as error:  # Pillow's decoders raise a dozen kinds on damaged files
        raise CourseError(
            f"{name} is damaged or cut off ({_first_words(error)}): save or send it again."
        ) from None


def _read(source: Source, name: str | None) -> tuple[bytes, str]:
    """Read the source whole; return its bytes and the name to use in errors."""
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        name = name or path.name or str(path)
        if not path.is_file():
            raise CourseError(f"{path} is not a file: check the path.")
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CourseError(f"{name} cannot be read ({error.strerror}).") from None
    else:
        given = isinstance(source, bytes | bytearray | memoryview)
        data = bytes(source) if given else source.read()
        name = name or getattr(source, "name", None) or "the image"
    if not data:
        raise CourseError(f"{name} is empty: save or send it again.")
    return data, str(name)


def too_large(name: str, most: int, size: tuple[int, int] | None = None) -> str:
    """Return the sentence on an image with too many pixels."""
    has = f"{size[0]} x {size[1]} pixels" if size else "far too many pixels"
    return f"{name} has {has}, more than {most // 1_000_000} million: save it smaller first."


def _to_rgb(image: Image.Image) -> Image.Image:
    """Convert any mode to 8-bit RGB, keeping brightness and laying transparency on white."""
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def _eight_bits(values: np.ndarray) -> np.ndarray:
    """Scale 16-bit integers or floats in [0, 1] to uint8; smaller integers are left as they are."""
    if values.dtype.kind == "f":
        top = 1.0 if values.size == 0 or np.nanmax(values) <= 1 else 255.0
    else:
        top = 65535.0 if values.dtype.itemsize == 2 or values.max(initial=0) > 255 else 255.0
    return np.clip(np.nan_to_num(values) * (255.0 / top) + 0.5, 0, 255).astype(np.uint8)


def _first_words(error: Exception) -> str:
    """Return what a decoder said, as a short phrase."""
    return (str(error) or type(error).__name__).splitlines()[0].split(" (")[0][:80].rstrip(".")
