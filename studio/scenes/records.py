"""What decides a picture of a landscape or a town: pure Python.

Metres and degrees. The camera stands at x = y = 0 and looks along +y; heights are above the ground
or water below it.
"""

from dataclasses import asdict, dataclass
from random import Random

from ..core.records import Camera, Look
from ..core.seeds import stream


@dataclass(frozen=True)
class Sky:
    """Sun, sky and air; colours are linear, angles in degrees, 0 along the camera's view."""

    sun: float  # irradiance relative to a sky of 1
    sun_height: float
    sun_side: float
    sun_colour: tuple
    zenith: tuple
    horizon: tuple
    cover: float  # share of clouds
    cloud_size: float
    cloud: tuple
    haze: float  # share of light lost in a kilometre, as an optical depth
    haze_colour: tuple
    phase: float  # which clouds


@dataclass(frozen=True)
class ScenePlan:
    """Everything that decides a picture; the builders draw details from streams of its seed."""

    seed: int
    kind: str
    view: str
    weather: str
    season: str
    time: str
    contains: tuple[str, ...]
    camera: Camera
    look: Look
    sky: Sky
    saturation: float
    tint: tuple
    grey: str  # "", "RGB" (three equal channels) or "L" (one)
    crop: tuple[int, int]  # pixels (width, height) left of the picture; (0, 0) is all

    def rng(self, *purpose: object) -> Random:
        """A random stream for one purpose of a builder."""
        return stream(self.seed, self.kind, *purpose)

    def parameters(self) -> dict:
        """What is stored beside the picture, ready for JSON."""
        row = asdict(self)
        row["class"] = row.pop("kind")
        row["contains"] = list(self.contains)
        row["camera"] = {k: round(v, 2) for k, v in row["camera"].items()}
        return row
