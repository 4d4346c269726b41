"""A wheel: tyre and knobs, rim, spokes and hub."""

import math

import numpy as np
from bpy.types import Mesh

from ..core.materials import material
from ..core.tubes import rods
from .bicycle import DARK, NEAR, STEEL, Bicycle
from .brakes import rotor
from .geometry import Point, at, circle, tyre_height

# The hub's profile: radius, and metres towards the camera.
HUB = [
    (0.026, -0.037), (0.026, -0.03), (0.013, -0.026), (0.013, 0.026), (0.026, 0.03), (0.026, 0.037),
    (0.008, 0.04),
]  # fmt: skip


def wheel(bike: Bicycle, rear: bool) -> None:
    """A wheel with tyre, rim, spokes, hub and disc."""
    model = bike.model
    colours = bike.colours
    points = bike.points
    centre = points.rear if rear else points.front
    half = model.tyre / 2000
    high = tyre_height(model) / 2
    core = points.radius - model.tread / 1000 - high
    angles = np.linspace(0, 2 * math.pi, 25)
    ring = [(core + high * math.cos(angle), half * math.sin(angle)) for angle in angles]
    wall = material("rubber", colours.wall)
    bike.lathe(ring[6:19], wall, centre, 72)
    tread = material("rubber", colours.tyre)
    bike.lathe(ring[18:] + ring[1:7], tread, centre, 72)
    if model.tread:
        bike.maker.put(_knobs(points.radius, half, model.tread / 1000), tread, at(centre))
    outer = model.wheel / 2000 + 0.005
    width = 0.4 * model.tyre / 1000 if bike.road else 0.015
    inner = outer - model.rim / 1000
    middle = (outer + inner) / 2
    deep = (outer - inner) / 2
    section = [(middle + deep * math.cos(angle), width * math.sin(angle)) for angle in angles[::2]]
    bike.lathe(section, bike.paint(colours.rim), centre, 72)
    if model.brakes == "rim" and model.rim < 36:
        bike.disc(outer - 0.011, outer - 0.001, width - 0.001, material("metal", STEEL), centre)
    _spokes(bike, centre, inner, rear)
    _texts(bike, centre, (core, half, high), (middle, width, deep))
    if model.brakes == "disc":
        rotor(bike, centre, rear)
    bike.pipe([(centre[0], y, centre[1]) for y in (-0.07, 0.07)], 0.009, material("metal", DARK))


def _texts(bike: Bicycle, centre: Point, tyre: tuple, rim: tuple) -> None:
    """Names on tyre and rim, one to four times around."""
    jobs = []
    if bike.colours.tyre_text:
        jobs.append((tyre, (NEAR + 0.15, NEAR + 0.55), 0.35, bike.colours.tyre_text))
    if bike.colours.rim_decal:
        tall = 0.75 if rim[2] > 0.014 else 0.95
        jobs.append((rim, (NEAR - tall, NEAR + tall), 0.5, bike.colours.rim_decal))
    for (radius, wide, high), arc, span, colour in jobs:
        turn = bike.rng.uniform(0, 6)
        times = bike.rng.choice((1, 2, 2, 3))
        for n in range(times):
            start = turn + 2 * math.pi * n / times
            path = circle(centre, radius, start, start + span * bike.rng.uniform(0.7, 1.3))
            bike.letters(path, np.full((24, 2), (wide, high)), arc, material("ink", colour))


def _spokes(bike: Bicycle, centre: Point, rim: float, rear: bool) -> None:
    """Spokes to a rim of that inner radius, the hub between them, and the valve."""
    count = bike.model.spokes
    flange = 0.024
    k = np.arange(count)
    theta = 2 * math.pi * (k + 0.5) / count
    cross = np.where(k // 2 % 2, 1.25, -1.25) * (1 if rear or not bike.road else 0.0)
    side = np.where(k % 2, 1, -1)
    y = np.where(side > 0, 0.034, -0.02 if rear else -0.034)
    start, end = (
        np.stack(
            [centre[0] + radius * np.sin(angle), across, centre[1] + radius * np.cos(angle)], 1
        )
        for radius, angle, across in (
            (flange, theta + cross, y),
            (rim + 0.003, theta, side * 0.004),
        )
    )
    bike.maker.put(rods(start, end, 0.0011), material("plastic", bike.colours.spoke))
    bike.lathe(HUB, material("metal", bike.rng.choice((DARK, STEEL))), centre, 24)
    valve = np.array([at(centre)]) + rim * np.array([(math.sin(0.1), 0, -math.cos(0.1))])
    bike.maker.put(rods(valve, valve * (1, 1, 1) + (0, 0, 0.045), 0.003), material("metal", STEEL))


def _knobs(radius: float, half: float, tall: float) -> Mesh:
    """Five rows of knobs around a tyre in the origin."""
    starts = []
    ends = []
    count = round(radius * 2 * math.pi / 0.03)
    for row, (out, down) in enumerate(
        ((0, 0), (0.45, 0.1), (-0.45, 0.1), (0.85, 0.4), (-0.85, 0.4))
    ):
        angles = 2 * math.pi * (np.arange(count) + row % 2 / 2) / count
        base = radius - tall - half * down
        for points, reach, y in (
            (starts, base - 0.004, out * half),
            (ends, base + tall, out * half * 1.06),
        ):
            points.append(
                np.stack([reach * np.sin(angles), np.full(count, y), reach * np.cos(angles)], 1)
            )
    return rods(np.concatenate(starts), np.concatenate(ends), 0.0062)
