"""A photographer's white paper sweep, for product shots."""

import math

import bpy
from mathutils import Matrix

from . import lights, meshes
from .materials import material


def white(side: float = -1.0, shadow: float = 0.5) -> None:
    """White floor and surroundings, and one soft key light above the camera's left or right.

    The thing stands at the origin, some two metres wide at most, and the camera towards -y.

    Args:
        side: where the key light is, -1 (left) to 1 (right).
        shadow: 0 is light from all round, 1 a key light with a clear shadow on the floor.
    """
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("paper")
    background = scene.world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (1, 1, 1, 1)
    background.inputs["Strength"].default_value = 0.8
    paper = material("paint", (0.97, 0.97, 0.97))
    meshes.put(meshes.box((60, 60, 0.02), 0.001), paper, Matrix.Translation((0, 0, -0.01)))
    turn = Matrix.Rotation(math.radians(40 * side), 4, "Z") @ Matrix.Rotation(
        math.radians(38), 4, "X"
    )
    at = turn @ Matrix.Translation((0, 0, 4))
    lights.area(10 + 130 * shadow, (1, 1, 1), at, 1.5, 1.5)
