"""Intervals against values from elsewhere."""

import pytest
from scipy.stats import binomtest

from helpers.evaluate import wilson


@pytest.mark.parametrize("right, total", [(18, 20), (0, 20), (20, 20), (1, 1), (212, 300)])
def test_wilson_agrees_with_scipy(right, total):
    expected = binomtest(right, total).proportion_ci(method="wilson")
    assert wilson(right, total) == pytest.approx((expected.low, expected.high), abs=1e-4)


@pytest.mark.parametrize("right, total", [(1, 0), (-1, 5), (6, 5)])
def test_wilson_refuses_what_is_no_share(right, total):
    with pytest.raises(ValueError, match=f"{right} of {total}"):
        wilson(right, total)
