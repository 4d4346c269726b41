"""The saddle and its post."""

import numpy as np

from ..core.materials import material
from ..core.tubes import curve
from .bicycle import DARK, STEEL, Bicycle
from .geometry import along, at, between


def saddle(bike: Bicycle) -> None:
    """Post, clamp, rails and saddle."""
    points = bike.points
    model = bike.model
    colours = bike.colours
    dark = material("lacquer" if model.flat > 1.2 else "plastic", DARK)
    seat = points.seat
    high = along(points.saddle, points.post, -0.055)
    aero = (0.012, 0.022) if model.style == "aero" else (0.0145, 0.0145)
    bike.pipe([at(along(seat, points.post, -0.02)), at(high)], aero, dark)
    bike.pipe(
        [at(along(seat, points.post, distance)) for distance in (-0.012, 0.008)],
        0.021,
        material("metal", DARK),
    )
    if model.dropper:
        bike.pipe([at(seat), at(between(seat, high, 0.45))], 0.0185, dark)
    bike.pipe([at(high), at(along(high, points.post, 0.012))], (0.02, 0.024), dark)
    x, z = points.saddle
    thick = 1.7 if model.style == "budget" else 1.0
    shape = [
        (-0.135, 0.008, 0.05, 0.006), (-0.12, 0.006, 0.066, 0.014), (-0.07, 0.0, 0.068, 0.019),
        (-0.01, -0.006, 0.045, 0.017), (0.05, -0.008, 0.024, 0.014),
        (0.11, -0.01, 0.019, 0.013),
        (0.137, -0.016, 0.012, 0.006),
    ]  # fmt: skip
    table = np.array(shape)
    path = curve([(x + dx, 0, z + dz - 0.014) for dx, dz, _, _ in shape], 3)
    keys = np.interp(np.linspace(0, 6, len(path)), np.arange(7), np.arange(7))
    wide = np.stack([np.interp(keys, np.arange(7), table[:, k]) for k in (2, 3)], 1)
    bike.pipe(path, wide * (1, thick), material("leather", colours.saddle))
    rail = [
        (x - 0.09, 0.03, z - 0.03),
        (x - 0.05, 0.022, z - 0.05),
        (x + 0.03, 0.022, z - 0.048),
        (x + 0.1, 0.014, z - 0.03),
    ]
    bike.both(curve(rail, 4), 0.0038, material("metal", STEEL))
