"""Every image is judged once, by a model that has not seen it; figures keep what they need."""

import dataclasses
import json

import numpy as np
import pytest

from helpers.data import load


@pytest.fixture
def results(keras, tmp_path, monkeypatch):
    from helpers import results

    monkeypatch.setattr(results, "RESULTS", tmp_path / "results")
    return results


def test_no_model_is_asked_about_what_it_has_seen(results):
    """Each model answers with the inputs it has learnt from, so a leak would show."""

    class Memory:
        def __init__(self, inputs):
            self.seen = set(inputs.ravel().tolist())

        def predict(self, inputs, verbose):
            return np.array([[x in self.seen, len(self.seen)] for x in inputs.ravel().tolist()])

    fold = np.array([0, 1, 2, 0, 1, 2, 0])
    inputs = np.arange(7)[:, None]
    answers = results.cross_validate(lambda x, y: Memory(x), inputs, inputs, fold)
    assert answers.tolist() == [[0, 7 - (fold == f).sum()] for f in fold]


def test_labels_go_with_their_inputs(results):
    def train(inputs, labels):
        assert (labels == 10 * inputs).all()
        return type("Same", (), {"predict": lambda _, x, verbose: x})()

    inputs = np.arange(6.0)[:, None]
    answers = results.cross_validate(train, inputs, 10 * inputs, np.arange(6) % 3)
    assert (answers == inputs).all()


def test_figures_go_where_the_course_may_write(keras):
    from helpers import results, runtime

    assert results.RESULTS.parent == runtime.SAVED


def test_a_figure_comes_with_its_interval(results, capsys, tmp_path):
    share = results.record(load("rooms"), "from scratch, 5 folds", np.ones(28) > 0, 12.3, 0.9)
    said = capsys.readouterr().out
    assert share == 1 and "28 of 28 right" in said and "87.9% to 100.0%" in said
    assert not (tmp_path / "results").exists(), "a figure of the samples is no result"


def test_the_interval_counts_groups_where_they_are_named(results, capsys):
    groups = np.arange(28) // 2
    results.record(load("rooms"), "from scratch, 5 folds", np.ones(28) > 0, 12.3, 0.9, groups)
    assert "78.5% to 100.0%" in capsys.readouterr().out  # Wilson's of 14 out of 14


def test_on_photographs_it_is_kept(results, tmp_path):
    data = dataclasses.replace(load("rooms"), source="the folder photographs")
    results.record(data, "from scratch, 5 folds", np.arange(30) < 28, 12.3, 0.9)
    kept = json.loads((tmp_path / "results" / "rooms-from_scratch.json").read_text())
    assert (kept["right"], kept["total"], kept["published"]) == (28, 30, 0.9)
    assert kept["way"] == "from scratch, 5 folds" and kept["seconds"] == 12.3


def test_a_folder_of_ones_own_is_no_published_problem(results, tmp_path):
    data = dataclasses.replace(load("rooms"), source="the folder mine", folder=tmp_path / "mine")
    results.record(data, "from scratch, 5 folds", np.ones(28) > 0, 12.3, 0.9)
    assert not (tmp_path / "results").exists()
