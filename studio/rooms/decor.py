"""What hangs and lies in a room without being in the way: pictures, rug, door, windows."""

import math

from mathutils import Matrix

from ..core import seeds
from ..core.colours import near
from ..core.maker import Maker
from ..core.materials import material
from .records import RoomPlan
from .walls import along, wall_frame
from .windows import build_window


def decor(plan: RoomPlan) -> None:
    """Windows with curtains, pictures, rug and door; none of it is in the way of what falls."""
    for window in plan.windows:
        build_window(plan, window)
    for picture in plan.pictures:
        _picture(plan, *picture)
    if plan.rug:
        _rug(*plan.rug)
    if plan.door[0]:
        _door(Maker(wall_frame(plan, plan.door[0])), along(plan, *plan.door))


def _picture(
    plan: RoomPlan, wall: str, centre: float, height: float, width: float, tall: float, seed: int
) -> None:
    """A framed picture whose middle is at `height`, on a wall."""
    maker = Maker(wall_frame(plan, wall))
    x = along(plan, wall, centre)
    colour = seeds.stream(seed, "frame").choice(
        ((0.1, 0.1, 0.1), (0.9, 0.9, 0.88), (0.45, 0.3, 0.18), (0.75, 0.62, 0.38))
    )
    maker.box(
        (x - width / 2, 0.001, height - tall / 2),
        (x + width / 2, 0.025, height + tall / 2),
        material("wood", colour),
    )
    edge = 0.03 if seed % 2 else 0.015
    maker.box(
        (x - width / 2 + edge, 0.02, height - tall / 2 + edge),
        (x + width / 2 - edge, 0.027, height + tall / 2 - edge),
        material("picture", near(seeds.stream(seed, "art"), (0.6, 0.55, 0.5), 0.35), seed=seed),
        0.001,
    )


def _rug(
    x: float, y: float, turn: float, width: float, depth: float, colour: tuple, seed: int
) -> None:
    """A rug whose middle is at x, y."""
    maker = Maker(Matrix.Translation((x, y, 0)) @ Matrix.Rotation(math.radians(turn), 4, "Z"))
    maker.box(
        (-width / 2, -depth / 2, 0.001),
        (width / 2, depth / 2, 0.014),
        material(("carpet", "pattern", "picture")[seed % 3], colour, seed=seed),
        0.004,
    )


def _door(maker: Maker, x: float) -> None:
    white = material("wood", (0.92, 0.91, 0.88))
    maker.box((x - 0.48, 0, 0), (x + 0.48, 0.03, 2.08), white)
    maker.box(
        (x - 0.4, 0.02, 0.005), (x + 0.4, 0.045, 2.0), material("wood", (0.9, 0.89, 0.86)), 0.004
    )
    for low, high in ((0.2, 0.85), (1.0, 1.85)):
        maker.box((x - 0.28, 0.04, low), (x + 0.28, 0.052, high), white, 0.008)
    maker.box((x + 0.31, 0.045, 1.0), (x + 0.36, 0.1, 1.02), material("metal", (0.7, 0.68, 0.6)))
