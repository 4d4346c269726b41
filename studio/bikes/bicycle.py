"""What all parts of a bicycle are made with: its plan, its paint, pipes, turned shapes, letters.

x is forward, z up, and -y is the drive side, where the camera stands.
"""

import math
from typing import Any

import numpy as np
from bpy.types import Material
from mathutils import Matrix

from ..core import meshes, seeds
from ..core.maker import Maker
from ..core.materials import material
from ..core.tubes import length, tube
from .geometry import Point, at, measure, part
from .plan import BikePlan

NEAR = math.pi  # the angle of a pipe's surface that looks at the camera
DARK = (0.05, 0.05, 0.055)
STEEL = (0.5, 0.51, 0.53)
# Strokes of letters on a cell of 1 by 1: from and to along, from and to across.
STROKES = (
    (0.0, 0.24, 0.0, 1.0), (0.56, 0.8, 0.0, 1.0), (0.0, 0.8, 0.8, 1.0), (0.0, 0.8, 0.4, 0.6),
    (0.0, 0.8, 0.0, 0.2), (0.28, 0.52, 0.0, 1.0),
)  # fmt: skip


class Bicycle:
    """One bicycle in the making: its plan and measures, and ways of making things."""

    def __init__(self, plan: BikePlan) -> None:
        self.model = plan.model
        self.colours = plan.colours
        self.points = measure(plan.model)
        self.maker = Maker(Matrix(), index=1)
        self.rng = seeds.stream(plan.texts, "texts")
        self.road = plan.model.bar == "drop"

    def paint(self, colour: tuple) -> Material:
        """The frame's finish in a colour."""
        return material("matte" if self.colours.matte else "lacquer", colour)

    def pipe(self, path: list | np.ndarray, radius: Any, stuff: Material) -> None:
        """A tube along a way; a tuple as radius is a pair, along y and across it."""
        wide = [radius] if isinstance(radius, tuple) else radius
        self.maker.put(tube(np.asarray(path), wide), stuff)

    def both(self, path: list, radius: Any, stuff: Material) -> None:
        """A tube and its mirror image on the other side."""
        for side in (-1, 1):
            self.pipe(np.asarray(path) * (1, side, 1), radius, stuff)

    def lathe(self, profile: list, stuff: Material, centre: Point, segments: int = 48) -> None:
        """A shape turned about an axle from (radius, towards the camera) pairs, its edges sharp."""
        sharp = [point for point in profile for _ in range(2)]
        self.maker.put(meshes.turned(sharp, segments), stuff, at(centre), (90, 0, 0))

    def disc(self, inner: float, outer: float, y: float, stuff: Material, centre: Point) -> None:
        """A flat ring, 2 mm thick, `y` metres towards the camera."""
        low = y - 0.001
        high = y + 0.001
        ring = [(inner, low), (inner, high), (outer, high), (outer, low), (inner, low)]
        self.lathe(ring, stuff, centre)

    def letters(self, path: np.ndarray, radius: np.ndarray, arc: tuple, stuff: Material) -> None:
        """What looks like a name from afar, along the side of a tube that the camera sees."""
        long = length(path)
        tall = abs(arc[1] - arc[0]) * radius[:, 1].mean()
        count = max(2, round(long / (tall * self.rng.uniform(0.7, 1.0))))
        pieces = []
        for n in range(count):
            for a, b, low, high in self.rng.sample(STROKES, self.rng.choice((2, 3, 3))):
                way = part(path, (n + a) / count, (n + b) / count, 3)
                wide = radius[[round((n + 0.5) / count * (len(radius) - 1))]] * 1.02
                band = [arc[1] + (arc[0] - arc[1]) * share for share in (low, high)]
                pieces.append((tube(way, wide, 4, (min(band), max(band))), (0, 0, 0), 0))
        self.maker.put(meshes.join(pieces), stuff)


def barrel(radius: float, half: float) -> list:
    """The profile of a closed cylinder about an axle."""
    return [(0.0, -half), (radius, -half), (radius, half), (0.0, half)]
