"""What stands before the camera in a furniture shop's picture: pure Python.

A design is a piece of furniture without its colours; pictures of one design share a group. Metres
and degrees. A piece has its own frame: origin on the floor in the middle of its back, x along the
back, y towards its front, z up.
"""

from dataclasses import asdict, dataclass
from random import Random

from ..core import seeds
from ..rooms.catalogue import WALL_COLOURS, near
from ..rooms.plan import Look

CLASSES = ("bed", "chair", "sofa")

# How many designs of each kind there are, and which kinds the designs of the test are of.
# fmt: off
KINDS = {
    "bed": {
        "plain": 8, "tufted": 5, "camelback": 4, "channelled": 3, "wing": 4, "panel": 3,
        "slatted": 3, "metal": 3, "low": 3, "sleigh": 2, "daybed": 3, "canopy": 1,
    },
    "chair": {
        "mesh": 6, "ribbed": 4, "executive": 5, "bucket": 7, "bentwood": 4, "bungee": 2, "egg": 2,
        "tub": 4, "club": 3, "dining": 3, "shell": 1, "wing": 1,
    },
    "sofa": {
        "track": 9, "tufted": 6, "rolled": 5, "tub": 4, "channelled": 4, "pillow": 4, "flared": 4,
        "curved": 2, "armless": 1, "daybed": 2, "chaise": 1,
    },
}
TESTED = {
    "bed": ("plain", "tufted", "camelback", "wing", "panel", "daybed"),
    "chair": ("mesh", "bucket", "executive", "bentwood", "tub", "club"),
    "sofa": ("track", "track", "tufted", "rolled", "tub", "flared"),
}
TEST_PICTURES = (2, 2, 2, 2, 1, 1)
TRAIN_PICTURES = 90

FABRICS = (
    (0.42, 0.43, 0.45), (0.62, 0.62, 0.62), (0.3, 0.3, 0.32), (0.82, 0.77, 0.68), (0.73, 0.67, 0.6),
    (0.5, 0.51, 0.53), (0.24, 0.24, 0.25), (0.78, 0.75, 0.7),
    (0.14, 0.19, 0.33), (0.1, 0.36, 0.4), (0.13, 0.29, 0.42), (0.16, 0.16, 0.17),
    (0.85, 0.83, 0.79), (0.36, 0.52, 0.64), (0.5, 0.45, 0.4),
)
VELVETS = (
    (0.1, 0.15, 0.34), (0.07, 0.3, 0.34), (0.4, 0.4, 0.43), (0.78, 0.5, 0.52), (0.35, 0.12, 0.22),
    (0.36, 0.36, 0.24), (0.12, 0.12, 0.13), (0.66, 0.6, 0.54), (0.1, 0.2, 0.4),
)
LEATHERS = (
    (0.08, 0.08, 0.085), (0.12, 0.12, 0.13), (0.2, 0.13, 0.1), (0.93, 0.92, 0.9), (0.3, 0.18, 0.12),
    (0.7, 0.4, 0.18), (0.36, 0.37, 0.39), (0.78, 0.72, 0.62), (0.16, 0.24, 0.36),
)
MESHES = (
    (0.07, 0.07, 0.075), (0.1, 0.1, 0.11), (0.3, 0.31, 0.33), (0.55, 0.8, 0.15), (0.8, 0.1, 0.12),
    (0.1, 0.2, 0.55), (0.9, 0.45, 0.1), (0.6, 0.62, 0.64),
)
TIMBERS = (
    (0.45, 0.27, 0.15), (0.36, 0.21, 0.12), (0.2, 0.13, 0.09), (0.72, 0.54, 0.36),
    (0.55, 0.35, 0.2), (0.1, 0.08, 0.07),
)
LACQUERS = ((0.92, 0.92, 0.91), (0.08, 0.08, 0.08), (0.45, 0.52, 0.6), (0.75, 0.75, 0.73))
CHROME = (0.82, 0.82, 0.84)
BRASS = (0.83, 0.66, 0.36)
BLACK = (0.05, 0.05, 0.055)
METALS = (CHROME, CHROME, CHROME, BLACK, BRASS)
COLOURS = {
    "fabric": FABRICS, "velvet": VELVETS, "leather": LEATHERS, "mesh": MESHES, "wood": TIMBERS,
    "lacquer": LACQUERS, "metal": ((0.08, 0.08, 0.08), (0.9, 0.9, 0.9), (0.55, 0.56, 0.58)),
}
CHAIR_HEIGHTS = {  # ranges
    "executive": (1.14, 1.25), "mesh": (0.96, 1.1), "ribbed": (0.95, 1.12), "bungee": (0.95, 1.08),
    "tub": (0.72, 0.82), "wing": (1.04, 1.12),
}
CHAIR_LEGS = {
    "tub": ("plinth", "plinth", "cross"), "club": ("plinth", "cross"), "dining": ("taper", "taper"),
}
CHAIR_ARMS = {
    "mesh": ("post", "loop", "post"), "ribbed": ("loop",), "executive": ("loop", "post"),
    "bungee": ("", "post"), "bucket": ("", "", "veneer"), "dining": ("", "rail"),
}
SOFA_ARMS = {  # where they are not called as the sofa is
    "tub": "round", "channelled": "wrapped", "tufted": "wrapped", "curved": "", "armless": "",
    "chaise": "", "daybed": "scroll",
}
FLOORS = (
    ("planks", (0.72, 0.56, 0.4)), ("parquet", (0.66, 0.48, 0.32)), ("planks", (0.8, 0.72, 0.62)),
    ("carpet", (0.78, 0.75, 0.7)), ("paint", (0.8, 0.79, 0.77)), ("planks", (0.58, 0.44, 0.32)),
)
# fmt: on


@dataclass(frozen=True)
class Design:
    """One piece of furniture but for its colours. What does not apply is 0, "" or False."""

    group: str
    label: str  # the class
    kind: str
    stuff: str  # what it is mainly made of: a key of COLOURS
    width: float
    depth: float
    height: float  # of the back, or of a bed's head
    seat: float  # height of the seat or of the mattress
    legs: str
    quilt: tuple | None  # pattern, pitch, depth
    variant: int
    seats: int = 0
    arms: str = ""
    arm_width: float = 0.0
    arm_height: float = 0.0
    cushions: int = 0  # loose ones: pillows
    form: str = ""  # of a sofa: straight, sectional, single, set
    linen: str = ""  # of a bed: duvet, tucked, bare (slats), mattress
    footboard: float = 0.0
    storage: str = ""  # of a bed: drawers, trundle
    timber: int = 0  # which of TIMBERS its wooden parts are
    metal: tuple = CHROME


@dataclass(frozen=True)
class Setting:
    """Where it stands, and from where it is seen."""

    place: str  # paper or room
    turn: float  # of the thing, degrees; 0 shows its front, positive its left side
    height: float  # of the camera above the thing's middle, degrees
    lens: float  # mm on 36 mm
    fill: float  # share of the picture that it takes
    raise_by: float  # up from the middle, share of the picture
    light: float  # where the key light is, -1 (left) to 1 (right)
    shadow: float
    wall: tuple
    floor: tuple
    plant: bool
    rug: tuple | None


@dataclass(frozen=True)
class ProductPlan:
    """Everything that decides a picture."""

    seed: int
    design: Design
    colour: tuple
    accent: tuple
    setting: Setting
    look: Look

    def parameters(self) -> dict:
        """What is stored beside the picture, ready for JSON."""
        facts = asdict(self.design)
        group = facts.pop("group")
        label = facts.pop("label")
        facts = {k: v for k, v in facts.items() if v not in (None, "", 0)}
        facts["timber"] = TIMBERS[self.design.timber]
        return {
            "seed": self.seed,
            "class": label,
            "group": group,
            "design": facts,
            "colour": self.colour,
            "accent": self.accent,
            "setting": {k: v for k, v in asdict(self.setting).items() if v is not None},
            "look": asdict(self.look),
        }


def _between(rng: Random, low: float, high: float) -> float:
    return round(rng.uniform(low, high), 3)


def _kinds(label: str) -> list[str]:
    """The kinds of all designs of a class: those of the test last, the rest shuffled."""
    left = [kind for kind, number in KINDS[label].items() for _ in range(number)]
    for kind in TESTED[label]:
        left.remove(kind)
    seeds.stream(0, "kinds", label).shuffle(left)
    return [*left, *TESTED[label]]


def casting(label: str) -> dict[str, list[int]]:
    """For "train" and "test", the number of the design in each picture of a class."""
    first = len(_kinds(label)) - len(TEST_PICTURES)
    counts = [1] * first
    rng = seeds.stream(0, "counts", label)
    while sum(counts) < TRAIN_PICTURES:
        place = rng.randrange(first)
        counts[place] += counts[place] < 4
    return {
        "train": [n for n, count in enumerate(counts) for _ in range(count)],
        "test": [first + n for n, count in enumerate(TEST_PICTURES) for _ in range(count)],
    }


def make_design(label: str, number: int) -> Design:
    """The design of a class with that number."""
    rng = seeds.stream(number, "design", label)
    kind = _kinds(label)[number]
    facts = {"bed": _bed, "chair": _chair, "sofa": _sofa}[label](rng, kind)
    return Design(
        group=f"{label}_{number:02d}",
        label=label,
        kind=kind,
        variant=rng.randrange(1000),
        timber=rng.randrange(len(TIMBERS)),
        **facts,
    )


def _bed(rng: Random, kind: str) -> dict:
    stuff = {"panel": "wood", "slatted": "wood", "low": "wood", "metal": "metal"}.get(kind)
    stuff = stuff or rng.choice(("fabric", "fabric", "fabric", "leather", "velvet"))
    if kind in ("panel", "slatted", "canopy", "daybed") and rng.random() < 0.4:
        stuff = "lacquer"
    soft = kind not in ("metal", "panel", "slatted", "daybed")
    quilts = {
        "tufted": (rng.choice(("grid", "diamond", "buttons")), _between(rng, 0.15, 0.26), 0.04),
        "camelback": ("buttons", _between(rng, 0.14, 0.2), 0.04),
        "channelled": ("channels", _between(rng, 0.12, 0.28), 0.04),
        "wing": rng.choice((None, ("diamond", 0.22, 0.035), ("buttons", 0.16, 0.04))),
        "plain": rng.choice((None, None, ("channels", 0.36, 0.02))),
    }
    single = kind == "daybed" or rng.random() < 0.22
    width = _between(rng, 0.98, 1.15) if single else _between(rng, 1.42, 1.88)
    bare = kind in ("plain", "tufted", "channelled", "panel", "sleigh") and rng.random() < 0.25
    low = kind == "low"
    length = _between(rng, 2.05, 2.2)
    legs = ("taper", "taper", "splayed", "block", "block")
    linens = ("duvet", "tucked", "tucked", "mattress"), ("duvet",) * 4
    return {
        "stuff": stuff,
        "width": length if kind == "daybed" else width,
        "depth": width if kind == "daybed" else length,
        "height": _between(
            rng, *{"low": (0.72, 0.9), "daybed": (0.85, 1.0)}.get(kind, (1.0, 1.32))
        ),
        "seat": _between(rng, 0.4, 0.5) if low or kind == "daybed" else _between(rng, 0.54, 0.68),
        "legs": "plinth" if low else rng.choice(legs if soft else ("block",) * 5),
        "quilt": quilts.get(kind),
        "linen": "bare" if bare else rng.choice(linens[kind == "daybed"]),
        "cushions": 1 if single else 2,
        "footboard": _between(rng, 0.5, 0.75)
        if kind == "sleigh" or (kind in ("metal", "slatted", "panel") and rng.random() < 0.5)
        else 0.0,
        "storage": "trundle"
        if kind == "daybed"
        else rng.choice(("", "", "drawers"))
        if kind in ("panel", "low")
        else "",
        "arms": rng.choice(("scroll", "straight")) if kind == "daybed" else "",
    }


def _chair(rng: Random, kind: str) -> dict:
    office = kind in ("mesh", "ribbed", "executive", "bucket", "bentwood", "bungee")
    easy = kind in ("tub", "club", "wing", "egg")
    chosen = rng.choice(("fabric", "leather", "velvet", "leather"))
    chosen = "mesh" if kind in ("mesh", "bungee") else chosen
    chosen = "leather" if kind in ("ribbed", "executive", "bentwood") else chosen
    quilts = {
        "ribbed": ("ribs", _between(rng, 0.05, 0.11), 0.014),
        "executive": rng.choice((None, ("ribs", 0.2, 0.02), ("channels", 0.16, 0.015))),
        "bucket": rng.choice((None, None, ("diamond", 0.13, 0.02), ("channels", 0.08, 0.015))),
        "tub": rng.choice((None, ("channels", 0.11, 0.025), ("diamond", 0.16, 0.025))),
    }
    legs = "castors" if office else {"egg": "cross", "wing": "cross"}.get(kind)
    metals = (BLACK, BLACK, CHROME) if chosen == "mesh" else (CHROME, CHROME, CHROME, BRASS, BLACK)
    return {
        "stuff": chosen,
        "width": _between(rng, 0.78, 0.9) if easy else _between(rng, 0.5, 0.62),
        "depth": _between(rng, 0.76, 0.88) if easy else _between(rng, 0.5, 0.6),
        "height": _between(rng, *CHAIR_HEIGHTS.get(kind, (0.8, 0.92))),
        "seat": _between(rng, 0.42, 0.47) if not office else _between(rng, 0.46, 0.52),
        "legs": legs or rng.choice(CHAIR_LEGS.get(kind, ("taper", "rods"))),
        "quilt": quilts.get(kind),
        "arms": rng.choice(CHAIR_ARMS.get(kind, ("",))),
        "cushions": int(kind in ("tub", "club") and rng.random() < 0.6),
        "metal": rng.choice(metals),
        "seats": 1,
    }


def _sofa(rng: Random, kind: str) -> dict:
    quilts = {
        "tufted": (rng.choice(("grid", "grid", "diamond", "buttons")), 0.19, 0.03),
        "rolled": rng.choice((None, ("diamond", 0.18, 0.035))),
        "tub": rng.choice((("channels", _between(rng, 0.12, 0.2), 0.035), None)),
        "channelled": ("channels", _between(rng, 0.08, 0.13), 0.025),
        "flared": rng.choice((("grid", 0.17, 0.025), ("buttons", 0.2, 0.025), None)),
        "armless": ("grid", 0.3, 0.03),
    }
    forms = ["straight"] * 12 + ["sectional"] * 4 + ["single"] * 2 + ["set"] * 2
    form = rng.choice(forms if kind in ("track", "tufted", "flared", "pillow") else forms[:12])
    seats = {"single": 1, "set": 2}.get(form) or rng.choice((2, 2, 3, 3, 3, 3, 3, 4))
    seats = min(3, seats) if kind in ("tub", "curved", "armless") else seats
    seats = {"daybed": 3, "chaise": 2}.get(kind, seats)
    seats = min(seats, 2 + rng.randrange(2)) if form == "sectional" else seats
    arm = {"channelled": (0.14, 0.18), "rolled": (0.2, 0.26), "pillow": (0.22, 0.3)}
    arm_width = 0.0 if kind == "armless" else _between(rng, *arm.get(kind, (0.1, 0.2)))
    height = _between(rng, 0.66, 0.76) if kind == "channelled" else _between(rng, 0.76, 0.92)
    level = kind in ("channelled", "tufted", "rolled") and rng.random() < 0.75
    leather = ("leather",) if kind == "pillow" else ("fabric", "fabric", "velvet", "leather")
    return {
        "stuff": rng.choice(leather),
        "width": round(2 * arm_width + seats * rng.uniform(0.56, 0.68) + 0.12 * (seats == 1), 3),
        "depth": _between(rng, 0.82, 0.98),
        "height": height,
        "seat": _between(rng, 0.4, 0.47),
        "legs": rng.choice(
            ("plinth", "block")
            if kind == "daybed"
            else ("taper", "taper", "splayed", "rods", "block", "sled", "plinth")
        ),
        "quilt": quilts.get(kind),
        "seats": seats,
        "arms": SOFA_ARMS.get(kind, kind),
        "arm_width": arm_width,
        "arm_height": height if level else _between(rng, 0.56, 0.64),
        "cushions": 2
        if kind == "daybed"
        else rng.choice((0, 0, 0, 1, 2)) * (form == "straight" and kind != "chaise"),
        "form": form,
        "metal": rng.choice(METALS),
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
        fill=_between(rng, 0.62, 0.8) if place == "room" else _between(rng, *fill),
        raise_by=round(rng.gauss(-0.01, 0.025), 3),
        light=round(rng.uniform(-1, 1), 2),
        shadow=round(base.choice((0.0, 0.1, 0.5, 1.0)) * base.uniform(0.7, 1), 2),
        wall=near(rng, rng.choice(WALL_COLOURS[:10]), 0.03),
        floor=rng.choice(FLOORS),
        plant=rng.random() < 0.5,
        rug=near(rng, rng.choice(FABRICS)) if rng.random() < 0.5 else None,
    )


def make_plan(seed: int, label: str, number: int, nth: int) -> ProductPlan:
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
    return ProductPlan(
        seed=seed,
        design=design,
        colour=colour,
        accent=near(rng, rng.choice(FABRICS + VELVETS), 0.04),
        setting=setting,
        look=look,
    )
