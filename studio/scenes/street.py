"""A street: its road, pavements, buildings, cars, people, lamps, signs, wires and trees. Metres."""

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from bpy.types import Material, Mesh
from mathutils import Matrix

from ..core import lights, meshes
from ..core.materials import Graph, linear, material
from . import wood
from .facade import SIGNS, Works, building, make_style
from .plan import ScenePlan
from .terrain import coat

# fmt: off
COATS = [
    (0.1, 0.1, 0.12), (0.2, 0.22, 0.3), (0.5, 0.1, 0.12), (0.75, 0.73, 0.7), (0.3, 0.26, 0.2),
    (0.2, 0.35, 0.5),
]
CARS = [
    (0.85, 0.85, 0.86), (0.08, 0.08, 0.09), (0.45, 0.46, 0.48), (0.5, 0.07, 0.07), (0.1, 0.2, 0.42),
    (0.75, 0.6, 0.1),
]
PAVINGS = {"asphalt": (0.3, 0.3, 0.31), "cobbles": (0.4, 0.37, 0.34), "slabs": (0.58, 0.55, 0.5)}
# By view: the road's width, the kinds of its buildings, their floors, and their roofs.
ROADS = {
    "lane": (2.5, 5.5), "avenue": (9, 20), "road": (6, 10), "square": (6, 11), "shops": (6, 11),
}
KINDS = {
    "lane": ("old", "old", "house"), "road": ("house", "modern"),
    "avenue": ("modern", "old", "glass"), "square": ("old", "old", "modern"),
    "shops": ("old", "old", "modern"),
}
FLOORS = {"lane": (2, 5), "road": (1, 2), "avenue": (3, 12), "square": (2, 5), "shops": (2, 5)}
TOWN_ROOFS = ("flat", "mansard")
OLD_ROOFS = ("gable", "gable", "hip", "flat")
# fmt: on


@dataclass(frozen=True)
class Way:
    """A street along y of its frame: widths of its road and of each pavement."""

    plan: ScenePlan
    rng: Random
    frame: Matrix
    road: float
    pave: float

    @property
    def night(self) -> bool:
        """Whether lamps and windows are lit."""
        return self.plan.time == "night"

    @property
    def kerb(self) -> float:
        """Where posts stand, to either side of the middle."""
        return self.road / 2 + min(0.5, self.pave / 3)

    def at(self, x: float, y: float, z: float = 0.0, turn: float = 0.0) -> Matrix:
        """A frame at a place of the street, turned by degrees."""
        return (
            self.frame @ Matrix.Translation((x, y, z)) @ Matrix.Rotation(math.radians(turn), 4, "Z")
        )


def build(plan: ScenePlan, works: Works) -> None:
    """Fill an empty scene, camera and sky aside."""
    rng = plan.rng("street")
    view = plan.view
    road = rng.uniform(*ROADS[view])
    pave = rng.uniform(0.4, 1.2) if view == "lane" else rng.uniform(2.6, 5)
    aside = rng.uniform(-0.32, 0.32) * (road + pave)
    turn = rng.gauss(0, 7)
    if view == "shops":  # from the pavement, towards the other side
        side = rng.choice((-1, 1))
        aside = side * (road / 2 + pave * 0.3)
        turn = side * rng.uniform(5, 25)
    shift = Matrix.Translation((-aside, 0, 0))
    way = Way(plan, rng, Matrix.Rotation(math.radians(turn), 4, "Z") @ shift, road, pave)
    _roadway(way)
    for side in (-1, 1):
        _row(way, works, side)
    _posts(way)
    _signs(way)
    _traffic(way)
    _walkers(way)


def paving(kind: str, season: str, wet: bool = False) -> Material:
    """Asphalt, cobbles or slabs; in winter some snow lies on them."""
    graph = Graph("paving")
    base = PAVINGS[kind]
    patch = graph.noise(graph.where(), 0.3, 6)
    fine = graph.noise(graph.where(), 14, 3)
    tone = graph.mix(graph.between(patch, 0.3, 0.7), linear([c * 0.7 for c in base]), linear(base))
    tone = graph.mix(graph.between(fine, 0.2, 0.8), graph.mix(0.3, tone, (0, 0, 0, 1)), tone)
    if kind != "asphalt":
        stones = {
            "Vector": graph.where(),
            "Scale": 6 if kind == "cobbles" else 1.4,
            "Randomness": 0.6,
        }
        edge = graph.node("TexVoronoi", stones, feature="DISTANCE_TO_EDGE").outputs["Distance"]
        joint = graph.between(edge, 0.02, 0.12)
        tone = graph.mix(joint, graph.mix(0.6, tone, (0.01, 0.01, 0.01, 1)), tone)
        graph.bump(joint, 0.6, 0.03)
    if season == "winter":
        lies = graph.between(graph.noise(graph.where(scale=(1, 0.4, 1)), 0.5, 6), 0.42, 0.56)
        tone = graph.mix(lies, tone, (0.8, 0.83, 0.88, 1))
    puddle = graph.between(patch, 0.4, 0.6)
    rough = graph.math("ADD", graph.math("MULTIPLY", puddle, 0.35), 0.05) if wet else 0.8
    graph.set(Base_Color=tone, Roughness=rough)
    return graph.material


def _roadway(way: Way) -> None:
    """Road, pavements and markings, as one mesh; they make the class, and so its mask."""
    plan = way.plan
    rng = way.rng
    half = way.road / 2
    old = plan.view in ("lane", "square")
    kind = rng.choice(("cobbles", "cobbles", "slabs", "asphalt")) if old else "asphalt"
    wet = plan.weather in ("overcast", "fog") and rng.random() < 0.4
    edge = half + way.pave + 40
    parts = [((-half, -8, -0.3), (half, 900, 0), 0), ((-edge, -8, -0.4), (edge, 900, -0.05), 3)]
    for x in (-half - way.pave, half):
        parts.append(((x, -8, -0.3), (x + way.pave, 900, 0.13), 1))
    if plan.view in ("avenue", "road") and plan.season != "winter":
        parts += _markings(rng, half)
    stuff = [paving(kind, plan.season, wet or way.night), paving("slabs", plan.season)]
    stuff += [material("paint", (0.85, 0.85, 0.82)), paving("asphalt", plan.season)]
    meshes.put(meshes.blocks(parts), stuff, way.frame, 1)


def _markings(rng: Random, half: float) -> list[tuple]:
    """A middle line, lines along the kerbs, and a crossing."""
    step = rng.choice((6, 6, 3))
    parts = [((-0.08, y, 0), (0.08, y + 3, 0.006), 2) for y in np.arange(2, 160, step)]
    for x in (0.35 - half, half - 0.35):
        if rng.random() < 0.5:
            parts.append(((x - 0.05, 0, 0), (x + 0.05, 300, 0.006), 2))
    if rng.random() < 0.4:
        y = rng.uniform(5, 14)
        for x in np.arange(0.3 - half, half - 0.4, 0.95):
            parts.append(((x, y, 0), (x + 0.45, y + 2.6, 0.007), 2))
    return parts


def _row(way: Way, works: Works, side: int) -> None:
    """One side's buildings, from beside the camera to the vanishing point."""
    rng = way.rng
    view = way.plan.view
    roofs = TOWN_ROOFS if view in ("avenue", "shops") else OLD_ROOFS
    x = way.road / 2 + way.pave
    end = rng.uniform(60, 150)
    y = rng.uniform(25, 60) if view == "square" and side > 0 else rng.uniform(-6, 2)
    while y < end:
        style = make_style(rng, rng.choice(KINDS[view]))
        wide = rng.uniform(6, 16) * (1.6 if view == "avenue" else 1)
        size = wide, 11, style.floor * rng.randint(*FLOORS[view])
        back = x + (rng.uniform(1, 9) if view == "road" else 0)
        place = way.at(back, y + wide, 0, -90) if side > 0 else way.at(-back, y, 0, 90)
        building(works, place, size, style, rng.choice(roofs))
        gap = rng.uniform(2, 12) if view == "road" else rng.choice((0, 0, 0, rng.uniform(3, 9)))
        y += wide + gap


def _posts(way: Way) -> None:
    """Lamps, wires and trees along the kerbs."""
    rng = way.rng
    has = way.plan.contains
    kerb = way.kerb
    steel = material("plastic", (0.12, 0.12, 0.13))
    shine = material("glow" if way.night else "plastic", (1.0, 0.8, 0.5))
    tall = rng.uniform(3.5, 8)
    post = [((-0.07, -0.07, 0), (0.07, 0.07, tall), 0)]
    post.append(((-0.2, -0.2, tall), (0.2, 0.2, tall + 0.45), 1))
    post.append(((-0.25, -0.25, tall + 0.45), (0.25, 0.25, tall + 0.55), 0))
    lamp = coat(meshes.blocks(post), steel, shine)
    for n in range(7 if "lamps" in has or way.night else 0):
        x = (-1) ** n * kerb
        y = 7 + 11 * n
        meshes.put(lamp, None, way.at(x, y))
        if way.night:
            lights.bulb(tuple(way.at(x, y, tall - 0.3).translation), 420)
    if "wires" in has:
        low = [(-9, y, rng.uniform(6, 9)) for y in range(6, 70, 9)]
        high = [(9, y + rng.uniform(-9, 9), rng.uniform(6, 9)) for _, y, _ in low]
        for x, z in ((-kerb, 6.5), (-kerb, 7.2), (kerb, 6.5), (kerb, 7.2)):
            low.append((x, -5, z))
            high.append((x, 150, z))
        meshes.put(meshes.rods(np.array(low), np.array(high), 0.02), steel, way.frame)
    if "trees" in has:
        trees = garden(way.plan, rng)
        for n in range(rng.randint(2, 6)):
            plant(trees, rng, way.at(rng.choice((-1, 1)) * (kerb + 0.4), 9 + 8 * n), 4.5, 8)


def _signs(way: Way) -> None:
    """Boards that stand out from the façades."""
    rng = way.rng
    wall = way.road / 2 + way.pave
    for _ in range(rng.randint(2, 7) if "signs" in way.plan.contains else 0):
        side = rng.choice((-1, 1))
        y = rng.uniform(5, 50)
        z = rng.uniform(2.4, 5.5)
        x = side * (wall - 0.45) - 0.45
        board = meshes.blocks([((x, y, z), (x + 0.9, y + 0.12, z + rng.uniform(0.6, 2.4)), 0)])
        meshes.put(board, material("glow" if way.night else "paint", rng.choice(SIGNS)), way.frame)


def _traffic(way: Way) -> None:
    """Parked and driving cars."""
    rng = way.rng
    if "cars" not in way.plan.contains:
        return
    cars = fleet(rng, way.night)
    for side in (-1, 1):
        y = rng.uniform(6, 16)
        while y < 80:
            lane = way.road / 2 - 1.1 if rng.random() < 0.7 else way.road / 4
            meshes.put(rng.choice(cars), None, way.at(side * lane, y, 0, 90 * side), 1)
            y += rng.uniform(5.5, 16)


def _walkers(way: Way) -> None:
    """People on the pavements, or all over a street without cars."""
    rng = way.rng
    half = way.road / 2
    if "people" not in way.plan.contains:
        return
    wide = half + way.pave - 0.5
    roam = way.plan.view in ("lane", "square", "shops") and "cars" not in way.plan.contains
    kinds = [person(rng) for _ in range(5)]
    for _ in range(rng.randint(2, 22 if roam else 9)):
        low = -wide if roam else half + 0.2
        x = rng.choice((-1, 1)) * rng.uniform(low, max(wide, low + 0.1))
        at = way.at(x, rng.uniform(4.5, 45), 0.0 if abs(x) < half else 0.13, rng.choice((0, 180)))
        meshes.put(rng.choice(kinds), None, at)


def fleet(rng: Random, night: bool) -> list[Mesh]:
    """Cars of three colours along x, 4.2 long."""
    shine = "glow" if night else "plastic"
    parts = [
        (meshes.soft((4.2, 1.75, 0.62), 0.28, bulge=0.05), (0, 0, 0.62), 0),
        (meshes.soft((2.5, 1.5, 0.72), 0.34, bulge=0.04), (-0.15, 0, 1.1), 1),
        (meshes.soft((1.7, 1.42, 0.12), 0.06), (-0.15, 0, 1.44), 0),
    ]
    for end in (-1, 1):
        for side in (-1, 1):
            wheel = meshes.box((0.64, 0.24, 0.64), 0.31)
            lamp = meshes.box((0.1, 0.35, 0.16), 0.02)
            parts.append((wheel, (1.3 * end, 0.8 * side, 0.32), 2))
            parts.append((lamp, (2.08 * end, 0.6 * side, 0.72), 3 + (end < 0)))
    shape = meshes.join(parts)
    trim = [material("screen"), material("plastic", (0.03, 0.03, 0.03))]
    trim += [material(shine, (0.95, 0.93, 0.85)), material(shine, (0.7, 0.05, 0.03))]
    return [coat(shape.copy(), material("lacquer", c), *trim) for c in rng.sample(CARS, 3)]


def person(rng: Random) -> Mesh:
    """A figure 1.75 tall that looks along y."""
    stride = rng.uniform(0.0, 0.2)
    parts = [
        (meshes.box((0.46, 0.28, 0.68), 0.13), (0, 0, 1.14), 1),
        (meshes.box((0.19, 0.22, 0.27), 0.1), (0, 0, 1.63), 2),
    ]
    for side in (-1, 1):
        leg = meshes.box((0.17, 0.2, 0.86), 0.08)
        arm = meshes.box((0.12, 0.14, 0.62), 0.06)
        parts.append((leg, (side * 0.1, side * stride, 0.43), 0))
        parts.append((arm, (side * 0.28, -side * stride * 0.6, 1.12), 1))
    skin = rng.choice([(0.75, 0.55, 0.44), (0.5, 0.34, 0.25), (0.25, 0.17, 0.12)])
    clothes = [material("fabric", rng.choice(COATS)) for _ in range(2)]
    return coat(meshes.join(parts), *clothes, material("plain", skin))


def garden(plan: ScenePlan, rng: Random) -> list[list[Mesh]]:
    """Two trees 8 high of the season, bare in winter; each is its wood and its leaves."""
    stuff = [wood.bark((0.3, 0.26, 0.22)), wood.foliage(rng.choice(wood.LEAVES[plan.season]))]
    kinds = [wood.broadleaf(rng, 8.0) for _ in range(2)]
    shown = 1 if plan.season == "winter" else 2
    return [
        [coat(mesh, coating) for mesh, coating in zip(tree[:shown], stuff, strict=False)]
        for tree in kinds
    ]


def plant(trees: list[list[Mesh]], rng: Random, place: Matrix, low: float, high: float) -> None:
    """Put one of the trees, of a height in a range."""
    size = Matrix.Scale(rng.uniform(low, high) / 8, 4)
    turn = Matrix.Rotation(rng.uniform(0, 6.3), 4, "Z")
    for mesh in rng.choice(trees):
        meshes.put(mesh, None, place @ turn @ size)
