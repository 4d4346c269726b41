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


def build(maker: Maker, plan: ProductPlan) -> None:
    """Make the sofa of a plan, or two that are sold together."""
    design = plan.design
    stuff = material(design.stuff, plan.colour, seed=design.variant % 5)
    accent = accent_of(plan)
    if design.kind == "daybed":
        beds.daybed(maker, design, stuff, pillows=False)
        pillows(maker, design, accent, 0.1)
    elif design.form == "set":
        _sofa(_beside(maker, -0.62), design, stuff, accent)
        single = replace(design, seats=1, width=design.width - 0.62, cushions=0)
        _sofa(_beside(maker, design.width / 2 + 0.35), single, stuff, accent)
    else:
        _sofa(maker, design, stuff, accent)


def accent_of(plan: ProductPlan) -> Material:
    """What loose cushions are covered with."""
    return material("velvet" if plan.design.variant % 3 == 0 else "fabric", plan.accent)


def _beside(maker: Maker, x: float) -> Maker:
    return Maker(maker.matrix @ Matrix.Translation((x, 0, 0)), maker.index)


def metal(design: Design) -> Material:
    """The design's metal, or black plastic."""
    return material("plastic" if design.metal == BLACK else "metal", design.metal)


def feet(maker: Maker, design: Design, width: float, depth: float, height: float) -> None:
    """Legs of the design's style and material under something of that size."""
    wood = design.legs in ("taper", "splayed", "block") and design.variant % 4 > 0
    stuff = material("wood", TIMBERS[design.timber]) if wood else metal(design)
    if design.legs == "plinth":
        stuff = material("plastic", BLACK)
    upholstery.legs(maker, corners(width, depth, 0.07), height, design.legs, stuff)


def _sofa(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    low = (
        0.03
        if design.legs == "plinth" or design.kind == "curved"
        else 0.1 + 0.06 * (design.variant % 3) / 2
    )
    if design.kind in ("curved", "chaise"):
        (_curved if design.kind == "curved" else _longue)(maker, design, stuff, low)
    elif design.kind in ("tub", "channelled", "tufted"):
        wrapped(maker, design, stuff, low)
    else:
        armed(maker, design, stuff, low)
    if design.kind != "curved":
        inset = 0.34 if design.kind == "tub" else 0.08  # its back has round corners
        feet(maker, design, design.width - inset, design.depth - 0.04, low + 0.02)
    if design.form == "sectional":
        _chaise(maker, design, stuff, low)
    if design.cushions:
        pillows(maker, design, stuff if design.variant % 2 else accent, design.arm_width)


def _base(maker: Maker, design: Design, stuff: Material, low: float, width: float) -> None:
    top = design.seat - (0.0 if design.kind == "armless" else 0.14)
    maker.soft((-width / 2, 0.04, low), (width / 2, design.depth - 0.02, top), stuff, 0.03)


def _seats(maker: Maker, design: Design, stuff: Material, inner: float, start: float) -> None:
    """Seat cushions, one for each seat or one for all, from `start` to the front."""
    number = 1 if design.variant % 5 == 0 or design.kind in ("tub", "channelled") else design.seats
    each = inner / number
    quilt = design.quilt if design.kind in ("flared", "armless") else None
    for n in range(number):
        x = -inner / 2 + n * each
        long = design.depth - start + 0.01
        thick = 0.17
        cushion = plump((each - 0.008, thick, long), 0.06, quilt, 0.05, 0.02 + 0.01 * design.seats)
        maker.put(cushion, stuff, (x + each / 2, start + long / 2, design.seat - thick / 2), UP)


def armed(maker: Maker, design: Design, stuff: Material, low: float) -> None:
    """A sofa of a base, two arms, a back and cushions."""
    arm = design.arm_width
    _base(maker, design, stuff, low, design.width - 0.04)
    for side in (-1, 1):
        if arm and not (design.form == "sectional" and side == 1 - 2 * (design.variant % 2)):
            _arm(maker, design, stuff, low, side)
    inner = design.width - 2 * arm
    tall = design.height - low
    tight = design.quilt and design.kind in ("flared", "armless", "rolled")
    thick = 0.24 if tight else 0.16
    back = pad((design.width - arm * 1.2, thick, tall), 0.06, design.quilt if tight else None, 0.06)
    maker.put(back, stuff, (0, thick / 2, low + tall / 2 - 0.01), (5, 0, 0))
    _seats(maker, design, stuff, inner, thick - 0.02)
    if not tight:
        each = inner / design.seats
        high = design.height - design.seat + 0.1
        for n in range(design.seats):
            cushion = plump((each - 0.01, 0.17, high), 0.08, None, 0.09, 0.05)
            at = (-inner / 2 + (n + 0.5) * each, thick + 0.05, design.seat + high / 2 - 0.05)
            maker.put(cushion, stuff, at, (12, 0, (design.variant * (n + 1)) % 5 - 2))


def _arm(maker: Maker, design: Design, stuff: Material, low: float, side: int) -> None:
    x = side * (design.width / 2 - design.arm_width / 2)
    wide = design.arm_width
    top = design.arm_height
    if design.kind == "rolled":
        maker.soft(
            (x - wide * 0.35, 0.0, low), (x + wide * 0.35, design.depth, top - 0.05), stuff, 0.03
        )
        path = np.array(
            [(x + side * 0.02, 0.01, top - 0.1), (x + side * 0.02, design.depth + 0.01, top - 0.1)]
        )
        maker.put(tube(path, 0.115, 20), stuff)
    elif design.kind == "pillow":
        maker.soft((x - wide / 2, 0.02, low), (x + wide / 2, design.depth, top - 0.1), stuff, 0.08)
        maker.soft(
            (x - wide * 0.55, 0.05, top - 0.2),
            (x + wide * 0.55, design.depth + 0.02, top),
            stuff,
            0.1,
            0.004,
            design.variant,
            0.02,
        )
    else:
        lean = side * (9 if design.kind == "flared" else 0)
        block = pad((wide, design.depth, top - low), min(0.05, wide / 3))
        maker.put(block, stuff, (x + side * 0.02, design.depth / 2, (low + top) / 2), (0, lean, 0))


def wrapped(maker: Maker, design: Design, stuff: Material, low: float) -> None:
    """A seat in one padded wall that goes round its back and both sides."""
    thick = 0.15 if design.kind != "tufted" else 0.13
    radius = {"tub": 0.36, "channelled": 0.14}.get(design.kind, 0.1)
    path = bay(design.width - thick, design.depth - thick / 2, radius) + (0, thick / 2)
    tall = design.height - low
    size = (upholstery.length(path), thick, tall)
    wall = pad(
        size,
        thick * 0.42,
        design.quilt,
        0.03,
        follow(path, scoop(design.arm_height / design.height, 0.3, 0.8)),
    )
    maker.put(wall, stuff, (0, 0, low + tall / 2))
    inner = design.width - 2 * thick
    round_off = radius * 0.9
    deck = pad(
        (design.width - 0.1, design.seat - 0.14 - low, design.depth - 0.05),
        0.03,
        None,
        radius * 0.8,
    )
    maker.put(deck, stuff, (0, design.depth / 2, (low + design.seat - 0.14) / 2), UP)
    number = design.seats if design.kind == "tufted" and design.variant % 2 else 1
    for n in range(number):
        each = inner / number
        long = design.depth - thick
        cushion = plump(
            (each, 0.17, long), 0.06, None, min(round_off, 0.06 if number > 1 else 9), 0.03
        )
        at = (-inner / 2 + (n + 0.5) * each, thick + long / 2, design.seat - 0.085)
        maker.put(cushion, stuff, at, UP)


def _curved(maker: Maker, design: Design, stuff: Material, low: float) -> None:
    """A sofa that bends towards whoever sits on it."""
    turn = np.linspace(-0.5, 0.5, 30)
    radius = design.width / math.sin(0.5) / 2
    path = np.stack([radius * np.sin(turn), radius * (1 - np.cos(turn))], 1)
    seat = pad((design.width * 1.04, design.depth, design.seat - low), 0.09, None, 0, follow(path))
    back = pad((design.width * 1.04, 0.2, design.height - low), 0.09, None, 0.35, follow(path))
    maker.put(seat, stuff, (0, 0.2, (low + design.seat) / 2))
    maker.put(back, stuff, (0, -design.depth / 2 + 0.25, (low + design.height) / 2))


def _longue(maker: Maker, design: Design, stuff: Material, low: float) -> None:
    """A chaise longue: a long seat with a high end and half a back."""
    half = design.width / 2
    side = 1 - 2 * (design.variant % 2)
    tall = design.height - low
    maker.soft((-half, 0.02, low), (half, design.depth, design.seat - 0.1), stuff, 0.04)
    seat = plump((design.width - 0.12, 0.17, design.depth), 0.06, None, 0.1, 0.03)
    maker.put(seat, stuff, (-side * 0.06, design.depth / 2, design.seat - 0.085), UP)
    head = pad((design.depth, 0.18, tall), 0.08, ("channels", 0.14, 0.025), 0.1)
    maker.put(
        head, stuff, (side * (half - 0.02), design.depth / 2, low + tall / 2), (14, 0, 90 * side)
    )
    back = pad((design.width * 0.6, 0.15, tall * 0.75), 0.06, None, 0.2)
    maker.put(back, stuff, (side * half * 0.36, 0.07, low + tall * 0.375), (4, 0, 0))


def _chaise(maker: Maker, design: Design, stuff: Material, low: float) -> None:
    """The long seat at one end of a sectional."""
    side = 1 - 2 * (design.variant % 2)
    left, right = sorted(
        (side * (design.width / 2 - design.arm_width), side * (design.width / 2 + 0.62))
    )
    long = design.depth + 0.6
    maker.soft((left, 0.02, low), (right, long, design.seat - 0.14), stuff, 0.03)
    maker.soft(
        (left, 0.14, design.seat - 0.16),
        (right, long, design.seat),
        stuff,
        0.06,
        0.003,
        design.variant,
        0.015,
    )
    maker.soft((left, 0.0, low), (right, 0.16, design.height), stuff, 0.06)
    maker.put(
        plump(
            (right - left - 0.02, 0.17, design.height - design.seat + 0.06),
            0.08,
            design.quilt,
            0.09,
            0.04,
        ),
        stuff,
        ((left + right) / 2, 0.22, (design.height + design.seat) / 2),
        (12, 0, 0),
    )
    feet(_beside(maker, (left + right) / 2), design, right - left, long, low + 0.02)


def pillows(maker: Maker, design: Design, stuff: Material, arm: float) -> None:
    """Loose cushions that lean against the back."""
    size = 0.46 if design.seats > 1 else 0.4
    y = 0.3 if design.kind in ("tub", "tufted", "channelled", "daybed") else 0.44
    for side in (-1, 1)[: design.cushions]:
        x = side * (design.width / 2 - arm - 0.24) * (design.seats > 1)
        maker.put(
            meshes.cushion((size, size, 0.16), design.variant + side),
            stuff,
            (x, y, design.seat + size * 0.42),
            (-68, 0, side * -12),
        )
