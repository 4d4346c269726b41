"""Builds a room's furniture from a `Piece`: boards, cushions and legs."""

from bpy.types import Material, Object

from ..core import meshes, pieces
from ..core.maker import Maker
from ..core.materials import material
from ..core.pieces import timber
from ..core.records import Piece
from . import cupboards
from .cupboards import legs

ARM = 0.2  # width of a sofa's arm, metres


def _desk(maker: Maker, piece: Piece) -> None:
    """A desk with a screen and a keyboard."""
    maker.box(
        (-piece.width / 2, 0, piece.height - 0.03),
        (piece.width / 2, piece.depth, piece.height),
        timber(piece),
    )
    legs(maker, piece, piece.height - 0.03)
    maker.box(
        (-piece.width / 2 + 0.05, 0.05, piece.height - 0.1),
        (piece.width / 2 - 0.05, 0.07, piece.height - 0.03),
        timber(piece),
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


def _sofa(maker: Maker, piece: Piece) -> None:
    """A sofa or an armchair."""
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


def _bed(maker: Maker, piece: Piece) -> None:
    """A bed and its mattress; the head of it is padded, a board, or bars."""
    half = piece.width / 2
    top = piece.height
    upholstered = piece.variant % 3 == 0
    frame = material("fabric", piece.accent) if upholstered else timber(piece)
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
    legs(maker, piece, 0.14)
    maker.soft(
        (-half + 0.01, 0.1, 0.2),
        (half - 0.01, piece.depth - 0.035, top),
        material("fabric", (0.88, 0.87, 0.84)),
        0.06,
        0.002,
        piece.variant,
    )


def _coffee_table(maker: Maker, piece: Piece) -> None:
    """A low table, half of them with a shelf."""
    half = piece.width / 2
    maker.box((-half, 0, piece.height - 0.035), (half, piece.depth, piece.height), timber(piece))
    legs(maker, piece, piece.height - 0.035)
    if piece.variant % 2:
        maker.box(
            (-half + 0.05, 0.05, 0.14), (half - 0.05, piece.depth - 0.05, 0.16), timber(piece)
        )


def _lamp(maker: Maker, piece: Piece) -> None:
    """A lamp that stands on the floor."""
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


FIXED = {  # these look the same in both twins
    "bookcase": cupboards.bookcase,
    "cubby": cupboards.cubby,
    "closet": cupboards.closet,
    "basket": cupboards.basket,
    "tv_bench": cupboards.tv_bench,
    "shoe_rack": cupboards.shoe_rack,
    "desk": _desk,
    "chair": pieces.chair,
    "sofa": _sofa,
    "armchair": _sofa,
    "double_bed": _bed,
    "single_bed": _bed,
    "coffee_table": _coffee_table,
    "lamp": _lamp,
    "plant": pieces.plant,
}
OPENING = {  # doors, drawers and lids stand open in the messy twin
    "wardrobe": cupboards.wardrobe,
    "dresser": cupboards.dresser,
    "nightstand": cupboards.dresser,
    "chest": cupboards.chest,
}


def build(piece: Piece, untidy: bool) -> tuple[list[Object], dict[str, float]]:
    """Make the piece; return its objects and how far each drawer is pulled out, in metres."""
    maker = Maker(pieces.frame(piece))
    if piece.kind in FIXED:
        FIXED[piece.kind](maker, piece)
        return maker.made, {}
    pulled = OPENING[piece.kind](maker, piece, untidy) or {}
    return maker.made, pulled


def linen(piece: Piece) -> Material:
    """What a bed's duvet is covered with."""
    return material(
        "pattern" if piece.variant % 5 < 2 else "fabric",
        piece.accent,
        seed=piece.variant % 11,
        uv=True,
    )
