"""A few words for wiring the nodes of materials and of the world."""

from typing import Any

import bpy

Socket = bpy.types.NodeSocket


class Graph:
    """A few words for wiring shader nodes."""

    def __init__(self, name: str, world: bpy.types.World | None = None) -> None:
        """A graph for a new material, or for the given world."""
        self.material = None if world else bpy.data.materials.new(name)
        self.tree = (world or self.material).node_tree
        self.surface = self.tree.nodes["Background" if world else "Principled BSDF"]

    def node(self, kind: str, inputs: dict | None = None, **settings: Any) -> bpy.types.Node:
        """Add a node; inputs are values or output sockets, by name or number."""
        node = self.tree.nodes.new("ShaderNode" + kind)
        for key, value in settings.items():
            setattr(node, key, value)
        for key, value in (inputs or {}).items():
            self.wire(node.inputs[key], value)
        return node

    def wire(self, socket: Socket, value: Any) -> None:
        """Give a socket a value or connect it."""
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        else:
            socket.default_value = value

    def set(self, **inputs: Any) -> None:
        """Set inputs of the surface; underscores stand for spaces."""
        for key, value in inputs.items():
            self.wire(self.surface.inputs[key.replace("_", " ")], value)

    def where(
        self, kind: str = "Object", scale: tuple = (1, 1, 1), turn: tuple = (0, 0, 0)
    ) -> Socket:
        """Coordinates in metres, scaled and turned (radians)."""
        source = self.node("TexCoord").outputs[kind]
        return self.node("Mapping", {"Vector": source, "Scale": scale, "Rotation": turn}).outputs[
            "Vector"
        ]

    def noise(self, vector: Socket, scale: float, detail: float = 3.0) -> Socket:
        """A grey noise around 0.5."""
        return self.node("TexNoise", {"Vector": vector, "Scale": scale, "Detail": detail}).outputs[
            0
        ]

    def math(self, operation: str, a: Any, b: Any = 0.0) -> Socket:
        """Arithmetic on two numbers, by Blender's name of the operation."""
        return self.node("Math", {0: a, 1: b}, operation=operation).outputs[0]

    def smooth_step(self, value: Any, low: float, high: float) -> Socket:
        """A smooth step from 0 at `low` to 1 at `high`; `low` may be the larger."""
        node = self.node("MapRange", interpolation_type="SMOOTHSTEP")
        for name, number in (("Value", value), ("From Min", low), ("From Max", high)):
            self.wire(node.inputs[name], number)
        return node.outputs[0]

    def mix(self, factor: Any, a: Any, b: Any) -> Socket:
        """Blend two colours."""
        node = self.node("Mix", data_type="RGBA")
        for socket, value in zip(
            (node.inputs[0], node.inputs[6], node.inputs[7]), (factor, a, b), strict=True
        ):
            self.wire(socket, value)
        return node.outputs[2]

    def ramp(self, value: Socket, stops: list[tuple]) -> Socket:
        """A colour ramp through (position, linear colour) stops."""
        node = self.node("ValToRGB", {"Fac": value})
        ramp = node.color_ramp
        while len(ramp.elements) < len(stops):
            ramp.elements.new(0.5)
        for element, (position, colour) in zip(ramp.elements, stops, strict=True):
            element.position = position
            element.color = colour
        return node.outputs["Color"]

    def bump(self, height: Socket, strength: float | Socket, distance: float = 0.002) -> None:
        """Rough up the surface by a height map."""
        self.set(
            Normal=self.node(
                "Bump", {"Height": height, "Strength": strength, "Distance": distance}
            ).outputs["Normal"]
        )
