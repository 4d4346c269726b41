"""Count what the search for near-duplicates costs, from 10,000 pictures to a million.

`python -m tools.bench_banding`: the hashes are those of smooth random pictures, of which as many
pairs share a band as of photographs. One in a hundred of them is an earlier one's with 1 to 12 bits
changed, and one in a hundred with 13, a bit too many. Besides there are bursts: 1,000 pictures of
one view that differ in a few bits, 1,000 that are equal, 1,000 white ones.

Up to `ALL` pictures all pairs are compared, too, and the two must find the same; beyond, `SOME` of
those with changed bits are held against all others. Each row is measured in a process of its own.
"""

import argparse
import multiprocessing
import sys
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from apps import sentences
from helpers.audit import HASH_SIDE, NEAR, banded
from helpers.banding import Banded
from tools.commandline import at_least
from tools.tables import machine, write

NUMBERS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
ALL = 30_000
SOME = 500
BURST = 1000
COARSE = 6  # points a side of which a smooth picture is made
GRAIN = 0.05  # of the standard deviation between them
HEAD = """\
| pictures | pairs | compared | near | CPU seconds | MB | all pairs, CPU s | held against | lost |
|---|---|---|---|---|---|---|---|---|"""
ROW = "{:>10}{:>17}{:>12}{:>11}{:>13}{:>6}{:>18}{:>14}  {}"


def pictures(rng: np.random.Generator, number: int) -> np.ndarray:
    """Return the hashes of smooth random pictures: uint64, shape (number, 4)."""
    rows = _between(HASH_SIDE)
    columns = _between(HASH_SIDE + 1)
    found = []
    for start in range(0, number, 20_000):
        many = min(20_000, number - start)
        grid = rng.normal(size=(many, COARSE, COARSE)).astype(np.float32)
        seen = rows @ grid @ columns.T
        seen += rng.normal(0, GRAIN, seen.shape).astype(np.float32)
        brighter = np.diff(seen, axis=2) > 0
        found.append(np.packbits(brighter.reshape(many, -1), axis=1).view(np.uint64))
    return np.concatenate(found)


def _between(side: int) -> np.ndarray:
    """Return the weights that draw a line between the coarse points: shape (side, COARSE)."""
    return np.maximum(
        0, 1 - np.abs(np.linspace(0, COARSE - 1, side)[:, None] - np.arange(COARSE))
    ).astype(np.float32)


def changed(rng: np.random.Generator, hashes: np.ndarray, bits: np.ndarray) -> np.ndarray:
    """Return hashes with so many bits of each changed, wherever chance has it."""
    rank = rng.random((len(hashes), 256)).argsort(axis=1)
    return hashes ^ np.packbits(rank < bits[:, None], axis=1).view(np.uint64)


def synthetic(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the hashes of so many pictures, and which of them are an earlier one's, changed."""
    rng = np.random.default_rng(number)
    one = number // 100
    plain = pictures(rng, number - 2 * one - 3 * BURST)
    chosen = plain[rng.permutation(len(plain))]
    parts = [
        plain,
        changed(rng, chosen[:one], rng.integers(1, NEAR + 1, one)),
        changed(rng, chosen[one : 2 * one], np.full(one, NEAR + 1)),
        changed(rng, np.repeat(chosen[-1:], BURST, axis=0), rng.integers(0, 9, BURST)),
        np.repeat(chosen[-2:-1], BURST, axis=0),
        changed(rng, np.zeros((BURST, 4), dtype=np.uint64), rng.integers(0, 9, BURST)),
    ]
    order = rng.permutation(number)
    is_near = (order >= len(plain)) & (order < len(plain) + one)
    return np.concatenate(parts)[order], np.flatnonzero(is_near)


def by_all_pairs(hashes: np.ndarray, rows: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the near pairs of which one is among some rows, by comparing those with all."""
    is_row = np.zeros(len(hashes), dtype=bool)
    is_row[rows] = True
    for start in range(0, len(rows), 8):
        mine = rows[start : start + 8]
        far = np.zeros((len(mine), len(hashes)), dtype=np.uint16)
        for word in range(hashes.shape[1]):  # a word at a time, to keep the arrays small
            far += np.bitwise_count(hashes[mine, word][:, None] ^ hashes[:, word])
        i, j = np.nonzero(far <= NEAR)
        once = (mine[i] < j) | ~is_row[j]
        yield mine[i][once], j[once]


def numbers_of(pairs: list[tuple[np.ndarray, np.ndarray]], number: int) -> np.ndarray:
    """Return one number for each pair, ascending, whichever of the two comes first."""
    one, other = np.concatenate([np.stack(pair) for pair in pairs], axis=1)
    return np.sort(np.minimum(one, other) * number + np.maximum(one, other))


@dataclass(frozen=True)
class Row:
    """What one number of pictures has cost, as told in the table."""

    number: int
    compared: int
    seconds: float
    megabytes: float
    near: int
    all_pairs: float
    expected: int
    lost: int

    def cells(self) -> tuple[str, ...]:
        """Put the figures into words."""
        whole = self.number <= ALL
        return (
            f"{self.number:,}",
            f"{self.number * (self.number - 1) // 2:,}",
            f"{self.compared:,}",
            f"{self.near:,}",
            f"{self.seconds:.1f}",
            f"{self.megabytes:.0f}",
            f"{self.all_pairs:.1f}" if whole else "–",
            f"{self.number if whole else SOME:,}",
            f"{self.lost} of {self.expected:,}",
        )


def measure(number: int) -> Row:
    """Search once by banding, and again to hold what it finds against all pairs."""
    hashes, planted = synthetic(number)
    tracemalloc.start()
    start = time.process_time()
    search, tells = banded(hashes)
    near = sum(len(one) for one, _ in search.pairs())
    seconds = time.process_time() - start
    megabytes = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    compared = search.compared
    chosen = np.arange(len(tells))
    if number > ALL:
        chosen = np.flatnonzero(
            np.isin(tells, np.random.default_rng(0).permutation(planted)[:SOME])
        )
    start = time.process_time()
    expected = list(by_all_pairs(search.hashes, chosen))
    took = time.process_time() - start
    lost, many = held_against(search, chosen, expected)
    return Row(number, compared, seconds, megabytes, near, took, many, lost)


def held_against(
    search: Banded, chosen: np.ndarray, expected: list[tuple[np.ndarray, np.ndarray]]
) -> tuple[int, int]:
    """Return how many of the chosen rows' pairs banding loses, and how many there are.

    Raises:
        AssertionError: it finds a pair twice, or one that all pairs do not.
    """
    number = len(search.hashes)
    is_chosen = np.zeros(number, dtype=bool)
    is_chosen[chosen] = True
    kept = []
    for one, other in search.pairs():
        held = is_chosen[one] | is_chosen[other]
        kept.append((one[held], other[held]))
    found = numbers_of(kept, number)
    wanted = numbers_of(expected, number)
    assert (np.diff(found) > 0).all(), "a pair was found twice"
    assert np.isin(found, wanted, assume_unique=True, kind="sort").all(), "this is no pair"
    return len(wanted) - len(found), len(wanted)


def main() -> None:
    """Measure each number of pictures, print its row, and write the table if asked to."""
    parser = argparse.ArgumentParser("bench_banding", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write it into docs/results.md too")
    parser.add_argument("--most", type=at_least(NUMBERS[0]), default=NUMBERS[-1], help="pictures")
    given = parser.parse_args()
    heads = [cell.strip() for cell in HEAD.splitlines()[0].strip("|").split("|")]
    print(ROW.format(*heads))
    rows = []
    for number in NUMBERS:
        if number <= given.most:
            with multiprocessing.get_context("spawn").Pool(1) as process:
                row = process.apply(measure, (number,))
            print(ROW.format(*row.cells()), flush=True)
            rows.append(row)
    if given.write:
        about = f"Measured on one of {machine()}, NumPy {np.__version__}."
        write([*(f"| {' | '.join(row.cells())} |" for row in rows), "", about], HEAD, "banding")
    if any(row.lost for row in rows):
        sys.exit("Pairs were lost: see above.")


if __name__ == "__main__":
    with sentences():
        main()
