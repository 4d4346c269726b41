"""Chairs on castors: netting, cords, ribs, thick padding, shells."""

from dataclasses import replace

import numpy as np
from bpy.types import Material

from ..core.maker import Maker
from ..core.materials import material
from ..core.tubes import curve, length, rods, tube
from .catalogue import BLACK, TIMBERS
from .chair_parts import arms, lumbar, ring, seat, spine, stand
from .fittings import metal
from .records import Design
from .upholstery import UP, bay, follow, pad, plump, scoop


def mesh(maker: Maker, design: Design, stuff: Material, netting: Material) -> None:
    """An office chair with a back of netting in a frame."""
    y = design.depth / 2
    black = material("plastic", BLACK)
    frame = (
        black
        if design.metal == BLACK or design.variant % 3
        else material("plastic", (0.85, 0.85, 0.85))
    )
    stand(maker, design, y, design.seat - 0.09)
    seat(maker, design, stuff if design.variant % 2 else material("fabric", (0.06, 0.06, 0.065)))
    tall = design.height - design.seat - 0.08
    wide = design.width * 0.88
    middle = (0, 0, design.seat + 0.1 + tall / 2)
    power = 0.22 + 0.13 * (design.variant % 3)
    maker.put(tube(ring(wide, tall, 0.05, power), 0.016, 10), frame, middle, (6, 0, 0))
    net = pad((wide, 0.012, tall), 0.005, None, 0.1 + 0.2 * (power - 0.2), lumbar(0.05))
    maker.put(net, netting, middle, (6, 0, 0))
    for z in (0.2, 0.2 + tall * 0.45)[: 1 + design.variant % 2]:
        band = pad((wide * 0.94, 0.03, 0.08), 0.012, None, 0.03)
        maker.put(band, frame, (0, 0.03, design.seat + z), (6, 0, 0))
    spine(maker, design, frame)
    arms(maker, design, black)


def bungee(maker: Maker, design: Design, stuff: Material, netting: Material) -> None:
    """An office chair of cords across two frames."""
    black = material("plastic", BLACK)
    cord = stuff
    stand(maker, design, design.depth / 2, design.seat - 0.07)
    tall = design.height - design.seat - 0.05
    wide = design.width * 0.84
    for size, bow, at, turn in (
        ((wide, tall), 0.05, (0, 0, design.seat + 0.08 + tall / 2), (8, 0, 0)),
        ((wide, design.depth), 0.0, (0, design.depth / 2, design.seat - 0.02), UP),
    ):
        maker.put(tube(ring(*size, bow, 0.22), 0.016, 10), black, at, turn)
        z = np.arange(-size[1] / 2 + 0.05, size[1] / 2 - 0.03, 0.05)
        y = bow * np.cos(2.2 * (2 * z / size[1] + 0.45))
        ends = [np.stack([np.full_like(z, x), y, z], 1) for x in (-wide / 2, wide / 2)]
        maker.put(rods(*ends, 0.013, 8), cord, at, turn)
    spine(maker, design, black)
    arms(maker, design, black)


def ribbed(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A thin ribbed seat and back between two metal rails."""
    stand(maker, design, design.depth / 2, design.seat - 0.06)
    seat(maker, design, stuff, design.quilt, 0.055)
    tall = design.height - design.seat
    wide = design.width * 0.93
    back = pad((wide, 0.05, tall), 0.02, design.quilt, 0.03, lumbar(0.04))
    maker.put(back, stuff, (0, -0.02, design.seat + tall / 2), (9, 0, 0))
    for x in (-design.width / 2, design.width / 2):
        way = [
            (x, design.depth * 0.95, design.seat - 0.06),
            (x, 0.06, design.seat - 0.04),
            (x, 0.0, design.seat + 0.1),
            (x * 0.95, -0.06, design.seat + tall * 0.75),
        ]
        maker.put(tube(curve(way, 6), 0.013, 8), metal(design))
    arms(maker, design, material("plastic", BLACK))


def executive(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A thick high back with a head cushion, a thick seat, and arms."""
    stand(maker, design, design.depth / 2, design.seat - 0.13)
    wide = design.width + 0.04
    tall = design.height - design.seat + 0.04
    seat(maker, replace(design, width=wide), stuff, None, 0.13)
    middle = (0, 0.02, design.seat + tall / 2 - 0.03)
    back = pad((wide, 0.11, tall), 0.05, design.quilt, 0.13, lumbar(0.04, 0.05))
    maker.put(back, stuff, middle, (8, 0, 0))
    for z, high in ((design.seat + 0.2, 0.22), (design.height - 0.16, 0.2))[design.variant % 2 :]:
        lean = -0.14 * (z - design.seat)
        cushion = plump((wide * 0.74, 0.1, high), 0.045, None, 0.09, 0.03)
        maker.put(cushion, stuff, (0, 0.07 + lean, z), (8, 0, 0))
    arms(maker, design, material("plastic", BLACK))


def bucket(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A seat in a padded bowl with low or high sides, on castors or legs."""
    stand(maker, design, design.depth / 2, design.seat - 0.09)
    wide = design.width + 0.04
    armed = design.variant % 2
    sides, end = (0.85 * design.depth, 0.55) if armed else (0.45 * design.depth, 0.3)
    low = design.seat - 0.09
    tall = design.height - design.seat + 0.09
    path = bay(wide, sides, 0.24)
    rise = scoop(end, 0.35, 0.95)
    size = length(path), 0.07, tall
    bowl = pad(size, 0.03, design.quilt, 0.05, follow(path, rise))
    maker.put(bowl, stuff, (0, 0.0, low + tall / 2), (5, 0, 0))
    seat(maker, replace(design, width=wide - 0.02), stuff, None, 0.11)
    if design.arms == "veneer" or design.variant % 5 == 0:  # a wooden outside
        path = bay(wide + 0.09, sides + 0.045, 0.28) - (0, 0.045)
        skin = pad((size[0], 0.02, tall), 0.008, None, 0.05, follow(path, rise))
        maker.put(
            skin, material("wood", TIMBERS[design.timber % 2]), (0, 0.0, low + tall / 2), (5, 0, 0)
        )


def bentwood(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A padded seat and back rest held by a band of bent wood."""
    stand(maker, design, design.depth / 2, design.seat - 0.1)
    wood = material("wood", TIMBERS[design.timber % 2], seed=design.variant % 5)
    seat(maker, design, stuff, None, 0.09)
    shell = pad((design.width + 0.03, 0.025, design.depth + 0.02), 0.01, None, 0.15)
    maker.put(shell, wood, (0, design.depth / 2, design.seat - 0.1), UP)
    path = bay(design.width + 0.1, design.depth * 0.8, 0.26)
    long = length(path)
    top = design.height - 0.12
    band = pad((long, 0.018, 0.24), 0.008, None, 0.1, follow(path, scoop(0.6, 0.35, 0.95)))
    maker.put(band, wood, (0, -0.02, top - 0.05), (5, 0, 0))
    inner = path * (0.93, 0.75) + (0, 0.02)
    rest = pad(
        (length(inner), 0.06, 0.27),
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
        wide = np.broadcast_to((0.05, 0.01), (len(curve(way, 6)), 2))
        maker.put(tube(curve(way, 6), wide, 10), wood)
