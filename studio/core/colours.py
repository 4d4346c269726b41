"""Colours: sRGB to linear light, shades near a colour, and the walls of homes."""

from random import Random

# fmt: off
WALL_COLOURS = [
    (0.93, 0.92, 0.89), (0.9, 0.88, 0.83), (0.86, 0.84, 0.78), (0.8, 0.82, 0.84),
    (0.72, 0.74, 0.76), (0.88, 0.8, 0.7), (0.78, 0.84, 0.8), (0.76, 0.83, 0.88), (0.9, 0.8, 0.8),
    (0.86, 0.78, 0.86), (0.62, 0.64, 0.66), (0.92, 0.88, 0.72), (0.55, 0.3, 0.28),
    (0.45, 0.55, 0.4), (0.7, 0.62, 0.48), (0.95, 0.95, 0.94), (0.85, 0.7, 0.5), (0.4, 0.46, 0.54),
]
# fmt: on


def linear(colour: tuple) -> tuple:
    """SRGB in 0..1 to linear RGBA."""
    return tuple(
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]
    ) + (1.0,)


def near(rng: Random, colour: tuple, spread: float = 0.06) -> tuple:
    """A colour close to the given one."""
    shade = rng.uniform(-spread, spread)
    return tuple(
        round(min(0.97, max(0.02, c + shade + rng.uniform(-spread, spread) / 2)), 3) for c in colour
    )
