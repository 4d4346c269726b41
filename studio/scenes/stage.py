"""Builds a planned picture: sky and camera, what the class is about, and the haze before it."""

import bpy

from ..core import camera
from ..core.materials import forget
from . import buildings, forest, glacier, mountain, sea, sky, street
from .records import ScenePlan

BUILDERS = {  # of each class, the module whose `build(plan)` fills the scene
    "buildings": buildings,
    "forest": forest,
    "glacier": glacier,
    "mountain": mountain,
    "sea": sea,
    "street": street,
}


def build(plan: ScenePlan) -> None:
    """Fill an empty scene from a plan."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    forget()
    sky.sky(plan.sky)
    camera.stand(plan.camera).data.clip_end = 1e5
    BUILDERS[plan.kind].build(plan)
    sky.haze(plan.sky.haze / 1000, plan.sky.haze_colour)
