"""How a picture of one shape becomes one of another: cut, padded or squeezed.

A network learns and answers at one height and width. What is done with a picture of another
shape must be the same in training and in every answer, so a `Split` and a `Classifier` carry the
way with them, and `data/sets.toml` chooses it for a set. `tools/fits.py` measures the three.
"""

import numpy as np
from PIL import Image

from helpers.draft import Box
from helpers.errors import CourseError

# cut: the largest part of the middle that has the wanted shape; what is outside is lost.
# pad: the whole picture, its shape kept, between two white bars.
# squeeze: the whole picture, its two sides shrunk independently, so its shape is not kept.
FITS = ("cut", "pad", "squeeze")
FIT = "cut"  # where nobody has chosen otherwise
TOGETHER = 2**21  # pixels turned into numbers at once
BAR = "white"  # as transparency is laid on white


def checked_fit(fit: object) -> str:
    """Return the fit if it is one.

    Raises:
        CourseError: there is no such fit.
    """
    if fit not in FITS:
        raise CourseError(f"There is no fit {fit!r}: choose one of {', '.join(FITS)}.")
    return str(fit)


def to_array(
    rgb: Image.Image, size: tuple[int, int] | None = None, fit: str = FIT, box: Box | None = None
) -> np.ndarray:
    """Give an image in mode RGB the size that a model takes; bilinear, with antialiasing.

    An image of the wanted shape comes out the same by every fit.

    Args:
        rgb: What `open_rgb` returned.
        size: (height, width) in pixels; None keeps the image's own.
        fit: One of `FITS`.
        box: The part of the image to take (see `draft.extent`); None is all of it.

    Returns:
        uint8 array of shape (height, width, 3), values 0 to 255.
    """
    checked_fit(fit)
    if size is None:
        return _array(rgb)
    height, width = size
    box = box or (0, 0, *rgb.size)
    if fit == "pad":
        return _array(_padded(rgb, width, height, box))
    if fit == "cut":
        box = _middle(box, width, height)
    return _array(_resized(rgb, (width, height), box))


def _array(rgb: Image.Image) -> np.ndarray:
    """Return the pixels, some rows at a time: `np.array` would copy the whole three times."""
    rows = max(1, TOGETHER // rgb.width)
    if rgb.height <= rows:
        return np.array(rgb)
    pixels = np.empty((rgb.height, rgb.width, 3), np.uint8)
    for top in range(0, rgb.height, rows):
        below = min(rgb.height, top + rows)
        pixels[top:below] = np.asarray(rgb.crop((0, top, rgb.width, below)))
    return pixels


def _middle(of: Box, width: int, height: int) -> Box:
    """Return the largest middle part, of a wanted shape, of a part of an image."""
    wide = of[2] - of[0]
    high = of[3] - of[1]
    scale = min(wide / width, high / height)
    # The side that is kept whole is taken as it is, for rounding must not shave it.
    across = wide if wide * height <= high * width else scale * width
    down = high if wide * height >= high * width else scale * height
    left = of[0] + (wide - across) / 2
    top = of[1] + (high - down) / 2
    return left, top, min(of[2], left + across), min(of[3], top + down)


def _padded(rgb: Image.Image, width: int, height: int, box: Box) -> Image.Image:
    """Return a part of an image in the middle of a white one of this width and height."""
    wide = box[2] - box[0]
    high = box[3] - box[1]
    scale = min(width / wide, height / high)
    inner = (
        min(width, max(1, round(wide * scale))),
        min(height, max(1, round(high * scale))),
    )
    small = _resized(rgb, inner, box)
    if inner == (width, height):
        return small
    whole = Image.new("RGB", (width, height), BAR)
    whole.paste(small, ((width - inner[0]) // 2, (height - inner[1]) // 2))
    return whole


def _resized(rgb: Image.Image, to: tuple[int, int], box: Box) -> Image.Image:
    """Resize a part of an image, unless it has the size already."""
    if rgb.size == to and box == (0, 0, *rgb.size):
        return rgb
    return rgb.resize(to, Image.Resampling.BILINEAR, box=box)
