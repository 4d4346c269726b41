"""The class sea; its water is what makes it, and so its mask."""

import math
from random import Random

import numpy as np
from mathutils import Matrix

from ..core import maker, meshes
from ..core.materials import material
from .grounds import ground, water
from .massif import foreground, grass_of, massif, rocks_of
from .records import ScenePlan
from .terrain import fan, fractal, rock, scatter, smooth_step, surface, waves

HULLS = [(0.9, 0.9, 0.88), (0.15, 0.2, 0.35), (0.5, 0.12, 0.1)]


def build(plan: ScenePlan) -> None:
    """Fill an empty scene, camera and sky aside."""
    rng = plan.rng("sea")
    view = plan.view
    deep = rng.choice(
        [(0.004, 0.03, 0.07), (0.01, 0.05, 0.08), (0.015, 0.05, 0.05), (0.03, 0.05, 0.06)]
    )
    shallow = rng.choice([(0.05, 0.32, 0.34), (0.12, 0.3, 0.28), (0.1, 0.16, 0.14)])
    if plan.weather == "clear" and rng.random() < 0.4:
        deep = (0.01, 0.16, 0.24)
        shallow = (0.08, 0.5, 0.5)
    calm = rng.uniform(0.05, 0.5) if view in ("boat", "pier", "shore") else rng.uniform(0.15, 1.3)
    x, y = fan(plan.camera, 1.2, 25000, 240, 150)
    z = waves(x, y, calm, rng.uniform(6, 40) * (0.5 + calm), plan.rng("waves"))
    foam = smooth_step(z, calm * 0.75, calm * 1.9) * 0.6 * (calm > 0.6)
    shore = np.full_like(x, 1e4)
    if view == "beach":
        shore = _beach(plan, rng, x, y)
        lines = _breakers(x, shore, rng)
        z = z * np.clip(shore / 30, 0.1, 1) + lines * rng.uniform(0.3, 1.1)
        foam = np.maximum(foam, lines) + smooth_step(shore, 7, 0.5) * 0.55
    meshes.put(
        surface(x, y, z, foam, smooth_step(shore, 60, 2)), water(deep, 0.06, shallow), index=1
    )
    if "rocks" in plan.contains:
        _skerries(plan, rng)
    if "far shore" in plan.contains:
        _coast(plan, rng)
    if "boats" in plan.contains:
        _boats(plan, rng)
    if view == "pier":
        _pier(plan, rng)


def _beach(plan: ScenePlan, rng: Random, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Sand or shingle this side of a shoreline; returns how far out each point (metres) lies."""
    start = rng.uniform(5, 22)
    lean = rng.choice((-1, 1)) * rng.uniform(0, 1.2)
    seed = rng.randrange(999)

    def line(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (y - start - lean * x - 3 * fractal(x / 25, x * 0, seed, 4)) / math.hypot(1, lean)

    u, v = fan(plan.camera, 0.6, 400, 90, 90)
    sand = rng.choice([(0.76, 0.66, 0.5), (0.62, 0.52, 0.38), (0.5, 0.46, 0.42), (0.85, 0.8, 0.7)])
    height = -0.045 * line(u, v) + fractal(u / 2, v / 2, seed + 1, 5) * 0.06
    stuff = material("paint", sand)
    meshes.put(surface(u, v, np.clip(height, -2, plan.camera.z - 0.9)), stuff)
    return line(x, y)


def _breakers(x: np.ndarray, shore: np.ndarray, rng: Random) -> np.ndarray:
    """How much each point lies on a breaking crest, 0 to 1."""
    lines = np.zeros_like(x)
    place = rng.uniform(3, 7)
    for n in range(rng.randint(2, 4)):
        here = shore - place - 3 * fractal(x / 30, x * 0, rng.randrange(999), 4)
        wide = 0.8 + 0.25 * n
        whole = np.clip(0.6 + fractal(x / 18, x * 0, rng.randrange(999), 3) * 1.6, 0, 1)
        lines = np.maximum(lines, np.exp(-((here / wide) ** 2)) * whole)
        place += rng.uniform(6, 16)
    return lines


def _skerries(plan: ScenePlan, rng: Random) -> None:
    """Rocks in the water before the camera, or the rocky shore it stands on."""
    stuff = ground(rocks_of(plan), (0.25, 0.25, 0.12), 1e6, -1e6, -1e6, 0.02)
    kinds = [rock(rng.randrange(999), 0.7) for _ in range(5)]
    places = []
    for _ in range(rng.randint(4, 26)):
        away = rng.uniform(5, 14) if plan.view == "rocks" else rng.uniform(12, 90)
        side = rng.uniform(-0.6, 0.6) * away
        places.append((side, away, -0.3, rng.uniform(0.4, 1.5) * away / 11))
    scatter(kinds, stuff, places, rng)
    if plan.view == "rocks":
        foreground(plan, stuff, fall=rng.uniform(0.3, 0.6))


def _coast(plan: ScenePlan, rng: Random) -> None:
    """Hills, mountains or a headland across the water."""
    away = rng.uniform(500, 6000)
    x, y, z = massif(plan, away, away * rng.uniform(0.05, 0.22), 0.2, 1.8)
    side = rng.choice((-1, 1)) * x / away
    if rng.random() < 0.6:
        z = z * smooth_step(side + 0.2 * fractal(x / away * 4, y / away * 4, 5, 3), -0.05, 0.25)
    if "cliff" in plan.contains:
        z = z + away * 0.08 * smooth_step(z / away, 0.006, 0.014)
    stuff = ground(rocks_of(plan), grass_of(plan), 1e6, 1e6, rng.choice((-1e6, 1e6)), away / 2500)
    meshes.put(surface(x, y, z - away * 0.006), stuff)


def _boats(plan: ScenePlan, rng: Random) -> None:
    """Small boats, some under sail."""
    cabin, spars = (material("plastic", c) for c in ((0.92, 0.92, 0.9), (0.8, 0.8, 0.78)))
    for _ in range(rng.randint(1, 3)):
        away = rng.uniform(30, 160)
        place = Matrix.Translation((rng.uniform(-0.35, 0.35) * away, away, 0))
        boat = maker.Maker(place @ Matrix.Rotation(rng.uniform(0, 6.3), 4, "Z"))
        hull = material("plastic", rng.choice(HULLS))
        boat.soft((-4.5, -1.3, -0.6), (4.5, 1.3, 1.0), hull, 0.7, bulge=0.1)
        boat.box((-1.5, -0.9, 1.0), (2.0, 0.9, 1.7), cabin)
        mast = [((0, -0.06, 1), (0.12, 0.06, 12), 0), ((0.1, -0.05, 2.2), (4.2, 0.05, 2.4), 0)]
        boat.put(meshes.blocks(mast), spars)
        if rng.random() < 0.6:
            up, out = np.meshgrid(np.linspace(0, 1, 6), np.linspace(0, 1, 5), indexing="ij")
            sail = meshes.sheet(
                0.1 + 4 * (1 - up) * out, 0.5 * np.sin(3 * out) * (1 - up), 2.4 + 9.2 * up
            )
            boat.put(sail, material("fabric", (0.95, 0.94, 0.9)))


def _pier(plan: ScenePlan, rng: Random) -> None:
    """A wooden or concrete pier that leads out from the camera."""
    long = rng.uniform(15, 60)
    half = rng.uniform(0.8, 1.6)
    top = plan.camera.z - rng.uniform(1.3, 1.7)
    parts = [((-half, y, top - 0.1), (half, y + 0.22, top), 0) for y in np.arange(0.5, long, 0.25)]
    parts += [
        ((s * half - 0.1, y, -2), (s * half + 0.1, y + 0.2, top + 0.6), 1)
        for s in (-1, 1)
        for y in np.arange(1, long, 4)
    ]
    stuff = [material("wood", (0.45, 0.38, 0.3)), material("wood", (0.3, 0.26, 0.22))]
    turn = Matrix.Rotation(rng.uniform(-0.25, 0.25), 4, "Z")
    meshes.put(meshes.blocks(parts), stuff, turn @ Matrix.Translation((rng.uniform(-1, 1), 0, 0)))
