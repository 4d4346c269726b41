"""How good a classifier is, and how sure that number is."""

import numpy as np

from helpers.errors import CourseError

FEW = 5  # groups: with as many, one draw in 150 holds none of them


def of_classes(out: np.ndarray) -> np.ndarray:
    """Turn a model's output (n, units) into (n, classes): one sigmoid unit stands for two."""
    return np.concatenate([1 - out, out], axis=1) if out.shape[1] == 1 else out


def wilson(right: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval of a share.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22, 1927. Chapter 5 writes the formula out.

    Args:
        right: How many succeeded.
        total: Of how many; at least 1.
        confidence: How often such an interval holds the true share, in (0, 1).

    Returns:
        (low, high), both in [0, 1].

    Raises:
        ValueError: `total` is below 1, or `right` does not lie in 0 to `total`.
    """
    from scipy.stats import binomtest  # here, for it takes a second, and not everybody asks

    if total < 1 or not 0 <= right <= total:
        raise ValueError(f"{right} of {total} is no share.")
    interval = binomtest(int(right), int(total)).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


def interval(
    right: np.ndarray, groups: np.ndarray, draws: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """Return the 95 percent interval of a share, from drawing groups instead of images.

    Where fewer than `FEW` groups hold what is rare, a mistake or a right answer, many draws hold
    none of it, so the bootstrap claims too much: Wilson's interval of as many groups stands in, for
    the same share, rounded to whole groups. Chapter 9 writes the bootstrap out.

    Args:
        right: bool array of shape (n,): was each image judged right?
        groups: int array of shape (n,): what may not count as independent has one number;
            `np.arange(n)` lets each image stand for itself.
        draws: How often groups are drawn.
        seed: Another one draws otherwise.

    Returns:
        (low, high), both in [0, 1].
    """
    right = np.ravel(right).astype(bool)
    rare = right if right.mean() < 0.5 else ~right
    if len(np.unique(np.ravel(groups)[rare])) < FEW:
        units = len(np.unique(groups))
        return wilson(round(units * right.mean()), units)
    low, high = np.quantile(_redrawn(right, groups, draws, seed), (0.025, 0.975))
    return float(low), float(high)


def difference(
    one: np.ndarray, other: np.ndarray, groups: np.ndarray, draws: int = 2000, seed: int = 0
) -> tuple[float, float, float]:
    """Return how far two ways differ on the same images, and the 95 percent interval of that.

    Pairs stay pairs and groups stay groups: what is drawn anew is groups, each with what both ways
    made of it.

    Args:
        one: Array of shape (n,): whether each image was judged right, or what it cost.
        other: The same of the other way, on the same images.
        groups: As for `interval`.
        draws: How often groups are drawn.
        seed: Another one draws otherwise.

    Returns:
        (mean of one - mean of other, low, high).
    """
    gain = np.ravel(one).astype(float) - np.ravel(other)
    low, high = np.quantile(_redrawn(gain, groups, draws, seed), (0.025, 0.975))
    return float(gain.mean()), float(low), float(high)


def _redrawn(values: np.ndarray, groups: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """Return the mean of `values` for each of `draws` drawings of groups with replacement."""
    _, group = np.unique(groups, return_inverse=True)
    sums = np.bincount(group, values)
    sizes = np.bincount(group)
    picks = np.random.default_rng(seed).integers(0, len(sizes), (draws, len(sizes)))
    return sums[picks].sum(axis=1) / sizes[picks].sum(axis=1)


def nearest(inputs: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """Return for each image the most alike of the other folds: the rival that learns nothing.

    Args:
        inputs: n images or feature vectors; alike is what differs least, squared and summed.
        fold: int array of shape (n,); images of one's own fold are not looked at.

    Returns:
        int array of shape (n,): `labels[nearest(inputs, fold)]` is what this rival answers.
    """
    flat = inputs.reshape(len(inputs), -1).astype(float)  # of bytes, every sum below is exact
    squares = (flat**2).sum(axis=1)
    apart = squares[:, None] + squares - 2 * flat @ flat.T
    apart[fold[:, None] == fold] = np.inf
    return apart.argmin(axis=1)


def folds(labels: np.ndarray, groups: np.ndarray, k: int = 5, seed: int = 0) -> np.ndarray:
    """Deal images into k folds: each class spread evenly, each group whole.

    Args:
        labels: int array of shape (n,), the class of each image.
        groups: int array of shape (n,); images of one number stay in one fold, and
            `np.arange(n)` lets each go its own way. `DataSet.groups` finds them.
        k: How many folds.
        seed: Another one deals otherwise.

    Returns:
        int array of shape (n,), the fold of each image, in 0 to k - 1.

    Raises:
        CourseError: k is below 2, or a class has fewer groups than folds.
    """
    labels = np.asarray(labels).ravel()
    rng = np.random.default_rng(seed)
    fold = np.full(len(labels), -1)
    for label in np.unique(labels):
        mine = labels == label
        most = len(np.unique(groups[mine]))
        if not 2 <= k <= most:
            fewer = f"take from 2 to {most} folds, or " * (most > 1)
            raise CourseError(
                f"Class {label} cannot be dealt into {k} folds, for it has {most} groups of "
                f"pictures that belong together: {fewer}add pictures of others."
            )
        for group in rng.permutation(np.unique(groups[mine & (fold < 0)])):
            dealt = np.bincount(fold[mine & (fold >= 0)], minlength=k)
            fold[groups == group] = dealt.argmin()
    return fold


def confusion(truth: np.ndarray, predicted: np.ndarray, n_classes: int) -> np.ndarray:
    """Count how often each class was taken for each.

    Args:
        truth: int array of shape (n,), the true class indices.
        predicted: int array of shape (n,), the indices that were named.
        n_classes: How many classes there are.

    Returns:
        int array of shape (n_classes, n_classes): a row for each true class, a column for each
        predicted one.
    """
    table = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(table, (np.ravel(truth).astype(int), np.ravel(predicted).astype(int)), 1)
    return table


def mcnemar(right: np.ndarray, other: np.ndarray) -> float:
    """Return how likely so uneven a quarrel is between two models that are equally good.

    The exact, two-sided test: only images on which one model is right and the other wrong count,
    and each is then a coin. Source: Q. McNemar, "Note on the sampling error of the difference
    between correlated proportions or percentages", Psychometrika 12, 1947.

    Args:
        right: bool array of shape (n,): is the first model right on each image?
        other: The same of the second model, on the same images.

    Returns:
        The p-value, in (0, 1]; 1 where the models never disagree.
    """
    from scipy.stats import binomtest

    first = np.ravel(right).astype(bool)
    second = np.ravel(other).astype(bool)
    parted = int((first != second).sum())
    return float(binomtest(int((first & ~second).sum()), parted).pvalue) if parted else 1.0
