"""Sofas: the back along x at y = 0, the front towards +y."""

import math
from dataclasses import replace

import numpy as np
from bpy.types import Material
from mathutils import Matrix

from ..core.maker import Maker
from ..core.materials import material
from . import daybeds
from .fittings import accent_of, feet, pillows
from .records import Design, FurniturePlan
from .seats import armed, wrapped
from .upholstery import UP, follow, pad, plump


def build(maker: Maker, plan: FurniturePlan) -> None:
    """Make the sofa of a plan, or two that are sold together."""
    design = plan.design
    stuff = material(design.stuff, plan.colour, seed=design.variant % 5)
    accent = accent_of(plan)
    if design.kind == "daybed":
        daybeds.daybed(maker, design, stuff, pillows=False)
        pillows(maker, design, accent, 0.1)
    elif design.form == "set":
        _sofa(_beside(maker, -0.62), design, stuff, accent)
        single = replace(design, seats=1, width=design.width - 0.62, cushions=0)
        _sofa(_beside(maker, design.width / 2 + 0.35), single, stuff, accent)
    else:
        _sofa(maker, design, stuff, accent)


def _beside(maker: Maker, x: float) -> Maker:
    return Maker(maker.matrix @ Matrix.Translation((x, 0, 0)), maker.index)


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
