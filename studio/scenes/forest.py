"""The class forest; its trees and shrubs are what makes it, and so its mask."""

import math
from collections.abc import Callable
from random import Random

import numpy as np
from bpy.types import Material
from mathutils import Matrix

from ..core import meshes
from .grounds import soil
from .records import ScenePlan
from .terrain import coat, fan, fractal, rock, scatter, surface
from .trees import LEAVES, NEEDLES, bark, branches, cluster, conifer, fern, foliage, trunk

Winding = Callable[[float], float]  # x of a path, by y
Height = Callable[[float | np.ndarray, float | np.ndarray], np.ndarray]  # of the ground, by x, y
BARKS = [
    (0.24, 0.2, 0.16),
    (0.33, 0.3, 0.26),
    (0.16, 0.14, 0.11),
    (0.3, 0.21, 0.15),
    (0.42, 0.4, 0.37),
]
MOSS = {"summer": 0.6, "spring": 0.7, "autumn": 0.15, "winter": 0.2}
LITTER = [(0.4, 0.29, 0.18), (0.45, 0.3, 0.2), (0.3, 0.24, 0.17)]


def build(plan: ScenePlan) -> None:
    """Fill an empty scene, camera and sky aside."""
    if plan.view == "slope":
        _slope(plan)
    else:
        _inside(plan)


def _slope(plan: ScenePlan) -> None:
    """A wooded hillside from afar, conifers among leafy trees."""
    rng = plan.rng("slope")
    seed = plan.rng("ground").randrange(10**6)
    x, y = fan(plan.camera, 15, 900, 120, 120)
    rise = rng.uniform(0.15, 0.55)
    z = np.clip(y - 60, 0, None) * rise + fractal(x / 150, y / 150, seed, 5) * 30
    z -= z[:20].mean()
    meshes.put(surface(x, y, z), soil(LITTER[0], (0.2, 0.26, 0.1), 0.8))
    kinds = [conifer(n, rng.uniform(0.13, 0.24)) for n in range(3)]
    dark = foliage(rng.choice(NEEDLES), 0.2)
    places = []
    rounds = []
    leafy = rng.choice((0.0, 0.2, 0.6, 0.9))
    for row in range(12, 118):
        for _ in range(14):
            column = rng.randrange(120)
            at = tuple(float(grid[row, column]) for grid in (x, y, z))
            if rng.random() < leafy * (0.6 + 0.6 * math.sin(at[0] / 40 + at[1] / 60)):
                rounds.append((at[0], at[1], at[2] + 5, rng.uniform(4, 8)))
            else:
                places.append((*at, rng.uniform(10, 24)))
    scatter(kinds, dark, places, rng, 1)
    balls = [cluster(n, 350, 0.16) for n in range(3)]
    stuff = [foliage(c, 0.3) for c in rng.sample(LEAVES[plan.season], 2)]
    for n, colour in enumerate(stuff):
        scatter(balls, colour, rounds[n::2], rng, 1)


def _inside(plan: ScenePlan) -> None:
    """In the wood: trunks, a floor with or without a path, undergrowth, and crowns above."""
    rng = plan.rng("inside")
    view = plan.view
    path = _winding(plan.seed) if view == "path" else None
    hill = _forest_floor(plan, rng, path)
    needle = rng.random() < 0.4
    bare = view == "bare" or plan.season == "winter"
    places = _stand(rng, hill, path, {"thicket": 30, "bare": 170, "canopy": 60}.get(view, 110))
    _trunks(plan, rng, places, bare)
    green = rng.sample(LEAVES["summer" if needle else plan.season], 2)
    stuff = [foliage(c, 0.5) for c in green]
    if not bare:
        _crowns(rng, places, stuff, hill)
    if "undergrowth" in plan.contains:
        _undergrowth(plan, rng, hill, path, stuff)
    if "rocks" in plan.contains:
        mossy = soil((0.35, 0.34, 0.32), (0.22, 0.3, 0.08), 0.9)
        spots = [(rng.uniform(-6, 6), rng.uniform(5, 22)) for _ in range(9)]
        stones = [
            (a, b, hill(a, b), rng.uniform(0.2, 0.9))
            for a, b in spots
            if not path or abs(a - path(b)) > 1.6
        ]
        scatter([rock(n) for n in range(3)], mossy, stones, rng)


def _winding(seed: int) -> Winding:
    """How far to the right a path is, by its distance (metres)."""
    return lambda y: 6 * math.sin(y / 14 + seed) * y / 40


def _forest_floor(plan: ScenePlan, rng: Random, path: Winding | None) -> Height:
    """Make the ground; returns its height at x, y."""
    seed = rng.randrange(10**6)
    lean = rng.gauss(0, 0.1)
    swell = rng.uniform(0.3, 1.6)

    def hill(x: float | np.ndarray, y: float | np.ndarray) -> np.ndarray:
        wide = fractal(np.asarray(x) / 14, np.asarray(y) / 14, seed, 4) * swell
        return lean * np.asarray(x) + wide * np.clip(np.asarray(y) / 10, 0, 1)

    x, y = fan(plan.camera, 0.6, 160, 90, 80)
    z = hill(x, y) + fractal(x / 1.3, y / 1.3, seed + 1, 4) * 0.07
    mossy = MOSS[plan.season] * rng.uniform(0.2, 1.5)
    green = rng.choice(LEAVES["summer"])
    litter = rng.choice(LITTER)
    snow = plan.season == "winter" and rng.random() < 0.7
    meshes.put(surface(x, y, z), soil(litter, green, mossy, snow))
    if path:
        t, u = np.meshgrid(np.linspace(1, 70, 90), np.linspace(-1, 1, 7), indexing="ij")
        px = np.vectorize(path)(t) + u * rng.uniform(0.6, 1.5)
        earth = rng.choice([(0.5, 0.44, 0.36), (0.42, 0.33, 0.25), (0.55, 0.52, 0.48)])
        meshes.put(surface(px, t, hill(px, t) + 0.09 - 0.09 * u**2), soil(earth, green, 0.05))
    return hill


def _stand(rng: Random, hill: Height, path: Winding | None, count: int) -> list[tuple]:
    """Where trees stand, nearer ones rarer in number, never on the path or in the lens."""
    places = []
    for _ in range(count):
        y = 3.5 + 75 * rng.random() ** 1.2
        x = rng.uniform(-0.75, 0.75) * (y + 4)
        clear = 2.2 if path else 0.0
        if (path and abs(x - path(y)) < clear) or (y < 9 and abs(x) < 1.6):
            continue
        places.append((x, y, float(hill(x, y)) - 0.15, rng.uniform(0.6, 1.4)))
    return places


def _trunks(plan: ScenePlan, rng: Random, places: list[tuple], bare: bool) -> None:
    thick = rng.uniform(0.09, 0.34)
    tall = rng.uniform(13, 26)
    lean = rng.choice((0.01, 0.03, 0.08))
    stuff = bark(rng.choice(BARKS), rng.choice((0, 0, 0.4, 0.9)))
    kinds = [coat(trunk(rng.randrange(999), rng.uniform(0.05, 0.3)), stuff) for _ in range(5)]
    twigs = [coat(branches(rng, 1.0, 0.012, 3)[0], stuff) for _ in range(3)] if bare else []
    for x, y, z, size in places:
        wide = thick * size * rng.uniform(0.6, 1.3)
        turn = Matrix.Rotation(rng.gauss(0, lean), 4, "X") @ Matrix.Rotation(
            rng.gauss(0, lean), 4, "Y"
        )
        spin = Matrix.Rotation(rng.uniform(0, 6.3), 4, "Z")
        frame = Matrix.Translation((x, y, z)) @ turn @ spin
        shape = frame @ Matrix.Diagonal((wide, wide, tall * size, 1))
        meshes.put(rng.choice(kinds), None, shape, 1)
        for _ in range(2 if bare else 0):
            crown = Matrix.Translation((0, 0, rng.uniform(0.05, 0.35) * tall))
            big = Matrix.Diagonal((8, 8, rng.uniform(7, 14), 1))
            meshes.put(rng.choice(twigs), None, frame @ crown @ big, 1)


def _crowns(rng: Random, places: list[tuple], stuff: list[Material], hill: Height) -> None:
    """Leaves overhead and between the trunks, denser with distance, so that the wood closes."""
    balls = [cluster(n, 520, rng.uniform(0.07, 0.12), 0.3) for n in range(4)]
    low = rng.uniform(1.5, 8)
    dense = rng.uniform(0.6, 1.6)
    spots = []
    for x, y, z, _ in places:
        for _ in range(int(3 * dense + rng.random())):
            up = low + (rng.random() ** 1.3) * 12
            spots.append(
                (x + rng.gauss(0, 1.6), y + rng.gauss(0, 1.6) + 1, z + up, rng.uniform(1.2, 2.6))
            )
    for _ in range(int(160 * dense)):  # what closes the view
        y = rng.uniform(35, 85)
        x = rng.uniform(-0.8, 0.8) * y
        spots.append((x, y, float(hill(x, y)) + rng.uniform(0, 0.28 * y), rng.uniform(2, 5)))
    for n, colour in enumerate(stuff):
        scatter(balls, colour, [s for s in spots[n :: len(stuff)] if s[1] > 5], rng, 1)


def _undergrowth(
    plan: ScenePlan, rng: Random, hill: Height, path: Winding | None, stuff: list[Material]
) -> None:
    """Ferns or shrubs, beside the path."""
    ferny = rng.random() < 0.5
    kinds = [fern(n) for n in range(3)] if ferny else [cluster(n, 260, 0.14, 0.5) for n in range(3)]
    spots = []
    for _ in range(rng.randint(120, 330)):
        y = 2.5 + 40 * rng.random() ** 1.6
        x = rng.uniform(-0.75, 0.75) * (y + 2)
        if not path or abs(x - path(y)) > 1.8:
            size = rng.uniform(0.25, 0.8) * (1.6 if plan.view == "thicket" else 1)
            spots.append((x, y, float(hill(x, y)), size))
    scatter(kinds, foliage(rng.choice(LEAVES[plan.season]), 0.4), spots[::2], rng, 1)
    scatter(kinds, stuff[0], spots[1::2], rng, 1)
