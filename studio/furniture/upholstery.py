"""Padded panels, quilted, with a rounded outline or laid along a curve."""

import math
from collections.abc import Callable

import numpy as np
from bpy.types import Mesh

from ..core.meshes import block, mesh_from

Warp = Callable[[np.ndarray], np.ndarray]
UP = (90, 0, 0)  # a turn that lays a panel on its back, its front upwards
QUILTS = ("channels", "ribs", "grid", "diamond", "buttons")


def pad(
    size: tuple,
    radius: float,
    quilt: tuple | None = None,
    corner: float = 0.0,
    warp: Warp | None = None,
    step: float = 0.05,
    wobble: float = 0.0015,
) -> Mesh:
    """An upholstered panel (width, thickness, height) centred on the origin, front towards +y.

    Args:
        size: metres.
        radius: of its edges.
        quilt: a pattern (one of QUILTS), and the pitch and depth of the seams in its front.
        corner: radius of its outline as seen from the front.
        warp: moves the points (n, 3) in the end.
        step: metres between grid lines where nothing finer is needed.
        wobble: metres by which the surface is uneven.
    """
    half = np.array(size) / 2
    r = min(radius, half.min() * 0.95)
    fine = min(step, quilt[1] / 6) if quilt else step
    ends = r, r, r
    if corner:
        corner = min(corner, half[0] * 0.99, half[2] * 0.99)
        ends = max(r, corner), r, max(r, corner)
    lines = [_lines(*of) for of in zip(half, ends, (fine, step, fine), strict=True)]
    points, quads, away = block(half, r, lines)
    points += wobble * away * _uneven(points, size[0])[:, None]
    if quilt:
        pattern, pitch, depth = quilt
        seams = _seams(pattern, points[:, 0] / pitch, points[:, 2] / pitch)
        points[:, 1] -= depth * seams * np.clip(away[:, 1], 0, 1)
    if corner > r:  # edges of radius r have rounded the outline by as much already
        points = _round_outline(points, half, corner - r)
    return mesh_from("pad", warp(points) if warp else points, quads, smooth=True)


def _lines(half: float, radius: float, step: float) -> np.ndarray:
    """Where grid lines cross one side: close together at the rounded edges."""
    edge = half - radius + radius * np.sin(np.linspace(0, math.pi / 2, 4 + int(radius / 0.04)))
    flat = np.linspace(radius - half, half - radius, 2 + int(2 * (half - radius) / step))
    return np.unique(np.concatenate([-edge, flat, edge]).round(5))


def _uneven(points: np.ndarray, phase: float) -> np.ndarray:
    """Soft hollows and bumps a hand wide, about -1 to 1."""
    waves = np.array([(9, 14, 7), (-17, 6, 11), (5, -9, 21), (13, 8, -12)]) * (1 + phase % 0.1)
    return np.sin(points @ waves.T + phase * np.array((7, 13, 29, 3))).sum(1) / 2


def _round_outline(points: np.ndarray, half: np.ndarray, corner: float) -> np.ndarray:
    """Squares of side `corner` at the four corners, as seen along y, become quarter discs."""
    flat = points[:, [0, 2]]
    past = np.clip(np.abs(flat) - (half[[0, 2]] - corner), 0, None) / corner
    disc = past * np.sqrt(np.clip(1 - past[:, ::-1] ** 2 / 2, 0, 1))
    points[:, [0, 2]] = flat + np.sign(flat) * (disc - past) * corner
    return points


def _seams(pattern: str, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """How deep a quilting is at a place, 0 to 1; its seams are one unit apart."""
    if pattern == "buttons":
        row = np.round(v)
        return np.exp(-(((u + row / 2) % 1 - 0.5) ** 2 + (v - row) ** 2) / 0.02)
    if pattern == "diamond":
        along = u + 0.7 * v
        v = u - 0.7 * v
        u = along
    a = 1.0 if pattern == "ribs" else np.abs(np.sin(np.pi * u))
    b = 1.0 if pattern == "channels" else np.abs(np.sin(np.pi * v))
    return 1 - (a * b) ** 0.4


def follow(path: np.ndarray, rise: Callable[[np.ndarray], np.ndarray] | None = None) -> Warp:
    """A warp that lays a panel's width along a path (n, 2) on the floor, its front to the left.

    `rise` gives the height at a place from -1 (beginning) to 1 (end), as a share of the panel's.
    """
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    ahead = np.gradient(path, along, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)

    def warp(points: np.ndarray) -> np.ndarray:
        at = np.clip(points[:, 0] + along[-1] / 2, 0, along[-1])
        x, y, tx, ty = (np.interp(at, along, line) for line in (*path.T, *ahead.T))
        z = points[:, 2].copy()
        if rise:
            z = z.min() + (z - z.min()) * rise(2 * at / along[-1] - 1)
        return np.stack([x - ty * points[:, 1], y + tx * points[:, 1], z], 1)

    return warp


def plump(size: tuple, radius: float, quilt: tuple | None, corner: float, rise: float) -> Mesh:
    """A cushion: a panel whose front bulges in its middle by `rise` metres."""

    def warp(points: np.ndarray) -> np.ndarray:
        x, z = (points[:, k] / points[:, k].max() for k in (0, 2))
        points[:, 1] += rise * (1 - x**2).clip(0) * (1 - z**2).clip(0) * (points[:, 1] > 0)
        return points

    return pad(size, radius, quilt, corner, warp, wobble=0.004)


def scoop(end: float, start: float, stop: float) -> Callable[[np.ndarray], np.ndarray]:
    """A rise for `follow`: full in the middle, from `start` to `stop` falling to `end`."""

    def rise(s: np.ndarray) -> np.ndarray:
        fall = np.clip((np.abs(s) - start) / (stop - start), 0, 1)
        return 1 - (1 - end) * fall**2 * (3 - 2 * fall)

    return rise


def bay(width: float, depth: float, radius: float) -> np.ndarray:
    """A path (n, 2) round three sides: from the left front along the back to the right front."""
    r = min(radius, width / 2 - 0.001, depth - 0.001)
    turn = np.linspace(0, math.pi / 2, 12)
    left = np.stack([r * (1 - np.cos(turn)) - width / 2, r * (1 - np.sin(turn))], 1)
    half = np.concatenate([[[-width / 2, depth]], left, [[-0.001, 0]]])
    return np.concatenate([half, half[::-1] * (-1, 1)])


def crown(variant: int) -> Warp:
    """A top edge that rises to the middle, as one hump or in steps."""

    def warp(points: np.ndarray) -> np.ndarray:
        x = np.abs(points[:, 0]) / points[:, 0].max()
        hump = np.cos(np.pi / 2 * x) if variant % 2 else np.clip(2.2 - 2.6 * x, 0, 1)
        edge = 0.12 * hump - 0.1 * np.clip(x - 0.85, 0, 1) / 0.15
        points[:, 2] += edge * np.clip(points[:, 2] / points[:, 2].max(), 0, 1)
        return points

    return warp
