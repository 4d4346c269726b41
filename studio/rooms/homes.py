"""What a room owns, and the place in its furniture that each thing is given."""

from dataclasses import replace
from random import Random

from ..core.colours import near
from ..core.records import Piece
from .catalogue import BRIGHT, CLOTHES, COUNTS, FABRICS, HOME_SIZES, PALETTES, PAPERS
from .records import Slot, Thing
from .slots import slots_of

HUNG = (0.05, 0.44, 0.85)  # a garment on its hanger: width, depth, height in metres


def own(rng: Random, kind: str) -> list[Thing]:
    """The things of a room, not yet anywhere."""
    things = []
    for name, (low, high) in COUNTS[kind].items():
        for _ in range(rng.randint(low, high)):
            size = tuple(round(rng.uniform(*span), 3) for span in HOME_SIZES[name])
            colour = near(rng, rng.choice(PALETTES.get(name, CLOTHES)))
            things.append(Thing(name, size, colour, rng.randrange(10**6)))
    return things


def fit(slot: Slot, size: tuple) -> tuple | None:
    """The next free place in a slot (centre x and y, lower z), or None when it is full."""
    width, depth, height = size
    room = [b - a for a, b in zip(slot.low, slot.high, strict=True)]
    if depth > room[1] + 1e-6 or height > room[2] or width > room[0]:
        return None
    x, y, z = slot.cursor
    if slot.mode in ("row", "hang"):
        if x + width > room[0]:
            return None
        slot.cursor[0] = x + width + (0.004 if slot.mode == "row" else 0.03)
        return slot.low[0] + x + width / 2, slot.low[1] + room[1] / 2, slot.low[2]
    if slot.mode == "stack":
        if z + height > room[2]:
            x = slot.cursor[1]
            z = 0.0
        if x + width > room[0]:
            return None
        slot.cursor = [x, max(slot.cursor[1], x + width + 0.015), z + height + 0.001]
        return slot.low[0] + x + width / 2, slot.low[1] + room[1] / 2, slot.low[2] + z
    return heap(slot, size, room)


def heap(slot: Slot, size: tuple, room: list[float]) -> tuple | None:
    """The next cell of a grid wide enough for any toy, layer upon layer."""
    cell = [max(0.15, size[0] + 0.01), max(0.15, size[1] + 0.01), max(0.14, size[2] + 0.01)]
    x, y, z = slot.cursor
    if x + cell[0] > room[0]:
        x = 0.0
        y = y + cell[1]
    if y + cell[1] > room[1]:
        x = 0.0
        y = 0.0
        z = z + cell[2]
    if z + cell[2] > room[2] + 0.02 or cell[0] > room[0] or cell[1] > room[1]:
        return None
    slot.cursor = [x + cell[0], y, z]
    return slot.low[0] + x + cell[0] / 2, slot.low[1] + y + cell[1] / 2, slot.low[2] + z


def put_away(rng: Random, things: list[Thing], pieces: list[Piece]) -> list[Thing]:
    """Give every thing a home; what finds no place is not in the room, in neither twin."""
    slots = [slot for number, piece in enumerate(pieces) for slot in slots_of(number, piece)]
    rng.shuffle(slots)
    homes = []
    for thing in things:
        for slot in sorted(
            (slot for slot in slots if thing.kind in slot.takes),
            key=lambda slot: (len(slot.takes), slot.mode != "hang"),
        ):
            size = HUNG if slot.mode == "hang" else thing.size
            at = fit(slot, size)
            if at:
                kept = replace(
                    thing,
                    size=size,
                    piece=slot.piece,
                    home=tuple(round(v, 4) for v in at),
                    part=slot.part,
                )
                homes.append(kept)
                break
    return homes + textiles(rng, pieces)


def textiles(rng: Random, pieces: list[Piece]) -> list[Thing]:
    """Cushions, pillows and blankets that live on beds and sofas."""
    found = []
    for number, piece in enumerate(pieces):
        if piece.kind == "sofa":
            seats = [
                (side * (piece.width / 2 - x), piece.depth * 0.42, 0.44)
                for side in (-1, 1)
                for x in (0.42, 0.72)
            ]
            cushions = seats[: rng.choice((2, 3, 4))]
            pillows = []
            folded = piece.width / 2 - 0.5, 0.5, 0.46
        elif "bed" in piece.kind:
            columns = (-piece.width / 4, piece.width / 4) if piece.kind == "double_bed" else (0.0,)
            cushions = [(x, 0.48, piece.height + 0.06) for x in columns][: rng.choice((1, 2))]
            pillows = [(x, 0.27, piece.height) for x in columns]
            folded = 0.0, piece.depth - 0.35, piece.height + 0.09
        else:
            continue
        found += [cushion(rng, number, at) for at in cushions] + [
            pillow(rng, number, at) for at in pillows
        ]
        if rng.random() < 0.7:
            colour = near(rng, rng.choice(FABRICS + CLOTHES))
            found.append(
                Thing("blanket", (0.42, 0.36, 0.1), colour, rng.randrange(10**6), number, folded)
            )
    return found


def cushion(rng: Random, piece: int, at: tuple) -> Thing:
    """A square cushion at a place on a piece."""
    side = rng.uniform(0.38, 0.46)
    colour = near(rng, rng.choice(FABRICS + BRIGHT))
    return Thing("cushion", (side, side, 0.15), colour, rng.randrange(10**6), piece, at)


def pillow(rng: Random, piece: int, at: tuple) -> Thing:
    """A pale pillow at a place on a bed."""
    rng.random()  # keeps this stream in step with that of the cushions
    colour = near(rng, rng.choice(FABRICS[:1] + PAPERS))
    return Thing("pillow", (0.62, 0.42, 0.15), colour, rng.randrange(10**6), piece, at)
