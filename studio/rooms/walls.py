"""Floor, ceiling and walls; and frames in which things stand or hang along a wall."""

import math

from bpy.types import Material
from mathutils import Matrix

from ..core.maker import Maker
from ..core.materials import material
from .records import WALLS, RoomPlan

THICK = 0.12  # of the walls, metres


def wall_frame(plan: RoomPlan, wall: str) -> Matrix:
    """Frame of a wall: origin in the middle of its foot, x along it, y into the room."""
    x, y = {
        "back": (plan.width / 2, plan.depth),
        "left": (0, plan.depth / 2),
        "right": (plan.width, plan.depth / 2),
        "front": (plan.width / 2, 0),
    }[wall]
    return Matrix.Translation((x, y, 0)) @ Matrix.Rotation(
        math.radians({**WALLS, "front": 0.0}[wall]), 4, "Z"
    )


def along(plan: RoomPlan, wall: str, centre: float) -> float:
    """A place along a wall, counted from its left or near end, as x in the wall's frame."""
    return {
        "back": plan.width / 2 - centre,
        "left": plan.depth / 2 - centre,
        "right": centre - plan.depth / 2,
    }[wall]


def shell(plan: RoomPlan) -> list:
    """Make floor, ceiling and walls; return their objects, on which things may come to rest."""
    maker = Maker(Matrix())
    maker.box(
        (-0.2, -0.2, -0.1),
        (plan.width + 0.2, plan.depth + 0.2, 0),
        material(plan.floor_style, plan.floor, seed=plan.seed),
        0.001,
    )
    maker.box(
        (-0.2, -0.2, plan.height),
        (plan.width + 0.2, plan.depth + 0.2, plan.height + 0.1),
        material("paint", (0.94, 0.94, 0.92)),
        0.001,
    )
    for wall in ("back", "left", "right", "front"):
        side = Maker(wall_frame(plan, wall))
        length = (plan.width if wall in ("back", "front") else plan.depth) + 0.01
        accent = plan.wall_style == "wallpaper" and wall != "back" and plan.seed % 2
        stuff = material("paint" if accent else plan.wall_style, plan.wall, seed=plan.seed)
        _wall(side, plan, wall, length, stuff)
        maker.made += side.made
    return maker.made


def _wall(maker: Maker, plan: RoomPlan, wall: str, length: float, stuff: Material) -> None:
    """One wall in upright strips, leaving its windows open, with a skirting board."""
    edge = -length / 2
    for window in sorted(
        (v for v in plan.windows if v.wall == wall), key=lambda v: along(plan, wall, v.centre)
    ):
        x = along(plan, wall, window.centre)
        low = x - window.width / 2
        high = x + window.width / 2
        maker.box((edge, -THICK, 0), (low, 0, plan.height), stuff, 0.001)
        maker.box((low, -THICK, 0), (high, 0, window.sill), stuff, 0.001)
        maker.box((low, -THICK, window.head), (high, 0, plan.height), stuff, 0.001)
        edge = high
    maker.box((edge, -THICK, 0), (length / 2, 0, plan.height), stuff, 0.001)
    maker.box(
        (-length / 2, 0, 0),
        (length / 2, 0.014, 0.08 + plan.seed % 4 * 0.015),
        material("wood", (0.93, 0.92, 0.9)),
        0.003,
    )
