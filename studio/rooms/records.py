"""What stands where in a room: pure Python, so that parameters can be tested without Blender.

Metres and degrees throughout. The floor is the rectangle 0..width by 0..depth, z points up, and
the camera stands near y = 0 looking towards y = depth. A thing has two places: its home in or on a
piece of furniture, and the spot where it is dropped in the messy twin.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field

from ..core.records import Camera, Look

CLASSES = ("clean", "messy")
WALLS = {"back": 180.0, "left": -90.0, "right": 90.0}


@dataclass
class Slot:
    """Space for things inside a piece: box in the piece's frame, filling order, and what it takes.

    `mode` is row (side by side), stack (piles) or heap (a grid of loose things); `part` names the
    drawer that carries the slot along when it is pulled out.
    """

    piece: int
    low: tuple
    high: tuple
    mode: str
    takes: tuple
    part: str = ""
    cursor: list = field(default_factory=lambda: [0.0, 0.0, 0.0])


@dataclass(frozen=True)
class Thing:
    """A movable thing: size when put away, home in its piece's frame, and where it is dropped."""

    kind: str
    size: tuple
    colour: tuple
    variant: int
    piece: int = -1
    home: tuple = (0.0, 0.0, 0.0)
    part: str = ""
    out: bool = False
    target: str = ""
    drop: tuple = (0.0, 0.0)
    turn: float = 0.0


@dataclass(frozen=True)
class Window:
    """An opening: wall, centre along it, width, sill and head height; curtain and style."""

    wall: str
    centre: float
    width: float
    sill: float
    head: float
    curtain: tuple
    style: str


@dataclass(frozen=True)
class Light(Look):
    """Time of day and the light it brings; sun angles in degrees, energies about 1."""

    time: str
    sun: float
    sun_height: float
    sun_side: float
    sky: tuple
    daylight: float
    ceiling: float
    lamps: bool
    flash: float


@dataclass(frozen=True)
class RoomPlan:
    """Everything that decides both twins; only `messy` tells them apart."""

    seed: int
    kind: str
    width: float
    depth: float
    height: float
    wall: tuple
    wall_style: str
    floor: tuple
    floor_style: str
    windows: tuple
    pieces: tuple
    things: tuple
    pictures: tuple
    rug: tuple
    camera: Camera
    light: Light
    mess: float
    door: tuple

    def parameters(self, messy: bool) -> dict:
        """What is stored beside the pictures, ready for JSON, with what is out of place."""
        return {
            "seed": self.seed,
            "class": CLASSES[messy],
            "room": self.kind,
            "size": [round(v, 2) for v in (self.width, self.depth, self.height)],
            "wall": [self.wall_style, *self.wall],
            "floor": [self.floor_style, *self.floor],
            "furniture": [piece.kind for piece in self.pieces],
            "windows": [window.wall for window in self.windows],
            "camera": {k: round(v, 2) for k, v in asdict(self.camera).items()},
            "light": asdict(self.light),
            "things": dict(sorted(Counter(thing.kind for thing in self.things).items())),
            "out_of_place": dict(
                sorted(Counter(thing.kind for thing in self.things if thing.out).items())
            )
            if messy
            else {},
        }
