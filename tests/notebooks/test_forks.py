"""A kernel that was forked is what an ordinary one is, and where none can be, there is that one."""

import ast
import os
import signal
import socket
import sys
import time
from pathlib import Path

import forks
import nbformat
import pytest
from chapters import kernel
from forks import ADDRESS, USUAL, forked, kept

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")


@pytest.fixture(autouse=True)
def unchanged(monkeypatch):
    """Whatever other tests have set in this process meanwhile: it is as if it had begun so."""
    monkeypatch.setattr(forks, "BEGUN", kept(os.environ))


# What a chapter may notice of how its kernel began, but for what is imported.
FACTS = """
import os, signal, sys, warnings
facts = {"path": sys.path, "cwd": os.getcwd(), "name": sys.argv[0], "threads": sys.flags}
facts["signals"] = [str(signal.getsignal(number)) for number in range(1, 16)]
facts["filters"] = [str(one) for one in warnings.filters]
facts["environment"] = {k: v for k, v in os.environ.items() if not k.startswith(("JPY_", "KERNEL"))}
print({key: str(value) for key, value in facts.items()})
"""
HAS = "print('tensorflow' in sys.modules)"
FIT = """
sys.path.insert(0, "..")
import helpers
helpers.start()
import keras, numpy as np, matplotlib.pyplot as plt
keras.utils.set_random_seed(1)
given = np.random.default_rng(0).random((64, 16, 16, 3))
layers = [keras.Input((16, 16, 3)), keras.layers.Conv2D(8, 3, activation="relu")]
layers += [keras.layers.Flatten(), keras.layers.Dropout(0.5), keras.layers.Dense(1)]
model = keras.Sequential(layers)
model.compile("adam", "mse")
model.fit(given, given.mean(axis=(1, 2, 3)), epochs=3, verbose=0)
print(model.predict(given, verbose=0).tobytes().hex(), plt.get_backend())
"""


def told(tmp_path):
    """What a kernel prints of the three, in order."""
    cells = [nbformat.v4.new_code_cell(source) for source in (FACTS, HAS, FIT)]
    with kernel(tmp_path) as runs:
        assert [runs.run(cell) for cell in cells] == [None] * 3
        return [runs.said[cell.id][0].strip() for cell in cells]


def test_it_finds_the_same_and_trains_to_the_same_bits(tmp_path, monkeypatch):
    facts, has, fit = told(tmp_path)
    monkeypatch.delenv(ADDRESS)
    ordinary = told(tmp_path)
    assert (has, ordinary[1]) == ("True", "False"), "only one has TensorFlow from the beginning"
    assert ast.literal_eval(facts) == ast.literal_eval(ordinary[0])
    assert fit == ordinary[2]


def asked(**changes):
    """Ask for a kernel that ends at once, for it is given no file."""
    environment = {**os.environ, **changes}
    return forked([*USUAL, "--no-such-option"], {"env": environment, "stderr": os.dup(2)})


def test_who_asks_is_told_its_end_and_what_begins_otherwise_is_not_forked(monkeypatch, tmp_path):
    assert asked(COURSE_LIVE="1").wait() != 0
    assert asked(KERAS_HOME="/elsewhere") is None, "Keras reads that where it is imported"
    assert forked([sys.executable, "-c", "print(1)"], {"env": dict(os.environ)}) is None
    monkeypatch.setenv(ADDRESS, str(tmp_path / "nobody"))
    assert asked() is None
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "gone"))
    monkeypatch.setenv(ADDRESS, str(tmp_path / "gone"))
    assert asked() is None


def test_it_ends_when_it_is_told_to_and_when_nobody_is_there_any_more(tmp_path):
    for end in (lambda one: one.send_signal(signal.SIGKILL), lambda one: one.connection.close()):
        options = [*USUAL, "-f", str(tmp_path / "connection.json")]
        process = forked(options, {"env": dict(os.environ)})
        assert process.poll() is None and os.getpgid(process.pid) == process.pid
        end(process)
        until = time.monotonic() + 60
        there = Path(f"/proc/{process.pid}")
        while there.exists() and time.monotonic() < until:
            time.sleep(0.01)
        assert not there.exists()
        (tmp_path / "connection.json").unlink(missing_ok=True)
    assert asked().wait() != 0, "the next one is forked as before"
