"""What lies about in the messy twin, and the spots where it is dropped."""

import math
from dataclasses import replace
from random import Random

from ..core.records import Camera, Piece
from .catalogue import LANDINGS
from .records import Thing


def floor_point(rng: Random, camera: Camera, room: tuple) -> tuple[float, float]:
    """A spot on the floor: half of them even over the picture, half even over the floor."""
    for _ in range(200):
        if rng.random() < 0.5:
            x = rng.uniform(0.2, room[0] - 0.2)
            y = rng.uniform(0.6, room[1] - 0.2)
        else:
            across = rng.uniform(-0.95, 0.95) * 18 / camera.lens
            down = rng.uniform(0.1, 1.0) * 18 / camera.lens
            pitch = math.radians(camera.pitch)
            pan = math.radians(camera.pan)
            forward = math.cos(pitch) + down * math.sin(pitch)
            fall = down * math.cos(pitch) - math.sin(pitch)
            if fall < 0.1:
                continue
            reach = camera.z / fall
            x = camera.x + reach * (across * math.cos(pan) - forward * math.sin(pan))
            y = camera.y + reach * (across * math.sin(pan) + forward * math.cos(pan))
        if (
            0.2 < x < room[0] - 0.2
            and 0.35 < y < room[1] - 0.2
            and math.hypot(x - camera.x, y - camera.y) > 0.7
        ):
            return x, y
    return room[0] / 2, room[1] / 2


def drop_things(
    rng: Random, things: list[Thing], pieces: list[Piece], camera: Camera, room: tuple, mess: float
) -> list[Thing]:
    """Choose what lies about in the messy twin, and where it is dropped."""
    names = [number for number, piece in enumerate(pieces) if piece.kind in LANDINGS]
    weights = [LANDINGS[pieces[number].kind] for number in names]
    strewn = []
    for thing in things:
        if rng.random() > mess and thing.kind not in ("pillow", "blanket"):
            strewn.append(thing)
            continue
        share = {
            "pillow": 0.3,
            "cushion": 0.5,
            "box": 0.9,
            "bag": 0.8,
            "shoe": 0.95,
            "toy": 0.8,
        }.get(thing.kind, 0.58)
        if rng.random() < share or not names:
            target = "floor"
            spot = floor_point(rng, camera, room)
        else:
            number = rng.choices(names, weights)[0]
            piece = pieces[number]
            back = 0.35 if piece.kind in ("sofa", "armchair") else 0.12
            target = piece.kind
            spot = piece.world(
                rng.uniform(-0.46, 0.46) * piece.width, rng.uniform(back, piece.depth - 0.05)
            )
        strewn.append(
            replace(
                thing,
                out=True,
                target=target,
                drop=tuple(round(v, 3) for v in spot),
                turn=round(rng.uniform(0, 360), 1),
            )
        )
    return strewn
