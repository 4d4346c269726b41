"""Chooses furniture and places it along the walls, from a random stream."""

from dataclasses import replace
from random import Random

from ..core.colours import near
from ..core.records import Piece
from .catalogue import FABRICS, PLAIN, SIZES, TALL, WISHES, WOODS
from .records import WALLS, Window


def make_piece(
    rng: Random, kind: str, x: float = 0, y: float = 0, turn: float = 0, wood: tuple = WOODS[0]
) -> Piece:
    """A piece of the kind with size and colours of its own."""
    width, depth, height = (round(rng.uniform(*span), 3) for span in SIZES[kind])
    if kind == "cubby":
        width, height = (round(0.36 * round(v / 0.36) + 0.03, 3) for v in (width, height))
    soft = kind in ("sofa", "armchair", "double_bed", "single_bed", "basket")
    colour = near(rng, rng.choice(FABRICS) if soft and "bed" not in kind else wood, 0.03)
    return Piece(
        kind,
        x,
        y,
        turn,
        width,
        depth,
        height,
        colour,
        near(rng, rng.choice(FABRICS)),
        rng.randrange(10**6),
    )


def overlaps(a: tuple, b: tuple) -> bool:
    """Whether two rectangles (x0, y0, x1, y1) share area."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def against(piece: Piece, wall: str, along: float, width: float, depth: float) -> Piece:
    """The piece moved to a wall, its middle `along` metres from the wall's left or near end."""
    gap = 0.03
    x, y = {"back": (along, depth - gap), "left": (gap, along), "right": (width - gap, along)}[wall]
    return replace(piece, x=x, y=y, turn=WALLS[wall])


def darkens(piece: Piece, wall: str, along: float, windows: list[Window]) -> bool:
    """Whether a tall piece would stand before a window."""
    return piece.kind in TALL and any(
        window.wall == wall and abs(window.centre - along) < (window.width + piece.width) / 2 + 0.1
        for window in windows
    )


def place(
    rng: Random, piece: Piece, room: tuple, taken: list[tuple], windows: list[Window]
) -> Piece | None:
    """Find a free stretch of wall for the piece; None where the room is full."""
    width, depth = room
    hero = piece.kind in ("double_bed", "single_bed", "sofa", "desk")
    for _ in range(160):
        wall = rng.choice(("back", "back", "left", "right"))
        length = width if wall == "back" else depth
        low = (
            0.05
            + piece.width / 2
            + (0.0 if wall == "back" else 1.0 if hero else 2.1 if piece.kind in TALL else 1.25)
        )
        high = length - 0.05 - piece.width / 2
        if low > high:
            continue
        along = rng.choice((high, rng.uniform(low, high), low if wall == "back" else high))
        moved = against(piece, wall, along, width, depth)
        if "bed" in piece.kind and piece.depth > (depth if wall == "back" else width) - 0.9:
            continue
        if not darkens(piece, wall, along, windows) and not any(
            overlaps(moved.box(0.02), other) for other in taken
        ):
            return moved
    return None


def furnish(rng: Random, kind: str, room: tuple, windows: list[Window], door: tuple) -> list[Piece]:
    """Choose and place the furniture of one room."""
    pieces: list[Piece] = []
    taken = [(door[1] - 0.55, room[1] - 0.7, door[1] + 0.55, room[1])] if door[0] == "back" else []
    wood = rng.choice(WOODS + WOODS + PLAIN)
    for wish in WISHES[kind]:
        chosen = rng.choice(wish.split("|"))
        piece = place(
            rng,
            make_piece(
                rng, chosen, wood=wood if rng.random() < 0.75 else rng.choice(WOODS + PLAIN)
            ),
            room,
            taken,
            windows,
        )
        if piece is None:
            continue
        pieces.append(piece)
        taken.append(
            piece.box(0.02) if chosen not in ("wardrobe", "dresser") else front_clear(piece)
        )
        if chosen == "desk":
            pieces.append(chair_at(rng, piece))
            taken.append(pieces[-1].box(0.05))
        if chosen == "sofa" and rng.random() < 0.85:
            pieces.append(table_before(rng, piece))
            taken.append(pieces[-1].box(0.05))
    return pieces


def front_clear(piece: Piece) -> tuple:
    """The piece's rectangle with room before it for its doors and drawers."""
    return replace(piece, depth=piece.depth + 0.35).box(0.02)


def chair_at(rng: Random, desk: Piece) -> Piece:
    """A chair pushed up to the desk, its seat towards it."""
    x, y = desk.world(rng.uniform(-0.2, 0.2), desk.depth + 0.42)
    return make_piece(
        rng, "chair", x, y, desk.turn + 180 + rng.uniform(-14, 14), rng.choice(WOODS + PLAIN)
    )


def table_before(rng: Random, sofa: Piece) -> Piece:
    """A coffee table an arm's length before the sofa."""
    x, y = sofa.world(rng.uniform(-0.2, 0.2), sofa.depth + rng.uniform(0.3, 0.42))
    return make_piece(rng, "coffee_table", x, y, sofa.turn, rng.choice(WOODS + PLAIN))
