"""What a learner sees while a network trains: lines, curves, and the figure that grows."""

import os
import re
import sys
import warnings
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from trained import mask

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import helpers  # noqa: E402

helpers.start()

import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

from helpers.evaluate import wilson  # noqa: E402
from helpers.runtime import is_live  # noqa: E402
from helpers.training import LiveCurves, Progress, draw_curves  # noqa: E402
from tools.figures import pictures  # noqa: E402

HISTORY = {
    "accuracy": [0.5, 0.75, 1.0],
    "loss": [0.7, 0.4, 0.1],
    "val_accuracy": [0.5, 0.9, 0.8],
    "val_loss": [0.7, 0.5, 0.9],
}
FIT = """
import os
os.environ["COURSE_LIVE"] = "{live}"
import helpers
helpers.start()
import keras
import numpy as np
from helpers.training import LiveCurves
keras.utils.set_random_seed(1)
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
x, y = np.eye(2, dtype="float32"), np.array([[0.0], [1.0]])
model.fit(x, y, validation_data=(x, y), epochs=4, verbose=0, callbacks=[LiveCurves("Four epochs.")])
"after"
"""


@pytest.fixture(autouse=True)
def nothing_left_open():
    yield
    assert not plt.get_fignums()


class Watcher(NotebookClient):
    """Runs a notebook as a front end does, and notes the kinds of messages by cell."""

    def process_message(self, msg, cell, cell_index):
        kinds = self.__dict__.setdefault("kinds", {}).setdefault(cell_index, [])
        if msg["msg_type"].endswith("display_data"):
            kinds.append((msg["msg_type"], msg["content"]["transient"].get("display_id")))
        return super().process_message(msg, cell, cell_index)


@pytest.fixture(scope="module")
def watched():
    cells = [nbformat.v4.new_code_cell(FIT.format(live=live)) for live in (1, 0)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    watcher = Watcher(notebook, timeout=120, kernel_name="python3")
    watcher.execute(cwd=str(ROOT), env=os.environ | {"PYTHONPATH": str(ROOT)})
    return watcher


def images(cell):
    """Return the figures that a cell stores, and see that it stores nothing else unforeseen."""
    assert not [o for o in cell.outputs if o.output_type in ("stream", "error")]
    assert cell.outputs[-1].data["text/plain"] == "'after'"
    found = pictures(cell)
    assert len(found) == len(cell.outputs) - 1
    return found


def test_the_figure_grows_in_its_place_when_somebody_looks_on(watched):
    kinds = watched.kinds[0]
    assert [kind for kind, _ in kinds] == ["display_data"] + 3 * ["update_display_data"]
    assert len({name for _, name in kinds}) == 1
    assert kinds[0][1]
    ((alt, _),) = images(watched.nb.cells[0])
    assert alt == "Four epochs."


def test_one_still_figure_when_nobody_does(watched):
    assert watched.kinds[1] == [("display_data", None)]
    ((alt, figure),) = images(watched.nb.cells[1])
    assert alt == "Four epochs."
    # The curves are the same: in the end both ways show four epochs of one training.
    assert figure == images(watched.nb.cells[0])[0][1]


@pytest.mark.parametrize(
    ("environment", "live"),
    [
        ({}, False),
        ({"JPY_SESSION_NAME": "05_training_curves.ipynb"}, True),
        ({"JPY_SESSION_NAME": "05_training_curves.ipynb", "COURSE_LIVE": "0"}, False),
        ({"COURSE_LIVE": "1"}, True),
    ],
)
def test_who_looks_on(monkeypatch, environment, live):
    for name in ("JPY_SESSION_NAME", "COURSE_LIVE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert is_live() is live


def test_colab_looks_on(monkeypatch):
    monkeypatch.delenv("COURSE_LIVE", raising=False)
    monkeypatch.setitem(sys.modules, "google.colab", object())
    assert is_live()


def trained_by_hand(callback, history, epochs):
    callback.set_params({"epochs": epochs})
    callback.on_train_begin()
    for epoch in range(len(history["loss"])):
        callback.on_epoch_end(epoch, {key: values[epoch] for key, values in history.items()})
    callback.on_train_end()


def test_a_second_training_starts_a_new_figure(monkeypatch):
    shown = []
    monkeypatch.setenv("COURSE_LIVE", "0")
    monkeypatch.setattr("helpers.training.show", lambda fig, alt: (shown.append(fig), plt.close()))
    curves = LiveCurves("Three epochs.", images=20)
    trained_by_hand(curves, HISTORY, 3)
    trained_by_hand(curves, HISTORY, 3)
    assert [len(fig.axes[0].lines[0].get_ydata()) for fig in shown] == [3, 3]
    assert all(fig.axes[0].collections for fig in shown)


@pytest.mark.parametrize(
    "last, history, text",
    [
        (False, HISTORY, "Curves."),
        (
            True,
            {"accuracy": [0.5, 0.9], "loss": [0.7, 0.25]},
            "Curves. Epoch 2: accuracy 0.90, loss 0.25.",
        ),
        (True, {"loss": []}, "Curves."),
    ],
)
def test_the_text_says_what_came_out_where_it_is_asked_to(monkeypatch, last, history, text):
    said = []
    monkeypatch.setenv("COURSE_LIVE", "0")
    monkeypatch.setattr("helpers.training.show", lambda fig, alt: (said.append(alt), plt.close()))
    trained_by_hand(LiveCurves("Curves.", last=last), history, 3)
    assert said == [text]


def test_progress_prints_a_line_an_epoch(capsys):
    trained_by_hand(Progress(), {"accuracy": [0.5, 0.625], "loss": [0.7, 12.3456]}, 2)
    assert capsys.readouterr().out.splitlines() == [
        "epoch  1  accuracy 0.50  loss 0.70",
        "epoch  2  accuracy 0.62  loss 12.35",
    ]


def test_progress_can_skip_but_shows_the_last(capsys):
    trained_by_hand(Progress(every=5), {"loss": [0.5] * 12}, 12)
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == ["5", "10", "12"]


def test_the_mask_hides_all_that_varies(capsys):
    seen = []
    for scale in (0.1, 1, 100):
        trained_by_hand(Progress(), {k: [v * scale for v in h] for k, h in HISTORY.items()}, 3)
        seen.append(mask(capsys.readouterr().out))
    assert seen[0] == seen[1] == seen[2]
    assert not re.search(r"\d\.\d", seen[0])


def test_training_is_solid_and_validation_dashed():
    fig = draw_curves(HISTORY)
    for ax, key in zip(fig.axes, ("accuracy", "loss"), strict=True):
        lines = {line.get_label(): line for line in ax.lines}
        for label, name, style in (
            ("training", key, "-"),
            ("validation", f"val_{key}", "--"),
        ):
            np.testing.assert_array_equal(lines[label].get_xdata(), [1, 2, 3])
            np.testing.assert_array_equal(lines[label].get_ydata(), HISTORY[name])
            assert lines[label].get_linestyle() == style
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", key)
        assert not ax.collections
    plt.close(fig)


def test_the_band_is_wilson_s_interval_of_each_point():
    fig = draw_curves(HISTORY, images=20)
    (band,) = fig.axes[0].collections
    corners = band.get_paths()[0].vertices
    for epoch, accuracy in enumerate(HISTORY["val_accuracy"], 1):
        heights = corners[corners[:, 0] == epoch][:, 1]
        expected = wilson(round(accuracy * 20), 20)
        np.testing.assert_allclose((heights.min(), heights.max()), expected)
    plt.close(fig)


@pytest.mark.parametrize("kept", [["accuracy", "loss"], ["loss"], list(HISTORY), []])
def test_whatever_was_recorded_is_drawn_without_a_warning(kept):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fig = draw_curves({key: HISTORY[key] for key in kept}, images=20)
        fig.canvas.draw()
    assert sum(len(ax.lines) for ax in fig.axes) == len(kept)
    plt.close(fig)


def test_a_training_under_way_leaves_room_for_its_epochs():
    fig = draw_curves(HISTORY, epochs=15)
    assert fig.axes[0].get_xlim() == (0.5, 15.5)
    plt.close(fig)
