"""Figures for slides: how large they get, and where one that is too high can be cut."""

import base64
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

LETTERS = 10 * 100 / 72  # pixels: 10 points at the 100 dots an inch that helpers.figures sets
LEGIBLE = 13.0  # pixels of a slide 720 high, the least that figures' letters get
LARGEST = 1.9  # small pictures are not blown up further


@dataclass(frozen=True)
class Figure:
    """A figure or a piece of one, with what it says to those who do not see it."""

    picture: Image.Image
    alt: str


def decoded(png: bytes) -> Image.Image:
    """Return the picture that a notebook stores."""
    return Image.open(io.BytesIO(png)).convert("RGB")


def encoded(picture: Image.Image) -> str:
    """Return a picture as the address of an image has it, in base64."""
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def scale(size: tuple[int, int], room: tuple[float, float]) -> float:
    """Return by how much a figure may grow to stand in a room of this width and height."""
    return min(LARGEST, room[0] / size[0], room[1] / size[1])


def is_legible(size: tuple[int, int], room: tuple[float, float]) -> bool:
    """Say whether letters of 10 points can be read, once the figure stands in the room."""
    return LETTERS * scale(size, room) >= LEGIBLE


def blank_rows(picture: Image.Image) -> np.ndarray:
    """Return the numbers of the rows in which nothing is drawn."""
    pixels = np.asarray(picture)
    return np.flatnonzero((pixels == pixels[0, 0]).all(axis=(1, 2)))


def cut(picture: Image.Image, pieces: int) -> list[Image.Image]:
    """Cut a figure between its rows of pictures, into about equal pieces.

    Returns:
        The pieces, or the figure alone if it has no blank row near where it should be cut.
    """
    width, height = picture.size
    blank = blank_rows(picture)
    ends = [0]
    for number in range(1, pieces):
        wanted = height * number / pieces
        near = blank[np.abs(blank - wanted) < height / pieces / 3]
        if not len(near):
            return [picture]
        ends.append(int(near[np.abs(near - wanted).argmin()]))
    ends.append(height)
    pairs = zip(ends, ends[1:], strict=False)
    return [picture.crop((0, top, width, bottom)) for top, bottom in pairs]


def legible_figures(png: bytes, alt: str, room: tuple[float, float]) -> list[Figure]:
    """Return a figure, or the fewest pieces of it whose letters can be read in the room.

    A figure that cannot be cut, or is too wide, is returned whole.
    """
    picture = decoded(png)
    for pieces in range(1, 7):
        found = cut(picture, pieces)
        if all(is_legible(piece.size, room) for piece in found):
            break
    else:
        found = [picture]
    if len(found) == 1:
        return [Figure(picture, alt)]
    total = len(found)
    return [Figure(part, f"{alt} Part {n} of {total}.") for n, part in enumerate(found, 1)]
