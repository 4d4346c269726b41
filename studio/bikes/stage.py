"""A bicycle on white paper from its plan."""

import bpy
from mathutils import Matrix

from ..core import backdrop, camera, meshes
from ..core.materials import forget, material
from .bicycle import Bicycle
from .drive import drive
from .fork import fork
from .frame import frame
from .handlebars import drop_bar, flat_bar
from .plan import BikePlan
from .saddle import saddle
from .wheels import wheel


def build(plan: BikePlan) -> None:
    """Fill an empty scene with a bicycle, paper, lights and camera."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    forget()
    backdrop.white(plan.side, plan.shadow)
    _flag()
    camera.stand(plan.camera)
    bike = Bicycle(plan)
    frame(bike)
    fork(bike)
    for rear in (True, False):
        wheel(bike, rear)
    drive(bike)
    saddle(bike)
    drop_bar(bike) if plan.model.bar == "drop" else flat_bar(bike)


def _flag() -> None:
    """A black card beside the camera, which only reflections show: it draws the shapes of paint."""
    card = meshes.put(
        meshes.box((7, 0.01, 2.6), 0.001),
        material("screen"),
        Matrix.Translation((0.5, -4.5, 1.4)),
    )
    for ray in ("camera", "shadow", "diffuse", "transmission"):
        setattr(card, f"visible_{ray}", False)
