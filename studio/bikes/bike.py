"""Bicycles from a plan: tubes, wheels, what turns and what one holds, on white paper.

x is forward, z up, and -y is the drive side, where the camera stands.
"""

import math
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from bpy.types import Material, Mesh
from mathutils import Matrix

from ..core import backdrop, camera, materials, meshes, seeds
from ..core.materials import material
from ..core.meshes import Maker, curve, tube
from .plan import BikePlan, Point, along, measure, tyre_height

NEAR = math.pi  # the angle of a pipe's surface that looks at the camera
RUBBER = (0.05, 0.05, 0.053)
DARK = (0.05, 0.05, 0.055)
STEEL = (0.5, 0.51, 0.53)
# Strokes of letters on a cell of 1 by 1: from and to along, from and to across.
STROKES = (
    (0.0, 0.24, 0.0, 1.0), (0.56, 0.8, 0.0, 1.0), (0.0, 0.8, 0.8, 1.0), (0.0, 0.8, 0.4, 0.6),
    (0.0, 0.8, 0.0, 0.2), (0.28, 0.52, 0.0, 1.0),
)  # fmt: skip


def build(plan: BikePlan) -> None:
    """Fill an empty scene with a bicycle, paper, lights and camera."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    materials.forget()
    backdrop.white(plan.side, plan.shadow)
    _flag()
    camera.stand(plan.camera)
    bike = Bicycle(plan)
    frame(bike)
    fork(bike)
    for rear in (True, False):
        wheel(bike, rear)
    drive(bike)
    saddle(bike)
    drop_bar(bike) if plan.model.bar == "drop" else flat_bar(bike)


def _flag() -> None:
    """A black card beside the camera, which only reflections show: it draws the shapes of paint."""
    card = meshes.put(
        meshes.box((7, 0.01, 2.6), 0.001),
        material("screen"),
        Matrix.Translation((0.5, -4.5, 1.4)),
    )
    for ray in ("camera", "shadow", "diffuse", "transmission"):
        setattr(card, f"visible_{ray}", False)


def at(point: Point, y: float = 0.0) -> tuple[float, float, float]:
    """A point of the frame's plane, moved sideways, in space."""
    return point[0], y, point[1]


def between(a: Point, b: Point, share: float) -> Point:
    """A point on the way from one to another."""
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def part(path: np.ndarray, low: float, high: float, steps: int = 4) -> np.ndarray:
    """The piece of a way (n, 3) between two shares of its length."""
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    where = np.linspace(low, high, steps) * length[-1]
    return np.stack([np.interp(where, length, axis) for axis in path.T], 1)


def circle(centre: Point, radius: float, start: float, stop: float, y: float = 0.0) -> np.ndarray:
    """A clockwise arc as the camera sees it, angles in radians, so that letters stand upright."""
    angles = np.linspace(start, stop, 24)
    x = centre[0] + radius * np.sin(angles)
    z = centre[1] + radius * np.cos(angles)
    return np.stack([x, np.full(24, y), z], 1)


class Bicycle:
    """Builds the parts of one bicycle."""

    def __init__(self, plan: BikePlan) -> None:
        self.model = plan.model
        self.colours = plan.colours
        self.points = measure(plan.model)
        self.maker = Maker(Matrix(), index=1)
        self.rng = seeds.stream(plan.texts, "texts")
        self.road = plan.model.bar == "drop"

    # Ways of making things -----------------------------------------------------------------------

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
        length = _length(path)
        tall = abs(arc[1] - arc[0]) * radius[:, 1].mean()
        count = max(2, round(length / (tall * self.rng.uniform(0.7, 1.0))))
        pieces = []
        for n in range(count):
            for a, b, low, high in self.rng.sample(STROKES, self.rng.choice((2, 3, 3))):
                way = part(path, (n + a) / count, (n + b) / count, 3)
                wide = radius[[round((n + 0.5) / count * (len(radius) - 1))]] * 1.02
                band = [arc[1] + (arc[0] - arc[1]) * share for share in (low, high)]
                pieces.append((tube(way, wide, 4, (min(band), max(band))), (0, 0, 0), 0))
        self.maker.put(meshes.join(pieces), stuff)


def _length(path: np.ndarray) -> float:
    return float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())


def _barrel(radius: float, half: float) -> list:
    """The profile of a closed cylinder about an axle."""
    return [(0.0, -half), (radius, -half), (radius, half), (0.0, half)]


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
    return meshes.rods(np.concatenate(starts), np.concatenate(ends), 0.0062)


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
    bike.lathe(_barrel(0.021, 0.036), paint, bike.points.bottom, 24)
    _rigid_rear(bike) if bike.model.shock == "none" else _swinging_rear(bike, tubes.top)
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
    bike.lathe(_barrel(0.018, 0.016), material("metal", DARK), bike.points.bottom, 20)
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


def _stay(bike: Bicycle, ends: list, radius: tuple, stuff: Material) -> None:
    """A pair of stays through points, thinner towards the first."""
    path = curve(ends, 6)
    bike.both(path, np.linspace(1, 1.4, len(path))[:, None] * radius, stuff)


def _rigid_rear(bike: Bicycle) -> None:
    points = bike.points
    rear = bike.colours.second if bike.colours.scheme == "rear" else None
    stuff = bike.paint(rear or bike.colours.frame)
    gap = bike.model.tyre / 2000 + 0.012
    drop = {"aero": 0.16, "endurance": 0.06}.get(bike.model.style, 0.03)
    top = along(points.seat, points.post, -drop)
    size = (0.006, 0.008) if bike.model.style == "classic" else (0.0065, 0.011)
    middle = between(points.rear, points.bottom, 0.6)
    _stay(bike, [at(points.rear, 0.062), at(middle, gap), at(points.bottom, 0.03)], size, stuff)
    middle = between(points.rear, top, 0.62)
    _stay(bike, [at(points.rear, 0.062), at(middle, gap), at(top, 0.012)], (0.006, 0.0085), stuff)
    if bike.model.brakes == "rim":
        _caliper(bike, between(points.rear, top, 0.86), -0.012)


def _swinging_rear(bike: Bicycle, top: np.ndarray) -> None:
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
    _stay(bike, [at(points.rear, 0.066), at(low, gap), at(pivot, 0.03)], (0.008, 0.0125), stuff)
    high = between(points.rear, back, 0.62)
    _stay(bike, [at(points.rear, 0.066), at(high, gap), at(back, 0.032)], (0.0075, 0.011), stuff)
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
        _stay(bike, [at(low, gap), at(high, gap)], (0.006, 0.009), stuff)
    _shock(bike, front, foot)


def _shock(bike: Bicycle, top: Point, foot: Point) -> None:
    black = material("plastic", DARK)
    shaft = material("metal", STEEL)
    bike.pipe([at(top), at(foot)], 0.008, shaft)
    bike.pipe([at(top), at(between(top, foot, 0.5))], 0.0215, black)
    for end in (top, foot):
        bike.lathe(_barrel(0.014, 0.026), black, end, 16)
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


def _caliper(bike: Bicycle, where: Point, side: float) -> None:
    """A rim brake, before (positive) or behind a tube."""
    x = where[0] + side
    z = where[1]
    dark = material("plastic", DARK)
    for y in (-0.025, 0.025):
        bike.pipe(
            curve([(x, 0, z + 0.02), (x, y * 1.3, z), (x, y * 0.7, z - 0.035)], 4), 0.0075, dark
        )
    bike.pipe([(x, -0.02, z - 0.03), (x + 0.028, -0.02, z - 0.035)], 0.006, dark)


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
        _caliper(bike, along(points.crown, points.steer, 0.0, 0.0), 0.026)
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
    path = np.array([at(between(low, leg[1], side), -y) for side in (0.3, 0.55, 0.8)])
    ink = bike.paint(bike.colours.decal)
    bike.letters(path, np.full((3, 2), stout), (NEAR - 0.7, NEAR + 0.7), ink)


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
        _rotor(bike, centre, rear)
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
    bike.maker.put(meshes.rods(start, end, 0.0011), material("plastic", bike.colours.spoke))
    hub = material("metal", bike.rng.choice((DARK, STEEL)))
    bike.lathe(
        [
            (0.026, -0.037),
            (0.026, -0.03),
            (0.013, -0.026),
            (0.013, 0.026),
            (0.026, 0.03),
            (0.026, 0.037),
            (0.008, 0.04),
        ],
        hub,
        centre,
        24,
    )
    valve = np.array([at(centre)]) + rim * np.array([(math.sin(0.1), 0, -math.cos(0.1))])
    bike.maker.put(
        meshes.rods(valve, valve * (1, 1, 1) + (0, 0, 0.045), 0.003), material("metal", STEEL)
    )


def _rotor(bike: Bicycle, centre: Point, rear: bool) -> None:
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
    bike.maker.put(meshes.rods(inner, outer, 0.004), steel)
    turn = 2.2 if rear else 2.6
    x = centre[0] + size * math.cos(turn)
    z = centre[1] + size * math.sin(turn)
    bike.maker.box(
        (x - 0.016, 0.035, z - 0.024), (x + 0.016, 0.065, z + 0.024), material("plastic", DARK)
    )


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
    bike.maker.put(meshes.rods(np.tile(hub, (len(angles), 1)), hub + tips, 0.0075), stuff)
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


def _stem(bike: Bicycle, end: Point) -> None:
    points = bike.points
    black = material("plastic", DARK)
    bike.pipe(
        [at(along(points.head, points.steer, distance)) for distance in (-0.002, 0.048)],
        0.0185,
        black,
    )
    bike.pipe([at(along(points.head, points.steer, 0.03)), at(end)], 0.0165, black)
    bike.lathe(_barrel(0.021, 0.024), black, end, 20)


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
