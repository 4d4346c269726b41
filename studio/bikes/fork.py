"""The fork: rigid blades, or telescopic legs."""

import math

import numpy as np

from ..core.materials import material
from ..core.tubes import curve
from .bicycle import NEAR, Bicycle
from .brakes import caliper
from .geometry import along, at, between, part


def fork(bike: Bicycle) -> None:
    """The fork, with what stops its wheel."""
    points = bike.points
    bike.pipe(
        [at(along(points.crown, points.steer, distance)) for distance in (-0.01, 0.014)],
        0.021,
        bike.paint(bike.colours.fork),
    )
    _blades(bike) if bike.model.fork == "rigid" else _legs(bike)


def _blades(bike: Bicycle) -> None:
    points = bike.points
    gap = bike.model.tyre / 2000 + 0.014
    bent = -0.012 if bike.model.style == "classic" else 0.0
    ends = [at(points.crown, 0.012), at(along(points.crown, points.steer, -0.05, 0.003), gap)]
    ends += [
        at(along(points.crown, points.steer, -0.22, 0.016 + bent), 0.045),
        at(points.front, 0.052),
    ]
    path = curve(ends, 6)
    deep = 0.017 if bike.model.style == "classic" else 0.021 * min(1.3, bike.model.flat)
    taper = np.linspace(1, 0, len(path))[:, None]
    wide = (0.007, 0.008) + taper * (0.006, deep - 0.008)
    bike.both(path, wide, bike.paint(bike.colours.fork))
    if bike.model.brakes == "rim":
        caliper(bike, along(points.crown, points.steer, 0.0, 0.0), 0.026)
    if bike.rng.random() < 0.5:
        near = path * (1, -1, 1)
        ink = bike.paint(bike.colours.decal)
        bike.letters(part(near, 0.4, 0.62), wide[8:12], (NEAR - 0.8, NEAR + 0.8), ink)


def _legs(bike: Bicycle) -> None:
    """Lowers, stanchions, crown and arch of a telescopic fork."""
    points = bike.points
    model = bike.model
    y = 0.062
    length = math.dist(points.crown, points.front)
    out = 0.022
    stout = 0.0225 if model.travel > 130 else 0.02
    leg = [
        along(points.crown, points.steer, distance, out)
        for distance in (0.02, -model.travel / 1000 - 0.03)
    ]
    if model.fork == "double crown":
        leg[0] = along(points.head, points.steer, 0.03, out)
    low = along(leg[1], points.steer, model.travel / 1000 + 0.05 - length)
    paint = bike.paint(bike.colours.fork)
    bike.both([at(end, y) for end in leg], stout - 0.005, material("metal", bike.colours.stanchion))
    bike.both([at(leg[1], y), at(low, y)], [stout, stout * 0.85], paint)
    bike.both([at(low, y), at(points.front, y)], (0.009, 0.017), paint)
    for top in (points.crown, points.head)[: 1 + (model.fork == "double crown")]:
        middle = along(top, points.steer, 0.012, out * 0.6)
        bike.pipe(
            [at(middle, side) for side in (-y - 0.02, -y, y, y + 0.02)], (0.018, 0.026), paint
        )
    arch = along(leg[1], points.steer, 0.035, 0.03)
    ends = [at(leg[1], -y), at(arch, -0.035), at(arch, 0.035), at(leg[1], y)]
    bike.pipe(curve(ends, 5), 0.011, paint)
    path = np.array([at(between(low, leg[1], share), -y) for share in (0.3, 0.55, 0.8)])
    ink = bike.paint(bike.colours.decal)
    bike.letters(path, np.full((3, 2), stout), (NEAR - 0.7, NEAR + 0.7), ink)
