"""The plan of a room from its seed: furniture, things, windows, camera, light, pictures."""

import math
from random import Random

from ..core import seeds
from ..core.colours import WALL_COLOURS, near
from ..core.records import Camera, Piece
from . import drops, homes
from .catalogue import BRIGHT, CLOTHES, FABRICS, KINDS, TALL, WOODS
from .layout import furnish, overlaps
from .records import WALLS, Light, RoomPlan, Window


def make_windows(rng: Random, room: tuple) -> list[Window]:
    """One or two windows, mostly in sight."""
    walls = rng.choice(
        (("back",), ("left",), ("right",), ("back",), ("back", "left"), ("back", "right"))
    )
    curtain = near(rng, rng.choice(FABRICS + WALL_COLOURS + BRIGHT[:1]))
    style = rng.choice(("curtain", "curtain", "curtain", "blind", "bare"))
    found = []
    for wall in walls:
        length = room[0] if wall == "back" else room[1]
        width = rng.uniform(0.9, min(1.9, length - 1.6))
        centre = (
            rng.uniform(0.4 + width / 2, length - 0.4 - width / 2)
            if wall == "back"
            else rng.uniform(length * 0.45, length - 0.4 - width / 2)
        )
        found.append(
            Window(
                wall,
                round(centre, 2),
                round(width, 2),
                round(rng.uniform(0.75, 1.0), 2),
                round(rng.uniform(2.05, 2.25), 2),
                curtain,
                style,
            )
        )
    return found


def make_camera(rng: Random, room: tuple, pieces: list[Piece]) -> Camera:
    """Stand near the front wall and look at the chief piece, somewhat downwards."""
    for _ in range(200):
        x = rng.uniform(0.3, room[0] - 0.3)
        y = rng.uniform(0.12, room[1] * 0.24)
        z = rng.uniform(1.1, 1.85)
        if not any(
            overlaps((x, y, x, y), piece.box(0.3 if piece.height > 0.6 else 0.05))
            for piece in pieces
        ):
            break
    hero = pieces[0].world(0, pieces[0].depth / 2)
    mix = rng.uniform(0.25, 0.75)
    goal = (mix * hero[0] + (1 - mix) * room[0] / 2, mix * hero[1] + (1 - mix) * room[1] * 0.68)
    pan = -math.degrees(math.atan2(goal[0] - x, goal[1] - y))
    lens = rng.uniform(18, 32)
    pitch = -rng.uniform(8, 17) - (z - 1.1) * 16
    return Camera(
        round(x, 3),
        round(y, 3),
        round(z, 3),
        round(pan, 2),
        round(pitch, 2),
        round(rng.gauss(0, 1.2), 2),
        round(lens, 1),
    )


def make_light(rng: Random) -> Light:
    """Time of day, weather, lamps and the camera's own habits."""
    time = rng.choices(("day", "overcast", "morning", "evening", "night"), (5, 4, 3, 3, 2))[0]
    sky = {
        "day": (0.80, 0.90, 1.0),
        "overcast": (0.92, 0.95, 1.0),
        "morning": (1.0, 0.93, 0.84),
        "evening": (0.75, 0.70, 0.85),
        "night": (0.04, 0.05, 0.09),
    }[time]
    return Light(
        time=time,
        sun=round({"day": 1.0, "morning": 0.8}.get(time, 0.0) * rng.uniform(0.3, 1), 2),
        sun_height=round(rng.uniform(18, 50), 1),
        sun_side=round(rng.uniform(-50, 50), 1),
        sky=sky,
        daylight=round({"evening": 0.35, "night": 0.02}.get(time, 1) * rng.uniform(0.6, 1.3), 2),
        ceiling=round(
            {"evening": 1.0, "night": 1.3}.get(time, rng.choice((0.25, 0.5, 0.9)))
            * rng.uniform(0.6, 1.2),
            2,
        ),
        lamps=time in ("evening", "night") or rng.random() < 0.3,
        flash=round(rng.uniform(0.3, 0.9), 2) if rng.random() < 0.22 else 0.0,
        exposure=round(rng.gauss(0, 0.3), 2),
        warmth=round(rng.gauss(0.0, 0.45), 2),
        vignette=round(rng.uniform(0, 0.35), 2),
        grain=round(rng.uniform(0.002, 0.010), 4),
        contrast=round(rng.uniform(0.9, 1.2), 2),
    )


def hides(piece: Piece, wall: str, centre: float, half: float) -> bool:
    """Whether a tall piece stands before the wall within `half` metres of the centre."""
    if piece.kind not in TALL or piece.turn != WALLS[wall]:
        return False
    return abs((piece.x if wall == "back" else piece.y) - centre) < half + piece.width / 2


def make_pictures(rng: Random, room: tuple, windows: list[Window], pieces: list[Piece]) -> tuple:
    """Framed pictures (wall, centre, height, width, tall, seed), clear of tall furniture."""
    found = []
    for _ in range(rng.randint(3, 10)):
        wall = rng.choice(("back", "back", "left", "right"))
        length = room[0] if wall == "back" else room[1]
        width = rng.uniform(0.28, 0.8)
        tall = rng.uniform(0.28, 0.7)
        centre = rng.uniform(width, length - width)
        clear = all(
            window.wall != wall or abs(window.centre - centre) > (window.width + width) / 2 + 0.25
            for window in windows
        )
        clear &= not any(hides(piece, wall, centre, width / 2) for piece in pieces)
        clear &= all(
            other[0] != wall or abs(other[1] - centre) > (other[3] + width) / 2 + 0.08
            for other in found
        )
        if clear:
            found.append(
                (
                    wall,
                    round(centre, 2),
                    round(rng.uniform(1.45, 1.7), 2),
                    round(width, 2),
                    round(tall, 2),
                    rng.randrange(10**6),
                )
            )
    return tuple(found)


def make_rug(rng: Random, room: tuple) -> tuple:
    """A rug as (x, y, turn, width, depth, colour, seed), or none."""
    if rng.random() < 0.3:
        return ()
    return (
        round(room[0] * rng.uniform(0.4, 0.6), 2),
        round(room[1] * rng.uniform(0.4, 0.6), 2),
        round(rng.gauss(0, 4), 1),
        round(rng.uniform(1.3, 2.2), 2),
        round(rng.uniform(1.0, 1.7), 2),
        near(rng, rng.choice(FABRICS + CLOTHES)),
        rng.randrange(10**6),
    )


def make_floor(rng: Random) -> tuple[str, tuple]:
    """Style and colour of the floor."""
    style = rng.choice(("parquet", "parquet", "planks", "carpet", "carpet", "tiles"))
    soft = FABRICS[:4] + FABRICS[8:10]
    hard = {"tiles": WALL_COLOURS[:5]}.get(style, WOODS)
    return style, near(rng, rng.choice(soft if style == "carpet" else hard), 0.04)


def make_room(seed: int) -> RoomPlan:
    """The whole plan of a room and its messy twin from one seed."""

    def draw(name: str) -> Random:
        return seeds.stream(seed, name)

    rng = draw("room")
    kind = rng.choice(KINDS)
    room = round(rng.uniform(2.9, 4.2), 2), round(rng.uniform(3.3, 4.5), 2)
    windows = make_windows(draw("windows"), room)
    door = (
        ("back", rng.uniform(0.6, room[0] - 0.6))
        if rng.random() < 0.2 and all(window.wall != "back" for window in windows)
        else ("", 0.0)
    )
    layouts = [furnish(draw(f"furniture{i}"), kind, room, windows, door) for i in range(4)]
    pieces = max(layouts, key=len)  # the one that wastes least room
    camera = make_camera(draw("camera"), room, pieces)
    things = homes.put_away(draw("homes"), homes.own(draw("things"), kind), pieces)
    mess = round(rng.uniform(0.72, 1.0), 2)
    things = drops.drop_things(draw("mess"), things, pieces, camera, room, mess)
    floor_style, floor = make_floor(rng)
    return RoomPlan(
        seed,
        kind,
        *room,
        round(rng.uniform(2.4, 2.75), 2),
        near(rng, rng.choice(WALL_COLOURS), 0.03),
        rng.choice(("paint", "paint", "paint", "wallpaper")),
        floor,
        floor_style,
        tuple(windows),
        tuple(pieces),
        tuple(things),
        make_pictures(draw("pictures"), room, windows, pieces),
        make_rug(draw("rug"), room),
        camera,
        make_light(draw("light")),
        mess,
        door,
    )
