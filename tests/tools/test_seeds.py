"""The seeds' table counts what really held."""

import ast
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from helpers.runtime import ROOT
from tools import seeds
from tools.seeds import HEAD, STEP, count, recorded
from tools.tables import stored


def chapter(path, *sources):
    """Write a notebook of code cells; the second stands for the set-up cell, as in chapter 0."""
    cells = [nbformat.v4.new_code_cell(source) for source in ("assert 1 < 2", "", *sources)]
    cells[1].metadata["tags"] = ["setup"]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_an_assertion_is_recorded_and_stops_nothing():
    held = {}
    source = "for n in range(3):\n    assert n < 2, 'too many'\ndone = True"
    names = {"_holds": lambda key, test: held.update({key: test and held.get(key, True)})}
    exec(recorded(source), names)
    assert held == {"n < 2": False} and names["done"]
    assert recorded("%pip install x") == "%pip install x"


def test_seeds_are_shifted_and_counted(tmp_path):
    drawn = "import numpy as np\nvalue = np.random.default_rng(7).random()"
    path = chapter(tmp_path / "05_drawn.ipynb", drawn, "assert value > 0.5", "assert value < 1")
    expected = [s for s in range(4) if np.random.default_rng(7 + STEP * s).random() > 0.5]
    assert 0 < len(expected) < 4, "these seeds show nothing"
    found, wrong = count(path, [0, 1, 2, 3], 2)
    assert found == {
        "1 < 2": [0, 1, 2, 3],
        "value > 0.5": expected,
        "value < 1": [0, 1, 2, 3],
    }
    assert wrong == []


def test_no_two_processes_are_forked_at_once(monkeypatch):
    """Filelock, which watches the forks of whoever has imported it, refuses the second."""
    forking, crowds = [], []

    class Process:
        """Takes its time to start, and ends without a word."""

        def __init__(self, target, args):
            self.args = args

        def start(self):
            forking.append(self)
            crowds.append(len(forking))
            time.sleep(0.01)
            forking.remove(self)

        def join(self):
            assert self not in forking

    monkeypatch.setattr(
        seeds.multiprocessing, "get_context", lambda way: SimpleNamespace(Process=Process)
    )
    found, wrong = count(Path("05_short.ipynb"), list(range(8)), 4)
    assert not found and len(wrong) == 8 and crowds == [1] * 8


@pytest.mark.parametrize("source", ["1 / 0", "raise KeyError('a')"])
def test_a_cell_that_fails_otherwise_is_named(source, tmp_path):
    found, wrong = count(chapter(tmp_path / "05_fails.ipynb", source), [3], 1)
    assert not found and len(wrong) == 1 and wrong[0].startswith("05_fails.ipynb, seed 3: ")


def test_the_rows_of_chapters_that_are_not_run_stay(tmp_path, monkeypatch):
    page = tmp_path / "seeds.md"
    stays, goes = "| 03 | `a < b` | 10 of 10 |", "| 04 | `1 < 3` | 9 of 10 |"
    page.write_text("\n".join(["# Findings", "<!-- seeds -->", HEAD, goes, stays, "<!-- end -->"]))
    monkeypatch.setattr(seeds, "PAGE", page)
    path = chapter(tmp_path / "04_new.ipynb", "assert 2 < 3")
    monkeypatch.setattr(sys, "argv", ["seeds", str(path), "--seeds", "1", "--write"])
    assert seeds.main() == 0
    new = ["| 04 | `1 < 2` | 1 of 1 |", "| 04 | `2 < 3` | 1 of 1 |"]
    assert stored(HEAD, "seeds", page) == [stays, *new]


def test_two_processes_do_not_save_into_one_file(tmp_path):
    """The one that starts later would otherwise read what the other has left."""
    wait = "import os, time\nfrom helpers.runtime import SAVED"
    save = "(SAVED / 'n.txt').write_text(str(os.getpid()))\ntime.sleep(0.5)"
    read = "assert int((SAVED / 'n.txt').read_text()) == os.getpid()"
    shared = "assert (SAVED / 'cache').is_symlink()"
    path = chapter(tmp_path / "05_saves.ipynb", wait, save, read, shared)
    found, wrong = count(path, [0, 1, 2], 3)
    assert not wrong and set(map(tuple, found.values())) == {(0, 1, 2)}


def test_photographs_do_not_get_into_the_table(monkeypatch, tmp_path):
    path = chapter(tmp_path / "05_short.ipynb")
    monkeypatch.setattr(sys, "argv", ["seeds", str(path), "--write"])
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setattr(seeds, "PAGE", tmp_path / "seeds.md")
    with pytest.raises(SystemExit, match="of the samples: unset COURSE_DATA, or leave out --write"):
        seeds.main()


def test_each_row_of_the_table_is_an_assertion_of_its_chapter():
    """One that has been written anew has not been tried under other seeds."""
    rows = [row.strip("| ").split(" | ") for row in stored(HEAD, "seeds", seeds.PAGE)]
    assert len(rows) > 200
    for number in sorted({number for number, *_ in rows}):
        (path,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
        code = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
        nodes = [node for cell in code for node in ast.walk(ast.parse(cell.source))]
        tests = {ast.unparse(node.test) for node in nodes if isinstance(node, ast.Assert)}
        for _, *test, _ in (row for row in rows if row[0] == number):
            assert " | ".join(test).strip("`").replace("\\|", "|") in tests, (number, test)
