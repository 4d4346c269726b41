"""Builds a planned room in Blender, its things in order or strewn about."""

import bpy

from ..core import pieces
from ..core.camera import stand
from ..core.materials import forget
from . import furnishings, things
from .cloth import Cloth
from .decor import decor
from .furnishings import linen
from .lighting import light_up
from .mess import strew
from .records import RoomPlan
from .walls import shell


def build(plan: RoomPlan, messy: bool, cloths: dict[str, list[Cloth]]) -> None:
    """Fill an empty scene with one twin of the room."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    forget()
    walls = shell(plan)
    solid = list(walls)
    decor(plan)
    for n, piece in enumerate(plan.pieces):
        made, pulled = furnishings.build(piece, messy)
        if piece.kind not in ("plant", "lamp"):
            solid += made
        for thing in plan.things:
            if thing.piece == n and not (messy and thing.out):
                solid.append(things.put_away(thing, piece, pulled))
    _bedding(plan, messy)
    if messy:
        strew(plan, walls, solid, cloths)
    light_up(plan)
    stand(plan.camera)


def _bedding(plan: RoomPlan, messy: bool) -> None:
    if not messy:
        for piece in plan.pieces:
            if "bed" in piece.kind:
                pieces.made_bed(piece, linen(piece))
