"""What chairs are put together from: what they stand on, seats, backs, arm rests."""

import math

import numpy as np
from bpy.types import Material

from ..core import meshes
from ..core.maker import Maker
from ..core.materials import material
from ..core.tubes import curve, tube
from .catalogue import BLACK, TIMBERS
from .fittings import feet, metal
from .records import Design
from .upholstery import UP, Warp, pad


def _castors(maker: Maker, design: Design, y: float, top: float) -> None:
    """Five feet on castors, and the column under the seat."""
    shiny = metal(design)
    black = material("plastic", BLACK)
    feet = material("wood", TIMBERS[design.timber]) if design.variant % 9 == 0 else shiny
    wheel = meshes.turned([(0.001, 0), (0.03, 0), (0.03, 0.05), (0.001, 0.05)], 14)
    for n in range(5):
        angle = 2 * math.pi * (n + design.variant % 10 / 10) / 5
        c = math.cos(angle)
        s = math.sin(angle)
        path = np.array(
            [(0, y, 0.13), (0.12 * c, y + 0.12 * s, 0.12), (0.31 * c, y + 0.31 * s, 0.075)]
        )
        maker.put(tube(path, np.array((0.03, 0.022, 0.014)), 8), feet)
        maker.put(
            wheel,
            black,
            (0.31 * c - 0.025 * s, y + 0.31 * s + 0.025 * c, 0.03),
            (90, 0, math.degrees(angle)),
        )
    profile = [(0.03, 0.09), (0.03, 0.24), (0.018, 0.24), (0.018, top), (0.001, top)]
    maker.put(meshes.turned(profile, 14), shiny, (0, y, 0))
    maker.box((-0.1, y - 0.12, top - 0.035), (0.1, y + 0.1, top), black, 0.01)
    lever = np.array([(0.05, y, top - 0.02), (0.3, y + 0.02, top - 0.03)])
    maker.put(tube(lever, np.array((0.006, 0.008)), 6), black)


def cross(maker: Maker, design: Design, y: float, top: float, reach: float) -> None:
    """Four slanting feet and a column."""
    shiny = metal(design)
    for n in range(4):
        angle = math.pi * (n + 0.5) / 2
        tip = (reach * math.cos(angle), y + reach * math.sin(angle), 0.012)
        maker.put(tube(np.array([(0, y, 0.07), tip]), np.array((0.022, 0.012)), 8), shiny)
    maker.put(meshes.turned([(0.028, 0.03), (0.024, top)], 14), shiny, (0, y, 0))


def stand(maker: Maker, design: Design, y: float, under: float) -> None:
    """What a chair's seat rests on."""
    if design.legs == "castors":
        _castors(maker, design, y, under)
    elif design.legs == "cross":
        cross(maker, design, y, under, 0.34)
    elif design.legs == "plinth":
        maker.put(
            meshes.turned([(0.001, 0), (0.3, 0), (0.3, under), (0.001, under)], 30),
            material("plastic", BLACK),
            (0, y, 0),
        )
    else:
        feet(maker, design, design.width, design.depth, under)


def seat(
    maker: Maker, design: Design, stuff: Material, quilt: tuple | None = None, thick: float = 0.09
) -> None:
    """A padded seat whose front edge falls away."""

    def warp(points: np.ndarray) -> np.ndarray:
        front = np.clip(-points[:, 2] / points[:, 2].max(), 0, 1)  # the panel's foot
        points[:, 1] -= 0.04 * front**3
        return points

    seat = pad((design.width, thick, design.depth), thick * 0.45, quilt, 0.13, warp)
    maker.put(seat, stuff, (0, design.depth / 2, design.seat - thick / 2), UP)


def lumbar(depth: float, sides: float = 0.0) -> Warp:
    """A back that is convex where the small of the back rests, and comes forward at the sides."""

    def warp(points: np.ndarray) -> np.ndarray:
        z = points[:, 2] / points[:, 2].max()
        x = points[:, 0] / points[:, 0].max()
        points[:, 1] += depth * np.cos(2.2 * (z + 0.45)) + sides * x**2
        return points

    return warp


def arms(maker: Maker, design: Design, dark: Material) -> None:
    """Arm rests: "post" with a pad, or "loop"."""
    reach = design.width / 2 + 0.03
    rail = metal(design) if design.kind == "ribbed" else dark
    for side in (-1, 1) if design.arms else ():
        x = side * reach
        top = design.seat + 0.2
        if design.arms == "post":
            under = [(0, 0.25, design.seat - 0.07), (x, 0.25, design.seat - 0.05), (x, 0.25, top)]
            maker.put(tube(np.array(under), 0.017, 8), dark)
            maker.soft((x - 0.045, 0.1, top), (x + 0.045, 0.38, top + 0.035), dark, 0.015)
        else:
            loop = [
                (side * 0.15, 0.36, design.seat - 0.07),
                (x, 0.38, design.seat - 0.02),
                (x, 0.4, top - 0.06),
                (x, 0.3, top),
                (x, 0.1, top + 0.01),
                (x * 0.95, 0.0, top - 0.02),
            ]
            thick = 0.024 if design.kind == "executive" else 0.014
            maker.put(tube(curve(loop, 5), thick, 10), rail)


def ring(width: float, height: float, bow: float, power: float) -> np.ndarray:
    """A closed upright ring (n, 3) about the origin, an ellipse (power 1) or nearer a rectangle."""
    turn = np.linspace(0, 2 * math.pi, 61)
    c = np.cos(turn)
    s = np.sin(turn)
    x = np.sign(c) * np.abs(c) ** power
    z = np.sign(s) * np.abs(s) ** power
    return np.stack([width / 2 * x, bow * np.cos(2.2 * (z + 0.45)), height / 2 * z], 1)


def spine(maker: Maker, design: Design, stuff: Material) -> None:
    """What carries the back of an office chair."""
    way = [
        (0, design.depth / 2, design.seat - 0.1),
        (0, -0.06, design.seat - 0.06),
        (0, -0.06, design.seat + 0.3),
    ]
    maker.put(tube(curve(way, 5), 0.025, 8), stuff)
