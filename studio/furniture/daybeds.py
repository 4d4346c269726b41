"""Day beds, which are sold as beds and as sofas: the long side to the wall."""

from bpy.types import Material

from ..core import meshes
from ..core.maker import Maker
from ..core.materials import material
from .catalogue import LINEN, SOFT
from .fittings import corners, legs, timber
from .records import Design
from .upholstery import crown, pad


def daybed(maker: Maker, design: Design, stuff: Material, pillows: bool) -> None:
    """A bed with its long side to the wall and panels round three sides, above a drawer."""
    half = design.width / 2
    end = design.depth
    low = 0.06
    thick = 0.08 if design.stuff in SOFT else 0.035
    radius = 0.03 if design.stuff in SOFT else 0.005
    curved = design.arms == "scroll"
    tall = design.height - low
    warp = crown(design.variant) if curved else None
    board = pad((2 * half, thick, tall - 0.1 * curved), radius, design.quilt, 0.02, warp)
    maker.put(board, stuff, (0, 0, low + tall / 2 - 0.05 * curved))
    side = tall * (0.72 + 0.2 * (design.variant % 3 == 0))
    for x in (-half, half):
        end_panel = pad((end, thick, side), radius, None, 0.18 * curved + 0.02)
        maker.put(end_panel, stuff, (x, end / 2, low + side / 2), (0, 0, 90))
    maker.soft((-half, end - thick, low + 0.16), (half, end, design.seat - 0.1), stuff, radius)
    maker.soft(
        (-half + 0.06, end - 0.03, low - 0.02), (half - 0.06, end + 0.01, low + 0.15), stuff, radius
    )
    maker.box((-half, 0, low + 0.1), (half, end - 0.05, design.seat - 0.14), stuff)
    linen = material("fabric", LINEN)
    maker.soft(
        (-half + 0.05, 0.05, design.seat - 0.16),
        (half - 0.05, end - 0.01, design.seat),
        linen,
        0.05,
        0.003,
    )
    legs(maker, corners(2 * half, end, 0.06), low, "block", timber(design))
    if pillows:
        cover = (
            (-half * 0.25, 0.04, design.seat - 0.1),
            (half - 0.09, end + 0.005, design.seat + 0.03),
        )
        maker.soft(*cover, linen, 0.05, 0.004, design.variant, 0.01)
        pillow = meshes.cushion((0.7, 0.46, 0.17), design.variant)
        maker.put(pillow, linen, (-half + 0.34, end / 2, design.seat + 0.12), (-22, 0, -90))
