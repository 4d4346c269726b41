"""Procedural materials: every grain and weave is computed from coordinates in metres."""

from random import Random
from typing import Any

import bpy

Socket = bpy.types.NodeSocket
_cache: dict = {}


def linear(colour: tuple) -> tuple:
    """SRGB in 0..1 to linear RGBA."""
    return tuple(
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]
    ) + (1.0,)


class Graph:
    """A few words for wiring shader nodes."""

    def __init__(self, name: str, world: bpy.types.World | None = None) -> None:
        """A graph for a new material, or for the given world."""
        self.material = None if world else bpy.data.materials.new(name)
        self.tree = (world or self.material).node_tree
        self.surface = self.tree.nodes.get("Principled BSDF")

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

    def between(self, value: Any, low: float, high: float) -> Socket:
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

    def step(self, value: Socket, stops: list[tuple]) -> Socket:
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


def material(
    kind: str,
    colour: tuple = (0.8, 0.8, 0.8),
    accent: tuple | None = None,
    seed: int = 0,
    uv: bool = False,
) -> bpy.types.Material:
    """The material of a kind in the given sRGB colours; equal requests share one."""
    key = kind, tuple(round(c, 2) for c in colour), accent, seed, uv
    if key not in _cache:
        graph = Graph(kind)
        rng = Random(f"{kind}/{seed}")
        main = linear(colour)
        other = (
            linear(accent)
            if accent
            else tuple(c * rng.uniform(0.55, 0.8) for c in main[:3]) + (1.0,)
        )
        _MAKERS.get(kind, _plain)(graph, main, other, rng, "UV" if uv else "Object")
        _cache[key] = graph.material
    return _cache[key]


def forget() -> None:
    """Drop the cache; call it when a new scene begins."""
    _cache.clear()


def _shade(colour: tuple, factor: float) -> tuple:
    return tuple(min(1.0, c * factor) for c in colour[:3]) + (1.0,)


def _plain(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    rough = {"plastic": 0.35, "metal": 0.3, "leather": 0.45}.get(
        graph.material.name.split(".")[0], 0.6
    )
    graph.set(Base_Color=main, Roughness=rough)


def _paint(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    cloud = graph.noise(graph.where(), 1.3)
    graph.set(Base_Color=graph.mix(cloud, _shade(main, 0.93), _shade(main, 1.04)), Roughness=0.75)
    graph.bump(graph.noise(graph.where(), 180), 0.12)


def _wallpaper(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    if rng.random() < 0.5:
        wave = graph.node(
            "TexWave",
            {"Vector": graph.where(scale=(1, 1, 0.0)), "Scale": rng.uniform(2, 7)},
            bands_direction="DIAGONAL",
        )
        pattern = graph.step(wave.outputs["Fac"], [(0.48, (0, 0, 0, 1)), (0.52, (1, 1, 1, 1))])
    else:
        cell = graph.node(
            "TexVoronoi", {"Vector": graph.where(), "Scale": rng.uniform(5, 11), "Randomness": 0.25}
        )
        pattern = graph.step(cell.outputs["Distance"], [(0.22, (1, 1, 1, 1)), (0.28, (0, 0, 0, 1))])
    graph.set(Base_Color=graph.mix(pattern, main, graph.mix(0.35, main, other)), Roughness=0.8)


def _grain(graph: Graph, main: tuple, vector: Socket, rng: Random) -> Socket:
    grain = graph.noise(vector, rng.uniform(3, 5), 6)
    ring = graph.node(
        "TexWave",
        {"Vector": vector, "Scale": rng.uniform(0.8, 2.0), "Distortion": 6.0, "Detail": 3.0},
    ).outputs["Fac"]
    return graph.mix(
        grain, _shade(main, 0.62), graph.mix(ring, _shade(main, 0.9), _shade(main, 1.18))
    )


def _wood(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    pale = max(main[:3]) > 0.68 or max(main[:3]) - min(main[:3]) < 0.03
    if pale:  # lacquered
        graph.set(Base_Color=main, Roughness=0.35)
        return
    graph.set(
        Base_Color=_grain(graph, main, graph.where(scale=(2, 14, 14)), rng),
        Roughness=rng.uniform(0.3, 0.5),
    )


def _planks(
    graph: Graph,
    main: tuple,
    other: tuple,
    rng: Random,
    space: str,
    length: float = 1.1,
    width: float = 0.12,
) -> None:
    brick = graph.node(
        "TexBrick",
        {
            "Vector": graph.where(turn=(0, 0, rng.choice((0, 1.5708)))),
            "Color1": _shade(main, 0.75),
            "Color2": _shade(main, 1.12),
            "Mortar": _shade(main, 0.3),
            "Scale": 1.0,
            "Mortar Size": 0.0015,
            "Brick Width": length,
            "Row Height": width,
        },
    )
    grain = graph.noise(graph.where(scale=(3, 22, 1)), 4, 5)
    graph.set(
        Base_Color=graph.mix(grain, _darker(graph, brick.outputs["Color"]), brick.outputs["Color"]),
        Roughness=rng.uniform(0.25, 0.5),
    )


def _darker(graph: Graph, colour: Socket) -> Socket:
    return graph.node("HueSaturation", {"Color": colour, "Value": 0.6}).outputs["Color"]


def _parquet(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    _planks(graph, main, other, rng, space, length=0.42, width=0.07)


def _tiles(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    brick = graph.node(
        "TexBrick",
        {
            "Vector": graph.where(),
            "Color1": main,
            "Color2": _shade(main, 0.93),
            "Mortar": _shade(main, 0.5),
            "Scale": 1.0,
            "Mortar Size": 0.004,
            "Brick Width": 0.45,
            "Row Height": 0.45,
        },
        offset=0.0,
    )
    graph.set(Base_Color=brick.outputs["Color"], Roughness=0.25)


def _carpet(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    pile = graph.noise(graph.where(), 260, 2)
    cloud = graph.noise(graph.where(), 2.2)
    graph.set(
        Base_Color=graph.mix(
            pile, _shade(main, 0.6), graph.mix(cloud, _shade(main, 0.9), _shade(main, 1.15))
        ),
        Roughness=0.95,
    )
    graph.bump(pile, 0.8, 0.01)


def _fabric(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    weave = graph.noise(graph.where(space), 220, 2)
    graph.set(
        Base_Color=graph.mix(weave, _shade(main, 0.8), _shade(main, 1.1)),
        Roughness=0.9,
        Sheen_Weight=0.15,
    )
    graph.bump(weave, 0.3)


def _velvet(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    cloud = graph.noise(graph.where(space), 7)
    graph.set(
        Base_Color=graph.mix(cloud, _shade(main, 0.6), _shade(main, 1.1)),
        Roughness=0.85,
        Sheen_Weight=0.5,
        Sheen_Roughness=0.35,
        Sheen_Tint=_shade(main, 1.5),
    )


def _netting(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    graph.set(Base_Color=main, Roughness=0.6, Alpha=0.85)


def _pattern(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    style = rng.choice(("stripes", "check", "dots", "flowers", "broad"))
    vector = graph.where(space, turn=(0, 0, rng.choice((0, 1.5708))))
    if style in ("stripes", "broad"):
        wave = graph.node(
            "TexWave", {"Vector": vector, "Scale": 6.0 if style == "stripes" else 2.2}
        ).outputs["Fac"]
        mask = graph.step(wave, [(0.48, (0, 0, 0, 1)), (0.53, (1, 1, 1, 1))])
    elif style == "check":
        mask = graph.node("TexChecker", {"Vector": vector, "Scale": 14.0}).outputs["Fac"]
    else:
        cell = graph.node(
            "TexVoronoi",
            {"Vector": vector, "Scale": 9.0, "Randomness": 0.3 if style == "dots" else 1.0},
        ).outputs["Distance"]
        mask = graph.step(cell, [(0.28, (1, 1, 1, 1)), (0.36, (0, 0, 0, 1))])
    graph.set(Base_Color=graph.mix(mask, main, other), Roughness=0.9, Sheen_Weight=0.1)


def _metal(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    graph.set(Base_Color=main, Roughness=0.3, Metallic=1.0)


def _lacquer(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    graph.set(Base_Color=main, Roughness=0.4, Coat_Weight=0.8, Coat_Roughness=0.06)


def _paper(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    lines = graph.node(
        "TexWave",
        {"Vector": graph.where("Generated"), "Scale": rng.uniform(5, 9), "Distortion": 0.0},
        bands_direction="Y",
    ).outputs["Fac"]
    words = graph.noise(graph.where("Generated", scale=(1, 40, 1)), 9)
    ink = graph.step(
        graph.node("Math", {0: lines, 1: words}, operation="MULTIPLY").outputs[0],
        [(0.42, (0, 0, 0, 1)), (0.5, (1, 1, 1, 1))],
    )
    graph.set(
        Base_Color=graph.mix(ink, main, graph.mix(0.45, main, (0.05, 0.05, 0.06, 1))), Roughness=0.7
    )


def _picture(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    vector = graph.where("Object", scale=(rng.uniform(1, 4),) * 3)
    tone = graph.noise(vector, rng.uniform(1.5, 6), rng.uniform(1, 6))
    if rng.random() < 0.4:
        tone = graph.node(
            "TexWave",
            {"Vector": vector, "Scale": rng.uniform(0.4, 2), "Distortion": rng.uniform(2, 14)},
        ).outputs["Fac"]
    colours = [
        main,
        other,
        linear([rng.random() for _ in range(3)]),
        linear([rng.random() for _ in range(3)]),
    ]
    graph.set(
        Base_Color=graph.step(
            tone, [(p, c) for p, c in zip((0.3, 0.45, 0.55, 0.7), colours, strict=True)]
        ),
        Roughness=0.4,
    )


def _screen(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    graph.set(Base_Color=(0.006, 0.006, 0.008, 1), Roughness=0.12)


def _leaf(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    graph.set(
        Base_Color=graph.mix(graph.noise(graph.where(), 9), main, _shade(main, 1.8)), Roughness=0.45
    )


def _glow(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    graph.set(Base_Color=main, Emission_Color=main, Emission_Strength=4.0)


def _curtain(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    through = graph.node("BsdfTranslucent", {"Color": main}).outputs[0]
    mixed = graph.node("MixShader", {0: 0.45, 1: graph.surface.outputs[0], 2: through}).outputs[0]
    graph.set(Base_Color=main, Roughness=0.9)
    graph.wire(graph.tree.nodes["Material Output"].inputs["Surface"], mixed)


def _bookcover(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    band = graph.step(
        graph.node("SeparateXYZ", {0: graph.where("Generated")}).outputs["Z"],
        [
            (rng.uniform(0.1, 0.3), main),
            (rng.uniform(0.32, 0.4), other),
            (rng.uniform(0.5, 0.62), other),
            (rng.uniform(0.64, 0.9), main),
        ],
    )
    graph.set(Base_Color=band, Roughness=0.45)


def _weave(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    wave = graph.node(
        "TexWave", {"Vector": graph.where(), "Scale": 14.0}, bands_direction="Z"
    ).outputs["Fac"]
    graph.set(Base_Color=graph.mix(wave, _shade(main, 0.5), main), Roughness=0.8)
    graph.bump(wave, 0.8, 0.01)


_MAKERS = {
    "paint": _paint,
    "wallpaper": _wallpaper,
    "wood": _wood,
    "planks": _planks,
    "parquet": _parquet,
    "tiles": _tiles,
    "carpet": _carpet,
    "fabric": _fabric,
    "velvet": _velvet,
    "netting": _netting,
    "pattern": _pattern,
    "metal": _metal,
    "lacquer": _lacquer,
    "paper": _paper,
    "picture": _picture,
    "screen": _screen,
    "leaf": _leaf,
    "glow": _glow,
    "curtain": _curtain,
    "bookcover": _bookcover,
    "weave": _weave,
}
