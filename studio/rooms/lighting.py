"""Light inside: the sky all round, sun, ceiling light, lamps and the camera's flash."""

import math

import bpy
from mathutils import Matrix, Vector

from ..core import meshes, pieces
from ..core.colours import linear
from ..core.lights import WARM, bulb, lamp
from ..core.maker import Maker
from ..core.materials import material
from ..core.records import Camera, Piece
from . import furnishings
from .records import Light, RoomPlan

LAMP_TOPS = ("nightstand", "dresser")


def light_up(plan: RoomPlan) -> None:
    """Sky, sun, ceiling light, flash, and the lamps of the furniture."""
    world(plan.light)
    sun(plan.light)
    inside(plan.light, (plan.width, plan.depth, plan.height), plan.camera)
    for piece in plan.pieces:
        if piece.kind == "lamp" and plan.light.lamps:
            bulb((*piece.world(0, piece.depth / 2), piece.height - 0.15), 14)
        if piece.kind in LAMP_TOPS:
            _table_lamp(plan, piece)


def lamp_spot(piece: Piece) -> tuple[float, float]:
    """Where a table lamp stands on a piece: at the back of its left end."""
    return -piece.width / 2 + 0.14, 0.15


def _table_lamp(plan: RoomPlan, piece: Piece) -> None:
    """A small lamp on a nightstand or dresser."""
    maker = Maker(pieces.frame(piece))
    x, y = lamp_spot(piece)
    z = piece.height
    maker.put(
        meshes.turned(
            [
                (0.001, z),
                (0.07, z),
                (0.07, z + 0.015),
                (0.02, z + 0.04),
                (0.045, z + 0.12),
                (0.012, z + 0.2),
                (0.012, z + 0.3),
            ]
        ),
        material("metal", (0.6, 0.55, 0.5) if piece.variant % 2 else (0.85, 0.85, 0.83)),
        (x, y, 0),
    )
    furnishings.shade(maker, piece, (x, y, z + 0.24), 0.11, 0.17)
    if plan.light.lamps:
        wx, wy = piece.world(x, y)
        bulb((wx, wy, z + 0.3), 7)


def world(light: Light) -> None:
    """A dim sky all round; the windows' own lights carry the daylight."""
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("sky")
    background = scene.world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = linear(light.sky)
    background.inputs["Strength"].default_value = 1.5 * light.daylight


def sun(light: Light) -> None:
    """Direct sun from beyond the back wall, if the time of day has any."""
    if light.sun > 0:
        direction = Matrix.Rotation(math.radians(light.sun_side), 4, "Z") @ Matrix.Rotation(
            math.radians(-(90 - light.sun_height)), 4, "X"
        )
        warm = (1.0, 0.93, 0.82) if light.time == "day" else (1.0, 0.78, 0.55)
        lamp("SUN", 38 * light.sun, warm, direction, angle=0.02)


def inside(light: Light, room: tuple, camera: Camera) -> None:
    """The ceiling light (or daylight bounced from the rest of the flat) and the flash."""
    warm = WARM if light.time in ("night", "evening") else (1.0, 0.95, 0.88)
    at = Matrix.Translation((room[0] / 2, room[1] * 0.4, room[2] - 0.05))
    lamp(
        "AREA",
        110 * light.ceiling,
        warm,
        at,
        shape="RECTANGLE",
        size=room[0] * 0.5,
        size_y=room[1] * 0.45,
    )
    if light.flash:
        lamp(
            "POINT",
            28 * light.flash,
            (1, 1, 1),
            Matrix.Translation(Vector((camera.x + 0.05, camera.y, camera.z + 0.12))),
            shadow_soft_size=0.04,
        )
