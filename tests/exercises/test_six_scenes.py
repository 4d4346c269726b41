"""The exercises on scenes: which answers are wrong, and what they are told."""

import numpy as np
import pytest
from exercised import Exercised

from exercises.six_scenes import asked_for


def asked(strong="0.63 + 0.1 / n", faint="0.27 + 0.1 / n", absent="0.1 / n"):
    return f"n = len(NAMES)\ncheck_1({strong}, {faint}, {absent}, n)"


def squares(each="(k ** 2).sum()", which="weights[:-1]", total="strength * sum(found)"):
    return f"""
def by_hand(model, strength):
    weights = [layer.get_weights() for layer in model.layers if layer.get_weights()]
    found = [{each} for k, b in {which}]
    return {total}
check_2(by_hand, network, plain)
"""


def pair(counted="table + table.T", without="np.fill_diagonal(counted, 0)", ends="i, j"):
    return f"""
def hardest(table):
    counted = {counted}
    {without}
    i, j = divmod(int(counted.argmax()), len(table))
    return {ends}
check_3(hardest, labels, said, NAMES)
"""


class TestSixScenes(Exercised):
    chapter = "six_scenes"
    cells = (
        *("b904d752", "85116d74", "abe94d42", "60c96ba7", "1caf626f", "a2c5e14d", "9995a33e"),
        *("aa6cdd2d", "6e8b8d5d", "c68ffd2f"),
    )
    edits = {
        "else 60": "else 1",
        '    "dropout": {"dropout": 0.5},\n': "",
        "import draw_confusion": "import draw_confusion\nshow = lambda *_: None",
        # Answers of which some are wrong, for which no second network has to be trained.
        "said = p.argmax(axis=1)": (
            "labels = data.test.labels\n"
            "said = np.where(np.arange(len(labels)) % 4, labels, (labels + 1) % len(NAMES))"
        ),
    }
    tries = {2: 10}  # each builds two networks
    wrong = {
        1: {
            asked("0.7", "0.3", "0"): "the mixture alone",
            asked("0.9 + 0.1 / n", "0.1 / n", "0.1 / n"): "smoothing alone",
            asked("0.63", "0.27", "0"): "lack a part",
            asked("0.63", "0.27", "0.1 / max(1, n - 1)"): "those two among them",
            asked("0.63", "0.27"): "those two among them",
            asked("0.27 + 0.1 / n", "0.63 + 0.1 / n"): "comes first",
            asked("0.7 - 0.1 / n", "0.3 - 0.1 / n"): "a tenth of each share",
            asked("0.5", "0.4", "0.4"): "your shares make",
            asked("[0.63]"): "three single numbers",
        },
        2: {
            squares(total="sum(found)"): "strength is missing",
            squares("(k ** 2).sum() + (b ** 2).sum()"): "biases go free",
            squares("(k ** 2).sum() + (b ** 2).sum()", "weights"): "biases go free",
            squares(which="weights"): "the last layer",
            squares("abs(k).sum()"): "an L1",
            squares("(k ** 2).sum() ** 0.5"): "no root",
            squares("(k ** 2).mean()"): "no mean",
            squares(total="found"): "one number",
            squares(which="weights[:1]"): "all squares",
        },
        3: {
            pair("table.copy()"): "both directions",
            pair("np.minimum(table, table.T)"): "others more often",
            pair(without="pass"): "no mistake",
            pair(ends="i + 1, j + 1"): "counted from 0",
            pair(ends="(NAMES[0], NAMES[1])"): "two numbers",
            pair(ends="i"): "two numbers",
            pair("-table - table.T", "np.fill_diagonal(counted, -999)"): "others more often",
            "def hardest(table):\n    np.fill_diagonal(table, 0)\n    return 2, 4\n"
            "check_3(hardest, labels, said, NAMES)": "work on a copy",
        },
    }

    def guess(self, number, rng, solution):
        return {
            1: lambda: (*rng.dirichlet(np.ones(3)).tolist(), solution[3]),
            2: lambda: (lambda *_: rng.random(), *solution[1:]),
            3: lambda: (lambda _: tuple(rng.integers(0, 5, 2).tolist()), *solution[1:]),
        }[number]()


@pytest.mark.parametrize("classes", [2, 6])
def test_what_the_loss_asks_for_is_found_in_the_loss(classes):
    answer = np.eye(classes)[0]
    assert np.allclose(asked_for(answer, 0), answer, atol=1e-4)
    assert np.allclose(asked_for(answer, 0.2), 0.8 * answer + 0.2 / classes, atol=1e-4)
