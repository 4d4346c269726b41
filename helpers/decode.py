"""From the bytes of an image file to an upright 8-bit RGB image, in this process.

`helpers.images` decides whether that may happen here or, with limits, in `helpers.limited`.
"""

import io
import re
import warnings
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageChops

from helpers import draft
from helpers.errors import CourseError, NoMemory
from helpers.headers import ORIENTATION, bare, begins, exif_orientation, is_heic, rare_kind
from helpers.pixels import to_rgb
from helpers.scans import scans_are_complete

Image.init()  # so that every decoder that this Pillow was built with is known
Image.core.set_blocks_max(4)  # of 16 MB at most, kept for the next picture: new memory is slow
# Only these are tried: some of Pillow's other readers start a program or fetch a file.
KNOWN = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
FORMATS: list[str] = [kind for kind in KNOWN if kind in Image.OPEN]
try:  # a phone's HEIC opens where somebody has installed what reads it
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    FORMATS.append("HEIF")
except ImportError:
    pass

MAX_PIXELS = 89_000_000  # about 270 MB once decoded; Pillow itself warns from just above this
MAX_PROGRESSIVE = 70_000_000  # of a JPEG that keeps all coefficients until the end, 6 bytes each
MAX_SIDE = 100_000  # pixels; a resize keeps tables as long as the side
# What Pillow warns of (odd metadata, many pixels) is either of no matter here, or an error below.
warnings.filterwarnings("ignore", module=r"PIL\.")
# What is put behind a JPEG that lacks its end: the end, or something else and the end.
ENDS = (b"\xff\xd9", b"\x5a\xa5\x33\x0f" * 16 + b"\xff\xd9")
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Stored:
    """How an image is stored in its file.

    Attributes:
        format: Pillow's name of what it really is, such as "JPEG".
        mode: Pillow's mode, such as "RGB" or "L".
        size: (width, height) in pixels.
        orientation: The EXIF orientation, 1 (upright) to 8.
        scale: What its sides were divided by when it was decoded, see `helpers.draft`.
    """

    format: str
    mode: str
    size: tuple[int, int]
    orientation: int
    scale: int = 1

    @property
    def box(self) -> draft.Box | None:
        """The part of the upright picture to look at; None is all."""
        return draft.extent(self.size, self.scale, self.orientation) if self.scale > 1 else None


def decode(
    data: bytes, name: str, max_pixels: int = MAX_PIXELS, least: int = 0
) -> tuple[Image.Image, Stored]:
    """Do what `images.open_rgb` says, for bytes that are there; say too how they are stored.

    Args:
        data: A file's bytes.
        name: What to call it in an error.
        max_pixels: The most pixels to decode.
        least: How many pixels the shorter side of a JPEG needs, see `helpers.draft`; 0: all.

    Raises:
        CourseError: they are no image, damaged, or over `max_pixels`; `NoMemory` where there was
            too little memory to tell.
    """
    try:
        rgb, stored = _with_or_without(data, name, max_pixels, least)
        # The readers of these have turned it.
        turn = 1 if stored.format in ("TIFF", "HEIF") else stored.orientation
        return (rgb.transpose(TURNS[turn]) if turn in TURNS else rgb), stored
    except CourseError:
        raise
    except MemoryError:
        raise NoMemory(f"{name} needs more memory than is free: save it smaller first.") from None
    except Image.DecompressionBombError:
        raise CourseError(too_large(name, max_pixels)) from None
    except Image.UnidentifiedImageError:
        raise CourseError(_unknown(data, name)) from None
    except Exception as error:  # Pillow's decoders raise a dozen kinds on damaged files
        raise CourseError(
            _rare(data, name)
            or f"{name} is damaged or cut off ({_first_words(error)}): save or send it again."
        ) from None


def _with_or_without(
    data: bytes, name: str, max_pixels: int, least: int
) -> tuple[Image.Image, Stored]:
    """Do what `_as_stored` does; where that fails, without what stands beside the pixels."""
    try:
        return _as_stored(data, name, max_pixels, least)
    except (CourseError, MemoryError, Image.DecompressionBombError):
        raise
    except Exception:
        less = bare(data)
        if less == data:
            raise
    return _as_stored(less, name, max_pixels, least)


def _as_stored(data: bytes, name: str, max_pixels: int, least: int) -> tuple[Image.Image, Stored]:
    """Return the pixels before they are turned, in mode RGB, and how they are stored."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        size = image.size
        scale = draft.draft(image, least)
        # The header says so. A progressive JPEG is kept whole until its end, whatever comes out.
        most = draft.MOST if scale > 1 and not image.info.get("progressive") else 0
        if size[0] * size[1] > max(most, max_pixels) or max(size) > MAX_SIDE:
            raise CourseError(too_large(name, max(most, max_pixels), size))
        _refuse_what_fails(image, size, name)
        dark = _half_of_16_bits(image)
        stored = Stored(image.format or "", image.mode, size, _tiff_orientation(image), scale)
        picture: Image.Image = image
        if not isinstance(image.info.get("xmp"), bytes):  # of a TIFF it may be of any type
            image.info.pop("xmp", None)
        try:
            image.load()
        except OSError:
            fits = image.format in ("JPEG", "MPO") and size[0] * size[1] <= max_pixels
            whole = _less_its_end(data) if fits else None
            if whole is None:
                raise
            picture = whole
            stored = replace(stored, scale=1)
        if dark and max(np.asarray(picture.getextrema())[:3, 1]) < 16:
            raise CourseError(f"{name} uses 12 of its 16 bits or fewer: save it with 8 bits.")
        if image.format == "PNG":
            _mend_transparency(picture, data[24])
        turn = orientation(picture) if stored.orientation == 1 else stored.orientation
        return to_rgb(picture, name), replace(stored, orientation=turn)


def _mend_transparency(image: Image.Image, bits: int) -> None:
    """Put a PNG's transparent colour, which counts in the file's bits, into those of the pixels."""
    clear = image.info.get("transparency")
    if image.mode == "L" and isinstance(clear, int) and bits in (2, 4):
        image.info["transparency"] = clear * (255 // (2**bits - 1))
    elif isinstance(clear, tuple) and bits == 16:
        image.info["transparency"] = tuple(each >> 8 for each in clear)


def _tiff_orientation(image: Image.Image) -> int:
    """Return what a TIFF says, which its reader forgets once it has turned it; else 1."""
    said = getattr(image, "tag_v2", {}).get(ORIENTATION) if image.format == "TIFF" else 1
    return said if isinstance(said, int) and 1 <= said <= 8 else 1


def _refuse_what_fails(image: Image.Image, size: tuple[int, int], name: str) -> None:
    """Raise CourseError where the decoder would fail, and give another reason than the true one."""
    if image.info.get("progressive") and size[0] * size[1] > MAX_PROGRESSIVE:
        raise CourseError(
            f"{name} is a progressive JPEG of {size[0]} x {size[1]} pixels, which takes "
            "more memory than a picture may: save it smaller, or not progressive."
        )
    tags = getattr(image, "tag_v2", {})
    if image.format == "TIFF" and tags.get(262) == 0 and image.mode.startswith(("I", "F")):
        raise CourseError(
            f"{name} is a TIFF of more than 8 bits in which 0 is white: save it so that 0 is black."
        )
    # It hands the bytes of a YCbCr picture to the JPEG library, and there is none to take them.
    tiles = getattr(image, "tile", ())
    raw = tiles and tiles[0].codec_name == "raw"
    if image.format == "TIFF" and raw and getattr(image, "tag_v2", {}).get(262) == 6:
        raise CourseError(f"{name} is an uncompressed YCbCr TIFF: save it as PNG or JPEG first.")


def _half_of_16_bits(image: Image.Image) -> bool:
    """Say whether Pillow will keep only the upper half of 16 bits a channel."""
    tiles = getattr(image, "tile", ())
    arguments = tiles[0].args if tiles else ()
    rawmode = arguments[0] if isinstance(arguments, tuple) and arguments else arguments
    return image.mode in ("RGB", "RGBA") and ";16" in str(rawmode)


def _less_its_end(data: bytes) -> Image.Image | None:
    """Open a JPEG that lacks its end marker and nothing else; None if more is missing.

    If a decoder has all the pixels before the data end, it does not matter what follows.
    """
    data = data.removesuffix(b"\xff")  # half of the end marker
    try:
        if not scans_are_complete(data):
            return None
    except Exception:  # cut off within a header
        return None
    one, other = (Image.open(io.BytesIO(data + end), formats=["JPEG"]) for end in ENDS)
    return one if ImageChops.difference(one, other).getbbox() is None else None


def orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8, of an image that is loaded; 1 where it is odd or absent.

    Read from the bytes, for Pillow reads all the other tags too, and raises where one of them is
    odd; no viewer minds those. Without EXIF's, that of the XMP is taken.
    """
    if image.format == "HEIF":  # its reader has turned it, and noted that here
        return image.info.get("original_orientation") or 1
    exif = image.info.get("exif") or _text_exif(image.info.get("Raw profile type exif", ""))
    found = exif_orientation(exif) if isinstance(exif, bytes) else 0
    if not found and image.info.get("xmp"):
        said = re.search(rb'tiff:Orientation(?:="|>)([1-8])', image.info["xmp"])
        found = int(said[1]) if said else 0
    return found or 1


def _text_exif(text: str) -> bytes:
    """Return the EXIF that a PNG keeps as hexadecimal text below three lines of its own."""
    try:
        return bytes.fromhex("".join(text.split("\n")[3:]))
    except (ValueError, AttributeError):
        return b""


def too_large(name: str, most: int, size: tuple[int, int] | None = None) -> str:
    """Return the sentence on an image with too many pixels."""
    if size and max(size) > MAX_SIDE:
        return f"{name} is {size[0]} x {size[1]} pixels, too long on a side: cut it up first."
    has = f"{size[0]} x {size[1]} pixels" if size else "far too many pixels"
    return f"{name} has {has}, more than {most // 1_000_000} million: save it smaller first."


def _unknown(data: bytes, name: str) -> str:
    """Return the sentence on what no decoder knows."""
    if is_heic(data) and "HEIF" not in FORMATS:
        return (
            f"{name} is in HEIC, which needs pillow-heif: run `pip install pillow-heif`, or save "
            "it as JPEG."
        )
    rare = _rare(data, name)
    if rare:
        return rare
    kind = begins(data)
    if kind:
        return (
            f"{name} begins as {kind} does, and cannot be read on: it is cut off, damaged or of a "
            "rare kind. Save it again as JPEG or PNG."
        )
    return f"{name} is not an image that can be read: use one of {', '.join(KNOWN)}."


def _rare(data: bytes, name: str) -> str:
    """Return the sentence on a JPEG that no decoder here reads, and that may be sound; else ""."""
    kind = rare_kind(data)
    told = f"{name} is a JPEG of a rare kind ({kind}): save it anew as an ordinary JPEG or PNG."
    return told if kind else ""


def _first_words(error: Exception) -> str:
    """Return what a decoder said, as a short phrase."""
    return (str(error) or type(error).__name__).splitlines()[0].split(" (")[0][:80].rstrip(".")
