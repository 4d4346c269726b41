"""What keeps things: shelves, cupboards, drawers, chests, baskets."""

import math

from bpy.types import Material
from mathutils import Matrix

from ..core import meshes, seeds
from ..core.maker import Maker
from ..core.materials import material
from ..core.pieces import timber
from ..core.records import Piece
from .slots import cells, drawers, has_bin, levels, shelf_count


def legs(maker: Maker, piece: Piece, height: float, thick: float = 0.05) -> None:
    """Four square legs up to a height."""
    for x in (-1, 1):
        for y in (thick, piece.depth - thick):
            maker.box(
                (x * (piece.width / 2 - thick) - thick / 2, y - thick / 2, 0),
                (x * (piece.width / 2 - thick) + thick / 2, y + thick / 2, height),
                timber(piece),
            )


def _case(
    maker: Maker, piece: Piece, back: bool = True, bottom: float = 0.0, board: float = 0.02
) -> None:
    """Sides, top, bottom and back of a cabinet."""
    half = piece.width / 2
    wood = timber(piece)
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


def bookcase(maker: Maker, piece: Piece) -> None:
    """Shelves; two of three have a back."""
    _case(maker, piece, back=piece.variant % 3 > 0)
    for z in levels(piece, shelf_count(piece))[1:]:
        maker.box(
            (-piece.width / 2 + 0.02, 0.01, z - 0.012),
            (piece.width / 2 - 0.02, piece.depth - 0.01, z + 0.006),
            timber(piece),
            0.002,
        )


def cubby(maker: Maker, piece: Piece) -> None:
    """Compartments, some of them with a bin."""
    half = piece.width / 2
    wood = timber(piece)
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
    x0, y0, z0 = low
    x1, y1, z1 = high
    for start, end in (
        (low, (x1, y1, z0 + 0.01)),
        (low, (x0 + 0.008, y1, z1)),
        ((x1 - 0.008, y0, z0), high),
        (low, (x1, y0 + 0.008, z1)),
        ((x0, y1 - 0.008, z0), high),
    ):
        maker.box(start, end, stuff, 0.002)


def wardrobe(maker: Maker, piece: Piece, untidy: bool) -> None:
    """A closet with two doors, one or both ajar where it is untidy."""
    closet(maker, piece)
    half = piece.width / 2
    wood = timber(piece)
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


def closet(maker: Maker, piece: Piece) -> None:
    """Shelves on the left, a rail on the right; `slots.slots_wardrobe` has the same measures."""
    _case(maker, piece)
    half = piece.width / 2
    wood = timber(piece)
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


def dresser(maker: Maker, piece: Piece, untidy: bool) -> dict[str, float]:
    """Drawers; returns how far each is pulled out, in metres."""
    _case(maker, piece)
    edges = drawers(piece)
    wood = timber(piece)
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
    wood = timber(piece)
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


def chest(maker: Maker, piece: Piece, untidy: bool) -> None:
    """A chest whose lid stands open where it is untidy."""
    half = piece.width / 2
    wood = timber(piece)
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


def basket(maker: Maker, piece: Piece) -> None:
    """A laundry basket of wickerwork."""
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


def shoe_rack(maker: Maker, piece: Piece) -> None:
    """Two boards on two sides."""
    half = piece.width / 2
    for z in (0.06, piece.height - 0.02):
        maker.box((-half, 0, z - 0.02), (half, piece.depth, z), timber(piece))
    for x in (-half, half - 0.02):
        maker.box((x, 0, 0), (x + 0.02, piece.depth, piece.height - 0.02), timber(piece))


def tv_bench(maker: Maker, piece: Piece) -> None:
    """A low bench with a television on it."""
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
