"""Sofas and easy chairs: the back along x at y = 0, the front towards +y."""

import math
from dataclasses import replace

import numpy as np
from bpy.types import Material
from mathutils import Matrix

from ..core import meshes
from ..core.materials import material
from ..core.meshes import Maker, tube
from . import beds, upholstery
from .plan import BLACK, TIMBERS, Design, ProductPlan
from .upholstery import UP, bay, corners, follow, pad, plump, scoop


def build(m: Maker, plan: ProductPlan) -> None:
    """Make the sofa of a plan, or two that are sold together."""
    d = plan.design
    stuff = material(d.stuff, plan.colour, seed=d.variant % 5)
    accent = accent_of(plan)
    if d.kind == "daybed":
        beds.daybed(m, d, stuff, pillows=False)
        pillows(m, d, accent, 0.1)
    elif d.form == "set":
        _sofa(_beside(m, -0.62), d, stuff, accent)
        single = replace(d, seats=1, width=d.width - 0.62, cushions=0)
        _sofa(_beside(m, d.width / 2 + 0.35), single, stuff, accent)
    else:
        _sofa(m, d, stuff, accent)


def accent_of(plan: ProductPlan) -> Material:
    """What loose cushions are covered with."""
    return material("velvet" if plan.design.variant % 3 == 0 else "fabric", plan.accent)


def _beside(m: Maker, x: float) -> Maker:
    return Maker(m.matrix @ Matrix.Translation((x, 0, 0)), m.index)


def metal(d: Design) -> Material:
    """The design's metal, or black plastic."""
    return material("plastic" if d.metal == BLACK else "metal", d.metal)


def feet(m: Maker, d: Design, width: float, depth: float, height: float) -> None:
    """Legs of the design's style and material under something of that size."""
    wood = d.legs in ("taper", "splayed", "block") and d.variant % 4 > 0
    stuff = material("wood", TIMBERS[d.timber]) if wood else metal(d)
    if d.legs == "plinth":
        stuff = material("plastic", BLACK)
    upholstery.legs(m, corners(width, depth, 0.07), height, d.legs, stuff)


def _sofa(m: Maker, d: Design, stuff: Material, accent: Material) -> None:
    low = 0.03 if d.legs == "plinth" or d.kind == "curved" else 0.1 + 0.06 * (d.variant % 3) / 2
    if d.kind in ("curved", "chaise"):
        (_curved if d.kind == "curved" else _longue)(m, d, stuff, low)
    elif d.kind in ("tub", "channelled", "tufted"):
        wrapped(m, d, stuff, low)
    else:
        armed(m, d, stuff, low)
    if d.kind != "curved":
        inset = 0.34 if d.kind == "tub" else 0.08  # its back has round corners
        feet(m, d, d.width - inset, d.depth - 0.04, low + 0.02)
    if d.form == "sectional":
        _chaise(m, d, stuff, low)
    if d.cushions:
        pillows(m, d, stuff if d.variant % 2 else accent, d.arm_width)


def _base(m: Maker, d: Design, stuff: Material, low: float, width: float) -> None:
    top = d.seat - (0.0 if d.kind == "armless" else 0.14)
    m.soft((-width / 2, 0.04, low), (width / 2, d.depth - 0.02, top), stuff, 0.03)


def _seats(m: Maker, d: Design, stuff: Material, inner: float, start: float) -> None:
    """Seat cushions, one for each seat or one for all, from `start` to the front."""
    number = 1 if d.variant % 5 == 0 or d.kind in ("tub", "channelled") else d.seats
    each, quilt = inner / number, d.quilt if d.kind in ("flared", "armless") else None
    for n in range(number):
        x = -inner / 2 + n * each
        long, thick = d.depth - start + 0.01, 0.17
        cushion = plump((each - 0.008, thick, long), 0.06, quilt, 0.05, 0.02 + 0.01 * d.seats)
        m.put(cushion, stuff, (x + each / 2, start + long / 2, d.seat - thick / 2), UP)


def armed(m: Maker, d: Design, stuff: Material, low: float) -> None:
    """A sofa of a base, two arms, a back and cushions."""
    arm = d.arm_width
    _base(m, d, stuff, low, d.width - 0.04)
    for side in (-1, 1):
        if arm and not (d.form == "sectional" and side == 1 - 2 * (d.variant % 2)):
            _arm(m, d, stuff, low, side)
    inner = d.width - 2 * arm
    tall = d.height - low
    tight = d.quilt and d.kind in ("flared", "armless", "rolled")
    thick = 0.24 if tight else 0.16
    back = pad((d.width - arm * 1.2, thick, tall), 0.06, d.quilt if tight else None, 0.06)
    m.put(back, stuff, (0, thick / 2, low + tall / 2 - 0.01), (5, 0, 0))
    _seats(m, d, stuff, inner, thick - 0.02)
    if not tight:
        each, high = inner / d.seats, d.height - d.seat + 0.1
        for n in range(d.seats):
            cushion = plump((each - 0.01, 0.17, high), 0.08, None, 0.09, 0.05)
            at = (-inner / 2 + (n + 0.5) * each, thick + 0.05, d.seat + high / 2 - 0.05)
            m.put(cushion, stuff, at, (12, 0, (d.variant * (n + 1)) % 5 - 2))


def _arm(m: Maker, d: Design, stuff: Material, low: float, side: int) -> None:
    x, wide, top = side * (d.width / 2 - d.arm_width / 2), d.arm_width, d.arm_height
    if d.kind == "rolled":
        m.soft((x - wide * 0.35, 0.0, low), (x + wide * 0.35, d.depth, top - 0.05), stuff, 0.03)
        path = np.array(
            [(x + side * 0.02, 0.01, top - 0.1), (x + side * 0.02, d.depth + 0.01, top - 0.1)]
        )
        m.put(tube(path, 0.115, 20), stuff)
    elif d.kind == "pillow":
        m.soft((x - wide / 2, 0.02, low), (x + wide / 2, d.depth, top - 0.1), stuff, 0.08)
        m.soft(
            (x - wide * 0.55, 0.05, top - 0.2),
            (x + wide * 0.55, d.depth + 0.02, top),
            stuff,
            0.1,
            0.004,
            d.variant,
            0.02,
        )
    else:
        lean = side * (9 if d.kind == "flared" else 0)
        block = pad((wide, d.depth, top - low), min(0.05, wide / 3))
        m.put(block, stuff, (x + side * 0.02, d.depth / 2, (low + top) / 2), (0, lean, 0))


def wrapped(m: Maker, d: Design, stuff: Material, low: float) -> None:
    """A seat in one padded wall that goes round its back and both sides."""
    thick = 0.15 if d.kind != "tufted" else 0.13
    radius = {"tub": 0.36, "channelled": 0.14}.get(d.kind, 0.1)
    path = bay(d.width - thick, d.depth - thick / 2, radius) + (0, thick / 2)
    tall = d.height - low
    size = (upholstery.length(path), thick, tall)
    wall = pad(
        size, thick * 0.42, d.quilt, 0.03, follow(path, scoop(d.arm_height / d.height, 0.3, 0.8))
    )
    m.put(wall, stuff, (0, 0, low + tall / 2))
    inner, round_off = d.width - 2 * thick, radius * 0.9
    deck = pad((d.width - 0.1, d.seat - 0.14 - low, d.depth - 0.05), 0.03, None, radius * 0.8)
    m.put(deck, stuff, (0, d.depth / 2, (low + d.seat - 0.14) / 2), UP)
    number = d.seats if d.kind == "tufted" and d.variant % 2 else 1
    for n in range(number):
        each, long = inner / number, d.depth - thick
        cushion = plump(
            (each, 0.17, long), 0.06, None, min(round_off, 0.06 if number > 1 else 9), 0.03
        )
        at = (-inner / 2 + (n + 0.5) * each, thick + long / 2, d.seat - 0.085)
        m.put(cushion, stuff, at, UP)


def _curved(m: Maker, d: Design, stuff: Material, low: float) -> None:
    """A sofa that bends towards whoever sits on it."""
    turn = np.linspace(-0.5, 0.5, 30)
    radius = d.width / math.sin(0.5) / 2
    path = np.stack([radius * np.sin(turn), radius * (1 - np.cos(turn))], 1)
    seat = pad((d.width * 1.04, d.depth, d.seat - low), 0.09, None, 0, follow(path))
    back = pad((d.width * 1.04, 0.2, d.height - low), 0.09, None, 0.35, follow(path))
    m.put(seat, stuff, (0, 0.2, (low + d.seat) / 2))
    m.put(back, stuff, (0, -d.depth / 2 + 0.25, (low + d.height) / 2))


def _longue(m: Maker, d: Design, stuff: Material, low: float) -> None:
    """A chaise longue: a long seat with a high end and half a back."""
    w, side, tall = d.width / 2, 1 - 2 * (d.variant % 2), d.height - low
    m.soft((-w, 0.02, low), (w, d.depth, d.seat - 0.1), stuff, 0.04)
    seat = plump((d.width - 0.12, 0.17, d.depth), 0.06, None, 0.1, 0.03)
    m.put(seat, stuff, (-side * 0.06, d.depth / 2, d.seat - 0.085), UP)
    head = pad((d.depth, 0.18, tall), 0.08, ("channels", 0.14, 0.025), 0.1)
    m.put(head, stuff, (side * (w - 0.02), d.depth / 2, low + tall / 2), (14, 0, 90 * side))
    back = pad((d.width * 0.6, 0.15, tall * 0.75), 0.06, None, 0.2)
    m.put(back, stuff, (side * w * 0.36, 0.07, low + tall * 0.375), (4, 0, 0))


def _chaise(m: Maker, d: Design, stuff: Material, low: float) -> None:
    """The long seat at one end of a sectional."""
    side = 1 - 2 * (d.variant % 2)
    a, b = sorted((side * (d.width / 2 - d.arm_width), side * (d.width / 2 + 0.62)))
    long = d.depth + 0.6
    m.soft((a, 0.02, low), (b, long, d.seat - 0.14), stuff, 0.03)
    m.soft((a, 0.14, d.seat - 0.16), (b, long, d.seat), stuff, 0.06, 0.003, d.variant, 0.015)
    m.soft((a, 0.0, low), (b, 0.16, d.height), stuff, 0.06)
    m.put(
        plump((b - a - 0.02, 0.17, d.height - d.seat + 0.06), 0.08, d.quilt, 0.09, 0.04),
        stuff,
        ((a + b) / 2, 0.22, (d.height + d.seat) / 2),
        (12, 0, 0),
    )
    feet(_beside(m, (a + b) / 2), d, b - a, long, low + 0.02)


def pillows(m: Maker, d: Design, stuff: Material, arm: float) -> None:
    """Loose cushions that lean against the back."""
    size = 0.46 if d.seats > 1 else 0.4
    y = 0.3 if d.kind in ("tub", "tufted", "channelled", "daybed") else 0.44
    for side in (-1, 1)[: d.cushions]:
        x = side * (d.width / 2 - arm - 0.24) * (d.seats > 1)
        m.put(
            meshes.cushion((size, size, 0.16), d.variant + side),
            stuff,
            (x, y, d.seat + size * 0.42),
            (-68, 0, side * -12),
        )
