"""Intervals and tests against values from elsewhere, and folds against what they promise."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from helpers.errors import CourseError
from helpers.evaluate import confusion, difference, folds, interval, mcnemar, nearest, wilson
from helpers.figures import draw_confusion


@pytest.mark.parametrize("right, total", [(18, 20), (0, 20), (20, 20), (1, 1), (212, 300)])
def test_wilson_s_ends_lie_as_far_from_the_score_as_the_interval_says(right, total):
    """By the interval's definition: a share at an end is 1.96 standard deviations away."""
    low, high = wilson(right, total)
    assert 0 <= low <= right / total <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            away = abs(right / total - end) / np.sqrt(end * (1 - end) / total)
            assert away == pytest.approx(norm.ppf(0.975), rel=1e-6)


def test_wilson_s_interval_is_the_wider_the_surer_it_is():
    assert wilson(18, 20) == pytest.approx((0.699, 0.972), abs=5e-4)  # as in chapter 5
    wide, narrow = wilson(18, 20, 0.99), wilson(18, 20, 0.5)
    assert wide[0] < 0.699 < narrow[0] and narrow[1] < 0.972 < wide[1]


@pytest.mark.parametrize("right, total", [(1, 0), (-1, 5), (6, 5)])
def test_wilson_refuses_what_is_no_share(right, total):
    with pytest.raises(ValueError, match=f"{right} of {total}"):
        wilson(right, total)


def sizes(fold, labels, label, k):
    return np.bincount(fold[labels == label], minlength=k)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_folds_spread_each_class_and_keep_groups_whole(k):
    rng = np.random.default_rng(k)
    labels = rng.permutation(np.repeat([0, 1, 2], [60, 37, 11]))
    groups = np.where(labels == 1, 1000 + rng.integers(0, 25, len(labels)), np.arange(len(labels)))
    fold = folds(labels, groups, k, seed=7)
    assert fold.shape == (108,) and set(fold) == set(range(k))
    for group in np.unique(groups):
        assert len(set(fold[groups == group])) == 1
    for label in (0, 2):  # every image a group of its own: even to one image
        assert np.ptp(sizes(fold, labels, label, k)) <= 1
    largest = np.bincount(groups[labels == 1]).max()
    assert np.ptp(sizes(fold, labels, 1, k)) <= largest


def test_folds_keep_twins_of_two_classes_together():
    labels, groups = np.tile([0, 1], 50), np.repeat(np.arange(50), 2)
    fold = folds(labels, groups, 5, seed=0)
    assert (fold[::2] == fold[1::2]).all()
    assert all((sizes(fold, labels, label, 5) == 10).all() for label in (0, 1))


def test_folds_are_shuffled_by_the_seed_alone():
    labels, groups = np.repeat([0, 1], 50), np.arange(100)
    first = folds(labels, groups, 5, seed=0)
    assert (first == folds(labels, groups, 5, seed=0)).all()
    assert (first != folds(labels, groups, 5, seed=1)).any()
    assert (folds(labels[:, None].astype("float32"), groups, 5, seed=0) == first).all()
    assert (first != np.arange(100) % 5).any(), "dealt in the order of the files"


@pytest.mark.parametrize("k", [1, 4])
def test_folds_refuse_what_cannot_be_dealt(k):
    with pytest.raises(CourseError, match=f"Class 1 cannot be dealt into {k}|Class 0 .* into 1"):
        folds(np.array([0] * 9 + [1] * 9), np.array([*range(9), *np.repeat([9, 10, 11], 3)]), k)


def test_confusion_counts_truth_in_rows_and_answers_in_columns():
    truth, said = np.array([[0], [0], [1], [2], [2], [2]]), np.array([0, 1, 1, 0, 0, 2])
    assert confusion(truth, said, 4).tolist() == [
        [1, 1, 0, 0],
        [0, 1, 0, 0],
        [2, 0, 1, 0],
        [0, 0, 0, 0],
    ]


def test_a_drawn_confusion_says_every_count_in_its_place():
    table = np.array([[7, 1, 0], [2, 6, 0], [0, 0, 0]])  # a class that no image has, too
    fig = draw_confusion(table, ("bed", "chair", "sofa"))
    ax = fig.axes[0]
    assert {(t.get_position(), t.get_text()) for t in ax.texts} == {
        ((column, row), str(count)) for (row, column), count in np.ndenumerate(table)
    }
    assert [t.get_text() for t in ax.get_xticklabels()] == ["bed", "chair", "sofa"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["bed", "chair", "sofa"]
    assert "truth" in ax.get_ylabel() and "says" in ax.get_xlabel()
    assert not np.ma.is_masked(ax.images[0].get_array()), "a share of no images is drawn"


@pytest.mark.parametrize(
    "alone, other_alone, both", [(10, 3, 50), (3, 10, 0), (6, 6, 9), (1, 0, 4)]
)
def test_mcnemar_counts_the_tosses_of_a_coin(alone, other_alone, both):
    right = np.repeat([True, False, True, False], [alone, other_alone, both, 5])
    other = np.repeat([False, True, True, False], [alone, other_alone, both, 5])
    parted = alone + other_alone
    tosses = [math.comb(parted, heads) / 2**parted for heads in range(parted + 1)]
    expected = sum(chance for chance in tosses if chance <= tosses[alone] * (1 + 1e-9))
    assert mcnemar(right, other) == pytest.approx(expected, rel=1e-9)
    assert mcnemar(other, right) == pytest.approx(expected, rel=1e-9)


def test_mcnemar_of_a_model_with_itself_is_one_and_of_thousands_is_a_number():
    assert mcnemar(np.ones(5), np.ones(5)) == 1
    many = np.repeat([True, False], [2100, 1900])
    apart = abs(2100 - 2000) - 0.5  # of 4000 tosses, by the normal curve
    assert mcnemar(many, ~many) == pytest.approx(2 * norm.sf(apart / np.sqrt(1000)), rel=1e-2)


def test_an_interval_from_single_images_is_near_wilson_s():
    right = np.arange(400) % 5 > 0
    assert interval(right, np.arange(400)) == pytest.approx(wilson(320, 400), abs=0.01)


def test_copies_make_an_interval_no_narrower():
    right, copies = np.arange(100) % 5 > 0, np.repeat(np.arange(100), 4)
    once = interval(right, np.arange(100))
    assert interval(np.repeat(right, 4), copies) == once
    low, high = interval(np.repeat(right, 4), np.arange(400))
    assert once[0] < low and high < once[1]


@pytest.mark.parametrize("all_right, ends", [(True, wilson(20, 20)), (False, wilson(0, 20))])
def test_where_nothing_differs_wilson_counts_the_groups(all_right, ends):
    assert interval(np.full(40, all_right), np.arange(40) // 2 + 7) == ends


def test_a_difference_is_of_pairs():
    rng = np.random.default_rng(0)
    hard = rng.random(400) < 0.5  # both ways fail on the same half
    one, other = ~hard, ~hard & (np.arange(400) % 20 > 0)
    gain, low, high = difference(one, other, np.arange(400))
    assert gain == pytest.approx(one.mean() - other.mean()) and 0 < low < gain < high
    assert high - low < 0.05, "unpaired, 200 of 400 would leave an interval of 0.14"
    assert difference(other, one, np.arange(400))[0] == -gain


def test_a_difference_of_groups_is_as_wide_as_they_are_few():
    rng = np.random.default_rng(0)
    one, groups = np.repeat(rng.random(40) < 0.6, 10), np.repeat(np.arange(40), 10)
    (_, low, high), (_, sure_low, sure_high) = (
        difference(one, np.zeros(400), by) for by in (groups, np.arange(400))
    )
    assert high - low > 2 * (sure_high - sure_low)


def test_a_difference_takes_costs_too():
    assert difference(np.full(6, 5.0), np.full(6, 2.0), np.arange(6)) == (3, 3, 3)


def test_the_nearest_is_of_another_fold():
    inputs = np.array([[0, 0], [1, 0], [9, 9], [9, 7]], dtype=np.uint8)
    assert nearest(inputs, np.arange(4)).tolist() == [1, 0, 3, 2]
    assert nearest(inputs, np.array([0, 0, 1, 1])).tolist() == [3, 3, 1, 1]


def test_a_mistake_more_never_lifts_the_interval():
    """Of two groups that hold one, many draws hold none: the bootstrap would begin higher."""
    groups = np.repeat(np.arange(20), 2)
    ends = []
    for wrong in range(5):
        right = np.ones(40, dtype=bool)
        right[[0, 2, 4, 6][:wrong]] = False
        low, high = interval(right, groups)
        assert low < right.mean() <= high and (high < 1 or wrong < 2)
        assert interval(~right, groups) == pytest.approx((1 - high, 1 - low))
        ends.append(low)
    assert ends == sorted(ends, reverse=True)


def test_a_class_may_be_called_like_a_formula():
    draw_confusion(np.eye(2, dtype=int), ["$10_$20", "$^$"]).canvas.draw()
