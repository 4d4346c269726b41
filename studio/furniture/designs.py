"""Designs of beds, chairs and sofas, each from its class and number."""

from random import Random

from ..core import seeds
from .catalogue import (
    BLACK,
    BRASS,
    CHAIR_ARMS,
    CHAIR_HEIGHTS,
    CHAIR_LEGS,
    CHROME,
    KINDS,
    METALS,
    SOFA_ARMS,
    TESTED,
    TIMBERS,
)
from .records import Design


def between(rng: Random, low: float, high: float) -> float:
    """A number between two, to a millimetre or a thousandth."""
    return round(rng.uniform(low, high), 3)


def kinds(label: str) -> list[str]:
    """The kinds of all designs of a class: those of the test last, the rest shuffled."""
    left = [kind for kind, number in KINDS[label].items() for _ in range(number)]
    for kind in TESTED[label]:
        left.remove(kind)
    seeds.stream(0, "kinds", label).shuffle(left)
    return [*left, *TESTED[label]]


def make_design(label: str, number: int) -> Design:
    """The design of a class with that number."""
    rng = seeds.stream(number, "design", label)
    kind = kinds(label)[number]
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
        "tufted": (rng.choice(("grid", "diamond", "buttons")), between(rng, 0.15, 0.26), 0.04),
        "camelback": ("buttons", between(rng, 0.14, 0.2), 0.04),
        "channelled": ("channels", between(rng, 0.12, 0.28), 0.04),
        "wing": rng.choice((None, ("diamond", 0.22, 0.035), ("buttons", 0.16, 0.04))),
        "plain": rng.choice((None, None, ("channels", 0.36, 0.02))),
    }
    single = kind == "daybed" or rng.random() < 0.22
    width = between(rng, 0.98, 1.15) if single else between(rng, 1.42, 1.88)
    bare = kind in ("plain", "tufted", "channelled", "panel", "sleigh") and rng.random() < 0.25
    low = kind == "low"
    length = between(rng, 2.05, 2.2)
    legs = ("taper", "taper", "splayed", "block", "block")
    linens = ("duvet", "tucked", "tucked", "mattress"), ("duvet",) * 4
    return {
        "stuff": stuff,
        "width": length if kind == "daybed" else width,
        "depth": width if kind == "daybed" else length,
        "height": between(rng, *{"low": (0.72, 0.9), "daybed": (0.85, 1.0)}.get(kind, (1.0, 1.32))),
        "seat": between(rng, 0.4, 0.5) if low or kind == "daybed" else between(rng, 0.54, 0.68),
        "legs": "plinth" if low else rng.choice(legs if soft else ("block",) * 5),
        "quilt": quilts.get(kind),
        "linen": "bare" if bare else rng.choice(linens[kind == "daybed"]),
        "cushions": 1 if single else 2,
        "footboard": between(rng, 0.5, 0.75)
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
        "ribbed": ("ribs", between(rng, 0.05, 0.11), 0.014),
        "executive": rng.choice((None, ("ribs", 0.2, 0.02), ("channels", 0.16, 0.015))),
        "bucket": rng.choice((None, None, ("diamond", 0.13, 0.02), ("channels", 0.08, 0.015))),
        "tub": rng.choice((None, ("channels", 0.11, 0.025), ("diamond", 0.16, 0.025))),
    }
    legs = "castors" if office else {"egg": "cross", "wing": "cross"}.get(kind)
    metals = (BLACK, BLACK, CHROME) if chosen == "mesh" else (CHROME, CHROME, CHROME, BRASS, BLACK)
    return {
        "stuff": chosen,
        "width": between(rng, 0.78, 0.9) if easy else between(rng, 0.5, 0.62),
        "depth": between(rng, 0.76, 0.88) if easy else between(rng, 0.5, 0.6),
        "height": between(rng, *CHAIR_HEIGHTS.get(kind, (0.8, 0.92))),
        "seat": between(rng, 0.42, 0.47) if not office else between(rng, 0.46, 0.52),
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
        "tub": rng.choice((("channels", between(rng, 0.12, 0.2), 0.035), None)),
        "channelled": ("channels", between(rng, 0.08, 0.13), 0.025),
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
    arm_width = 0.0 if kind == "armless" else between(rng, *arm.get(kind, (0.1, 0.2)))
    height = between(rng, 0.66, 0.76) if kind == "channelled" else between(rng, 0.76, 0.92)
    level = kind in ("channelled", "tufted", "rolled") and rng.random() < 0.75
    leather = ("leather",) if kind == "pillow" else ("fabric", "fabric", "velvet", "leather")
    return {
        "stuff": rng.choice(leather),
        "width": round(2 * arm_width + seats * rng.uniform(0.56, 0.68) + 0.12 * (seats == 1), 3),
        "depth": between(rng, 0.82, 0.98),
        "height": height,
        "seat": between(rng, 0.4, 0.47),
        "legs": rng.choice(
            ("plinth", "block")
            if kind == "daybed"
            else ("taper", "taper", "splayed", "rods", "block", "sled", "plinth")
        ),
        "quilt": quilts.get(kind),
        "seats": seats,
        "arms": SOFA_ARMS.get(kind, kind),
        "arm_width": arm_width,
        "arm_height": height if level else between(rng, 0.56, 0.64),
        "cushions": 2
        if kind == "daybed"
        else rng.choice((0, 0, 0, 1, 2)) * (form == "straight" and kind != "chaise"),
        "form": form,
        "metal": rng.choice(METALS),
    }
