"""What several sets plan with: a piece that stands somewhere, a camera and its look. Pure Python.

Metres and degrees. A piece has its own frame: origin on the floor in the middle of its back, x
along the back, y away from the wall, z up.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """What stands on a floor: middle of its back (x, y), turn about z, size, colours (sRGB)."""

    kind: str
    x: float
    y: float
    turn: float
    width: float
    depth: float
    height: float
    colour: tuple
    accent: tuple
    variant: int = 0

    def world(self, x: float, y: float) -> tuple[float, float]:
        """A point of the piece's own frame on the room's floor."""
        c = math.cos(math.radians(self.turn))
        s = math.sin(math.radians(self.turn))
        return self.x + c * x - s * y, self.y + s * x + c * y

    def box(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """Smallest upright rectangle (x0, y0, x1, y1) round the piece."""
        half = self.width / 2
        corners = [self.world(x, y) for x in (-half, half) for y in (0, self.depth)]
        xs, ys = zip(*corners, strict=True)
        return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin


@dataclass(frozen=True)
class Camera:
    """Position, pan and pitch in degrees (0: along +y, level), lens in mm on a 36 mm square."""

    x: float
    y: float
    z: float
    pan: float
    pitch: float
    roll: float
    lens: float


@dataclass(frozen=True)
class Look:
    """What a camera makes of the light: stops, warmth, loss in the corners, noise, contrast."""

    exposure: float
    warmth: float
    vignette: float
    grain: float
    contrast: float
