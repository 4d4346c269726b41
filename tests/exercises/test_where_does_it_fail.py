"""The exercises on failures: which answers are wrong, and what they are told."""

import shutil

import numpy as np
import pytest
from exercised import Exercised, own_photos

from exercises.where_does_it_fail import check_2, check_3


def many(expected="0.05 * len(members)", some="1 - 0.95 ** len(members)"):
    return f"check_1({expected}, {some}, members)"


def walls(cut):
    return f"""
is_paint = np.array([fact["wall"][0] == "paint" for fact in known])
grey = np.array([fact["wall"][1] < 0.7 for fact in known])
check_2({cut}, known, slices, room, hits)
"""


def kept(
    ends="network.indices(change(opened)) == network.indices(opened)",
    asked="network",
):
    return f"""
def keeps_answer(network, files, change):
    network = {asked}
    opened = np.stack([network.open(file) for file in files])
    return {ends}
check_3(keeps_answer, classifier, strange, gates)
"""


class TestWhereDoesItFail(Exercised):
    chapter = "where_does_it_fail"
    sets = ("samples",)  # it asks for what the studio has written down of each picture
    cells = (
        *("f02a944c", "4eb7f226", "2417dfed", "14ec7b3f", "ccf30e63", "0973b975", "e902890c"),
        *("5059f79f", "9b3402e7", "d3bffcdd", "de7b3957", "bed9af4d"),
    )
    edits = {
        # Three networks that are wrong at random, for which none has to be trained.
        "out_of_fold(images, labels, folds(labels, room, 5, seed), seed)": (
            "np.abs(labels - (np.random.default_rng(seed).random(len(labels)) < 0.13))"
        ),
        "classifier = trained(data)": (
            "test_room = data.groups(data.test)\nclassifier = trained(data, epochs=1)"
        ),
    }
    wrong = {
        1: {
            many("0.05"): "that is one interval",
            many("0.95 * len(members)"): "expected to hit",
            many("1"): "one in twenty each",
            many(some="0.05 * len(members)"): "no more than 1",
            many(some="0.95 ** len(members)"): "none misses",
            many(some="0.05 ** len(members)"): "all of them miss",
            many(some="0.05"): "one alone",
            many(some="0.5"): "cases",
            many("[1.05]"): "two single numbers",
        },
        2: {
            walls("[is_paint, ~is_paint]"): "a dict",
            walls('{"wall paint": is_paint}'): "in no slice",
            walls("{}"): "in no slice",
            walls('{"wall paint": is_paint, "wall wallpaper": is_paint | ~is_paint}'): "in two",
            walls('{"wall paint": ~is_paint, "wall wallpaper": is_paint}'): "holds rooms with",
            walls('{"wall paint": grey, "wall wallpaper": ~grey}'): "cut by the word",
            walls('{"wall": is_paint | ~is_paint}'): "words for walls",
            walls('{"wall paint": is_paint[::2], "wall wallpaper": ~is_paint[::2]}'): "of each of",
            walls('{"wall paint": np.flatnonzero(is_paint)}'): "of each of",
            walls('{"wall paint": is_paint * 1, "wall wallpaper": 1 - is_paint}'): "True or False",
        },
        3: {
            kept("network.indices(change(opened)) != network.indices(opened)"): "whose answer st",
            kept("network.indices(change(opened))"): "these are answers",
            kept("network.indices(opened) == network.indices(opened)"): "no answer is said to",
            kept(asked="classifier"): "ask the network that is given",
            kept("np.mean(network.indices(change(opened)) == network.indices(opened))"): "for each",
            kept(
                "(network.probabilities(change(opened)) == network.probabilities(opened)).all(1)"
            ): "not probabilities",
            kept("network.indices(mirror(opened)) == network.indices(opened)"): "stops with",
            kept("network.indices(opened[:, :, ::-1]) == network.indices(opened)"): "answers 12 st",
        },
    }

    def guess(self, number, rng, solution):
        cut = rng.random(240) < 0.5
        return {
            1: lambda: (rng.uniform(0, 3), rng.random(), *solution[2:]),
            2: lambda: ({"paint": cut, "wallpaper": ~cut}, *solution[1:]),
            3: lambda: (lambda _, files, __: rng.random(len(files)) < 0.5, *solution[1:]),
        }[number]()

    def test_a_slice_may_be_a_list(self, space, capsys):
        cut = '{"wall paint": is_paint.tolist(), "wall wallpaper": (~is_paint).tolist()}'
        assert self.said(check_2, walls(cut), space, capsys).startswith("right: ")


@pytest.mark.parametrize("own", [False, True])
def test_the_rooms_of_the_chapter_are_asked_whatever_course_data_says(own, tmp_path, monkeypatch):
    if own:
        folder = own_photos(tmp_path / "own")
        shutil.copytree(folder / "busy", folder / "third")
        monkeypatch.setenv("COURSE_DATA", str(folder))
    else:
        monkeypatch.delenv("COURSE_DATA", raising=False)
    from exercises.where_does_it_fail import Lamp

    def solution(network, files, change):
        opened = np.stack([network.open(file) for file in files])
        return network.indices(change(opened)) == network.indices(opened)

    def strange(pictures):
        return {"learnt": np.zeros(len(pictures))}

    found = check_3.verdict(solution, Lamp(1, 0), strange, {"learnt": 1})
    assert found[0] == "right" and "of 80 pictures" in found[1], found
