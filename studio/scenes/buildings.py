"""The class buildings, which are what makes it, and so its mask; each on its site. Metres."""

import math
from random import Random

from mathutils import Matrix

from ..core import meshes
from . import traffic, trees
from .architecture import ROOFS, Works, building, make_works, palace, tower
from .facade import CONCRETES, PLASTERS, STONES, make_style, masonry, panes
from .grounds import ground, paving
from .records import ScenePlan
from .terrain import fan, surface


def build(plan: ScenePlan) -> None:
    """Fill an empty scene, camera and sky aside."""
    works = make_works(plan, 1)
    _site(plan)
    makers = {"tower": _towers, "corner": _corner, "facade": _front, "house": _house}
    makers |= {"palace": _palace, "skyline": _skyline}
    _dressing(plan, works.rng, makers[plan.view](plan, works))


def _site(plan: ScenePlan) -> None:
    """The ground before and around a building."""
    rng = plan.rng("site")
    green = plan.view == "house" or (plan.view != "skyline" and rng.random() < 0.25)
    colour = (0.3, 0.4, 0.14) if plan.season != "winter" else (0.4, 0.38, 0.3)
    snow = -1e6 if plan.season == "winter" and rng.random() < 0.5 else 1e6
    stuff = paving(rng.choice(("asphalt", "slabs")), plan.season)
    if green:
        stuff = ground((0.4, 0.36, 0.3), colour, snow, 1e6, grain=0.02)
    x, y = fan(plan.camera, 0.5, 4000, 40, 30)
    meshes.put(surface(x, y, x * 0), stuff)


def _placed(angle: float, x: float, y: float, wide: float) -> Matrix:
    """A frame whose front's middle is at x, y and looks towards the camera turned by degrees."""
    turn = Matrix.Rotation(math.radians(angle), 4, "Z")
    return Matrix.Translation((x, y, 0)) @ turn @ Matrix.Translation((-wide / 2, 0, 0))


def _towers(plan: ScenePlan, works: Works) -> float:
    """One to four high-rises from below; returns how far away (metres) the first is."""
    rng = works.rng
    turn = works.rng.uniform(-45, 45)
    for n in range(rng.choice((1, 1, 2, 3, 4))):
        away = rng.uniform(30, 70) + 35 * n
        side = (rng.uniform(-0.3, 0.3) + (-1) ** n * 0.35 * (n > 0)) * away
        _high_rise(works, (side, away), turn, away * rng.uniform(0.9, 2.4))
    return 50.0


def _high_rise(works: Works, at: tuple, turn: float, high: float) -> None:
    rng = works.rng
    wide = rng.uniform(18, 36)
    deep = rng.uniform(16, 34)
    angle = turn + 90 * rng.randrange(4) + rng.gauss(0, 2)
    style = make_style(rng, rng.choice(("modern", "modern", "glass", "old")))
    tower(works, _placed(angle, at[0], at[1] + deep / 2, wide), (wide, deep, high), style)


def _skyline(plan: ScenePlan, works: Works) -> float:
    """A city from a height: towers among low blocks along streets."""
    rng = works.rng
    turn = works.rng.uniform(-45, 45)
    parts = []
    for _ in range(rng.randint(20, 45)):
        away = rng.uniform(150, 900)
        _high_rise(works, (rng.uniform(-0.7, 0.7) * away, away), turn, rng.uniform(20, 160))
    for x in range(-700, 700, 32):
        for y in range(90, 1500, 28):
            if abs(x) < 0.7 * y + 60 and rng.random() < 0.85:
                low = x + rng.uniform(-3, 3), y + rng.uniform(-2, 2), 0
                size = rng.uniform(12, 24), rng.uniform(10, 20), rng.uniform(5, 26)
                end = tuple(a + b for a, b in zip(low, size, strict=True))
                parts.append((low, end, rng.randrange(5)))
    palettes = (STONES, PLASTERS, CONCRETES, ROOFS)
    walls = [masonry("plaster", rng.choice(palette)) for palette in palettes]
    walls.append(panes(make_style(rng, "old"), works.lit))
    frame = Matrix.Rotation(math.radians(turn * 0.3), 4, "Z")
    meshes.put(meshes.blocks(parts), walls, frame, 1)
    return 200.0


def _corner(plan: ScenePlan, works: Works) -> float:
    """A whole building seen across its corner, often with neighbours."""
    rng = works.rng
    style = make_style(rng, rng.choice(("modern", "modern", "old", "old", "glass")))
    wide = rng.uniform(16, 50)
    deep = rng.uniform(12, 30)
    high = style.floor * rng.randint(3, 13)
    away = 4 + max(high, wide * 0.55) * 24 / plan.camera.lens * rng.uniform(1.1, 1.9)
    angle = rng.choice((-1, 1)) * rng.uniform(12, 58)
    roof = rng.choice(("flat", "flat", "flat", "mansard", "hip"))
    place = _placed(angle, rng.uniform(-0.15, 0.15) * away, away, wide)
    building(works, place, (wide, deep, high), style, roof)
    for side in (-1, 1):
        if rng.random() < 0.65:
            other = make_style(rng, rng.choice(("modern", "old")))
            width = rng.uniform(15, 40)
            height = high * rng.uniform(0.4, 1.5)
            x = side * (wide * 0.75 + width * 0.6)
            y = away + rng.uniform(10, 60)
            building(
                works, _placed(angle * rng.random(), x, y, width), (width, 15, height), other, roof
            )
    return away


def _front(plan: ScenePlan, works: Works) -> float:
    """A façade that fills the picture."""
    rng = works.rng
    style = make_style(rng, rng.choice(("modern", "modern", "old", "old", "glass")))
    away = rng.uniform(12, 40)
    angle = rng.choice((0, rng.uniform(-12, 12), rng.uniform(-50, 50)))
    high = max(style.floor * rng.choice((4, 6, 12, 20)), 0.7 * away)
    building(works, _placed(angle, 0, away, 110), (110, 12, high), style)
    return away


def _house(plan: ScenePlan, works: Works) -> float:
    """A small house with a gable, on a lawn."""
    rng = works.rng
    style = make_style(rng, "house")
    wide = rng.uniform(8, 16)
    deep = rng.uniform(7, 10)
    high = style.floor * rng.choice((1, 2, 2, 3))
    away = 2 + max(wide, high * 1.4) * plan.camera.lens / 36 * rng.uniform(0.85, 1.2)
    place = _placed(rng.choice((-1, 1)) * rng.uniform(5, 50), rng.uniform(-2, 2), away, wide)
    roof = rng.choice(("gable", "gable", "cross", "hip"))
    building(works, place, (wide, deep, high), style, roof)
    if rng.random() < 0.5:
        wing = place @ Matrix.Translation((wide * 0.15, -3.0, 0))
        building(works, wing, (wide * 0.4, 5, high * 0.8), style, "cross")
    return away


def _palace(plan: ScenePlan, works: Works) -> float:
    """A public building with columns."""
    rng = works.rng
    style = make_style(rng, "old")
    wide = rng.uniform(28, 60)
    high = style.floor * rng.randint(2, 4)
    away = wide * plan.camera.lens / 36 * rng.uniform(0.75, 1.15)
    place = _placed(rng.uniform(-35, 35), rng.uniform(-0.1, 0.1) * wide, away, wide)
    palace(works, place, (wide, 18, high), style)
    return away


def _dressing(plan: ScenePlan, rng: Random, away: float) -> None:
    """Trees and cars before a building that stands so far away (metres)."""
    if "trees" in plan.contains:
        garden = trees.garden(plan, rng)
        for _ in range(rng.randint(1, 3)):
            y = away * rng.uniform(0.4, 0.65)
            x = rng.choice((-1, 1)) * rng.uniform(0.18, 0.5) * y
            trees.plant_tree(garden, rng, Matrix.Translation((x, y, 0)), 3, 0.28 * away + 2)
    if "cars" in plan.contains:
        cars = traffic.fleet(rng, False)
        for n in range(rng.randint(1, 6)):
            x = (n - 2) * 5.5 + rng.uniform(-0.5, 0.5)
            y = away * 0.5
            meshes.put(rng.choice(cars), None, Matrix.Translation((x, y, 0)))
