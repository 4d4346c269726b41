"""Which seeds make which split, and random streams that do not disturb one another."""

import random

SPLITS: dict[str, range] = {
    "train": range(1, 81),
    "val": range(81, 101),
    "test": range(101, 121),
    "predict": range(121, 126),
}
CLASSES = ("clean", "messy")


def stream(seed: int, *names: object) -> random.Random:
    """A generator of its own for one purpose, so that one more draw in one place moves no other.

    A string seed goes through SHA-512, so it is the same in every process and on every machine.
    """
    return random.Random("/".join(map(str, (seed, *names))))


def split_of(seed: int) -> str:
    """The split a seed belongs to; both twins of a room have one seed, so they share it."""
    for split, numbers in SPLITS.items():
        if seed in numbers:
            return split
    raise ValueError(f"seed {seed} belongs to no split; known: 1 to {SPLITS['predict'][-1]}")


def classes_of(seed: int) -> tuple[str, ...]:
    """The classes rendered for a seed: both twins, or one of them for the unlabelled five."""
    if split_of(seed) == "predict":
        return (stream(seed, "unlabelled").choice(CLASSES),)
    return CLASSES
