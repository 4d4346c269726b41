"""The exercises on furniture: which answers are wrong, and what they are told."""

import numpy as np
from exercised import Exercised
from PIL import Image

from exercises.bed_chair_or_sofa import check_1


def read(found="table[0, 0] / table[0].sum()", believed="table[0, 0] / table[:, 0].sum()"):
    return f"check_1({found}, {believed}, table, data.class_names)"


def left(dealt="alike", which="(group == g) & (fold != f)", ends="sum(found)"):
    return f"""
alike = data.groups(pool, known=[""] * len(pool))
def left_over(labels, group, alike):
    fold = folds(labels, {dealt})
    found = [np.any({which}) for g, f in zip(group, fold)]
    return {ends}
check_2(left_over, labels, group, alike)
"""


def leak(one="np.arange(len(labels)), seed=seed", other="group, seed=seed", ends="one - other"):
    return f"""
def leak(values, labels, group, seed):
    rights = [
        np.mean(labels[nearest(values, fold)] == labels)
        for fold in (folds(labels, {one}), folds(labels, {other}))
    ]
    one, other = rights
    return {ends}
check_3(leak, {{"features": x, "pixels": images}}, labels, group)
"""


class TestBedChairOrSofa(Exercised):
    chapter = "bed_chair_or_sofa"
    cells = ("ff03d6c6", "8c9394c6", "61b464c3", "fc21f2e5", "57bfa104", "3b0bfb62", "2165cd63")
    edits = {
        "import numpy as np\n": (
            "import numpy as np\nfrom helpers.evaluate import folds, nearest\np, hits = {}, {}\n"
        ),
        # Features, and answers of which some are wrong, that no network has to be trained for.
        "group = data": "x = images[:, ::6, ::6].reshape(len(pool), -1) / 255\ngroup = data",
        'said = p["by design"].argmax(axis=1)': (
            "said = np.where(np.arange(len(labels)) % 7 < labels + 1, 1 - labels % 2, labels)"
        ),
        "images, labels =": "SIZE = (48, 48)\nimages, labels =",
        "print(table)": "wrong = ''",
        "show(draw": "_ = lambda: (draw",
    }
    wrong = {
        1: {
            read("table[0, 0] / table[:, 0].sum()", "table[0, 0] / table[0].sum()"): "way round",
            read("table[0, 0]"): "between 0 and 1",
            read("table[0, 0] / table.sum()"): "of this class alone",
            read("np.trace(table) / table.sum()"): "the accuracy",
            read("1 - table[0, 0] / table[0].sum()"): "in the first row",
            read(believed="table[0, 0] / table[0].sum()"): "its row once more",
            read(believed="table[0, 0] / table.sum()"): "called so alone",
            read(believed="1 - table[0, 0] / table[:, 0].sum()"): "the first column holds",
            read("table[0] / table[0].sum()"): "two single numbers",
        },
        2: {
            left("group"): "nothing was dealt by",
            left(which="(alike == alike[0]) & (fold != f) & False"): "nothing was counted by",
            left("np.arange(len(labels))"): "each was dealt alone",
            left(which="group == g"): "itself for company",
            left(which="(group == g) & (fold == f)"): "itself for company",
            left(which="((group == g) & (fold == f)).sum() > 1"): "in their own fold",
            left(ends="found"): "one count is asked",
            left(ends="np.mean(found)"): "a share",
            left(ends="len(set(group[found]))"): "designs are torn apart",
            left(ends="sum(found) - 1"): "have a sibling in another fold",
        },
        3: {
            leak(ends="other - one"): "other way round",
            leak(other="np.arange(len(labels)), seed=seed"): "both are dealt alike",
            leak(ends="100 * (one - other)"): "these are points",
            leak(ends="len(labels) * (one - other)"): "difference of counts",
            leak("np.arange(len(labels))", "group"): "hand it to `folds`",
            leak(ends="one"): "with seed 1",
            leak(ends="rights"): "one difference",
            leak(ends="0.04"): "looks at the values",
        },
    }

    @classmethod
    def memory(cls, folder):
        """Draw a third class into a folder of one's own: this chapter asks for three."""
        rng = np.random.default_rng(4)
        for i in range(31 if folder else 0):
            (folder / "plain").mkdir(exist_ok=True)
            coarse = rng.integers(0, 256, (3, 3, 3), dtype=np.uint8)
            Image.fromarray(coarse).resize((64, 64)).save(folder / "plain" / f"{i}.png")
        return super().memory(folder)

    def guess(self, number, rng, solution):
        return {
            1: lambda: (*rng.random(2), *solution[2:]),
            2: lambda: (lambda *_: int(rng.integers(78)), *solution[1:]),
            3: lambda: (lambda *_: rng.normal(0, 0.1), *solution[1:]),
        }[number]()


def test_a_class_that_is_never_called_and_one_without_a_mistake():
    never = np.array([[0, 4, 0], [0, 5, 0], [0, 0, 5]])
    assert check_1.verdict(0, 0, never, "abc")[0] == "right"
    assert check_1.verdict(0.5, 0, never, "abc")[0] == "not yet"
    perfect = np.diag([4, 5, 6])
    assert check_1.verdict(1.0, 1, perfect, "abc")[0] == "right"
    assert check_1.verdict(1.0, 4 / 15, perfect, "abc")[0] == "not yet"
