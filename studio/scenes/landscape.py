"""Mountains, glaciers and the sea, from a scene's plan."""

import math
from random import Random

import numpy as np
from bpy.types import Material
from mathutils import Matrix

from ..core import meshes
from ..core.materials import material
from . import wood
from .plan import ScenePlan
from .terrain import fan, fractal, ground, ice, rock, scatter, step, surface, water, waves

ROCKS = [
    (0.45, 0.44, 0.43),
    (0.36, 0.33, 0.3),
    (0.55, 0.5, 0.44),
    (0.4, 0.33, 0.28),
    (0.3, 0.3, 0.32),
]
GRASSES = {
    "summer": [(0.33, 0.42, 0.14), (0.26, 0.36, 0.12), (0.42, 0.46, 0.2)],
    "spring": [(0.36, 0.48, 0.14), (0.4, 0.46, 0.2)],
    "autumn": [(0.42, 0.36, 0.19), (0.4, 0.3, 0.17), (0.38, 0.37, 0.2)],
    "winter": [(0.42, 0.37, 0.24), (0.36, 0.33, 0.22)],
}  # fmt: skip


HULLS = [(0.9, 0.9, 0.88), (0.15, 0.2, 0.35), (0.5, 0.12, 0.1)]


def build(plan: ScenePlan) -> None:
    """Fill an empty scene, camera and sky aside."""
    {"mountain": _mountain, "glacier": _glacier, "sea": _sea}[plan.kind](plan)


def massif(
    plan: ScenePlan, distance: float, height: float, peak: float = 0.5, far: float = 3.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mountains that rise beyond half of `distance`; `peak` is how much one summit stands out."""
    rng = plan.rng("massif")
    seed = rng.randrange(10**6)
    x, y = fan(plan.camera, max(3.0, plan.camera.z * 0.8), distance * far, 150, 140, distance)
    wide = distance * rng.uniform(0.3, 0.55)
    bend = fractal(x / wide, y / wide, seed + 2, 3) * 0.25
    ridges = fractal(x / wide + bend, y / wide + bend, seed, 8, ridged=True)
    middle = rng.uniform(-0.25, 0.25) * distance
    away = np.hypot((x - middle) / (0.45 * distance), (y - distance) / (0.5 * distance))
    summit = np.exp(-(away**2) * 1.6) + 0.25 * np.exp(-away * 1.5)
    rise = step(y, distance * rng.uniform(0.05, 0.3), distance * rng.uniform(0.8, 1.1))
    hills = fractal(x / distance * 5, y / distance * 5, seed + 5, 7, ridged=True) * 0.09
    side = rng.choice((-1, 1, 0, 0)) * x / distance  # a slope to the left, to the right, or none
    hills += 0.3 * (0.4 + ridges) * step(side, 0.02, 0.5)
    swell = fractal(x / wide * 0.5, y / wide * 0.5, seed + 4, 5)
    z = (
        rise
        * height
        * ((1 - peak) * (ridges + 0.2 * swell) + peak * summit * (0.45 + 0.75 * ridges))
    )
    near = np.hypot(x, y)
    z += distance * hills * step(near, distance * 0.03, distance * 0.35)
    z += fractal(x / 90, y / 90, seed + 3, 6) * np.minimum(near * 0.03, 12)
    return x, y, z


def _foreground(plan: ScenePlan, stuff: Material, index: int = 0, fall: float = 0.25) -> None:
    """The slope on which the photographer stands, with stones."""
    rng = plan.rng("foreground")
    x, y = fan(plan.camera, 0.7, rng.uniform(25, 70), 90, 90)
    lean = rng.uniform(-0.2, 0.2)
    seed = rng.randrange(10**6)
    z = plan.camera.z - rng.uniform(1.2, 2.2) - y * fall * (0.5 + y / 60) + lean * x
    meshes.put(surface(x, y, z + fractal(x / 9, y / 9, seed, 6) * 1.2), stuff, index=index)


def _rocks_of(plan: ScenePlan) -> tuple:
    return plan.rng("rock").choice(ROCKS)


def _grass_of(plan: ScenePlan) -> tuple:
    return plan.rng("grass").choice(GRASSES[plan.season])


def _relief(plan: ScenePlan, rng: Random) -> tuple:
    """Distance, height, how much one peak stands out; heights of snow, grass and woods, metres."""
    view = plan.view
    distance = rng.uniform(2500, 7000)
    height = distance * rng.uniform(0.24, 0.5)
    snow = height * rng.uniform(*((-0.2, 0.3) if plan.season == "winter" else (0.15, 0.9)))
    grass = height * rng.uniform(0.1, 0.4)
    woods = -1e6
    peak = rng.uniform(0.3, 0.8)
    if view == "range":
        peak = 0.1
        height = height * 0.55
        woods = rng.choice((-1e6, height))
    if view == "meadow":
        snow = 1e6
        grass = 1e6
        height = height * rng.uniform(0.5, 0.8)
    if view == "wooded":
        woods = height * rng.uniform(0.25, 0.9)
        grass = height
        snow = max(snow, height * 0.55)
    if view == "crag":
        distance = distance * 0.35
        height = height * 0.5
        peak = 0.7
    return distance, height, peak, snow, grass, woods


def _mountain(plan: ScenePlan) -> None:
    rng = plan.rng("mountain")
    distance, height, peak, *lines = _relief(plan, rng)
    x, y, z = massif(plan, distance, height, peak)
    stone = _rocks_of(plan)
    grass = _grass_of(plan)
    meshes.put(surface(x, y, z), ground(stone, grass, *lines, distance / 2500), index=1)
    if "foreground" in plan.contains:
        near = ground(stone, grass, 1e6, rng.choice((1e6, 1e6, -1e6)), grain=0.02)
        _foreground(plan, near, 1, rng.uniform(0.1, 0.4))
    if "trees" in plan.contains:
        wood.edge(plan, x, y, z)
    if "lake" in plan.contains:
        level = min(float(np.quantile(z, 0.3)), plan.camera.z * 0.3)
        lake = surface(*fan(plan.camera, 50, distance * 2, 20, 20), np.full((20, 20), level))
        meshes.put(lake, water((0.01, 0.05, 0.06)))


def _glacier(plan: ScenePlan) -> None:
    rng = plan.rng("glacier")
    tone = rng.choice([(0.22, 0.55, 0.8), (0.3, 0.6, 0.72), (0.4, 0.6, 0.75), (0.15, 0.5, 0.62)])
    if plan.view in ("front", "wall"):
        _ice_front(plan, rng, tone)
    else:
        _ice_flow(plan, rng, tone)


def _ice_front(plan: ScenePlan, rng: Random, tone: tuple) -> None:
    """A cliff of ice that ends in water or on gravel, with the glacier and mountains behind."""
    close = plan.view == "wall"
    distance = rng.uniform(60, 110) if close else rng.uniform(160, 500)
    height = distance * (rng.uniform(0.5, 1.0) if close else rng.uniform(0.08, 0.2))
    seed = rng.randrange(10**6)
    half = distance * (0.8 if close else 1.1)
    u, v = np.meshgrid(np.linspace(-half, half, 220), np.linspace(-0.1, 1, 80))
    scale = height * 0.6
    lean = rng.uniform(-0.4, 0.4)
    ragged = fractal(u / scale, v * 0.3, seed, 5, ridged=True)
    towers = fractal(u / scale * 1.6, v * 1.1, seed + 1, 7, ridged=True)
    depth = np.clip(1.1 - towers * 1.3, 0, 1) * height * 0.28
    top = height * (0.72 + 0.45 * ragged + 0.25 * fractal(u / scale / 4, v * 0, seed + 5, 4))
    y = distance + lean * u + depth + fractal(u / scale / 3, v, seed + 2, 4) * height * 0.4
    y += np.clip(v, 0, 1) * height * 0.3
    dirt = np.clip(0.5 - v * 4, 0, 0.6) * (rng.random() < 0.4) + step(towers, 1.0, 0.2) * 0.15
    deep = np.clip(depth / (height * 0.28) * 0.9 - 0.15, 0, 1)
    stuff = ice(tone, height / 45)
    meshes.put(surface(u, y, v * top, deep, dirt), stuff, index=1)
    _ice_behind(plan, rng, (distance + height * 0.45, lean, height * 0.8), stuff)
    if not close or rng.random() < 0.6:
        _ice_water(plan, rng, distance, stuff)
    else:
        x, y = fan(plan.camera, 2, distance * 3, 100, 110)
        snow = fractal(x / 20, y / 20, seed + 9, 6) * 2
        meshes.put(surface(x, y, snow, snow * 0, snow * 0.1), stuff)
    if not close:
        _walls(plan, rng, distance * rng.uniform(5, 12), distance * 1.2, 8)


def _ice_behind(plan: ScenePlan, rng: Random, edge: tuple, stuff: Material) -> None:
    """The glacier's broken top, which rises behind its front at (distance, lean, height)."""
    start, lean, height = edge
    x, y = fan(plan.camera, start * 0.8, start * 8, 90, 130)
    back = y - start - lean * x
    y = np.where(back < 0, start + lean * x, y)
    rough = fractal(x / height, y / height, 77 + plan.seed, 7, ridged=True)
    z = height * (0.75 + 0.5 * rough) + np.clip(back, 0, None) * rng.uniform(0.03, 0.12)
    deep = np.clip(0.9 - rough * 1.5, 0, 1)
    meshes.put(surface(x, y, z, deep, step(deep, 0.8, 1.6)), stuff, index=1)


def _ice_water(plan: ScenePlan, rng: Random, distance: float, stuff: Material) -> None:
    colour = rng.choice(
        [(0.02, 0.06, 0.07), (0.06, 0.12, 0.12), (0.01, 0.03, 0.05), (0.1, 0.2, 0.2)]
    )
    x, y = fan(plan.camera, 2, distance * 3, 100, 110)
    z = waves(x, y, rng.uniform(0.02, 0.2), 5, plan.rng("waves"))
    meshes.put(surface(x, y, z, z * 0, z * 0), water(colour, 0.12))
    if "floes" in plan.contains:
        kinds = [rock(n, 0.6) for n in range(4)]
        places = []
        for _ in range(rng.randint(15, 140)):
            away = distance * rng.uniform(0.12, 0.95)
            places.append((rng.uniform(-0.6, 0.6) * away, away, 0, abs(rng.gauss(0.3, 0.7)) + 0.2))
        scatter(kinds, stuff, places, rng, 1)


def _walls(plan: ScenePlan, rng: Random, distance: float, start: float, sunk: float) -> None:
    """Mountains behind and beside a glacier, none nearer than `start`, their feet `sunk` low."""
    x, y, z = massif(plan, distance, distance * rng.uniform(0.15, 0.4), rng.uniform(0.1, 0.4))
    side = rng.choice((-1, 1, 0)) * x / distance
    z = z + distance * 0.25 * step(side, 0.05, 0.7) * step(y, 0.1 * distance, 0.4 * distance)
    z = z * step(y, start, start * 2.5) - sunk
    snow = distance * rng.uniform(-0.1, 0.2)
    stuff = ground(_rocks_of(plan), _grass_of(plan), snow, 0, -1e6, distance / 2500)
    meshes.put(surface(x, y, z), stuff)


def _ice_flow(plan: ScenePlan, rng: Random, tone: tuple) -> None:
    """A tongue in its valley, a field of crevasses, or a smooth slope of firn."""
    view = plan.view
    seed = rng.randrange(10**6)
    length = {"tongue": rng.uniform(1500, 4000), "field": rng.uniform(400, 1500)}.get(view, 900)
    near = plan.camera.z * 0.7 if view == "tongue" else 0.5
    x, y = fan(plan.camera, near, length * 3.5, 220, 150)
    bend = rng.uniform(-0.3, 0.3) * length
    middle = bend * np.sin(y / length * 2 + rng.uniform(0, 6)) * step(y, 0, length)
    wide = length * (rng.uniform(0.18, 0.4) if view == "tongue" else 1.2)
    across = (x - middle) / wide
    slope = rng.uniform(0.08, 0.3)
    size = length * 0.02
    cleft = fractal(across * wide / size * 0.5, y / size, seed, 6, ridged=True)
    rough = fractal(x / length * 5, y / length * 5, seed + 1, 6)
    broken = np.clip(0.55 + fractal(x / length * 3, y / length * 3, seed + 2, 3), 0.1, 1)
    if view == "firn":
        cleft = cleft * 0.3 + 0.5
        broken = broken * 0.04
        slope = slope * 0.35
    rise = slope * np.clip(y - length * 0.3, 0, None) ** 1.08
    z = rise - 0.12 * wide * across**2 + size * (1.5 * cleft * broken + rough * 0.8)
    z -= 3 if view != "tongue" else 10
    clear = plan.camera.z - 1.6 + np.clip(np.hypot(x, y) - 15, 0, None)  # of the photographer
    z = np.minimum(z, clear)
    bands = np.exp(
        -(((across + 0.15 * rough) * 2 - rng.uniform(-1, 1)) ** 2) * rng.uniform(60, 400)
    )
    dirt = (bands + step(np.abs(across), 0.75, 1.0)) * (view == "tongue" or rng.random() < 0.3)
    deep = np.clip(0.85 - cleft * 1.4, 0, 1) * np.clip(broken * 2, 0, 1)
    meshes.put(surface(x, y, z, deep, dirt * 0.85), ice(tone, size / 12), index=1)
    if view == "tongue":
        _valley(plan, rng, (x, y, z, across), length)
    else:
        _walls(plan, rng, length * rng.uniform(3, 7), length * 0.3, 0.15 * length)


def _valley(plan: ScenePlan, rng: Random, flow: tuple, length: float) -> None:
    """Rock on both sides of a tongue, gravel before its end, and peaks behind."""
    x, y, z, across = flow
    seed = rng.randrange(10**6)
    ridges = fractal(x / length * 1.8, y / length * 1.8, seed, 8, ridged=True)
    side = np.clip(np.abs(across) - 0.8, 0, None)
    wall = length * rng.uniform(0.25, 0.5) * (1 - np.exp(-side * 0.9)) * (0.4 + 0.9 * ridges)
    end = length * rng.uniform(0.2, 0.7)
    snout = 30 * step(end - y - np.abs(across) * end * 0.3, -40, 150)
    head = length * 0.5 * step(y, length * 1.6, length * 3) * (0.2 + ridges)
    rough = fractal(x / 70, y / 70, seed + 1, 7, ridged=True) * 9
    land = z - 26 + wall + snout + head + rough
    snow = float(np.quantile(land, rng.uniform(0.6, 0.97)))
    grass = float(np.quantile(land, 0.4)) if rng.random() < 0.4 else -1e6
    stuff = ground(_rocks_of(plan), _grass_of(plan), snow, grass, -1e6, length / 2500)
    meshes.put(surface(x, y, land), stuff)


def _sea(plan: ScenePlan) -> None:
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
    foam = step(z, calm * 0.75, calm * 1.9) * 0.6 * (calm > 0.6)
    shore = np.full_like(x, 1e4)
    if view == "beach":
        shore = _beach(plan, rng, x, y)
        lines = _breakers(x, shore, rng)
        z = z * np.clip(shore / 30, 0.1, 1) + lines * rng.uniform(0.3, 1.1)
        foam = np.maximum(foam, lines) + step(shore, 7, 0.5) * 0.55
    meshes.put(surface(x, y, z, foam, step(shore, 60, 2)), water(deep, 0.06, shallow), index=1)
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
    stuff = ground(_rocks_of(plan), (0.25, 0.25, 0.12), 1e6, -1e6, -1e6, 0.02)
    kinds = [rock(rng.randrange(999), 0.7) for _ in range(5)]
    places = []
    for _ in range(rng.randint(4, 26)):
        away = rng.uniform(5, 14) if plan.view == "rocks" else rng.uniform(12, 90)
        side = rng.uniform(-0.6, 0.6) * away
        places.append((side, away, -0.3, rng.uniform(0.4, 1.5) * away / 11))
    scatter(kinds, stuff, places, rng)
    if plan.view == "rocks":
        _foreground(plan, stuff, fall=rng.uniform(0.3, 0.6))


def _coast(plan: ScenePlan, rng: Random) -> None:
    """Hills, mountains or a headland across the water."""
    away = rng.uniform(500, 6000)
    x, y, z = massif(plan, away, away * rng.uniform(0.05, 0.22), 0.2, 1.8)
    side = rng.choice((-1, 1)) * x / away
    if rng.random() < 0.6:
        z = z * step(side + 0.2 * fractal(x / away * 4, y / away * 4, 5, 3), -0.05, 0.25)
    if "cliff" in plan.contains:
        z = z + away * 0.08 * step(z / away, 0.006, 0.014)
    stuff = ground(_rocks_of(plan), _grass_of(plan), 1e6, 1e6, rng.choice((-1e6, 1e6)), away / 2500)
    meshes.put(surface(x, y, z - away * 0.006), stuff)


def _boats(plan: ScenePlan, rng: Random) -> None:
    """Small boats, some under sail."""
    cabin, spars = (material("plastic", c) for c in ((0.92, 0.92, 0.9), (0.8, 0.8, 0.78)))
    for _ in range(rng.randint(1, 3)):
        away = rng.uniform(30, 160)
        place = Matrix.Translation((rng.uniform(-0.35, 0.35) * away, away, 0))
        boat = meshes.Maker(place @ Matrix.Rotation(rng.uniform(0, 6.3), 4, "Z"))
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
