"""What stands before the camera in a furniture shop's picture: pure Python.

A design is a piece of furniture without its colours; pictures of one design share a group. Metres
and degrees. A piece has its own frame: origin on the floor in the middle of its back, x along the
back, y towards its front, z up.
"""

from dataclasses import asdict, dataclass

from ..core.records import Look
from .catalogue import CHROME, TIMBERS


@dataclass(frozen=True)
class Design:
    """One piece of furniture but for its colours. What does not apply is 0, "" or False."""

    group: str
    label: str  # the class
    kind: str
    stuff: str  # what it is mainly made of: a key of COLOURS
    width: float
    depth: float
    height: float  # of the back, or of a bed's head
    seat: float  # height of the seat or of the mattress
    legs: str
    quilt: tuple | None  # pattern, pitch, depth
    variant: int
    seats: int = 0
    arms: str = ""
    arm_width: float = 0.0
    arm_height: float = 0.0
    cushions: int = 0  # loose ones: pillows
    form: str = ""  # of a sofa: straight, sectional, single, set
    linen: str = ""  # of a bed: duvet, tucked, bare (slats), mattress
    footboard: float = 0.0
    storage: str = ""  # of a bed: drawers, trundle
    timber: int = 0  # which of TIMBERS its wooden parts are
    metal: tuple = CHROME


@dataclass(frozen=True)
class Setting:
    """Where it stands, and from where it is seen."""

    place: str  # paper or room
    turn: float  # of the thing, degrees; 0 shows its front, positive its left side
    height: float  # of the camera above the thing's middle, degrees
    lens: float  # mm on 36 mm
    fill: float  # share of the picture that it takes
    raise_by: float  # up from the middle, share of the picture
    light: float  # where the key light is, -1 (left) to 1 (right)
    shadow: float
    wall: tuple
    floor: tuple
    plant: bool
    rug: tuple | None


@dataclass(frozen=True)
class FurniturePlan:
    """Everything that decides a picture."""

    seed: int
    design: Design
    colour: tuple
    accent: tuple
    setting: Setting
    look: Look

    def parameters(self) -> dict:
        """What is stored beside the picture, ready for JSON."""
        facts = asdict(self.design)
        group = facts.pop("group")
        label = facts.pop("label")
        facts = {k: v for k, v in facts.items() if v not in (None, "", 0)}
        facts["timber"] = TIMBERS[self.design.timber]
        return {
            "seed": self.seed,
            "class": label,
            "group": group,
            "design": facts,
            "colour": self.colour,
            "accent": self.accent,
            "setting": {k: v for k, v in asdict(self.setting).items() if v is not None},
            "look": asdict(self.look),
        }
