"""What beds, chairs and sofas have in common: legs, metal, loose cushions."""

import numpy as np
from bpy.types import Material

from ..core import meshes, tubes
from ..core.maker import Maker
from ..core.materials import material
from .catalogue import BLACK, TIMBERS
from .records import Design, FurniturePlan


def legs(maker: Maker, feet: list[tuple], height: float, style: str, stuff: Material) -> None:
    """Legs at the corners (x, y) of a piece up to a height; `style` as in `records.Design`."""
    middle = np.mean(feet, axis=0)
    for x, y in feet:
        out = np.sign(np.array((x, y)) - middle) * height * (0.35 if style == "splayed" else 0.0)
        if style in ("taper", "splayed"):
            path = np.array([(x, y, height), (*((x, y) + out), 0)])
            maker.put(tubes.tube(path, np.array((0.028, 0.015))), stuff)
        elif style == "rods":
            path = np.array([(x, y, height), (x, y, 0)])
            maker.put(tubes.tube(path, np.array((0.013, 0.009)), 8), stuff)
        elif style == "block":
            maker.box((x - 0.035, y - 0.035, 0), (x + 0.035, y + 0.035, height), stuff)
    low = np.min(feet, axis=0)
    high = np.max(feet, axis=0)
    if style == "plinth":
        maker.box((*low, 0), (*high, height), stuff)
    if style == "sled":
        for x in (low[0], high[0]):
            maker.box((x - 0.02, low[1], 0), (x + 0.02, high[1], 0.015), stuff)
            for y in (low[1], high[1] - 0.015):
                maker.box((x - 0.02, y, 0), (x + 0.02, y + 0.015, height), stuff)


def corners(width: float, depth: float, inset: float) -> list[tuple]:
    """The four corners (x, y) of a piece in its own frame, moved inwards."""
    return [(side * (width / 2 - inset), y) for side in (-1, 1) for y in (inset, depth - inset)]


def timber(design: Design) -> Material:
    """What a design's wooden parts are of."""
    return material("wood", TIMBERS[design.timber], seed=design.variant % 7)


def metal(design: Design) -> Material:
    """The design's metal, or black plastic."""
    return material("plastic" if design.metal == BLACK else "metal", design.metal)


def feet(maker: Maker, design: Design, width: float, depth: float, height: float) -> None:
    """Legs of the design's style and material under something of that size."""
    wood = design.legs in ("taper", "splayed", "block") and design.variant % 4 > 0
    stuff = material("wood", TIMBERS[design.timber]) if wood else metal(design)
    if design.legs == "plinth":
        stuff = material("plastic", BLACK)
    legs(maker, corners(width, depth, 0.07), height, design.legs, stuff)


def accent_of(plan: FurniturePlan) -> Material:
    """What loose cushions are covered with."""
    return material("velvet" if plan.design.variant % 3 == 0 else "fabric", plan.accent)


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
