"""Easy chairs, on a cross, a plinth or legs."""

from dataclasses import replace

import numpy as np
from bpy.types import Material

from ..core import tubes
from ..core.maker import Maker
from .chair_parts import cross, stand
from .fittings import pillows
from .records import Design
from .seats import armed, wrapped
from .upholstery import UP, bay, follow, pad, plump


def egg(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A shell with a rounded back and winged sides, on a cross."""
    cross(maker, design, 0.3, design.seat - 0.1, 0.3)
    path = bay(0.72, 0.6, 0.34)

    def rise(s: np.ndarray) -> np.ndarray:
        return (
            0.42 + 0.58 * np.exp(-((s / 0.38) ** 4)) + 0.16 * np.exp(-(((abs(s) - 0.8) / 0.2) ** 2))
        )

    wrap = follow(path, rise)

    def warp(points: np.ndarray) -> np.ndarray:
        points = wrap(points)
        lift = (points[:, 2] - points[:, 2].min()) / np.ptp(points[:, 2])
        points[:, :2] = (0, 0.3) + (points[:, :2] - (0, 0.3)) * (0.45 + 0.6 * lift**0.6)[:, None]
        return points

    shell = pad((tubes.length(path), 0.07, 0.6), 0.03, None, 0.12, warp)
    maker.put(shell, stuff, (0, 0.0, design.seat + 0.2), (6, 0, 0))
    cushion = plump((0.6, 0.14, 0.54), 0.06, None, 0.26, 0.03)
    maker.put(cushion, stuff, (0, 0.34, design.seat - 0.02), UP)


def wing(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A high-backed easy chair with wings, on a cross."""
    cross(maker, design, 0.4, 0.22, 0.34)
    wrapped(maker, replace(design, kind="tub", arm_height=0.6), stuff, 0.2)


def tub(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A round or square easy chair in one padded wall."""
    square = design.quilt is not None and design.variant % 2
    low = 0.2 if design.legs == "cross" else 0.06
    kind, arms = ("channelled", design.height) if square else ("tub", 0.6)
    stand(maker, design, design.depth / 2, low + 0.02)
    wrapped(maker, replace(design, kind=kind, arm_height=arms), stuff, low)
    pillows(maker, design, accent if design.variant % 3 else stuff, 0.1)


def club(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A loosely covered easy chair that turns on a plinth."""
    kind = "track" if design.variant % 2 else "pillow"
    chair = replace(design, kind=kind, arm_width=0.15, arm_height=0.62, form="single", quilt=None)
    low = 0.04 if design.legs == "plinth" else 0.14
    stand(maker, design, design.depth / 2, low + 0.02)
    armed(maker, chair, stuff, low)
    pillows(maker, design, stuff, 0.1)
