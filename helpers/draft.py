"""How small a JPEG may be decoded: to a half, a quarter or an eighth of its sides.

A JPEG is stored as waves across blocks of 8 by 8 pixels. A decoder that leaves out the short waves
gets the picture smaller, for a fraction of the time and memory. What is left is never smaller than
`TIMES` what a model takes, nor than `KEEP`. In training and in every answer a model gets the same
numbers, for how small follows from the two sizes alone.

They are not quite those of the whole picture. How far apart they are, in levels of 255, hangs on
the detail. Of renders that were enlarged and have some grain, 999 in 1000 numbers differ by four
levels or fewer, and on average by half a level. Photographs have detail as fine as their pixels,
such as spokes and leaves: at 150 x 150, more than one number in 1000 differs by over four levels in
250 of 379 of them; in each of the 379, 999 in 1000 differ by eleven or fewer, and on average by
less than one. Of a network of the rooms, one probability moved by 0.035, and no label changed.
"""

from math import ceil

from PIL import Image

TIMES = 2  # the sides that a model takes
KEEP = 300  # pixels of the shorter side: what is as small is always decoded whole
MOST = 178_000_000  # pixels of a JPEG that is decoded smaller; Pillow itself refuses just above
SCALES = (8, 4, 2)
Box = tuple[float, float, float, float]  # left, top, right, bottom


def least(size: tuple[int, int] | None) -> int:
    """Return how many pixels the shorter side keeps for a model of this (height, width); 0: all."""
    return max(KEEP, TIMES * max(size)) if size else 0


def draft(image: Image.Image, least: int) -> int:
    """Let a JPEG that is open, and not yet decoded, be decoded smaller.

    Args:
        image: What `Image.open` returned; if it is a JPEG, its size becomes the smaller one.
        least: How many pixels the shorter side keeps; 0 keeps all.

    Returns:
        What its sides are divided by, and rounded up: 8, 4 or 2; 1 where it is decoded whole.
    """
    if not least or image.format not in ("JPEG", "MPO"):
        return 1
    scale = next((by for by in SCALES if min(image.size) // by >= least), 1)
    if scale > 1:
        image.draft(None, (image.width // scale, image.height // scale))
    return scale


def extent(size: tuple[int, int], scale: int, orientation: int) -> Box:
    """Return which part of a smaller picture, once it is upright, the whole one covers.

    A side of 4001 pixels becomes one of 501 at an eighth, of which 500.125 are the picture. Taking
    all 501 for it would stretch it, by enough to be seen in a model's answer.

    Args:
        size: (width, height) in pixels, as it is stored.
        scale: What both were divided by.
        orientation: Of EXIF, 1 to 8: where the last row and column have been turned to.
    """
    width, height = (side / scale for side in (size[::-1] if orientation >= 5 else size))
    left = ceil(width) - width if orientation in (2, 3, 6, 7) else 0.0
    top = ceil(height) - height if orientation in (3, 4, 7, 8) else 0.0
    return left, top, left + width, top + height
