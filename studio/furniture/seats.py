"""Seats with arms and a back, for sofas and easy chairs: x along the back, the front towards +y."""

import numpy as np
from bpy.types import Material

from ..core.maker import Maker
from ..core.tubes import length, tube
from .records import Design
from .upholstery import UP, bay, follow, pad, plump, scoop


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


def wrapped(maker: Maker, design: Design, stuff: Material, low: float) -> None:
    """A seat in one padded wall that goes round its back and both sides."""
    thick = 0.15 if design.kind != "tufted" else 0.13
    radius = {"tub": 0.36, "channelled": 0.14}.get(design.kind, 0.1)
    path = bay(design.width - thick, design.depth - thick / 2, radius) + (0, thick / 2)
    tall = design.height - low
    size = (length(path), thick, tall)
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
