"""Banding finds what all pairs would find, each pair once, and bears a crowd."""

from pathlib import Path

import numpy as np
import pytest

from helpers import banding
from helpers.audit import NEAR, Inspection, audit, groups, near_pairs
from helpers.banding import BLOCK, CROWD, Banded, deal_out, joined

ALL = np.full(4, 2**64 - 1, dtype=np.uint64)
LIMITS = (-1, 0, 1, 4, NEAR, 40)


def random_hashes(rng, number):
    return rng.integers(0, 2**64, (number, 4), dtype=np.uint64)


def with_flipped(hashes, bits):
    """Return hashes of which each has its own bits flipped: rows of numbers from 0 to 255."""
    flips = np.zeros((len(hashes), 256), dtype=np.uint8)
    np.put_along_axis(flips, np.asarray(bits), 1, axis=1)
    return hashes ^ np.packbits(flips, axis=1).view(np.uint64)


def some_flipped(rng, hashes, number):
    return with_flipped(hashes, [rng.choice(256, number, replace=False) for _ in hashes])


def by_all_pairs(hashes, limit):
    far = sum(np.bitwise_count(word[:, None] ^ word).astype(np.uint16) for word in hashes.T)
    return np.argwhere(np.triu(far <= limit, 1)).tolist()


def found(hashes, limit):
    """List the pairs that banding finds; fail where it finds one twice."""
    pairs = [np.stack(block, axis=1) for block in Banded(hashes, limit).pairs()]
    listed = np.concatenate([np.zeros((0, 2), dtype=int), *pairs]).tolist()
    assert len({tuple(pair) for pair in listed}) == len(listed), "a pair is found twice"
    return sorted(listed)


def crowded(rng, limit):
    """Hashes with near ones at the limit and just beyond it, equal ones, and crowds around some."""
    base = random_hashes(rng, 150)
    most = max(limit, 0)
    parts = [base, base[:40], some_flipped(rng, base[:60], most)]
    parts.append(some_flipped(rng, base[:60], most + 1))
    parts.append(some_flipped(rng, np.repeat(base[:1], 3 * CROWD, axis=0), 3))
    parts.append(some_flipped(rng, np.repeat(base[1:2], 3 * CROWD, axis=0), 9))
    hashes = np.concatenate(parts)
    return hashes[rng.permutation(len(hashes))]


@pytest.mark.parametrize("number", [1, 2, NEAR + 1, 256, 300])
def test_each_bit_is_in_one_band(number):
    masks = deal_out(ALL, number)
    assert masks.shape == (number, 4)
    assert np.bitwise_count(masks).sum() == 256
    assert (np.bitwise_or.reduce(masks) == ALL).all()
    left = deal_out(ALL & ~masks[0], 2)
    assert (np.bitwise_or.reduce(left) == ALL & ~masks[0]).all() and not (left[0] & left[1]).any()


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("seed", range(3))
def test_as_all_pairs_on_random_hashes_and_crowds(limit, seed):
    hashes = crowded(np.random.default_rng(seed), limit)
    expected = by_all_pairs(hashes, limit)
    assert found(hashes, limit) == expected
    assert bool(expected) == (limit >= 0)


@pytest.mark.parametrize("limit", [0, 1, 4, NEAR])
def test_the_worst_that_a_pair_can_do_at_the_limit(limit):
    """Bits flipped in all bands but one: found by that one. In all of them: one bit too many."""
    rng = np.random.default_rng(0)
    bands = [np.flatnonzero(np.unpackbits(m.view(np.uint8))) for m in deal_out(ALL, limit + 1)]
    base = random_hashes(rng, limit + 1)
    bits = [[rng.choice(b) for n, b in enumerate(bands) if n != left] for left in range(limit + 1)]
    near = with_flipped(base, np.array(bits, dtype=int).reshape(limit + 1, limit))
    beyond = with_flipped(base, [[rng.choice(band) for band in bands] for _ in base])
    assert found(np.concatenate([base, near]), limit) == [
        [i, i + limit + 1] for i in range(limit + 1)
    ]
    assert found(np.concatenate([base, beyond]), limit) == []


@pytest.mark.parametrize("limit", [1, 4, NEAR])
def test_a_crowd_in_every_band_that_is_near_in_none(limit):
    """Each hash has one band of one picture and else what is its own, and the picture is there."""
    rng = np.random.default_rng(limit)
    masks = deal_out(ALL, limit + 1)
    picture = random_hashes(rng, 1)
    mine = np.repeat(masks, 2 * CROWD, axis=0)
    hashes = np.concatenate([picture, (picture & mine) | (random_hashes(rng, len(mine)) & ~mine)])
    hashes = np.concatenate([hashes, some_flipped(rng, hashes[::50], limit)])
    search = Banded(hashes, limit)
    assert sum(len(i) for i, _ in search.pairs()) == len(by_all_pairs(hashes, limit)) > 0
    assert search.compared < len(hashes) * (len(hashes) - 1) / 2


@pytest.mark.parametrize("limit", [2, 3, 7, 15])
def test_a_pair_whose_keys_are_alike_by_chance_is_told_once(limit):
    """The words of a key are mixed by odd factors: two topmost bits cancel each other."""
    hashes = random_hashes(np.random.default_rng(0), 2000)
    top = np.uint64(2**63)
    hashes[1] = hashes[0]
    hashes[0, :2] = hashes[0, 0] | top, hashes[0, 1] & ~top
    hashes[1, :2] = hashes[1, 0] & ~top, hashes[1, 1] | top
    assert found(hashes, limit) == [[0, 1]]


def test_a_crowd_is_dealt_out_anew():
    rng = np.random.default_rng(0)
    first = deal_out(ALL, NEAR + 1)[0]
    hashes = random_hashes(rng, 1) & first | random_hashes(rng, 5000) & ~first
    search = Banded(hashes, NEAR)
    assert not any(len(i) for i, _ in search.pairs())
    assert search.compared < 5000 * 4999 / 2 / 1000


def test_a_burst_of_equal_hashes_is_compared_once_and_all_its_pairs_are_told():
    rng = np.random.default_rng(0)
    hashes = np.concatenate([np.repeat(random_hashes(rng, 1), 3000, axis=0), random_hashes(rng, 9)])
    hashes = np.concatenate([hashes, some_flipped(rng, hashes[:1], NEAR)])
    search = Banded(hashes, NEAR)
    blocks = list(search.pairs())
    assert sum(len(i) for i, _ in blocks) == 3000 * 2999 / 2 + 3000
    assert max(len(i) for i, _ in blocks) <= BLOCK
    assert search.compared <= 11 * 10 / 2
    assert sum(len(one) for one, _ in search.links()) < 3100


@pytest.mark.parametrize("block", [BLOCK, 50])
def test_what_hangs_together_is_numbered_as_by_all_pairs(block, monkeypatch):
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    monkeypatch.setattr(banding, "BLOCK", block)
    hashes = crowded(np.random.default_rng(7), NEAR)
    ends = np.array(by_all_pairs(hashes, NEAR)).T
    links = coo_array((np.ones(ends.shape[1]), tuple(ends)), shape=(len(hashes),) * 2)
    expected = connected_components(links, directed=False)[1]
    assert joined(Banded(hashes, NEAR).links(), len(hashes)).tolist() == expected.tolist()


def test_nothing_and_one_have_no_pairs():
    for number in (0, 1):
        hashes = random_hashes(np.random.default_rng(0), number)
        assert found(hashes, NEAR) == [] == near_pairs(hashes)
        assert joined(Banded(hashes, NEAR).links(), number).tolist() == [0] * number
    assert groups([]).tolist() == []


def test_white_pictures_are_no_pairs_however_many():
    white = np.zeros((4000, 4), dtype=np.uint64)
    assert near_pairs(white) == []
    assert near_pairs(~white) == []


def test_of_very_many_pairs_some_are_named_and_the_rest_is_counted(monkeypatch):
    """Five near ones make ten pairs, of which one are copies; one file is in another place."""
    monkeypatch.setattr("helpers.audit.LISTED", 4)
    rng = np.random.default_rng(0)
    hashes = some_flipped(rng, np.repeat(random_hashes(rng, 1), 5, axis=0), 2)
    hashes[4] = hashes[3]
    files = [
        Inspection(Path(f"{i}.png"), "PNG", "RGB", (9, 9), digest=str(min(i, 3)), bits=bits)
        for i, bits in enumerate(hashes)
    ]
    said = audit(files, ["train/a", "test/a", *["train/a"] * 3])
    assert said["exact duplicates"] == ["train/a/3.png = train/a/4.png"]
    assert len(said["near duplicates"]) == 5
    assert said["near duplicates"][-1] == "and 5 more"
    across = [f"train/a/{i}.png" for i in (0, 2, 3, 4)]
    named = said["duplicates across splits or classes"]
    assert len(named) == 4 and all(any(name in line for line in named) for name in across)
