"""Ground, rock, water and ice as height fields, dense near the camera; metres throughout."""

import math
from random import Random

import numpy as np
from bpy.types import Material, Mesh
from mathutils import Matrix

from ..core import meshes
from ..core.materials import Graph, linear
from ..rooms.plan import Camera


def fractal(
    x: np.ndarray, y: np.ndarray, seed: int, octaves: int = 6, ridged: bool = False
) -> np.ndarray:
    """Gradient noise of many scales, the coarsest 1 wide: about -1 to 1, or 0 to 1 if ridged.

    Ridged noise is sharp along its crests, and rougher where it is high, as mountains are.
    """
    rng = np.random.default_rng(seed)
    total = np.zeros(np.shape(x), np.float32)
    weight = 1.0
    size = 1.0
    for _ in range(octaves):
        angle = rng.random(4096) * 2 * math.pi
        shift = rng.random(2) * 100
        noise = _gradient_noise(x * size + shift[0], y * size + shift[1], angle) / size
        if ridged:
            ridge = (1 - np.minimum(np.abs(noise * size) * 2.2, 1)) ** 2 * weight
            total += ridge * 0.64 / size**1.15
            weight = np.clip(ridge * 2, 0, 1)
        else:
            total += noise * 1.4
        size *= 2.03
    return total


def _gradient_noise(x: np.ndarray, y: np.ndarray, angle: np.ndarray) -> np.ndarray:
    x0 = np.floor(x).astype(np.int64)
    y0 = np.floor(y).astype(np.int64)
    u = (x - x0).astype(np.float32)
    v = (y - y0).astype(np.float32)

    def corner(dx: int, dy: int) -> np.ndarray:
        turn = angle[((x0 + dx) * 73856093 ^ (y0 + dy) * 19349663) % 4096]
        return np.cos(turn) * (u - dx) + np.sin(turn) * (v - dy)

    s = u * u * (3 - 2 * u)
    t = v * v * (3 - 2 * v)
    low = corner(0, 0) * (1 - s) + corner(1, 0) * s
    return low * (1 - t) + (corner(0, 1) * (1 - s) + corner(1, 1) * s) * t


def step(x: np.ndarray, low: float, high: float) -> np.ndarray:
    """A smooth step from 0 at `low` to 1 at `high`."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def fan(
    camera: Camera, near: float, far: float, rows: int = 220, columns: int = 160, focus: float = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Points x, y (rows, columns) in the camera's view, their spacing in step with distance.

    With a `focus`, most rows lie about that distance, where a mountain stands.
    """
    half = math.atan(18 / camera.lens) * 1.1 + math.radians(6)
    radius = np.geomspace(near, far, rows)[:, None]
    if focus:
        ends = (
            np.geomspace(near, 0.3 * focus, rows // 2),
            np.geomspace(1.5 * focus, far, rows // 10),
        )
        radius = np.concatenate([ends[0], np.linspace(0.3, 1.5, rows)[1:-1] * focus, ends[1]])[
            :, None
        ]
    angle = np.linspace(-half, half, columns)[None]
    return radius * np.sin(angle), radius * np.cos(angle)


def surface(x: np.ndarray, y: np.ndarray, z: np.ndarray, *channels: np.ndarray) -> Mesh:
    """A mesh of a grid (rows, columns); one or two channels go along as its uv."""
    rows, columns = x.shape
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    quads = np.stack([corner, corner + 1, corner + columns + 1, corner + columns], 1)
    points = np.stack([x, y, z], -1).reshape(-1, 3)
    values = [*channels, *[np.zeros(x.shape)] * (2 - len(channels))] if channels else None
    uv = np.stack(values, -1).reshape(-1, 2) if channels else None
    return meshes.mesh_from("surface", points, quads, smooth=True, uv=uv)


def rock(seed: int, rough: float = 0.5) -> Mesh:
    """A boulder of radius 1, its middle at the origin."""
    v, u = np.meshgrid(np.linspace(0, math.pi, 14), np.linspace(0, 2 * math.pi, 25), indexing="ij")
    x = np.sin(v) * np.cos(u)
    y = np.sin(v) * np.sin(u)
    z = np.cos(v)
    swell = 0.85 + rough * (
        fractal(x + 1.7 * z, y - 1.3 * z, seed, 4) + 0.5 * fractal(z - y, x + z, seed + 1, 4)
    )
    return surface(x * swell, y * swell, z * swell)


def coat(mesh: Mesh, *stuff: Material) -> Mesh:
    """Give a mesh its own materials, so that copies of it share them."""
    mesh.materials.clear()
    for material in stuff:
        mesh.materials.append(material)
    return mesh


def scatter(
    kinds: list[Mesh], stuff: Material, places: list[tuple], rng: Random, index: int = 0
) -> None:
    """Put copies at places (x, y, z, size), each turned its own way, sharing the meshes."""
    kinds = [coat(kind.copy(), stuff) for kind in kinds]
    for x, y, z, size in places:
        wide = size * rng.uniform(0.85, 1.15)
        matrix = (
            Matrix.Translation((x, y, z))
            @ Matrix.Rotation(rng.uniform(0, 2 * math.pi), 4, "Z")
            @ Matrix.Diagonal((wide, wide, size, 1))
        )
        meshes.put(rng.choice(kinds), None, matrix, index)


def ground(
    rock: tuple,
    grass: tuple,
    snow_line: float = 1e6,
    grass_line: float = 0.0,
    wood_line: float = -1e6,
    grain: float = 1.0,
) -> Material:
    """Rock with grass, woods and snow where it is high, low or flat enough.

    Args:
        rock: sRGB colour of bare rock.
        grass: sRGB colour of meadows.
        snow_line: height in metres above which snow lies.
        grass_line: height below which grass grows.
        wood_line: height below which woods stand.
        grain: size in metres of the smallest stones.
    """
    graph = Graph("ground")
    spot = graph.where()
    up = graph.node("SeparateXYZ", {0: graph.node("NewGeometry").outputs["Normal"]}).outputs["Z"]
    z = graph.node("SeparateXYZ", {0: spot}).outputs["Z"]
    coarse = graph.noise(spot, 0.02 / grain, 5)
    fine = graph.noise(spot, 0.3 / grain, 4)
    strata = graph.noise(graph.where(scale=(0.3, 0.3, 1), turn=(0.4, 0.3, 0)), 0.02 / grain, 4)
    dark = linear([c * 0.5 for c in rock])
    pale = linear([min(1, c * 1.15) for c in rock])
    colour = graph.mix(graph.between(graph.math("ADD", coarse, strata), 0.75, 1.25), dark, pale)
    wild = graph.math(
        "MULTIPLY", graph.math("SUBTRACT", graph.noise(spot, 0.006 / grain, 7), 0.5), 260 * grain
    )
    height = graph.math("ADD", z, wild)
    dry = linear((min(1, grass[0] * 1.3), grass[1] * 0.95, grass[2] * 0.85))
    meadow = graph.mix(graph.between(coarse, 0.35, 0.65), linear(grass), dry)
    meadow = graph.mix(graph.between(fine, 0.3, 0.75), graph.mix(0.5, meadow, (0, 0, 0, 1)), meadow)
    flat = graph.between(graph.math("ADD", up, graph.math("MULTIPLY", coarse, 0.3)), 0.82, 0.98)
    low = graph.between(height, grass_line + 60 * grain, grass_line - 60 * grain)
    colour = graph.mix(graph.math("MULTIPLY", flat, low), colour, meadow)
    wood = graph.mix(fine, (0.004, 0.009, 0.004, 1), linear([c * 0.62 for c in grass]))
    gentle = graph.between(up, 0.5, 0.7)
    trees = graph.math("MULTIPLY", graph.between(height, wood_line + 30, wood_line - 30), gentle)
    colour = graph.mix(trees, colour, wood)
    lies = graph.between(graph.math("ADD", up, graph.math("MULTIPLY", strata, 0.4)), 0.72, 0.92)
    snow = graph.math("MULTIPLY", graph.between(height, snow_line - 90, snow_line + 90), lies)
    graph.set(Base_Color=graph.mix(snow, colour, (0.85, 0.88, 0.93, 1)), Roughness=0.9)
    graph.set(Specular_IOR_Level=0.1)
    graph.bump(graph.math("ADD", fine, graph.math("MULTIPLY", coarse, 2.0)), 0.9, 3.0 * grain)
    return graph.material


def ice(tone: tuple = (0.25, 0.55, 0.75), grain: float = 1.0) -> Material:
    """Ice: white where it is weathered, blue in its clefts (uv x), brown with debris (uv y)."""
    graph = Graph("ice")
    uv = graph.node("SeparateXYZ", {0: graph.node("TexCoord").outputs["UV"]})
    fine = graph.noise(graph.where(), 0.4 / grain, 6)
    depth = graph.math(
        "ADD", uv.outputs["X"], graph.math("MULTIPLY", graph.math("SUBTRACT", fine, 0.5), 0.7)
    )
    pale = tuple(0.45 + 0.5 * c for c in tone)
    colour = graph.step(
        graph.between(depth, 0.0, 1.0),
        [(0.1, (0.9, 0.93, 0.96, 1)), (0.4, (*pale, 1)), (0.95, (*tone, 1))],
    )
    dirt = graph.math("MULTIPLY", uv.outputs["Y"], graph.between(fine, 0.25, 0.7))
    graph.set(Base_Color=graph.mix(dirt, colour, (0.10, 0.085, 0.07, 1)), Roughness=0.45)
    graph.bump(fine, 0.7, 1.2 * grain)
    return graph.material


def water(colour: tuple, rough: float = 0.1, shallow: tuple = (0.1, 0.5, 0.5)) -> Material:
    """Water (linear colours) with foam (uv x, 0 to 1) and shallows (uv y)."""
    graph = Graph("water")
    uv = graph.node("SeparateXYZ", {0: graph.node("TexCoord").outputs["UV"]})
    body = graph.mix(uv.outputs["Y"], (*colour, 1), (*shallow, 1))
    froth = graph.math(
        "ADD", uv.outputs["X"], graph.math("SUBTRACT", graph.noise(graph.where(), 0.9, 6), 0.5)
    )
    foam = graph.between(froth, 0.42, 0.75)
    graph.set(Base_Color=graph.mix(foam, body, (0.85, 0.88, 0.9, 1)), IOR=1.33)
    graph.set(Roughness=graph.math("ADD", graph.math("MULTIPLY", foam, 0.6), rough))
    ripple = graph.math(
        "ADD", graph.noise(graph.where(), 0.35, 4), graph.noise(graph.where(), 2.1, 3)
    )
    far = graph.node("CameraData").outputs[
        "View Distance"
    ]  # what is smaller than a pixel only glitters
    graph.bump(ripple, graph.math("MULTIPLY", graph.between(far, 500, 15), 0.5), 0.25)
    return graph.material


def waves(
    x: np.ndarray, y: np.ndarray, height: float, length: float, rng: Random, spread: float = 0.6
) -> np.ndarray:
    """Heights of a sea of many wave trains about one wind; `length` metres is the longest."""
    wind = rng.uniform(-0.9, 0.9)
    total = np.zeros_like(x)
    spacing = np.abs(np.gradient(np.hypot(x, y), axis=0))
    for n in range(26):
        long = length * 0.84**n
        turn = wind + rng.gauss(0, spread)
        phase = rng.uniform(0, 7)
        along = (x * math.sin(turn) + y * math.cos(turn)) * 2 * math.pi / long + phase
        crest = np.exp(np.sin(along + 0.5 * np.sin(along * 0.31 + phase))) / math.e - 0.47
        total += crest * height * 0.84**n * 0.35 * np.clip(long / spacing / 3 - 0.6, 0, 1)
    return total
