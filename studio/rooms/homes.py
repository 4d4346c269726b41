"""Where things belong, and where they end up: slots in furniture, packing them, and strewing."""

import math
from dataclasses import replace
from random import Random

from ..core import seeds
from .catalogue import (
    BOOKS,
    BRIGHT,
    CLOTHES,
    COUNTS,
    FABRICS,
    GARMENTS,
    HOME_SIZES,
    PALETTES,
    PAPERS,
    SURFACES,
    near,
)
from .plan import Camera, Piece, Slot, Thing

HUNG = (0.05, 0.44, 0.85)  # a garment on its hanger: width, depth, height in metres


def levels(piece: Piece, count: int, bottom: float = 0.07) -> list[float]:
    """Heights of `count` shelf boards, evenly spaced."""
    return [bottom + i * (piece.height - bottom - 0.02) / count for i in range(count)]


def shelf_count(piece: Piece) -> int:
    """Boards in a bookcase, so that books stand upright between them."""
    return max(3, round(piece.height / 0.36))


def cells(piece: Piece) -> list[tuple[float, float]]:
    """Lower left corners (x, z) of a cubby's compartments, 0.33 m inside."""
    columns = round(piece.width / 0.36)
    rows = round(piece.height / 0.36)
    return [
        (-piece.width / 2 + 0.03 + 0.36 * i, 0.03 + 0.36 * j)
        for j in range(rows)
        for i in range(columns)
    ]


def drawers(piece: Piece) -> list[float]:
    """Heights of the drawers' lower edges."""
    count = 1 if piece.kind == "nightstand" else max(3, round(piece.height / 0.25))
    bottom = 0.26 if piece.kind == "nightstand" else 0.07
    return [bottom + i * (piece.height - 0.04 - bottom) / count for i in range(count)]


def has_bin(piece: Piece, index: int) -> bool:
    """Whether this compartment of a cubby holds a bin."""
    return (piece.variant >> index) % 5 in (0, 2)


def slots_bookcase(number: int, piece: Piece) -> list[Slot]:
    """Shelves, each with a theme; the lowest always takes books."""
    rng = seeds.stream(piece.variant, "themes")
    half = piece.width / 2 - 0.04
    themes = [
        BOOKS,
        BOOKS,
        ("book", "toy", "bottle", "mug"),
        ("box", "book"),
        GARMENTS,
        ("bottle", "mug", "toy"),
    ]
    gap = levels(piece, shelf_count(piece))[1] - levels(piece, shelf_count(piece))[0]
    chosen = [BOOKS] + [rng.choice(themes) for _ in range(shelf_count(piece) - 1)]
    return [
        Slot(
            number,
            (-half, 0.04, z + 0.01),
            (half, piece.depth - 0.03, z + gap - 0.04),
            "stack" if theme == GARMENTS else "row",
            theme,
        )
        for z, theme in zip(levels(piece, shelf_count(piece)), chosen, strict=True)
    ]


def slots_cubby(number: int, piece: Piece) -> list[Slot]:
    """Compartments, some of them with a bin."""
    rng = seeds.stream(piece.variant, "themes")
    found = []
    for i, (x, z) in enumerate(cells(piece)):
        if has_bin(piece, i):
            found.append(
                Slot(
                    number,
                    (x + 0.02, 0.05, z + 0.015),
                    (x + 0.31, piece.depth - 0.03, z + 0.23),
                    "heap",
                    ("toy", "sock", "shoe"),
                )
            )
        else:
            theme = rng.choice((BOOKS, BOOKS, GARMENTS, ("toy", "box"), ("box", "bottle")))
            found.append(
                Slot(
                    number,
                    (x + 0.005, 0.03, z + 0.01),
                    (x + 0.325, piece.depth - 0.02, z + 0.32),
                    "stack" if theme == GARMENTS else "row",
                    theme,
                )
            )
    return found


def slots_wardrobe(number: int, piece: Piece) -> list[Slot]:
    """Shelves on the left, a rail on the right, floor space below."""
    half = piece.width / 2 - 0.03
    found = [
        Slot(
            number,
            (-piece.width / 2 + 0.05, 0.06, 0.1),
            (-0.02, piece.depth - 0.06, 0.52),
            "row",
            ("shoe", "bag", "box"),
        )
    ]
    for z in (0.55, 0.85, 1.15, 1.45):
        found.append(
            Slot(
                number,
                (-half, 0.06, z + 0.02),
                (-0.03, piece.depth - 0.06, z + 0.27),
                "stack",
                GARMENTS + ("blanket",),
            )
        )
    found.append(
        Slot(
            number,
            (0.03, 0.05, 0.75),
            (half, piece.depth - 0.05, piece.height - 0.13),
            "hang",
            ("shirt", "jumper", "trousers"),
        )
    )
    found.append(
        Slot(
            number,
            (0.03, 0.05, 0.1),
            (half, piece.depth - 0.05, 0.55),
            "row",
            ("bag", "box", "shoe"),
        )
    )
    return found


def slots_drawers(number: int, piece: Piece) -> list[Slot]:
    """One space a drawer, each moving with its drawer."""
    edges = drawers(piece)
    half = piece.width / 2 - 0.06
    step = (edges[1] - edges[0]) if len(edges) > 1 else 0.2
    takes = ("magazine", "sock") if piece.kind == "nightstand" else GARMENTS
    return [
        Slot(
            number,
            (-half, 0.05, z + 0.02),
            (half, piece.depth - 0.06, z + step - 0.05),
            "stack",
            takes,
            f"drawer{i}",
        )
        for i, z in enumerate(edges)
    ]


def slots_top(number: int, piece: Piece, takes: tuple, right: float = 0.0) -> list[Slot]:
    """The free half of a top."""
    return [
        Slot(
            number,
            (right, 0.08, piece.height + 0.002),
            (piece.width / 2 - 0.05, piece.depth - 0.08, piece.height + 0.35),
            "stack",
            takes,
        )
    ]


def slots_desk(number: int, piece: Piece) -> list[Slot]:
    """Paper on the right, a few books and cups on the left."""
    half = piece.width / 2
    top = piece.height + 0.002
    row = Slot(
        number,
        (-half + 0.05, 0.03, top),
        (-half + 0.42, 0.3, top + 0.348),
        "row",
        ("book", "bottle", "mug"),
    )
    return [*slots_top(number, piece, ("paper",), half - 0.28), row]


def slots_shoe_rack(number: int, piece: Piece) -> list[Slot]:
    """Two boards of shoes, side by side."""
    half = piece.width / 2 - 0.03
    return [
        Slot(number, (-half, 0.01, z + 0.02), (half, piece.depth, z + 0.18), "row", ("shoe",))
        for z in (0.06, piece.height - 0.02)
    ]


def slots_inside(number: int, piece: Piece, mode: str, takes: tuple) -> list[Slot]:
    """The whole inside of a chest, a basket or a bench."""
    half = piece.width / 2 - 0.05
    if piece.kind == "tv_bench":
        return [
            Slot(
                number,
                (-half, 0.03, 0.08),
                (half, piece.depth - 0.03, piece.height - 0.06),
                mode,
                takes,
            )
        ]
    return [
        Slot(
            number, (-half, 0.05, 0.05), (half, piece.depth - 0.05, piece.height - 0.1), mode, takes
        )
    ]


SLOTS = {  # kind of furniture: its spaces, most fitting first
    "bookcase": slots_bookcase,
    "cubby": slots_cubby,
    "wardrobe": slots_wardrobe,
    "closet": slots_wardrobe,
    "dresser": slots_drawers,
    "nightstand": lambda n, p: slots_drawers(n, p) + slots_top(n, p, BOOKS, -0.05),
    "desk": slots_desk,
    "coffee_table": lambda n, p: slots_top(n, p, ("magazine", "paper"), 0.1),
    "chest": lambda n, p: slots_inside(n, p, "heap", ("toy", "bag", "sock", "box")),
    "basket": lambda n, p: slots_inside(n, p, "stack", GARMENTS),
    "shoe_rack": slots_shoe_rack,
    "tv_bench": lambda n, p: slots_inside(n, p, "row", ("magazine", "box", "toy")),
}


def slots_of(number: int, piece: Piece) -> list[Slot]:
    """All spaces in which piece number n keeps things."""
    return SLOTS[piece.kind](number, piece) if piece.kind in SLOTS else []


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


def floor_point(rng: Random, camera: Camera, room: tuple) -> tuple[float, float]:
    """A spot on the floor: half of them even over the picture, half even over the floor."""
    for _ in range(200):
        if rng.random() < 0.5:
            x = rng.uniform(0.2, room[0] - 0.2)
            y = rng.uniform(0.6, room[1] - 0.2)
        else:
            across = rng.uniform(-0.95, 0.95) * 18 / camera.lens
            down = rng.uniform(0.1, 1.0) * 18 / camera.lens
            pitch = math.radians(camera.pitch)
            pan = math.radians(camera.pan)
            forward = math.cos(pitch) + down * math.sin(pitch)
            fall = down * math.cos(pitch) - math.sin(pitch)
            if fall < 0.1:
                continue
            reach = camera.z / fall
            x = camera.x + reach * (across * math.cos(pan) - forward * math.sin(pan))
            y = camera.y + reach * (across * math.sin(pan) + forward * math.cos(pan))
        if (
            0.2 < x < room[0] - 0.2
            and 0.35 < y < room[1] - 0.2
            and math.hypot(x - camera.x, y - camera.y) > 0.7
        ):
            return x, y
    return room[0] / 2, room[1] / 2


def strew(
    rng: Random, things: list[Thing], pieces: list[Piece], camera: Camera, room: tuple, mess: float
) -> list[Thing]:
    """Choose what lies about in the messy twin, and where it is dropped."""
    names = [number for number, piece in enumerate(pieces) if piece.kind in SURFACES]
    weights = [SURFACES[pieces[number].kind] for number in names]
    strewn = []
    for thing in things:
        if rng.random() > mess and thing.kind not in ("pillow", "blanket"):
            strewn.append(thing)
            continue
        share = {
            "pillow": 0.3,
            "cushion": 0.5,
            "box": 0.9,
            "bag": 0.8,
            "shoe": 0.95,
            "toy": 0.8,
        }.get(thing.kind, 0.58)
        if rng.random() < share or not names:
            target = "floor"
            spot = floor_point(rng, camera, room)
        else:
            number = rng.choices(names, weights)[0]
            piece = pieces[number]
            back = 0.35 if piece.kind in ("sofa", "armchair") else 0.12
            target = piece.kind
            spot = piece.world(
                rng.uniform(-0.46, 0.46) * piece.width, rng.uniform(back, piece.depth - 0.05)
            )
        strewn.append(
            replace(
                thing,
                out=True,
                target=target,
                drop=tuple(round(v, 3) for v in spot),
                turn=round(rng.uniform(0, 360), 1),
            )
        )
    return strewn
