"""The bench of near-duplicates holds them against all pairs, and would say if one were lost."""

import numpy as np
import pytest

from helpers.audit import NEAR, banded
from helpers.banding import Banded
from tools import bench_banding
from tools.bench_banding import by_all_pairs, changed, held_against, measure, synthetic


class Forgetful(Banded):
    """Loses the first pair of all."""

    def pairs(self):
        lost = 1
        for one, other in super().pairs():
            yield one[lost:], other[lost:]
            lost = 0 if len(one) else lost


class Repeating(Banded):
    """Yields everything twice."""

    def pairs(self):
        yield from super().pairs()
        yield from super().pairs()


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(bench_banding, "BURST", 30)


def test_a_measured_row_finds_bursts_and_near_ones(small):
    row = measure(2000)
    assert row.lost == 0
    assert row.near == row.expected > 30 * 29 / 2 + 20
    assert row.compared < 2000 * 1999 / 2 / 20
    assert row.cells()[1] == "1,999,000" and row.cells()[-1].startswith("0 of ")


def test_of_many_pictures_some_near_ones_are_held_against_all(small, monkeypatch):
    monkeypatch.setattr(bench_banding, "ALL", 1000)
    monkeypatch.setattr(bench_banding, "SOME", 12)
    row = measure(2000)
    assert row.lost == 0
    assert 12 <= row.expected < row.near
    assert row.cells()[-3:-1] == ("–", "12")


def test_a_lost_pair_is_counted_and_one_found_twice_noticed(small):
    hashes, planted = synthetic(2000)
    assert len(planted) == 20
    search, _ = banded(hashes)
    every = np.arange(len(search.hashes))
    expected = list(by_all_pairs(search.hashes, every))
    many = sum(len(one) for one, _ in expected)
    assert held_against(search, every, expected) == (0, many)
    assert held_against(Forgetful(search.hashes, NEAR), every, expected) == (1, many)
    with pytest.raises(AssertionError, match="found twice"):
        held_against(Repeating(search.hashes, NEAR), every, expected)
    with pytest.raises(AssertionError, match="no pair"):
        held_against(Banded(search.hashes, NEAR + 1), every, expected)


def test_as_many_bits_are_changed_as_asked_for():
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 2**64, (13, 4), dtype=np.uint64)
    other = changed(rng, hashes, np.arange(13))
    assert np.bitwise_count(hashes ^ other).sum(axis=1).tolist() == list(range(13))
