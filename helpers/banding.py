"""Find near-duplicates among very many hashes, without comparing each with each.

Why no pair is lost: deal the bits of a hash out to `limit + 1` bands. Two hashes that differ in at
most `limit` bits differ in at most `limit` bands, for each bit stands in one band only; so at least
one band is the same in both (the pigeonhole principle). Whoever compares, band by band, all hashes
that are the same in it has compared every such pair, and counting bits tells the others from them.

Why a crowd is bearable: equal hashes are compared once for all of them. Where many share a band,
the bits in which they do differ are dealt out anew among them alone. And nowhere are more pairs
compared than if each were compared with each.

Source: G. S. Manku, A. Jain, A. Das Sarma, "Detecting near-duplicates for web crawling", 2007.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

CROWD = 64  # so many may share a band and are compared without looking for something better
BLOCK = 2**20  # pairs at once; bounds the memory at some hundred megabytes

Pairs = tuple[np.ndarray, np.ndarray]  # of indices: the one, and the other


def deal_out(bits: np.ndarray, number: int) -> np.ndarray:
    """Deal bits out to bands in turns, for those that stand side by side are often alike.

    Of 7,200 photographs of scenes, one in 18,500 pairs shares a band of limit 12 so, and one in 390
    shares one of neighbouring bits.

    Args:
        bits: uint64 array of shape (words,), in which the bits to deal out are set.
        number: Of bands.

    Returns:
        uint64 array of shape (number, words): a mask for each band. No bit is in two.
    """
    places = np.flatnonzero(np.unpackbits(bits.view(np.uint8)))
    masks = np.zeros((number, 64 * len(bits)), dtype=np.uint8)
    masks[np.arange(len(places)) % number, places] = 1
    return np.packbits(masks, axis=1).view(np.uint64)


@dataclass
class Banded:
    """Hashes among which near-duplicates are looked for.

    Attributes:
        hashes: uint64 array of shape (n, words).
        limit: The most bits that may differ; -1 for no pairs at all.
        compared: How many pairs of hashes were compared so far.
        distinct: The hashes, each of them once: uint64 array of shape (m, words).
        order: The n indices, those of equal hashes side by side and ascending.
        begin: int array of shape (m,), where in `order` those of each distinct hash begin.
        count: int array of shape (m,), how many there are.
    """

    hashes: np.ndarray
    limit: int
    compared: int = 0
    distinct: np.ndarray = field(init=False)
    order: np.ndarray = field(init=False)
    begin: np.ndarray = field(init=False)
    count: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        """Sort the hashes, so that equal ones stand side by side."""
        self.order = np.lexsort(self.hashes.T)
        ranked = self.hashes[self.order]
        self.begin, self.count = _runs((ranked[1:] != ranked[:-1]).any(axis=1), len(ranked))
        self.distinct = ranked[self.begin]

    def pairs(self) -> Iterator[Pairs]:
        """Yield each pair (i, j), i < j, that differs in at most `limit` bits once, in blocks."""
        several = np.flatnonzero((self.count > 1) & (self.limit >= 0))
        yield from self._members(several, several)
        for one, other in self._near():
            yield from self._members(one, other)

    def links(self) -> Iterator[Pairs]:
        """Yield pairs enough to tell what hangs together: equal hashes with their first."""
        first = self.order[self.begin]
        if self.limit >= 0:
            yield np.repeat(first, self.count), self.order
        for one, other in self._near():
            yield first[one], first[other]

    def _members(self, one: np.ndarray, other: np.ndarray) -> Iterator[Pairs]:
        """Yield the pairs of indices for pairs of distinct hashes, or of one with itself."""
        ends = np.cumsum(self.count[one] * self.count[other])
        for start in range(0, int(ends[-1]) if len(ends) else 0, BLOCK):
            number = np.arange(start, min(start + BLOCK, ends[-1]))
            pair = np.searchsorted(ends, number, side="right")
            a, b = np.divmod(ends[pair] - 1 - number, self.count[other[pair]])
            i = self.order[self.begin[one[pair]] + a]
            j = self.order[self.begin[other[pair]] + b]
            keep = (one[pair] != other[pair]) | (a < b)
            yield np.minimum(i, j)[keep], np.maximum(i, j)[keep]

    def _near(self) -> Iterator[Pairs]:
        """Yield the pairs of distinct hashes, by number, that differ in at most `limit` bits."""
        if self.limit >= 0 and len(self.distinct) > 1:
            yield from self._among(np.arange(len(self.distinct), dtype=np.int32))

    def _among(self, rows: np.ndarray) -> Iterator[Pairs]:
        """Yield the near pairs among rows; only bits in which some of them differ are dealt out."""
        hashes = self.distinct[rows]
        masks = deal_out(np.bitwise_or.reduce(hashes ^ hashes[0]), self.limit + 1)
        bands = [self._alike(rows, mask) for mask in masks]
        if sum(_pairs_of(size) for _, _, size in bands) >= _pairs_of(np.array([len(rows)])):
            yield from self._each_with_each(rows)
            return
        for number, (alike, start, size) in enumerate(bands):
            few = size <= CROWD
            for i, j in self._side_by_side(alike, start[few], size[few]):
                yield self._not_before(i, j, masks[: number + 1])
            for begin, length in zip(start[~few], size[~few], strict=True):
                for i, j in self._among(alike[begin : begin + length]):
                    yield self._not_before(i, j, masks[: number + 1])

    def _alike(
        self, rows: np.ndarray, mask: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Sort rows by what they have in a band.

        The words are mixed into one: those that are equal remain so, and a few others join them.

        Returns:
            The rows, and where those begin that share it, two at least, and how many they are.
        """
        odd = 2 * np.random.default_rng(0).integers(2**63, size=len(mask), dtype=np.uint64) + 1
        key = ((self.distinct[rows] & mask) * odd).sum(axis=1)
        order = np.argsort(key, kind="stable")
        start, size = _runs(np.diff(key[order]) != 0, len(rows))
        return rows[order], start[size > 1], size[size > 1]

    def _side_by_side(
        self, rows: np.ndarray, start: np.ndarray, size: np.ndarray
    ) -> Iterator[Pairs]:
        """Yield the near pairs within short runs of rows: each with the next, the one after, ..."""
        here = np.repeat(start + size - np.cumsum(size), size) + np.arange(size.sum())
        end = np.repeat(start + size, size)
        for step in range(1, int(size.max(initial=0))):
            within = here + step < end
            here = here[within]
            end = end[within]
            for first in range(0, len(here), BLOCK):
                one = here[first : first + BLOCK]
                yield self._close(rows[one], rows[one + step])

    def _close(self, i: np.ndarray, j: np.ndarray) -> Pairs:
        """Return those of some pairs that differ in at most `limit` bits."""
        self.compared += len(i)
        far = np.bitwise_count(self.distinct[i] ^ self.distinct[j]).sum(axis=1, dtype=int)
        return i[far <= self.limit], j[far <= self.limit]

    def _not_before(self, i: np.ndarray, j: np.ndarray, masks: np.ndarray) -> Pairs:
        """Leave out the pairs that are the same in an earlier band: they were found there.

        So are those that are not the same in this one, the last, and share the key by chance: in
        some band they are.
        """
        differ = self.distinct[i] ^ self.distinct[j]
        *before, here = masks
        new = ~(differ & here).any(axis=1)
        for mask in before:
            new &= (differ & mask).any(axis=1)
        return i[new], j[new]

    def _each_with_each(self, rows: np.ndarray) -> Iterator[Pairs]:
        """Yield the near pairs among rows, which are all compared."""
        hashes = self.distinct[rows]
        self.compared += _pairs_of(np.array([len(rows)]))
        step = max(1, BLOCK // len(rows))
        for start in range(0, len(rows), step):
            far = np.zeros((len(hashes[start : start + step]), len(hashes) - start), np.uint16)
            for word in range(hashes.shape[1]):  # a word at a time, to keep the arrays small
                columns = hashes[start:, word]
                far += np.bitwise_count(columns[: len(far), None] ^ columns)
            i, j = np.nonzero(np.triu(far <= self.limit, 1))
            yield rows[start + i], rows[start + j]


def _runs(changes: np.ndarray, number: int) -> Pairs:
    """Return where runs of equal values begin, and how long they are.

    Args:
        changes: bool array of shape (number - 1,): whether a value is another than the one before.
        number: Of values.
    """
    begin = np.flatnonzero(np.concatenate([[number > 0], changes]))
    return begin, np.diff(begin, append=number)


def _pairs_of(size: np.ndarray) -> int:
    """Return how many pairs there are within groups of these sizes."""
    return int((size * (size - 1) // 2).sum())


def joined(links: Iterable[Pairs], number: int) -> np.ndarray:
    """Number what hangs together through any of the links, however many there are.

    Args:
        links: Pairs of indices, in blocks; those that join nothing new are dropped at once.
        number: Of things to number.

    Returns:
        int array of shape (number,): equal numbers hang together.
    """
    group = np.arange(number)
    kept: list[np.ndarray] = []
    for one, other in links:
        ends = np.stack([group[one], group[other]])
        kept.append(ends[:, ends[0] != ends[1]])
        if sum(each.shape[1] for each in kept) > BLOCK:
            group = _connected(kept, number)[group]
            kept = []
    return _connected(kept, number)[group]


def _connected(ends: list[np.ndarray], number: int) -> np.ndarray:
    """Number what pairs of indices, arrays of shape (2, n), connect."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = np.concatenate([np.zeros((2, 0), dtype=int), *ends], axis=1)
    links = coo_array((np.ones(pairs.shape[1], bool), tuple(pairs)), shape=(number, number))
    return connected_components(links, directed=False)[1]
