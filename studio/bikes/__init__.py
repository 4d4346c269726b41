"""Bicycles in a studio: mountain and road bikes, side-on, on white paper."""

from functools import cache

import numpy as np

from ..core import seeds
from ..sets import Shot
from .catalogue import CLASSES, PICTURE
from .plan import BikePlan, make_bike

SIZE = PICTURE
SAMPLES = 12
MASKED = ("test",)
COUNTS = {"train": 100, "test": 20}  # pictures of each class
FIRST = {("train", "mountain_bike"): 1, ("train", "road_bike"): 101} | {
    ("test", "mountain_bike"): 201,
    ("test", "road_bike"): 221,
}


def _shots(split: str, kind: str) -> list[Shot]:
    """All pictures of one class in one split."""
    first = FIRST[split, kind]
    return [
        Shot(seed, split, kind, f"{split}/{kind}/bike_{seed:04d}.jpg")
        for seed in range(first, first + COUNTS[split])
    ]


SHOTS = tuple(shot for split in COUNTS for kind in CLASSES for shot in _shots(split, kind))


@cache
def _models(split: str, kind: str) -> tuple[tuple[str, int], ...]:
    """For each picture its model and which of the model's colours; one to three of each model."""
    rng = seeds.stream(FIRST[split, kind], "models")
    shown = []
    while len(shown) < COUNTS[split]:
        group = f"{kind}_{FIRST[split, kind] + len(shown):04d}"
        shown += [(group, number) for number in range(rng.choice((1, 1, 1, 2, 2, 3)))]
    return tuple(shown[: COUNTS[split]])


def make_plan(shot: Shot) -> BikePlan:
    """The plan of a picture."""
    group, number = _models(shot.split, shot.kind)[shot.seed - FIRST[shot.split, shot.kind]]
    return make_bike(shot.seed, shot.kind, group, number)


def build(plan: BikePlan) -> None:
    """Make the scene in Blender."""
    from . import stage

    stage.build(plan)


def develop(linear: np.ndarray, plan: BikePlan) -> np.ndarray:
    """Make a picture, 8-bit (h, w, 3), of linear light (h, w, 3)."""
    from ..core.camera import develop_on_white

    return develop_on_white(linear, plan.look, plan.seed)
