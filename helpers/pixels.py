"""Any mode that a picture is stored in becomes 8-bit RGB, some rows at a time to save memory."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from helpers.errors import CourseError

TOGETHER = 2**21  # pixels converted at once
# The highest value that each depth holds. A picture belongs to the smallest that holds all of its
# values, so that a scan of 12 bits in a file of 16 does not come out dark.
INTEGERS = (255, 4095, 65535)
FLOATS = (1.0, 255.0, 4095.0, 65535.0)
OVERSHOOT = 1.5  # resizing carries floats a little over 1


def to_rgb(image: Image.Image, name: str) -> Image.Image:
    """Convert any mode to 8-bit RGB, keeping brightness and laying transparency on white.

    Args:
        image: A loaded image.
        name: What to call it in an error.

    Returns:
        An image without comments and other facts; a plain RGB one is itself, less those.

    Raises:
        CourseError: its numbers are no brightness.
    """
    if image.mode.startswith("I") or image.mode == "F":
        return _from_numbers(image, name).convert("RGB")
    if image.mode == "RGB" and not image.has_transparency_data:
        rgb = image  # a copy would take as long as half of the decoding
    elif image.has_transparency_data:
        rgb = Image.new("RGB", image.size)
        for top, rows in _strips(image):
            rows = rows.convert("RGBA")
            white = Image.new("RGBA", rows.size, "white")
            rgb.paste(Image.alpha_composite(white, rows).convert("RGB"), (0, top))
    else:
        rgb = image.convert("RGB")
    rgb.info = {}
    return rgb


def _strips(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Yield the top and the pixels of strips that cover an image."""
    rows = max(1, TOGETHER // image.width)
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(image.height, top + rows)))


def _from_numbers(image: Image.Image, name: str) -> Image.Image:
    """Scale integers of more than 8 bits, or floats, to a grey image of 8 bits."""
    floats = image.mode == "F"
    highest = max(_highest(np.asarray(rows)) for _, rows in _strips(image))
    top = _top(highest, floats)
    if top is None:
        raise CourseError(
            f"{name} holds values up to {highest:.6g}, which are no brightness: save it with 8 or "
            "16 bits a channel."
        )
    grey = Image.new("L", image.size)
    table = _scaled(np.arange(0 if floats else top + 1), top)
    for place, rows in _strips(image):
        values = np.asarray(rows)
        if floats:
            scaled = _scaled(np.nan_to_num(values, posinf=top, neginf=0), top)
        else:
            scaled = table[np.maximum(values, 0)]
        if isinstance(clear := image.info.get("transparency"), int):  # of a PNG in 16 bits
            scaled[values == clear] = 255
        grey.paste(Image.fromarray(scaled), (0, place))
    return grey


def _scaled(values: np.ndarray, top: float) -> np.ndarray:
    """Round values from 0 to `top` to uint8 from 0 to 255."""
    return np.clip(values * (255.0 / top) + 0.5, 0, 255).astype(np.uint8)


def _highest(values: np.ndarray) -> float:
    """Return the highest finite value; 0 where there is none."""
    return float(values.max(initial=0, where=np.isfinite(values)))


def _top(highest: float, floats: bool) -> float | None:
    """Return the value that is white, where the highest is this one; None if nothing fits."""
    if floats and highest <= OVERSHOOT:
        return 1.0
    # Between them lies what could be a dark picture as well as one in other units.
    if floats and highest < 16:
        return None
    return next((top for top in (FLOATS if floats else INTEGERS) if highest <= top), None)
