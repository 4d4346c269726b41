"""The rival of patches: it finds a pattern, and holds its weights as small as it should."""

import numpy as np
import pytest


def striped(down, number, seed):
    """Noise with stripes that run down the picture, or across it: uint8 (number, 24, 24, 3)."""
    rng = np.random.default_rng(seed)
    stripes = 90 * (np.arange(24) % 4 < 2)
    lit = np.broadcast_to(stripes if down else stripes[:, None], (number, 24, 24))
    return (lit[..., None] + rng.integers(60, 160, (number, 24, 24, 3))).astype("uint8")


@pytest.fixture(scope="module")
def rooms():
    pictures = np.concatenate([striped(down, 20, seed) for seed, down in enumerate((True, False))])
    return pictures, np.repeat([0, 1], 20)


def test_it_tells_stripes_apart_that_it_has_not_learnt_from(rooms):
    from tools import patches

    answers = patches.fitted(*rooms, patches.find_filters(rooms[0]))
    assert (answers(striped(True, 10, 7)) < 0.5).all()
    assert (answers(striped(False, 10, 8)) > 0.5).all()


def missed(inputs, targets, strength):
    """The squared error on each image when the others have fitted the weights, one by one."""
    for i in range(len(targets)):
        kept = np.arange(len(targets)) != i
        gram = inputs[kept] @ inputs[kept].T + strength * np.eye(len(targets) - 1)
        said = inputs[i] @ inputs[kept].T @ np.linalg.solve(gram, targets[kept])
        yield (targets[i] - said) ** 2


@pytest.mark.parametrize("noise", [0.1, 3, 30])
def test_the_ridge_is_as_strong_as_leaving_out_each_image_wants_it(noise):
    from tools.patches import ridge

    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(30, 50))
    targets = inputs @ rng.normal(size=50) + noise * rng.normal(size=30)
    best = min(10.0 ** np.arange(1, 6), key=lambda s: sum(missed(inputs, targets, s)))
    by_hand = inputs.T @ np.linalg.solve(inputs @ inputs.T + best * np.eye(30), targets)
    np.testing.assert_allclose(ridge(inputs, targets), by_hand)
