"""What a bicycle is: its measures, its colours, and the points of its frame. Pure geometry.

Lengths of a `Model` are in millimetres and its angles in degrees, as in a maker's table; the
`Points` that follow from it are in metres, x forward and z up, on the plane of the frame.
"""

import math
from dataclasses import asdict, dataclass
from random import Random

from ..core import seeds
from ..rooms.catalogue import near
from ..rooms.plan import Camera, Look

CLASSES = ("mountain_bike", "road_bike")
SIDE = 330 / 193  # of the picture, width by height
Point = tuple[float, float]

# fmt: off
# Ranges of a style's measures; the numbers are uniform between the two.
RANGES = {
    "trail": {
        "head_angle": (65.5, 69.5), "seat_angle": (71.5, 75), "chainstay": (428, 448),
        "reach": (385, 460), "head_tube": (95, 130), "travel": (110, 165), "offset": (42, 51),
        "seat_tube": (395, 480), "saddle": (660, 770), "bottom": (328, 350), "tyre": (53, 63),
        "rim": (20, 27), "stem": (38, 80), "bar_rise": (5, 40), "cassette": (160, 215),
        "ring": (125, 155), "tube": (46, 60), "sag": (-30, 45),
    },
    "downhill": {
        "head_angle": (62.5, 64.5), "seat_angle": (64, 72), "chainstay": (430, 450),
        "reach": (385, 440), "head_tube": (100, 118), "travel": (180, 203), "offset": (44, 52),
        "seat_tube": (370, 430), "saddle": (560, 640), "bottom": (340, 362), "tyre": (58, 66),
        "rim": (21, 28), "stem": (35, 50), "bar_rise": (15, 40), "cassette": (110, 150),
        "ring": (140, 160), "tube": (50, 62), "sag": (-10, 50),
    },
    "hardtail": {
        "head_angle": (67.5, 71.5), "seat_angle": (72, 74), "chainstay": (425, 445),
        "reach": (380, 440), "head_tube": (95, 135), "travel": (80, 130), "offset": (42, 50),
        "seat_tube": (400, 490), "saddle": (680, 770), "bottom": (300, 322), "tyre": (48, 60),
        "rim": (18, 24), "stem": (50, 95), "bar_rise": (0, 30), "cassette": (135, 210),
        "ring": (125, 175), "tube": (40, 52), "sag": (-10, 25),
    },
    "budget": {  # of a department store: heavy, upright, with rim brakes or simple discs
        "head_angle": (68, 71), "seat_angle": (68, 72), "chainstay": (430, 450),
        "reach": (345, 390), "head_tube": (110, 150), "travel": (60, 90), "offset": (38, 46),
        "seat_tube": (400, 450), "saddle": (620, 700), "bottom": (300, 325), "tyre": (46, 54),
        "rim": (17, 21), "stem": (60, 100), "bar_rise": (30, 80), "cassette": (115, 145),
        "ring": (160, 185), "tube": (38, 50), "sag": (-20, 30),
    },
    "race": {
        "head_angle": (72, 74), "seat_angle": (72.8, 74.5), "chainstay": (403, 412),
        "reach": (372, 402), "head_tube": (120, 175), "travel": (0, 0), "offset": (42, 46),
        "seat_tube": (465, 545), "saddle": (680, 760), "bottom": (264, 274), "tyre": (23, 27),
        "rim": (20, 32), "stem": (85, 120), "bar_rise": (0, 0), "cassette": (105, 122),
        "ring": (195, 212), "tube": (40, 54), "sag": (-6, 12),
    },
    "aero": {
        "head_angle": (72, 73.8), "seat_angle": (73, 74.5), "chainstay": (403, 410),
        "reach": (375, 402), "head_tube": (115, 160), "travel": (0, 0), "offset": (42, 46),
        "seat_tube": (480, 545), "saddle": (680, 760), "bottom": (264, 272), "tyre": (23, 28),
        "rim": (38, 72), "stem": (90, 120), "bar_rise": (0, 0), "cassette": (105, 120),
        "ring": (200, 215), "tube": (56, 74), "sag": (-4, 6),
    },
    "endurance": {
        "head_angle": (70.5, 72.8), "seat_angle": (72.5, 74), "chainstay": (410, 428),
        "reach": (365, 388), "head_tube": (140, 195), "travel": (0, 0), "offset": (44, 50),
        "seat_tube": (430, 520), "saddle": (670, 750), "bottom": (262, 272), "tyre": (27, 36),
        "rim": (22, 32), "stem": (80, 105), "bar_rise": (0, 0), "cassette": (110, 145),
        "ring": (185, 206), "tube": (42, 54), "sag": (-14, 18),
    },
    "classic": {
        "head_angle": (72, 74), "seat_angle": (72.5, 74), "chainstay": (408, 420),
        "reach": (368, 395), "head_tube": (125, 185), "travel": (0, 0), "offset": (42, 48),
        "seat_tube": (510, 560), "saddle": (670, 740), "bottom": (264, 274), "tyre": (23, 28),
        "rim": (16, 26), "stem": (85, 115), "bar_rise": (0, 0), "cassette": (95, 118),
        "ring": (190, 214), "tube": (28, 34), "sag": (0, 0),
    },
}
STYLES = {
    "mountain_bike": ("trail",) * 13 + ("hardtail",) * 4 + ("downhill",) * 2 + ("budget",) * 2,
    "road_bike": ("race",) * 9 + ("aero",) * 5 + ("endurance",) * 5 + ("classic",) * 2,
}
BASES = (  # colours of frames, with how often
    ((0.035, 0.035, 0.04), 13), ((0.16, 0.17, 0.18), 5), ((0.86, 0.86, 0.85), 5),
    ((0.78, 0.05, 0.06), 5), ((0.92, 0.33, 0.06), 3), ((0.62, 0.82, 0.1), 3),
    ((0.06, 0.25, 0.6), 2), ((0.05, 0.1, 0.25), 2), ((0.1, 0.5, 0.66), 2), ((0.55, 0.56, 0.57), 3),
    ((0.93, 0.83, 0.12), 1), ((0.08, 0.36, 0.16), 2), ((0.72, 0.66, 0.56), 1),
    ((0.4, 0.78, 0.74), 1), ((0.45, 0.05, 0.1), 1),
)
ACCENTS = (
    (0.8, 0.05, 0.06), (0.79, 0.79, 0.79), (0.93, 0.35, 0.06), (0.6, 0.85, 0.1),
    (0.08, 0.4, 0.8), (0.5, 0.52, 0.54), (0.05, 0.05, 0.055), (0.95, 0.85, 0.1), (0.1, 0.65, 0.7),
)
BLACK = (0.035, 0.035, 0.038)
WHITE = (0.79, 0.79, 0.79)
SILVER = (0.62, 0.63, 0.65)
# fmt: on


@dataclass(frozen=True)
class Model:
    """A bicycle as its maker's table has it, millimetres and degrees; sizes are diameters."""

    style: str
    bar: str  # flat, riser, drop
    fork: str  # suspension, double crown, rigid
    shock: str  # none, upright, lying, diagonal
    coil: bool
    brakes: str  # disc, rim
    wheel: int  # bead seat: 559 is called 26 inch, 584 is 27.5, 622 is 29 or 700C
    tread: float  # height of the knobs
    head_angle: float
    seat_angle: float
    chainstay: float
    reach: float
    head_tube: float
    travel: float
    offset: float
    seat_tube: float
    saddle: float
    bottom: float
    tyre: float
    rim: float
    stem: float
    bar_rise: float
    cassette: float
    ring: float
    tube: float
    sag: float  # how far top and down tube are bent
    flat: float  # how much deeper than wide the tubes are
    spokes: int
    rings: int
    crank: float  # degrees below the horizontal
    cages: int
    pedals: bool
    dropper: bool


@dataclass(frozen=True)
class Colours:
    """One of the colour schemes in which a model is sold; sRGB, 0 to 1."""

    frame: tuple
    second: tuple
    decal: tuple
    scheme: str  # plain, rear, front, band
    fork: tuple
    stanchion: tuple
    rim: tuple
    rim_decal: tuple | None
    tyre: tuple
    wall: tuple
    tyre_text: tuple | None
    saddle: tuple
    grip: tuple
    crank: tuple
    cassette: tuple
    spring: tuple
    spoke: tuple
    matte: bool


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


@dataclass(frozen=True)
class Points:
    """Where things are, in metres; the rear wheel stands on (0, 0)."""

    radius: float  # of the wheels
    rear: Point
    front: Point
    bottom: Point  # bottom bracket
    crown: Point  # of the fork
    head: Point  # upper end of the head tube
    seat: Point  # upper end of the seat tube
    saddle: Point  # middle of its top
    clamp: Point  # where the stem holds the bar
    steer: Point  # direction, up along the steerer
    post: Point  # direction, up along the seat post


def along(start: Point, direction: Point, distance: float, across: float = 0.0) -> Point:
    """A point so far along a direction, and so far to its right (forward, if it points up)."""
    x, z = start
    ahead, rise = direction
    return x + ahead * distance + rise * across, z + rise * distance - ahead * across


def up(angle: float) -> Point:
    """The direction of a tube that leans back, at an angle to the ground in degrees."""
    return -math.cos(math.radians(angle)), math.sin(math.radians(angle))


def tyre_height(model: Model) -> float:
    """From the bead seat to the tread, in metres."""
    return 0.96 * model.tyre / 1000


def measure(model: Model) -> Points:
    """The points of a model."""
    mm = {key: value / 1000 for key, value in asdict(model).items() if isinstance(value, float)}
    radius = model.wheel / 2000 + tyre_height(model)
    drop = radius - mm["bottom"]
    bottom = math.sqrt(mm["chainstay"] ** 2 - drop**2), mm["bottom"]
    steer = up(model.head_angle)
    post = up(model.seat_angle)
    room = {"rigid": 0.034 + 1.1 * mm["tyre"], "suspension": 0.092, "double crown": 0.09}
    length = model.wheel / 2000 + mm["travel"] + room[model.fork]
    axis = math.sqrt(length**2 - mm["offset"] ** 2)  # the crown, from the axle's foot on the axis
    foot = 0.0, radius + steer[0] * mm["offset"]
    top = along(foot, steer, axis + 0.012 + mm["head_tube"])
    move = bottom[0] + mm["reach"] - top[0]
    front = along(foot, steer, 0, mm["offset"])[0] + move, radius
    head = top[0] + move, top[1]
    rise = 0.02 if model.bar == "drop" else 0.03
    angle = -0.1 if model.bar == "drop" else 0.05
    clamp = along(head, steer, rise + mm["stem"] * angle, mm["stem"])
    return Points(
        radius,
        (0.0, radius),
        front,
        bottom,
        along(head, steer, -0.012 - mm["head_tube"]),
        head,
        along(bottom, post, mm["seat_tube"]),
        along(bottom, post, mm["saddle"]),
        (clamp[0], clamp[1] + mm["bar_rise"]),
        steer,
        post,
    )


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


def extent(points: Points, drop: bool) -> tuple[float, float, float]:
    """Left, right and top of the bicycle, in metres."""
    high = max(points.saddle[1], points.clamp[1] + (0.06 if drop else 0.045))
    return -points.radius, points.front[0] + points.radius, high


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
