"""What turns: cassette, cranks, rings, chain and derailleurs."""

import math

import numpy as np
from bpy.types import Material

from ..core.materials import material
from ..core.tubes import rods
from .bicycle import DARK, STEEL, Bicycle
from .geometry import Point, along, at, circle


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
    stuff = material("metal", bike.colours.crank)
    _rings(bike, stuff)
    _cranks(bike, stuff)
    _derailleur(bike)


def _rings(bike: Bicycle, stuff: Material) -> None:
    """Chain rings, the spider that carries them, and the axle."""
    model = bike.model
    bottom = bike.points.bottom
    ring = model.ring / 2000
    for n, size in enumerate((ring, ring * 0.76, ring * 0.55)[: model.rings]):
        toothed = material("metal", DARK if n == 0 and sum(bike.colours.crank) < 1 else STEEL)
        inner = size - (0.016 if bike.road else 0.011)
        bike.disc(inner, size, 0.05 - 0.006 * n, toothed, bottom)
    count = 5 if model.rings > 1 else 4
    angles = np.arange(count) * 2 * math.pi / count + 0.3
    tips = np.stack([np.cos(angles), np.zeros(count), np.sin(angles)], 1) * (ring - 0.012)
    hub = np.array(at(bottom, -0.053))
    bike.maker.put(rods(np.tile(hub, (count, 1)), hub + tips, 0.0075), stuff)
    bike.lathe([(0.022, 0.04), (0.022, 0.06), (0.016, 0.074), (0.0, 0.074)], stuff, bottom, 24)


def _cranks(bike: Bicycle, stuff: Material) -> None:
    """Both cranks, some with pedals."""
    turn = math.radians(bike.model.crank)
    way = np.array((math.cos(turn), 0, -math.sin(turn)))
    wide = np.array([(0.008, across) for across in (0.019, 0.017, 0.0125, 0.0125, 0.008)])
    for y, sign in ((-0.07, 1), (0.07, -1)):
        start = np.array(at(bike.points.bottom, y))
        ends = [start + sign * way * distance for distance in (0, 0.03, 0.1, 0.165, 0.178)]
        bike.pipe(ends, wide, stuff)
        if bike.model.pedals:
            x, _, z = ends[3]
            out = y + math.copysign(0.055, y)
            low = (x - 0.045, out - 0.045, z - 0.012)
            high = (x + 0.045, out + 0.045, z + 0.012)
            bike.maker.box(low, high, material("plastic", DARK))


def _derailleur(bike: Bicycle) -> None:
    """The rear derailleur, the chain over it, and, where there are more rings, the front one."""
    points = bike.points
    dark = material("metal", bike.rng.choice((DARK, DARK, (0.25, 0.25, 0.26))))
    long = 0.062 if bike.road else 0.085
    x = points.rear[0]
    z = points.rear[1] - bike.model.cassette / 2000 - 0.018
    upper = (x + 0.012, z)
    lower = (x + bike.rng.uniform(0.01, 0.05), z - long)
    knuckle = (x - 0.012, (z + points.rear[1]) / 2 - 0.02)
    way = [at(points.rear, -0.066), at(knuckle, -0.07), at(upper, -0.072)]
    bike.pipe(way, [0.01, 0.016, 0.015], dark)
    bike.pipe([at(upper, -0.062), at(lower, -0.062)], (0.006, 0.0125), dark)
    for wheel in (upper, lower):
        bike.disc(0.005, 0.021, 0.05, material("plastic", DARK), wheel)
    _chain(bike, upper, lower)
    if bike.model.rings > 1:
        ring = bike.model.ring / 2000 - 0.002
        x, z = along(points.bottom, points.post, ring + 0.012)
        bike.pipe(circle(points.bottom, ring + 0.008, -0.55, 0.25, -0.055), (0.008, 0.01), dark)
        bike.pipe([(x - 0.01, -0.02, z + 0.02), (x, -0.05, z)], 0.011, dark)


def _chain(bike: Bicycle, upper: Point, lower: Point) -> None:
    """The chain, from the rings over the cassette and the derailleur's two wheels."""
    rear = bike.points.rear
    bottom = bike.points.bottom
    cog = 0.55 * bike.model.cassette / 2000
    ring = bike.model.ring / 2000 - 0.002
    y = -0.046
    links = material("metal", (0.3, 0.3, 0.3))
    top = [(rear[0], y, rear[1] + cog), (bottom[0], y, bottom[1] + ring)]
    low = [(lower[0], y, lower[1] - 0.02), (bottom[0], y, bottom[1] - ring)]
    for ends in (top, low):
        bike.pipe(ends, (0.003, 0.0042), links)
    ends = [(upper[0] + 0.02, y, upper[1]), (rear[0] + cog, y, rear[1])]
    bike.pipe(ends, (0.003, 0.004), links)
