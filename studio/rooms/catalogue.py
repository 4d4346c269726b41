"""What rooms are made of: colours (sRGB, 0 to 1), sizes in metres, and numbers of things."""

# fmt: off
KINDS = ("bedroom", "bedroom", "child", "child", "living", "living", "study")
WOODS = [
    (0.62, 0.42, 0.25), (0.45, 0.28, 0.16), (0.3, 0.18, 0.11), (0.78, 0.6, 0.4), (0.7, 0.5, 0.3),
    (0.86, 0.74, 0.56),
]
PLAIN = [
    (0.93, 0.93, 0.91), (0.88, 0.86, 0.82), (0.2, 0.19, 0.19), (0.45, 0.46, 0.48),
    (0.8, 0.78, 0.74),
]
FABRICS = [
    (0.82, 0.8, 0.76), (0.55, 0.55, 0.56), (0.28, 0.3, 0.34), (0.62, 0.52, 0.4),
    (0.35, 0.22, 0.16), (0.3, 0.4, 0.52), (0.55, 0.2, 0.2), (0.4, 0.46, 0.36), (0.9, 0.89, 0.86),
    (0.72, 0.66, 0.6), (0.18, 0.18, 0.2),
]
CLOTHES = [
    (0.1, 0.12, 0.22), (0.08, 0.08, 0.09), (0.85, 0.85, 0.84), (0.55, 0.1, 0.12),
    (0.2, 0.32, 0.52), (0.45, 0.45, 0.47), (0.72, 0.6, 0.66), (0.8, 0.3, 0.38), (0.32, 0.42, 0.28),
    (0.86, 0.72, 0.3), (0.32, 0.22, 0.18), (0.6, 0.72, 0.82), (0.9, 0.9, 0.88), (0.22, 0.24, 0.3),
    (0.7, 0.66, 0.58), (0.4, 0.18, 0.4), (0.15, 0.4, 0.42), (0.88, 0.5, 0.28),
]
BRIGHT = [
    (0.85, 0.12, 0.12), (0.95, 0.75, 0.1), (0.1, 0.35, 0.75), (0.15, 0.6, 0.25), (0.9, 0.45, 0.1),
    (0.9, 0.5, 0.65), (0.55, 0.25, 0.65), (0.95, 0.95, 0.93), (0.1, 0.65, 0.7), (0.35, 0.22, 0.14),
]
PAPERS = [
    (0.95, 0.95, 0.93), (0.93, 0.92, 0.88), (0.95, 0.95, 0.95), (0.9, 0.86, 0.7),
    (0.75, 0.85, 0.92),
]
CARDBOARD = [
    (0.66, 0.5, 0.33), (0.6, 0.45, 0.3), (0.72, 0.58, 0.42), (0.88, 0.87, 0.85),
]
# Furniture: width, depth and height as ranges.
SIZES = {
    "double_bed": ((1.45, 1.75), (2.02, 2.1), (0.46, 0.58)),
    "single_bed": ((0.92, 1.1), (1.98, 2.05), (0.42, 0.56)),
    "sofa": ((1.75, 2.3), (0.86, 0.98), (0.74, 0.88)),
    "armchair": ((0.8, 0.95), (0.82, 0.92), (0.78, 0.92)),
    "bookcase": ((0.8, 1.25), (0.29, 0.34), (1.5, 2.1)),
    "cubby": ((1.08, 1.45), (0.38, 0.4), (0.74, 1.45)),
    "wardrobe": ((1.0, 1.6), (0.58, 0.62), (1.9, 2.15)),
    "closet": ((1.1, 1.6), (0.52, 0.58), (1.9, 2.1)),
    "dresser": ((0.85, 1.3), (0.45, 0.5), (0.78, 1.0)),
    "nightstand": ((0.42, 0.5), (0.36, 0.42), (0.48, 0.58)),
    "desk": ((1.15, 1.5), (0.6, 0.7), (0.73, 0.76)),
    "chest": ((0.75, 1.05), (0.42, 0.5), (0.42, 0.5)),
    "tv_bench": ((1.3, 1.8), (0.4, 0.45), (0.42, 0.5)),
    "coffee_table": ((0.85, 1.2), (0.5, 0.65), (0.38, 0.45)),
    "chair": ((0.43, 0.47), (0.45, 0.5), (0.82, 0.95)),
    "lamp": ((0.36, 0.42), (0.36, 0.42), (1.45, 1.7)),
    "plant": ((0.4, 0.6), (0.4, 0.6), (0.8, 1.5)),
    "basket": ((0.4, 0.5), (0.38, 0.44), (0.45, 0.6)),
    "shoe_rack": ((0.7, 0.95), (0.3, 0.33), (0.38, 0.5)),
}
# What a room would like to have, in the order in which it claims its place; | stands for a choice.
WISHES = {
    "bedroom": (
        "double_bed", "wardrobe|closet", "bookcase|cubby|dresser", "nightstand",
        "bookcase|cubby|desk", "basket", "nightstand", "shoe_rack", "plant|lamp", "chest|armchair",
        "dresser",
    ),
    "child": (
        "single_bed", "cubby", "wardrobe|closet|dresser", "bookcase|cubby", "desk|dresser",
        "chest", "basket", "nightstand|shoe_rack", "lamp|plant",
    ),
    "living": (
        "sofa", "bookcase|cubby", "closet|dresser|cubby", "armchair", "tv_bench|bookcase", "chest",
        "lamp", "plant", "shoe_rack", "basket",
    ),
    "study": (
        "desk", "bookcase", "single_bed|sofa", "closet|dresser|cubby", "bookcase|cubby", "basket",
        "plant|lamp", "chest|shoe_rack",
    ),
}
TALL = {"bookcase", "closet", "wardrobe"}
# Where things land besides the floor, and how readily.
LANDINGS = {
    "double_bed": 3.0,
    "single_bed": 2.2,
    "sofa": 2.2,
    "desk": 2.2,
    "coffee_table": 1.5,
    "armchair": 0.8,
    "chair": 0.8,
    "dresser": 0.9,
    "tv_bench": 0.5,
    "chest": 0.6,
    "nightstand": 0.3,
}
# Things: width, depth and height when put away, as ranges.
HOME_SIZES = {
    "book": ((0.018, 0.05), (0.14, 0.2), (0.19, 0.27)),
    "magazine": ((0.2, 0.22), (0.27, 0.29), (0.005, 0.009)),
    "paper": ((0.209, 0.21), (0.296, 0.297), (0.003, 0.004)),
    "toy": ((0.08, 0.14), (0.08, 0.14), (0.07, 0.13)),
    "box": ((0.22, 0.36), (0.2, 0.26), (0.14, 0.25)),
    "bottle": ((0.06, 0.085), (0.06, 0.085), (0.16, 0.28)),
    "mug": ((0.08, 0.09), (0.08, 0.09), (0.09, 0.1)),
    "bag": ((0.28, 0.34), (0.18, 0.24), (0.34, 0.42)),
    "shoe": ((0.095, 0.11), (0.26, 0.29), (0.09, 0.12)),
    "cushion": ((0.4, 0.5), (0.4, 0.5), (0.14, 0.18)),
    "blanket": ((0.4, 0.45), (0.34, 0.4), (0.1, 0.13)),
    "shirt": ((0.25, 0.28), (0.26, 0.3), (0.025, 0.04)),
    "jumper": ((0.28, 0.32), (0.28, 0.32), (0.045, 0.065)),
    "trousers": ((0.25, 0.28), (0.28, 0.32), (0.03, 0.045)),
    "towel": ((0.26, 0.3), (0.26, 0.3), (0.04, 0.055)),
    "sock": ((0.07, 0.08), (0.11, 0.12), (0.05, 0.06)),
}
# How many of each a room owns.
COUNTS = {
    "bedroom": {
        "shirt": (14, 20), "trousers": (8, 12), "jumper": (7, 10), "towel": (3, 6),
        "sock": (6, 10), "book": (12, 26), "magazine": (4, 8), "paper": (8, 18), "toy": (2, 9),
        "box": (3, 6), "bottle": (4, 8), "mug": (1, 3), "bag": (2, 3), "shoe": (6, 10),
    },
    "child": {
        "shirt": (10, 16), "trousers": (6, 10), "jumper": (5, 8), "towel": (2, 4), "sock": (6, 10),
        "book": (14, 28), "magazine": (3, 6), "paper": (8, 18), "toy": (24, 44), "box": (2, 4),
        "bottle": (1, 3), "mug": (1, 2), "bag": (1, 2), "shoe": (4, 6),
    },
    "living": {
        "shirt": (7, 12), "trousers": (4, 8), "jumper": (4, 7), "towel": (2, 4), "sock": (3, 6),
        "book": (24, 44), "magazine": (8, 14), "paper": (10, 22), "toy": (10, 30), "box": (3, 6),
        "bottle": (5, 9), "mug": (3, 5), "bag": (1, 3), "shoe": (4, 8),
    },
    "study": {
        "shirt": (7, 12), "trousers": (4, 8), "jumper": (4, 7), "towel": (1, 3), "sock": (2, 4),
        "book": (30, 50), "magazine": (8, 14), "paper": (24, 44), "toy": (0, 6), "box": (4, 7),
        "bottle": (4, 8), "mug": (2, 4), "bag": (2, 3), "shoe": (2, 6),
    },
}
GARMENTS = ("shirt", "trousers", "towel", "jumper", "sock")
BOOKS = ("book", "magazine")
PALETTES = {
    "book": CLOTHES + BRIGHT, "magazine": BRIGHT + PAPERS, "paper": PAPERS, "toy": BRIGHT,
    "box": CARDBOARD, "bottle": BRIGHT + PLAIN, "mug": BRIGHT + PLAIN, "bag": CLOTHES,
    "shoe": CLOTHES, "cushion": FABRICS + BRIGHT,
}
# fmt: on
