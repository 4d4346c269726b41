"""A bicycle as its maker's table has it, and one of the colours in which it is sold."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Model:
    """A bicycle as its maker's table has it, millimetres and degrees; sizes are diameters."""

    style: str
    bar: str  # flat, riser, drop
    fork: str  # suspension, double crown, rigid
    shock: str  # none, upright, lying, diagonal
    coil: bool
    brakes: str  # disc, rim
    wheel: int  # bead seat: 559 is called 26 inch, 584 is 27.5, 622 is 29 or 700C
    tread: float  # height of the knobs
    head_angle: float
    seat_angle: float
    chainstay: float
    reach: float
    head_tube: float
    travel: float
    offset: float
    seat_tube: float
    saddle: float
    bottom: float
    tyre: float
    rim: float
    stem: float
    bar_rise: float
    cassette: float
    ring: float
    tube: float
    sag: float  # how far top and down tube are bent
    flat: float  # how much deeper than wide the tubes are
    spokes: int
    rings: int
    crank: float  # degrees below the horizontal
    cages: int
    pedals: bool
    dropper: bool


@dataclass(frozen=True)
class Colours:
    """One of the colour schemes in which a model is sold; sRGB, 0 to 1."""

    frame: tuple
    second: tuple
    decal: tuple
    scheme: str  # plain, rear, front, band
    fork: tuple
    stanchion: tuple
    rim: tuple
    rim_decal: tuple | None
    tyre: tuple
    wall: tuple
    tyre_text: tuple | None
    saddle: tuple
    grip: tuple
    crank: tuple
    cassette: tuple
    spring: tuple
    spoke: tuple
    matte: bool
