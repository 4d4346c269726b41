"""How hard and smooth materials are wired: paint, wood, floors, metal, paper, leaves.

Each function is handed the graph, the main and another colour (linear), a random stream, and the
space of its coordinates, "Object" or "UV".
"""

from random import Random

from .colours import linear
from .graph import Graph, Socket


def shade(colour: tuple, factor: float) -> tuple:
    """A linear colour made darker or lighter."""
    return tuple(min(1.0, c * factor) for c in colour[:3]) + (1.0,)


def plain(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    """One colour all over, and the gloss that its name stands for."""
    rough = {"plastic": 0.35, "metal": 0.3, "leather": 0.45}.get(
        graph.material.name.split(".")[0], 0.6
    )
    graph.set(Base_Color=main, Roughness=rough)


def _paint(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    cloud = graph.noise(graph.where(), 1.3)
    graph.set(Base_Color=graph.mix(cloud, shade(main, 0.93), shade(main, 1.04)), Roughness=0.75)
    graph.bump(graph.noise(graph.where(), 180), 0.12)


def _wallpaper(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    if rng.random() < 0.5:
        wave = graph.node(
            "TexWave",
            {"Vector": graph.where(scale=(1, 1, 0.0)), "Scale": rng.uniform(2, 7)},
            bands_direction="DIAGONAL",
        )
        pattern = graph.ramp(wave.outputs["Fac"], [(0.48, (0, 0, 0, 1)), (0.52, (1, 1, 1, 1))])
    else:
        cell = graph.node(
            "TexVoronoi", {"Vector": graph.where(), "Scale": rng.uniform(5, 11), "Randomness": 0.25}
        )
        pattern = graph.ramp(cell.outputs["Distance"], [(0.22, (1, 1, 1, 1)), (0.28, (0, 0, 0, 1))])
    graph.set(Base_Color=graph.mix(pattern, main, graph.mix(0.35, main, other)), Roughness=0.8)


def _grain(graph: Graph, main: tuple, vector: Socket, rng: Random) -> Socket:
    grain = graph.noise(vector, rng.uniform(3, 5), 6)
    ring = graph.node(
        "TexWave",
        {"Vector": vector, "Scale": rng.uniform(0.8, 2.0), "Distortion": 6.0, "Detail": 3.0},
    ).outputs["Fac"]
    return graph.mix(grain, shade(main, 0.62), graph.mix(ring, shade(main, 0.9), shade(main, 1.18)))


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
            "Color1": shade(main, 0.75),
            "Color2": shade(main, 1.12),
            "Mortar": shade(main, 0.3),
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
            "Color2": shade(main, 0.93),
            "Mortar": shade(main, 0.5),
            "Scale": 1.0,
            "Mortar Size": 0.004,
            "Brick Width": 0.45,
            "Row Height": 0.45,
        },
        offset=0.0,
    )
    graph.set(Base_Color=brick.outputs["Color"], Roughness=0.25)


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
    ink = graph.ramp(
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
        Base_Color=graph.ramp(
            tone, [(p, c) for p, c in zip((0.3, 0.45, 0.55, 0.7), colours, strict=True)]
        ),
        Roughness=0.4,
    )


def _screen(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    graph.set(Base_Color=(0.006, 0.006, 0.008, 1), Roughness=0.12)


def _leaf(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    graph.set(
        Base_Color=graph.mix(graph.noise(graph.where(), 9), main, shade(main, 1.8)), Roughness=0.45
    )


def _glow(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    graph.set(Base_Color=main, Emission_Color=main, Emission_Strength=4.0)


def _bookcover(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    band = graph.ramp(
        graph.node("SeparateXYZ", {0: graph.where("Generated")}).outputs["Z"],
        [
            (rng.uniform(0.1, 0.3), main),
            (rng.uniform(0.32, 0.4), other),
            (rng.uniform(0.5, 0.62), other),
            (rng.uniform(0.64, 0.9), main),
        ],
    )
    graph.set(Base_Color=band, Roughness=0.45)


SURFACES = {
    "paint": _paint,
    "wallpaper": _wallpaper,
    "wood": _wood,
    "planks": _planks,
    "parquet": _parquet,
    "tiles": _tiles,
    "metal": _metal,
    "lacquer": _lacquer,
    "paper": _paper,
    "picture": _picture,
    "screen": _screen,
    "leaf": _leaf,
    "glow": _glow,
    "bookcover": _bookcover,
}
