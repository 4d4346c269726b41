"""Cloth that has been dropped: garments simulated once, then laid over furniture.

Simulating every garment in every room would take minutes a picture. Instead each outline is
dropped on a flat floor a few times with Blender's cloth solver, and the crumpled result is stored.
A room takes one from this library, turns it, and lays it over whatever is there (`settle.Relief`).
"""

import math
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

import bpy
import numpy as np

from ..core import meshes, seeds

FRAMES = 42  # at 24 frames a second: long enough for the folds to come to rest
OUTLINES = {  # name: (width, length) in metres of the cloth spread flat
    "shirt": (0.74, 0.68),
    "trousers": (0.50, 1.00),
    "towel": (0.55, 0.95),
    "sock": (0.10, 0.34),
    "jumper": (0.86, 0.66),
    "blanket": (1.50, 1.35),
    "duvet": (1.75, 1.95),
}
THICK = ("duvet", "blanket")
VARIANTS = {"shirt": 6, "trousers": 4, "towel": 3, "sock": 2, "jumper": 4, "blanket": 3, "duvet": 4}
LIBRARY_SEED = 9000


@dataclass(frozen=True)
class Cloth:
    """A crumpled cloth at rest on z = 0: vertices (n, 3) and uv (n, 2) in metres, quads (m, 4)."""

    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray


def inside(kind: str, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Which points of the unit square belong to the garment cut from it."""
    side = np.abs(u - 0.5)
    if kind in ("shirt", "jumper"):
        return ((side < 0.27) | ((v > 0.62) & (v > 1.25 - 1.5 * side - 0.4))) & ~(
            (side < 0.1) & (v > 0.93)
        )
    if kind == "trousers":
        return (side > 0.04) | (v > 0.65)
    if kind == "sock":
        return (u > 0.4) | (v < 0.4)
    return np.ones_like(u, bool)


def flat(kind: str, step: float) -> tuple[np.ndarray, np.ndarray]:
    """The garment spread flat on a grid of `step` metres: points (n, 2) and quads (m, 4)."""
    width, length = OUTLINES[kind]
    columns = round(width / step) + 1
    rows = round(length / step) + 1
    v, u = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
    quads = meshes.grid(rows, columns)
    quads = quads[inside(kind, u.ravel()[quads].mean(1), v.ravel()[quads].mean(1))]
    used, quads = np.unique(quads, return_inverse=True)
    points = np.stack([(u.ravel() - 0.5) * width, (v.ravel() - 0.5) * length], 1)[used]
    return points, quads.reshape(-1, 4)


def thrown(points: np.ndarray, rng: Random) -> np.ndarray:
    """The pose in which the cloth leaves the hand: gathered into waves, tilted, above the floor."""
    angle = rng.uniform(0, math.pi)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    turned = points @ turn.T
    extent = np.ptp(turned[:, 0])
    gather = rng.uniform(0.45, 0.7)
    waves = rng.uniform(1.6, 2.6) * max(1.0, extent / 1.1)
    slope = math.sqrt(1 - gather**2) * extent / (waves * 2 * math.pi) * 1.3
    phase = (
        turned[:, 0] / extent * waves * 2 * math.pi
        + rng.uniform(0, 6)
        + 1.2 * np.sin(turned[:, 1] * rng.uniform(3, 7))
    )
    tilt = math.radians(rng.uniform(15, 55)) if extent < 1.2 else 0.15
    x = turned[:, 0] * gather
    y = turned[:, 1] * math.cos(tilt)
    z = slope * np.sin(phase) + turned[:, 1] * math.sin(tilt)
    x = x + 0.15 * y * np.sin(y * rng.uniform(2, 8))
    z = z + 0.06 * np.sin(3.1 * turned[:, 0] + 5.3 * turned[:, 1] + rng.uniform(0, 6)) * np.sin(
        2.3 * turned[:, 1]
    )
    return np.stack([x, y, z - z.min() + 0.05], 1)


def simulate(kind: str, variant: int, step: float = 0.0) -> Cloth:
    """Drop one garment on a flat floor; `step` is the quads' size in metres, 0 for the usual."""
    rng = seeds.stream(LIBRARY_SEED, kind, variant)
    points, quads = flat(kind, step or (0.045 if kind in THICK else 0.025))
    bpy.ops.wm.read_factory_settings(use_empty=True)
    _floor()
    mesh = bpy.data.meshes.new(kind)
    mesh.from_pydata(thrown(points, rng).tolist(), [], quads.tolist())
    cloth = bpy.data.objects.new(kind, mesh)
    bpy.context.collection.objects.link(cloth)
    cloth.shape_key_add(name="thrown")
    rest = cloth.shape_key_add(name="rest")
    rest.value = 0.0  # only the solver looks at it
    rest.data.foreach_set("co", np.column_stack([points, np.zeros(len(points))]).ravel())
    _solver(cloth, rest, thick=kind in THICK)
    for frame in range(1, FRAMES + 1):
        bpy.context.scene.frame_set(frame)
    vertices = _evaluated(cloth)
    vertices[:, :2] -= vertices[:, :2].mean(0)
    vertices[:, 2] -= vertices[:, 2].min()
    vertices[:, 2] *= min(
        1.0, 0.24 / np.ptp(vertices[:, 2])
    )  # what still stands would fall in time
    return Cloth(vertices, quads, points.astype(np.float32))


def _floor() -> None:
    bpy.ops.mesh.primitive_plane_add(size=8)
    floor = bpy.context.object
    floor.modifiers.new("collision", "COLLISION")
    floor.collision.cloth_friction = 25
    floor.collision.thickness_outer = 0.006


def _solver(cloth: bpy.types.Object, rest: bpy.types.ShapeKey, thick: bool) -> None:
    modifier = cloth.modifiers.new("cloth", "CLOTH")
    settings = modifier.settings
    collision = modifier.collision_settings
    settings.quality = 6
    settings.mass = 0.25
    settings.air_damping = 1.5
    settings.tension_stiffness = settings.compression_stiffness = settings.shear_stiffness = 12
    settings.bending_stiffness = 4.0 if thick else 0.25
    settings.rest_shape_key = rest
    collision.distance_min = 0.008
    collision.collision_quality = 3
    collision.use_self_collision = True
    collision.self_distance_min = 0.009
    modifier.point_cache.frame_start = 1
    modifier.point_cache.frame_end = FRAMES


def _evaluated(obj: bpy.types.Object) -> np.ndarray:
    mesh = obj.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
    vertices = np.empty(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", vertices)
    return vertices.reshape(-1, 3)


@lru_cache
def library(cache: Path) -> dict[str, list[Cloth]]:
    """All cloths by kind, read from `cache` (a .npz file) or simulated and stored there."""
    if not cache.exists():
        _store(cache)
    with np.load(cache) as stored:
        return {
            kind: [
                Cloth(*(stored[f"{kind}_{i}_{part}"] for part in ("vertices", "faces", "uv")))
                for i in range(count)
            ]
            for kind, count in VARIANTS.items()
        }


def _store(cache: Path) -> None:
    arrays = {}
    for kind, count in VARIANTS.items():
        for i in range(count):
            cloth = simulate(kind, i)
            arrays |= {
                f"{kind}_{i}_vertices": cloth.vertices,
                f"{kind}_{i}_faces": cloth.faces,
                f"{kind}_{i}_uv": cloth.uv,
            }
    cache.parent.mkdir(parents=True, exist_ok=True)
    part = cache.with_suffix(f".{os.getpid()}.npz")  # another process may simulate them, too
    np.savez_compressed(part, **arrays)
    part.replace(cache)
