"""Bicycles from a plan: tubes, wheels, what turns and what one holds, on white paper.

x is forward, z up, and -y is the drive side, where the camera stands.
"""

import math
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
RUBBER, DARK, STEEL = (0.05, 0.05, 0.053), (0.05, 0.05, 0.055), (0.5, 0.51, 0.53)
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
    bike.frame()
    bike.fork()
    for rear in (True, False):
        bike.wheel(rear)
    bike.drive()
    bike.saddle()
    bike.drop_bar() if plan.model.bar == "drop" else bike.flat_bar()


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
    x, z = centre[0] + radius * np.sin(angles), centre[1] + radius * np.cos(angles)
    return np.stack([x, np.full(24, y), z], 1)


class Bicycle:
    """Builds the parts of one bicycle."""

    def __init__(self, plan: BikePlan) -> None:
        self.model, self.colours, self.points = plan.model, plan.colours, measure(plan.model)
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
        low, high = y - 0.001, y + 0.001
        ring = [(inner, low), (inner, high), (outer, high), (outer, low), (inner, low)]
        self.lathe(ring, stuff, centre)

    def letters(self, path: np.ndarray, radius: np.ndarray, arc: tuple, stuff: Material) -> None:
        """What looks like a name from afar, along the side of a tube that the camera sees."""
        length, tall = _length(path), abs(arc[1] - arc[0]) * radius[:, 1].mean()
        count = max(2, round(length / (tall * self.rng.uniform(0.7, 1.0))))
        pieces = []
        for n in range(count):
            for a, b, low, high in self.rng.sample(STROKES, self.rng.choice((2, 3, 3))):
                way = part(path, (n + a) / count, (n + b) / count, 3)
                wide = radius[[round((n + 0.5) / count * (len(radius) - 1))]] * 1.02
                band = [arc[1] + (arc[0] - arc[1]) * share for share in (low, high)]
                pieces.append((tube(way, wide, 4, (min(band), max(band))), (0, 0, 0), 0))
        self.maker.put(meshes.join(pieces), stuff)

    # Frame ---------------------------------------------------------------------------------------

    def frame(self) -> None:
        """Main tubes with their decals, and the rear."""
        p, thick = self.points, self.model.tube / 2000
        main = self.paint(self.colours.frame)
        slim = thick * (0.95 if self.model.style == "classic" else 0.74)
        head = along(p.crown, p.steer, 0.012)
        wide = 1.0 if self.model.style == "classic" else 1.25
        self.pipe(
            [at(along(head, p.steer, d)) for d in np.linspace(0, self.model.head_tube / 1000, 5)],
            np.linspace(0.019 * wide, 0.0155 * wide + 0.001, 5),
            main,
        )
        sag = self.model.sag / 1000
        joint = along(p.head, p.steer, -0.012 - slim)
        seat = along(p.seat, p.post, -0.02 - slim * 0.5)
        lower = along(head, p.steer, 0.01 + thick * 0.8)
        bend = between(joint, seat, 0.42)
        self.top = curve([at(joint), at((bend[0], bend[1] + sag)), at(seat)], 8)
        bend = between(lower, p.bottom, 0.35)
        self.down = curve([at(p.bottom), at((bend[0], bend[1] - abs(sag) * 0.6)), at(lower)], 8)
        self._main(main, thick, slim)
        self.lathe(_barrel(0.021, 0.036), main, p.bottom, 24)
        self._rigid_rear() if self.model.shock == "none" else self._swinging_rear()
        if self.model.cages:
            self._cage()

    def _main(self, main: Material, thick: float, slim: float) -> None:
        flat, second = self.model.flat, self.paint(self.colours.second)
        front = second if self.colours.scheme == "front" else main
        n = len(self.down)
        swell = np.linspace(1.0, 0.92, n)[:, None]
        down = swell * (thick * 0.92, thick * flat)
        self.pipe(self.down, down, main)
        taper = np.linspace(1.15, 0.8, len(self.top))[:, None]
        top = taper * (slim, slim * min(flat, 1.1))
        self.pipe(self.top, top, front)
        p = self.points
        self.seat = curve([at(p.bottom), at(p.seat)], 8)
        self.pipe(self.seat, (slim * 0.8, slim * flat), main)
        self.lathe(_barrel(0.018, 0.016), material("metal", DARK), p.bottom, 20)
        if self.colours.scheme == "band":
            self._bands(second, down, top)
        decal = self.paint(self.colours.decal)
        low, high = self.rng.uniform(0.2, 0.4), self.rng.uniform(0.72, 0.9)
        tall = self.rng.uniform(0.45, 0.85)
        self.letters(
            part(self.down, low, high, 9),
            down[round(low * (n - 1)) :],
            (NEAR - tall, NEAR + tall),
            decal,
        )
        if self.rng.random() < 0.5:
            self.letters(part(self.top, 0.3, 0.6)[::-1], top[:4], (NEAR - 0.5, NEAR + 0.5), decal)

    def _bands(self, stuff: Material, down: np.ndarray, top: np.ndarray) -> None:
        """Blocks of the second colour on the main tubes."""
        for path, wide in ((self.down, down), (self.top, top)):
            low = self.rng.choice((0.0, 0.55, 0.75))
            piece = part(path, low, low + self.rng.uniform(0.12, 0.25), 5)
            arc = self.rng.choice(((0, 2 * math.pi), (NEAR - 1.5, NEAR - 0.3), (NEAR, NEAR + 1.6)))
            radius = wide[round((low + 0.1) * (len(wide) - 1))][None] * 1.025
            self.maker.put(tube(piece, radius, 12, arc), stuff)

    def _stay(self, ends: list, radius: tuple, stuff: Material) -> None:
        """A pair of stays through points, thinner towards the first."""
        path = curve(ends, 6)
        self.both(path, np.linspace(1, 1.4, len(path))[:, None] * radius, stuff)

    def _rigid_rear(self) -> None:
        p, rear = self.points, self.colours.second if self.colours.scheme == "rear" else None
        stuff = self.paint(rear or self.colours.frame)
        gap = self.model.tyre / 2000 + 0.012
        drop = {"aero": 0.16, "endurance": 0.06}.get(self.model.style, 0.03)
        top = along(p.seat, p.post, -drop)
        size = (0.006, 0.008) if self.model.style == "classic" else (0.0065, 0.011)
        middle = between(p.rear, p.bottom, 0.6)
        self._stay([at(p.rear, 0.062), at(middle, gap), at(p.bottom, 0.03)], size, stuff)
        middle = between(p.rear, top, 0.62)
        self._stay([at(p.rear, 0.062), at(middle, gap), at(top, 0.012)], (0.006, 0.0085), stuff)
        if self.model.brakes == "rim":
            self._caliper(between(p.rear, top, 0.86), -0.012)

    def _swinging_rear(self) -> None:
        """Chain stays, seat stays, rocker and shock."""
        p, length = self.points, self.model.seat_tube / 1000
        stuff = self.paint(
            self.colours.second if self.colours.scheme == "rear" else self.colours.frame
        )
        link = self.paint(self.colours.second if self.rng.random() < 0.4 else DARK)
        pivot, rocker = along(p.bottom, p.post, 0.05, 0.012), along(p.bottom, p.post, 0.62 * length)
        back = along(rocker, p.post, 0.005, -0.06)
        gap = self.model.tyre / 2000 + 0.012
        low = between(p.rear, pivot, 0.62)
        self._stay([at(p.rear, 0.066), at(low, gap), at(pivot, 0.03)], (0.008, 0.0125), stuff)
        high = between(p.rear, back, 0.62)
        self._stay([at(p.rear, 0.066), at(high, gap), at(back, 0.032)], (0.0075, 0.011), stuff)
        front, foot = {
            "upright": (along(rocker, p.post, 0.035, 0.06), along(p.bottom, p.post, 0.05, 0.07)),
            "lying": (
                along(rocker, p.post, 0.05, 0.025),
                between((self.top[-1][0], self.top[-1][2]), p.head, 0.52),
            ),
            "diagonal": (
                along(rocker, p.post, -0.03, 0.035),
                between(p.bottom, p.crown, self.rng.uniform(0.42, 0.55)),
            ),
        }[self.model.shock]
        if self.model.shock == "lying":
            foot = foot[0], foot[1] - 0.035
        for ends in ((back, rocker), (rocker, front), (back, front)):
            self.both([at(e, 0.034) for e in ends], (0.006, 0.0125), link)
        if self.model.shock != "lying" and self.rng.random() < 0.5:  # a strut between the stays
            self._stay([at(low, gap), at(high, gap)], (0.006, 0.009), stuff)
        self._shock(front, foot)

    def _shock(self, top: Point, foot: Point) -> None:
        black, shaft = material("plastic", DARK), material("metal", STEEL)
        self.pipe([at(top), at(foot)], 0.008, shaft)
        self.pipe([at(top), at(between(top, foot, 0.5))], 0.0215, black)
        for end in (top, foot):
            self.lathe(_barrel(0.014, 0.026), black, end, 16)
        if self.model.coil:
            turns = np.linspace(0, 1, 90)
            axis = (
                np.array(at(top)) + (np.array(at(foot)) - at(top)) * (0.14 + 0.7 * turns)[:, None]
            )
            u = np.array(at(foot)) - at(top)
            u /= np.linalg.norm(u)
            v = np.cross(u, (0, 1, 0))
            angle = turns[:, None] * 2 * math.pi * 7
            path = axis + 0.028 * (np.cos(angle) * v + np.sin(angle) * np.array((0, 1, 0)))
            self.maker.put(tube(path, 0.006, 6), self.paint(self.colours.spring))
        elif self.rng.random() < 0.5:  # the reservoir
            ends = [between(top, foot, share) for share in (0.06, 0.42)]
            self.pipe([(x + 0.03, -0.02, z + 0.016) for x, z in ends], 0.014, black)

    def _cage(self) -> None:
        """A bottle cage on the down tube, sometimes with its bottle."""
        black = material("plastic", DARK)
        a, b = between(self.points.bottom, self.points.crown, 0.3), self.points.crown
        way = (b[0] - a[0], b[1] - a[1])
        way = (way[0] / math.hypot(*way), way[1] / math.hypot(*way))
        foot = along(a, way, 0, -self.model.tube / 2000 - 0.045)
        for y in (-0.03, 0.03):
            ends = [
                along(foot, way, d, off)
                for d, off in ((0, 0.04), (0, -0.02), (0.13, -0.01), (0.15, 0.04))
            ]
            self.pipe(curve([at(e, y) for e in ends], 5), 0.004, black)
        if self.model.cages == 2:
            ends = [at(along(foot, way, d)) for d in (0.0, 0.01, 0.14, 0.16, 0.18, 0.2)]
            wide = np.array((0.03, 0.036, 0.036, 0.03, 0.014, 0.012))
            self.pipe(ends, wide, material("plastic", self.colours.decal))

    def _caliper(self, where: Point, side: float) -> None:
        """A rim brake, before (positive) or behind a tube."""
        x, z = where[0] + side, where[1]
        dark = material("plastic", DARK)
        for y in (-0.025, 0.025):
            self.pipe(
                curve([(x, 0, z + 0.02), (x, y * 1.3, z), (x, y * 0.7, z - 0.035)], 4), 0.0075, dark
            )
        self.pipe([(x, -0.02, z - 0.03), (x + 0.028, -0.02, z - 0.035)], 0.006, dark)

    # Fork ----------------------------------------------------------------------------------------

    def fork(self) -> None:
        """The fork, with what stops its wheel."""
        p = self.points
        self.pipe(
            [at(along(p.crown, p.steer, d)) for d in (-0.01, 0.014)],
            0.021,
            self.paint(self.colours.fork),
        )
        self._blades() if self.model.fork == "rigid" else self._legs()

    def _blades(self) -> None:
        p, gap = self.points, self.model.tyre / 2000 + 0.014
        bent = -0.012 if self.model.style == "classic" else 0.0
        ends = [at(p.crown, 0.012), at(along(p.crown, p.steer, -0.05, 0.003), gap)]
        ends += [at(along(p.crown, p.steer, -0.22, 0.016 + bent), 0.045), at(p.front, 0.052)]
        path = curve(ends, 6)
        deep = 0.017 if self.model.style == "classic" else 0.021 * min(1.3, self.model.flat)
        taper = np.linspace(1, 0, len(path))[:, None]
        wide = (0.007, 0.008) + taper * (0.006, deep - 0.008)
        self.both(path, wide, self.paint(self.colours.fork))
        if self.model.brakes == "rim":
            self._caliper(along(p.crown, p.steer, 0.0, 0.0), 0.026)
        if self.rng.random() < 0.5:
            near = path * (1, -1, 1)
            ink = self.paint(self.colours.decal)
            self.letters(part(near, 0.4, 0.62), wide[8:12], (NEAR - 0.8, NEAR + 0.8), ink)

    def _legs(self) -> None:
        """Lowers, stanchions, crown and arch of a telescopic fork."""
        p, m, y = self.points, self.model, 0.062
        length = math.dist(p.crown, p.front)
        out, stout = 0.022, 0.0225 if m.travel > 130 else 0.02
        leg = [along(p.crown, p.steer, d, out) for d in (0.02, -m.travel / 1000 - 0.03)]
        if m.fork == "double crown":
            leg[0] = along(p.head, p.steer, 0.03, out)
        low = along(leg[1], p.steer, m.travel / 1000 + 0.05 - length)
        paint = self.paint(self.colours.fork)
        self.both([at(e, y) for e in leg], stout - 0.005, material("metal", self.colours.stanchion))
        self.both([at(leg[1], y), at(low, y)], [stout, stout * 0.85], paint)
        self.both([at(low, y), at(p.front, y)], (0.009, 0.017), paint)
        for top in (p.crown, p.head)[: 1 + (m.fork == "double crown")]:
            middle = along(top, p.steer, 0.012, out * 0.6)
            self.pipe([at(middle, s) for s in (-y - 0.02, -y, y, y + 0.02)], (0.018, 0.026), paint)
        arch = along(leg[1], p.steer, 0.035, 0.03)
        ends = [at(leg[1], -y), at(arch, -0.035), at(arch, 0.035), at(leg[1], y)]
        self.pipe(curve(ends, 5), 0.011, paint)
        path = np.array([at(between(low, leg[1], s), -y) for s in (0.3, 0.55, 0.8)])
        ink = self.paint(self.colours.decal)
        self.letters(path, np.full((3, 2), stout), (NEAR - 0.7, NEAR + 0.7), ink)

    # Wheels --------------------------------------------------------------------------------------

    def wheel(self, rear: bool) -> None:
        """A wheel with tyre, rim, spokes, hub and disc."""
        m, c, p = self.model, self.colours, self.points
        centre = p.rear if rear else p.front
        half, high = m.tyre / 2000, tyre_height(m) / 2
        core = p.radius - m.tread / 1000 - high
        angles = np.linspace(0, 2 * math.pi, 25)
        ring = [(core + high * math.cos(a), half * math.sin(a)) for a in angles]
        wall = material("rubber", c.wall)
        self.lathe(ring[6:19], wall, centre, 72)
        tread = material("rubber", c.tyre)
        self.lathe(ring[18:] + ring[1:7], tread, centre, 72)
        if m.tread:
            self.maker.put(_knobs(p.radius, half, m.tread / 1000), tread, at(centre))
        outer, width = m.wheel / 2000 + 0.005, 0.4 * m.tyre / 1000 if self.road else 0.015
        inner = outer - m.rim / 1000
        middle, deep = (outer + inner) / 2, (outer - inner) / 2
        section = [(middle + deep * math.cos(a), width * math.sin(a)) for a in angles[::2]]
        self.lathe(section, self.paint(c.rim), centre, 72)
        if m.brakes == "rim" and m.rim < 36:
            self.disc(outer - 0.011, outer - 0.001, width - 0.001, material("metal", STEEL), centre)
        self._spokes(centre, inner, rear)
        self._texts(centre, (core, half, high), (middle, width, deep))
        if m.brakes == "disc":
            self._rotor(centre, rear)
        self.pipe(
            [(centre[0], y, centre[1]) for y in (-0.07, 0.07)], 0.009, material("metal", DARK)
        )

    def _texts(self, centre: Point, tyre: tuple, rim: tuple) -> None:
        """Names on tyre and rim, one to four times around."""
        jobs = []
        if self.colours.tyre_text:
            jobs.append((tyre, (NEAR + 0.15, NEAR + 0.55), 0.35, self.colours.tyre_text))
        if self.colours.rim_decal:
            tall = 0.75 if rim[2] > 0.014 else 0.95
            jobs.append((rim, (NEAR - tall, NEAR + tall), 0.5, self.colours.rim_decal))
        for (radius, wide, high), arc, span, colour in jobs:
            turn, times = self.rng.uniform(0, 6), self.rng.choice((1, 2, 2, 3))
            for n in range(times):
                start = turn + 2 * math.pi * n / times
                path = circle(centre, radius, start, start + span * self.rng.uniform(0.7, 1.3))
                self.letters(path, np.full((24, 2), (wide, high)), arc, material("ink", colour))

    def _spokes(self, centre: Point, rim: float, rear: bool) -> None:
        count, flange = self.model.spokes, 0.024
        k = np.arange(count)
        theta = 2 * math.pi * (k + 0.5) / count
        cross = np.where(k // 2 % 2, 1.25, -1.25) * (1 if rear or not self.road else 0.0)
        side = np.where(k % 2, 1, -1)
        y = np.where(side > 0, 0.034, -0.02 if rear else -0.034)
        start, end = (
            np.stack([centre[0] + r * np.sin(a), w, centre[1] + r * np.cos(a)], 1)
            for r, a, w in ((flange, theta + cross, y), (rim + 0.003, theta, side * 0.004))
        )
        self.maker.put(meshes.rods(start, end, 0.0011), material("plastic", self.colours.spoke))
        hub = material("metal", self.rng.choice((DARK, STEEL)))
        self.lathe(
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
        self.maker.put(
            meshes.rods(valve, valve * (1, 1, 1) + (0, 0, 0.045), 0.003), material("metal", STEEL)
        )

    def _rotor(self, centre: Point, rear: bool) -> None:
        size = 0.08 if self.road or self.model.travel < 120 else 0.092
        steel = material("metal", STEEL)
        self.disc(size - 0.013, size, -0.047, steel, centre)
        a = np.arange(6) * math.pi / 3
        inner, outer = (
            np.stack([centre[0] + r * np.cos(b), np.full(6, 0.047), centre[1] + r * np.sin(b)], 1)
            for r, b in ((0.02, a), (size - 0.006, a + 0.5))
        )
        self.maker.put(meshes.rods(inner, outer, 0.004), steel)
        turn = 2.2 if rear else 2.6
        x, z = centre[0] + size * math.cos(turn), centre[1] + size * math.sin(turn)
        self.maker.box(
            (x - 0.016, 0.035, z - 0.024), (x + 0.016, 0.065, z + 0.024), material("plastic", DARK)
        )

    # What turns ----------------------------------------------------------------------------------

    def drive(self) -> None:
        """Cassette, derailleur, cranks, rings and chain."""
        p, m = self.points, self.model
        sprocket = material("metal", self.colours.cassette)
        shade = material("metal", tuple(0.5 * c for c in self.colours.cassette))
        for n, radius in enumerate(np.linspace(m.cassette / 2000, 0.024, 8)):
            self.disc(
                radius - 0.012, radius, 0.024 + 0.0035 * n, sprocket if n % 2 else shade, p.rear
            )
        self.disc(0.006, 0.016, 0.056, material("metal", DARK), p.rear)
        self._crank()
        self._derailleur()

    def _crank(self) -> None:
        p, m = self.points, self.model
        stuff, ring = material("metal", self.colours.crank), m.ring / 2000
        for n, size in enumerate((ring, ring * 0.76, ring * 0.55)[: m.rings]):
            toothed = material("metal", DARK if n == 0 and sum(self.colours.crank) < 1 else STEEL)
            self.disc(
                size - (0.016 if self.road else 0.011), size, 0.05 - 0.006 * n, toothed, p.bottom
            )
        a = np.arange(5 if m.rings > 1 else 4) * 2 * math.pi / (5 if m.rings > 1 else 4) + 0.3
        tips = np.stack([np.cos(a), np.zeros(len(a)), np.sin(a)], 1) * (ring - 0.012)
        hub = np.array(at(p.bottom, -0.053))
        self.maker.put(meshes.rods(np.tile(hub, (len(a), 1)), hub + tips, 0.0075), stuff)
        self.lathe(
            [(0.022, 0.04), (0.022, 0.06), (0.016, 0.074), (0.0, 0.074)], stuff, p.bottom, 24
        )
        turn = math.radians(m.crank)
        way = np.array((math.cos(turn), 0, -math.sin(turn)))
        for y, sign in ((-0.07, 1), (0.07, -1)):
            start = np.array(at(p.bottom, y))
            ends = [start + sign * way * d for d in (0, 0.03, 0.1, 0.165, 0.178)]
            self.pipe(
                ends, np.array([(0.008, w) for w in (0.019, 0.017, 0.0125, 0.0125, 0.008)]), stuff
            )
            if m.pedals:
                x, _, z = ends[3]
                y += math.copysign(0.055, y)
                self.maker.box(
                    (x - 0.045, y - 0.045, z - 0.012),
                    (x + 0.045, y + 0.045, z + 0.012),
                    material("plastic", DARK),
                )

    def _derailleur(self) -> None:
        p, m = self.points, self.model
        dark = material("metal", self.rng.choice((DARK, DARK, (0.25, 0.25, 0.26))))
        long = 0.062 if self.road else 0.085
        x, z = p.rear[0], p.rear[1] - m.cassette / 2000 - 0.018
        upper, lower = (x + 0.012, z), (x + self.rng.uniform(0.01, 0.05), z - long)
        knuckle = (x - 0.012, (z + p.rear[1]) / 2 - 0.02)
        self.pipe(
            [at(p.rear, -0.066), at(knuckle, -0.07), at(upper, -0.072)], [0.01, 0.016, 0.015], dark
        )
        self.pipe([at(upper, -0.062), at(lower, -0.062)], (0.006, 0.0125), dark)
        for wheel in (upper, lower):
            self.disc(0.005, 0.021, 0.05, material("plastic", DARK), wheel)
        cog, ring = 0.55 * m.cassette / 2000, m.ring / 2000 - 0.002
        y, links = -0.046, material("metal", (0.3, 0.3, 0.3))
        top = [(p.rear[0], y, p.rear[1] + cog), (p.bottom[0], y, p.bottom[1] + ring)]
        low = [(lower[0], y, lower[1] - 0.02), (p.bottom[0], y, p.bottom[1] - ring)]
        for ends in (top, low):
            self.pipe(ends, (0.003, 0.0042), links)
        self.pipe(
            [(upper[0] + 0.02, y, upper[1]), (p.rear[0] + cog, y, p.rear[1])], (0.003, 0.004), links
        )
        if m.rings > 1:  # the front derailleur
            x, z = along(p.bottom, p.post, ring + 0.012)
            self.pipe(circle(p.bottom, ring + 0.008, -0.55, 0.25, -0.055), (0.008, 0.01), dark)
            self.pipe([(x - 0.01, -0.02, z + 0.02), (x, -0.05, z)], 0.011, dark)

    # What one holds and sits on ------------------------------------------------------------------

    def saddle(self) -> None:
        """Post, clamp, rails and saddle."""
        p, m, c = self.points, self.model, self.colours
        dark = material("lacquer" if m.flat > 1.2 else "plastic", DARK)
        seat, high = p.seat, along(p.saddle, p.post, -0.055)
        aero = (0.012, 0.022) if m.style == "aero" else (0.0145, 0.0145)
        self.pipe([at(along(seat, p.post, -0.02)), at(high)], aero, dark)
        self.pipe(
            [at(along(seat, p.post, d)) for d in (-0.012, 0.008)], 0.021, material("metal", DARK)
        )
        if m.dropper:
            self.pipe([at(seat), at(between(seat, high, 0.45))], 0.0185, dark)
        self.pipe([at(high), at(along(high, p.post, 0.012))], (0.02, 0.024), dark)
        x, z = p.saddle
        thick = 1.7 if m.style == "budget" else 1.0
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
        self.pipe(path, wide * (1, thick), material("leather", c.saddle))
        rail = [
            (x - 0.09, 0.03, z - 0.03),
            (x - 0.05, 0.022, z - 0.05),
            (x + 0.03, 0.022, z - 0.048),
            (x + 0.1, 0.014, z - 0.03),
        ]
        self.both(curve(rail, 4), 0.0038, material("metal", STEEL))

    def _stem(self, end: Point) -> None:
        p, black = self.points, material("plastic", DARK)
        self.pipe([at(along(p.head, p.steer, d)) for d in (-0.002, 0.048)], 0.0185, black)
        self.pipe([at(along(p.head, p.steer, 0.03)), at(end)], 0.0165, black)
        self.lathe(_barrel(0.021, 0.024), black, end, 20)

    def flat_bar(self) -> None:
        """Bar, grips, brake levers and hoses of a mountain bike."""
        p, m = self.points, self.model
        x, z = p.clamp
        end = x, z - m.bar_rise / 1000
        self._stem(end)
        wide, black = 0.37 if m.style != "budget" else 0.31, material("plastic", DARK)
        way = curve(
            [at(end), (x, -0.06, end[1]), (x - 0.008, -0.15, z), (x - 0.05, -wide, z + 0.004)], 6
        )
        self.both(way, 0.0125, black)
        grip = part(way, 0.66, 1.0)
        self.both(grip, 0.0165, material("rubber", self.colours.grip))
        tip = way[-1]
        self.both(
            [tip, tip - (0, 0.008, 0)],
            0.0175,
            material("metal", self.colours.spring if self.rng.random() < 0.3 else DARK),
        )
        lever = part(way, 0.6, 0.6, 2)[0]
        turn = self.rng.uniform(0.25, 0.75)
        ahead = np.array((math.cos(turn), 0, -math.sin(turn)))
        self.both([lever, lever + ahead * 0.045 + (0, -0.01, 0)], [0.0165, 0.013], black)
        blade = [
            lever + ahead * 0.04,
            lever + ahead * 0.062 + (0, -0.05, 0),
            lever + ahead * 0.058 + (0, -0.13, 0),
        ]
        self.both(
            curve(blade, 4), (0.006, 0.0075), material("plastic", self.rng.choice((DARK, STEEL)))
        )
        self.both([lever, lever + (0.012, 0.03, -0.032)], [0.01, 0.016], black)  # shifter
        hose = lever + ahead * 0.05 + (0, 0.03, 0)
        self._hoses(hose, self.rng.uniform(0.05, 0.1))

    def _hoses(self, start: np.ndarray, bow: float) -> None:
        """Hoses from both levers in front of the head tube to frame and fork."""
        p, black = self.points, material("plastic", DARK)
        x, z = p.head
        goal = at(along(p.crown, p.steer, 0.03, 0.02), -0.03)
        leg = at(along(p.front, p.steer, 0.34, -0.01), 0.06)
        for side, end in ((1, goal), (-1, leg), (1, goal)):
            low = bow * self.rng.uniform(0.7, 1.2)
            middle = (start[0] + low, side * start[1] * 0.4, (start[2] + goal[2]) / 2 + 0.03)
            self.pipe(curve([start * (1, side, 1), middle, end], 8), 0.0027, black)

    def drop_bar(self) -> None:
        """Bar, tape, brake hoods and levers of a road bike."""
        p, rng = self.points, self.rng
        x, z = p.clamp
        self._stem(p.clamp)
        black, tape = material("plastic", DARK), material("rubber", self.colours.grip)
        y, tilt = 0.205, rng.uniform(-0.08, 0.1)
        reach, drop = rng.uniform(0.07, 0.085), rng.uniform(0.118, 0.135)
        hook = [
            (0.0, 0.0),
            (reach * 0.75, -0.006),
            (reach, -0.045),
            (reach * 0.72, -drop * 0.85),
            (0.01, -drop),
            (-0.055, -drop - 0.002),
        ]
        turned = [
            (a * math.cos(tilt) + b * math.sin(tilt), b * math.cos(tilt) - a * math.sin(tilt))
            for a, b in hook
        ]
        way = [(x, -0.06, z), (x, -y + 0.02, z)] + [(x + a, -y, z + b) for a, b in turned[1:]]
        self.both(curve([at(p.clamp)] + way[:2], 4), 0.0145, black)
        self.both(curve(way, 6), 0.0158, tape)
        hx, hz = x + turned[1][0], z + turned[1][1]
        hood = [
            (hx - 0.015, -y, hz + 0.004),
            (hx + 0.03, -y, hz + 0.016),
            (hx + 0.062, -y, hz + 0.03),
            (hx + 0.074, -y, hz + 0.052),
        ]
        cover = tape if rng.random() < 0.3 else black
        self.both(curve(hood, 4), np.linspace(1, 0.72, 13)[:, None] * (0.0155, 0.0195), cover)
        blade = [
            (hx + 0.064, -y, hz + 0.026),
            (hx + 0.058, -y, hz - 0.03),
            (hx + 0.036, -y - 0.008, hz - 0.095),
        ]
        shine = material("metal", STEEL) if rng.random() < 0.25 else black
        self.both(curve(blade, 5), np.linspace(1, 0.6, 11)[:, None] * (0.008, 0.0105), shine)
        if rng.random() < 0.6:
            self._hoses(np.array((x + 0.02, -0.09, z - 0.02)), 0.03)


def _length(path: np.ndarray) -> float:
    return float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())


def _barrel(radius: float, half: float) -> list:
    """The profile of a closed cylinder about an axle."""
    return [(0.0, -half), (radius, -half), (radius, half), (0.0, half)]


def _knobs(radius: float, half: float, tall: float) -> Mesh:
    """Five rows of knobs around a tyre in the origin."""
    starts, ends, count = [], [], round(radius * 2 * math.pi / 0.03)
    for row, (out, down) in enumerate(
        ((0, 0), (0.45, 0.1), (-0.45, 0.1), (0.85, 0.4), (-0.85, 0.4))
    ):
        a = 2 * math.pi * (np.arange(count) + row % 2 / 2) / count
        base = radius - tall - half * down
        for points, r, y in (
            (starts, base - 0.004, out * half),
            (ends, base + tall, out * half * 1.06),
        ):
            points.append(np.stack([r * np.sin(a), np.full(count, y), r * np.cos(a)], 1))
    return meshes.rods(np.concatenate(starts), np.concatenate(ends), 0.0062)
