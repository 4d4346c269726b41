"""The plan of a picture from its seed and class: view, weather, season, sky, camera, look."""

from random import Random

from ..core.records import Camera, Look
from ..core.seeds import stream
from .catalogue import (
    CAMERAS,
    COVER,
    EXTRAS,
    FAR,
    OFFSETS,
    SEASONS,
    SUN_HEIGHT,
    TIMES,
    VIEWS,
    WEATHERS,
)
from .records import ScenePlan, Sky


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
    fog = 0.25 if kind in FAR else 1.0
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


def make_scene(
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
