"""Builds a planned room in Blender, its things in order or strewn about."""

import math

import bpy
import numpy as np
from bpy.types import Material, Object
from mathutils import Matrix

from ..core import lights, meshes, seeds
from ..core.camera import stand
from ..core.materials import forget, material
from ..core.meshes import Maker
from . import furniture, settle, things
from .catalogue import near
from .cloth import Cloth
from .plan import WALLS, Piece, RoomPlan, Thing, Window

LAMP_TOPS = ("nightstand", "dresser")
THICK = 0.12  # of the walls, metres
PRESSED = 0.4  # of its height is left to a crumpled cloth once something lies on it


def build(plan: RoomPlan, messy: bool, cloths: dict[str, list[Cloth]]) -> None:
    """Fill an empty scene with one twin of the room."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    forget()
    walls = _shell(plan)
    solid = list(walls)
    _decor(plan)
    for n, piece in enumerate(plan.pieces):
        made, pulled = furniture.build(piece, messy)
        if piece.kind not in ("plant", "lamp"):
            solid += made
        for thing in plan.things:
            if thing.piece == n and not (messy and thing.out):
                solid.append(things.put_away(thing, piece, pulled))
    _bedding(plan, messy)
    if messy:
        _strew(plan, walls, solid, cloths)
    _light(plan)
    stand(plan.camera)


# The shell ----------------------------------------------------------------------------------------


def _wall_frame(plan: RoomPlan, wall: str) -> Matrix:
    """Frame of a wall: origin in the middle of its foot, x along it, y into the room."""
    x, y = {
        "back": (plan.width / 2, plan.depth),
        "left": (0, plan.depth / 2),
        "right": (plan.width, plan.depth / 2),
        "front": (plan.width / 2, 0),
    }[wall]
    return Matrix.Translation((x, y, 0)) @ Matrix.Rotation(
        math.radians({**WALLS, "front": 0.0}[wall]), 4, "Z"
    )


def _along(plan: RoomPlan, wall: str, centre: float) -> float:
    """A place along a wall, counted from its left or near end, as x in the wall's frame."""
    return {
        "back": plan.width / 2 - centre,
        "left": plan.depth / 2 - centre,
        "right": centre - plan.depth / 2,
    }[wall]


def _shell(plan: RoomPlan) -> list:
    maker = Maker(Matrix())
    maker.box(
        (-0.2, -0.2, -0.1),
        (plan.width + 0.2, plan.depth + 0.2, 0),
        material(plan.floor_style, plan.floor, seed=plan.seed),
        0.001,
    )
    maker.box(
        (-0.2, -0.2, plan.height),
        (plan.width + 0.2, plan.depth + 0.2, plan.height + 0.1),
        material("paint", (0.94, 0.94, 0.92)),
        0.001,
    )
    for wall in ("back", "left", "right", "front"):
        side = Maker(_wall_frame(plan, wall))
        length = (plan.width if wall in ("back", "front") else plan.depth) + 0.01
        accent = plan.wall_style == "wallpaper" and wall != "back" and plan.seed % 2
        stuff = material("paint" if accent else plan.wall_style, plan.wall, seed=plan.seed)
        _wall(side, plan, wall, length, stuff)
        maker.made += side.made
    return maker.made


def _wall(maker: Maker, plan: RoomPlan, wall: str, length: float, stuff: Material) -> None:
    """One wall in upright strips, leaving its windows open, with a skirting board."""
    edge = -length / 2
    for window in sorted(
        (v for v in plan.windows if v.wall == wall), key=lambda v: _along(plan, wall, v.centre)
    ):
        x = _along(plan, wall, window.centre)
        low = x - window.width / 2
        high = x + window.width / 2
        maker.box((edge, -THICK, 0), (low, 0, plan.height), stuff, 0.001)
        maker.box((low, -THICK, 0), (high, 0, window.sill), stuff, 0.001)
        maker.box((low, -THICK, window.head), (high, 0, plan.height), stuff, 0.001)
        edge = high
    maker.box((edge, -THICK, 0), (length / 2, 0, plan.height), stuff, 0.001)
    maker.box(
        (-length / 2, 0, 0),
        (length / 2, 0.014, 0.08 + plan.seed % 4 * 0.015),
        material("wood", (0.93, 0.92, 0.9)),
        0.003,
    )


def _decor(plan: RoomPlan) -> None:
    """Windows with curtains, pictures, rug and door; none of it is in the way of what falls."""
    for window in plan.windows:
        _window(plan, window)
    for wall, centre, height, width, tall, seed in plan.pictures:
        maker = Maker(_wall_frame(plan, wall))
        x = _along(plan, wall, centre)
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
    if plan.rug:
        x, y, turn, width, depth, colour, seed = plan.rug
        maker = Maker(Matrix.Translation((x, y, 0)) @ Matrix.Rotation(math.radians(turn), 4, "Z"))
        maker.box(
            (-width / 2, -depth / 2, 0.001),
            (width / 2, depth / 2, 0.014),
            material(("carpet", "pattern", "picture")[seed % 3], colour, seed=seed),
            0.004,
        )
    if plan.door[0]:
        _door(Maker(_wall_frame(plan, plan.door[0])), _along(plan, *plan.door))


def _door(maker: Maker, x: float) -> None:
    white = material("wood", (0.92, 0.91, 0.88))
    maker.box((x - 0.48, 0, 0), (x + 0.48, 0.03, 2.08), white)
    maker.box(
        (x - 0.4, 0.02, 0.005), (x + 0.4, 0.045, 2.0), material("wood", (0.9, 0.89, 0.86)), 0.004
    )
    for low, high in ((0.2, 0.85), (1.0, 1.85)):
        maker.box((x - 0.28, 0.04, low), (x + 0.28, 0.052, high), white, 0.008)
    maker.box((x + 0.31, 0.045, 1.0), (x + 0.36, 0.1, 1.02), material("metal", (0.7, 0.68, 0.6)))


def _window(plan: RoomPlan, window: Window) -> None:
    maker = Maker(_wall_frame(plan, window.wall))
    x = _along(plan, window.wall, window.centre)
    white = material("wood", (0.93, 0.93, 0.92))
    low = x - window.width / 2
    high = x + window.width / 2
    for a, b in (
        ((low, -0.08, window.sill), (low + 0.05, -0.03, window.head)),
        ((high - 0.05, -0.08, window.sill), (high, -0.03, window.head)),
        ((low, -0.08, window.head - 0.05), (high, -0.03, window.head)),
        ((low, -0.08, window.sill), (high, -0.03, window.sill + 0.05)),
        ((x - 0.025, -0.075, window.sill), (x + 0.025, -0.035, window.head)),
        ((low - 0.06, -0.1, window.sill - 0.03), (high + 0.06, 0.12, window.sill)),
    ):
        maker.box(a, b, white, 0.004)
    if plan.seed % 3 == 0:
        maker.box(
            (low, -0.07, (window.sill + window.head) / 2 - 0.015),
            (high, -0.04, (window.sill + window.head) / 2 + 0.015),
            white,
        )
    if window.style == "curtain":
        _curtains(maker, plan, window, x)
    elif window.style == "blind":
        _blind(maker, window, x)
    centre = maker.matrix @ Matrix.Translation((x, -THICK, (window.sill + window.head) / 2))
    lights.window(
        plan.light,
        centre.translation,
        window.wall,
        window.width,
        window.head - window.sill,
        plan.seed,
    )


def _curtains(maker: Maker, plan: RoomPlan, window: Window, x: float) -> None:
    rng = seeds.stream(plan.seed, "curtain", window.wall)
    top = window.head + 0.14
    bottom = rng.choice((0.03, 0.03, window.sill - 0.15))
    stuff = material("curtain", window.curtain)
    maker.put(
        meshes.turned(
            [(0.001, 0), (0.014, 0), (0.014, window.width + 0.7), (0.001, window.width + 0.7)], 10
        ),
        material("metal", (0.3, 0.28, 0.26)),
        (x - window.width / 2 - 0.35, 0.11, top),
        (0, 90, 0),
    )
    share = rng.uniform(0.16, 0.42)
    for side in (-1, 1):
        outer = x + side * (window.width / 2 + 0.22)
        inner = x + side * (window.width / 2 - window.width * share)
        t, s = np.meshgrid(np.linspace(0, 1, 12), np.linspace(0, 1, 90), indexing="ij")
        gather = 1 - 0.12 * np.sin(np.pi * t)
        folds = rng.uniform(7, 11)
        wave = 0.032 * np.sin(folds * 2 * np.pi * s + 0.6 * np.sin(3 * t)) + 0.012 * np.sin(
            23 * s + 2 * t
        )
        maker.put(
            meshes.sheet(
                outer + (inner - outer) * s * gather, 0.1 + wave, top - (top - bottom) * t
            ),
            stuff,
        )


def _blind(maker: Maker, window: Window, x: float) -> None:
    slat = meshes.box((window.width - 0.06, 0.03, 0.002), 0.001)
    for z in np.arange(
        window.head - 0.05,
        window.sill + (window.head - window.sill) * (window.centre % 0.3 + 0.1),
        -0.035,
    ):
        maker.put(slat, material("plastic", (0.92, 0.91, 0.88)), (x, -0.015, float(z)), (28, 0, 0))


# The two states -----------------------------------------------------------------------------------


def _linen(piece: Piece) -> Material:
    return material(
        "pattern" if piece.variant % 5 < 2 else "fabric",
        piece.accent,
        seed=piece.variant % 11,
        uv=True,
    )


def _bedding(plan: RoomPlan, messy: bool) -> None:
    if not messy:
        for piece in plan.pieces:
            if "bed" in piece.kind:
                furniture.made_bed(piece, _linen(piece))


def _strew(plan: RoomPlan, walls: list, solid: list, cloths: dict[str, list[Cloth]]) -> None:
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
            relief.forbid(*piece.world(*_lamp_spot(piece)), 0.12)
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
            obj.material_slots[0].material = _linen(piece)
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


# Light --------------------------------------------------------------------------------------------


def _light(plan: RoomPlan) -> None:
    lights.world(plan.light)
    lights.sun(plan.light)
    lights.inside(plan.light, (plan.width, plan.depth, plan.height), plan.camera)
    for piece in plan.pieces:
        if piece.kind == "lamp" and plan.light.lamps:
            lights.bulb((*piece.world(0, piece.depth / 2), piece.height - 0.15), 14)
        if piece.kind in LAMP_TOPS:
            _table_lamp(plan, piece)


def _lamp_spot(piece: Piece) -> tuple[float, float]:
    """Where a table lamp stands on a piece: at the back of its left end."""
    return -piece.width / 2 + 0.14, 0.15


def _table_lamp(plan: RoomPlan, piece: Piece) -> None:
    """A small lamp on a nightstand or dresser."""
    maker = Maker(
        Matrix.Translation((piece.x, piece.y, 0))
        @ Matrix.Rotation(math.radians(piece.turn), 4, "Z")
    )
    x, y = _lamp_spot(piece)
    z = piece.height
    maker.put(
        meshes.turned(
            [
                (0.001, z),
                (0.07, z),
                (0.07, z + 0.015),
                (0.02, z + 0.04),
                (0.045, z + 0.12),
                (0.012, z + 0.2),
                (0.012, z + 0.3),
            ]
        ),
        material("metal", (0.6, 0.55, 0.5) if piece.variant % 2 else (0.85, 0.85, 0.83)),
        (x, y, 0),
    )
    furniture.shade(maker, piece, (x, y, z + 0.24), 0.11, 0.17)
    if plan.light.lamps:
        wx, wy = piece.world(x, y)
        lights.bulb((wx, wy, z + 0.3), 7)
