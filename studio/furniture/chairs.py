"""Chairs of every kind: the back at y = 0, the front towards +y."""

from dataclasses import replace

from bpy.types import Material

from ..core import pieces
from ..core.maker import Maker
from ..core.materials import material
from ..core.records import Piece
from .catalogue import TIMBERS
from .chair_parts import lumbar, seat
from .easy_chairs import club, egg, tub, wing
from .fittings import accent_of, feet
from .office_chairs import bentwood, bucket, bungee, executive, mesh, ribbed
from .records import Design, FurniturePlan
from .upholstery import pad


def build(maker: Maker, plan: FurniturePlan) -> None:
    """Make the chair of a plan."""
    design = plan.design
    netted = plan.design.stuff == "mesh"
    stuff = material("fabric" if netted else design.stuff, plan.colour, seed=design.variant % 5)
    accent = material("netting", plan.colour) if netted else accent_of(plan)
    _CHAIRS[design.kind](maker, design, stuff, accent)


def _dining(maker: Maker, design: Design, stuff: Material, accent: Material) -> None:
    """A dining chair: of wood with slats, or padded on four legs."""
    if design.variant % 2:
        _wooden(maker, design, stuff)
        return
    feet(maker, replace(design, legs="taper"), design.width, design.depth, design.seat - 0.06)
    seat(maker, design, stuff, None, 0.09)
    tall = design.height - design.seat + 0.06
    maker.put(
        pad((design.width * 0.92, 0.07, tall), 0.03, ("grid", 0.15, 0.015), 0.08, lumbar(0.02)),
        stuff,
        (0, 0.0, design.seat - 0.06 + tall / 2),
        (8, 0, 0),
    )


def _wooden(maker: Maker, design: Design, stuff: Material) -> None:
    """A chair of wood with a cushion of the design's stuff."""
    pale = (0.75, 0.66, 0.5)
    size = (design.width, design.depth, design.height)
    piece = Piece("chair", 0, 0, 0, *size, TIMBERS[design.timber], pale, design.variant | 1)
    wooden = Maker(maker.matrix, maker.index)
    pieces.chair(wooden, piece)
    wooden.made[-1].material_slots[0].material = stuff  # its cushion comes last


_CHAIRS = {
    "mesh": mesh,
    "ribbed": ribbed,
    "executive": executive,
    "bucket": bucket,
    "bentwood": bentwood,
    "bungee": bungee,
    "egg": egg,
    "tub": tub,
    "club": club,
    "dining": _dining,
    "shell": bucket,
    "wing": wing,
}
