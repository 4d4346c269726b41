"""Where the parts of a bicycle are: points on the plane of the frame.

A `Model` is in millimetres and degrees, as in a maker's table; the `Points` that follow from it are
in metres, x forward and z up.
"""

import math
from dataclasses import asdict, dataclass

import numpy as np

from .records import Model

Point = tuple[float, float]


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


def extent(points: Points, drop: bool) -> tuple[float, float, float]:
    """Left, right and top of the bicycle, in metres."""
    high = max(points.saddle[1], points.clamp[1] + (0.06 if drop else 0.045))
    return -points.radius, points.front[0] + points.radius, high


def at(point: Point, y: float = 0.0) -> tuple[float, float, float]:
    """A point of the frame's plane, moved sideways, in space."""
    return point[0], y, point[1]


def between(a: Point, b: Point, share: float) -> Point:
    """A point on the way from one to another."""
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def part(path: np.ndarray, low: float, high: float, steps: int = 4) -> np.ndarray:
    """The piece of a way (n, 3) between two shares of its length."""
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    where = np.linspace(low, high, steps) * length[-1]
    return np.stack([np.interp(where, length, axis) for axis in path.T], 1)


def circle(centre: Point, radius: float, start: float, stop: float, y: float = 0.0) -> np.ndarray:
    """A clockwise arc as the camera sees it, angles in radians, so that letters stand upright."""
    angles = np.linspace(start, stop, 24)
    x = centre[0] + radius * np.sin(angles)
    z = centre[1] + radius * np.cos(angles)
    return np.stack([x, np.full(24, y), z], 1)
