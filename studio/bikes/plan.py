"""The plan of a picture: a model in one of its colours, seen by a camera."""

import math
from dataclasses import asdict, dataclass
from random import Random

from ..core import seeds
from ..core.records import Camera, Look
from .catalogue import PICTURE
from .geometry import extent, measure
from .models import make_colours, make_model
from .records import Colours, Model

SIDE = PICTURE[0] / PICTURE[1]


@dataclass(frozen=True)
class BikePlan:
    """One picture of one bicycle."""

    seed: int
    kind: str
    group: str
    model: Model
    colours: Colours
    camera: Camera
    look: Look
    side: float
    shadow: float
    texts: int

    def parameters(self) -> dict:
        """What is stored beside the picture, ready for JSON."""
        points = measure(self.model)
        return {
            "seed": self.seed,
            "class": self.kind,
            "group": self.group,
            "model": asdict(self.model) | {"wheelbase": round(1000 * points.front[0])},
            "colours": asdict(self.colours),
            "camera": {k: round(v, 3) for k, v in asdict(self.camera).items()},
            "look": asdict(self.look),
            "light": {"side": self.side, "shadow": self.shadow},
        }


def make_camera(rng: Random, model: Model) -> Camera:
    """A long lens at some distance, the bicycle filling the picture."""
    left, right, high = extent(measure(model), model.bar == "drop")
    width = (right - left) / (1 - rng.uniform(0.025, 0.06))
    height = high / (1 - rng.uniform(0.06, 0.13))
    width = max(width, height * SIDE)
    distance = rng.uniform(5.5, 11)
    turn = rng.gauss(0, 1.6)
    middle = (left + right) / 2 + rng.uniform(-0.006, 0.01)
    aim = high / 2 - rng.uniform(-0.005, 0.012)
    z = rng.uniform(0.45, 0.85)
    pan = math.radians(turn)
    return Camera(
        x=middle + distance * math.sin(pan),
        y=-distance * math.cos(pan),
        z=z,
        pan=turn,
        pitch=math.degrees(math.atan2(aim - z, distance)),
        roll=rng.gauss(0, 0.15),
        lens=36 * distance / width,
    )


def make_bike(seed: int, kind: str, group: str, number: int) -> BikePlan:
    """The plan of a picture that shows a model in its n-th colour scheme."""
    rng = seeds.stream(seed, "picture")
    model = make_model(kind, group)
    look = Look(
        exposure=round(rng.uniform(-0.05, 0.2), 3),
        warmth=0.0,
        vignette=0.0,
        grain=round(rng.uniform(0.002, 0.006), 4),
        contrast=round(rng.uniform(1.0, 1.2), 3),
    )
    return BikePlan(
        seed=seed,
        kind=kind,
        group=group,
        model=model,
        colours=make_colours(kind, group, number),
        camera=make_camera(rng, model),
        look=look,
        side=round(rng.uniform(-1, 1), 2),
        shadow=round(rng.choice((0.0, rng.uniform(0.1, 0.9))), 2),
        texts=rng.randrange(10**6),
    )
