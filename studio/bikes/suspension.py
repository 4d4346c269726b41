"""A rear that swings: stays, rocker and shock."""

import math

import numpy as np
from bpy.types import Material

from ..core.materials import material
from ..core.tubes import curve, tube
from .bicycle import DARK, STEEL, Bicycle, barrel
from .geometry import Point, along, at, between


def stay(bike: Bicycle, ends: list, radius: tuple, stuff: Material) -> None:
    """A pair of stays through points, thinner towards the first."""
    path = curve(ends, 6)
    bike.both(path, np.linspace(1, 1.4, len(path))[:, None] * radius, stuff)


def swinging_rear(bike: Bicycle, top: np.ndarray) -> None:
    """Chain stays, seat stays, rocker and shock below a top tube, a way (n, 3)."""
    points = bike.points
    length = bike.model.seat_tube / 1000
    stuff = bike.paint(bike.colours.second if bike.colours.scheme == "rear" else bike.colours.frame)
    link = bike.paint(bike.colours.second if bike.rng.random() < 0.4 else DARK)
    pivot = along(points.bottom, points.post, 0.05, 0.012)
    rocker = along(points.bottom, points.post, 0.62 * length)
    back = along(rocker, points.post, 0.005, -0.06)
    gap = bike.model.tyre / 2000 + 0.012
    low = between(points.rear, pivot, 0.62)
    stay(bike, [at(points.rear, 0.066), at(low, gap), at(pivot, 0.03)], (0.008, 0.0125), stuff)
    high = between(points.rear, back, 0.62)
    stay(bike, [at(points.rear, 0.066), at(high, gap), at(back, 0.032)], (0.0075, 0.011), stuff)
    front, foot = {
        "upright": (
            along(rocker, points.post, 0.035, 0.06),
            along(points.bottom, points.post, 0.05, 0.07),
        ),
        "lying": (
            along(rocker, points.post, 0.05, 0.025),
            between((top[-1][0], top[-1][2]), points.head, 0.52),
        ),
        "diagonal": (
            along(rocker, points.post, -0.03, 0.035),
            between(points.bottom, points.crown, bike.rng.uniform(0.42, 0.55)),
        ),
    }[bike.model.shock]
    if bike.model.shock == "lying":
        foot = foot[0], foot[1] - 0.035
    for ends in ((back, rocker), (rocker, front), (back, front)):
        bike.both([at(end, 0.034) for end in ends], (0.006, 0.0125), link)
    if bike.model.shock != "lying" and bike.rng.random() < 0.5:  # a strut between the stays
        stay(bike, [at(low, gap), at(high, gap)], (0.006, 0.009), stuff)
    _shock(bike, front, foot)


def _shock(bike: Bicycle, top: Point, foot: Point) -> None:
    black = material("plastic", DARK)
    shaft = material("metal", STEEL)
    bike.pipe([at(top), at(foot)], 0.008, shaft)
    bike.pipe([at(top), at(between(top, foot, 0.5))], 0.0215, black)
    for end in (top, foot):
        bike.lathe(barrel(0.014, 0.026), black, end, 16)
    if bike.model.coil:
        turns = np.linspace(0, 1, 90)
        axis = np.array(at(top)) + (np.array(at(foot)) - at(top)) * (0.14 + 0.7 * turns)[:, None]
        u = np.array(at(foot)) - at(top)
        u /= np.linalg.norm(u)
        v = np.cross(u, (0, 1, 0))
        angle = turns[:, None] * 2 * math.pi * 7
        path = axis + 0.028 * (np.cos(angle) * v + np.sin(angle) * np.array((0, 1, 0)))
        bike.maker.put(tube(path, 0.006, 6), bike.paint(bike.colours.spring))
    elif bike.rng.random() < 0.5:  # the reservoir
        ends = [between(top, foot, share) for share in (0.06, 0.42)]
        bike.pipe([(x + 0.03, -0.02, z + 0.016) for x, z in ends], 0.014, black)
