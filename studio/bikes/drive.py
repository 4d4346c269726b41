"""What turns: cassette, cranks, rings, chain and derailleurs."""

import math

import numpy as np

from ..core import tubes
from ..core.materials import material
from .bicycle import DARK, STEEL, Bicycle
from .geometry import along, at, circle


def drive(bike: Bicycle) -> None:
    """Cassette, derailleur, cranks, rings and chain."""
    points = bike.points
    model = bike.model
    sprocket = material("metal", bike.colours.cassette)
    shade = material("metal", tuple(0.5 * c for c in bike.colours.cassette))
    for n, radius in enumerate(np.linspace(model.cassette / 2000, 0.024, 8)):
        bike.disc(
            radius - 0.012,
            radius,
            0.024 + 0.0035 * n,
            sprocket if n % 2 else shade,
            points.rear,
        )
    bike.disc(0.006, 0.016, 0.056, material("metal", DARK), points.rear)
    _crank(bike)
    _derailleur(bike)


def _crank(bike: Bicycle) -> None:
    points = bike.points
    model = bike.model
    stuff = material("metal", bike.colours.crank)
    ring = model.ring / 2000
    for n, size in enumerate((ring, ring * 0.76, ring * 0.55)[: model.rings]):
        toothed = material("metal", DARK if n == 0 and sum(bike.colours.crank) < 1 else STEEL)
        bike.disc(
            size - (0.016 if bike.road else 0.011),
            size,
            0.05 - 0.006 * n,
            toothed,
            points.bottom,
        )
    angles = (
        np.arange(5 if model.rings > 1 else 4) * 2 * math.pi / (5 if model.rings > 1 else 4) + 0.3
    )
    tips = np.stack([np.cos(angles), np.zeros(len(angles)), np.sin(angles)], 1) * (ring - 0.012)
    hub = np.array(at(points.bottom, -0.053))
    bike.maker.put(tubes.rods(np.tile(hub, (len(angles), 1)), hub + tips, 0.0075), stuff)
    bike.lathe(
        [(0.022, 0.04), (0.022, 0.06), (0.016, 0.074), (0.0, 0.074)], stuff, points.bottom, 24
    )
    turn = math.radians(model.crank)
    way = np.array((math.cos(turn), 0, -math.sin(turn)))
    for y, sign in ((-0.07, 1), (0.07, -1)):
        start = np.array(at(points.bottom, y))
        ends = [start + sign * way * distance for distance in (0, 0.03, 0.1, 0.165, 0.178)]
        bike.pipe(
            ends,
            np.array([(0.008, wide) for wide in (0.019, 0.017, 0.0125, 0.0125, 0.008)]),
            stuff,
        )
        if model.pedals:
            x, _, z = ends[3]
            y += math.copysign(0.055, y)
            bike.maker.box(
                (x - 0.045, y - 0.045, z - 0.012),
                (x + 0.045, y + 0.045, z + 0.012),
                material("plastic", DARK),
            )


def _derailleur(bike: Bicycle) -> None:
    points = bike.points
    model = bike.model
    dark = material("metal", bike.rng.choice((DARK, DARK, (0.25, 0.25, 0.26))))
    long = 0.062 if bike.road else 0.085
    x = points.rear[0]
    z = points.rear[1] - model.cassette / 2000 - 0.018
    upper = (x + 0.012, z)
    lower = (x + bike.rng.uniform(0.01, 0.05), z - long)
    knuckle = (x - 0.012, (z + points.rear[1]) / 2 - 0.02)
    bike.pipe(
        [at(points.rear, -0.066), at(knuckle, -0.07), at(upper, -0.072)],
        [0.01, 0.016, 0.015],
        dark,
    )
    bike.pipe([at(upper, -0.062), at(lower, -0.062)], (0.006, 0.0125), dark)
    for wheel in (upper, lower):
        bike.disc(0.005, 0.021, 0.05, material("plastic", DARK), wheel)
    cog = 0.55 * model.cassette / 2000
    ring = model.ring / 2000 - 0.002
    y = -0.046
    links = material("metal", (0.3, 0.3, 0.3))
    top = [
        (points.rear[0], y, points.rear[1] + cog),
        (points.bottom[0], y, points.bottom[1] + ring),
    ]
    low = [(lower[0], y, lower[1] - 0.02), (points.bottom[0], y, points.bottom[1] - ring)]
    for ends in (top, low):
        bike.pipe(ends, (0.003, 0.0042), links)
    bike.pipe(
        [(upper[0] + 0.02, y, upper[1]), (points.rear[0] + cog, y, points.rear[1])],
        (0.003, 0.004),
        links,
    )
    if model.rings > 1:  # the front derailleur
        x, z = along(points.bottom, points.post, ring + 0.012)
        bike.pipe(circle(points.bottom, ring + 0.008, -0.55, 0.25, -0.055), (0.008, 0.01), dark)
        bike.pipe([(x - 0.01, -0.02, z + 0.02), (x, -0.05, z)], 0.011, dark)
