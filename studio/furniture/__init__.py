"""Furniture as web shops show it; `plan` plans the pictures and `stage` builds them."""

import numpy as np

from ..sets import Shot
from .catalogue import CLASSES
from .plan import casting, make_product
from .records import FurniturePlan

SIZE = (224, 224)
SAMPLES = 8
MASKED = ("test",)
_CAST: dict[int, tuple[int, int]] = {}  # of each seed, the design and which of its pictures it is


def _shots(label: str, first: int) -> list[Shot]:
    """A class's pictures; seeds, which are in the files' names, count on from `first`."""
    shots: list[Shot] = []
    for split, numbers in casting(label).items():
        for place, number in enumerate(numbers):
            seed = first + len(shots)
            _CAST[seed] = number, numbers[:place].count(number)
            shots.append(Shot(seed, split, label, f"{split}/{label}/{label}_{seed:04d}.jpg"))
    return shots


SHOTS = tuple(
    shot for place, label in enumerate(CLASSES) for shot in _shots(label, 1 + 1000 * place)
)


def make_plan(shot: Shot) -> FurniturePlan:
    """The plan of a picture."""
    return make_product(shot.seed, shot.kind, *_CAST[shot.seed])


def build(plan: FurniturePlan) -> None:
    """Make the scene in Blender."""
    from . import stage

    stage.build(plan)


def develop(linear: np.ndarray, plan: FurniturePlan) -> np.ndarray:
    """Make a picture, 8-bit (h, w, 3), of linear light (h, w, 3)."""
    from ..core import camera

    process = camera.develop_on_white if plan.setting.place == "paper" else camera.develop
    return process(linear, plan.look, plan.seed)
