"""Stem and handlebar, flat or dropped, with grips, levers and hoses."""

import math

import numpy as np
from bpy.types import Material

from ..core.materials import material
from ..core.tubes import curve
from .bicycle import DARK, STEEL, Bicycle, barrel
from .geometry import Point, along, at, part


def _stem(bike: Bicycle, end: Point) -> None:
    points = bike.points
    black = material("plastic", DARK)
    bike.pipe(
        [at(along(points.head, points.steer, distance)) for distance in (-0.002, 0.048)],
        0.0185,
        black,
    )
    bike.pipe([at(along(points.head, points.steer, 0.03)), at(end)], 0.0165, black)
    bike.lathe(barrel(0.021, 0.024), black, end, 20)


def flat_bar(bike: Bicycle) -> None:
    """Bar, grips, brake levers and hoses of a mountain bike."""
    points = bike.points
    model = bike.model
    x, z = points.clamp
    end = x, z - model.bar_rise / 1000
    _stem(bike, end)
    wide = 0.37 if model.style != "budget" else 0.31
    black = material("plastic", DARK)
    way = curve(
        [at(end), (x, -0.06, end[1]), (x - 0.008, -0.15, z), (x - 0.05, -wide, z + 0.004)], 6
    )
    bike.both(way, 0.0125, black)
    grip = part(way, 0.66, 1.0)
    bike.both(grip, 0.0165, material("rubber", bike.colours.grip))
    tip = way[-1]
    bike.both(
        [tip, tip - (0, 0.008, 0)],
        0.0175,
        material("metal", bike.colours.spring if bike.rng.random() < 0.3 else DARK),
    )
    lever = part(way, 0.6, 0.6, 2)[0]
    turn = bike.rng.uniform(0.25, 0.75)
    ahead = np.array((math.cos(turn), 0, -math.sin(turn)))
    bike.both([lever, lever + ahead * 0.045 + (0, -0.01, 0)], [0.0165, 0.013], black)
    blade = [
        lever + ahead * 0.04,
        lever + ahead * 0.062 + (0, -0.05, 0),
        lever + ahead * 0.058 + (0, -0.13, 0),
    ]
    bike.both(curve(blade, 4), (0.006, 0.0075), material("plastic", bike.rng.choice((DARK, STEEL))))
    bike.both([lever, lever + (0.012, 0.03, -0.032)], [0.01, 0.016], black)  # shifter
    hose = lever + ahead * 0.05 + (0, 0.03, 0)
    _hoses(bike, hose, bike.rng.uniform(0.05, 0.1))


def _hoses(bike: Bicycle, start: np.ndarray, bow: float) -> None:
    """Hoses from both levers in front of the head tube to frame and fork."""
    points = bike.points
    black = material("plastic", DARK)
    x, z = points.head
    goal = at(along(points.crown, points.steer, 0.03, 0.02), -0.03)
    leg = at(along(points.front, points.steer, 0.34, -0.01), 0.06)
    for side, end in ((1, goal), (-1, leg), (1, goal)):
        low = bow * bike.rng.uniform(0.7, 1.2)
        middle = (start[0] + low, side * start[1] * 0.4, (start[2] + goal[2]) / 2 + 0.03)
        bike.pipe(curve([start * (1, side, 1), middle, end], 8), 0.0027, black)


def drop_bar(bike: Bicycle) -> None:
    """Bar, tape, brake hoods and levers of a road bike."""
    points = bike.points
    rng = bike.rng
    x, z = points.clamp
    _stem(bike, points.clamp)
    black = material("plastic", DARK)
    tape = material("rubber", bike.colours.grip)
    y = 0.205
    tilt = rng.uniform(-0.08, 0.1)
    reach = rng.uniform(0.07, 0.085)
    drop = rng.uniform(0.118, 0.135)
    bend = _bend(reach, drop, tilt)
    way = [(x, -0.06, z), (x, -y + 0.02, z)] + [(x + a, -y, z + b) for a, b in bend[1:]]
    bike.both(curve([at(points.clamp)] + way[:2], 4), 0.0145, black)
    bike.both(curve(way, 6), 0.0158, tape)
    _hood(bike, (x + bend[1][0], -y, z + bend[1][1]), tape)
    if rng.random() < 0.6:
        _hoses(bike, np.array((x + 0.02, -0.09, z - 0.02)), 0.03)


def _bend(reach: float, drop: float, tilt: float) -> list[Point]:
    """How a dropped bar bends from its shoulder: points ahead and up, turned by `tilt` radians."""
    hook = [
        (0.0, 0.0),
        (reach * 0.75, -0.006),
        (reach, -0.045),
        (reach * 0.72, -drop * 0.85),
        (0.01, -drop),
        (-0.055, -drop - 0.002),
    ]
    return [
        (x * math.cos(tilt) + z * math.sin(tilt), z * math.cos(tilt) - x * math.sin(tilt))
        for x, z in hook
    ]


def _hood(bike: Bicycle, place: tuple, tape: Material) -> None:
    """A brake hood and its lever, from where they sit on the bar."""
    x, y, z = place
    black = material("plastic", DARK)
    hood = [
        (x - 0.015, y, z + 0.004),
        (x + 0.03, y, z + 0.016),
        (x + 0.062, y, z + 0.03),
        (x + 0.074, y, z + 0.052),
    ]
    cover = tape if bike.rng.random() < 0.3 else black
    bike.both(curve(hood, 4), np.linspace(1, 0.72, 13)[:, None] * (0.0155, 0.0195), cover)
    blade = [
        (x + 0.064, y, z + 0.026),
        (x + 0.058, y, z - 0.03),
        (x + 0.036, y - 0.008, z - 0.095),
    ]
    shine = material("metal", STEEL) if bike.rng.random() < 0.25 else black
    bike.both(curve(blade, 5), np.linspace(1, 0.6, 11)[:, None] * (0.008, 0.0105), shine)
