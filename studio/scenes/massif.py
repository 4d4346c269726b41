"""Mountains as they rise in the distance, and the slope from which they are seen."""

import numpy as np
from bpy.types import Material

from ..core import meshes
from .records import ScenePlan
from .terrain import fan, fractal, smooth_step, surface

ROCKS = [
    (0.45, 0.44, 0.43),
    (0.36, 0.33, 0.3),
    (0.55, 0.5, 0.44),
    (0.4, 0.33, 0.28),
    (0.3, 0.3, 0.32),
]
GRASSES = {
    "summer": [(0.33, 0.42, 0.14), (0.26, 0.36, 0.12), (0.42, 0.46, 0.2)],
    "spring": [(0.36, 0.48, 0.14), (0.4, 0.46, 0.2)],
    "autumn": [(0.42, 0.36, 0.19), (0.4, 0.3, 0.17), (0.38, 0.37, 0.2)],
    "winter": [(0.42, 0.37, 0.24), (0.36, 0.33, 0.22)],
}  # fmt: skip


def rocks_of(plan: ScenePlan) -> tuple:
    """The colour of a plan's rock, sRGB."""
    return plan.rng("rock").choice(ROCKS)


def grass_of(plan: ScenePlan) -> tuple:
    """The colour of a plan's meadows, sRGB."""
    return plan.rng("grass").choice(GRASSES[plan.season])


def massif(
    plan: ScenePlan, distance: float, height: float, peak: float = 0.5, far: float = 3.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mountains that rise beyond half of `distance`; `peak` is how much one summit stands out."""
    rng = plan.rng("massif")
    seed = rng.randrange(10**6)
    x, y = fan(plan.camera, max(3.0, plan.camera.z * 0.8), distance * far, 150, 140, distance)
    wide = distance * rng.uniform(0.3, 0.55)
    bend = fractal(x / wide, y / wide, seed + 2, 3) * 0.25
    ridges = fractal(x / wide + bend, y / wide + bend, seed, 8, ridged=True)
    middle = rng.uniform(-0.25, 0.25) * distance
    away = np.hypot((x - middle) / (0.45 * distance), (y - distance) / (0.5 * distance))
    summit = np.exp(-(away**2) * 1.6) + 0.25 * np.exp(-away * 1.5)
    rise = smooth_step(y, distance * rng.uniform(0.05, 0.3), distance * rng.uniform(0.8, 1.1))
    hills = fractal(x / distance * 5, y / distance * 5, seed + 5, 7, ridged=True) * 0.09
    side = rng.choice((-1, 1, 0, 0)) * x / distance  # a slope to the left, to the right, or none
    hills += 0.3 * (0.4 + ridges) * smooth_step(side, 0.02, 0.5)
    swell = fractal(x / wide * 0.5, y / wide * 0.5, seed + 4, 5)
    z = (
        rise
        * height
        * ((1 - peak) * (ridges + 0.2 * swell) + peak * summit * (0.45 + 0.75 * ridges))
    )
    near = np.hypot(x, y)
    z += distance * hills * smooth_step(near, distance * 0.03, distance * 0.35)
    z += fractal(x / 90, y / 90, seed + 3, 6) * np.minimum(near * 0.03, 12)
    return x, y, z


def foreground(plan: ScenePlan, stuff: Material, index: int = 0, fall: float = 0.25) -> None:
    """The slope on which the photographer stands, with stones."""
    rng = plan.rng("foreground")
    x, y = fan(plan.camera, 0.7, rng.uniform(25, 70), 90, 90)
    lean = rng.uniform(-0.2, 0.2)
    seed = rng.randrange(10**6)
    z = plan.camera.z - rng.uniform(1.2, 2.2) - y * fall * (0.5 + y / 60) + lean * x
    meshes.put(surface(x, y, z + fractal(x / 9, y / 9, seed, 6) * 1.2), stuff, index=index)
