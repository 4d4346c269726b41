"""What bicycles are like: the measures of each style, and the colours that they come in."""

# fmt: off
CLASSES = ("mountain_bike", "road_bike")
PICTURE = (330, 193)  # pixels, width and height
# Ranges of a style's measures; the numbers are uniform between the two.
RANGES = {
    "trail": {
        "head_angle": (65.5, 69.5), "seat_angle": (71.5, 75), "chainstay": (428, 448),
        "reach": (385, 460), "head_tube": (95, 130), "travel": (110, 165), "offset": (42, 51),
        "seat_tube": (395, 480), "saddle": (660, 770), "bottom": (328, 350), "tyre": (53, 63),
        "rim": (20, 27), "stem": (38, 80), "bar_rise": (5, 40), "cassette": (160, 215),
        "ring": (125, 155), "tube": (46, 60), "sag": (-30, 45),
    },
    "downhill": {
        "head_angle": (62.5, 64.5), "seat_angle": (64, 72), "chainstay": (430, 450),
        "reach": (385, 440), "head_tube": (100, 118), "travel": (180, 203), "offset": (44, 52),
        "seat_tube": (370, 430), "saddle": (560, 640), "bottom": (340, 362), "tyre": (58, 66),
        "rim": (21, 28), "stem": (35, 50), "bar_rise": (15, 40), "cassette": (110, 150),
        "ring": (140, 160), "tube": (50, 62), "sag": (-10, 50),
    },
    "hardtail": {
        "head_angle": (67.5, 71.5), "seat_angle": (72, 74), "chainstay": (425, 445),
        "reach": (380, 440), "head_tube": (95, 135), "travel": (80, 130), "offset": (42, 50),
        "seat_tube": (400, 490), "saddle": (680, 770), "bottom": (300, 322), "tyre": (48, 60),
        "rim": (18, 24), "stem": (50, 95), "bar_rise": (0, 30), "cassette": (135, 210),
        "ring": (125, 175), "tube": (40, 52), "sag": (-10, 25),
    },
    "budget": {  # of a department store: heavy, upright, with rim brakes or simple discs
        "head_angle": (68, 71), "seat_angle": (68, 72), "chainstay": (430, 450),
        "reach": (345, 390), "head_tube": (110, 150), "travel": (60, 90), "offset": (38, 46),
        "seat_tube": (400, 450), "saddle": (620, 700), "bottom": (300, 325), "tyre": (46, 54),
        "rim": (17, 21), "stem": (60, 100), "bar_rise": (30, 80), "cassette": (115, 145),
        "ring": (160, 185), "tube": (38, 50), "sag": (-20, 30),
    },
    "race": {
        "head_angle": (72, 74), "seat_angle": (72.8, 74.5), "chainstay": (403, 412),
        "reach": (372, 402), "head_tube": (120, 175), "travel": (0, 0), "offset": (42, 46),
        "seat_tube": (465, 545), "saddle": (680, 760), "bottom": (264, 274), "tyre": (23, 27),
        "rim": (20, 32), "stem": (85, 120), "bar_rise": (0, 0), "cassette": (105, 122),
        "ring": (195, 212), "tube": (40, 54), "sag": (-6, 12),
    },
    "aero": {
        "head_angle": (72, 73.8), "seat_angle": (73, 74.5), "chainstay": (403, 410),
        "reach": (375, 402), "head_tube": (115, 160), "travel": (0, 0), "offset": (42, 46),
        "seat_tube": (480, 545), "saddle": (680, 760), "bottom": (264, 272), "tyre": (23, 28),
        "rim": (38, 72), "stem": (90, 120), "bar_rise": (0, 0), "cassette": (105, 120),
        "ring": (200, 215), "tube": (56, 74), "sag": (-4, 6),
    },
    "endurance": {
        "head_angle": (70.5, 72.8), "seat_angle": (72.5, 74), "chainstay": (410, 428),
        "reach": (365, 388), "head_tube": (140, 195), "travel": (0, 0), "offset": (44, 50),
        "seat_tube": (430, 520), "saddle": (670, 750), "bottom": (262, 272), "tyre": (27, 36),
        "rim": (22, 32), "stem": (80, 105), "bar_rise": (0, 0), "cassette": (110, 145),
        "ring": (185, 206), "tube": (42, 54), "sag": (-14, 18),
    },
    "classic": {
        "head_angle": (72, 74), "seat_angle": (72.5, 74), "chainstay": (408, 420),
        "reach": (368, 395), "head_tube": (125, 185), "travel": (0, 0), "offset": (42, 48),
        "seat_tube": (510, 560), "saddle": (670, 740), "bottom": (264, 274), "tyre": (23, 28),
        "rim": (16, 26), "stem": (85, 115), "bar_rise": (0, 0), "cassette": (95, 118),
        "ring": (190, 214), "tube": (28, 34), "sag": (0, 0),
    },
}
STYLES = {
    "mountain_bike": ("trail",) * 13 + ("hardtail",) * 4 + ("downhill",) * 2 + ("budget",) * 2,
    "road_bike": ("race",) * 9 + ("aero",) * 5 + ("endurance",) * 5 + ("classic",) * 2,
}
BASES = (  # colours of frames, with how often
    ((0.035, 0.035, 0.04), 13), ((0.16, 0.17, 0.18), 5), ((0.86, 0.86, 0.85), 5),
    ((0.78, 0.05, 0.06), 5), ((0.92, 0.33, 0.06), 3), ((0.62, 0.82, 0.1), 3),
    ((0.06, 0.25, 0.6), 2), ((0.05, 0.1, 0.25), 2), ((0.1, 0.5, 0.66), 2), ((0.55, 0.56, 0.57), 3),
    ((0.93, 0.83, 0.12), 1), ((0.08, 0.36, 0.16), 2), ((0.72, 0.66, 0.56), 1),
    ((0.4, 0.78, 0.74), 1), ((0.45, 0.05, 0.1), 1),
)
ACCENTS = (
    (0.8, 0.05, 0.06), (0.79, 0.79, 0.79), (0.93, 0.35, 0.06), (0.6, 0.85, 0.1),
    (0.08, 0.4, 0.8), (0.5, 0.52, 0.54), (0.05, 0.05, 0.055), (0.95, 0.85, 0.1), (0.1, 0.65, 0.7),
)
BLACK = (0.035, 0.035, 0.038)
WHITE = (0.79, 0.79, 0.79)
SILVER = (0.62, 0.63, 0.65)
# fmt: on
