"""Height fields, dense near the camera; waves; what is scattered over them. Metres."""

import math
from random import Random

import numpy as np
from bpy.types import Material, Mesh
from mathutils import Matrix

from ..core import meshes
from ..core.records import Camera


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


def smooth_step(x: np.ndarray, low: float, high: float) -> np.ndarray:
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
    points = np.stack([x, y, z], -1).reshape(-1, 3)
    values = [*channels, *[np.zeros(x.shape)] * (2 - len(channels))] if channels else None
    uv = np.stack(values, -1).reshape(-1, 2) if channels else None
    return meshes.mesh_from("surface", points, meshes.grid(*x.shape), smooth=True, uv=uv)


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
