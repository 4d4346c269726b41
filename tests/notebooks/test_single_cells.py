"""Single cells with what a reader may give them: other values, and photographs of other things.

A whole chapter takes minutes; here a cell runs by itself, among what it needs of the others.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from chapters import NOTEBOOKS, code_cells

import helpers.figures


def run(cell_id, changes=(), **given):
    """Run a cell of a chapter, changed; return its names."""
    source = next(c.source for path in NOTEBOOKS for c in code_cells(path) if c.id == cell_id)
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    exec(source, given)
    return given


@pytest.mark.parametrize("last, free", [(0, 0), (1, 1), (2, 2), (36, 3)])
def test_as_many_layers_are_unfrozen_as_are_asked_for(last, free):
    import keras
    from keras import layers

    def new_head():
        return keras.Sequential([keras.Input((4,)), layers.Dense(1)])

    maps = [layers.Conv2D(4, 3, padding="same") for _ in range(3)]
    model = keras.Sequential([keras.Input((8, 8, 3)), *maps])
    model.trainable = False
    needed = {"keras": keras, "layers": layers, "new_head": new_head, "head": new_head()}
    names = run("c254cd0c", [("LAST = 36", f"LAST = {last}")], model=model, **needed)
    body = names["unfrozen"](rate=0.1).layers[0]
    assert [layer.trainable for layer in body.layers] == [False] * (3 - free) + [True] * free


@pytest.mark.parametrize("side", [48, 60, 64, 100, 150])
def test_a_bike_from_twice_as_far_stands_in_the_middle_at_any_even_size(side):
    tests = np.zeros((2, side, side, 3), "uint8")
    far = run("c9d41b72", np=np, SIZE=(side, side), tests=tests)["taken"]["farther"]
    dark = np.flatnonzero((far[0] == 0).all(axis=2).any(axis=0))
    assert len(dark) == side // 2
    assert dark[0] == side // 4


class Images(list):
    """Stands in for a split: files, labels, and a part of it."""

    def __init__(self, labels, classes):
        super().__init__(labels)
        self.labels = np.array(labels)
        self.files = [f"{classes[label]}.jpg" for label in labels]
        self.classes = classes

    def take(self, rows):
        return Images([self.labels[i] for i in rows], self.classes)


def drawn(cell_id, monkeypatch, **given):
    """Run a cell that shows pictures; return the text beside them, and how many are in a row."""
    shown = []
    monkeypatch.setattr("helpers.images.open_image", lambda *_, **__: None)
    monkeypatch.setattr(
        helpers.figures,
        "show_images",
        lambda _, titles, alt, columns=6, **__: shown.append((alt, columns)),
    )
    run(cell_id, np=np, show_images=helpers.figures.show_images, open_image=id, **given)
    return shown[0]


@pytest.mark.parametrize(
    "cell_id, classes", [("436d92aa", ["city", "racer"]), ("8c9394c6", ["lamp", "rug", "shelf"])]
)
def test_a_figure_of_other_things_names_these(monkeypatch, cell_id, classes):
    split = Images(np.repeat(range(len(classes)), 12), classes)
    data = SimpleNamespace(train=split, class_names=classes, source="mine")
    alt, _ = drawn(cell_id, monkeypatch, data=data)
    assert all(name in alt for name in classes)


def test_other_bikes_are_named_in_each_way_they_were_taken(monkeypatch):
    data = SimpleNamespace(test=Images([0, 1], "ab"), class_names=["city", "racer"])
    taken = {"mirrored": [0, 1], "far": [0, 1]}
    alt, _ = drawn("cbf63d94", monkeypatch, data=data, tests=[0, 1], taken=taken)
    assert alt == "Two bikes, city and racer, each mirrored, far."


def test_pairs_of_other_bikes_come_with_their_bits(monkeypatch):
    split = SimpleNamespace(files=["a.jpg", "b.jpg", "c.jpg"])
    given = {
        "one": np.array([0, 0, 1]),
        "other": np.array([1, 2, 2]),
        "bits": np.array([9, 15, 30]),
    }
    data = SimpleNamespace(source="mine")
    alt, _ = drawn("3cc9e68c", monkeypatch, data=data, pool=split, **given)
    assert alt == "4 pairs of bikes, by the bits that differ: 9 bits, 15 bits, 30 bits, 15 bits."


def test_siblings_stand_below_each_other_however_few_there_are(monkeypatch):
    given = {"group": np.array([0, 0, 1, 1]), "dealt": {"by picture": np.array([0, 1, 0, 1])}}
    split = SimpleNamespace(files=list("abcd"))
    seen = {"by picture": np.ones(4, bool)}
    shown = []
    look = lambda files, titles, alt, columns=6: shown.append((files, alt, columns))  # noqa: E731
    run("f0fc70d7", np=np, look=look, pool=split, seen=seen, **given)
    files, alt, columns = shown[0]
    assert (files, columns) == (["a", "c", "b", "d"], 2)
    assert alt.startswith("2 judged pictures")


def test_odd_pictures_are_named_by_what_is_odd(monkeypatch):
    from collections import Counter

    size = {"usual": (150, 150), "odd": (90, 80)}
    records = [
        SimpleNamespace(size=size[kind], grey=grey, mode="RGB", path="")
        for kind, grey in [("usual", False), ("usual", True), ("usual", False), ("odd", False)]
    ]
    alt, _ = drawn("7e24497b", monkeypatch, Counter=Counter, records=records)
    assert alt == "Odd pictures, by size or colour: RGB 90x80, grey RGB 150x150."


def test_lines_of_other_scores_are_told_by_these(monkeypatch):
    import matplotlib.pyplot as plt

    said = []
    given = {"plt": plt, "show": lambda fig, alt: (said.append(alt), plt.close(fig))}
    given |= {"BLUE": "b", "ORANGE": "r", "numbers": [10, 20]}
    given |= {"frozen": {10: [0.5, 0.7], 20: [0.8]}, "thrice": {10: [0.9], 20: [0.25]}}
    run("a0b5cb95", np=np, **given)
    assert said[0].endswith(
        "frozen features: mean from 0.60 to 0.80; from scratch: mean from 0.90 to 0.25."
    )
