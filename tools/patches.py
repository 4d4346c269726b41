"""A rival for every network: filters from patches that nobody has labelled, and a ridge on top.

Source: A. Coates, A. Ng, H. Lee, "An analysis of single-layer networks in unsupervised feature
learning", AISTATS 2011. Chapter 11 writes it out, and a test holds this copy and the chapter's
together.
"""

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

SIZE = (96, 96)  # height and width in pixels
SIDE = 6  # pixels of a patch
STEP = 2  # pixels from one patch to the next
FILTERS = 200
Filters = tuple[np.ndarray, np.ndarray, np.ndarray]


def patches(picture: np.ndarray) -> np.ndarray:
    """Return the patches of a picture (height, width, 3), of one brightness and one contrast."""
    cut = sliding_window_view(picture, (SIDE, SIDE), axis=(0, 1))[::STEP, ::STEP]
    rows = cut.reshape(-1, 3 * SIDE * SIDE).astype("float32")
    rows -= rows.mean(axis=1, keepdims=True)
    return rows / np.sqrt(rows.var(axis=1, keepdims=True) + 10)


def find_filters(pictures: np.ndarray, rounds: int = 10, seed: int = 0) -> Filters:
    """Whiten some patches of each picture, and gather them around centres: k-means."""
    rng = np.random.default_rng(seed)
    some = np.concatenate([rng.choice(patches(picture), 120) for picture in pictures])
    centre = some.mean(axis=0)
    values, axes = np.linalg.eigh(np.cov(some.T))
    whiten = ((axes / np.sqrt(values + 0.1)) @ axes.T).astype("float32")
    some = (some - centre) @ whiten
    kernels = rng.choice(some, FILTERS)
    for _ in range(rounds):
        nearest = ((kernels**2).sum(axis=1) / 2 - some @ kernels.T).argmin(axis=1)
        for k in np.unique(nearest):
            kernels[k] = some[nearest == k].mean(axis=0)
    return centre, whiten, kernels


def described(picture: np.ndarray, filters: Filters) -> np.ndarray:
    """Return how much of each filter lies in each quarter of a picture: 4 times FILTERS numbers.

    A patch counts for the filters that are closer to it than the average filter is, by how much.
    """
    centre, whiten, kernels = filters
    rows = (patches(picture) - centre) @ whiten
    squares = (rows**2).sum(axis=1)[:, None] + (kernels**2).sum(axis=1) - 2 * rows @ kernels.T
    apart = np.sqrt(np.maximum(squares, 0))
    closer = np.maximum(apart.mean(axis=1, keepdims=True) - apart, 0)
    height, width = ((side - SIDE) // STEP + 1 for side in picture.shape[:2])
    halves = np.array_split(closer.reshape(height, width, -1), 2, axis=0)
    quarters = [quarter for half in halves for quarter in np.array_split(half, 2, axis=1)]
    return np.concatenate([quarter.mean(axis=(0, 1)) for quarter in quarters])


def ridge(inputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return weights, held small as strongly as each image's answer by all others likes best."""
    gram = inputs @ inputs.T
    least = np.inf
    for strength in 10.0 ** np.arange(1, 6):
        inverse = np.linalg.inv(gram + strength * np.eye(len(gram)))
        missed = inverse @ targets / np.diag(inverse)  # of each image, had it been left out
        if (missed**2).mean() < least:
            least = (missed**2).mean()
            weights = inputs.T @ inverse @ targets
    return weights


def fitted(
    images: np.ndarray, labels: np.ndarray, filters: Filters
) -> Callable[[np.ndarray], np.ndarray]:
    """Learn from labelled images (0 or 1); return what answers for others, 0.5 on the fence."""
    inputs = np.stack([described(picture, filters) for picture in images])
    centre = inputs.mean(axis=0)
    spread = inputs.std(axis=0) + 1e-6
    targets = 2.0 * labels.ravel() - 1
    weights = ridge((inputs - centre) / spread, targets - targets.mean())

    def answers(others: np.ndarray) -> np.ndarray:
        seen = np.stack([described(picture, filters) for picture in others])
        return (1 + targets.mean() + (seen - centre) / spread @ weights) / 2

    return answers
