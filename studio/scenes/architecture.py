"""Buildings as blocks: walls and roofs, towers, palaces. A front looks along its -y."""

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from bpy.types import Material, Mesh
from mathutils import Matrix

from ..core import meshes
from ..core.materials import material
from .facade import SHUTTERS, SIGNS, Style, front_parts, masonry, panes
from .records import ScenePlan

ROOFS = [(0.45, 0.25, 0.18), (0.25, 0.25, 0.27), (0.36, 0.3, 0.27), (0.55, 0.33, 0.22)]


@dataclass(frozen=True)
class Works:
    """What all buildings of a picture share: chance, the share of lit windows, the pass index."""

    rng: Random
    lit: float
    index: int


def make_works(plan: ScenePlan, index: int) -> Works:
    """What a plan's buildings share; at night some of their windows are lit."""
    rng = plan.rng(plan.view)
    return Works(rng, rng.uniform(0.08, 0.45) if plan.time == "night" else 0.0, index)


def building(works: Works, frame: Matrix, size: tuple, style: Style, roof: str = "flat") -> None:
    """A building of (width, depth, height), its left front corner at the frame's origin."""
    wide, deep, high = size
    rng = works.rng
    back = style.recess
    parts = [((back, back, 0), (wide - back, deep - back, high - 0.02), 2)]
    for u0, u1, o0, o1, z0, z1, slot in front_parts(style, wide, high, rng):
        parts.append(((u0, -o1, z0), (u1, -o0, z1), slot))
    for u0, u1, o0, o1, z0, z1, slot in front_parts(style, deep, high, rng):
        parts.append(((-o1, u0, z0), (-o0, u1, z1), slot))
        parts.append(((wide + o0, u0, z0), (wide + o1, u1, z1), slot))
    parts.append(((0, 0, high - 0.1), (wide, deep, high + 0.3), 0))
    for _ in range(rng.randint(0, 3) if roof == "flat" else 0):
        low = rng.uniform(0.1, 0.6) * wide, rng.uniform(0.1, 0.6) * deep, high
        end = low[0] + wide * 0.25, low[1] + deep * 0.25, high + rng.uniform(1, 4)
        parts.append((low, end, 0))
    tint = tuple(rng.uniform(0.01, 0.05) * c for c in (0.8, 1.0, 1.3))
    accent = rng.choice(SHUTTERS if style.wall == "plaster" else SIGNS)
    wall = masonry(style.wall, style.colour)
    stuff = [wall, material("paint", style.trim), panes(style, works.lit, tint)]
    meshes.put(meshes.blocks(parts), [*stuff, material("paint", accent)], frame, works.index)
    if roof != "flat":
        _roof(works, frame, size, roof, wall)


def frustum(wide: float, deep: float, high: float, inset: tuple) -> Mesh:
    """A block that narrows by `inset` (x, y) on each side: hips, gables, spires, mansards."""
    x, y = (min(i, s / 2 - 0.01) for i, s in zip(inset, (wide, deep), strict=True))
    low = [(0, 0, 0), (wide, 0, 0), (wide, deep, 0), (0, deep, 0)]
    top = [(x, y, high), (wide - x, y, high), (wide - x, deep - y, high), (x, deep - y, high)]
    quads = [(0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7), (4, 5, 6, 7)]
    return meshes.mesh_from("frustum", np.array(low + top, float), np.array(quads), smooth=False)


def _roof(works: Works, frame: Matrix, size: tuple, kind: str, wall: Material) -> None:
    """A roof over a building; "gable" has its gables left and right, "cross" in front."""
    wide, deep, high = size
    rng = works.rng
    over = 0.4
    inset, rise = {
        "gable": ((0, deep), deep * rng.uniform(0.25, 0.5)),
        "cross": ((wide, 0), wide * rng.uniform(0.3, 0.55)),
        "hip": ((deep * 0.45, deep), deep * rng.uniform(0.25, 0.5)),
        "mansard": ((1.5, 1.5), 3.5),
        "spire": ((wide, deep), wide * rng.uniform(1.2, 2.4)),
    }[kind]
    tiles = masonry("brick", rng.choice(ROOFS))
    place = frame @ Matrix.Translation((-over, -over, high + 0.3))
    shape = frustum(wide + 2 * over, deep + 2 * over, rise, inset)
    meshes.put(shape, tiles, place, works.index)
    if kind in ("gable", "cross"):  # the wall goes on up to the ridge, just out of the tiles
        out = (over + 0.06, 0.02) if kind == "gable" else (0.02, over + 0.06)
        place = frame @ Matrix.Translation((-out[0], -out[1], high + 0.25))
        shape = frustum(wide + 2 * out[0], deep + 2 * out[1], rise * 0.98, inset)
        meshes.put(shape, wall, place, works.index)
    for _ in range(rng.randint(0, 2)):
        x = rng.uniform(0.1, 0.8) * wide
        y = deep * 0.45
        chimney = [((x, y, high), (x + 0.8, y + 0.8, high + rise + 1.0), 0)]
        meshes.put(meshes.blocks(chimney), wall, frame, works.index)


def tower(works: Works, frame: Matrix, size: tuple, style: Style) -> None:
    """A high-rise, in one piece or in set-back stages, sometimes with a spire."""
    wide, deep, high = size
    rng = works.rng
    stages = rng.choice((1, 1, 2, 3))
    z = 0.0
    shrink = 0.0
    for n in range(stages):
        top = high * (1 - 0.62 ** (n + 1)) / (1 - 0.62**stages)
        place = frame @ Matrix.Translation((shrink * wide, shrink * deep, z))
        box = (wide * (1 - 2 * shrink), deep * (1 - 2 * shrink), top - z)
        crown = rng.choice(("flat", "flat", "spire")) if 0 < n == stages - 1 else "flat"
        building(works, place, box, style, crown)
        z = top
        shrink = shrink + rng.uniform(0.08, 0.16)


def palace(works: Works, frame: Matrix, size: tuple, style: Style) -> None:
    """A public building: columns and a pediment before its middle, a dome, towers or neither."""
    wide, deep, high = size
    rng = works.rng
    building(works, frame, size, style, rng.choice(("flat", "hip", "mansard")))
    span = wide * rng.uniform(0.3, 0.5)
    _portico(works, frame @ Matrix.Translation(((wide - span) / 2, 0, 0)), span, high, style)
    if rng.random() < 0.5:
        radius = span * rng.uniform(0.25, 0.45)
        arc = [(math.cos(a), 0.85 + 1.1 * math.sin(a)) for a in np.linspace(0, 1.5, 9)]
        drum = [(1, 0), (1, 0.8), (1.08, 0.85), *arc, (0.03, 2.6)]
        dome = meshes.turned([(radius * x, radius * z) for x, z in drum], 24)
        copper = rng.choice([(0.4, 0.55, 0.48), (0.5, 0.5, 0.5), (0.6, 0.5, 0.3)])
        place = frame @ Matrix.Translation((wide / 2, deep * 0.4, high))
        meshes.put(dome, material("paint", copper), place, works.index)
    for side in (-1, 1) if rng.random() < 0.45 else ():
        width = wide * 0.14
        place = frame @ Matrix.Translation((wide * (0.5 + side * 0.46) - width / 2, -0.8, 0))
        building(works, place, (width, width, high * rng.uniform(1.3, 1.8)), style, "spire")


def _portico(works: Works, frame: Matrix, span: float, high: float, style: Style) -> None:
    """Steps, columns, a beam and a pediment along x from the frame's origin."""
    rng = works.rng
    stone = masonry("stone", style.trim)
    count = rng.choice((4, 6, 8))
    tall = high * rng.uniform(0.7, 0.95)
    foot = [(0.75, 0), (0.75, 0.5), (0.55, 0.6)]
    head = [(0.7, tall - 0.3), (0.7, tall)]
    column = meshes.turned([*foot, (0.45, tall - 0.8), *head], 12)
    for n in range(count):
        at = frame @ Matrix.Translation((span * (n + 0.5) / count, -2.6, 0.8))
        meshes.put(column, stone, at, works.index)
    parts = [((-0.6, -3.6, tall + 0.8), (span + 0.6, 0, tall + 2.2), 0)]
    for n in range(4):
        out = 1 + 0.4 * n
        parts.append(((-out, -4 - out, 0), (span + out, 0, 0.8 - 0.2 * n), 0))
    meshes.put(meshes.blocks(parts), [stone], frame, works.index)
    gable = frustum(span + 1.6, 3.9, span * 0.16, (span, 0))
    meshes.put(gable, stone, frame @ Matrix.Translation((-0.8, -3.8, tall + 2.2)), works.index)
