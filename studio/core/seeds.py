"""Random streams that do not disturb one another."""

import random


def stream(seed: int, *names: object) -> random.Random:
    """A generator of its own for one purpose, so that one more draw in one place moves no other.

    A string seed goes through SHA-512, so it is the same in every process and on every machine.
    """
    return random.Random("/".join(map(str, (seed, *names))))
