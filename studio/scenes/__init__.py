"""Landscapes and towns of six classes, unpacked as Kaggle's archive is.

`plan` plans them, and `stage` builds them, each class with the module of its name. The files are
numbered over the whole set in shuffled order, as the original's are, so that a number says nothing
about the class.
"""

from dataclasses import replace

import numpy as np

from ..core.seeds import stream
from ..sets import Shot
from .catalogue import CLASSES
from .plan import make_scene
from .records import ScenePlan

SIZE = (150, 150)
SAMPLES = 6
MASKED = ("test",)
FOLDERS = {"train": "seg_train", "test": "seg_test", "predict": "seg_pred"}
COUNTS = {"train": 60, "test": 15}  # of a class
UNLABELLED = 20
# The first of the classes: they were rendered together and share one numbering. A class added after
# them counts on from the last number, so that no picture which is there changes its seed or name.
TOGETHER = 6
# As in the original, some pictures are grey, most in three equal channels, and a few are smaller.
GREYS = 14
SINGLE = 4
SMALLER = {"sea": (150, 113), "street": (150, 134), "forest": (150, 100)}


def _numbered(classes: tuple[str, ...], unlabelled: int, before: int, *block: str) -> list[Shot]:
    """Pictures of some classes; seeds and shuffled numbers count on from `before`."""
    kinds = [(split, kind) for split, n in COUNTS.items() for kind in classes for _ in range(n)]
    kinds += [("predict", classes[n % len(classes)]) for n in range(unlabelled)]
    numbers = [before + n for n in range(1, len(kinds) + 1)]
    stream(0, "scenes", "numbers", *block).shuffle(numbers)
    shots = []
    for n, ((split, kind), number) in enumerate(zip(kinds, numbers, strict=True), 1):
        folder = f"{FOLDERS[split]}/{FOLDERS[split]}" + (f"/{kind}" * (split != "predict"))
        shots.append(Shot(before + n, split, kind, f"{folder}/{number:04d}.jpg"))
    return shots


def _shots() -> list[Shot]:
    """The classes that were rendered together, then each class that came later."""
    shots = _numbered(CLASSES[:TOGETHER], UNLABELLED, 0)
    for kind in CLASSES[TOGETHER:]:
        shots += _numbered((kind,), UNLABELLED // TOGETHER, len(shots), kind)
    return shots


SHOTS = tuple(_shots())
_TOGETHER = [shot.seed for shot in SHOTS if shot.kind in CLASSES[:TOGETHER]]
_GREY = dict(
    zip(
        stream(0, "scenes", "grey").sample(_TOGETHER, GREYS),
        ["L"] * SINGLE + ["RGB"] * (GREYS - SINGLE),
        strict=True,
    )
)
_CROP = {
    next(s.seed for s in SHOTS if s.kind == kind and s.split == "train"): size
    for kind, size in SMALLER.items()
}


def make_plan(shot: Shot) -> ScenePlan:
    """The plan of a picture."""
    seed = shot.seed
    return make_scene(seed, shot.kind, _GREY.get(seed, ""), _CROP.get(seed, (0, 0)))


def build(plan: ScenePlan) -> None:
    """Make the scene in Blender."""
    from . import stage

    stage.build(plan)


def develop(linear: np.ndarray, plan: ScenePlan) -> np.ndarray:
    """Make a picture, 8-bit (h, w, 3) or (h, w), of linear light (h, w, 3)."""
    from ..core.camera import develop

    grey = linear @ np.array([0.21, 0.72, 0.07])
    saturation = 0 if plan.grey else plan.saturation
    coloured = grey[..., None] + (linear - grey[..., None]) * saturation
    tint = (1, 1, 1) if plan.grey else plan.tint
    look = replace(plan.look, warmth=0.0) if plan.grey else plan.look
    picture = develop(np.clip(coloured, 0, None) * tint, look, plan.seed, balance=0.1)
    width, height = plan.crop if any(plan.crop) else linear.shape[1::-1]
    top = (linear.shape[0] - height) // 2
    picture = picture[top : top + height, :width]
    if plan.grey:
        flat = picture.mean(-1).astype(np.uint8)
        return flat if plan.grey == "L" else np.repeat(flat[..., None], 3, -1)
    return picture
