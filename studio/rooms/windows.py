"""Windows: their frames, curtains and blinds, the daylight through them and the view."""

import math

import bpy
import numpy as np
from mathutils import Matrix

from ..core import meshes, seeds
from ..core.colours import linear
from ..core.graph import Graph
from ..core.lights import lamp
from ..core.maker import Maker
from ..core.materials import material
from .records import Light, RoomPlan, Window
from .walls import THICK, along, wall_frame

# Degrees about z from the back wall's outward normal.
TURNS = {"back": 0.0, "left": 90.0, "right": -90.0}


def daylight(
    light: Light, centre: tuple, wall: str, width: float, height: float, seed: int
) -> None:
    """Sky light through one opening, and the view; the centre is on the wall's outer face."""
    outward = Matrix.Translation(centre) @ Matrix.Rotation(math.radians(TURNS[wall]), 4, "Z")
    face = outward @ Matrix.Translation((0, 0.06, 0)) @ Matrix.Rotation(math.radians(-90), 4, "X")
    energy = 75 * light.daylight * width * height
    lamp("AREA", energy, linear(light.sky), face, shape="RECTANGLE", size=width, size_y=height)
    view = meshes.put(
        meshes.box((9, 0.01, 6), 0.001),
        _view(light, seed),
        outward @ Matrix.Translation((0, 2.2, 0)),
    )
    for ray in ("shadow", "diffuse", "glossy", "transmission"):
        setattr(view, f"visible_{ray}", False)


def _view(light: Light, seed: int) -> bpy.types.Material:
    """Sky above, blurred greenery or walls below, bright as the day."""
    graph = Graph("view")
    coordinates = graph.where("Object")
    blur = graph.noise(graph.where("Object", scale=(1, 1, 1.4)), 1.1 + seed % 5 * 0.4, 5)
    green = graph.ramp(
        blur,
        [
            (0.35, (0.02, 0.05, 0.015, 1)),
            (0.5, (0.10, 0.2, 0.05, 1)),
            (0.62, (0.35, 0.38, 0.28, 1)),
            (0.75, (0.8, 0.85, 0.9, 1)),
        ],
    )
    height = graph.node("SeparateXYZ", {0: coordinates}).outputs["Z"]
    edge = graph.node("Math", {0: height, 1: blur}, operation="ADD").outputs[0]
    horizon = 0.2 + seed % 9 * 0.12
    sky = graph.ramp(
        edge, [(max(0, horizon), (0, 0, 0, 1)), (min(1, horizon + 0.12), (1, 1, 1, 1))]
    )
    graph.set(
        Base_Color=(0, 0, 0, 1),
        Emission_Color=graph.mix(sky, green, linear(light.sky)),
        Emission_Strength=14.0 * light.daylight,
    )
    return graph.material


def build_window(plan: RoomPlan, window: Window) -> None:
    """Frame, sill, curtains or blind, and the light that comes in."""
    maker = Maker(wall_frame(plan, window.wall))
    x = along(plan, window.wall, window.centre)
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
    daylight(
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
