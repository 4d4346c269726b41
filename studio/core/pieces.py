"""Pieces that stand in several sets: a chair of wood, a plant, the duvet of a made bed.

Each is built by a `Maker` in the piece's own frame: x along the back, y away from the wall.
"""

import math

import numpy as np
from bpy.types import Material, Mesh, Object
from mathutils import Matrix

from . import meshes, seeds
from .maker import Maker
from .materials import material
from .records import Piece


def frame(piece: Piece) -> Matrix:
    """The piece's own frame in the world."""
    turn = Matrix.Rotation(math.radians(piece.turn), 4, "Z")
    return Matrix.Translation((piece.x, piece.y, 0)) @ turn


def timber(piece: Piece) -> Material:
    """The wood that a piece is made of."""
    return material("wood", piece.colour, seed=piece.variant % 7)


def chair(maker: Maker, piece: Piece) -> None:
    """A chair of wood; the cushion that some have is made last."""
    half = piece.width / 2
    seat = 0.45
    for x in (-half + 0.025, half - 0.025):
        maker.box((x - 0.018, 0.01, 0), (x + 0.018, 0.045, piece.height), timber(piece))
        maker.box(
            (x - 0.018, piece.depth - 0.05, 0),
            (x + 0.018, piece.depth - 0.015, seat),
            timber(piece),
        )
    maker.box((-half, 0, seat - 0.025), (half, piece.depth, seat), timber(piece), 0.01)
    for z in (piece.height - 0.1, piece.height - 0.24):
        maker.box((-half + 0.03, 0.015, z), (half - 0.03, 0.035, z + 0.08), timber(piece))
    if piece.variant % 2:
        maker.soft(
            (-half + 0.02, 0.05, seat),
            (half - 0.02, piece.depth - 0.01, seat + 0.04),
            material("fabric", piece.accent),
            0.02,
        )


def plant(maker: Maker, piece: Piece) -> None:
    """A green plant in its pot."""
    rng = seeds.stream(piece.variant, "plant")
    pot = rng.choice(((0.9, 0.9, 0.88), (0.62, 0.35, 0.22), (0.2, 0.2, 0.22)))
    maker.put(
        meshes.turned(
            [(0.001, 0), (0.11, 0), (0.15, 0.28), (0.135, 0.28), (0.12, 0.24), (0.001, 0.24)]
        ),
        material("plastic", pot),
        (0, piece.depth / 2, 0),
    )
    leaf = _leaf_mesh()
    green = material("leaf", (0.16, 0.34 + rng.random() * 0.12, 0.13))
    for _ in range(rng.randint(26, 44)):
        z = rng.uniform(0.26, piece.height - 0.2)
        size = rng.uniform(0.7, 1.3) * (0.55 + piece.width * 0.5)
        obj = maker.put(
            leaf,
            green,
            (rng.gauss(0, 0.03), piece.depth / 2 + rng.gauss(0, 0.03), z),
            (rng.uniform(-10, 60), rng.uniform(-20, 20), rng.uniform(0, 360)),
        )
        obj.scale = (size,) * 3
    maker.box(
        (-0.012, piece.depth / 2 - 0.012, 0.24),
        (0.012, piece.depth / 2 + 0.012, piece.height - 0.2),
        material("wood", (0.3, 0.2, 0.12)),
    )


def _leaf_mesh() -> Mesh:
    t, s = np.meshgrid(np.linspace(0, 1, 9), np.linspace(-1, 1, 5), indexing="ij")
    width = 0.075 * np.sin(np.pi * t**0.8) * s
    return meshes.sheet(width, 0.02 + 0.36 * t, 0.12 * t - 0.22 * t**2 + 0.03 * s**2)


def made_bed(piece: Piece, stuff: Material) -> list[Object]:
    """The smooth duvet of a tidy bed, hanging over three edges."""
    maker = Maker(frame(piece))
    half = piece.width / 2
    start = 0.55
    drop = 0.26
    s, t = np.meshgrid(
        np.linspace(-half - drop, half + drop, 60),
        np.linspace(start, piece.depth + drop * 0.8, 60),
        indexing="xy",
    )
    over = np.clip(np.abs(s) - half, 0, None)
    past = np.clip(t - piece.depth, 0, None)
    fall = np.maximum(over, past)
    x = np.clip(s, -half, half) + np.sign(s) * np.minimum(over, 0.025)
    y = np.clip(t, None, piece.depth) + np.minimum(past, 0.025)
    folds = (
        0.006 * np.sin(7 * s + piece.variant) * np.sin(4 * t)
        + 0.004 * np.sin(17 * t + 6 * s)
        + fall * 0.08 * np.sin(19 * (s + t) + piece.variant)
    )
    z = piece.height + 0.035 - np.clip(fall - 0.02, 0, None) + folds * (fall < 0.02)
    out = folds * (fall >= 0.02)
    maker.put(meshes.sheet(x + np.sign(s) * out * (over > past), y + out * (past > over), z), stuff)
    maker.soft(
        (-half - 0.02, start - 0.02, piece.height + 0.02),
        (half + 0.02, start + 0.22, piece.height + 0.055),
        material("fabric", (0.92, 0.91, 0.89)),
        0.016,
        0.002,
    )
    thicken(maker.made[0], 0.022)
    return maker.made


def thicken(obj: Object, thickness: float) -> None:
    """Give a sheet its thickness in metres and a finer surface."""
    solid = obj.modifiers.new("thick", "SOLIDIFY")
    solid.thickness = thickness
    solid.offset = 1.0
    smooth = obj.modifiers.new("smooth", "SUBSURF")
    smooth.levels = smooth.render_levels = 1
