"""The class glacier; its ice and firn are what makes it, and so its mask."""

from random import Random

import numpy as np
from bpy.types import Material

from ..core import meshes
from .grounds import ground, ice, water
from .massif import grass_of, massif, rocks_of
from .records import ScenePlan
from .terrain import fan, fractal, rock, scatter, smooth_step, surface, waves


def build(plan: ScenePlan) -> None:
    """Fill an empty scene, camera and sky aside."""
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
    dirt = (
        np.clip(0.5 - v * 4, 0, 0.6) * (rng.random() < 0.4) + smooth_step(towers, 1.0, 0.2) * 0.15
    )
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
    meshes.put(surface(x, y, z, deep, smooth_step(deep, 0.8, 1.6)), stuff, index=1)


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
    z = z + distance * 0.25 * smooth_step(side, 0.05, 0.7) * smooth_step(
        y, 0.1 * distance, 0.4 * distance
    )
    z = z * smooth_step(y, start, start * 2.5) - sunk
    snow = distance * rng.uniform(-0.1, 0.2)
    stuff = ground(rocks_of(plan), grass_of(plan), snow, 0, -1e6, distance / 2500)
    meshes.put(surface(x, y, z), stuff)


def _ice_flow(plan: ScenePlan, rng: Random, tone: tuple) -> None:
    """A tongue in its valley, a field of crevasses, or a smooth slope of firn."""
    view = plan.view
    seed = rng.randrange(10**6)
    length = {"tongue": rng.uniform(1500, 4000), "field": rng.uniform(400, 1500)}.get(view, 900)
    near = plan.camera.z * 0.7 if view == "tongue" else 0.5
    x, y = fan(plan.camera, near, length * 3.5, 220, 150)
    bend = rng.uniform(-0.3, 0.3) * length
    middle = bend * np.sin(y / length * 2 + rng.uniform(0, 6)) * smooth_step(y, 0, length)
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
    dirt = (bands + smooth_step(np.abs(across), 0.75, 1.0)) * (
        view == "tongue" or rng.random() < 0.3
    )
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
    snout = 30 * smooth_step(end - y - np.abs(across) * end * 0.3, -40, 150)
    head = length * 0.5 * smooth_step(y, length * 1.6, length * 3) * (0.2 + ridges)
    rough = fractal(x / 70, y / 70, seed + 1, 7, ridged=True) * 9
    land = z - 26 + wall + snout + head + rough
    snow = float(np.quantile(land, rng.uniform(0.6, 0.97)))
    grass = float(np.quantile(land, 0.4)) if rng.random() < 0.4 else -1e6
    stuff = ground(rocks_of(plan), grass_of(plan), snow, grass, -1e6, length / 2500)
    meshes.put(surface(x, y, land), stuff)
