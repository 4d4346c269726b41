"""A cell of an exercise with an open gap says which; no true error is kept back."""

import ast
import re
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell

from helpers.gaps import OPEN, Watch, watch

IMPORT = "from exercises.how_a_network_learns import check_1\n"
CHECK = "check_1(steps_24, last_batch, by_batches, labels)"
BATCHES = "labels = range(160)\nby_batches = lambda epochs, size: (0, 7)"


@pytest.fixture
def shell(monkeypatch):
    found = InteractiveShell.instance()
    monkeypatch.setattr(found, "ast_transformers", [])
    watch()
    watch()
    assert len(found.ast_transformers) == 1
    found.run_cell(BATCHES)
    yield found
    found.reset()
    InteractiveShell.clear_instance()


def run(shell, source, capsys):
    """Run a cell; return what it said, and with what error it stopped."""
    capsys.readouterr()
    done = shell.run_cell(source)
    assert not OPEN
    return re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out), done.error_in_exec


@pytest.mark.parametrize(
    "gaps, said",
    [
        ("steps_24 = ...\nlast_batch = ...", "not answered yet"),
        ("steps_24 = 7\nlast_batch = ...", "not answered yet: `last_batch = ...` is still open"),
        (
            "steps_24 = ...\nlast_batch = 160 - 24 * (steps_24 - 1)",
            "not answered yet: `steps_24 = ...` is still open",
        ),
        ("steps_24 = ...\nlast_batch = range(steps_24)", "`steps_24 = ...` is still open"),
        ("steps_24 = ...\nfor last_batch in steps_24:\n    pass", "`steps_24 = ...` is still open"),
    ],
)
def test_an_open_gap_is_named_without_a_traceback(gaps, said, shell, capsys):
    out, error = run(shell, IMPORT + gaps + "\n" + CHECK, capsys)
    assert error is None and out.startswith("Exercise 1: not answered yet")
    assert out.count("\n") == 1 and out.endswith(f"{said}\n")


def test_a_gap_inside_a_function_is_named_by_the_check(shell, capsys):
    source = "from exercises.how_a_network_learns import check_3\n"
    source += "def never_rises(heights):\n    steps = ...\n    return steps <= 0\n"
    out, error = run(shell, source + "check_3(never_rises, print, print)", capsys)
    assert error is None
    assert out == "Exercise 3: not answered yet: `steps = ...` is still open\n"


@pytest.mark.parametrize(
    "gap, mistake, kind, warned",
    [
        ("...", "nowhere", NameError, True),
        ("...", "1 / 0", ZeroDivisionError, True),
        ("7", "nowhere", NameError, False),
        ("7", "... + 1", TypeError, False),
        ("7", "list('ab')[...]", TypeError, False),
    ],
)
def test_an_error_that_is_not_of_a_gap_keeps_its_traceback(
    gap, mistake, kind, warned, shell, capsys
):
    source = f"{IMPORT}steps_24 = {gap}\nlast_batch = {mistake}\n{CHECK}"
    out, error = run(shell, source, capsys)
    assert type(error) is kind and kind.__name__ in out and mistake in out
    assert ("`steps_24 = ...` is still open, which may be why" in out) == warned
    assert error.__traceback__.tb_next.tb_lineno == 3


def test_a_hint_is_not_kept_back_and_says_what_is_open(shell, capsys):
    source = f"{IMPORT}spare = ...\nsteps_24 = 160\nlast_batch = 1\n{CHECK}"
    out, _ = run(shell, source, capsys)
    assert "a step a room" in out and out.endswith("(`spare = ...` is still open)\n")


def test_other_cells_are_left_as_they_are(shell, capsys):
    for source in ("x = ...\nx + 1", "from exercises.how_a_network_learns import check_1\n1 + ..."):
        out, error = run(shell, source, capsys)
        assert isinstance(error, TypeError) and "still open" not in out


def test_a_drill_is_called_one(shell, capsys):
    source = "from exercises.clinic.pictures import check_1\nline = ...\nline + 1"
    out, _ = run(shell, source, capsys)
    assert out == "Drill 1: not answered yet: `line = ...` is still open\n"


def test_where_no_cells_are_nothing_is_watched(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    watch()
    assert Watch().visit(ast.parse("x = 1")).body[0].lineno == 1
