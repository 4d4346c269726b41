"""The sky outdoors, its sun and clouds, and the haze before what is far away."""

import math
from typing import Any

import bpy
from mathutils import Matrix, Vector

from ..core.graph import Graph
from ..core.lights import lamp
from .records import Sky


def sky(weather: Sky) -> None:
    """An outdoor sky with clouds, and the sun as a lamp and, low over the horizon, as a disc."""
    turn = Matrix.Rotation(math.radians(-weather.sun_side), 4, "Z") @ Matrix.Rotation(
        math.radians(-(90 - weather.sun_height)), 4, "X"
    )
    if weather.sun > 0:
        lamp("SUN", weather.sun, weather.sun_colour, turn, angle=0.012)
    world = bpy.data.worlds.new("heaven")
    bpy.context.scene.world = world
    world.cycles.sampling_method = "MANUAL"
    world.cycles.sample_map_resolution = 128
    graph = Graph("heaven", world)
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
    disc = graph.smooth_step(near.outputs["Value"], 0.9996, 0.99995)
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
    amount = graph.smooth_step(noise, edge, edge + 0.1)
    if weather.cover >= 1:
        amount = 0.8
        lit = graph.math("MULTIPLY", graph.math("SUBTRACT", noise, 0.45), 0.9)
    dark = tuple(c * 0.42 for c in weather.cloud)
    shade = graph.mix(graph.smooth_step(lit, -0.13, 0.15), (*dark, 1), (*weather.cloud, 1))
    seen = graph.math("MULTIPLY", amount, graph.smooth_step(up, 0.0, 0.05))
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
