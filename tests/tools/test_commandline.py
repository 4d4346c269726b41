"""The tools' command lines: what is wrong is said in one sentence, before anything begins."""

import sys

import pytest

from helpers.runtime import ROOT
from tools import bench_banding, bench_chapters, engines, fits, measure, pins, pretrain, run, seeds

TAKEN = {"measure": measure, "fits": fits}  # whose words are handed to their main


def stopped(tool, words, monkeypatch):
    """Return with which status, or sentence, a tool ends."""
    monkeypatch.setattr(sys, "argv", [tool.__name__, *words])
    with pytest.raises(SystemExit) as end:
        tool.main(*([words] if tool in TAKEN.values() else []))
    return end.value.code


@pytest.mark.parametrize("content", ["", '{"cells": 3}', "[]", "<<<<<<< HEAD", "no file", "folder"])
@pytest.mark.parametrize("tool", [run, seeds, bench_chapters])
def test_a_notebook_that_cannot_be_read_is_named(tool, content, tmp_path, monkeypatch):
    path = tmp_path / "05_mine.ipynb"
    if content == "folder":
        path.mkdir()
    elif content != "no file":
        path.write_text(content)
    monkeypatch.setattr(run.shutil, "rmtree", lambda *_, **__: pytest.fail("the cache is lost"))
    said = stopped(tool, [str(path)], monkeypatch)
    assert str(path) in said and "notebook" in said and "\n" not in said


@pytest.mark.parametrize(
    "tool, words, hint",
    [
        (seeds, ["a.ipynb", "--seeds", "0"], "0 is below 1"),
        (seeds, ["a.ipynb", "--workers", "two"], "'two' is no whole number"),
        (seeds, ["a.ipynb", "--first", "-1"], "-1 is below 0"),
        (bench_banding, ["--most", "5"], "5 is below 10000"),
        (pretrain, ["rooms", "nosuch"], "invalid choice: 'nosuch'"),
        (fits, ["nosuch"], "invalid choice: 'nosuch'"),
        (measure, ["plain", "nosuch"], "invalid choice: 'nosuch'"),
        (measure, ["plain", "-3"], "invalid choice: '-3'"),
        (measure, ["plain", "4"], "invalid choice: '4'"),
        (engines, [], "required: name"),
        (engines, ["learn", "{"], "learn takes (process: int"),
        (engines, ["learn", '{"no": 1}'], "learn takes (process: int"),
    ],
)
def test_a_wrong_word_is_named_before_anything_begins(tool, words, hint, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_DATA", "no such folder")
    monkeypatch.setattr(pretrain, "pretrain", lambda _: pytest.fail("it trains"))
    assert stopped(tool, words, monkeypatch) == 2
    assert hint in capsys.readouterr().err


@pytest.mark.parametrize("tool", [measure, fits, pretrain, engines, pins])
def test_help_is_given_and_nothing_else_done(tool, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_DATA", "no such folder")
    monkeypatch.setattr(pretrain, "pretrain", lambda _: pytest.fail("it trains"))
    assert stopped(tool, ["--help"], monkeypatch) == 0
    assert capsys.readouterr().out.startswith("usage: ")


def test_a_chapter_is_asked_for_by_its_number(tmp_path, monkeypatch, capsys):
    drills = next((ROOT / "notebooks" / "clinic").glob("*.ipynb"))
    assert stopped(bench_chapters, [str(drills)], monkeypatch) == 2
    assert "begins with its number" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"", b"# Colab\n", b"\xff\xfe"])
def test_pins_that_cannot_be_read_are_named_before_any_is_installed(content, tmp_path, monkeypatch):
    good = ROOT / "ci" / "pins" / "colab.txt"
    bad = tmp_path / "nosuch.txt"
    if content is not None:
        bad.write_bytes(content)
    monkeypatch.setattr(pins.shutil, "which", lambda _: sys.executable)
    here = f"{sys.version_info[0]}.{sys.version_info[1]}\n"
    monkeypatch.setattr(pins.subprocess, "run", lambda *_, **__: type("Said", (), {"stdout": here}))
    monkeypatch.setattr(pins, "compare", lambda *_: pytest.fail("it begins"))
    mine = tmp_path / "good.txt"
    mine.write_text(good.read_text().replace("Python 3.", f"Python {here.strip()} not 3.", 1))
    said = stopped(pins, [str(mine), str(bad)], monkeypatch)
    assert str(bad) in said and "\n" not in said


def test_a_program_that_is_none_is_named(monkeypatch):
    said = stopped(engines, ["nosuch", "{}"], monkeypatch)
    assert said.startswith("nosuch is no program: name one of with_ray, with_spark, learn")


@pytest.mark.parametrize("to", ["file", "file/below"])
def test_where_no_folder_can_be_made_nothing_runs(to, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("mine")
    monkeypatch.setattr(run, "execute", lambda *_: pytest.fail("it runs"))
    notebook = next((ROOT / "notebooks").glob("00_*.ipynb"))
    said = stopped(run, [str(notebook), "--to", str(tmp_path / to)], monkeypatch)
    assert str(tmp_path / to) in said and (tmp_path / "file").read_text() == "mine"


def test_a_tool_that_takes_no_words_says_so():
    """`--help` once trained, or wrote files."""
    for path in sorted((ROOT / "tools").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if '__name__ == "__main__"' in text:
            assert "ArgumentParser(" in text or "no_words(__doc__)" in text, path.name
