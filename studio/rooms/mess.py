"""Lays about what is out of place: cloth, rigid things on it, cloth and paper over both."""

import math

import bpy
import numpy as np
from bpy.types import Object

from ..core import meshes, seeds
from ..core.records import Piece
from . import settle, things
from .cloth import Cloth
from .furnishings import linen
from .lighting import LAMP_TOPS, lamp_spot
from .records import RoomPlan, Thing

PRESSED = 0.4  # of its height is left to a crumpled cloth once something lies on it


def strew(plan: RoomPlan, walls: list, solid: list, cloths: dict[str, list[Cloth]]) -> None:
    """Cloth, then rigid things on it, then more cloth and paper over both."""
    room = plan.width, plan.depth
    relief = settle.Relief(*room)
    relief.scan(
        [obj for obj in bpy.context.scene.objects if obj.type == "MESH" and obj not in walls]
    )
    for piece in plan.pieces:
        if piece.kind in ("plant", "lamp"):
            relief.forbid(*piece.world(0, piece.depth / 2), 0.22)
        elif piece.kind in LAMP_TOPS:
            relief.forbid(*piece.world(*lamp_spot(piece)), 0.12)
    draped = [_rumpled(plan, piece, relief, cloths) for piece in plan.pieces if "bed" in piece.kind]
    out = [thing for thing in plan.things if thing.out]
    soft = [thing for thing in out if thing.kind in things.CLOTHS]
    soft.sort(key=lambda thing: thing.kind != "blanket")
    draped += [_drape(plan, thing, relief, cloths) for thing in soft[: len(soft) // 2]]
    bodies = []
    for thing in (thing for thing in out if thing.kind not in things.CLOTHS + things.SHEETS):
        obj = things.loose(thing)
        settle.poise(obj, relief, thing.drop, room, seeds.stream(plan.seed, "poise", thing.variant))
        bodies.append(obj)
    settle.fall(bodies, solid + [drape for drape in draped if drape], room)
    relief.scan(bodies)
    for thing in (thing for thing in out if thing.kind in things.SHEETS):
        _scatter(plan, thing, relief)
    for thing in soft[len(soft) // 2 :]:
        _drape(plan, thing, relief, cloths)


def _turned(points: np.ndarray, degrees: float) -> np.ndarray:
    c = math.cos(math.radians(degrees))
    s = math.sin(math.radians(degrees))
    return points @ np.array([[c, s], [-s, c]])


def _rumpled(
    plan: RoomPlan, piece: Piece, relief: settle.Relief, cloths: dict[str, list[Cloth]]
) -> Object | None:
    """The bed's duvet thrown back: half on the bed, half over its edge."""
    rng = seeds.stream(plan.seed, "duvet", piece.variant)
    duvet = rng.choice(cloths["duvet"])
    shift = rng.uniform(-0.3, 0.3), piece.depth * rng.uniform(0.42, 0.68)
    thing = Thing("duvet", (0, 0, 0), piece.accent, piece.variant)
    for _ in range(12):
        laid = relief.lay(
            _turned(duvet.vertices[:, :2], rng.uniform(0, 360)), piece.world(*shift), rng, drop=0.75
        )
        if laid:
            obj = things.crumpled(thing, duvet, laid[1], laid[0])
            obj.material_slots[0].material = linen(piece)
            obj.modifiers["thick"].thickness = 0.025
            relief.raise_to(
                np.column_stack([laid[0], laid[1] + duvet.vertices[:, 2] * PRESSED + 0.035])
            )
            return obj
    return None


def _drape(
    plan: RoomPlan, thing: Thing, relief: settle.Relief, cloths: dict[str, list[Cloth]]
) -> Object | None:
    rng = seeds.stream(plan.seed, "drape", thing.variant)
    cloth = rng.choice(cloths[thing.kind])
    points = _turned(cloth.vertices[:, :2], thing.turn)
    laid = relief.lay(points, thing.drop, rng) or relief.lay(
        points,
        (rng.uniform(0.5, plan.width - 0.5), rng.uniform(0.9, plan.depth - 0.5)),
        rng,
        drop=0.75,
    )
    if not laid:
        return None
    relief.raise_to(np.column_stack([laid[0], laid[1] + cloth.vertices[:, 2] * PRESSED + 0.012]))
    return things.crumpled(thing, cloth, laid[1], laid[0])


def _scatter(plan: RoomPlan, thing: Thing, relief: settle.Relief) -> None:
    """Lay a sheet of paper over whatever is there."""
    x, y = things.page(thing, thing.turn)
    laid = relief.lay(
        np.column_stack([x.ravel(), y.ravel()]),
        thing.drop,
        seeds.stream(plan.seed, "page", thing.variant),
        drop=0.25,
    )
    if laid:
        xy, below = laid
        mesh = meshes.sheet(
            xy[:, 0].reshape(x.shape), xy[:, 1].reshape(x.shape), below.reshape(x.shape) + 0.004
        )
        meshes.put(mesh, things.shape(thing)[1], index=1)
        relief.raise_to(np.column_stack([xy, below + 0.006]))
