"""Trees as light shared meshes, and forests from a scene's plan. Metres throughout."""

import math
from collections.abc import Callable
from random import Random

import numpy as np
from bpy.types import Material, Mesh
from mathutils import Matrix

from ..core import meshes
from ..core.materials import Graph, linear
from .plan import ScenePlan
from .terrain import coat, fan, fractal, rock, scatter, surface

Way = Callable[[float], float]  # x of a path, by y
Height = Callable[[float | np.ndarray, float | np.ndarray], np.ndarray]  # of the ground, by x, y

LEAVES = {
    "summer": [(0.24, 0.42, 0.08), (0.18, 0.34, 0.1), (0.35, 0.5, 0.12), (0.14, 0.3, 0.12)],
    "spring": [(0.45, 0.65, 0.14), (0.36, 0.58, 0.1), (0.5, 0.62, 0.2)],
    "autumn": [(0.7, 0.5, 0.1), (0.72, 0.36, 0.1), (0.55, 0.22, 0.08), (0.55, 0.5, 0.16)],
    "winter": [(0.2, 0.28, 0.14), (0.16, 0.26, 0.16)],
}
NEEDLES = [(0.1, 0.2, 0.09), (0.13, 0.24, 0.1), (0.08, 0.17, 0.1), (0.16, 0.24, 0.12)]
BARKS = [
    (0.24, 0.2, 0.16),
    (0.33, 0.3, 0.26),
    (0.16, 0.14, 0.11),
    (0.3, 0.21, 0.15),
    (0.42, 0.4, 0.37),
]
MOSS = {"summer": 0.6, "spring": 0.7, "autumn": 0.15, "winter": 0.2}
LITTER = [(0.4, 0.29, 0.18), (0.45, 0.3, 0.2), (0.3, 0.24, 0.17)]


def foliage(colour: tuple, glow: float = 0.45) -> Material:
    """Leaves or needles in an sRGB colour; `glow` is how much light comes through them."""
    graph = Graph("foliage")
    own = graph.node("ObjectInfo").outputs["Random"]
    patch = graph.math("ADD", graph.noise(graph.where(), 1.3, 3), graph.math("MULTIPLY", own, 0.5))
    dark = linear([c * 0.6 for c in colour])
    pale = linear([min(1, c * 1.25) for c in colour])
    tone = graph.mix(graph.between(patch, 0.35, 1.1), dark, pale)
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
    green = graph.math("MULTIPLY", graph.between(patch, 0.45, 0.65), moss)
    graph.set(Base_Color=graph.mix(green, main, linear((0.25, 0.33, 0.1))), Roughness=0.9)
    graph.bump(furrow, 1.0, 0.05)
    return graph.material


def floor(litter: tuple, green: tuple, share: float, snow: bool = False) -> Material:
    """A forest's floor: leaf litter, and moss or grass on a `share` of it."""
    graph = Graph("floor")
    leaf = graph.node("TexVoronoi", {"Vector": graph.where(), "Scale": 9.0})
    tone = graph.node("SeparateColor", {0: leaf.outputs["Color"]}).outputs[0]
    dry = graph.mix(
        tone, linear([c * 0.35 for c in litter]), linear([min(1, c * 1.4) for c in litter])
    )
    patch = graph.noise(graph.where(), 0.35, 6)
    fine = graph.noise(graph.where(), 7, 4)
    moss = graph.mix(fine, linear([c * 0.4 for c in green]), linear(green))
    edge = 0.75 - 0.5 * share
    colour = graph.mix(graph.between(patch, edge, edge + 0.1), dry, moss)
    if snow:
        colour = graph.mix(graph.between(patch, 0.35, 0.5), colour, (0.85, 0.87, 0.92, 1))
    graph.set(Base_Color=colour, Roughness=0.95, Specular_IOR_Level=0.1)
    graph.bump(graph.math("ADD", leaf.outputs["Distance"], fine), 1.0, 0.06)
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
    return meshes.rods(starts, ends, thick, 5), np.array(tips)


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


def build(plan: ScenePlan) -> None:
    """Fill an empty scene, camera and sky aside."""
    if plan.view == "slope":
        _slope(plan)
    else:
        _inside(plan)


def _slope(plan: ScenePlan) -> None:
    """A wooded hillside from afar, conifers among leafy trees."""
    rng = plan.rng("slope")
    seed = plan.rng("ground").randrange(10**6)
    x, y = fan(plan.camera, 15, 900, 120, 120)
    rise = rng.uniform(0.15, 0.55)
    z = np.clip(y - 60, 0, None) * rise + fractal(x / 150, y / 150, seed, 5) * 30
    z -= z[:20].mean()
    meshes.put(surface(x, y, z), floor(LITTER[0], (0.2, 0.26, 0.1), 0.8))
    kinds = [conifer(n, rng.uniform(0.13, 0.24)) for n in range(3)]
    dark = foliage(rng.choice(NEEDLES), 0.2)
    places = []
    rounds = []
    leafy = rng.choice((0.0, 0.2, 0.6, 0.9))
    for row in range(12, 118):
        for _ in range(14):
            column = rng.randrange(120)
            at = tuple(float(grid[row, column]) for grid in (x, y, z))
            if rng.random() < leafy * (0.6 + 0.6 * math.sin(at[0] / 40 + at[1] / 60)):
                rounds.append((at[0], at[1], at[2] + 5, rng.uniform(4, 8)))
            else:
                places.append((*at, rng.uniform(10, 24)))
    scatter(kinds, dark, places, rng, 1)
    balls = [cluster(n, 350, 0.16) for n in range(3)]
    stuff = [foliage(c, 0.3) for c in rng.sample(LEAVES[plan.season], 2)]
    for n, colour in enumerate(stuff):
        scatter(balls, colour, rounds[n::2], rng, 1)


def _inside(plan: ScenePlan) -> None:
    """In the wood: trunks, a floor with or without a path, undergrowth, and crowns above."""
    rng = plan.rng("inside")
    view = plan.view
    path = _winding(plan.seed) if view == "path" else None
    hill = _forest_floor(plan, rng, path)
    needle = rng.random() < 0.4
    bare = view == "bare" or plan.season == "winter"
    places = _stand(rng, hill, path, {"thicket": 30, "bare": 170, "canopy": 60}.get(view, 110))
    _trunks(plan, rng, places, bare)
    green = rng.sample(LEAVES["summer" if needle else plan.season], 2)
    stuff = [foliage(c, 0.5) for c in green]
    if not bare:
        _crowns(rng, places, stuff, hill)
    if "undergrowth" in plan.contains:
        _undergrowth(plan, rng, hill, path, stuff)
    if "rocks" in plan.contains:
        mossy = floor((0.35, 0.34, 0.32), (0.22, 0.3, 0.08), 0.9)
        spots = [(rng.uniform(-6, 6), rng.uniform(5, 22)) for _ in range(9)]
        stones = [
            (a, b, hill(a, b), rng.uniform(0.2, 0.9))
            for a, b in spots
            if not path or abs(a - path(b)) > 1.6
        ]
        scatter([rock(n) for n in range(3)], mossy, stones, rng)


def _winding(seed: int) -> Way:
    """How far to the right a path is, by its distance (metres)."""
    return lambda y: 6 * math.sin(y / 14 + seed) * y / 40


def _forest_floor(plan: ScenePlan, rng: Random, path: Way | None) -> Height:
    """Make the ground; returns its height at x, y."""
    seed = rng.randrange(10**6)
    lean = rng.gauss(0, 0.1)
    swell = rng.uniform(0.3, 1.6)

    def hill(x: float | np.ndarray, y: float | np.ndarray) -> np.ndarray:
        wide = fractal(np.asarray(x) / 14, np.asarray(y) / 14, seed, 4) * swell
        return lean * np.asarray(x) + wide * np.clip(np.asarray(y) / 10, 0, 1)

    x, y = fan(plan.camera, 0.6, 160, 90, 80)
    z = hill(x, y) + fractal(x / 1.3, y / 1.3, seed + 1, 4) * 0.07
    mossy = MOSS[plan.season] * rng.uniform(0.2, 1.5)
    green = rng.choice(LEAVES["summer"])
    litter = rng.choice(LITTER)
    snow = plan.season == "winter" and rng.random() < 0.7
    meshes.put(surface(x, y, z), floor(litter, green, mossy, snow))
    if path:
        t, u = np.meshgrid(np.linspace(1, 70, 90), np.linspace(-1, 1, 7), indexing="ij")
        px = np.vectorize(path)(t) + u * rng.uniform(0.6, 1.5)
        earth = rng.choice([(0.5, 0.44, 0.36), (0.42, 0.33, 0.25), (0.55, 0.52, 0.48)])
        meshes.put(surface(px, t, hill(px, t) + 0.09 - 0.09 * u**2), floor(earth, green, 0.05))
    return hill


def _stand(rng: Random, hill: Height, path: Way | None, count: int) -> list[tuple]:
    """Where trees stand, nearer ones rarer in number, never on the path or in the lens."""
    places = []
    for _ in range(count):
        y = 3.5 + 75 * rng.random() ** 1.2
        x = rng.uniform(-0.75, 0.75) * (y + 4)
        clear = 2.2 if path else 0.0
        if (path and abs(x - path(y)) < clear) or (y < 9 and abs(x) < 1.6):
            continue
        places.append((x, y, float(hill(x, y)) - 0.15, rng.uniform(0.6, 1.4)))
    return places


def _trunks(plan: ScenePlan, rng: Random, places: list[tuple], bare: bool) -> None:
    thick = rng.uniform(0.09, 0.34)
    tall = rng.uniform(13, 26)
    lean = rng.choice((0.01, 0.03, 0.08))
    stuff = bark(rng.choice(BARKS), rng.choice((0, 0, 0.4, 0.9)))
    kinds = [coat(trunk(rng.randrange(999), rng.uniform(0.05, 0.3)), stuff) for _ in range(5)]
    twigs = [coat(branches(rng, 1.0, 0.012, 3)[0], stuff) for _ in range(3)] if bare else []
    for x, y, z, size in places:
        wide = thick * size * rng.uniform(0.6, 1.3)
        turn = Matrix.Rotation(rng.gauss(0, lean), 4, "X") @ Matrix.Rotation(
            rng.gauss(0, lean), 4, "Y"
        )
        spin = Matrix.Rotation(rng.uniform(0, 6.3), 4, "Z")
        frame = Matrix.Translation((x, y, z)) @ turn @ spin
        shape = frame @ Matrix.Diagonal((wide, wide, tall * size, 1))
        meshes.put(rng.choice(kinds), None, shape, 1)
        for _ in range(2 if bare else 0):
            crown = Matrix.Translation((0, 0, rng.uniform(0.05, 0.35) * tall))
            big = Matrix.Diagonal((8, 8, rng.uniform(7, 14), 1))
            meshes.put(rng.choice(twigs), None, frame @ crown @ big, 1)


def _crowns(rng: Random, places: list[tuple], stuff: list[Material], hill: Height) -> None:
    """Leaves overhead and between the trunks, denser with distance, so that the wood closes."""
    balls = [cluster(n, 520, rng.uniform(0.07, 0.12), 0.3) for n in range(4)]
    low = rng.uniform(1.5, 8)
    dense = rng.uniform(0.6, 1.6)
    spots = []
    for x, y, z, _ in places:
        for _ in range(int(3 * dense + rng.random())):
            up = low + (rng.random() ** 1.3) * 12
            spots.append(
                (x + rng.gauss(0, 1.6), y + rng.gauss(0, 1.6) + 1, z + up, rng.uniform(1.2, 2.6))
            )
    for _ in range(int(160 * dense)):  # what closes the view
        y = rng.uniform(35, 85)
        x = rng.uniform(-0.8, 0.8) * y
        spots.append((x, y, float(hill(x, y)) + rng.uniform(0, 0.28 * y), rng.uniform(2, 5)))
    for n, colour in enumerate(stuff):
        scatter(balls, colour, [s for s in spots[n :: len(stuff)] if s[1] > 5], rng, 1)


def _undergrowth(
    plan: ScenePlan, rng: Random, hill: Height, path: Way | None, stuff: list[Material]
) -> None:
    """Ferns or shrubs, beside the path."""
    ferny = rng.random() < 0.5
    kinds = [fern(n) for n in range(3)] if ferny else [cluster(n, 260, 0.14, 0.5) for n in range(3)]
    spots = []
    for _ in range(rng.randint(120, 330)):
        y = 2.5 + 40 * rng.random() ** 1.6
        x = rng.uniform(-0.75, 0.75) * (y + 2)
        if not path or abs(x - path(y)) > 1.8:
            size = rng.uniform(0.25, 0.8) * (1.6 if plan.view == "thicket" else 1)
            spots.append((x, y, float(hill(x, y)), size))
    scatter(kinds, foliage(rng.choice(LEAVES[plan.season]), 0.4), spots[::2], rng, 1)
    scatter(kinds, stuff[0], spots[1::2], rng, 1)
