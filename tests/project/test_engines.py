"""The engines of chapter 17: what it shows of them is what was run, and what was kept holds."""

import json
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from helpers.elsewhere import FOLDER
from tools.bench_engines import CHAPTER, FILE, PHOTOS, prepare
from tools.engines import PROGRAMS, TRIALS

KEPT = json.loads(FILE.read_text(encoding="utf-8"))
ENGINES = {"with_ray": "ray", "with_spark": "pyspark"}


def run(name, **given):
    """What a program says of itself, run as the benchmark runs it."""
    command = [sys.executable, "-m", "tools.engines", name, json.dumps(given)]
    return subprocess.run(command, capture_output=True, text=True, cwd=CHAPTER.parents[1])


@pytest.fixture(scope="module")
def answering(monkeypatch_module):
    """The chapter's functions as a module that the programs find."""
    for name in ("tf2onnx", "onnxruntime"):
        pytest.importorskip(name, reason="the packages of the apps are not installed: make apps")
    prepare()
    monkeypatch_module.setenv("PYTHONPATH", str(FOLDER))


@pytest.fixture(scope="module")
def monkeypatch_module():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_what_the_chapter_shows_is_what_was_run():
    code = CHAPTER.parents[1].joinpath("tools", "engines.py").read_text(encoding="utf-8")
    cells = nbformat.read(CHAPTER, as_version=4).cells
    shown = [line for c in cells for block in re.findall(r"```python\n(.*?)```", c.source, re.S)
             for line in block.splitlines()]  # fmt: skip
    assert len(shown) >= 4
    for line in shown:
        assert line.partition("  #")[0] in code, line


def test_what_was_kept_holds():
    assert [row["rows"] for row in KEPT["answers"]] == [PHOTOS] * 4
    assert len({row["digest"] for row in KEPT["answers"]}) == 1, "the labels differ"
    losses = [part["loss"] for parts in KEPT["training"].values() for part in parts]
    assert len(losses) == 3
    assert np.ptp(losses, axis=0)[:2].max() < 1e-6, "two processes train another network than one"
    said = [part["found"] for parts in KEPT["search"].values() for part in parts]
    searched = [found for found in said if found]
    assert len(searched) == 2, "one process and one chief have something to say"
    assert np.array(searched[0]).shape == (TRIALS, 2)
    assert np.allclose(*searched, atol=1e-6), "a search by two finds something else"
    assert "PerReplica" in KEPT["mirrored"]["said"]


def test_the_chapters_functions_answer_in_a_program_of_their_own(answering):
    said = json.loads(run("alone", number=20, rounds=1).stdout.splitlines()[-1])
    assert said["rows"] == 20
    again = json.loads(run("with_joblib", number=20, rounds=1).stdout.splitlines()[-1])
    assert again["digest"] == said["digest"]


@pytest.mark.parametrize("program", ENGINES)
def test_an_engine_gives_the_same_labels(answering, program):
    pytest.importorskip(ENGINES[program], reason="the extra `scale` is not installed")
    plain, spread = (json.loads(run(name, **given).stdout.splitlines()[-1]) for name, given in (
        ("alone", {"number": 20, "rounds": 1}), (program, {"number": 20})))  # fmt: skip
    assert spread["rows"] == 20 and spread["digest"] == plain["digest"]


def test_every_program_is_one_that_the_benchmark_starts():
    source = CHAPTER.parents[1].joinpath("tools", "bench_engines.py").read_text(encoding="utf-8")
    assert all(f'"{program.__name__}"' in source for program in PROGRAMS)
