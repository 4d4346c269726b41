"""Daylight through the windows, sun, lamps, a ceiling light and sometimes the camera's flash."""

import math
from typing import Any

import bpy
from mathutils import Matrix, Vector

from ..rooms.plan import Camera, Light
from ..scenes.plan import Sky
from . import meshes
from .materials import Graph, linear

WARM = (1.0, 0.72, 0.42)
TURNS = {
    "back": 0.0,
    "left": 90.0,
    "right": -90.0,
}  # degrees about z from the back wall's outward normal


def _lamp(
    kind: str, energy: float, colour: tuple, matrix: Matrix, **settings: Any
) -> bpy.types.Object:
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


def world(light: Light) -> None:
    """A dim sky all round; the windows' own lights carry the daylight."""
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("sky")
    background = scene.world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = linear(light.sky)
    background.inputs["Strength"].default_value = 1.5 * light.daylight


def window(light: Light, centre: tuple, wall: str, width: float, height: float, seed: int) -> None:
    """Sky light through one opening, and the view; the centre is on the wall's outer face."""
    outward = Matrix.Translation(centre) @ Matrix.Rotation(math.radians(TURNS[wall]), 4, "Z")
    face = outward @ Matrix.Translation((0, 0.06, 0)) @ Matrix.Rotation(math.radians(-90), 4, "X")
    energy = 75 * light.daylight * width * height
    _lamp("AREA", energy, linear(light.sky), face, shape="RECTANGLE", size=width, size_y=height)
    view = meshes.put(
        meshes.box((9, 0.01, 6), 0.001),
        _view(light, seed),
        outward @ Matrix.Translation((0, 2.2, 0)),
    )
    for ray in ("shadow", "diffuse", "glossy", "transmission"):
        setattr(view, f"visible_{ray}", False)


def _view(light: Light, seed: int) -> bpy.types.Material:
    """Sky above, blurred greenery or walls below, bright as the day."""
    graph = Graph("view")
    coordinates = graph.where("Object")
    blur = graph.noise(graph.where("Object", scale=(1, 1, 1.4)), 1.1 + seed % 5 * 0.4, 5)
    green = graph.step(
        blur,
        [
            (0.35, (0.02, 0.05, 0.015, 1)),
            (0.5, (0.10, 0.2, 0.05, 1)),
            (0.62, (0.35, 0.38, 0.28, 1)),
            (0.75, (0.8, 0.85, 0.9, 1)),
        ],
    )
    height = graph.node("SeparateXYZ", {0: coordinates}).outputs["Z"]
    edge = graph.node("Math", {0: height, 1: blur}, operation="ADD").outputs[0]
    horizon = 0.2 + seed % 9 * 0.12
    sky = graph.step(
        edge, [(max(0, horizon), (0, 0, 0, 1)), (min(1, horizon + 0.12), (1, 1, 1, 1))]
    )
    graph.set(
        Base_Color=(0, 0, 0, 1),
        Emission_Color=graph.mix(sky, green, linear(light.sky)),
        Emission_Strength=14.0 * light.daylight,
    )
    return graph.material


def area(energy: float, colour: tuple, at: Matrix, width: float, height: float) -> None:
    """A soft box of watts and metres that shines down its own -z; `colour` is linear."""
    _lamp("AREA", energy, colour, at, shape="RECTANGLE", size=width, size_y=height)


def key(irradiance: float, direction: Matrix, softness: float) -> None:
    """A far light down its own -z, so equally bright everywhere; `softness` in radians."""
    _lamp("SUN", irradiance, (1, 1, 1), direction, angle=softness)


def sun(light: Light) -> None:
    """Direct sun from beyond the back wall, if the time of day has any."""
    if light.sun > 0:
        direction = Matrix.Rotation(math.radians(light.sun_side), 4, "Z") @ Matrix.Rotation(
            math.radians(-(90 - light.sun_height)), 4, "X"
        )
        warm = (1.0, 0.93, 0.82) if light.time == "day" else (1.0, 0.78, 0.55)
        _lamp("SUN", 38 * light.sun, warm, direction, angle=0.02)


def inside(light: Light, room: tuple, camera: Camera) -> None:
    """The ceiling light (or daylight bounced from the rest of the flat) and the flash."""
    warm = WARM if light.time in ("night", "evening") else (1.0, 0.95, 0.88)
    at = Matrix.Translation((room[0] / 2, room[1] * 0.4, room[2] - 0.05))
    _lamp(
        "AREA",
        110 * light.ceiling,
        warm,
        at,
        shape="RECTANGLE",
        size=room[0] * 0.5,
        size_y=room[1] * 0.45,
    )
    if light.flash:
        _lamp(
            "POINT",
            28 * light.flash,
            (1, 1, 1),
            Matrix.Translation(Vector((camera.x + 0.05, camera.y, camera.z + 0.12))),
            shadow_soft_size=0.04,
        )


def bulb(at: tuple, watts: float) -> None:
    """A warm bulb in a lampshade."""
    _lamp("POINT", watts, WARM, Matrix.Translation(at), shadow_soft_size=0.05)


class _Heaven(Graph):
    """The nodes of the world instead of a material's."""

    def __init__(self) -> None:
        world = bpy.data.worlds.new("heaven")
        self.material = bpy.context.scene.world = world
        world.cycles.sampling_method = "MANUAL"
        world.cycles.sample_map_resolution = 128
        self.tree = world.node_tree
        self.surface = self.tree.nodes["Background"]


def sky(weather: Sky) -> None:
    """An outdoor sky with clouds, and the sun as a lamp and, low over the horizon, as a disc."""
    turn = Matrix.Rotation(math.radians(-weather.sun_side), 4, "Z") @ Matrix.Rotation(
        math.radians(-(90 - weather.sun_height)), 4, "X"
    )
    if weather.sun > 0:
        _lamp("SUN", weather.sun, weather.sun_colour, turn, angle=0.012)
    graph = _Heaven()
    way = graph.node("TexCoord").outputs["Generated"]
    up = graph.node("SeparateXYZ", {0: way}).outputs["Z"]
    low = (*weather.horizon, 1)
    high = (*weather.zenith, 1)
    blue = graph.mix(graph.math("POWER", graph.math("MAXIMUM", up, 0.0), 0.55), low, high)
    towards = turn.to_3x3() @ Vector((0, 0, 1))
    near = graph.node("VectorMath", {0: way, 1: towards}, operation="DOT_PRODUCT")
    glow = graph.math("POWER", graph.math("MAXIMUM", near.outputs["Value"], 0.0), 40)
    warm = tuple(c * min(2.0, weather.sun) * 0.6 for c in weather.sun_colour)
    colour = graph.mix(graph.math("MULTIPLY", glow, 0.6), blue, (*warm, 1))
    disc = graph.between(near.outputs["Value"], 0.9996, 0.99995)
    colour = graph.mix(disc, colour, (*(c * 6 * weather.sun for c in weather.sun_colour), 1))
    if weather.cover > 0:
        colour = _clouds(graph, weather, way, up, colour, turn)
    graph.set(Color=colour, Strength=1.0)


def _clouds(
    graph: Graph, weather: Sky, way: Any, up: Any, behind: Any, turn: Matrix
) -> bpy.types.NodeSocket:
    """Clouds on a plane overhead: bright towards the sun, grey below, fewer near the zenith."""
    flat = graph.math("ADD", graph.math("MAXIMUM", up, 0.0), 0.12)
    plane = graph.node("VectorMath", {0: way, 1: (1, 1, 0.6)}, operation="MULTIPLY").outputs[0]
    scale = graph.math("DIVIDE", weather.cloud_size, flat)
    spot = graph.node("VectorMath", {0: plane, "Scale": scale}, operation="SCALE").outputs[0]
    moved = graph.node("Mapping", {"Vector": spot, "Location": (weather.phase,) * 3})
    noise = graph.noise(moved.outputs[0], 1.0, 7)
    side = turn.to_3x3() @ Vector((0, 0, 0.16))
    aside = graph.node("VectorMath", {0: moved.outputs[0], 1: side}, operation="ADD").outputs[0]
    lit = graph.math("SUBTRACT", noise, graph.noise(aside, 1.0, 4))
    edge = 0.72 - 0.42 * weather.cover
    amount = graph.between(noise, edge, edge + 0.1)
    if weather.cover >= 1:
        amount = 0.8
        lit = graph.math("MULTIPLY", graph.math("SUBTRACT", noise, 0.45), 0.9)
    dark = tuple(c * 0.42 for c in weather.cloud)
    shade = graph.mix(graph.between(lit, -0.13, 0.15), (*dark, 1), (*weather.cloud, 1))
    seen = graph.math("MULTIPLY", amount, graph.between(up, 0.0, 0.05))
    return graph.mix(seen, behind, shade)


def haze(density: float, colour: tuple) -> None:
    """Mix every material towards a colour with its distance; `density` is optical depth a metre."""
    for stuff in bpy.data.materials:
        tree = stuff.node_tree
        out = stuff.node_tree.nodes.get("Material Output")
        if out is None or not out.inputs["Surface"].links:
            continue
        far = tree.nodes.new("ShaderNodeCameraData").outputs["View Distance"]
        depth = tree.nodes.new("ShaderNodeMath")
        depth.operation = "MULTIPLY"
        depth.inputs[1].default_value = -density
        clear = tree.nodes.new("ShaderNodeMath")
        clear.operation = "EXPONENT"
        air = tree.nodes.new("ShaderNodeEmission")
        air.inputs["Color"].default_value = (*colour, 1)
        mix = tree.nodes.new("ShaderNodeMixShader")
        surface = out.inputs["Surface"].links[0].from_socket
        tree.links.new(far, depth.inputs[0])
        tree.links.new(depth.outputs[0], clear.inputs[0])
        tree.links.new(clear.outputs[0], mix.inputs[0])
        tree.links.new(air.outputs[0], mix.inputs[1])
        tree.links.new(surface, mix.inputs[2])
        tree.links.new(mix.outputs[0], out.inputs["Surface"])
