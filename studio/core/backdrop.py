"""Where products stand: a photographer's white paper sweep, or a light room of a web shop."""

import math

import bpy
from mathutils import Matrix

from . import lights, meshes
from .colours import linear
from .graph import Graph
from .maker import Maker
from .materials import material

LOW = 0.3  # radiance of the dome at the horizon
HIGH = 1.1  # and overhead
KEY = 2.2  # irradiance of the key light at most
SLOPE = math.radians(38)  # how it slants
SEEN = 1.1  # how much brighter the paper is in the picture than as a source of light


def white(side: float = -1.0, shadow: float = 0.5) -> None:
    """White floor and surroundings, and one soft key light above the camera's left or right.

    The thing stands at the origin, some two metres wide at most, and the camera towards -y. Paper
    that nothing shades is equally bright everywhere, so `camera.develop_on_white` can make it
    white.

    Args:
        side: where the key light is, -1 (left) to 1 (right).
        shadow: 0 is light from all round, 1 a key light with a clear shadow on the floor.
    """
    key = KEY * (0.5 + 0.5 * shadow)
    turn = Matrix.Rotation(math.radians(50 * side), 4, "Z") @ Matrix.Rotation(SLOPE, 4, "X")
    lights.key(key, turn, softness=math.radians(70 - 35 * shadow))
    lit = 0.97 * (LOW + (HIGH - LOW) * 2 / 3 + key * math.cos(SLOPE) / math.pi)
    own = 0.85 - 0.65 * shadow  # paper lit from below shows less of a shadow
    paper = Graph("sweep")
    seen = paper.node("LightPath").outputs["Is Camera Ray"]
    paper.set(
        Base_Color=(*[0.97 * (1 - own)] * 3, 1),
        Roughness=1.0,
        Specular_IOR_Level=0.0,
        Emission_Color=(1, 1, 1, 1),
        Emission_Strength=paper.node(
            "Math", {0: seen, 1: lit * (SEEN - 1), 2: lit * own}, operation="MULTIPLY_ADD"
        ).outputs[0],
    )
    meshes.put(meshes.box((80, 80, 0.02), 0.001), paper.material, Matrix.Translation((0, 0, -0.01)))
    _surroundings(lit * SEEN)


def _surroundings(paper: float) -> None:
    """A dome, bright above, whose gloss has gaps as between soft boxes; seen, it is like paper."""
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("studio")
    scene.world.cycles.sampling_method = "MANUAL"  # a coarse map of so smooth a dome will do:
    scene.world.cycles.sample_map_resolution = 64  # the usual one costs as much as the picture
    graph = Graph("studio", scene.world)
    height = graph.node("SeparateXYZ", {0: graph.where("Generated")}).outputs["Z"]
    dome = graph.ramp(height, [(0.0, (*[LOW] * 3, 1)), (1.0, (*[HIGH] * 3, 1))])
    boxes = graph.ramp(
        height,
        [(at, (*[v] * 3, 1)) for at, v in ((0.0, 0.45), (0.25, 0.12), (0.45, 0.3), (0.8, 1.5))],
    )
    rays = graph.node("LightPath").outputs
    colour = graph.mix(rays["Is Glossy Ray"], dome, boxes)
    colour = graph.mix(rays["Is Camera Ray"], colour, (*[paper] * 3, 1.0))
    graph.set(Color=colour, Strength=1.0)


def interior(back: float, wall: tuple, floor: tuple[str, tuple], side: float = -1.0) -> None:
    """A light wall at y = `back`, a floor, and daylight from the camera's left or right.

    Args:
        back: metres from the origin to the wall behind the thing.
        wall: colour of the wall, sRGB.
        floor: kind of material, and its colour.
        side: where the window is, -1 (left) or 1 (right).
    """
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("room")
    background = scene.world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = linear((0.96, 0.97, 1.0))
    background.inputs["Strength"].default_value = 0.8
    kind, colour = floor
    for low, high, stuff in (
        ((-9, -12, -0.05), (9, back, 0), material(kind, colour)),
        ((-9, back, -0.05), (9, back + 0.1, 5), material("paint", wall)),
        ((-9, back - 0.015, 0), (9, back, 0.09), material("paint", (0.94, 0.94, 0.93))),
    ):
        Maker(Matrix()).box(low, high, stuff, 0.001)
    window = Matrix.Rotation(math.radians(62 * side), 4, "Z") @ Matrix.Rotation(
        math.radians(62), 4, "X"
    )
    lights.area(330, (1.0, 0.98, 0.95), window @ Matrix.Translation((0, 0, 3.5)), 2.0, 1.6)
