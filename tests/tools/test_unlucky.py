"""What is made of the chapters: files that are none, chapters that are gone, programs run twice."""

import shutil
import subprocess
import sys

import pytest
from pictures import ROOT

from tools import fold, handouts, slides
from tools.chapters import left_over, read_notebook

CHAPTER = sorted((ROOT / "notebooks").glob("*.ipynb"))[1]
CONFLICT = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> theirs\n"
NONE = {
    "conflict.ipynb": CONFLICT,
    "list.ipynb": "[]",
    "cells.ipynb": '{"cells": 3}',
    "README.md": "# A page",
    "empty": "",
}


@pytest.mark.parametrize("name", [*NONE, "a folder", "nowhere.ipynb"])
@pytest.mark.parametrize("tool", [handouts, slides])
def test_what_is_no_notebook_gets_a_sentence_and_gives_no_file(tmp_path, name, tool):
    path = tmp_path / name
    if name in NONE:
        path.write_text(NONE[name])
    elif name == "a folder":
        path.mkdir()
    with pytest.raises(SystemExit) as stopped:
        tool.write(path, tmp_path / "out")
    assert str(path) in stopped.value.code and "\n" not in stopped.value.code
    assert not (tmp_path / "out").exists()


def test_folding_stops_at_a_conflict_before_it_writes_any(tmp_path, monkeypatch):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    notebook = read_notebook(CHAPTER)
    for cell in notebook.cells:
        cell.metadata.pop("jupyter", None)  # unfolded by hand
    before = handouts.nbformat.writes(notebook)
    (folder / "00_a.ipynb").write_text(before)
    (folder / "01_b.ipynb").write_text(CONFLICT)
    monkeypatch.setattr(fold, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match="conflicts"):
        fold.main()
    assert (folder / "00_a.ipynb").read_text() == before
    assert [path.name for path in sorted(folder.iterdir())] == ["00_a.ipynb", "01_b.ipynb"]


def test_what_belongs_to_no_chapter_is_named_and_left_to_its_owner(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(slides, "ROOT", tmp_path)
    monkeypatch.setattr(slides, "OUT", tmp_path / "build")
    (tmp_path / "notebooks").mkdir()
    shutil.copy(CHAPTER, tmp_path / "notebooks")
    (tmp_path / "build").mkdir()
    for name in ("05_gone.html", "my notes.html"):
        (tmp_path / "build" / name).write_text("mine")
    monkeypatch.setattr(sys, "argv", ["slides"])
    slides.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == [
        f"{tmp_path / 'build' / '05_gone.html'} belongs to no chapter any more: remove it."
    ]
    assert (tmp_path / "build" / "05_gone.html").read_text() == "mine"
    assert left_over(tmp_path / "nowhere", set()) == []


def test_the_graders_own_settings_stay(tmp_path):
    handouts.write(CHAPTER, tmp_path)
    config = tmp_path / "nbgrader" / "nbgrader_config.py"
    assert "ClearSolutions" in config.read_text()
    config.write_text(config.read_text() + 'c.CourseDirectory.course_id = "autumn"\n')
    mine = config.read_text()
    handouts.write(CHAPTER, tmp_path)
    assert config.read_text() == mine


def test_the_command_says_it_in_a_line():
    for tool in ("handouts", "slides"):
        command = [sys.executable, "-m", f"tools.{tool}", "README.md"]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert told.returncode == 1 and len(told.stderr.splitlines()) == 1, told.stderr
