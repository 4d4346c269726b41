"""Pipes, bars and the ways along which they run. Metres."""

import math
from typing import Any

import numpy as np
from bpy.types import Mesh

from .meshes import grid, mesh_from


def curve(points: list[tuple], steps: int = 8) -> np.ndarray:
    """A smooth way (n, 3) through the points, with so many steps from each to the next."""
    p = np.asarray(points, float)
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [
        b + (t * (c - a) + t**2 * (2 * a - 5 * b + 4 * c - d) + t**3 * (3 * b - a - 3 * c + d)) / 2
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False)
    ]
    return np.concatenate([*pieces, p[-2:-1]])


def tube(
    path: np.ndarray, radius: Any, segments: int = 12, arc: tuple[float, float] | None = None
) -> Mesh:
    """A pipe along a way (n, 3).

    Args:
        path: points in metres; the pipe's sides keep to the y axis as far as the way allows.
        radius: one number, one for each point, or (n, 2) or (1, 2): along y and across it.
        segments: corners of a cross-section.
        arc: instead of a closed pipe, the part of its surface between two angles (radians, 0 is
            towards +y, pi towards -y), as a sticker lies on it.
    """
    n = len(path)
    path = np.asarray(path, float)
    wide = np.asarray(radius, float)
    wide = np.broadcast_to(wide.reshape(-1, 1) if wide.ndim < 2 else wide, (n, 2))
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.array((0.0, 1.0, 0.0) if abs(along[0, 1]) < 0.9 else (0.0, 0.0, 1.0))
    sides = np.empty_like(path)
    for k, direction in enumerate(along):
        side = side - direction * (side @ direction)
        side = sides[k] = side / np.linalg.norm(side)
    low, high = arc or (0, 2 * math.pi)
    angles = np.linspace(low, high, segments + 1)[None, :, None]
    rings = (
        path[:, None]
        + wide[:, None, :1] * np.cos(angles) * sides[:, None]
        + wide[:, None, 1:] * np.sin(angles) * np.cross(along, sides)[:, None]
    )
    if arc is None:  # close both ends
        ends = [np.broadcast_to(path[k], (1, segments + 1, 3)) for k in (0, -1)]
        rings = np.concatenate([ends[0], rings[:1], rings, rings[-1:], ends[1]])
    quads = grid(len(rings), segments + 1)
    return mesh_from("tube", rings.reshape(-1, 3), quads, smooth=True)


def rods(
    starts: np.ndarray, ends: np.ndarray, radius: float | np.ndarray, corners: int = 4
) -> Mesh:
    """Many thin straight bars as one mesh, from points (n, 3) to points (n, 3).

    They share a radius, or each has its own, in an array (n, 1, 1).
    """
    along = ends - starts
    along = along / np.linalg.norm(along, axis=1, keepdims=True)
    helper = np.where(np.abs(along[:, 1:2]) < 0.9, [[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])
    u = np.cross(along, helper)
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    angles = np.linspace(0, 2 * math.pi, corners, endpoint=False)[None, :, None]
    ring = radius * (np.cos(angles) * u[:, None] + np.sin(angles) * np.cross(along, u)[:, None])
    points = np.stack([starts[:, None] + ring, ends[:, None] + ring], 1)
    i = np.arange(corners)
    quad = np.stack([i, (i + 1) % corners, (i + 1) % corners + corners, i + corners], 1)
    quads = np.arange(len(starts))[:, None, None] * 2 * corners + quad
    return mesh_from("rods", points.reshape(-1, 3), quads.reshape(-1, 4), smooth=False)


def length(path: np.ndarray) -> float:
    """Metres along a way (n, 2) or (n, 3)."""
    return float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
