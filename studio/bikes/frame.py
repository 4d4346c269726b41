"""The frame: main tubes and their decals, a rigid rear, and a bottle cage."""

import math
from dataclasses import dataclass

import numpy as np
from bpy.types import Material

from ..core.materials import material
from ..core.tubes import curve, tube
from .bicycle import DARK, NEAR, Bicycle, barrel
from .brakes import caliper
from .geometry import Point, along, at, between, part
from .suspension import stay, swinging_rear


@dataclass(frozen=True)
class Tubes:
    """The main tubes: their ways (n, 3) in metres, and half the width of the thick and the slim."""

    top: np.ndarray
    down: np.ndarray
    seat: np.ndarray
    thick: float
    slim: float


def frame(bike: Bicycle) -> None:
    """Head tube, main tubes with their decals, the rear, and perhaps a bottle cage."""
    paint = bike.paint(bike.colours.frame)
    tubes = _tubes(bike)
    _head(bike, paint)
    _main(bike, tubes, paint)
    bike.lathe(barrel(0.021, 0.036), paint, bike.points.bottom, 24)
    _rigid_rear(bike) if bike.model.shock == "none" else swinging_rear(bike, tubes.top)
    if bike.model.cages:
        _cage(bike)


def _lower_head(bike: Bicycle) -> Point:
    """The lower end of the head tube."""
    return along(bike.points.crown, bike.points.steer, 0.012)


def _tubes(bike: Bicycle) -> Tubes:
    """Where the main tubes run; those of a bent frame sag."""
    points = bike.points
    thick = bike.model.tube / 2000
    slim = thick * (0.95 if bike.model.style == "classic" else 0.74)
    sag = bike.model.sag / 1000
    joint = along(points.head, points.steer, -0.012 - slim)
    seat = along(points.seat, points.post, -0.02 - slim * 0.5)
    lower = along(_lower_head(bike), points.steer, 0.01 + thick * 0.8)
    bend = between(joint, seat, 0.42)
    top = curve([at(joint), at((bend[0], bend[1] + sag)), at(seat)], 8)
    bend = between(lower, points.bottom, 0.35)
    down = curve([at(points.bottom), at((bend[0], bend[1] - abs(sag) * 0.6)), at(lower)], 8)
    return Tubes(top, down, curve([at(points.bottom), at(points.seat)], 8), thick, slim)


def _head(bike: Bicycle, paint: Material) -> None:
    """The head tube, a little wider below than above."""
    head = _lower_head(bike)
    wide = 1.0 if bike.model.style == "classic" else 1.25
    steps = np.linspace(0, bike.model.head_tube / 1000, 5)
    bike.pipe(
        [at(along(head, bike.points.steer, step)) for step in steps],
        np.linspace(0.019 * wide, 0.0155 * wide + 0.001, 5),
        paint,
    )


def _main(bike: Bicycle, tubes: Tubes, paint: Material) -> None:
    """Down, top and seat tube, the bottom bracket in them, blocks of colour and letters."""
    flat = bike.model.flat
    second = bike.paint(bike.colours.second)
    front = second if bike.colours.scheme == "front" else paint
    swell = np.linspace(1.0, 0.92, len(tubes.down))[:, None]
    down = swell * (tubes.thick * 0.92, tubes.thick * flat)
    bike.pipe(tubes.down, down, paint)
    taper = np.linspace(1.15, 0.8, len(tubes.top))[:, None]
    top = taper * (tubes.slim, tubes.slim * min(flat, 1.1))
    bike.pipe(tubes.top, top, front)
    bike.pipe(tubes.seat, (tubes.slim * 0.8, tubes.slim * flat), paint)
    bike.lathe(barrel(0.018, 0.016), material("metal", DARK), bike.points.bottom, 20)
    if bike.colours.scheme == "band":
        _bands(bike, second, ((tubes.down, down), (tubes.top, top)))
    _names(bike, tubes, down, top)


def _names(bike: Bicycle, tubes: Tubes, down: np.ndarray, top: np.ndarray) -> None:
    """Letters on the down tube, and sometimes on the top tube, of radii (n, 2)."""
    decal = bike.paint(bike.colours.decal)
    low = bike.rng.uniform(0.2, 0.4)
    high = bike.rng.uniform(0.72, 0.9)
    tall = bike.rng.uniform(0.45, 0.85)
    bike.letters(
        part(tubes.down, low, high, 9),
        down[round(low * (len(down) - 1)) :],
        (NEAR - tall, NEAR + tall),
        decal,
    )
    if bike.rng.random() < 0.5:
        bike.letters(part(tubes.top, 0.3, 0.6)[::-1], top[:4], (NEAR - 0.5, NEAR + 0.5), decal)


def _bands(bike: Bicycle, stuff: Material, tubes: tuple) -> None:
    """Blocks of the second colour on tubes, each a way (n, 3) and its radii (n, 2)."""
    for path, wide in tubes:
        low = bike.rng.choice((0.0, 0.55, 0.75))
        piece = part(path, low, low + bike.rng.uniform(0.12, 0.25), 5)
        arc = bike.rng.choice(((0, 2 * math.pi), (NEAR - 1.5, NEAR - 0.3), (NEAR, NEAR + 1.6)))
        radius = wide[round((low + 0.1) * (len(wide) - 1))][None] * 1.025
        bike.maker.put(tube(piece, radius, 12, arc), stuff)


def _rigid_rear(bike: Bicycle) -> None:
    points = bike.points
    rear = bike.colours.second if bike.colours.scheme == "rear" else None
    stuff = bike.paint(rear or bike.colours.frame)
    gap = bike.model.tyre / 2000 + 0.012
    drop = {"aero": 0.16, "endurance": 0.06}.get(bike.model.style, 0.03)
    top = along(points.seat, points.post, -drop)
    size = (0.006, 0.008) if bike.model.style == "classic" else (0.0065, 0.011)
    middle = between(points.rear, points.bottom, 0.6)
    stay(bike, [at(points.rear, 0.062), at(middle, gap), at(points.bottom, 0.03)], size, stuff)
    middle = between(points.rear, top, 0.62)
    stay(bike, [at(points.rear, 0.062), at(middle, gap), at(top, 0.012)], (0.006, 0.0085), stuff)
    if bike.model.brakes == "rim":
        caliper(bike, between(points.rear, top, 0.86), -0.012)


def _cage(bike: Bicycle) -> None:
    """A bottle cage on the down tube, sometimes with its bottle."""
    black = material("plastic", DARK)
    low = between(bike.points.bottom, bike.points.crown, 0.3)
    high = bike.points.crown
    way = (high[0] - low[0], high[1] - low[1])
    way = (way[0] / math.hypot(*way), way[1] / math.hypot(*way))
    foot = along(low, way, 0, -bike.model.tube / 2000 - 0.045)
    for y in (-0.03, 0.03):
        ends = [
            along(foot, way, distance, off)
            for distance, off in ((0, 0.04), (0, -0.02), (0.13, -0.01), (0.15, 0.04))
        ]
        bike.pipe(curve([at(end, y) for end in ends], 5), 0.004, black)
    if bike.model.cages == 2:
        ends = [at(along(foot, way, distance)) for distance in (0.0, 0.01, 0.14, 0.16, 0.18, 0.2)]
        wide = np.array((0.03, 0.036, 0.036, 0.03, 0.014, 0.012))
        bike.pipe(ends, wide, material("plastic", bike.colours.decal))
