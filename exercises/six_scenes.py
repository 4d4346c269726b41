"""Exercises of the chapter on scenes."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np

from helpers.evaluate import confusion
from helpers.exercises import Exercise, NotYet, call, need

SHARE = 0.7  # of the stronger picture in the mixture
SMOOTHING = 0.1
here = partial(Exercise, "six_scenes")


def asked_for(answer: np.ndarray, smoothing: float) -> np.ndarray:
    """Measure what Keras's loss asks for: each class costs its share for a bit less said of it."""
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)
    costs = []
    for said in np.eye(len(answer)):
        p = np.where(said == 1, 0.5, 0.5 / max(1, len(answer) - 1))
        lower = np.where(said == 1, p / 2, p * 1.5)
        each = [float(loss(answer[None], one[None])) for one in (p, lower / lower.sum())]
        costs.append((each, np.log(p), np.log(lower / lower.sum())))
    # The loss is minus the sum of shares times logarithms: two for each class are enough to solve.
    logs = np.concatenate([np.stack(c[1:]) for c in costs])
    losses = np.concatenate([c[0] for c in costs])
    return np.linalg.lstsq(-logs, losses, rcond=None)[0]


def mix_and_smooth(strong: float, faint: float, absent: float, classes: int) -> str:
    """Judge three shares of a mixed and smoothed answer; return what Keras's loss asks for."""
    answer = np.zeros(classes)
    answer[:2] = SHARE, 1 - SHARE
    spread = SMOOTHING / classes
    true = (1 - SMOOTHING) * answer + spread
    third = true[2] if classes > 2 else spread
    said = (strong, faint, absent)
    need(all(np.ndim(one) == 0 for one in said), "three single numbers are asked.")
    close = partial(np.allclose, said, atol=6e-4)
    need(not close((*answer[:2], 0)), "that is the mixture alone: smoothing comes after it.")
    hint = "that is smoothing alone: the picture is a mixture of two classes."
    need(not close((1 - SMOOTHING + spread, spread, spread)), hint)
    kept = (1 - SMOOTHING) * answer[:2]
    need(not close((*kept, 0)), "they lack a part of the tenth that is spread.")
    others = SMOOTHING / max(1, classes - 1)
    hint = f"the tenth is spread over all {classes} classes, those two among them."
    need(not close((*kept, others)), hint)
    need(not close((*kept, spread)), hint)
    need(not close((true[1], true[0], third)), "the stronger picture comes first.")
    hint = "a tenth of each share goes, not a part of a tenth."
    need(not close((*(answer[:2] - spread), spread)), hint)
    total = strong + faint + (classes - 2) * absent
    need(np.isclose(total, 1, atol=3e-3), f"over {classes} classes your shares make {total:.3f}.")
    measured = asked_for(answer, SMOOTHING)
    assert np.allclose(measured, true, atol=1e-4), "Keras smooths otherwise"
    need(close((*measured[:2], third)), "nine tenths of the mixture, and a part of the last tenth.")
    return (
        f"Keras's loss asks for {measured[0]:.3f}, {measured[1]:.3f} and {third:.3f}: a network "
        f"that gives more than {measured.max():.3f} to any class of such a mixture pays for it."
    )


def penalty(model: keras.Model, strength: float) -> float:
    """Return an L2 penalty on the kernels of all layers but the last that have one."""
    kernels = [layer.get_weights()[0] for layer in model.layers if layer.get_weights()]
    return strength * float(sum((kernel**2).sum() for kernel in kernels[:-1]))


def weigh_weights(by_hand: Callable, network: Callable, learnt: keras.Model) -> str:
    """Judge a penalty computed by hand against Keras's; return where it would begin to hold."""
    rng = np.random.default_rng(0)
    for strength in (1e-3, 2e-2):
        model = network(penalty=keras.regularizers.L2(strength))
        model.set_weights([rng.normal(0, 0.05, w.shape) for w in model.get_weights()])
        true = float(sum(model.losses))
        found = call(by_hand, model, strength)
        need(np.ndim(found) == 0, "one number is asked, the sum over all layers.")
        found = float(found)
        if not np.isclose(found, true, rtol=1e-4):
            say = f"Keras counts {true:.4f} for some weights, and you {found:.4f}: "
            raise NotYet(say + _miscounted(model, found / strength))
    classes = learnt.output_shape[-1]
    one = penalty(learnt, 1)
    return (
        f"1e-3 costs the network that has learnt {one / 1000:.3f} beside its loss; to guess among "
        f"{classes} classes costs {np.log(classes):.2f}. As much as that it costs from a strength "
        f"of {np.log(classes) / one:.0e} on: there it begins to hold training back."
    )


def _miscounted(model: keras.Model, found: float) -> str:
    """Say what was summed up in the place of the squares, as far as that can be told."""
    strength = 1e-3 if np.isclose(found * 1e-3, penalty(model, 1), rtol=1e-4) else 2e-2
    weights = [layer.get_weights() for layer in model.layers if layer.get_weights()]
    squares = [(kernel**2).sum() for kernel, _ in weights]
    biases = [(bias**2).sum() for _, bias in weights]
    hints = {
        "the strength is missing.": [penalty(model, 1) / strength],
        "biases go free.": [sum(squares + biases), sum(squares[:-1] + biases[:-1])],
        "the last layer has no penalty in `network`.": [sum(squares)],
        "those are absolute values, an L1: L2 takes squares.": [
            sum(np.abs(kernel).sum() for kernel, _ in weights[:-1])
        ],
        "no root is drawn.": [sum(squares[:-1]) ** 0.5, sum(np.sqrt(squares[:-1]))],
        "a sum of squares, and no mean.": [sum((k**2).mean() for k, _ in weights[:-1])],
    }
    for hint, wrong in hints.items():
        if np.isclose(found, wrong, rtol=1e-4).any():
            return hint
    return "strength times all squares of the kernels."


def pairs(table: np.ndarray) -> dict[tuple[int, int], int]:
    """Return for each pair of classes how often one was taken for the other, either way."""
    number = len(table)
    return {
        (i, j): int(table[i, j] + table[j, i]) for i in range(number) for j in range(i + 1, number)
    }


def find_hardest(hardest: Callable, truth: np.ndarray, said: np.ndarray, names: Any) -> str:
    """Judge a search for the pair of classes that is confused most; return it for the set."""
    rng = np.random.default_rng(0)
    for trial in range(4):
        table = rng.integers(0, 5, (5, 5)) + np.diag(rng.integers(20, 40, 5))
        table[3, 1] = 12 if trial < 3 else 0  # the largest single number, in one direction
        table[1, 3] = 0
        table[0, 1] = table[1, 0] = 5  # the largest of the smaller ones
        table[2, 4], table[4, 2] = (11, 4) if trial % 2 else (8, 8)
        before = table.copy()
        found = call(hardest, table)
        need(np.array_equal(table, before), "your function changes the table: work on a copy.")
        kind = np.asarray(found)
        need(kind.shape == (2,) and kind.dtype.kind in "iu", "return two numbers of classes.")
        pair = (int(min(found)), int(max(found)))
        need(pair[0] != pair[1], "that is the class called rightly: the diagonal is no mistake.")
        need(pair != (1, 3) or trial == 3, "both directions count: 3 as 1, and 1 as 3, together.")
        need(pair in pairs(table), "classes are counted from 0.")
        hint = f"{pair} are confused {pairs(table)[pair]} times, and others more often."
        need(pair == (2, 4), hint)
    table = confusion(truth, said, len(names))
    counts = pairs(table)
    one, other = sorted(int(i) for i in call(hardest, table))
    most = max(counts.values())
    need(counts.get((one, other)) == most, "right for made-up tables, and not for the chapter's.")
    ties = sum(count == most for count in counts.values())
    also = f"; {ties - 1} other pairs have as many" if ties > 1 else ""
    wrong = int(sum(counts.values()))
    return f"{most} of {wrong} mistakes lie between {names[one]} and {names[other]}{also}."


check_1 = here(
    1,
    "What is asked for",
    4,
    """\
*Predict, then run.* Mixup lays a picture of one class, with a share of 0.7, over one of another,
and label smoothing spreads a tenth of the answer over all classes. For which probabilities does the
loss then ask: of the stronger class, of the fainter one, and of a class that is not in the picture?
Write each down as a sum, with `len(NAMES)` classes; the check measures them in Keras's own
loss.""",
    """
classes = len(NAMES)
of_strong = 0.9 * 0.7 + 0.1 / classes  # solution
of_faint = 0.9 * 0.3 + 0.1 / classes  # solution
of_absent = 0.1 / classes  # solution
check_1(of_strong, of_faint, of_absent, classes)
""",
    mix_and_smooth,
    (
        "First the mixture, 0.7 and 0.3; then each share keeps nine tenths of itself.",
        "The tenth that is left is dealt to all classes alike, a part to each.",
    ),
)
check_2 = here(
    2,
    "The price of a weight",
    6,
    """\
A penalty is a remedy that the chapter left out. `network(penalty=keras.regularizers.L2(1e-3))`
adds to the loss the squares of all weights in its convolutions and in its first dense layer, times
that strength; biases and the last layer go free. Write a function that computes it for any network
of this kind. With which strength, do you think, does `plain`, the last of the three above, pay
as much for its weights as mere guessing costs, the logarithm of the number of classes? The check
says, and trains nothing.""",
    """
def by_hand(model, strength):
    with_kernels = [layer for layer in model.layers if layer.get_weights()]
    kernels = [layer.get_weights()[0] for layer in with_kernels[:-1]]  # solution
    return strength * sum((kernel**2).sum() for kernel in kernels)  # solution

check_2(by_hand, network, plain)
""",
    weigh_weights,
    (
        "`layer.get_weights()` gives a kernel and a bias; the first of the two is meant.",
        "Take the squares of a kernel, sum them up, over all layers but the last.",
    ),
)
check_3 = here(
    3,
    "The hardest pair",
    4,
    """\
Which two classes are hardest to tell apart? Write a function that takes a confusion matrix and
returns the numbers of the two classes that are taken for one another most often, both directions
together. Another day, run this chapter on a folder of your own, with `COURSE_DATA`: which two will
it be there, and would you have known?""",
    """
def hardest(table):
    both_ways = table + table.T
    # Here what is no mistake is taken out.
    np.fill_diagonal(both_ways, 0)  # solution
    return divmod(int(both_ways.argmax()), len(table))  # solution

check_3(hardest, labels, said, NAMES)
""",
    find_hardest,
    (
        "`both_ways` counts both directions; its diagonal holds right answers, so it has to go.",
        "`both_ways.argmax()` counts through rows: `divmod(..., len(table))` gives row and column.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
