"""Beds: the head along x at y = 0, the foot towards +y."""

import numpy as np
from bpy.types import Material

from ..core import meshes, pieces, tubes
from ..core.maker import Maker
from ..core.materials import material
from ..core.records import Piece
from .catalogue import BLACK, CREAM_LINEN, LINEN, SOFT
from .daybeds import daybed
from .fittings import corners, legs, timber
from .records import Design, FurniturePlan
from .upholstery import UP, crown, pad


def build(maker: Maker, plan: FurniturePlan) -> None:
    """Make the bed of a plan."""
    design = plan.design
    stuff = material(
        "lacquer" if design.stuff == "metal" else design.stuff, plan.colour, seed=design.variant % 7
    )
    if design.kind == "daybed":
        daybed(maker, design, stuff, pillows=True)
        return
    rail = design.seat - (0.12 if design.kind == "low" else 0.24)
    _headboard(maker, design, stuff)
    _bedstead(maker, design, stuff, rail)
    if design.kind == "canopy":
        _canopy(maker, design, stuff)
    if design.linen == "bare":
        _slats(maker, design, rail)
    else:
        _linen(maker, design, rail)


def _headboard(maker: Maker, design: Design, stuff: Material) -> None:
    half = design.width / 2 + 0.03
    low = 0.14
    tall = design.height - low
    if design.kind == "metal":
        _bars(maker, design, stuff, 0.0, design.height)
    elif design.stuff in SOFT:
        warp = crown(design.variant) if design.kind == "camelback" else None
        board = pad((2 * half, 0.1, tall), 0.03, design.quilt, 0.03, warp)
        maker.put(board, stuff, (0, 0.0, low + tall / 2))
        if design.kind in ("wing", "sleigh"):
            for x in (-half, half):
                maker.soft((x - 0.04, -0.05, low), (x + 0.04, 0.22, design.height), stuff, 0.035)
    elif design.kind == "low":
        maker.box(
            (-half - 0.1, -0.05, low),
            (half + 0.1, 0.02, design.height - 0.12),
            material("wood", BLACK),
        )
        maker.box(
            (-half - 0.1, -0.05, design.height - 0.12), (half + 0.1, 0.025, design.height), stuff
        )
    else:
        _boards(maker, design, stuff, 0.0, design.height)


def _boards(maker: Maker, design: Design, stuff: Material, y: float, top: float) -> None:
    """A headboard or footboard of wood: posts, a top rail, and panels, slats or louvres between."""
    half = design.width / 2 + 0.02
    for x in (-half, half):
        maker.box((x - 0.035, y - 0.03, 0), (x + 0.035, y + 0.03, top), stuff)
    maker.box((-half - 0.05, y - 0.04, top - 0.05), (half + 0.05, y + 0.04, top + 0.01), stuff)
    maker.box((-half, y - 0.02, 0.3), (half, y + 0.02, 0.36), stuff)
    if design.kind == "panel" or design.kind == "canopy":
        maker.box((-half, y - 0.012, 0.3), (half, y + 0.012, top), stuff)
        edges = np.linspace(-half, half, 2 + design.variant % 3)
        for a, b in zip(edges, edges[1:], strict=False):
            maker.box((a + 0.09, y - 0.022, 0.42), (b - 0.09, y + 0.022, top - 0.12), stuff, 0.008)
    elif design.variant % 2:
        for x in np.linspace(-half, half, 9 + design.variant % 5)[1:-1]:
            maker.box((x - 0.022, y - 0.012, 0.33), (x + 0.022, y + 0.012, top - 0.03), stuff)
    else:
        for z in np.arange(0.4, top - 0.06, 0.07 + 0.05 * (design.variant % 3)):
            maker.box((-half, y - 0.012, z), (half, y + 0.012, z + 0.045), stuff)


def _bars(maker: Maker, design: Design, stuff: Material, y: float, top: float) -> None:
    """A headboard or footboard of tubes: a loop, and upright or level bars in it."""
    half = design.width / 2
    for a, b in (((-half, 0), (-half, top)), ((-half, top), (half, top)), ((half, top), (half, 0))):
        path = np.array([(a[0], y, a[1]), (b[0], y, b[1])])
        maker.put(tubes.tube(path, 0.017, 10), stuff)
    if design.variant % 3:
        x = np.linspace(-half, half, 10 + design.variant % 9)
        ends = [np.stack([x, np.full_like(x, y), np.full_like(x, z)], 1) for z in (0.3, top)]
    else:
        z = np.linspace(0.33, top, 4)
        ends = [np.stack([np.full_like(z, x), np.full_like(z, y), z], 1) for x in (-half, half)]
    maker.put(tubes.rods(*ends, 0.009, 6), stuff)


def _bedstead(maker: Maker, design: Design, stuff: Material, rail: float) -> None:
    """Side rails, foot end and legs."""
    half = design.width / 2 + 0.03
    end = design.depth
    low = 0.13
    if design.kind == "low":
        legs(maker, corners(2 * half, end, 0.12), 0.1, "plinth", stuff)
        low = 0.1
        half = half + 0.08
    if design.kind == "metal":
        low = rail - 0.05
    radius, thick = (0.025, 0.07) if design.stuff in SOFT else (0.004, 0.035)
    for x in (-half, half - thick):
        maker.soft((x, 0, low), (x + thick, end, rail), stuff, radius)
    maker.soft((-half, end - thick, low), (half, end, rail), stuff, radius)
    maker.box((-half + thick, 0.04, low + 0.02), (half - thick, end - thick, rail - 0.05), stuff)
    if design.storage == "drawers":
        _drawers(maker, stuff, half, end, (low + 0.02, rail - 0.02))
    if design.kind == "sleigh":
        tall = design.footboard - low
        maker.put(pad((2 * half, 0.09, tall), 0.03, corner=0.03), stuff, (0, end, low + tall / 2))
    elif design.footboard:
        (_bars if design.kind == "metal" else _boards)(maker, design, stuff, end, design.footboard)
    if design.kind in ("metal", "panel", "slatted"):
        legs(maker, corners(2 * half, end, 0.03), low + 0.02, design.legs, stuff)
    elif design.kind != "low":
        wood = timber(design) if design.variant % 3 else material("wood", BLACK)
        legs(maker, corners(2 * half, end, 0.07), low + 0.02, design.legs, wood)


def _drawers(maker: Maker, stuff: Material, half: float, y: float, heights: tuple) -> None:
    """The fronts of two drawers, side by side in the foot end at `y`."""
    low, high = heights
    for x in (-0.5 * half, 0.5 * half):
        maker.box((x - 0.4 * half, y, low), (x + 0.4 * half, y + 0.015, high), stuff)
        handle = (x - 0.07, y, high - 0.06), (x + 0.07, y + 0.03, high - 0.04)
        maker.box(*handle, material("metal", BLACK))


def _canopy(maker: Maker, design: Design, stuff: Material) -> None:
    half = design.width / 2 + 0.03
    top = 2.0
    for x, y in corners(2 * half, design.depth, 0.02):
        maker.box((x - 0.025, y - 0.025, 0), (x + 0.025, y + 0.025, top), stuff)
    for y in (0.02, design.depth - 0.02):
        maker.box((-half, y - 0.025, top), (half, y + 0.025, top + 0.05), stuff)
    for x in (-half + 0.02, half - 0.02):
        maker.box((x - 0.025, 0, top), (x + 0.025, design.depth, top + 0.05), stuff)


def _slats(maker: Maker, design: Design, rail: float) -> None:
    half = design.width / 2
    pale = material("wood", (0.85, 0.74, 0.58))
    for y in np.arange(0.16, design.depth - 0.12, 0.14):
        maker.box((-half + 0.03, y, rail - 0.05), (half - 0.03, y + 0.08, rail - 0.02), pale)
    maker.box(
        (-0.03, 0.05, rail - 0.06),
        (0.03, design.depth - 0.05, rail - 0.03),
        material("wood", BLACK),
    )


def _linen(maker: Maker, design: Design, rail: float) -> None:
    """Mattress, what covers it, and pillows."""
    half = design.width / 2
    end = design.depth - 0.06
    white = material("fabric", CREAM_LINEN if design.variant % 8 == 0 else LINEN)
    quilt = ("grid", 0.16, 0.012) if design.linen == "mattress" else None
    size = (2 * half - 0.06, design.seat - rail + 0.08, end - 0.06)
    mattress = pad(size, 0.05, quilt, 0.07, wobble=0.004)
    maker.put(mattress, white, (0, 0.05 + size[2] / 2, design.seat - size[1] / 2), UP)
    if design.linen == "tucked":
        _tucked(maker, design, white, rail, end)
    elif design.linen == "duvet":
        length = design.depth - 0.02
        piece = Piece(
            "double_bed", 0, 0, 0, design.width, length, design.seat, LINEN, LINEN, design.variant
        )
        for obj in pieces.made_bed(piece, white):
            obj.matrix_world = maker.matrix @ obj.matrix_world
            obj.pass_index = maker.index
    each = design.width / design.cushions
    for n in range(design.cushions):
        x = (n + 0.5) * each - half
        size = (min(0.72, each * 0.92), 0.46, 0.18)
        maker.put(
            meshes.cushion(size, design.variant + n),
            white,
            (x, 0.36, design.seat + 0.09),
            (-14, 0, 0),
        )


def _tucked(maker: Maker, design: Design, white: Material, rail: float, end: float) -> None:
    """A cover tucked in round the mattress, turned down below the pillows."""
    half = design.width / 2
    start = 0.45 + 0.2 * (design.variant % 3) / 2
    cover = (-half + 0.015, start, rail - 0.02), (half - 0.015, end + 0.012, design.seat + 0.02)
    maker.soft(*cover, white, 0.06, 0.004, design.variant, 0.012)
    fold = (-half + 0.005, start, rail + 0.02), (half - 0.005, start + 0.26, design.seat + 0.035)
    maker.soft(*fold, white, 0.05, 0.004, design.variant)
