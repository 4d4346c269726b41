"""Models of bicycles and their colour schemes, from a name."""

from random import Random

from ..core import seeds
from ..core.colours import near
from .catalogue import ACCENTS, BASES, BLACK, RANGES, SILVER, STYLES, WHITE
from .records import Colours, Model


def make_model(kind: str, group: str) -> Model:
    """The model that a name stands for."""
    rng = seeds.stream(0, group, "model")
    style = rng.choice(STYLES[kind])
    numbers = {key: round(rng.uniform(*ends), 1) for key, ends in RANGES[style].items()}
    mountain = kind == "mountain_bike"
    disc = {"endurance": 0.7, "classic": 0.0, "budget": 0.4}
    full = style in ("trail", "downhill") or style == "budget" and rng.random() < 0.7
    fork = {"downhill": "double crown"}.get(style, "suspension" if mountain else "rigid")
    if style == "hardtail" and rng.random() < 0.25:  # a hard one: no suspension, narrow tyres
        fork = "rigid"
        numbers |= {"travel": 70.0, "tyre": round(rng.uniform(42, 50), 1)}
    wheel = rng.choice(
        {"downhill": (559, 584), "budget": (559,)}.get(style, (559, 584, 584, 622, 622))
    )
    return Model(
        style,
        bar=rng.choice(("flat", "riser", "riser")) if mountain else "drop",
        fork=fork,
        shock=rng.choice(("upright", "upright", "lying", "diagonal")) if full else "none",
        coil=full and (style in ("downhill", "budget") or rng.random() < 0.06),
        brakes="disc" if rng.random() < disc.get(style, 1.0 if mountain else 0.15) else "rim",
        wheel=wheel if mountain else 622,
        tread=round(rng.uniform(2.5, 6), 1) if mountain else 0.0,
        flat=round(rng.uniform(1.2, 1.5) if style == "aero" else rng.uniform(0.95, 1.2), 2),
        spokes=rng.choice((28, 32, 32) if mountain else (20, 24, 24, 28)),
        rings=rng.choice((1, 1, 2, 3)) if mountain else 2,
        crank=round(rng.choice((0, 0, rng.uniform(-4, 6), rng.uniform(8, 35))), 1),
        cages=rng.choice((0,) * 9 + (1, 2)),
        pedals=style == "budget" or rng.random() < (0.12 if mountain else 0.06),
        dropper=style == "trail" and rng.random() < 0.5,
        **numbers,
    )


def contrast(rng: Random, colour: tuple, choices: tuple = ACCENTS) -> tuple:
    """A colour that stands out from the given one."""
    clear = [c for c in choices if sum(abs(a - b) for a, b in zip(c, colour, strict=True)) > 0.7]
    return rng.choice(clear)


def make_colours(kind: str, group: str, number: int) -> Colours:
    """The n-th colour scheme of a model; the first two frames never have the same colour."""
    rng = seeds.stream(number, group, "colours")
    order = seeds.stream(0, group, "frames")
    bases = [base for base, often in BASES for _ in range(often)]
    order.shuffle(bases)
    frame = list(dict.fromkeys(bases))[number]
    accent = contrast(rng, frame)
    mountain = kind == "mountain_bike"
    dark = sum(frame) < 0.6
    return Colours(
        frame=near(rng, frame, 0.02),
        second=rng.choice((BLACK, BLACK, accent, WHITE)) if not dark else accent,
        decal=contrast(rng, frame, (accent, WHITE, BLACK)),
        scheme=rng.choice(("plain", "plain", "rear", "front", "band", "band")),
        fork=rng.choice((BLACK, BLACK, BLACK, frame if not mountain else WHITE, frame, accent)),
        stanchion=rng.choice((BLACK, BLACK, (0.62, 0.45, 0.2), SILVER)),
        rim=_rim(rng, mountain, accent),
        rim_decal=rng.choice((None, None, WHITE, accent, (0.4, 0.4, 0.4))),
        tyre=near(rng, (0.05, 0.05, 0.053), 0.02),
        wall=rng.choice(((0.06, 0.06, 0.062),) * 9 + ((0.55, 0.38, 0.2),)),
        tyre_text=rng.choice((None, WHITE, (0.45, 0.45, 0.45), (0.45, 0.45, 0.45))),
        saddle=rng.choice((BLACK,) * 5 + (WHITE,)),
        grip=rng.choice(
            (BLACK,) * (12 if mountain else 4) + (WHITE,) + ((accent,) if dark else ())
        ),
        crank=rng.choice((BLACK, BLACK, (0.1, 0.1, 0.11), SILVER)),
        cassette=rng.choice((SILVER, SILVER, (0.12, 0.12, 0.13))),
        spring=rng.choice((accent, WHITE, BLACK, (0.75, 0.06, 0.06), (0.1, 0.4, 0.8))),
        spoke=rng.choice((BLACK, BLACK, SILVER)),
        matte=dark and rng.random() < 0.5,
    )


def _rim(rng: Random, mountain: bool, accent: tuple) -> tuple:
    if mountain:
        return rng.choice((BLACK,) * 14 + (accent, SILVER))
    return rng.choice((BLACK,) * 6 + (SILVER, SILVER, WHITE))
