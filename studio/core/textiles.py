"""How cloth, carpet and wickerwork are wired; the functions are as in `surfaces`."""

from random import Random

from .graph import Graph
from .surfaces import shade


def _carpet(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    pile = graph.noise(graph.where(), 260, 2)
    cloud = graph.noise(graph.where(), 2.2)
    graph.set(
        Base_Color=graph.mix(
            pile, shade(main, 0.6), graph.mix(cloud, shade(main, 0.9), shade(main, 1.15))
        ),
        Roughness=0.95,
    )
    graph.bump(pile, 0.8, 0.01)


def _fabric(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    weave = graph.noise(graph.where(space), 220, 2)
    graph.set(
        Base_Color=graph.mix(weave, shade(main, 0.8), shade(main, 1.1)),
        Roughness=0.9,
        Sheen_Weight=0.15,
    )
    graph.bump(weave, 0.3)


def _velvet(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    cloud = graph.noise(graph.where(space), 7)
    graph.set(
        Base_Color=graph.mix(cloud, shade(main, 0.6), shade(main, 1.1)),
        Roughness=0.85,
        Sheen_Weight=0.5,
        Sheen_Roughness=0.35,
        Sheen_Tint=shade(main, 1.5),
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
        mask = graph.ramp(wave, [(0.48, (0, 0, 0, 1)), (0.53, (1, 1, 1, 1))])
    elif style == "check":
        mask = graph.node("TexChecker", {"Vector": vector, "Scale": 14.0}).outputs["Fac"]
    else:
        cell = graph.node(
            "TexVoronoi",
            {"Vector": vector, "Scale": 9.0, "Randomness": 0.3 if style == "dots" else 1.0},
        ).outputs["Distance"]
        mask = graph.ramp(cell, [(0.28, (1, 1, 1, 1)), (0.36, (0, 0, 0, 1))])
    graph.set(Base_Color=graph.mix(mask, main, other), Roughness=0.9, Sheen_Weight=0.1)


def _curtain(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    through = graph.node("BsdfTranslucent", {"Color": main}).outputs[0]
    mixed = graph.node("MixShader", {0: 0.45, 1: graph.surface.outputs[0], 2: through}).outputs[0]
    graph.set(Base_Color=main, Roughness=0.9)
    graph.wire(graph.tree.nodes["Material Output"].inputs["Surface"], mixed)


def _weave(graph: Graph, main: tuple, other: tuple, rng: Random, space: str) -> None:
    wave = graph.node(
        "TexWave", {"Vector": graph.where(), "Scale": 14.0}, bands_direction="Z"
    ).outputs["Fac"]
    graph.set(Base_Color=graph.mix(wave, shade(main, 0.5), main), Roughness=0.8)
    graph.bump(wave, 0.8, 0.01)


TEXTILES = {
    "carpet": _carpet,
    "fabric": _fabric,
    "velvet": _velvet,
    "netting": _netting,
    "pattern": _pattern,
    "curtain": _curtain,
    "weave": _weave,
}
