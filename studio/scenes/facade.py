"""Buildings as blocks: façades with windows, roofs, towers, palaces. A front looks along its -y."""

import math
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from bpy.types import Material, Mesh
from mathutils import Matrix

from ..core import meshes
from ..core.materials import Graph, linear, material

# fmt: off
BRICKS = [(0.5, 0.24, 0.17), (0.42, 0.22, 0.17), (0.6, 0.36, 0.24), (0.36, 0.24, 0.2)]
STONES = [
    (0.72, 0.66, 0.54), (0.6, 0.56, 0.5), (0.5, 0.47, 0.43), (0.78, 0.74, 0.66), (0.4, 0.37, 0.33),
]
PLASTERS = [
    (0.88, 0.82, 0.68), (0.85, 0.7, 0.45), (0.8, 0.55, 0.38), (0.9, 0.88, 0.84), (0.72, 0.42, 0.32),
    (0.65, 0.72, 0.74), (0.78, 0.76, 0.7), (0.86, 0.66, 0.55), (0.58, 0.64, 0.5), (0.5, 0.58, 0.68),
]
CONCRETES = [
    (0.62, 0.61, 0.58), (0.5, 0.49, 0.47), (0.75, 0.73, 0.7), (0.85, 0.84, 0.82),
    (0.55, 0.48, 0.42),
]
GLASS = [(0.3, 0.4, 0.5), (0.2, 0.24, 0.28), (0.6, 0.62, 0.64)]
ROOFS = [(0.45, 0.25, 0.18), (0.25, 0.25, 0.27), (0.36, 0.3, 0.27), (0.55, 0.33, 0.22)]
SIGNS = [
    (0.75, 0.1, 0.1), (0.1, 0.25, 0.6), (0.9, 0.75, 0.1), (0.1, 0.45, 0.25), (0.92, 0.92, 0.9),
    (0.1, 0.1, 0.1),
]
SHUTTERS = [
    (0.35, 0.42, 0.36), (0.4, 0.3, 0.24), (0.45, 0.5, 0.55), (0.75, 0.73, 0.68), (0.5, 0.22, 0.18),
]
PALETTES = {
    "brick": BRICKS, "stone": STONES, "plaster": PLASTERS, "concrete": CONCRETES, "glass": GLASS,
}
WALLS = {
    "old": ("brick", "stone", "stone", "plaster", "plaster"),
    "modern": ("concrete", "concrete", "concrete", "brick", "plaster"),
    "glass": ("glass",),
    "house": ("plaster", "plaster", "brick", "stone"),
}
# fmt: on


@dataclass(frozen=True)
class Works:
    """What all buildings of a picture share: chance, the share of lit windows, the pass index."""

    rng: Random
    lit: float
    index: int


@dataclass(frozen=True)
class Style:
    """How a façade is divided: bay and floor in metres, a window's share of them, and the rest."""

    wall: str  # brick, stone, plaster, concrete or glass
    colour: tuple
    trim: tuple
    bay: float
    floor: float
    wide: float  # share of the bay that is window
    tall: float  # share of the floor that is window
    recess: float
    sills: bool
    balconies: float  # share of the windows that have one
    shops: bool


def make_style(rng: Random, kind: str) -> Style:
    """A style for a building: "old", "modern", "glass" or "house"."""
    wall = rng.choice(WALLS[kind])
    colour = rng.choice(PALETTES[wall])
    trim = rng.choice([(0.86, 0.84, 0.8), (0.7, 0.67, 0.6), tuple(0.75 * c for c in colour)])
    sizes = (2.2, 3.8), (3.1, 4.6), (0.3, 0.5), (0.4, 0.7), (0.12, 0.3)
    if kind == "modern":
        sizes = (1.3, 4.5), (3.0, 3.8), (0.45, 0.97), (0.4, 0.7), (0.12, 0.7)
    if kind == "glass":
        sizes = (1.3, 4.5), (3.0, 3.8), (0.93, 0.93), (0.75, 0.95), (0.06, 0.06)
    balconies = 0.0 if kind == "glass" else rng.choice((0, 0, 0, 0.25, 0.6, 1.0))
    sills = kind in ("old", "house") and rng.random() < 0.8
    drawn = [rng.uniform(*size) for size in sizes]
    return Style(wall, colour, trim, *drawn, sills, balconies, rng.random() < 0.6)


def _joints(graph: Graph, kind: str, tone: Any) -> Any:
    """Darken a wall's colour along the joints of its bricks or stones."""
    split = graph.node("SeparateXYZ", {0: graph.where()})
    along = graph.math("ADD", split.outputs["X"], split.outputs["Y"])
    flat = graph.node("CombineXYZ", {0: along, 1: split.outputs["Z"]}).outputs[0]
    size = (0.5, 0.16) if kind == "brick" else (1.1, 0.5)
    sizes = {"Scale": 1.0, "Brick Width": size[0], "Row Height": size[1], "Mortar Size": 0.02}
    greys = {"Color1": (1,) * 4, "Color2": (0.7, 0.7, 0.7, 1), "Mortar": (0.45, 0.45, 0.45, 1)}
    brick = graph.node("TexBrick", {"Vector": flat} | sizes | greys)
    product = graph.node("Mix", data_type="RGBA", blend_type="MULTIPLY")
    for socket, value in ((0, 1.0), (6, tone), (7, brick.outputs["Color"])):
        graph.wire(product.inputs[socket], value)
    return product.outputs[2]


def masonry(kind: str, colour: tuple) -> Material:
    """A wall of brick, stone, plaster or concrete: joints, patches and streaks of soot."""
    graph = Graph("masonry")
    patch = graph.noise(graph.where(), 0.25, 6)
    streak = graph.noise(graph.where(scale=(1.2, 1.2, 0.06)), 1.0, 5)
    dirty = graph.math(
        "ADD", graph.math("MULTIPLY", patch, 0.5), graph.math("MULTIPLY", streak, 0.5)
    )
    dark = linear([c * 0.6 for c in colour])
    pale = linear([min(1, c * 1.12) for c in colour])
    tone = graph.mix(graph.between(dirty, 0.36, 0.6), dark, pale)
    if kind in ("brick", "stone"):
        tone = _joints(graph, kind, tone)
    graph.set(Base_Color=tone, Roughness=0.85, Specular_IOR_Level=0.2)
    return graph.material


def panes(style: Style, lit: float = 0.0, tint: tuple = (0.02, 0.03, 0.04)) -> Material:
    """Window glass: each window its own darkness or blind; a share `lit` of them shines."""
    graph = Graph("panes")
    split = graph.node("SeparateXYZ", {0: graph.where()})
    along = graph.math("ADD", split.outputs["X"], split.outputs["Y"])
    column = graph.math("FLOOR", graph.math("DIVIDE", along, style.bay))
    row = graph.math("FLOOR", graph.math("DIVIDE", split.outputs["Z"], style.floor))
    cell = graph.node("CombineXYZ", {0: column, 1: row}).outputs[0]
    chance = graph.node("TexWhiteNoise", {"Vector": cell}).outputs["Value"]
    pale = (0.14, 0.15, 0.16, 1) if style.wall == "glass" else (0.5, 0.48, 0.43, 1)
    dim = tuple(c * 3 for c in tint)
    stops = [(0.0, (*tint, 1)), (0.6, (*dim, 1)), (0.8, (0.1, 0.1, 0.1, 1)), (0.97, pale)]
    graph.set(Base_Color=graph.step(chance, stops), Roughness=0.06, Specular_IOR_Level=0.9)
    if lit:
        warm = graph.mix(
            graph.noise(graph.where(), 0.8, 2), (1.0, 0.5, 0.16, 1), (1.0, 0.8, 0.5, 1)
        )
        uneven = graph.math("SUBTRACT", graph.noise(graph.where(), 0.7, 3), 0.1)
        on = graph.math("GREATER_THAN", chance, 1 - lit)
        graph.set(
            Emission_Color=warm,
            Emission_Strength=graph.math("MULTIPLY", graph.math("MULTIPLY", on, uneven), 0.45),
        )
    return graph.material


def facade(style: Style, length: float, height: float, rng: Random) -> list[tuple]:
    """Parts (u0, u1, out0, out1, z0, z1, slot) along u; slots: 0 wall, 1 trim, 2 glass, 3 sign."""
    bays = max(1, round(length / style.bay))
    floors = max(1, round(height / style.floor))
    bay = length / bays
    floor = height / floors
    pier = bay * (1 - style.wide) / 2
    band = floor * (1 - style.tall) / 2
    back = -style.recess
    slim = style.wall == "glass"
    first = int(style.shops and floors > 2)
    parts = []
    for n in range(bays + 1):
        low = max(0, n * bay - pier)
        high = min(length, n * bay + pier)
        parts.append((low, high, back, 0.0, first * floor, height, int(slim)))
    for n in range(first, floors + 1):
        low = max(0, n * floor - band * 0.9)
        high = min(height, n * floor + band * 1.1)
        out = 0.001 if style.wide < 0.8 or slim else 0.151
        parts.append((0, length, back, out, low, high, int(slim)))
    if not slim and bays * floors <= 240:  # more are too far away to be seen
        shutters = style.wall == "plaster" and style.wide < 0.55 and rng.random() < 0.5
        for row in range(first, floors):
            for n in range(bays):
                span = n * bay + pier, (n + 1) * bay - pier
                rise = row * floor + band * 1.1, (row + 1) * floor - band * 0.9
                balcony = row > 0 and (n * 7 + 3) % 5 < style.balconies * 5
                parts += _window(style, *span, *rise, shutters, balcony)
    if not slim:
        out = rng.uniform(0.2, 0.7)
        parts.append((-0.2, length + 0.2, back, out, height - 0.15, height + 0.35, 1))
    return parts + (_shopfront(bays, bay, floor, back, rng) if first else [])


def _window(
    style: Style, u0: float, u1: float, z0: float, z1: float, shutters: bool, balcony: bool
) -> list[tuple]:
    """What belongs to one window: bars, sill and lintel, shutters, balcony."""
    parts = []
    back = -style.recess
    middle = (u0 + u1) / 2
    bar = z0 + 0.6 * (z1 - z0)
    half = (u1 - u0) / 2
    if style.wide < 0.9:
        parts.append((middle - 0.04, middle + 0.04, back, back + 0.06, z0, z1, 1))
        parts.append((u0, u1, back, back + 0.05, bar, bar + 0.07, 1))
    if style.sills:
        parts.append((u0 - 0.12, u1 + 0.12, 0, 0.14, z0 - 0.14, z0, 1))
        parts.append((u0 - 0.15, u1 + 0.15, 0, 0.1, z1, z1 + 0.25, 1))
    if shutters:
        parts += [(u, u + half, 0, 0.06, z0, z1, 3) for u in (u0 - half, u1)]
    if balcony:
        rail = 0 if style.wide > 0.6 else 2
        parts.append((u0 - 0.3, u1 + 0.3, 0, 1.0, z0 - 0.25, z0 - 0.1, 1))
        parts.append((u0 - 0.3, u1 + 0.3, 0.94, 1.0, z0 - 0.1, z0 + 0.85, rail))
    return parts


def _shopfront(bays: int, bay: float, floor: float, back: float, rng: Random) -> list[tuple]:
    """The ground floor: piers, a sign's band, some awnings; glass shows between."""
    length = bays * bay
    parts = []
    every = max(1, round(rng.uniform(3, 5) / bay))
    for n in range(0, bays + 1, every):
        parts.append((max(0, n * bay - 0.25), min(length, n * bay + 0.25), back, 0.05, 0, floor, 0))
    parts.append((0, length, back, 0.04, 0, 0.45, 1))
    for n in range(0, bays, every):
        u0 = n * bay + 0.3
        u1 = min(length, (n + every) * bay) - 0.3
        parts.append((u0, u1, back, 0.16, floor * 0.74, floor * 0.93, rng.choice((1, 3, 3))))
        if rng.random() < 0.35:
            parts.append((u0, u1, 0.1, rng.uniform(0.9, 1.6), floor * 0.66, floor * 0.71, 3))
    return parts


def building(works: Works, frame: Matrix, size: tuple, style: Style, roof: str = "flat") -> None:
    """A building of (width, depth, height), its left front corner at the frame's origin."""
    wide, deep, high = size
    rng = works.rng
    back = style.recess
    parts = [((back, back, 0), (wide - back, deep - back, high - 0.02), 2)]
    for u0, u1, o0, o1, z0, z1, slot in facade(style, wide, high, rng):
        parts.append(((u0, -o1, z0), (u1, -o0, z1), slot))
    for u0, u1, o0, o1, z0, z1, slot in facade(style, deep, high, rng):
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
