"""Lamps: soft boxes, far lights and bulbs."""

from typing import Any

import bpy
from mathutils import Matrix

WARM = (1.0, 0.72, 0.42)  # the linear colour of a light bulb


def lamp(
    kind: str, energy: float, colour: tuple, matrix: Matrix, **settings: Any
) -> bpy.types.Object:
    """A light of Blender's kind that the camera does not see; settings are those of its data."""
    data = bpy.data.lights.new(kind.lower(), kind)
    data.energy = energy
    data.color = colour[:3]
    for key, value in settings.items():
        setattr(data, key, value)
    obj = bpy.data.objects.new(kind.lower(), data)
    bpy.context.scene.collection.objects.link(obj)
    obj.matrix_world = matrix
    obj.visible_camera = False
    return obj


def area(energy: float, colour: tuple, at: Matrix, width: float, height: float) -> None:
    """A soft box of watts and metres that shines down its own -z; `colour` is linear."""
    lamp("AREA", energy, colour, at, shape="RECTANGLE", size=width, size_y=height)


def key(irradiance: float, direction: Matrix, softness: float) -> None:
    """A far light down its own -z, so equally bright everywhere; `softness` in radians."""
    lamp("SUN", irradiance, (1, 1, 1), direction, angle=softness)


def bulb(at: tuple, watts: float) -> None:
    """A warm bulb in a lampshade."""
    lamp("POINT", watts, WARM, Matrix.Translation(at), shadow_soft_size=0.05)
