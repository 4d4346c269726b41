"""Façades: how a front is divided, its walls and window panes. A front looks along its -y."""

from dataclasses import dataclass
from random import Random
from typing import Any

from bpy.types import Material

from ..core.colours import linear
from ..core.graph import Graph

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
    tone = graph.mix(graph.smooth_step(dirty, 0.36, 0.6), dark, pale)
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
    graph.set(Base_Color=graph.ramp(chance, stops), Roughness=0.06, Specular_IOR_Level=0.9)
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


def front_parts(style: Style, length: float, height: float, rng: Random) -> list[tuple]:
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
