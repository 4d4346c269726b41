"""Furniture from a `Piece`: boards, cushions and legs, x along the wall, y into the room."""

import math

import numpy as np
from bpy.types import Material, Mesh, Object
from mathutils import Matrix

from ..core import meshes, seeds
from ..core.materials import material
from ..core.meshes import Maker
from .homes import cells, drawers, has_bin, levels, shelf_count
from .plan import Piece

ARM = 0.2  # width of a sofa's arm, metres


def build(piece: Piece, untidy: bool) -> tuple[list, dict[str, float]]:
    """Make the piece; return its objects and how far each drawer is pulled out, in metres."""
    matrix = Matrix.Translation((piece.x, piece.y, 0)) @ Matrix.Rotation(
        math.radians(piece.turn), 4, "Z"
    )
    maker = Maker(matrix)
    pulled = _BUILDERS[piece.kind](maker, piece, untidy) or {}
    return maker.made, pulled


def _wood(piece: Piece) -> Material:
    return material("wood", piece.colour, seed=piece.variant % 7)


def _legs(maker: Maker, piece: Piece, height: float, thick: float = 0.05) -> None:
    for x in (-1, 1):
        for y in (thick, piece.depth - thick):
            maker.box(
                (x * (piece.width / 2 - thick) - thick / 2, y - thick / 2, 0),
                (x * (piece.width / 2 - thick) + thick / 2, y + thick / 2, height),
                _wood(piece),
            )


def _case(
    maker: Maker, piece: Piece, back: bool = True, bottom: float = 0.0, board: float = 0.02
) -> None:
    """Sides, top, bottom and back of a cabinet."""
    half = piece.width / 2
    wood = _wood(piece)
    for x in (-half, half - board):
        maker.box((x, 0, bottom), (x + board, piece.depth, piece.height), wood, 0.002)
    maker.box(
        (-half, 0, piece.height - board), (half, piece.depth + 0.005, piece.height), wood, 0.002
    )
    maker.box((-half + board, 0, bottom), (half - board, piece.depth, bottom + 0.05), wood, 0.002)
    if back:
        maker.box(
            (-half + board, 0, bottom), (half - board, 0.012, piece.height - board), wood, 0.001
        )


def _bookcase(maker: Maker, piece: Piece, untidy: bool) -> None:
    _case(maker, piece, back=piece.variant % 3 > 0)
    for z in levels(piece, shelf_count(piece))[1:]:
        maker.box(
            (-piece.width / 2 + 0.02, 0.01, z - 0.012),
            (piece.width / 2 - 0.02, piece.depth - 0.01, z + 0.006),
            _wood(piece),
            0.002,
        )


def _cubby(maker: Maker, piece: Piece, untidy: bool) -> None:
    half = piece.width / 2
    wood = _wood(piece)
    for i in range(round(piece.width / 0.36) + 1):
        maker.box(
            (-half + 0.36 * i, 0, 0),
            (-half + 0.36 * i + 0.03, piece.depth, piece.height),
            wood,
            0.003,
        )
    for j in range(round(piece.height / 0.36) + 1):
        maker.box((-half, 0, 0.36 * j), (half, piece.depth, 0.36 * j + 0.03), wood, 0.003)
    maker.box((-half, 0, 0), (half, 0.008, piece.height), wood, 0.001)
    rng = seeds.stream(piece.variant, "bins")
    colours = [piece.accent, (0.85, 0.83, 0.78), (0.66, 0.5, 0.33)]
    for i, (x, z) in enumerate(cells(piece)):
        if has_bin(piece, i):
            _bin(
                maker,
                (x + 0.01, 0.02, z + 0.003),
                (x + 0.32, piece.depth - 0.005, z + 0.25),
                material("fabric", rng.choice(colours)),
            )


def _bin(maker: Maker, low: tuple, high: tuple, stuff: Material) -> None:
    """An open box of thin walls."""
    a, b, c = low
    d, e, f = high
    for lo, hi in (
        ((a, b, c), (d, e, c + 0.01)),
        ((a, b, c), (a + 0.008, e, f)),
        ((d - 0.008, b, c), (d, e, f)),
        ((a, b, c), (d, b + 0.008, f)),
        ((a, e - 0.008, c), (d, e, f)),
    ):
        maker.box(lo, hi, stuff, 0.002)


def _doored(maker: Maker, piece: Piece, untidy: bool) -> None:
    _shelved_closet(maker, piece)
    half = piece.width / 2
    wood = _wood(piece)
    knob = material("metal", (0.7, 0.68, 0.64))
    for side in (-1, 1):
        rng = seeds.stream(piece.variant, "door", side)
        angle = rng.uniform(25, 115) if untidy and rng.random() < 0.8 else 0.0
        hinge = (
            maker.matrix
            @ Matrix.Translation((side * half, piece.depth, 0))
            @ Matrix.Rotation(math.radians(-side * angle), 4, "Z")
        )
        door = Maker(hinge, int(angle > 0))
        low, high = sorted((-side * 0.003, -side * (half - 0.003)))
        door.box((low, 0.002, 0.06), (high, 0.022, piece.height - 0.01), wood, 0.003)
        door.box((low + 0.07, 0.018, 0.16), (high - 0.07, 0.027, piece.height - 0.11), wood, 0.004)
        door.box(
            (-side * (half - 0.05) - 0.008, 0.022, piece.height * 0.48),
            (-side * (half - 0.05) + 0.008, 0.05, piece.height * 0.48 + 0.14),
            knob,
        )
        maker.made += door.made


def _shelved_closet(maker: Maker, piece: Piece, *_: bool) -> None:
    """Shelves on the left, a rail on the right; `homes.slots_wardrobe` has the same measures."""
    _case(maker, piece)
    half = piece.width / 2
    wood = _wood(piece)
    maker.box((-0.01, 0.01, 0.05), (0.01, piece.depth - 0.03, piece.height - 0.02), wood, 0.002)
    for z in (0.55, 0.85, 1.15, 1.45, 1.75):
        maker.box(
            (-half + 0.02, 0.01, z - 0.01), (-0.01, piece.depth - 0.04, z + 0.01), wood, 0.002
        )
    maker.box((0.01, 0.01, 0.58), (half - 0.02, piece.depth - 0.04, 0.6), wood, 0.002)
    rail = meshes.turned([(0.001, 0), (0.012, 0), (0.012, half - 0.03), (0.001, half - 0.03)], 10)
    maker.put(
        rail,
        material("metal", (0.75, 0.75, 0.76)),
        (0.01, piece.depth / 2, piece.height - 0.11),
        (0, 90, 0),
    )


def _dresser(maker: Maker, piece: Piece, untidy: bool) -> dict[str, float]:
    _case(maker, piece)
    edges = drawers(piece)
    wood = _wood(piece)
    half = piece.width / 2
    step = edges[1] - edges[0] if len(edges) > 1 else 0.2
    if piece.kind == "nightstand":
        _bin(maker, (-half + 0.02, 0.012, 0.02), (half - 0.02, piece.depth - 0.01, 0.05), wood)
    pulled = {}
    for i, z in enumerate(edges):
        rng = seeds.stream(piece.variant, "drawer", i)
        out = rng.uniform(0.08, 0.3) if untidy and rng.random() < 0.6 else 0.0
        pulled[f"drawer{i}"] = out
        _drawer(
            Maker(maker.matrix @ Matrix.Translation((0, out, 0)), int(out > 0)),
            piece,
            z,
            step,
            maker.made,
        )
    return pulled


def _drawer(maker: Maker, piece: Piece, z: float, step: float, made: list) -> None:
    half = piece.width / 2 - 0.025
    wood = _wood(piece)
    _bin(
        maker,
        (-half + 0.015, 0.02, z + 0.005),
        (half - 0.015, piece.depth - 0.005, z + step - 0.06),
        wood,
    )
    maker.box(
        (-half, piece.depth - 0.012, z), (half, piece.depth + 0.012, z + step - 0.008), wood, 0.004
    )
    knob = meshes.turned(
        [(0.001, 0), (0.008, 0), (0.008, 0.015), (0.016, 0.02), (0.014, 0.03), (0.001, 0.032)], 12
    )
    for x in (-half * 0.5, half * 0.5) if piece.kind == "dresser" else (0,):
        maker.put(
            knob,
            material("metal", (0.6, 0.58, 0.55)),
            (x, piece.depth + 0.012, z + step * 0.5),
            (-90, 0, 0),
        )
    made += maker.made


def _desk(maker: Maker, piece: Piece, untidy: bool) -> None:
    maker.box(
        (-piece.width / 2, 0, piece.height - 0.03),
        (piece.width / 2, piece.depth, piece.height),
        _wood(piece),
    )
    _legs(maker, piece, piece.height - 0.03)
    maker.box(
        (-piece.width / 2 + 0.05, 0.05, piece.height - 0.1),
        (piece.width / 2 - 0.05, 0.07, piece.height - 0.03),
        _wood(piece),
    )
    black = material("plastic", (0.05, 0.05, 0.055))
    x = (piece.variant % 20 - 10) / 100
    maker.box((x - 0.27, 0.16, piece.height + 0.09), (x + 0.27, 0.18, piece.height + 0.42), black)
    maker.box(
        (x - 0.26, 0.18, piece.height + 0.1),
        (x + 0.26, 0.182, piece.height + 0.41),
        material("screen"),
        0.001,
    )
    maker.box((x - 0.03, 0.13, piece.height), (x + 0.03, 0.16, piece.height + 0.2), black)
    maker.box((x - 0.11, 0.1, piece.height), (x + 0.11, 0.26, piece.height + 0.012), black)
    maker.box(
        (x - 0.21, 0.36, piece.height),
        (x + 0.21, 0.49, piece.height + 0.018),
        material("plastic", (0.08, 0.08, 0.09) if piece.variant % 2 else (0.8, 0.8, 0.8)),
    )


def _chair(maker: Maker, piece: Piece, untidy: bool) -> None:
    half = piece.width / 2
    seat = 0.45
    for x in (-half + 0.025, half - 0.025):
        maker.box((x - 0.018, 0.01, 0), (x + 0.018, 0.045, piece.height), _wood(piece))
        maker.box(
            (x - 0.018, piece.depth - 0.05, 0), (x + 0.018, piece.depth - 0.015, seat), _wood(piece)
        )
    maker.box((-half, 0, seat - 0.025), (half, piece.depth, seat), _wood(piece), 0.01)
    for z in (piece.height - 0.1, piece.height - 0.24):
        maker.box((-half + 0.03, 0.015, z), (half - 0.03, 0.035, z + 0.08), _wood(piece))
    if piece.variant % 2:
        maker.soft(
            (-half + 0.02, 0.05, seat),
            (half - 0.02, piece.depth - 0.01, seat + 0.04),
            material("fabric", piece.accent),
            0.02,
        )


def _sofa(maker: Maker, piece: Piece, untidy: bool) -> None:
    kind = (
        "leather" if piece.variant % 4 == 0 else "pattern" if piece.variant % 9 == 1 else "fabric"
    )
    stuff = material(kind, piece.colour, seed=piece.variant % 5)
    half = piece.width / 2
    seats = 1 if piece.kind == "armchair" else 2 + (piece.width > 2)
    maker.soft((-half + 0.02, 0.03, 0.09), (half - 0.02, piece.depth - 0.03, 0.3), stuff, 0.04)
    for x in (-half, half - ARM):
        maker.soft((x, 0.02, 0.06), (x + ARM, piece.depth, 0.6), stuff, 0.08, 0.002, piece.variant)
    maker.soft(
        (-half + ARM * 0.6, 0, 0.1),
        (half - ARM * 0.6, 0.24, piece.height - 0.04),
        stuff,
        0.08,
        0.003,
        piece.variant,
    )
    for i in range(seats):
        _seat(maker, piece, stuff, i, (piece.width - 2 * ARM) / seats)
    _short_legs(maker, piece)


def _seat(maker: Maker, piece: Piece, stuff: Material, number: int, width: float) -> None:
    """The n-th seat cushion of a sofa, and the cushion behind it."""
    x = -piece.width / 2 + ARM + number * width
    maker.soft(
        (x + 0.005, 0.22, 0.28),
        (x + width - 0.005, piece.depth - 0.01, 0.44),
        stuff,
        0.05,
        0.003,
        piece.variant + number,
        0.015,
    )
    maker.soft(
        (x + 0.005, 0.14, 0.42),
        (x + width - 0.005, 0.36, piece.height),
        stuff,
        0.08,
        0.006,
        piece.variant + 2 * number,
        turn=(6, 0, 0),
    )


def _short_legs(maker: Maker, piece: Piece) -> None:
    dark = material("wood", (0.25, 0.16, 0.1))
    x = piece.width / 2 - 0.08
    for left in (-x, x):
        for y in (0.08, piece.depth - 0.08):
            maker.box((left - 0.025, y - 0.025, 0), (left + 0.025, y + 0.025, 0.1), dark)


def _bed(maker: Maker, piece: Piece, untidy: bool) -> None:
    half = piece.width / 2
    top = piece.height
    upholstered = piece.variant % 3 == 0
    frame = material("fabric", piece.accent) if upholstered else _wood(piece)
    head = 0.85 + (piece.variant % 40) / 100
    if upholstered:
        maker.soft((-half - 0.04, 0, 0.05), (half + 0.04, 0.1, head), frame, 0.04, 0.002)
    elif piece.variant % 3 == 1:
        maker.box((-half - 0.02, 0, 0.05), (half + 0.02, 0.045, head), frame, 0.012)
    else:
        for i in range(9):
            x = -half + 0.02 + i * (piece.width - 0.04) / 8
            maker.box((x - 0.02, 0.005, 0.1), (x + 0.02, 0.035, head - 0.03), frame)
        maker.box((-half - 0.02, 0, head - 0.06), (half + 0.02, 0.045, head), frame, 0.012)
    for x in (-half - 0.02, half - 0.01):
        maker.box((x, 0.04, 0.12), (x + 0.03, piece.depth, 0.3), frame)
    maker.box((-half - 0.02, piece.depth - 0.03, 0.1), (half + 0.02, piece.depth, 0.32), frame)
    _legs(maker, piece, 0.14)
    maker.soft(
        (-half + 0.01, 0.1, 0.2),
        (half - 0.01, piece.depth - 0.035, top),
        material("fabric", (0.88, 0.87, 0.84)),
        0.06,
        0.002,
        piece.variant,
    )


def made_bed(piece: Piece, stuff: Material) -> list:
    """The smooth duvet of a tidy bed, hanging over three edges."""
    maker = Maker(
        Matrix.Translation((piece.x, piece.y, 0))
        @ Matrix.Rotation(math.radians(piece.turn), 4, "Z")
    )
    half = piece.width / 2
    start = 0.55
    drop = 0.26
    s, t = np.meshgrid(
        np.linspace(-half - drop, half + drop, 60),
        np.linspace(start, piece.depth + drop * 0.8, 60),
        indexing="xy",
    )
    over = np.clip(np.abs(s) - half, 0, None)
    past = np.clip(t - piece.depth, 0, None)
    fall = np.maximum(over, past)
    x = np.clip(s, -half, half) + np.sign(s) * np.minimum(over, 0.025)
    y = np.clip(t, None, piece.depth) + np.minimum(past, 0.025)
    folds = (
        0.006 * np.sin(7 * s + piece.variant) * np.sin(4 * t)
        + 0.004 * np.sin(17 * t + 6 * s)
        + fall * 0.08 * np.sin(19 * (s + t) + piece.variant)
    )
    z = piece.height + 0.035 - np.clip(fall - 0.02, 0, None) + folds * (fall < 0.02)
    out = folds * (fall >= 0.02)
    maker.put(meshes.sheet(x + np.sign(s) * out * (over > past), y + out * (past > over), z), stuff)
    maker.soft(
        (-half - 0.02, start - 0.02, piece.height + 0.02),
        (half + 0.02, start + 0.22, piece.height + 0.055),
        material("fabric", (0.92, 0.91, 0.89)),
        0.016,
        0.002,
    )
    for obj in maker.made[:1]:
        thicken(obj, 0.022)
    return maker.made


def thicken(obj: Object, thickness: float) -> None:
    """Give a sheet its thickness in metres and a finer surface."""
    solid = obj.modifiers.new("thick", "SOLIDIFY")
    solid.thickness = thickness
    solid.offset = 1.0
    smooth = obj.modifiers.new("smooth", "SUBSURF")
    smooth.levels = smooth.render_levels = 1


def _chest(maker: Maker, piece: Piece, untidy: bool) -> None:
    half = piece.width / 2
    wood = _wood(piece)
    _bin(maker, (-half, 0, 0.02), (half, piece.depth, piece.height - 0.04), wood)
    angle = 75 if untidy else 0
    lid = Maker(
        maker.matrix
        @ Matrix.Translation((0, 0.01, piece.height - 0.04))
        @ Matrix.Rotation(math.radians(angle), 4, "X"),
        int(untidy),
    )
    lid.box((-half - 0.01, 0, 0), (half + 0.01, piece.depth + 0.01, 0.04), wood, 0.008)
    maker.made += lid.made


def _basket(maker: Maker, piece: Piece, untidy: bool) -> None:
    radius = min(piece.width, piece.depth) / 2
    height = piece.height
    profile = [
        (0.001, 0.01),
        (radius * 0.82, 0.01),
        (radius * 0.82, 0),
        (radius, height),
        (radius + 0.012, height),
        (radius + 0.012, height - 0.02),
        (radius - 0.012, height),
        (radius * 0.8, 0.02),
    ]
    maker.put(
        meshes.turned(profile, 24),
        material("weave", (0.70, 0.55, 0.38) if piece.variant % 2 else piece.colour),
        (0, piece.depth / 2, 0),
    )


def _coffee_table(maker: Maker, piece: Piece, untidy: bool) -> None:
    half = piece.width / 2
    maker.box((-half, 0, piece.height - 0.035), (half, piece.depth, piece.height), _wood(piece))
    _legs(maker, piece, piece.height - 0.035)
    if piece.variant % 2:
        maker.box((-half + 0.05, 0.05, 0.14), (half - 0.05, piece.depth - 0.05, 0.16), _wood(piece))


def _tv_bench(maker: Maker, piece: Piece, untidy: bool) -> None:
    _case(maker, piece, bottom=0.03)
    black = material("plastic", (0.03, 0.03, 0.032))
    half = min(0.6, piece.width * 0.38)
    maker.box(
        (-half, 0.18, piece.height + 0.06), (half, 0.21, piece.height + 0.06 + half * 1.13), black
    )
    maker.box(
        (-half + 0.012, 0.21, piece.height + 0.072),
        (half - 0.012, 0.212, piece.height + 0.048 + half * 1.13),
        material("screen"),
        0.001,
    )
    maker.box((-0.2, 0.12, piece.height), (0.2, 0.27, piece.height + 0.012), black)
    maker.box((-0.03, 0.18, piece.height), (0.03, 0.2, piece.height + 0.1), black)


def _lamp(maker: Maker, piece: Piece, untidy: bool) -> None:
    dark = material("metal", (0.25, 0.24, 0.23) if piece.variant % 2 else (0.7, 0.6, 0.4))
    maker.put(
        meshes.turned(
            [
                (0.001, 0),
                (0.14, 0),
                (0.14, 0.02),
                (0.012, 0.03),
                (0.012, piece.height - 0.2),
                (0.001, piece.height - 0.2),
            ]
        ),
        dark,
        (0, piece.depth / 2, 0),
    )
    shade(maker, piece, (0, piece.depth / 2, piece.height - 0.3), 0.18, 0.26)


def shade(maker: Maker, piece: Piece, at: tuple, radius: float, height: float) -> None:
    """A lampshade, open above and below."""
    cloth = material("curtain", (0.93, 0.88, 0.78) if piece.variant % 3 else piece.accent)
    maker.put(meshes.turned([(radius, 0), (radius * 0.72, height)], 24), cloth, at)


def _plant(maker: Maker, piece: Piece, untidy: bool) -> None:
    rng = seeds.stream(piece.variant, "plant")
    pot = rng.choice(((0.9, 0.9, 0.88), (0.62, 0.35, 0.22), (0.2, 0.2, 0.22)))
    maker.put(
        meshes.turned(
            [(0.001, 0), (0.11, 0), (0.15, 0.28), (0.135, 0.28), (0.12, 0.24), (0.001, 0.24)]
        ),
        material("plastic", pot),
        (0, piece.depth / 2, 0),
    )
    leaf = _leaf_mesh()
    green = material("leaf", (0.16, 0.34 + rng.random() * 0.12, 0.13))
    for _ in range(rng.randint(26, 44)):
        z = rng.uniform(0.26, piece.height - 0.2)
        size = rng.uniform(0.7, 1.3) * (0.55 + piece.width * 0.5)
        obj = maker.put(
            leaf,
            green,
            (rng.gauss(0, 0.03), piece.depth / 2 + rng.gauss(0, 0.03), z),
            (rng.uniform(-10, 60), rng.uniform(-20, 20), rng.uniform(0, 360)),
        )
        obj.scale = (size,) * 3
    maker.box(
        (-0.012, piece.depth / 2 - 0.012, 0.24),
        (0.012, piece.depth / 2 + 0.012, piece.height - 0.2),
        material("wood", (0.3, 0.2, 0.12)),
    )


def _leaf_mesh() -> Mesh:
    t, s = np.meshgrid(np.linspace(0, 1, 9), np.linspace(-1, 1, 5), indexing="ij")
    width = 0.075 * np.sin(np.pi * t**0.8) * s
    return meshes.sheet(width, 0.02 + 0.36 * t, 0.12 * t - 0.22 * t**2 + 0.03 * s**2)


def _shoe_rack(maker: Maker, piece: Piece, untidy: bool) -> None:
    half = piece.width / 2
    for z in (0.06, piece.height - 0.02):
        maker.box((-half, 0, z - 0.02), (half, piece.depth, z), _wood(piece))
    for x in (-half, half - 0.02):
        maker.box((x, 0, 0), (x + 0.02, piece.depth, piece.height - 0.02), _wood(piece))


_BUILDERS = {
    "bookcase": _bookcase,
    "cubby": _cubby,
    "wardrobe": _doored,
    "closet": _shelved_closet,
    "dresser": _dresser,
    "nightstand": _dresser,
    "desk": _desk,
    "chair": _chair,
    "sofa": _sofa,
    "armchair": _sofa,
    "double_bed": _bed,
    "single_bed": _bed,
    "chest": _chest,
    "basket": _basket,
    "coffee_table": _coffee_table,
    "tv_bench": _tv_bench,
    "lamp": _lamp,
    "plant": _plant,
    "shoe_rack": _shoe_rack,
}
