"""Brakes: a caliper at the rim, a disc at the hub."""

import math

import numpy as np

from ..core.materials import material
from ..core.tubes import curve, rods
from .bicycle import DARK, STEEL, Bicycle
from .geometry import Point


def caliper(bike: Bicycle, where: Point, side: float) -> None:
    """A rim brake, before (positive) or behind a tube."""
    x = where[0] + side
    z = where[1]
    dark = material("plastic", DARK)
    for y in (-0.025, 0.025):
        bike.pipe(
            curve([(x, 0, z + 0.02), (x, y * 1.3, z), (x, y * 0.7, z - 0.035)], 4), 0.0075, dark
        )
    bike.pipe([(x, -0.02, z - 0.03), (x + 0.028, -0.02, z - 0.035)], 0.006, dark)


def rotor(bike: Bicycle, centre: Point, rear: bool) -> None:
    """A brake disc on a hub, its arms, and the caliper that holds it."""
    size = 0.08 if bike.road or bike.model.travel < 120 else 0.092
    steel = material("metal", STEEL)
    bike.disc(size - 0.013, size, -0.047, steel, centre)
    angles = np.arange(6) * math.pi / 3
    inner, outer = (
        np.stack(
            [
                centre[0] + radius * np.cos(around),
                np.full(6, 0.047),
                centre[1] + radius * np.sin(around),
            ],
            1,
        )
        for radius, around in ((0.02, angles), (size - 0.006, angles + 0.5))
    )
    bike.maker.put(rods(inner, outer, 0.004), steel)
    turn = 2.2 if rear else 2.6
    x = centre[0] + size * math.cos(turn)
    z = centre[1] + size * math.sin(turn)
    bike.maker.box(
        (x - 0.016, 0.035, z - 0.024), (x + 0.016, 0.065, z + 0.024), material("plastic", DARK)
    )
