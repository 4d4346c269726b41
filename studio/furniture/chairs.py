"""Chairs of offices and dining rooms, and easy chairs: the back at y = 0, the front towards +y."""

import math
from dataclasses import replace

import numpy as np
from bpy.types import Material

from ..core import meshes
from ..core.materials import material
from ..core.meshes import Maker, tube
from ..rooms import furniture
from ..rooms.plan import Piece
from . import upholstery
from .plan import BLACK, TIMBERS, Design, ProductPlan
from .sofas import accent_of, armed, feet, metal, pillows, wrapped
from .upholstery import UP, bay, follow, pad, plump, scoop


def build(maker: Maker, plan: ProductPlan) -> None:
    """Make the chair of a plan."""
    design = plan.design
    netted = plan.design.stuff == "mesh"
    stuff = material("fabric" if netted else design.stuff, plan.colour, seed=design.variant % 5)
    accent = material("netting", plan.colour) if netted else accent_of(plan)
    _CHAIRS[design.kind](maker, design, stuff, accent)


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


def _cross(maker: Maker, design: Design, y: float, top: float, reach: float) -> None:
    """Four slanting feet and a column."""
    shiny = metal(design)
    for n in range(4):
        angle = math.pi * (n + 0.5) / 2
        tip = (reach * math.cos(angle), y + reach * math.sin(angle), 0.012)
        maker.put(tube(np.array([(0, y, 0.07), tip]), np.array((0.022, 0.012)), 8), shiny)
    maker.put(meshes.turned([(0.028, 0.03), (0.024, top)], 14), shiny, (0, y, 0))


def _stand(maker: Maker, design: Design, y: float, under: float) -> None:
    """What a chair's seat rests on."""
    if design.legs == "castors":
        _castors(maker, design, y, under)
    elif design.legs == "cross":
        _cross(maker, design, y, under, 0.34)
    elif design.legs == "plinth":
        maker.put(
            meshes.turned([(0.001, 0), (0.3, 0), (0.3, under), (0.001, under)], 30),
            material("plastic", BLACK),
            (0, y, 0),
        )
    else:
        feet(maker, design, design.width, design.depth, under)


def _seat(
    maker: Maker, design: Design, stuff: Material, quilt: tuple | None = None, thick: float = 0.09
) -> None:
    """A padded seat whose front edge falls away."""

    def warp(points: np.ndarray) -> np.ndarray:
        front = np.clip(-points[:, 2] / points[:, 2].max(), 0, 1)  # the panel's foot
        points[:, 1] -= 0.04 * front**3
        return points

    seat = pad((design.width, thick, design.depth), thick * 0.45, quilt, 0.13, warp)
    maker.put(seat, stuff, (0, design.depth / 2, design.seat - thick / 2), UP)


def _lumbar(depth: float, sides: float = 0.0) -> upholstery.Warp:
    """A back that is convex where the small of the back rests, and comes forward at the sides."""

    def warp(points: np.ndarray) -> np.ndarray:
        z = points[:, 2] / points[:, 2].max()
        x = points[:, 0] / points[:, 0].max()
        points[:, 1] += depth * np.cos(2.2 * (z + 0.45)) + sides * x**2
        return points

    return warp


def _arms(maker: Maker, design: Design, dark: Material) -> None:
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
            maker.put(tube(meshes.curve(loop, 5), thick, 10), rail)


def _ring(width: float, height: float, bow: float, power: float) -> np.ndarray:
    """A closed upright ring (n, 3) about the origin, an ellipse (power 1) or nearer a rectangle."""
    turn = np.linspace(0, 2 * math.pi, 61)
    c = np.cos(turn)
    s = np.sin(turn)
    x = np.sign(c) * np.abs(c) ** power
    z = np.sign(s) * np.abs(s) ** power
    return np.stack([width / 2 * x, bow * np.cos(2.2 * (z + 0.45)), height / 2 * z], 1)


def _mesh(maker: Maker, design: Design, stuff: Material, netting: Material) -> None:
    """An office chair with a back of netting in a frame."""
    y = design.depth / 2
    black = material("plastic", BLACK)
    frame = (
        black
        if design.metal == BLACK or design.variant % 3
        else material("plastic", (0.85, 0.85, 0.85))
    )
    _stand(maker, design, y, design.seat - 0.09)
    _seat(maker, design, stuff if design.variant % 2 else material("fabric", (0.06, 0.06, 0.065)))
    tall = design.height - design.seat - 0.08
    wide = design.width * 0.88
    middle = (0, 0, design.seat + 0.1 + tall / 2)
    power = 0.22 + 0.13 * (design.variant % 3)
    maker.put(tube(_ring(wide, tall, 0.05, power), 0.016, 10), frame, middle, (6, 0, 0))
    net = pad((wide, 0.012, tall), 0.005, None, 0.1 + 0.2 * (power - 0.2), _lumbar(0.05))
    maker.put(net, netting, middle, (6, 0, 0))
    for z in (0.2, 0.2 + tall * 0.45)[: 1 + design.variant % 2]:
        band = pad((wide * 0.94, 0.03, 0.08), 0.012, None, 0.03)
        maker.put(band, frame, (0, 0.03, design.seat + z), (6, 0, 0))
    _spine(maker, design, frame)
    _arms(maker, design, black)


def _spine(maker: Maker, design: Design, stuff: Material) -> None:
    """What carries the back of an office chair."""
    way = [
        (0, design.depth / 2, design.seat - 0.1),
        (0, -0.06, design.seat - 0.06),
        (0, -0.06, design.seat + 0.3),
    ]
    maker.put(tube(meshes.curve(way, 5), 0.025, 8), stuff)


def _bungee(maker: Maker, design: Design, stuff: Material, netting: Material) -> None:
    """An office chair of cords across two frames."""
    black = material("plastic", BLACK)
    cord = stuff
    _stand(maker, design, design.depth / 2, design.seat - 0.07)
    tall = design.height - design.seat - 0.05
    wide = design.width * 0.84
    for size, bow, at, turn in (
        ((wide, tall), 0.05, (0, 0, design.seat + 0.08 + tall / 2), (8, 0, 0)),
        ((wide, design.depth), 0.0, (0, design.depth / 2, design.seat - 0.02), UP),
    ):
        maker.put(tube(_ring(*size, bow, 0.22), 0.016, 10), black, at, turn)
        z = np.arange(-size[1] / 2 + 0.05, size[1] / 2 - 0.03, 0.05)
        y = bow * np.cos(2.2 * (2 * z / size[1] + 0.45))
        ends = [np.stack([np.full_like(z, x), y, z], 1) for x in (-wide / 2, wide / 2)]
        maker.put(meshes.rods(*ends, 0.013, 8), cord, at, turn)
    _spine(maker, design, black)
    _arms(maker, design, black)


def _ribbed(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A thin ribbed seat and back between two metal rails."""
    _stand(maker, design, design.depth / 2, design.seat - 0.06)
    _seat(maker, design, stuff, design.quilt, 0.055)
    tall = design.height - design.seat
    wide = design.width * 0.93
    back = pad((wide, 0.05, tall), 0.02, design.quilt, 0.03, _lumbar(0.04))
    maker.put(back, stuff, (0, -0.02, design.seat + tall / 2), (9, 0, 0))
    for x in (-design.width / 2, design.width / 2):
        way = [
            (x, design.depth * 0.95, design.seat - 0.06),
            (x, 0.06, design.seat - 0.04),
            (x, 0.0, design.seat + 0.1),
            (x * 0.95, -0.06, design.seat + tall * 0.75),
        ]
        maker.put(tube(meshes.curve(way, 6), 0.013, 8), metal(design))
    _arms(maker, design, material("plastic", BLACK))


def _executive(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A thick high back with a head cushion, a thick seat, and arms."""
    _stand(maker, design, design.depth / 2, design.seat - 0.13)
    wide = design.width + 0.04
    tall = design.height - design.seat + 0.04
    _seat(maker, replace(design, width=wide), stuff, None, 0.13)
    middle = (0, 0.02, design.seat + tall / 2 - 0.03)
    back = pad((wide, 0.11, tall), 0.05, design.quilt, 0.13, _lumbar(0.04, 0.05))
    maker.put(back, stuff, middle, (8, 0, 0))
    for z, high in ((design.seat + 0.2, 0.22), (design.height - 0.16, 0.2))[design.variant % 2 :]:
        lean = -0.14 * (z - design.seat)
        cushion = plump((wide * 0.74, 0.1, high), 0.045, None, 0.09, 0.03)
        maker.put(cushion, stuff, (0, 0.07 + lean, z), (8, 0, 0))
    _arms(maker, design, material("plastic", BLACK))


def _bucket(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A seat in a padded bowl with low or high sides, on castors or legs."""
    _stand(maker, design, design.depth / 2, design.seat - 0.09)
    wide = design.width + 0.04
    armed = design.variant % 2
    sides, end = (0.85 * design.depth, 0.55) if armed else (0.45 * design.depth, 0.3)
    low = design.seat - 0.09
    tall = design.height - design.seat + 0.09
    path = bay(wide, sides, 0.24)
    rise = scoop(end, 0.35, 0.95)
    size = upholstery.length(path), 0.07, tall
    bowl = pad(size, 0.03, design.quilt, 0.05, follow(path, rise))
    maker.put(bowl, stuff, (0, 0.0, low + tall / 2), (5, 0, 0))
    _seat(maker, replace(design, width=wide - 0.02), stuff, None, 0.11)
    if design.arms == "veneer" or design.variant % 5 == 0:  # a wooden outside
        path = bay(wide + 0.09, sides + 0.045, 0.28) - (0, 0.045)
        skin = pad((size[0], 0.02, tall), 0.008, None, 0.05, follow(path, rise))
        maker.put(
            skin, material("wood", TIMBERS[design.timber % 2]), (0, 0.0, low + tall / 2), (5, 0, 0)
        )


def _bentwood(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A padded seat and back rest held by a band of bent wood."""
    _stand(maker, design, design.depth / 2, design.seat - 0.1)
    wood = material("wood", TIMBERS[design.timber % 2], seed=design.variant % 5)
    _seat(maker, design, stuff, None, 0.09)
    shell = pad((design.width + 0.03, 0.025, design.depth + 0.02), 0.01, None, 0.15)
    maker.put(shell, wood, (0, design.depth / 2, design.seat - 0.1), UP)
    path = bay(design.width + 0.1, design.depth * 0.8, 0.26)
    long = upholstery.length(path)
    top = design.height - 0.12
    band = pad((long, 0.018, 0.24), 0.008, None, 0.1, follow(path, scoop(0.6, 0.35, 0.95)))
    maker.put(band, wood, (0, -0.02, top - 0.05), (5, 0, 0))
    inner = path * (0.93, 0.75) + (0, 0.02)
    rest = pad(
        (upholstery.length(inner), 0.06, 0.27),
        0.028,
        None,
        0.1,
        follow(inner, scoop(0.55, 0.35, 0.95)),
    )
    maker.put(rest, stuff, (0, 0.01, top - 0.04), (5, 0, 0))
    for side in (-1, 1):  # the band comes down to the seat
        way = [
            (side * (design.width / 2 + 0.05), design.depth * 0.72, top - 0.13),
            (side * (design.width / 2 + 0.05), design.depth * 0.62, design.seat + 0.05),
            (side * design.width * 0.3, design.depth * 0.5, design.seat - 0.1),
        ]
        wide = np.broadcast_to((0.05, 0.01), (len(meshes.curve(way, 6)), 2))
        maker.put(tube(meshes.curve(way, 6), wide, 10), wood)


def _egg(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A shell with a rounded back and winged sides, on a cross."""
    _cross(maker, design, 0.3, design.seat - 0.1, 0.3)
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

    shell = pad((upholstery.length(path), 0.07, 0.6), 0.03, None, 0.12, warp)
    maker.put(shell, stuff, (0, 0.0, design.seat + 0.2), (6, 0, 0))
    cushion = plump((0.6, 0.14, 0.54), 0.06, None, 0.26, 0.03)
    maker.put(cushion, stuff, (0, 0.34, design.seat - 0.02), UP)


def _wing(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A high-backed easy chair with wings, on a cross."""
    _cross(maker, design, 0.4, 0.22, 0.34)
    wrapped(maker, replace(design, kind="tub", arm_height=0.6), stuff, 0.2)


def _tub(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A round or square easy chair in one padded wall."""
    square = design.quilt is not None and design.variant % 2
    low = 0.2 if design.legs == "cross" else 0.06
    kind, arms = ("channelled", design.height) if square else ("tub", 0.6)
    _stand(maker, design, design.depth / 2, low + 0.02)
    wrapped(maker, replace(design, kind=kind, arm_height=arms), stuff, low)
    pillows(maker, design, accent if design.variant % 3 else stuff, 0.1)


def _club(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A loosely covered easy chair that turns on a plinth."""
    kind = "track" if design.variant % 2 else "pillow"
    chair = replace(design, kind=kind, arm_width=0.15, arm_height=0.62, form="single", quilt=None)
    low = 0.04 if design.legs == "plinth" else 0.14
    _stand(maker, design, design.depth / 2, low + 0.02)
    armed(maker, chair, stuff, low)
    pillows(maker, design, stuff, 0.1)


def _dining(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A dining chair: of wood with slats, or padded on four legs."""
    if design.variant % 2:
        colour = TIMBERS[design.timber]
        pale = (0.75, 0.66, 0.5)
        piece = Piece(
            "chair",
            0,
            0,
            0,
            design.width,
            design.depth,
            design.height,
            colour,
            pale,
            design.variant | 1,
        )
        made, _ = furniture.build(piece, untidy=False)
        for obj in made:
            obj.matrix_world = maker.matrix @ obj.matrix_world
            obj.pass_index = maker.index
        made[-1].material_slots[0].material = stuff  # its cushion comes last
        return
    feet(maker, replace(design, legs="taper"), design.width, design.depth, design.seat - 0.06)
    _seat(maker, design, stuff, None, 0.09)
    tall = design.height - design.seat + 0.06
    maker.put(
        pad((design.width * 0.92, 0.07, tall), 0.03, ("grid", 0.15, 0.015), 0.08, _lumbar(0.02)),
        stuff,
        (0, 0.0, design.seat - 0.06 + tall / 2),
        (8, 0, 0),
    )


_CHAIRS = {
    "mesh": _mesh,
    "ribbed": _ribbed,
    "executive": _executive,
    "bucket": _bucket,
    "bentwood": _bentwood,
    "bungee": _bungee,
    "egg": _egg,
    "tub": _tub,
    "club": _club,
    "dining": _dining,
    "shell": _bucket,
    "wing": _wing,
}
