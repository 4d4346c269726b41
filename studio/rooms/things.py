"""Small movable things: as they stand when put away, and loose, ready to be dropped."""

import math
from random import Random

import numpy as np
from bpy.types import Material, Mesh, Object
from mathutils import Matrix

from ..core import meshes, pieces, seeds
from ..core.materials import material
from ..core.records import Piece
from .catalogue import GARMENTS
from .cloth import Cloth
from .records import Thing

CLOTHS = GARMENTS + ("blanket",)  # these are draped; everything else falls as a rigid body
SHEETS = ("paper",)


def stuff_of(thing: Thing, loose: bool = False) -> Material:
    """The cloth a garment is made of: the same pattern folded or strewn."""
    rng = seeds.stream(thing.variant, "stuff")
    kind = "pattern" if rng.random() < (0.35 if thing.kind != "trousers" else 0.1) else "fabric"
    return material(kind, thing.colour, seed=thing.variant % 12, uv=loose)


def shape(thing: Thing) -> tuple:
    """Mesh and materials of a thing, centred, in the position in which it is put away."""
    if thing.kind in CLOTHS:
        return _folded(thing)
    return _SHAPES[thing.kind](thing, seeds.stream(thing.variant, "shape"))


def put_away(thing: Thing, piece: Piece, pulled: dict[str, float]) -> Object:
    """Put the thing in its place in the piece; a pulled drawer takes it along."""
    x, y, z = thing.home
    mesh, stuff = shape(thing)
    frame = pieces.frame(piece)
    rng = seeds.stream(thing.variant, "home")
    tilt = Matrix.Rotation(math.radians(rng.gauss(0, 2.5)), 4, "Z")
    if thing.kind == "cushion":
        tilt = Matrix.Rotation(math.radians(rng.gauss(0, 8)), 4, "Y") @ Matrix.Rotation(
            math.radians(68), 4, "X"
        )
        z += thing.size[1] / 2 - thing.size[2] / 2 - 0.02
    y += pulled.get(thing.part, 0.0)
    return meshes.put(mesh, stuff, frame @ Matrix.Translation((x, y, z + thing.size[2] / 2)) @ tilt)


def loose(thing: Thing) -> Object:
    """The thing as a rigid body at the origin, lying or tumbled as it would leave a hand."""
    mesh, stuff = shape(thing)
    rng = seeds.stream(thing.variant, "loose")
    lying = {"book": (0, 90), "bottle": (90, 0)}.get(thing.kind, (0, 0))
    spread = {"toy": 180, "shoe": 60, "bag": 80, "mug": 60, "box": 14, "bottle": 20}.get(
        thing.kind, 12
    )
    turn = Matrix.Rotation(math.radians(thing.turn), 4, "Z")
    for axis, degrees in zip("XY", lying, strict=True):
        turn = turn @ Matrix.Rotation(math.radians(degrees + rng.uniform(-spread, spread)), 4, axis)
    return meshes.put(mesh, stuff, turn, index=1)


def crumpled(thing: Thing, cloth: Cloth, heights: np.ndarray, xy: np.ndarray) -> Object:
    """A cloth from the library at world points `xy` (n, 2) over surfaces `heights` (n,)."""
    points = np.column_stack([xy, heights + cloth.vertices[:, 2] + 0.006])
    mesh = meshes.mesh_from(thing.kind, points, cloth.faces, smooth=True, uv=cloth.uv)
    obj = meshes.put(mesh, stuff_of(thing, loose=True), index=1)
    pieces.thicken(obj, 0.02 if thing.kind == "blanket" else 0.004)
    return obj


def page(thing: Thing, turn: float) -> tuple[np.ndarray, np.ndarray]:
    """A sheet of paper as a grid: x and y (7, 9) about the origin, turned by degrees."""
    width, depth = thing.size[:2]
    x, y = np.meshgrid(
        np.linspace(-width / 2, width / 2, 7), np.linspace(-depth / 2, depth / 2, 9), indexing="ij"
    )
    c = math.cos(math.radians(turn))
    s = math.sin(math.radians(turn))
    return c * x - s * y, s * x + c * y


def _folded(thing: Thing) -> tuple:
    width, depth, height = thing.size
    if thing.kind == "sock":
        return meshes.soft(thing.size, min(width, height) * 0.45, 0.002, thing.variant), stuff_of(
            thing
        )
    if height > 0.5:  # on a hanger
        return meshes.soft((0.05, depth, height), 0.024, 0.008, thing.variant), stuff_of(thing)
    layers = 2 if height < 0.06 else 3
    parts = [
        (
            meshes.soft(
                (width * (1 - 0.02 * i), depth * (1 - 0.015 * i), height / layers),
                height / layers * 0.48,
                0.0015,
                thing.variant + i,
            ),
            (0.004 * i, 0, -height / 2 + height / layers * (i + 0.5)),
            0,
        )
        for i in range(layers)
    ]
    return meshes.join(parts), stuff_of(thing)


def _book(thing: Thing, rng: Random) -> tuple:
    width, depth, height = thing.size
    board = min(0.003, width / 5)
    parts = [
        (meshes.box((board, depth, height), 0.001), (side * (width - board) / 2, 0, 0), 0)
        for side in (-1, 1)
    ]
    parts += [
        (meshes.box((width, board, height), 0.001), (0, depth / 2 - board / 2, 0), 0),
        (meshes.box((width - 2 * board, depth - 0.008, height - 0.008), 0.001), (0, 0, 0), 1),
    ]
    return meshes.join(parts), [
        material("bookcover", thing.colour, seed=thing.variant % 20),
        material("paint", (0.9, 0.87, 0.78)),
    ]


def _magazine(thing: Thing, rng: Random) -> tuple:
    return meshes.box(thing.size, 0.001), material("picture", thing.colour, seed=thing.variant % 25)


def _paper(thing: Thing, rng: Random) -> tuple:
    return meshes.box(thing.size, 0.0005), material("paper", thing.colour, seed=thing.variant % 6)


def _ball(radius: float, squash: float = 1.0) -> Mesh:
    return meshes.turned(
        [
            (max(0.001, radius * math.cos(a)), radius * squash * math.sin(a))
            for a in np.linspace(-math.pi / 2, math.pi / 2, 11)
        ],
        18,
    )


def _toy(thing: Thing, rng: Random) -> tuple:
    second = material("plastic", tuple(rng.random() for _ in range(3)))
    main = material("plastic", thing.colour)
    kind = rng.choice(("ball", "block", "car", "bear", "brick", "brick"))
    if kind == "ball":
        return meshes.join([(_ball(thing.size[2] / 2), (0, 0, 0), 0)]), main
    if kind == "block":
        return meshes.box((thing.size[0] * 0.6,) * 3, 0.004), main
    if kind == "car":
        return _car(*thing.size), [main, material("plastic", (0.05, 0.05, 0.05))]
    if kind == "bear":
        furs = ((0.5, 0.34, 0.2), (0.8, 0.7, 0.55), (0.75, 0.6, 0.65), (0.5, 0.5, 0.5))
        return _bear(*thing.size), material("carpet", rng.choice(furs))
    return _brick(*thing.size), [main, second]


def _car(width: float, depth: float, height: float) -> Mesh:
    body = meshes.soft((width * 0.8, depth, height * 0.4), 0.015), (0, 0, -height * 0.08), 0
    cabin = meshes.soft((width * 0.7, depth * 0.5, height * 0.35), 0.02), (0, 0, height * 0.25), 0
    corners = [(x * width * 0.4, y * depth * 0.3, -height * 0.28) for x in (-1, 1) for y in (-1, 1)]
    return meshes.join([body, cabin, *((_ball(0.22 * height), at, 1) for at in corners)])


def _bear(width: float, depth: float, height: float) -> Mesh:
    parts = [
        ((0, 0, -height * 0.2), 0.36),
        ((0, 0, height * 0.22), 0.26),
    ]  # belly and head: place, radius
    limbs = ((0.3, 0, 0.42, 0.1), (0.4, -0.1, -0.05, 0.15), (0.28, -0.3, -0.4, 0.16))
    parts += [
        ((side * x * width, y * depth, z * height), radius)
        for x, y, z, radius in limbs
        for side in (-1, 1)
    ]
    return meshes.join([(_ball(radius * height), at, 0) for at, radius in parts])


def _brick(width: float, depth: float, height: float) -> Mesh:
    block = meshes.box((width * 0.9, depth * 0.45, height * 0.35), 0.003), (0, 0, 0), 0
    studs = [
        (x * width * 0.28, y * depth * 0.1, height * 0.19) for x in (-1, 0, 1) for y in (-1, 1)
    ]
    return meshes.join([block, *((_ball(0.012 + width * 0.06, 0.7), at, 1) for at in studs)])


def _box(thing: Thing, rng: Random) -> tuple:
    width, depth, height = thing.size
    parts = [
        (meshes.box((width, depth, height), 0.003), (0, 0, 0), 0),
        (meshes.box((width + 0.001, 0.05, height + 0.001), 0.002), (0, 0, 0), 1),
    ]
    return meshes.join(parts), [
        material("paint", thing.colour),
        material("plastic", (0.72, 0.6, 0.42)),
    ]


def _bottle(thing: Thing, rng: Random) -> tuple:
    radius = thing.size[0] / 2
    height = thing.size[2]
    profile = [
        (0.001, -height / 2),
        (radius, -height / 2),
        (radius, height * 0.12),
        (radius * 0.45, height * 0.3),
        (radius * 0.4, height * 0.44),
        (radius * 0.46, height * 0.44),
        (radius * 0.46, height / 2),
        (0.001, height / 2),
    ]
    if rng.random() < 0.3:  # a tin
        profile = [
            (0.001, -height / 2),
            (radius, -height / 2),
            (radius, height / 2),
            (0.001, height / 2),
        ]
    return meshes.turned(profile), material("plastic", thing.colour)


def _mug(thing: Thing, rng: Random) -> tuple:
    radius = thing.size[0] / 2
    height = thing.size[2]
    return meshes.turned(
        [
            (0.001, -height / 2),
            (radius * 0.9, -height / 2),
            (radius, height / 2),
            (radius * 0.92, height / 2),
            (radius * 0.85, -height * 0.42),
            (0.001, -height * 0.42),
        ]
    ), material("plastic", thing.colour)


def _bag(thing: Thing, rng: Random) -> tuple:
    width, depth, height = thing.size
    parts = [
        (meshes.soft((width, depth * 0.7, height), 0.07, 0.008, thing.variant), (0, 0, 0), 0),
        (
            meshes.soft((width * 0.75, depth * 0.3, height * 0.45), 0.04, 0.004, thing.variant),
            (0, -depth * 0.4, -height * 0.2),
            1,
        ),
    ]
    parts += [
        (meshes.box((0.03, 0.012, height * 0.8), 0.004), (x * width * 0.25, depth * 0.36, 0), 1)
        for x in (-1, 1)
    ]
    return meshes.join(parts), [
        material("fabric", thing.colour),
        material("fabric", tuple(c * 0.7 for c in thing.colour)),
    ]


def _shoe(thing: Thing, rng: Random) -> tuple:
    width, depth, height = thing.size
    parts = [
        (meshes.soft((width, depth, 0.025), 0.012), (0, 0, -height / 2 + 0.0125), 1),
        (
            meshes.soft((width * 0.92, depth * 0.55, height * 0.55), 0.03),
            (0, -depth * 0.2, -height * 0.12),
            0,
        ),
        (
            meshes.soft((width * 0.86, depth * 0.48, height * 0.9), 0.03),
            (0, depth * 0.23, 0.005),
            0,
        ),
    ]
    return meshes.join(parts), [
        material("leather", thing.colour),
        material("plastic", rng.choice(((0.9, 0.9, 0.88), (0.08, 0.08, 0.08), (0.4, 0.3, 0.2)))),
    ]


def _cushion(thing: Thing, rng: Random) -> tuple:
    kind = "pattern" if rng.random() < 0.45 else "fabric"
    return meshes.cushion(thing.size, thing.variant % 50), material(
        kind, thing.colour, seed=thing.variant % 9
    )


def _pillow(thing: Thing, rng: Random) -> tuple:
    return meshes.cushion(thing.size, thing.variant % 50), material("fabric", thing.colour)


_SHAPES = {
    "book": _book,
    "magazine": _magazine,
    "paper": _paper,
    "toy": _toy,
    "box": _box,
    "bottle": _bottle,
    "mug": _mug,
    "bag": _bag,
    "shoe": _shoe,
    "cushion": _cushion,
    "pillow": _pillow,
}
