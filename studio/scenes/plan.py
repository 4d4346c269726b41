"""What is in a landscape or a town: pure Python, so that it can be tested without Blender.

Metres and degrees. The camera stands at x = y = 0 and looks along +y; heights are above the ground
or water below it. What makes a class, and so its mask: the buildings; a forest's trees and shrubs;
a glacier's ice and firn; a mountain's terrain; the sea's water; a street's road, pavement and cars.
"""

from dataclasses import asdict, dataclass
from random import Random

from ..core.seeds import stream
from ..rooms.plan import Camera, Look

CLASSES = ("buildings", "forest", "glacier", "mountain", "sea", "street")

# How a class is seen, and how often.
VIEWS = {
    "buildings": {"tower": 3, "corner": 5, "facade": 3, "house": 2, "palace": 3, "skyline": 2},
    "forest": {"trunks": 6, "path": 4, "thicket": 2, "canopy": 1, "bare": 2, "slope": 2},
    "glacier": {"front": 5, "tongue": 3, "field": 3, "wall": 3, "firn": 2},
    "mountain": {"peak": 4, "range": 3, "meadow": 3, "wooded": 3, "crag": 2},
    "sea": {"open": 3, "beach": 3, "rocks": 3, "boat": 1, "shore": 3, "waves": 2, "pier": 1},
    "street": {"lane": 5, "avenue": 5, "square": 2, "road": 3, "shops": 2},
}
# Times of day and weathers, and how often; a place that is not named has those of "else".
TIMES = {
    "buildings": {"day": 8, "low": 3, "night": 2},
    "sea": {"day": 6, "low": 2, "sunset": 3},
    "street": {"day": 8, "low": 2, "night": 2},
    "mountain": {"day": 7, "low": 3, "sunset": 1},
    "else": {"day": 7, "low": 2},
}
WEATHERS = {
    "forest": {"clear": 6, "fair": 2, "overcast": 4, "fog": 2},
    "else": {"clear": 4, "fair": 4, "broken": 3, "overcast": 3, "fog": 1},
}
SEASONS = {
    "forest": {"summer": 7, "autumn": 3, "spring": 3, "winter": 1},
    "else": {"summer": 5, "autumn": 2, "winter": 2},
}
COVER = {"clear": (0.0, 0.3), "fair": (0.35, 0.5), "broken": (0.5, 0.66), "overcast": (1, 1)}
# Exposure in stops, by view or class.
OFFSETS = {"forest": -0.35, "glacier": 0.25, "firn": 0.8, "field": 0.65, "mountain": -0.3}
SUN_HEIGHT = {"day": (28, 65), "low": (9, 24), "sunset": (1, 4), "night": (30, 30)}
# Lens in mm, height of the camera, and pitch, by view or class.
CAMERAS = {
    "tower": ((18, 40), (1.6, 6), (14, 34)),
    "corner": ((22, 40), (1.6, 7), (5, 13)),
    "facade": ((30, 60), (1.7, 14), (2, 14)),
    "house": ((26, 42), (1.5, 2.2), (0, 7)),
    "palace": ((24, 45), (1.6, 5), (5, 16)),
    "skyline": ((30, 60), (30, 190), (-14, -3)),
    "forest": ((22, 42), (1.1, 2.0), (-5, 7)),
    "canopy": ((16, 24), (1.2, 1.6), (38, 78)),
    "slope": ((35, 60), (30, 60), (-9, 0)),
    "front": ((26, 50), (4, 14), (-1, 5)),
    "tongue": ((26, 45), (60, 220), (-6, 1)),
    "field": ((24, 40), (5, 20), (-10, -2)),
    "wall": ((36, 60), (6, 12), (2, 10)),
    "firn": ((24, 40), (3, 14), (-6, 3)),
    "mountain": ((26, 60), (20, 120), (-3, 6)),
    "sea": ((22, 50), (1.6, 9), (-9, 1)),
    "waves": ((35, 60), (5, 14), (-14, -8)),
    "shore": ((24, 45), (6, 45), (-9, -2)),
    "pier": ((22, 50), (2.6, 6), (-9, 1)),
    "street": ((20, 40), (1.5, 3.0), (-4, 6)),
    "road": ((22, 40), (1.5, 8), (-5, 3)),
}


@dataclass(frozen=True)
class Sky:
    """Sun, sky and air; colours are linear, angles in degrees, 0 along the camera's view."""

    sun: float  # irradiance relative to a sky of 1
    sun_height: float
    sun_side: float
    sun_colour: tuple
    zenith: tuple
    horizon: tuple
    cover: float  # share of clouds
    cloud_size: float
    cloud: tuple
    haze: float  # share of light lost in a kilometre, as an optical depth
    haze_colour: tuple
    phase: float  # which clouds


@dataclass(frozen=True)
class ScenePlan:
    """Everything that decides a picture; the builders draw details from streams of its seed."""

    seed: int
    kind: str
    view: str
    weather: str
    season: str
    time: str
    contains: tuple[str, ...]
    camera: Camera
    look: Look
    sky: Sky
    saturation: float
    tint: tuple
    grey: str  # "", "RGB" (three equal channels) or "L" (one)
    crop: tuple[int, int]  # pixels (width, height) left of the picture; (0, 0) is all

    def rng(self, *purpose: object) -> Random:
        """A random stream for one purpose of a builder."""
        return stream(self.seed, self.kind, *purpose)

    def parameters(self) -> dict:
        """What is stored beside the picture, ready for JSON."""
        row = asdict(self)
        row["class"] = row.pop("kind")
        row["contains"] = list(self.contains)
        row["camera"] = {k: round(v, 2) for k, v in row["camera"].items()}
        return row


def _pick(rng: Random, weights: dict) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _blend(a: tuple, b: tuple, share: float) -> tuple:
    return tuple(round(x + (y - x) * share, 3) for x, y in zip(a, b, strict=True))


def make_sky(rng: Random, weather: str, time: str, kind: str) -> Sky:
    """The sky of a weather at a time of day, over a kind of place."""
    height = rng.uniform(*SUN_HEIGHT[time])
    grey = weather in ("overcast", "fog")
    side = rng.uniform(-25, 25) if time == "sunset" else rng.choice((-1, 1)) * rng.uniform(35, 160)
    zenith = _blend((0.015, 0.07, 0.3), (0.12, 0.28, 0.6), rng.random())
    horizon = _blend((0.16, 0.34, 0.66), (0.75, 0.83, 0.92), rng.random())
    sun = rng.uniform(4, 7)
    colour = (1, 0.95, 0.88)
    cloud = (1.0, 1.0, 1.02)
    if time == "low":
        sun = rng.uniform(3, 5)
        colour = (1, 0.75, 0.48)
        cloud = (1.0, 0.86, 0.74)
    if time == "sunset":
        warm = _blend((0.9, 0.32, 0.08), (0.85, 0.5, 0.45), rng.random())
        zenith = _blend((0.06, 0.09, 0.2), (0.5, 0.22, 0.12), rng.random() * 0.7)
        horizon = warm
        sun = rng.uniform(0.4, 1.4)
        colour = (1, 0.5, 0.2)
        cloud = (0.75, 0.3, 0.16)
    if grey:
        tone = rng.uniform(0.6, 0.9)
        zenith = (tone * 0.8, tone * 0.84, tone * 0.9)
        horizon = (tone, tone, tone)
        sun = rng.uniform(0, 0.3)
        cloud = (0.9, 0.92, 0.95)
    if time == "night":
        glow = _blend((0.004, 0.006, 0.02), (0.05, 0.03, 0.02), rng.random())
        zenith = (0.002, 0.004, 0.014)
        horizon = glow
        sun = 0.03
        colour = (0.6, 0.7, 1.0)
        cloud = (0.02, 0.015, 0.02)
    cover = rng.uniform(*COVER.get(weather, (1, 1)))
    fog = 0.25 if kind in ("mountain", "glacier") else 1.0  # they are farther away
    haze = {"fog": fog * 10 ** rng.uniform(-0.6, 0.3), "overcast": 0.03}
    haze = haze.get(weather, 10 ** rng.uniform(-2.4, -1.3))
    return Sky(
        *(round(sun, 2), round(height, 1), round(side, 1), colour, zenith, horizon),
        *(round(cover, 2), round(rng.uniform(0.6, 2.0), 2), cloud),
        *(round(haze, 3), _blend(horizon, zenith, 0.15), round(rng.uniform(0, 50), 2)),
    )


def make_camera(rng: Random, kind: str, view: str) -> Camera:
    """A camera for a view; some are held askew."""
    lens, height, pitch = CAMERAS.get(view, CAMERAS.get(kind))
    roll = rng.gauss(0, 1.2) if rng.random() < 0.8 else rng.uniform(-7, 7)
    return Camera(0, 0, rng.uniform(*height), 0, rng.uniform(*pitch), roll, rng.uniform(*lens))


def make_look(rng: Random, time: str, kind: str, view: str) -> Look:
    """Exposure and colour of a snapshot."""
    dark = {"night": -1.3, "sunset": -0.5}.get(time, 0.0)
    return Look(
        round(OFFSETS.get(view, OFFSETS.get(kind, 0)) + dark + rng.gauss(0.25, 0.4), 2),
        round(rng.uniform(-0.8, 0.9), 2),
        round(max(0, rng.gauss(0.08, 0.12)), 2),
        round(abs(rng.gauss(0.004, 0.006)), 3),
        round(rng.uniform(1.0, 1.4), 2),
    )


# What else is in the picture: (view or class, thing, how likely).
EXTRAS = (
    ("corner", "cars", 0.5), ("corner", "trees", 0.4), ("house", "trees", 0.7),
    ("palace", "trees", 0.25), ("tower", "trees", 0.2), ("facade", "trees", 0.12),
    ("avenue", "cars", 0.8), ("square", "cars", 0.4), ("road", "cars", 0.7), ("shops", "cars", 0.5),
    ("avenue", "trees", 0.4), ("square", "trees", 0.5), ("road", "trees", 0.3),
    ("street", "people", 0.65), ("street", "lamps", 0.6), ("street", "signs", 0.6),
    ("street", "wires", 0.25), ("trunks", "undergrowth", 0.6), ("path", "undergrowth", 0.6),
    ("thicket", "undergrowth", 1), ("trunks", "rocks", 0.3), ("path", "rocks", 0.3),
    ("front", "floes", 0.8), ("meadow", "trees", 0.5), ("meadow", "foreground", 1),
    ("peak", "trees", 0.35), ("peak", "foreground", 0.5), ("range", "foreground", 0.6),
    ("wooded", "trees", 1), ("wooded", "lake", 0.2), ("crag", "trees", 0.4),
    ("open", "far shore", 0.4), ("beach", "far shore", 0.4), ("pier", "far shore", 0.4),
    ("shore", "far shore", 1), ("shore", "rocks", 1), ("shore", "cliff", 0.5),
    ("rocks", "rocks", 1), ("open", "rocks", 0.15), ("boat", "boats", 1), ("open", "boats", 0.15),
    ("shore", "boats", 0.2),
)  # fmt: skip


def make_plan(
    seed: int, kind: str, grey: str = "", crop: tuple[int, int] = (0, 0), view: str = ""
) -> ScenePlan:
    """The plan of a seed and class; `grey` and `crop` as in `ScenePlan`, `view` if it is given."""
    rng = stream(seed, kind, "plan")
    view = view or _pick(rng, VIEWS[kind])
    time = _pick(rng, TIMES.get(kind, TIMES["else"]))
    weather = _pick(rng, WEATHERS.get(kind, WEATHERS["else"]))
    if time == "sunset" and weather in ("overcast", "fog"):
        weather = "broken"
    contains = tuple(
        dict.fromkeys(
            thing
            for where, thing, chance in EXTRAS
            if where in (kind, view) and rng.random() < chance
        )
    )
    if kind == "street" and time == "night" and "lamps" not in contains:
        contains += ("lamps",)
    cast = rng.gauss(0, 0.05) if rng.random() < 0.8 else rng.gauss(0, 0.15)
    return ScenePlan(
        *(seed, kind, view, weather, _pick(rng, SEASONS.get(kind, SEASONS["else"])), time),
        contains,
        make_camera(rng, kind, view),
        make_look(rng, time, kind, view),
        make_sky(rng, weather, time, kind),
        round(rng.uniform(0.75, 1.2), 2),
        (round(1 + cast, 3), round(1 + rng.gauss(0, 0.02), 3), round(1 - cast, 3)),
        *(grey, crop),
    )
