"""The class mountain; its terrain is what makes it, and so its mask."""

from random import Random

import numpy as np

from ..core import meshes
from . import trees
from .grounds import ground, water
from .massif import foreground, grass_of, massif, rocks_of
from .records import ScenePlan
from .terrain import fan, surface


def build(plan: ScenePlan) -> None:
    """Fill an empty scene, camera and sky aside."""
    rng = plan.rng("mountain")
    distance, height, peak, *lines = _relief(plan, rng)
    x, y, z = massif(plan, distance, height, peak)
    stone = rocks_of(plan)
    grass = grass_of(plan)
    meshes.put(surface(x, y, z), ground(stone, grass, *lines, distance / 2500), index=1)
    if "foreground" in plan.contains:
        near = ground(stone, grass, 1e6, rng.choice((1e6, 1e6, -1e6)), grain=0.02)
        foreground(plan, near, 1, rng.uniform(0.1, 0.4))
    if "trees" in plan.contains:
        trees.edge(plan, x, y, z)
    if "lake" in plan.contains:
        level = min(float(np.quantile(z, 0.3)), plan.camera.z * 0.3)
        lake = surface(*fan(plan.camera, 50, distance * 2, 20, 20), np.full((20, 20), level))
        meshes.put(lake, water((0.01, 0.05, 0.06)))


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
