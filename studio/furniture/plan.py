"""Which design each picture shows, in what colour, and from where it is seen."""

from random import Random

from ..core import seeds
from ..core.colours import WALL_COLOURS, near
from ..core.records import Look
from .catalogue import COLOURS, FABRICS, FLOORS, TEST_PICTURES, TRAIN_PICTURES, VELVETS
from .designs import between, kinds, make_design
from .records import FurniturePlan, Setting


def casting(label: str) -> dict[str, list[int]]:
    """For "train" and "test", the number of the design in each picture of a class."""
    first = len(kinds(label)) - len(TEST_PICTURES)
    counts = [1] * first
    rng = seeds.stream(0, "counts", label)
    while sum(counts) < TRAIN_PICTURES:
        place = rng.randrange(first)
        counts[place] += counts[place] < 4
    return {
        "train": [n for n, count in enumerate(counts) for _ in range(count)],
        "test": [first + n for n, count in enumerate(TEST_PICTURES) for _ in range(count)],
    }


def _setting(rng: Random, base: Random, like: str) -> Setting:
    """`base` is the design's: one maker's pictures are taken from much the same place."""
    frontal, spread, above, fill = {
        "bed": (0.1, (28, 55), (10, 20), (0.86, 0.98)),
        "chair": (0.35, (16, 38), (4, 12), (0.74, 0.97)),
        "sofa": (0.45, (10, 36), (4, 14), (0.86, 0.98)),
        "daybed": (0.3, (14, 34), (11, 20), (0.86, 0.98)),
    }[like]
    straight = base.random() < frontal
    turn = base.uniform(-4, 4) if straight else base.choice((-1, 1)) * base.uniform(*spread)
    height = base.uniform(*above)
    place = "room" if rng.random() < 1 / 6 else "paper"
    return Setting(
        place=place,
        turn=round(turn + rng.gauss(0, 3), 1),
        height=round(max(2.0, height + rng.gauss(0, 1)), 1),
        lens=round(base.uniform(45, 85)),
        fill=between(rng, 0.62, 0.8) if place == "room" else between(rng, *fill),
        raise_by=round(rng.gauss(-0.01, 0.025), 3),
        light=round(rng.uniform(-1, 1), 2),
        shadow=round(base.choice((0.0, 0.1, 0.5, 1.0)) * base.uniform(0.7, 1), 2),
        wall=near(rng, rng.choice(WALL_COLOURS[:10]), 0.03),
        floor=rng.choice(FLOORS),
        plant=rng.random() < 0.5,
        rug=near(rng, rng.choice(FABRICS)) if rng.random() < 0.5 else None,
    )


def make_product(seed: int, label: str, number: int, nth: int) -> FurniturePlan:
    """The plan of a picture: the design's number, and which of its pictures it is."""
    design = make_design(label, number)
    choice = list(COLOURS[design.stuff])
    seeds.stream(number, "colours", label).shuffle(choice)
    rng = seeds.stream(seed, "picture", label)
    base = seeds.stream(number, "view", label)
    setting = _setting(rng, base, "daybed" if design.kind == "daybed" else label)
    colour = near(rng, choice[nth % len(choice)], 0.03)
    bright = 1.0 if setting.place == "room" else 0.25 * (0.6 - max(colour))
    look = Look(
        exposure=round(bright + rng.gauss(0, 0.1), 3),
        warmth=round(rng.gauss(0, 0.25), 3),
        vignette=round(rng.uniform(0, 0.15), 3),
        grain=round(rng.uniform(0.001, 0.005), 4),
        contrast=round(rng.uniform(1.0, 1.14), 3),
    )
    return FurniturePlan(
        seed=seed,
        design=design,
        colour=colour,
        accent=near(rng, rng.choice(FABRICS + VELVETS), 0.04),
        setting=setting,
        look=look,
    )
