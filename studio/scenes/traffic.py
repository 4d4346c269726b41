"""Cars and people. Metres."""

from random import Random

from bpy.types import Mesh

from ..core import meshes
from ..core.materials import material
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
# fmt: on


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
