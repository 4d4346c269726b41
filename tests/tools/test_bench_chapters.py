"""What `make bench` says of a chapter: whose time it was, and whose memory."""

import os
import sys
import threading
from types import SimpleNamespace

import nbformat
import pytest

from tools import bench_chapters, clocks, tables
from tools.bench_chapters import Taken, memory


@pytest.fixture
def ticking(monkeypatch):
    """Clocks whose seconds pass when they are told to."""
    now = [0.0]
    monkeypatch.setattr(clocks.time, "perf_counter", lambda: now[0])

    def passes(seconds):
        now[0] += seconds

    return clocks.Clocks(), passes


def test_a_clock_stands_while_another_runs(ticking):
    hands, passes = ticking
    draw = hands.timed(lambda: passes(2), "drawing")

    def trains():
        passes(3)
        draw()
        passes(4)

    passes(1)
    hands.timed(trains, "training")()
    hands.book()
    assert hands.seconds == {"import": 0, "graphs": 0, "training": 7, "drawing": 2, "rest": 1}


def test_a_clock_ends_where_its_function_fails(ticking):
    hands, passes = ticking

    def fails():
        passes(2)
        raise KeyError

    with pytest.raises(KeyError):
        hands.timed(fails, "training")()
    passes(5)
    hands.book()
    assert (hands.seconds["training"], hands.seconds["rest"]) == (2, 5)


def test_another_thread_is_nobodys_time(ticking):
    hands, passes = ticking
    beside = threading.Thread(target=hands.timed(lambda: passes(2), "drawing"))
    beside.start()
    beside.join()
    hands.book()
    assert hands.seconds["drawing"] == 0 and hands.running == ["rest"]


def test_only_the_call_that_traces_builds_a_graph(ticking, keras):
    import tensorflow as tf

    hands, passes = ticking
    doubled = tf.function(lambda x: 2 * x)

    def call(function, x):
        passes(1)
        return function(x)

    counted = hands.first_calls(call)
    counted(doubled, tf.zeros(2))
    counted(doubled, tf.zeros(2))
    hands.book()
    assert hands.seconds["graphs"] == 1
    counted(doubled, tf.zeros(3))  # another shape, another graph
    hands.book()
    assert (hands.seconds["graphs"], hands.seconds["rest"]) == (2, 1)


def test_shares_are_of_what_the_cells_took():
    seconds = dict.fromkeys(clocks.KINDS, 2.0)
    taken = Taken("07_look.ipynb", 12.4, 17.6, seconds, 612.3, 1004.8)
    assert taken.row == "| 7 | 12 | 18 | 20% | 20% | 20% | 20% | 20% | 612 | 1005 |"
    assert bench_chapters.HEAD.splitlines()[0].count("|") == taken.row.count("|")


def test_rows_of_other_chapters_stay_and_in_order(tmp_path, monkeypatch, capsys):
    page = tmp_path / "results.md"
    old = ["| 2 | old |", "| 10 | old |"]
    around = ["<!-- chapters -->", bench_chapters.HEAD, *old, "<!-- end -->", "| 9 | no |"]
    page.write_text("\n".join(around))
    monkeypatch.setattr(tables, "PAGE", page)
    monkeypatch.setattr(
        bench_chapters, "bench", lambda path: SimpleNamespace(row=f"| {int(path.name[:2])} | new |")
    )
    paths = [tmp_path / name for name in ("03_c.ipynb", "02_b.ipynb")]
    for path in paths:
        nbformat.write(nbformat.v4.new_notebook(), path)
    monkeypatch.setattr(sys, "argv", ["bench", *map(str, paths), "--write"])
    bench_chapters.main()
    wanted = ["| 2 | new |", "| 3 | new |", "| 10 | old |"]
    assert tables.stored(bench_chapters.HEAD, "chapters", page) == wanted
    assert "| 9 | no |" in page.read_text() and "| 3 | new |" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_anonymous_memory_is_what_a_process_writes_to():
    before = memory(os.getpid())
    mine = bytearray(b"x") * 200_000_000
    after = memory(os.getpid())
    assert 190 < after["RssAnon"] - before["RssAnon"] < 210 and len(mine)
    assert after["VmHWM"] >= after["RssAnon"] and memory(0) == {}


SMALL = """\
import keras, time, numpy as np
from helpers.figures import show
from matplotlib.figure import Figure
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(np.zeros((640, 2)), np.zeros((640, 1)), batch_size=4, verbose=0)
show(Figure(), "nothing")
begun = time.process_time()
while time.process_time() < begun + 0.5:
    pass"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_chapter_is_measured_and_left_alone(tmp_path):
    path = tmp_path / "00_small.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SMALL)])
    nbformat.write(notebook, path)
    stored = path.read_bytes()
    taken = bench_chapters.bench(path)
    assert path.read_bytes() == stored
    assert set(taken.clocks) == set(clocks.KINDS) and min(taken.clocks.values()) > 0
    assert sum(taken.clocks.values()) < taken.seconds and taken.cpu > 0.5
    assert 100 < taken.anonymous < taken.everything
