"""Rooms, each once tidy and once messy; `plan` plans them and `stage` builds them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..core import seeds
from ..sets import Shot
from .plan import make_room
from .records import CLASSES, Light, RoomPlan

SIZE = (300, 300)
SAMPLES = 8
MASKED = ("val", "test")
SPLITS = {
    "train": range(1, 81),
    "val": range(81, 101),
    "test": range(101, 121),
    "predict": range(121, 126),
}
# Simulating them takes two minutes, once.
CLOTHS = Path(__file__).resolve().parents[1] / ".cache" / "cloth.npz"


@dataclass(frozen=True)
class Twin:
    """A room in one of its two states."""

    room: RoomPlan
    messy: bool

    @property
    def light(self) -> Light:
        """The light of both twins."""
        return self.room.light

    def parameters(self) -> dict:
        """What is stored beside the picture."""
        return {"group": f"room_{self.room.seed:04d}", **self.room.parameters(self.messy)}


def _shots(split: str, seed: int) -> list[Shot]:
    """Both twins of a seed, which share its split, or one of them without its class."""
    name = f"room_{seed:04d}.jpg"
    if split == "predict":
        kind = seeds.stream(seed, "unlabelled").choice(CLASSES)
        return [Shot(seed, split, kind, f"{split}/{name}")]
    return [Shot(seed, split, kind, f"{split}/{kind}/{name}") for kind in CLASSES]


SHOTS = tuple(
    shot for split, numbers in SPLITS.items() for seed in numbers for shot in _shots(split, seed)
)


def make_plan(shot: Shot) -> Twin:
    """The plan of a picture."""
    return Twin(make_room(shot.seed), shot.kind == "messy")


def build(plan: Twin) -> None:
    """Make the scene in Blender."""
    from . import cloth, stage

    stage.build(plan.room, plan.messy, cloth.library(CLOTHS))


def develop(linear: np.ndarray, plan: Twin) -> np.ndarray:
    """Make a picture, 8-bit (h, w, 3), of linear light (h, w, 3)."""
    from ..core.camera import develop

    return develop(linear, plan.light, plan.room.seed)
