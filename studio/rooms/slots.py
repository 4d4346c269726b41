"""The spaces in furniture in which things are kept, each with what it takes."""

from ..core import seeds
from ..core.records import Piece
from .catalogue import BOOKS, GARMENTS
from .records import Slot


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
