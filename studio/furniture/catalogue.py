"""What a furniture shop sells: kinds of beds, chairs and sofas, and what they are made of."""

CLASSES = ("bed", "chair", "sofa")
SOFT = ("fabric", "leather", "velvet")  # stuffs with padding below them
LINEN = (0.9, 0.9, 0.9)
CREAM_LINEN = (0.76, 0.73, 0.69)
# fmt: off
# How many designs of each kind there are, and which kinds the designs of the test are of.
KINDS = {
    "bed": {
        "plain": 8, "tufted": 5, "camelback": 4, "channelled": 3, "wing": 4, "panel": 3,
        "slatted": 3, "metal": 3, "low": 3, "sleigh": 2, "daybed": 3, "canopy": 1,
    },
    "chair": {
        "mesh": 6, "ribbed": 4, "executive": 5, "bucket": 7, "bentwood": 4, "bungee": 2, "egg": 2,
        "tub": 4, "club": 3, "dining": 3, "shell": 1, "wing": 1,
    },
    "sofa": {
        "track": 9, "tufted": 6, "rolled": 5, "tub": 4, "channelled": 4, "pillow": 4, "flared": 4,
        "curved": 2, "armless": 1, "daybed": 2, "chaise": 1,
    },
}
TESTED = {
    "bed": ("plain", "tufted", "camelback", "wing", "panel", "daybed"),
    "chair": ("mesh", "bucket", "executive", "bentwood", "tub", "club"),
    "sofa": ("track", "track", "tufted", "rolled", "tub", "flared"),
}
TEST_PICTURES = (2, 2, 2, 2, 1, 1)
TRAIN_PICTURES = 90
FABRICS = (
    (0.42, 0.43, 0.45), (0.62, 0.62, 0.62), (0.3, 0.3, 0.32), (0.82, 0.77, 0.68), (0.73, 0.67, 0.6),
    (0.5, 0.51, 0.53), (0.24, 0.24, 0.25), (0.78, 0.75, 0.7),
    (0.14, 0.19, 0.33), (0.1, 0.36, 0.4), (0.13, 0.29, 0.42), (0.16, 0.16, 0.17),
    (0.85, 0.83, 0.79), (0.36, 0.52, 0.64), (0.5, 0.45, 0.4),
)
VELVETS = (
    (0.1, 0.15, 0.34), (0.07, 0.3, 0.34), (0.4, 0.4, 0.43), (0.78, 0.5, 0.52), (0.35, 0.12, 0.22),
    (0.36, 0.36, 0.24), (0.12, 0.12, 0.13), (0.66, 0.6, 0.54), (0.1, 0.2, 0.4),
)
LEATHERS = (
    (0.08, 0.08, 0.085), (0.12, 0.12, 0.13), (0.2, 0.13, 0.1), (0.93, 0.92, 0.9), (0.3, 0.18, 0.12),
    (0.7, 0.4, 0.18), (0.36, 0.37, 0.39), (0.78, 0.72, 0.62), (0.16, 0.24, 0.36),
)
MESHES = (
    (0.07, 0.07, 0.075), (0.1, 0.1, 0.11), (0.3, 0.31, 0.33), (0.55, 0.8, 0.15), (0.8, 0.1, 0.12),
    (0.1, 0.2, 0.55), (0.9, 0.45, 0.1), (0.6, 0.62, 0.64),
)
TIMBERS = (
    (0.45, 0.27, 0.15), (0.36, 0.21, 0.12), (0.2, 0.13, 0.09), (0.72, 0.54, 0.36),
    (0.55, 0.35, 0.2), (0.1, 0.08, 0.07),
)
LACQUERS = ((0.92, 0.92, 0.91), (0.08, 0.08, 0.08), (0.45, 0.52, 0.6), (0.75, 0.75, 0.73))
CHROME = (0.82, 0.82, 0.84)
BRASS = (0.83, 0.66, 0.36)
BLACK = (0.05, 0.05, 0.055)
METALS = (CHROME, CHROME, CHROME, BLACK, BRASS)
COLOURS = {
    "fabric": FABRICS, "velvet": VELVETS, "leather": LEATHERS, "mesh": MESHES, "wood": TIMBERS,
    "lacquer": LACQUERS, "metal": ((0.08, 0.08, 0.08), (0.9, 0.9, 0.9), (0.55, 0.56, 0.58)),
}
CHAIR_HEIGHTS = {  # ranges
    "executive": (1.14, 1.25), "mesh": (0.96, 1.1), "ribbed": (0.95, 1.12), "bungee": (0.95, 1.08),
    "tub": (0.72, 0.82), "wing": (1.04, 1.12),
}
CHAIR_LEGS = {
    "tub": ("plinth", "plinth", "cross"), "club": ("plinth", "cross"), "dining": ("taper", "taper"),
}
CHAIR_ARMS = {
    "mesh": ("post", "loop", "post"), "ribbed": ("loop",), "executive": ("loop", "post"),
    "bungee": ("", "post"), "bucket": ("", "", "veneer"), "dining": ("", "rail"),
}
SOFA_ARMS = {  # where they are not called as the sofa is
    "tub": "round", "channelled": "wrapped", "tufted": "wrapped", "curved": "", "armless": "",
    "chaise": "", "daybed": "scroll",
}
FLOORS = (
    ("planks", (0.72, 0.56, 0.4)), ("parquet", (0.66, 0.48, 0.32)), ("planks", (0.8, 0.72, 0.62)),
    ("carpet", (0.78, 0.75, 0.7)), ("paint", (0.8, 0.79, 0.77)), ("planks", (0.58, 0.44, 0.32)),
)
# fmt: on
