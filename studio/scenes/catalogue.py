"""What a landscape or a town may be: views, weathers and cameras of each class, and how often."""

# How a class is seen, and how often.
VIEWS = {
    "buildings": {"tower": 3, "corner": 5, "facade": 3, "house": 2, "palace": 3, "skyline": 2},
    "forest": {"trunks": 6, "path": 4, "thicket": 2, "canopy": 1, "bare": 2, "slope": 2},
    "glacier": {"front": 5, "tongue": 3, "field": 3, "wall": 3, "firn": 2},
    "mountain": {"peak": 4, "range": 3, "meadow": 3, "wooded": 3, "crag": 2},
    "sea": {"open": 3, "beach": 3, "rocks": 3, "boat": 1, "shore": 3, "waves": 2, "pier": 1},
    "street": {"lane": 5, "avenue": 5, "square": 2, "road": 3, "shops": 2},
}
CLASSES = tuple(VIEWS)
# Times of day and weathers, and how often; a place that is not named has those of "else".
TIMES = {
    "buildings": {"day": 8, "low": 3, "night": 2},
    "sea": {"day": 6, "low": 2, "sunset": 3},
    "street": {"day": 8, "low": 2, "night": 2},
    "mountain": {"day": 7, "low": 3, "sunset": 1},
    "else": {"day": 7, "low": 2},
}
WEATHERS = {
    "forest": {"clear": 6, "fair": 2, "overcast": 4, "fog": 2},
    "else": {"clear": 4, "fair": 4, "broken": 3, "overcast": 3, "fog": 1},
}
SEASONS = {
    "forest": {"summer": 7, "autumn": 3, "spring": 3, "winter": 1},
    "else": {"summer": 5, "autumn": 2, "winter": 2},
}
FAR = ("glacier", "mountain")  # classes seen from so far away that fog would hide them
COVER = {"clear": (0.0, 0.3), "fair": (0.35, 0.5), "broken": (0.5, 0.66), "overcast": (1, 1)}
# Exposure in stops, by view or class.
OFFSETS = {"forest": -0.35, "glacier": 0.25, "firn": 0.8, "field": 0.65, "mountain": -0.3}
SUN_HEIGHT = {"day": (28, 65), "low": (9, 24), "sunset": (1, 4), "night": (30, 30)}
# Lens in mm, height of the camera, and pitch, by view or class.
CAMERAS = {
    "tower": ((18, 40), (1.6, 6), (14, 34)),
    "corner": ((22, 40), (1.6, 7), (5, 13)),
    "facade": ((30, 60), (1.7, 14), (2, 14)),
    "house": ((26, 42), (1.5, 2.2), (0, 7)),
    "palace": ((24, 45), (1.6, 5), (5, 16)),
    "skyline": ((30, 60), (30, 190), (-14, -3)),
    "forest": ((22, 42), (1.1, 2.0), (-5, 7)),
    "canopy": ((16, 24), (1.2, 1.6), (38, 78)),
    "slope": ((35, 60), (30, 60), (-9, 0)),
    "front": ((26, 50), (4, 14), (-1, 5)),
    "tongue": ((26, 45), (60, 220), (-6, 1)),
    "field": ((24, 40), (5, 20), (-10, -2)),
    "wall": ((36, 60), (6, 12), (2, 10)),
    "firn": ((24, 40), (3, 14), (-6, 3)),
    "mountain": ((26, 60), (20, 120), (-3, 6)),
    "sea": ((22, 50), (1.6, 9), (-9, 1)),
    "waves": ((35, 60), (5, 14), (-14, -8)),
    "shore": ((24, 45), (6, 45), (-9, -2)),
    "pier": ((22, 50), (2.6, 6), (-9, 1)),
    "street": ((20, 40), (1.5, 3.0), (-4, 6)),
    "road": ((22, 40), (1.5, 8), (-5, 3)),
}
# What else is in the picture: (view or class, thing, how likely).
EXTRAS = (
    ("corner", "cars", 0.5), ("corner", "trees", 0.4), ("house", "trees", 0.7),
    ("palace", "trees", 0.25), ("tower", "trees", 0.2), ("facade", "trees", 0.12),
    ("avenue", "cars", 0.8), ("square", "cars", 0.4), ("road", "cars", 0.7), ("shops", "cars", 0.5),
    ("avenue", "trees", 0.4), ("square", "trees", 0.5), ("road", "trees", 0.3),
    ("street", "people", 0.65), ("street", "lamps", 0.6), ("street", "signs", 0.6),
    ("street", "wires", 0.25), ("trunks", "undergrowth", 0.6), ("path", "undergrowth", 0.6),
    ("thicket", "undergrowth", 1), ("trunks", "rocks", 0.3), ("path", "rocks", 0.3),
    ("front", "floes", 0.8), ("meadow", "trees", 0.5), ("meadow", "foreground", 1),
    ("peak", "trees", 0.35), ("peak", "foreground", 0.5), ("range", "foreground", 0.6),
    ("wooded", "trees", 1), ("wooded", "lake", 0.2), ("crag", "trees", 0.4),
    ("open", "far shore", 0.4), ("beach", "far shore", 0.4), ("pier", "far shore", 0.4),
    ("shore", "far shore", 1), ("shore", "rocks", 1), ("shore", "cliff", 0.5),
    ("rocks", "rocks", 1), ("open", "rocks", 0.15), ("boat", "boats", 1), ("open", "boats", 0.15),
    ("shore", "boats", 0.2),
)  # fmt: skip
