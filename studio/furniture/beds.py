"""Beds: the head along x at y = 0, the foot towards +y."""

import numpy as np
from bpy.types import Material

from ..core import meshes
from ..core.materials import material
from ..core.meshes import Maker
from ..rooms import furniture
from ..rooms.plan import Piece
from . import upholstery
from .plan import BLACK, TIMBERS, Design, ProductPlan
from .upholstery import UP, corners, pad

WHITE, CREAM = (0.9, 0.9, 0.9), (0.76, 0.73, 0.69)
SOFT = ("fabric", "leather", "velvet")


def build(m: Maker, plan: ProductPlan) -> None:
    """Make the bed of a plan."""
    d = plan.design
    stuff = material("lacquer" if d.stuff == "metal" else d.stuff, plan.colour, seed=d.variant % 7)
    if d.kind == "daybed":
        daybed(m, d, stuff, pillows=True)
        return
    rail = d.seat - (0.12 if d.kind == "low" else 0.24)
    _headboard(m, d, stuff)
    _frame(m, d, stuff, rail)
    if d.kind == "canopy":
        _canopy(m, d, stuff)
    if d.linen == "bare":
        _slats(m, d, rail)
    else:
        _linen(m, d, rail)


def _timber(d: Design) -> Material:
    return material("wood", TIMBERS[d.timber], seed=d.variant % 7)


def _headboard(m: Maker, d: Design, stuff: Material) -> None:
    w, low = d.width / 2 + 0.03, 0.14
    tall = d.height - low
    if d.kind == "metal":
        _bars(m, d, stuff, 0.0, d.height)
    elif d.stuff in SOFT:
        warp = _crown(d.variant) if d.kind == "camelback" else None
        board = pad((2 * w, 0.1, tall), 0.03, d.quilt, 0.03, warp)
        m.put(board, stuff, (0, 0.0, low + tall / 2))
        if d.kind in ("wing", "sleigh"):
            for x in (-w, w):
                m.soft((x - 0.04, -0.05, low), (x + 0.04, 0.22, d.height), stuff, 0.035)
    elif d.kind == "low":
        m.box((-w - 0.1, -0.05, low), (w + 0.1, 0.02, d.height - 0.12), material("wood", BLACK))
        m.box((-w - 0.1, -0.05, d.height - 0.12), (w + 0.1, 0.025, d.height), stuff)
    else:
        _boards(m, d, stuff, 0.0, d.height)


def _crown(variant: int) -> upholstery.Warp:
    """A top edge that rises to the middle, as one hump or in steps."""

    def warp(points: np.ndarray) -> np.ndarray:
        x = np.abs(points[:, 0]) / points[:, 0].max()
        hump = np.cos(np.pi / 2 * x) if variant % 2 else np.clip(2.2 - 2.6 * x, 0, 1)
        edge = 0.12 * hump - 0.1 * np.clip(x - 0.85, 0, 1) / 0.15
        points[:, 2] += edge * np.clip(points[:, 2] / points[:, 2].max(), 0, 1)
        return points

    return warp


def _boards(m: Maker, d: Design, stuff: Material, y: float, top: float) -> None:
    """A headboard or footboard of wood: posts, a top rail, and panels, slats or louvres between."""
    w = d.width / 2 + 0.02
    for x in (-w, w):
        m.box((x - 0.035, y - 0.03, 0), (x + 0.035, y + 0.03, top), stuff)
    m.box((-w - 0.05, y - 0.04, top - 0.05), (w + 0.05, y + 0.04, top + 0.01), stuff)
    m.box((-w, y - 0.02, 0.3), (w, y + 0.02, 0.36), stuff)
    if d.kind == "panel" or d.kind == "canopy":
        m.box((-w, y - 0.012, 0.3), (w, y + 0.012, top), stuff)
        edges = np.linspace(-w, w, 2 + d.variant % 3)
        for a, b in zip(edges, edges[1:], strict=False):
            m.box((a + 0.09, y - 0.022, 0.42), (b - 0.09, y + 0.022, top - 0.12), stuff, 0.008)
    elif d.variant % 2:
        for x in np.linspace(-w, w, 9 + d.variant % 5)[1:-1]:
            m.box((x - 0.022, y - 0.012, 0.33), (x + 0.022, y + 0.012, top - 0.03), stuff)
    else:
        for z in np.arange(0.4, top - 0.06, 0.07 + 0.05 * (d.variant % 3)):
            m.box((-w, y - 0.012, z), (w, y + 0.012, z + 0.045), stuff)


def _bars(m: Maker, d: Design, stuff: Material, y: float, top: float) -> None:
    """A headboard or footboard of tubes: a loop, and upright or level bars in it."""
    w = d.width / 2
    for a, b in (((-w, 0), (-w, top)), ((-w, top), (w, top)), ((w, top), (w, 0))):
        path = np.array([(a[0], y, a[1]), (b[0], y, b[1])])
        m.put(meshes.tube(path, 0.017, 10), stuff)
    if d.variant % 3:
        x = np.linspace(-w, w, 10 + d.variant % 9)
        ends = [np.stack([x, np.full_like(x, y), np.full_like(x, z)], 1) for z in (0.3, top)]
    else:
        z = np.linspace(0.33, top, 4)
        ends = [np.stack([np.full_like(z, x), np.full_like(z, y), z], 1) for x in (-w, w)]
    m.put(meshes.rods(*ends, 0.009, 6), stuff)


def _frame(m: Maker, d: Design, stuff: Material, rail: float) -> None:
    """Side rails, foot end and legs."""
    w, end, low = d.width / 2 + 0.03, d.depth, 0.13
    if d.kind == "low":
        upholstery.legs(m, corners(2 * w, end, 0.12), 0.1, "plinth", stuff)
        low, w = 0.1, w + 0.08
    if d.kind == "metal":
        low = rail - 0.05
    r, thick = (0.025, 0.07) if d.stuff in SOFT else (0.004, 0.035)
    for x in (-w, w - thick):
        m.soft((x, 0, low), (x + thick, end, rail), stuff, r)
    m.soft((-w, end - thick, low), (w, end, rail), stuff, r)
    m.box((-w + thick, 0.04, low + 0.02), (w - thick, end - thick, rail - 0.05), stuff)
    if d.storage == "drawers":
        _drawers(m, stuff, w, end, (low + 0.02, rail - 0.02))
    if d.kind == "sleigh":
        tall = d.footboard - low
        m.put(pad((2 * w, 0.09, tall), 0.03, corner=0.03), stuff, (0, end, low + tall / 2))
    elif d.footboard:
        (_bars if d.kind == "metal" else _boards)(m, d, stuff, end, d.footboard)
    if d.kind in ("metal", "panel", "slatted"):
        upholstery.legs(m, corners(2 * w, end, 0.03), low + 0.02, d.legs, stuff)
    elif d.kind != "low":
        wood = _timber(d) if d.variant % 3 else material("wood", BLACK)
        upholstery.legs(m, corners(2 * w, end, 0.07), low + 0.02, d.legs, wood)


def _drawers(m: Maker, stuff: Material, w: float, y: float, heights: tuple) -> None:
    """The fronts of two drawers, side by side in the foot end at `y`."""
    low, high = heights
    for x in (-0.5 * w, 0.5 * w):
        m.box((x - 0.4 * w, y, low), (x + 0.4 * w, y + 0.015, high), stuff)
        handle = (x - 0.07, y, high - 0.06), (x + 0.07, y + 0.03, high - 0.04)
        m.box(*handle, material("metal", BLACK))


def _canopy(m: Maker, d: Design, stuff: Material) -> None:
    w, top = d.width / 2 + 0.03, 2.0
    for x, y in corners(2 * w, d.depth, 0.02):
        m.box((x - 0.025, y - 0.025, 0), (x + 0.025, y + 0.025, top), stuff)
    for y in (0.02, d.depth - 0.02):
        m.box((-w, y - 0.025, top), (w, y + 0.025, top + 0.05), stuff)
    for x in (-w + 0.02, w - 0.02):
        m.box((x - 0.025, 0, top), (x + 0.025, d.depth, top + 0.05), stuff)


def _slats(m: Maker, d: Design, rail: float) -> None:
    w, pale = d.width / 2, material("wood", (0.85, 0.74, 0.58))
    for y in np.arange(0.16, d.depth - 0.12, 0.14):
        m.box((-w + 0.03, y, rail - 0.05), (w - 0.03, y + 0.08, rail - 0.02), pale)
    m.box((-0.03, 0.05, rail - 0.06), (0.03, d.depth - 0.05, rail - 0.03), material("wood", BLACK))


def _linen(m: Maker, d: Design, rail: float) -> None:
    """Mattress, what covers it, and pillows."""
    w, end = d.width / 2, d.depth - 0.06
    white = material("fabric", CREAM if d.variant % 8 == 0 else WHITE)
    quilt = ("grid", 0.16, 0.012) if d.linen == "mattress" else None
    size = (2 * w - 0.06, d.seat - rail + 0.08, end - 0.06)
    mattress = pad(size, 0.05, quilt, 0.07, wobble=0.004)
    m.put(mattress, white, (0, 0.05 + size[2] / 2, d.seat - size[1] / 2), UP)
    if d.linen == "tucked":
        _tucked(m, d, white, rail, end)
    elif d.linen == "duvet":
        length = d.depth - 0.02
        piece = Piece("double_bed", 0, 0, 0, d.width, length, d.seat, WHITE, WHITE, d.variant)
        for obj in furniture.made_bed(piece, white):
            obj.matrix_world, obj.pass_index = m.matrix @ obj.matrix_world, m.index
    each = d.width / d.cushions
    for n in range(d.cushions):
        x = (n + 0.5) * each - w
        size = (min(0.72, each * 0.92), 0.46, 0.18)
        m.put(meshes.cushion(size, d.variant + n), white, (x, 0.36, d.seat + 0.09), (-14, 0, 0))


def _tucked(m: Maker, d: Design, white: Material, rail: float, end: float) -> None:
    """A cover tucked in round the mattress, turned down below the pillows."""
    w, start = d.width / 2, 0.45 + 0.2 * (d.variant % 3) / 2
    cover = (-w + 0.015, start, rail - 0.02), (w - 0.015, end + 0.012, d.seat + 0.02)
    m.soft(*cover, white, 0.06, 0.004, d.variant, 0.012)
    fold = (-w + 0.005, start, rail + 0.02), (w - 0.005, start + 0.26, d.seat + 0.035)
    m.soft(*fold, white, 0.05, 0.004, d.variant)


def daybed(m: Maker, d: Design, stuff: Material, pillows: bool) -> None:
    """A bed with its long side to the wall and panels round three sides, above a drawer."""
    w, end, low = d.width / 2, d.depth, 0.06
    thick = 0.08 if d.stuff in SOFT else 0.035
    radius = 0.03 if d.stuff in SOFT else 0.005
    curved = d.arms == "scroll"
    tall = d.height - low
    warp = _crown(d.variant) if curved else None
    board = pad((2 * w, thick, tall - 0.1 * curved), radius, d.quilt, 0.02, warp)
    m.put(board, stuff, (0, 0, low + tall / 2 - 0.05 * curved))
    side = tall * (0.72 + 0.2 * (d.variant % 3 == 0))
    for x in (-w, w):
        end_panel = pad((end, thick, side), radius, None, 0.18 * curved + 0.02)
        m.put(end_panel, stuff, (x, end / 2, low + side / 2), (0, 0, 90))
    m.soft((-w, end - thick, low + 0.16), (w, end, d.seat - 0.1), stuff, radius)
    m.soft((-w + 0.06, end - 0.03, low - 0.02), (w - 0.06, end + 0.01, low + 0.15), stuff, radius)
    m.box((-w, 0, low + 0.1), (w, end - 0.05, d.seat - 0.14), stuff)
    linen = material("fabric", WHITE)
    m.soft((-w + 0.05, 0.05, d.seat - 0.16), (w - 0.05, end - 0.01, d.seat), linen, 0.05, 0.003)
    upholstery.legs(m, corners(2 * w, end, 0.06), low, "block", _timber(d))
    if pillows:
        cover = (-w * 0.25, 0.04, d.seat - 0.1), (w - 0.09, end + 0.005, d.seat + 0.03)
        m.soft(*cover, linen, 0.05, 0.004, d.variant, 0.01)
        pillow = meshes.cushion((0.7, 0.46, 0.17), d.variant)
        m.put(pillow, linen, (-w + 0.34, end / 2, d.seat + 0.12), (-22, 0, -90))
