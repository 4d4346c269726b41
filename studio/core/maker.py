"""Puts blocks and other meshes into the frame of one piece."""

import math
from typing import Any

import bpy
from bpy.types import Material, Mesh
from mathutils import Matrix

from .meshes import box, put, soft


class Maker:
    """Builds one piece in its own frame; remembers what it made."""

    def __init__(self, matrix: Matrix, index: int = 0) -> None:
        self.matrix = matrix
        self.index = index
        self.made = []

    def put(
        self,
        mesh: Mesh,
        material: Material | list[Material],
        at: tuple = (0, 0, 0),
        turn: tuple = (0, 0, 0),
        index: int | None = None,
    ) -> bpy.types.Object:
        """Place a mesh at a point of the frame, turned by degrees about x, y, z."""
        rotation = Matrix.Identity(4)
        for axis, degrees in zip("XYZ", turn, strict=True):
            rotation = Matrix.Rotation(math.radians(degrees), 4, axis) @ rotation
        obj = put(
            mesh,
            material,
            self.matrix @ Matrix.Translation(at) @ rotation,
            index=self.index if index is None else index,
        )
        self.made.append(obj)
        return obj

    def box(
        self, low: tuple, high: tuple, material: Material, radius: float = 0.005, **options: Any
    ) -> bpy.types.Object:
        """A block between two corners of the frame."""
        size = tuple(b - a for a, b in zip(low, high, strict=True))
        return self.put(
            box(size, radius),
            material,
            tuple((a + b) / 2 for a, b in zip(low, high, strict=True)),
            **options,
        )

    def soft(
        self,
        low: tuple,
        high: tuple,
        material: Material,
        radius: float,
        wobble: float = 0.0,
        phase: float = 0.0,
        bulge: float = 0.0,
        **options: Any,
    ) -> bpy.types.Object:
        """An upholstered block between two corners of the frame."""
        size = tuple(b - a for a, b in zip(low, high, strict=True))
        return self.put(
            soft(size, radius, wobble, phase, bulge),
            material,
            tuple((a + b) / 2 for a, b in zip(low, high, strict=True)),
            **options,
        )
