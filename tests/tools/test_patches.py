"""The rival of patches: the chapter's copy and the tool's say the same, and both find a pattern."""

import ast

import nbformat
import numpy as np
import pytest
from pictures import ROOT

CHAPTER = ROOT / "notebooks" / "11_standing_on_imagenet.ipynb"
NAMES = ("patches", "find_filters", "described", "ridge")


def striped(down, number, seed):
    """Noise with stripes that run down the picture, or across it: uint8 (number, 24, 24, 3)."""
    rng = np.random.default_rng(seed)
    stripes = 90 * (np.arange(24) % 4 < 2)
    lit = np.broadcast_to(stripes if down else stripes[:, None], (number, 24, 24))
    return (lit[..., None] + rng.integers(60, 160, (number, 24, 24, 3))).astype("uint8")


@pytest.fixture(scope="module")
def taught():
    """The functions that the chapter writes out."""
    names = {"np": np, "sliding_window_view": np.lib.stride_tricks.sliding_window_view}
    cells = nbformat.read(CHAPTER, as_version=4).cells
    for cell in (cell for cell in cells if cell.cell_type == "code"):
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.FunctionDef) and node.name in NAMES:
                exec(ast.unparse(node), names)
    return names


@pytest.fixture(scope="module")
def rooms():
    pictures = np.concatenate([striped(down, 20, seed) for seed, down in enumerate((True, False))])
    return pictures, np.repeat([0, 1], 20)


def test_the_chapter_and_the_tool_describe_a_picture_in_the_same_way(taught, rooms):
    from tools import patches

    pictures, labels = rooms
    ours = patches.find_filters(pictures)
    theirs = taught["find_filters"](pictures)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)
    seen = np.stack([patches.described(picture, ours) for picture in pictures])
    assert seen.shape == (40, 4 * patches.FILTERS)
    for picture, row in zip(pictures[::9], seen[::9], strict=True):
        np.testing.assert_allclose(taught["described"](picture, ours), row, rtol=1e-4, atol=1e-4)
    inputs = seen - seen.mean(axis=0)
    weights = patches.ridge(inputs, 2.0 * labels - 1)
    np.testing.assert_allclose(taught["ridge"](inputs, 2.0 * labels - 1), weights)


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
