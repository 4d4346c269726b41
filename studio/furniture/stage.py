"""A furniture shop's picture from its plan: the piece, its surroundings, light and camera."""

import math

import bpy
import numpy as np
from mathutils import Matrix

from ..core import backdrop, camera, pieces
from ..core.maker import Maker
from ..core.materials import forget, material
from ..core.records import Camera, Piece
from . import beds, chairs, sofas
from .records import FurniturePlan, Setting

_BUILDERS = {"bed": beds, "chair": chairs, "sofa": sofas}


def build(plan: FurniturePlan) -> None:
    """Fill an empty scene with the piece, its surroundings, light and camera."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    forget()
    setting = plan.setting
    matrix = Matrix.Rotation(math.radians(180 + setting.turn), 4, "Z")
    middle = Matrix.Translation((0, -plan.design.depth / 2, 0))
    maker = Maker(matrix @ middle, index=1)
    _BUILDERS[plan.design.label].build(maker, plan)
    points = _points()
    camera.stand(_frame(points, setting))
    if setting.place == "paper":
        backdrop.white(setting.light, setting.shadow)
    else:
        _room(points, plan)


def _points() -> np.ndarray:
    """All points (n, 3) of the piece, in the world."""
    bpy.context.view_layer.update()
    found = []
    for obj in bpy.context.scene.objects:
        if obj.type == "MESH" and obj.pass_index:
            points = np.empty(len(obj.data.vertices) * 3, np.float32)
            obj.data.vertices.foreach_get("co", points)
            matrix = np.array(obj.matrix_world)
            found.append(points.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3])
    return np.concatenate(found)


def _frame(points: np.ndarray, setting: Setting) -> Camera:
    """The camera from which the points fill the wanted share of the picture, in its middle."""
    angle = math.radians(setting.height)
    reach = 18 / setting.lens
    right = np.array((1.0, 0.0, 0.0))
    ahead = np.array((0.0, math.cos(angle), -math.sin(angle)))
    up = np.cross(right, ahead)
    eye = points.mean(0) - 6 * ahead
    for _ in range(12):
        away = points - eye
        far = away @ ahead
        shot = np.stack([away @ right / far, away @ up / far], 1) / reach
        low = shot.min(0)
        high = shot.max(0)
        distance = far.mean()
        step = (low + high) / 2 * reach * distance
        step[1] -= setting.raise_by * reach * distance
        eye = eye + right * step[0] + up * step[1]
        eye = eye - ahead * distance * ((high - low).max() / 2 / setting.fill - 1)
    return Camera(*map(float, eye), pan=0.0, pitch=-setting.height, roll=0.0, lens=setting.lens)


def _room(points: np.ndarray, plan: FurniturePlan) -> None:
    """A light wall behind the piece and a floor, perhaps a rug below it and a plant beside it."""
    setting = plan.setting
    side = math.copysign(1, setting.light)
    low = points.min(0)
    high = points.max(0)
    back = float(high[1]) + 0.1 + 0.5 * abs(setting.light)
    backdrop.interior(back, setting.wall, setting.floor, side)
    if setting.rug:
        Maker(Matrix()).box(
            (low[0] - 0.3, low[1] - 0.35, 0),
            (high[0] + 0.3, high[1] - 0.15, 0.012),
            material("carpet", setting.rug),
        )
    if setting.plant:
        x = float(high[0] + 0.3 if side < 0 else low[0] - 0.3)
        grey = (0.8, 0.8, 0.8)
        plant = Piece("plant", x, back - 0.1, 180, 0.5, 0.4, 1.1, grey, grey, plan.design.variant)
        pieces.plant(Maker(pieces.frame(plant)), plant)
