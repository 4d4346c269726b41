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


def build(piece: Piece, untidy: bool) -> tuple[list, dict[str, float]]:
    """Make the piece; return its objects and how far each drawer is pulled out, in metres."""
    matrix = Matrix.Translation((piece.x, piece.y, 0)) @ Matrix.Rotation(
        math.radians(piece.turn), 4, "Z"
    )
    maker = Maker(matrix)
    pulled = _BUILDERS[piece.kind](maker, piece, untidy) or {}
    return maker.made, pulled


def _wood(p: Piece) -> Material:
    return material("wood", p.colour, seed=p.variant % 7)


def _legs(m: Maker, p: Piece, height: float, thick: float = 0.05) -> None:
    for x in (-1, 1):
        for y in (thick, p.depth - thick):
            m.box(
                (x * (p.width / 2 - thick) - thick / 2, y - thick / 2, 0),
                (x * (p.width / 2 - thick) + thick / 2, y + thick / 2, height),
                _wood(p),
            )


def _case(m: Maker, p: Piece, back: bool = True, bottom: float = 0.0, board: float = 0.02) -> None:
    """Sides, top, bottom and back of a cabinet."""
    w, wood = p.width / 2, _wood(p)
    for x in (-w, w - board):
        m.box((x, 0, bottom), (x + board, p.depth, p.height), wood, 0.002)
    m.box((-w, 0, p.height - board), (w, p.depth + 0.005, p.height), wood, 0.002)
    m.box((-w + board, 0, bottom), (w - board, p.depth, bottom + 0.05), wood, 0.002)
    if back:
        m.box((-w + board, 0, bottom), (w - board, 0.012, p.height - board), wood, 0.001)


def _bookcase(m: Maker, p: Piece, untidy: bool) -> None:
    _case(m, p, back=p.variant % 3 > 0)
    for z in levels(p, shelf_count(p))[1:]:
        m.box(
            (-p.width / 2 + 0.02, 0.01, z - 0.012),
            (p.width / 2 - 0.02, p.depth - 0.01, z + 0.006),
            _wood(p),
            0.002,
        )


def _cubby(m: Maker, p: Piece, untidy: bool) -> None:
    w, wood = p.width / 2, _wood(p)
    for i in range(round(p.width / 0.36) + 1):
        m.box((-w + 0.36 * i, 0, 0), (-w + 0.36 * i + 0.03, p.depth, p.height), wood, 0.003)
    for j in range(round(p.height / 0.36) + 1):
        m.box((-w, 0, 0.36 * j), (w, p.depth, 0.36 * j + 0.03), wood, 0.003)
    m.box((-w, 0, 0), (w, 0.008, p.height), wood, 0.001)
    rng = seeds.stream(p.variant, "bins")
    colours = [p.accent, (0.85, 0.83, 0.78), (0.66, 0.5, 0.33)]
    for i, (x, z) in enumerate(cells(p)):
        if has_bin(p, i):
            _bin(
                m,
                (x + 0.01, 0.02, z + 0.003),
                (x + 0.32, p.depth - 0.005, z + 0.25),
                material("fabric", rng.choice(colours)),
            )


def _bin(m: Maker, low: tuple, high: tuple, stuff: Material) -> None:
    """An open box of thin walls."""
    (a, b, c), (d, e, f) = low, high
    for lo, hi in (
        ((a, b, c), (d, e, c + 0.01)),
        ((a, b, c), (a + 0.008, e, f)),
        ((d - 0.008, b, c), (d, e, f)),
        ((a, b, c), (d, b + 0.008, f)),
        ((a, e - 0.008, c), (d, e, f)),
    ):
        m.box(lo, hi, stuff, 0.002)


def _doored(m: Maker, p: Piece, untidy: bool) -> None:
    _shelved_closet(m, p)
    w, wood = p.width / 2, _wood(p)
    knob = material("metal", (0.7, 0.68, 0.64))
    for side in (-1, 1):
        rng = seeds.stream(p.variant, "door", side)
        angle = rng.uniform(25, 115) if untidy and rng.random() < 0.8 else 0.0
        hinge = (
            m.matrix
            @ Matrix.Translation((side * w, p.depth, 0))
            @ Matrix.Rotation(math.radians(-side * angle), 4, "Z")
        )
        door = Maker(hinge, int(angle > 0))
        low, high = sorted((-side * 0.003, -side * (w - 0.003)))
        door.box((low, 0.002, 0.06), (high, 0.022, p.height - 0.01), wood, 0.003)
        door.box((low + 0.07, 0.018, 0.16), (high - 0.07, 0.027, p.height - 0.11), wood, 0.004)
        door.box(
            (-side * (w - 0.05) - 0.008, 0.022, p.height * 0.48),
            (-side * (w - 0.05) + 0.008, 0.05, p.height * 0.48 + 0.14),
            knob,
        )
        m.made += door.made


def _shelved_closet(m: Maker, p: Piece, *_: bool) -> None:
    """Shelves on the left, a rail on the right; `homes.slots_wardrobe` has the same measures."""
    _case(m, p)
    w, wood = p.width / 2, _wood(p)
    m.box((-0.01, 0.01, 0.05), (0.01, p.depth - 0.03, p.height - 0.02), wood, 0.002)
    for z in (0.55, 0.85, 1.15, 1.45, 1.75):
        m.box((-w + 0.02, 0.01, z - 0.01), (-0.01, p.depth - 0.04, z + 0.01), wood, 0.002)
    m.box((0.01, 0.01, 0.58), (w - 0.02, p.depth - 0.04, 0.6), wood, 0.002)
    rail = meshes.turned([(0.001, 0), (0.012, 0), (0.012, w - 0.03), (0.001, w - 0.03)], 10)
    m.put(
        rail,
        material("metal", (0.75, 0.75, 0.76)),
        (0.01, p.depth / 2, p.height - 0.11),
        (0, 90, 0),
    )


def _dresser(m: Maker, p: Piece, untidy: bool) -> dict[str, float]:
    _case(m, p)
    edges, wood, w = drawers(p), _wood(p), p.width / 2
    step = edges[1] - edges[0] if len(edges) > 1 else 0.2
    if p.kind == "nightstand":
        _bin(m, (-w + 0.02, 0.012, 0.02), (w - 0.02, p.depth - 0.01, 0.05), wood)
    pulled = {}
    for i, z in enumerate(edges):
        rng = seeds.stream(p.variant, "drawer", i)
        out = rng.uniform(0.08, 0.3) if untidy and rng.random() < 0.6 else 0.0
        pulled[f"drawer{i}"] = out
        _drawer(Maker(m.matrix @ Matrix.Translation((0, out, 0)), int(out > 0)), p, z, step, m.made)
    return pulled


def _drawer(d: Maker, p: Piece, z: float, step: float, made: list) -> None:
    w, wood = p.width / 2 - 0.025, _wood(p)
    _bin(d, (-w + 0.015, 0.02, z + 0.005), (w - 0.015, p.depth - 0.005, z + step - 0.06), wood)
    d.box((-w, p.depth - 0.012, z), (w, p.depth + 0.012, z + step - 0.008), wood, 0.004)
    knob = meshes.turned(
        [(0.001, 0), (0.008, 0), (0.008, 0.015), (0.016, 0.02), (0.014, 0.03), (0.001, 0.032)], 12
    )
    for x in (-w * 0.5, w * 0.5) if p.kind == "dresser" else (0,):
        d.put(
            knob,
            material("metal", (0.6, 0.58, 0.55)),
            (x, p.depth + 0.012, z + step * 0.5),
            (-90, 0, 0),
        )
    made += d.made


def _desk(m: Maker, p: Piece, untidy: bool) -> None:
    m.box((-p.width / 2, 0, p.height - 0.03), (p.width / 2, p.depth, p.height), _wood(p))
    _legs(m, p, p.height - 0.03)
    m.box(
        (-p.width / 2 + 0.05, 0.05, p.height - 0.1),
        (p.width / 2 - 0.05, 0.07, p.height - 0.03),
        _wood(p),
    )
    black, x = material("plastic", (0.05, 0.05, 0.055)), (p.variant % 20 - 10) / 100
    m.box((x - 0.27, 0.16, p.height + 0.09), (x + 0.27, 0.18, p.height + 0.42), black)
    m.box(
        (x - 0.26, 0.18, p.height + 0.1),
        (x + 0.26, 0.182, p.height + 0.41),
        material("screen"),
        0.001,
    )
    m.box((x - 0.03, 0.13, p.height), (x + 0.03, 0.16, p.height + 0.2), black)
    m.box((x - 0.11, 0.1, p.height), (x + 0.11, 0.26, p.height + 0.012), black)
    m.box(
        (x - 0.21, 0.36, p.height),
        (x + 0.21, 0.49, p.height + 0.018),
        material("plastic", (0.08, 0.08, 0.09) if p.variant % 2 else (0.8, 0.8, 0.8)),
    )


def _chair(m: Maker, p: Piece, untidy: bool) -> None:
    w, seat = p.width / 2, 0.45
    for x in (-w + 0.025, w - 0.025):
        m.box((x - 0.018, 0.01, 0), (x + 0.018, 0.045, p.height), _wood(p))
        m.box((x - 0.018, p.depth - 0.05, 0), (x + 0.018, p.depth - 0.015, seat), _wood(p))
    m.box((-w, 0, seat - 0.025), (w, p.depth, seat), _wood(p), 0.01)
    for z in (p.height - 0.1, p.height - 0.24):
        m.box((-w + 0.03, 0.015, z), (w - 0.03, 0.035, z + 0.08), _wood(p))
    if p.variant % 2:
        m.soft(
            (-w + 0.02, 0.05, seat),
            (w - 0.02, p.depth - 0.01, seat + 0.04),
            material("fabric", p.accent),
            0.02,
        )


def _sofa(m: Maker, p: Piece, untidy: bool) -> None:
    kind = "leather" if p.variant % 4 == 0 else "pattern" if p.variant % 9 == 1 else "fabric"
    stuff = material(kind, p.colour, seed=p.variant % 5)
    w, arm, seats = p.width / 2, 0.2, 1 if p.kind == "armchair" else 2 + (p.width > 2)
    m.soft((-w + 0.02, 0.03, 0.09), (w - 0.02, p.depth - 0.03, 0.3), stuff, 0.04)
    for x in (-w, w - arm):
        m.soft((x, 0.02, 0.06), (x + arm, p.depth, 0.6), stuff, 0.08, 0.002, p.variant)
    m.soft(
        (-w + arm * 0.6, 0, 0.1),
        (w - arm * 0.6, 0.24, p.height - 0.04),
        stuff,
        0.08,
        0.003,
        p.variant,
    )
    each = (p.width - 2 * arm) / seats
    for i in range(seats):
        x = -w + arm + i * each
        m.soft(
            (x + 0.005, 0.22, 0.28),
            (x + each - 0.005, p.depth - 0.01, 0.44),
            stuff,
            0.05,
            0.003,
            p.variant + i,
            0.015,
        )
        m.soft(
            (x + 0.005, 0.14, 0.42),
            (x + each - 0.005, 0.36, p.height),
            stuff,
            0.08,
            0.006,
            p.variant + 2 * i,
            turn=(6, 0, 0),
        )
    for x in (-w + 0.08, w - 0.08):
        for y in (0.08, p.depth - 0.08):
            m.box(
                (x - 0.025, y - 0.025, 0),
                (x + 0.025, y + 0.025, 0.1),
                material("wood", (0.25, 0.16, 0.1)),
            )


def _bed(m: Maker, p: Piece, untidy: bool) -> None:
    w, top = p.width / 2, p.height
    upholstered = p.variant % 3 == 0
    frame = material("fabric", p.accent) if upholstered else _wood(p)
    head = 0.85 + (p.variant % 40) / 100
    if upholstered:
        m.soft((-w - 0.04, 0, 0.05), (w + 0.04, 0.1, head), frame, 0.04, 0.002)
    elif p.variant % 3 == 1:
        m.box((-w - 0.02, 0, 0.05), (w + 0.02, 0.045, head), frame, 0.012)
    else:
        for i in range(9):
            x = -w + 0.02 + i * (p.width - 0.04) / 8
            m.box((x - 0.02, 0.005, 0.1), (x + 0.02, 0.035, head - 0.03), frame)
        m.box((-w - 0.02, 0, head - 0.06), (w + 0.02, 0.045, head), frame, 0.012)
    for x in (-w - 0.02, w - 0.01):
        m.box((x, 0.04, 0.12), (x + 0.03, p.depth, 0.3), frame)
    m.box((-w - 0.02, p.depth - 0.03, 0.1), (w + 0.02, p.depth, 0.32), frame)
    _legs(m, p, 0.14)
    m.soft(
        (-w + 0.01, 0.1, 0.2),
        (w - 0.01, p.depth - 0.035, top),
        material("fabric", (0.88, 0.87, 0.84)),
        0.06,
        0.002,
        p.variant,
    )


def made_bed(p: Piece, stuff: Material) -> list:
    """The smooth duvet of a tidy bed, hanging over three edges."""
    m = Maker(Matrix.Translation((p.x, p.y, 0)) @ Matrix.Rotation(math.radians(p.turn), 4, "Z"))
    w, start, drop = p.width / 2, 0.55, 0.26
    s, t = np.meshgrid(
        np.linspace(-w - drop, w + drop, 60),
        np.linspace(start, p.depth + drop * 0.8, 60),
        indexing="xy",
    )
    over, past = np.clip(np.abs(s) - w, 0, None), np.clip(t - p.depth, 0, None)
    fall = np.maximum(over, past)
    x, y = (
        np.clip(s, -w, w) + np.sign(s) * np.minimum(over, 0.025),
        np.clip(t, None, p.depth) + np.minimum(past, 0.025),
    )
    folds = (
        0.006 * np.sin(7 * s + p.variant) * np.sin(4 * t)
        + 0.004 * np.sin(17 * t + 6 * s)
        + fall * 0.08 * np.sin(19 * (s + t) + p.variant)
    )
    z = p.height + 0.035 - np.clip(fall - 0.02, 0, None) + folds * (fall < 0.02)
    out = folds * (fall >= 0.02)
    m.put(meshes.sheet(x + np.sign(s) * out * (over > past), y + out * (past > over), z), stuff)
    m.soft(
        (-w - 0.02, start - 0.02, p.height + 0.02),
        (w + 0.02, start + 0.22, p.height + 0.055),
        material("fabric", (0.92, 0.91, 0.89)),
        0.016,
        0.002,
    )
    for obj in m.made[:1]:
        thicken(obj, 0.022)
    return m.made


def thicken(obj: Object, thickness: float) -> None:
    """Give a sheet its thickness in metres and a finer surface."""
    solid = obj.modifiers.new("thick", "SOLIDIFY")
    solid.thickness, solid.offset = thickness, 1.0
    smooth = obj.modifiers.new("smooth", "SUBSURF")
    smooth.levels = smooth.render_levels = 1


def _chest(m: Maker, p: Piece, untidy: bool) -> None:
    w, wood = p.width / 2, _wood(p)
    _bin(m, (-w, 0, 0.02), (w, p.depth, p.height - 0.04), wood)
    angle = 75 if untidy else 0
    lid = Maker(
        m.matrix
        @ Matrix.Translation((0, 0.01, p.height - 0.04))
        @ Matrix.Rotation(math.radians(angle), 4, "X"),
        int(untidy),
    )
    lid.box((-w - 0.01, 0, 0), (w + 0.01, p.depth + 0.01, 0.04), wood, 0.008)
    m.made += lid.made


def _basket(m: Maker, p: Piece, untidy: bool) -> None:
    r, h = min(p.width, p.depth) / 2, p.height
    profile = [
        (0.001, 0.01),
        (r * 0.82, 0.01),
        (r * 0.82, 0),
        (r, h),
        (r + 0.012, h),
        (r + 0.012, h - 0.02),
        (r - 0.012, h),
        (r * 0.8, 0.02),
    ]
    m.put(
        meshes.turned(profile, 24),
        material("weave", (0.70, 0.55, 0.38) if p.variant % 2 else p.colour),
        (0, p.depth / 2, 0),
    )


def _coffee_table(m: Maker, p: Piece, untidy: bool) -> None:
    w = p.width / 2
    m.box((-w, 0, p.height - 0.035), (w, p.depth, p.height), _wood(p))
    _legs(m, p, p.height - 0.035)
    if p.variant % 2:
        m.box((-w + 0.05, 0.05, 0.14), (w - 0.05, p.depth - 0.05, 0.16), _wood(p))


def _tv_bench(m: Maker, p: Piece, untidy: bool) -> None:
    _case(m, p, bottom=0.03)
    black = material("plastic", (0.03, 0.03, 0.032))
    half = min(0.6, p.width * 0.38)
    m.box((-half, 0.18, p.height + 0.06), (half, 0.21, p.height + 0.06 + half * 1.13), black)
    m.box(
        (-half + 0.012, 0.21, p.height + 0.072),
        (half - 0.012, 0.212, p.height + 0.048 + half * 1.13),
        material("screen"),
        0.001,
    )
    m.box((-0.2, 0.12, p.height), (0.2, 0.27, p.height + 0.012), black)
    m.box((-0.03, 0.18, p.height), (0.03, 0.2, p.height + 0.1), black)


def _lamp(m: Maker, p: Piece, untidy: bool) -> None:
    dark = material("metal", (0.25, 0.24, 0.23) if p.variant % 2 else (0.7, 0.6, 0.4))
    m.put(
        meshes.turned(
            [
                (0.001, 0),
                (0.14, 0),
                (0.14, 0.02),
                (0.012, 0.03),
                (0.012, p.height - 0.2),
                (0.001, p.height - 0.2),
            ]
        ),
        dark,
        (0, p.depth / 2, 0),
    )
    shade(m, p, (0, p.depth / 2, p.height - 0.3), 0.18, 0.26)


def shade(m: Maker, p: Piece, at: tuple, radius: float, height: float) -> None:
    """A lampshade, open above and below."""
    cloth = material("curtain", (0.93, 0.88, 0.78) if p.variant % 3 else p.accent)
    m.put(meshes.turned([(radius, 0), (radius * 0.72, height)], 24), cloth, at)


def _plant(m: Maker, p: Piece, untidy: bool) -> None:
    rng = seeds.stream(p.variant, "plant")
    pot = rng.choice(((0.9, 0.9, 0.88), (0.62, 0.35, 0.22), (0.2, 0.2, 0.22)))
    m.put(
        meshes.turned(
            [(0.001, 0), (0.11, 0), (0.15, 0.28), (0.135, 0.28), (0.12, 0.24), (0.001, 0.24)]
        ),
        material("plastic", pot),
        (0, p.depth / 2, 0),
    )
    leaf, green = _leaf_mesh(), material("leaf", (0.16, 0.34 + rng.random() * 0.12, 0.13))
    for _ in range(rng.randint(26, 44)):
        z = rng.uniform(0.26, p.height - 0.2)
        size = rng.uniform(0.7, 1.3) * (0.55 + p.width * 0.5)
        obj = m.put(
            leaf,
            green,
            (rng.gauss(0, 0.03), p.depth / 2 + rng.gauss(0, 0.03), z),
            (rng.uniform(-10, 60), rng.uniform(-20, 20), rng.uniform(0, 360)),
        )
        obj.scale = (size,) * 3
    m.box(
        (-0.012, p.depth / 2 - 0.012, 0.24),
        (0.012, p.depth / 2 + 0.012, p.height - 0.2),
        material("wood", (0.3, 0.2, 0.12)),
    )


def _leaf_mesh() -> Mesh:
    t, s = np.meshgrid(np.linspace(0, 1, 9), np.linspace(-1, 1, 5), indexing="ij")
    width = 0.075 * np.sin(np.pi * t**0.8) * s
    return meshes.sheet(width, 0.02 + 0.36 * t, 0.12 * t - 0.22 * t**2 + 0.03 * s**2)


def _shoe_rack(m: Maker, p: Piece, untidy: bool) -> None:
    w = p.width / 2
    for z in (0.06, p.height - 0.02):
        m.box((-w, 0, z - 0.02), (w, p.depth, z), _wood(p))
    for x in (-w, w - 0.02):
        m.box((x, 0, 0), (x + 0.02, p.depth, p.height - 0.02), _wood(p))


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
