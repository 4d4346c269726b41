"""The class street; its road, pavements and cars are what makes it, and so its mask. Metres."""

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from mathutils import Matrix

from ..core import lights, meshes, tubes
from ..core.materials import material
from .architecture import Works, building, make_works
from .facade import SIGNS, make_style
from .grounds import paving
from .records import ScenePlan
from .terrain import coat
from .traffic import fleet, person
from .trees import garden, plant_tree

# fmt: off
# By view: the road's width, the kinds of its buildings, their floors, and their roofs.
ROADS = {
    "lane": (2.5, 5.5), "avenue": (9, 20), "road": (6, 10), "square": (6, 11), "shops": (6, 11),
}
BUILT = {
    "lane": ("old", "old", "house"), "road": ("house", "modern"),
    "avenue": ("modern", "old", "glass"), "square": ("old", "old", "modern"),
    "shops": ("old", "old", "modern"),
}
STOREYS = {"lane": (2, 5), "road": (1, 2), "avenue": (3, 12), "square": (2, 5), "shops": (2, 5)}
TOWN_ROOFS = ("flat", "mansard")
OLD_ROOFS = ("gable", "gable", "hip", "flat")
# fmt: on


@dataclass(frozen=True)
class Street:
    """A street along y of its frame: widths of its road and of each pavement."""

    plan: ScenePlan
    rng: Random
    frame: Matrix
    road: float
    pave: float

    @property
    def night(self) -> bool:
        """Whether lamps and windows are lit."""
        return self.plan.time == "night"

    @property
    def kerb(self) -> float:
        """Where posts stand, to either side of the middle."""
        return self.road / 2 + min(0.5, self.pave / 3)

    def at(self, x: float, y: float, z: float = 0.0, turn: float = 0.0) -> Matrix:
        """A frame at a place of the street, turned by degrees."""
        return (
            self.frame @ Matrix.Translation((x, y, z)) @ Matrix.Rotation(math.radians(turn), 4, "Z")
        )


def build(plan: ScenePlan) -> None:
    """Fill an empty scene, camera and sky aside."""
    works = make_works(plan, 0)
    rng = plan.rng("street")
    view = plan.view
    road = rng.uniform(*ROADS[view])
    pave = rng.uniform(0.4, 1.2) if view == "lane" else rng.uniform(2.6, 5)
    aside = rng.uniform(-0.32, 0.32) * (road + pave)
    turn = rng.gauss(0, 7)
    if view == "shops":  # from the pavement, towards the other side
        side = rng.choice((-1, 1))
        aside = side * (road / 2 + pave * 0.3)
        turn = side * rng.uniform(5, 25)
    shift = Matrix.Translation((-aside, 0, 0))
    street = Street(plan, rng, Matrix.Rotation(math.radians(turn), 4, "Z") @ shift, road, pave)
    _roadway(street)
    for side in (-1, 1):
        _row(street, works, side)
    _posts(street)
    _signs(street)
    _traffic(street)
    _walkers(street)


def _roadway(street: Street) -> None:
    """Road, pavements and markings, as one mesh; they make the class, and so its mask."""
    plan = street.plan
    rng = street.rng
    half = street.road / 2
    old = plan.view in ("lane", "square")
    kind = rng.choice(("cobbles", "cobbles", "slabs", "asphalt")) if old else "asphalt"
    wet = plan.weather in ("overcast", "fog") and rng.random() < 0.4
    edge = half + street.pave + 40
    parts = [((-half, -8, -0.3), (half, 900, 0), 0), ((-edge, -8, -0.4), (edge, 900, -0.05), 3)]
    for x in (-half - street.pave, half):
        parts.append(((x, -8, -0.3), (x + street.pave, 900, 0.13), 1))
    if plan.view in ("avenue", "road") and plan.season != "winter":
        parts += _markings(rng, half)
    stuff = [paving(kind, plan.season, wet or street.night), paving("slabs", plan.season)]
    stuff += [material("paint", (0.85, 0.85, 0.82)), paving("asphalt", plan.season)]
    meshes.put(meshes.blocks(parts), stuff, street.frame, 1)


def _markings(rng: Random, half: float) -> list[tuple]:
    """A middle line, lines along the kerbs, and a crossing."""
    step = rng.choice((6, 6, 3))
    parts = [((-0.08, y, 0), (0.08, y + 3, 0.006), 2) for y in np.arange(2, 160, step)]
    for x in (0.35 - half, half - 0.35):
        if rng.random() < 0.5:
            parts.append(((x - 0.05, 0, 0), (x + 0.05, 300, 0.006), 2))
    if rng.random() < 0.4:
        y = rng.uniform(5, 14)
        for x in np.arange(0.3 - half, half - 0.4, 0.95):
            parts.append(((x, y, 0), (x + 0.45, y + 2.6, 0.007), 2))
    return parts


def _row(street: Street, works: Works, side: int) -> None:
    """One side's buildings, from beside the camera to the vanishing point."""
    rng = street.rng
    view = street.plan.view
    roofs = TOWN_ROOFS if view in ("avenue", "shops") else OLD_ROOFS
    x = street.road / 2 + street.pave
    end = rng.uniform(60, 150)
    y = rng.uniform(25, 60) if view == "square" and side > 0 else rng.uniform(-6, 2)
    while y < end:
        style = make_style(rng, rng.choice(BUILT[view]))
        wide = rng.uniform(6, 16) * (1.6 if view == "avenue" else 1)
        size = wide, 11, style.floor * rng.randint(*STOREYS[view])
        back = x + (rng.uniform(1, 9) if view == "road" else 0)
        place = street.at(back, y + wide, 0, -90) if side > 0 else street.at(-back, y, 0, 90)
        building(works, place, size, style, rng.choice(roofs))
        gap = rng.uniform(2, 12) if view == "road" else rng.choice((0, 0, 0, rng.uniform(3, 9)))
        y += wide + gap


def _posts(street: Street) -> None:
    """Lamps, wires and trees along the kerbs."""
    rng = street.rng
    has = street.plan.contains
    kerb = street.kerb
    steel = material("plastic", (0.12, 0.12, 0.13))
    shine = material("glow" if street.night else "plastic", (1.0, 0.8, 0.5))
    tall = rng.uniform(3.5, 8)
    post = [((-0.07, -0.07, 0), (0.07, 0.07, tall), 0)]
    post.append(((-0.2, -0.2, tall), (0.2, 0.2, tall + 0.45), 1))
    post.append(((-0.25, -0.25, tall + 0.45), (0.25, 0.25, tall + 0.55), 0))
    lamp = coat(meshes.blocks(post), steel, shine)
    for n in range(7 if "lamps" in has or street.night else 0):
        x = (-1) ** n * kerb
        y = 7 + 11 * n
        meshes.put(lamp, None, street.at(x, y))
        if street.night:
            lights.bulb(tuple(street.at(x, y, tall - 0.3).translation), 420)
    if "wires" in has:
        low = [(-9, y, rng.uniform(6, 9)) for y in range(6, 70, 9)]
        high = [(9, y + rng.uniform(-9, 9), rng.uniform(6, 9)) for _, y, _ in low]
        for x, z in ((-kerb, 6.5), (-kerb, 7.2), (kerb, 6.5), (kerb, 7.2)):
            low.append((x, -5, z))
            high.append((x, 150, z))
        meshes.put(tubes.rods(np.array(low), np.array(high), 0.02), steel, street.frame)
    if "trees" in has:
        trees = garden(street.plan, rng)
        for n in range(rng.randint(2, 6)):
            plant_tree(trees, rng, street.at(rng.choice((-1, 1)) * (kerb + 0.4), 9 + 8 * n), 4.5, 8)


def _signs(street: Street) -> None:
    """Boards that stand out from the façades."""
    rng = street.rng
    wall = street.road / 2 + street.pave
    for _ in range(rng.randint(2, 7) if "signs" in street.plan.contains else 0):
        side = rng.choice((-1, 1))
        y = rng.uniform(5, 50)
        z = rng.uniform(2.4, 5.5)
        x = side * (wall - 0.45) - 0.45
        board = meshes.blocks([((x, y, z), (x + 0.9, y + 0.12, z + rng.uniform(0.6, 2.4)), 0)])
        meshes.put(
            board, material("glow" if street.night else "paint", rng.choice(SIGNS)), street.frame
        )


def _traffic(street: Street) -> None:
    """Parked and driving cars."""
    rng = street.rng
    if "cars" not in street.plan.contains:
        return
    cars = fleet(rng, street.night)
    for side in (-1, 1):
        y = rng.uniform(6, 16)
        while y < 80:
            lane = street.road / 2 - 1.1 if rng.random() < 0.7 else street.road / 4
            meshes.put(rng.choice(cars), None, street.at(side * lane, y, 0, 90 * side), 1)
            y += rng.uniform(5.5, 16)


def _walkers(street: Street) -> None:
    """People on the pavements, or all over a street without cars."""
    rng = street.rng
    half = street.road / 2
    if "people" not in street.plan.contains:
        return
    wide = half + street.pave - 0.5
    roam = street.plan.view in ("lane", "square", "shops") and "cars" not in street.plan.contains
    kinds = [person(rng) for _ in range(5)]
    for _ in range(rng.randint(2, 22 if roam else 9)):
        low = -wide if roam else half + 0.2
        x = rng.choice((-1, 1)) * rng.uniform(low, max(wide, low + 0.1))
        at = street.at(
            x, rng.uniform(4.5, 45), 0.0 if abs(x) < half else 0.13, rng.choice((0, 180))
        )
        meshes.put(rng.choice(kinds), None, at)
