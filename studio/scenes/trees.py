"""Trees as light shared meshes, and where they stand on a slope. Metres throughout."""

import math
from random import Random

import numpy as np
from bpy.types import Material, Mesh
from mathutils import Matrix

from ..core import meshes, tubes
from ..core.colours import linear
from ..core.graph import Graph
from .records import ScenePlan
from .terrain import coat, fractal, scatter, surface

LEAVES = {
    "summer": [(0.24, 0.42, 0.08), (0.18, 0.34, 0.1), (0.35, 0.5, 0.12), (0.14, 0.3, 0.12)],
    "spring": [(0.45, 0.65, 0.14), (0.36, 0.58, 0.1), (0.5, 0.62, 0.2)],
    "autumn": [(0.7, 0.5, 0.1), (0.72, 0.36, 0.1), (0.55, 0.22, 0.08), (0.55, 0.5, 0.16)],
    "winter": [(0.2, 0.28, 0.14), (0.16, 0.26, 0.16)],
}
NEEDLES = [(0.1, 0.2, 0.09), (0.13, 0.24, 0.1), (0.08, 0.17, 0.1), (0.16, 0.24, 0.12)]


def foliage(colour: tuple, glow: float = 0.45) -> Material:
    """Leaves or needles in an sRGB colour; `glow` is how much light comes through them."""
    graph = Graph("foliage")
    own = graph.node("ObjectInfo").outputs["Random"]
    patch = graph.math("ADD", graph.noise(graph.where(), 1.3, 3), graph.math("MULTIPLY", own, 0.5))
    dark = linear([c * 0.6 for c in colour])
    pale = linear([min(1, c * 1.25) for c in colour])
    tone = graph.mix(graph.smooth_step(patch, 0.35, 1.1), dark, pale)
    graph.set(Base_Color=tone, Roughness=0.5, Specular_IOR_Level=0.25)
    through = graph.node("BsdfTranslucent", {"Color": tone}).outputs[0]
    mixed = graph.node("MixShader", {0: glow, 1: graph.surface.outputs[0], 2: through}).outputs[0]
    graph.wire(graph.tree.nodes["Material Output"].inputs["Surface"], mixed)
    return graph.material


def bark(colour: tuple, moss: float = 0.0) -> Material:
    """Bark in an sRGB colour, furrowed upwards, green with `moss` (0 to 1) in places."""
    graph = Graph("bark")
    furrow = graph.noise(graph.where(scale=(6, 6, 0.7)), 1.6, 6)
    patch = graph.noise(graph.where(), 0.7, 4)
    main = graph.mix(
        furrow, linear([c * 0.35 for c in colour]), linear([min(1, c * 1.2) for c in colour])
    )
    green = graph.math("MULTIPLY", graph.smooth_step(patch, 0.45, 0.65), moss)
    graph.set(Base_Color=graph.mix(green, main, linear((0.25, 0.33, 0.1))), Roughness=0.9)
    graph.bump(furrow, 1.0, 0.05)
    return graph.material


def leaves(
    centres: np.ndarray, size: float, seed: int, long: float = 1.6, flat: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Leaf-shaped quads about points (n, 3): vertices (4n, 3) and faces; `flat` lays them level."""
    rng = np.random.default_rng(seed)
    n = len(centres)
    a = rng.normal(size=(n, 3)) * (1, 1, 1 - flat)
    a /= np.linalg.norm(a, axis=1, keepdims=True)
    b = np.cross(a, rng.normal(size=(n, 3)) * (1 - flat, 1 - flat, 1))
    b /= np.linalg.norm(b, axis=1, keepdims=True)
    s = size * rng.uniform(0.6, 1.3, (n, 1))
    corners = [
        centres - a * s * long / 2,
        centres + b * s / 2,
        centres + a * s * long / 2,
        centres - b * s / 2,
    ]
    return np.stack(corners, 1).reshape(-1, 3), np.arange(4 * n).reshape(-1, 4)


def cluster(seed: int, count: int = 500, size: float = 0.09, flat: float = 0.0) -> Mesh:
    """Leaves in a loose ball of radius 1, for crowns, shrubs and undergrowth."""
    rng = np.random.default_rng(seed)
    knots = rng.normal(size=(14, 3)) * 0.42
    points = knots[rng.integers(14, size=count)] + rng.normal(size=(count, 3)) * 0.2
    vertices, faces = leaves(points, size, seed, flat=flat)
    return meshes.mesh_from("leaves", vertices, faces, smooth=False)


def fern(seed: int, fronds: int = 9) -> Mesh:
    """Arching leaves from one root, 1 long."""
    rng = np.random.default_rng(seed)
    points = []
    for _ in range(fronds):
        turn = rng.uniform(0, 2 * math.pi)
        rise = rng.uniform(0.5, 1.2)
        t = np.linspace(0.1, 1, 16)
        way = np.stack([t * math.cos(turn), t * math.sin(turn), rise * t - 0.75 * t**2], 1)
        side = np.array([-math.sin(turn), math.cos(turn), 0]) * 0.22
        for s in (-1, 1):
            tip = way + s * side * (1.05 - t[:, None])
            points.append(np.stack([way, way + (0, 0, 0.02), tip, way - way * 0.04], 1))
    quads = np.concatenate(points).reshape(-1, 3)
    return meshes.mesh_from("fern", quads, np.arange(len(quads)).reshape(-1, 4), smooth=False)


def branches(rng: Random, height: float, radius: float, level: int = 4) -> tuple[Mesh, np.ndarray]:
    """A bare tree's wood as one mesh, and the ends of its twigs (n, 3)."""
    parts = []
    tips = []

    def grow(start: np.ndarray, way: np.ndarray, long: float, thick: float, left: int) -> None:
        for n in range(3):
            way = way + np.array([rng.gauss(0, 0.13) for _ in range(3)])
            way = way / np.linalg.norm(way)
            end = start + way * long / 3
            parts.append((start, end, thick * (1 - 0.12 * n)))
            start = end
            if left and (n or left < level):
                for _ in range(rng.choice((1, 1, 2))):
                    aside = np.array([rng.gauss(0, 0.75), rng.gauss(0, 0.75), rng.uniform(0, 0.6)])
                    grow(
                        end, way * 0.6 + aside, long * rng.uniform(0.5, 0.72), thick * 0.5, left - 1
                    )
        tips.append(end)

    grow(np.zeros(3), np.array([0, 0, 1.0]), height * 0.62, radius, level)
    starts, ends = (np.array([part[n] for part in parts]) for n in (0, 1))
    thick = np.array([part[2] for part in parts])[:, None, None]
    return tubes.rods(starts, ends, thick, 5), np.array(tips)


def broadleaf(rng: Random, height: float = 9.0, count: int = 2600) -> list[Mesh]:
    """The wood and the leaves of a free-standing tree."""
    trunk, tips = branches(rng, height, height * 0.028, 3)
    spread = np.random.default_rng(rng.randrange(10**6))
    points = tips[spread.integers(len(tips), size=count)]
    points = points + spread.normal(size=(count, 3)) * height * 0.06
    vertices, faces = leaves(points, height * 0.035, rng.randrange(10**6))
    return [trunk, meshes.mesh_from("leaves", vertices, faces, smooth=False)]


def conifer(seed: int, slim: float = 0.2, count: int = 420) -> Mesh:
    """A spruce 1 high: drooping boughs on a stem; `slim` is the radius of its foot."""
    rng = np.random.default_rng(seed)
    z = rng.uniform(0.04, 0.99, count)
    turn = rng.uniform(0, 2 * math.pi, count)
    reach = slim * (1 - z) ** 0.85 * rng.uniform(0.55, 1.15, count) + 0.008
    out = np.stack([np.cos(turn), np.sin(turn), np.zeros(count)], 1)
    side = np.stack([-np.sin(turn), np.cos(turn), np.zeros(count)], 1)
    root = np.stack([np.zeros(count), np.zeros(count), z], 1)
    drop = np.array([0, 0, 1]) * (reach * rng.uniform(0.15, 0.6, count))[:, None]
    wide = (reach * rng.uniform(0.16, 0.34, count))[:, None] * side
    middle = root + out * reach[:, None] * 0.6 - drop * 0.4
    tip = root + out * reach[:, None] - drop
    quads = np.stack([root, middle + wide, tip, middle - wide], 1).reshape(-1, 3)
    stem = np.array([[-1, 0, 0], [1, 0, 0], [0.1, 0, 98], [-0.1, 0, 98]]) * 0.01
    quads = np.concatenate([quads, stem, stem[:, [1, 0, 2]]])
    return meshes.mesh_from("conifer", quads, np.arange(len(quads)).reshape(-1, 4), smooth=False)


def trunk(seed: int, rough: float = 0.12) -> Mesh:
    """A stem of radius 1 at its foot and height 1, a little bent, flared at the root."""
    z = np.linspace(0, 1, 26)[:, None]
    turn = np.linspace(0, 2 * math.pi, 15)[None]
    wide = (1 - 0.55 * z + 0.6 * np.exp(-z * 60)) * (
        1 + rough * fractal(np.cos(turn) * 2 + z * 12, np.sin(turn) * 2 + z * 3, seed, 4)
    )
    bend = fractal(z * 2, z * 0, seed + 1, 3) * 1.1
    return surface(wide * np.cos(turn) + bend, wide * np.sin(turn) + bend * 0.6, z + 0 * turn)


def edge(plan: ScenePlan, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> None:
    """Conifers on the near part of a terrain (rows, columns)."""
    rng = plan.rng("edge")
    kinds = [conifer(n, rng.uniform(0.14, 0.24)) for n in range(3)]
    stuff = foliage(rng.choice(NEEDLES), 0.2)
    places = []
    tall = plan.camera.z * rng.uniform(0.12, 0.3) + 8
    rows = np.searchsorted(np.hypot(x, y)[:, x.shape[1] // 2], tall * np.array([6, 40]))
    for _ in range(rng.randint(20, 420)):
        row = rng.randint(rows[0], min(rows[1] + 1, len(x) - 1))
        column = rng.randrange(x.shape[1])
        size = tall * rng.uniform(0.5, 1.2)
        places.append((x[row, column], y[row, column], z[row, column] - 0.03 * size, size))
    near = max(4.0, tall * rng.uniform(0.7, 1.6))
    for _ in range(rng.choice((0, 0, 2, 6))):
        away = near * rng.uniform(0.8, 2.5)
        size = rng.uniform(0.3, 0.8) * tall
        low = plan.camera.z - size * rng.uniform(0.6, 1.2) - 0.1 * away
        places.append((rng.choice((-1, 1)) * rng.uniform(0.1, 0.5) * away, away, low, size))
    scatter(kinds, stuff, places, rng, 1)


def garden(plan: ScenePlan, rng: Random) -> list[list[Mesh]]:
    """Two trees 8 high of the season, bare in winter; each is its wood and its leaves."""
    stuff = [bark((0.3, 0.26, 0.22)), foliage(rng.choice(LEAVES[plan.season]))]
    kinds = [broadleaf(rng, 8.0) for _ in range(2)]
    shown = 1 if plan.season == "winter" else 2
    return [
        [coat(mesh, coating) for mesh, coating in zip(tree[:shown], stuff, strict=False)]
        for tree in kinds
    ]


def plant_tree(
    trees: list[list[Mesh]], rng: Random, place: Matrix, low: float, high: float
) -> None:
    """Put one of the trees, of a height in a range."""
    size = Matrix.Scale(rng.uniform(low, high) / 8, 4)
    turn = Matrix.Rotation(rng.uniform(0, 6.3), 4, "Z")
    for mesh in rng.choice(trees):
        meshes.put(mesh, None, place @ turn @ size)
