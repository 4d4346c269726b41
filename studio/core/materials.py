"""Procedural materials: every grain and weave is computed from coordinates in metres."""

from random import Random

import bpy

from .colours import linear
from .graph import Graph
from .surfaces import SURFACES, plain
from .textiles import TEXTILES

_MAKERS = SURFACES | TEXTILES
_cache: dict = {}


def material(
    kind: str,
    colour: tuple = (0.8, 0.8, 0.8),
    accent: tuple | None = None,
    seed: int = 0,
    uv: bool = False,
) -> bpy.types.Material:
    """The material of a kind in the given sRGB colours; equal requests share one."""
    key = kind, tuple(round(c, 2) for c in colour), accent, seed, uv
    if key not in _cache:
        graph = Graph(kind)
        rng = Random(f"{kind}/{seed}")
        main = linear(colour)
        other = (
            linear(accent)
            if accent
            else tuple(c * rng.uniform(0.55, 0.8) for c in main[:3]) + (1.0,)
        )
        _MAKERS.get(kind, plain)(graph, main, other, rng, "UV" if uv else "Object")
        _cache[key] = graph.material
    return _cache[key]


def forget() -> None:
    """Drop the cache; call it when a new scene begins."""
    _cache.clear()
