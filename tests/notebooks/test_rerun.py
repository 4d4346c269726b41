"""A chapter stands what a learner does: cells run again, in another order, with other values.

Each push runs the chapters that take seconds; RERUN=all runs every one, for an hour or two.
"""

import copy
import os
import re

import nbformat
import pytest
from chapters import NOTEBOOKS, code_cells, kernel, named
from names import ambiguous, missed, names
from pictures import encoded, picture

from helpers.data import SETS
from tools.chapters import read_chapter

QUICK = ("start_here", "import_the_data", "how_a_network_learns")

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)

# What the text invites to change. Everywhere: how often and in what portions the network learns.
EVERYWHERE = {
    r"\bepochs=\d+": "epochs=2",
    r"(?m)^(EPOCHS|LONG|NORMALISED) = \d+": r"\1 = 2",
    r"\bbatch_size=16": "batch_size=8",
}
# In some chapters more, each of which has to be there.
INVITED = {
    "start_here": {"min(7,": "min(39,"},
    "how_a_network_learns": {
        "brightness = grey.mean(axis=(1, 2))": "brightness = grey.std(axis=(1, 2))",
        "rate = 1.0": "rate = 0.5",
        "walk(speed, 30)": "walk(speed, 20)",
    },
    "mountain_bike_or_road_bike": {"SIZE = (64, 64)": "SIZE = (60, 60)"},
    "bed_chair_or_sofa": {"SIZE = (48, 48)": "SIZE = (64, 64)"},
    "standing_on_imagenet": {'"MobileNet", None': '"MobileNetV2", 96', "LAST = 36": "LAST = 0"},
}


@pytest.fixture
def chapter(path, tmp_path):
    """The cells of a chapter that is tried today; the others are skipped, with the reason."""
    if os.environ.get("RERUN") != "all" and path.stem[3:] not in QUICK:
        pytest.skip("takes minutes: RERUN=all runs every chapter")
    return code_cells(path)


def fails(cells, runs):
    """Run cells in a kernel; return what stopped any of them but an assertion with a sentence."""
    found = []
    for cell in cells:
        error = runs.run(cell)
        if error and not (error.ename == "AssertionError" and len(error.evalue.split()) >= 3):
            found.append(named(error, cell))
    return found


@each
def test_every_cell_runs_twice_and_all_of_them_backwards(path, chapter, tmp_path):
    masked = {"trained", "nbval-ignore-output", "nbval-skip"}
    twice = [cell for cell in chapter for _ in range(2)]
    with kernel(tmp_path / "saved") as runs:
        errors = [(runs.run(cell), cell) for cell in [*twice, *reversed(chapter)]]
    assert [named(error, cell) for error, cell in errors if error] == []
    for cell in chapter:
        if not masked & set(cell.metadata.get("tags", [])):
            assert len(set(runs.said[cell.id])) == 1, f"{cell.id} says another thing each time"


@each
def test_values_that_a_chapter_invites_to_change_may_be_changed(path, chapter, tmp_path):
    invited = {re.escape(old): new for old, new in INVITED.get(path.stem[3:], {}).items()}
    changed = copy.deepcopy(chapter)
    for old, new in [*EVERYWHERE.items(), *invited.items()]:
        before = [cell.source for cell in changed]
        for cell in changed:
            cell.source = re.sub(old, new, cell.source)
        assert old in EVERYWHERE or before != [cell.source for cell in changed], f"{old}: not there"
    if changed == chapter:
        pytest.skip("it invites to change nothing")
    with kernel(tmp_path / "saved") as runs:
        assert fails(changed, runs) == []


@each
def test_a_small_folder_of_ones_own_stops_no_cell_but_with_a_sentence(path, chapter, tmp_path):
    """Twenty pictures in each of two classes; in a chapter with three of furniture, of three."""
    classes = SETS[read_chapter(path).set].classes or 2
    for label, name in enumerate(("first", "second", "third")[:classes]):
        (tmp_path / "mine" / name).mkdir(parents=True)
        for i in range(20):
            file = tmp_path / "mine" / name / f"{i}.png"
            file.write_bytes(encoded(picture(100 * label + i)))
    with kernel(tmp_path / "saved", COURSE_DATA=str(tmp_path / "mine")) as runs:
        assert fails(chapter, runs) == []


@each
def test_no_name_has_two_meanings(path):
    """One that two cells bind differently says in a third whatever ran last."""
    sources = [cell.source for cell in code_cells(path)]
    assert len(set().union(*(names(source).bound for source in sources))) >= 1
    assert ambiguous(sources) == {}


@pytest.mark.parametrize(
    "cells, found",
    [
        (["a = 1", "a = 2", "print(a)"], ["a"]),
        (["a = 1", "for a in b: pass", "f(a)"], ["a"]),
        (["a = 1", "def a(): pass", "def f(): return a"], ["a"]),
        (["import a", "with b as a: pass", "[a for b in c]"], ["a"]),
        (["a = 1", "a = 2", "a = 3\nprint(a)"], []),
        (["a = 1", "a = 1", "print(a)"], []),
        (["a = 1", "[a for a in b]", "print(a)"], []),
        (["a = 1", "def f(a): return a", "print(a)"], []),
        (["a = 1", "def f():\n    a = 2\n    return a", "print(a)"], []),
        (["from a import b", "from a import b, c", "b()"], []),
        (["a = 1", "a = a + 1", "print(a)"], ["a"]),
        (["a = 1", "a += 1", "print(a)"], ["a"]),
    ],
)
def test_the_search_for_two_meanings_finds_them(cells, found):
    assert [*ambiguous(cells)] == found


@each
def test_an_assertion_that_fails_leaves_nothing_out_that_a_later_cell_needs(path):
    """The README says to go on with the next cell."""
    assert missed([cell.source for cell in code_cells(path)]) == {}


@pytest.mark.parametrize(
    "cells, found",
    [
        (["assert b\na = 1", "print(a)"], {0: {"a"}}),
        (["for b in c:\n    assert b\na = 1", "def f(): return a"], {0: {"a"}}),
        (["a = 1\nassert b", "print(a)"], {}),
        (["assert b\na = 1", "a = 2\nprint(a)"], {}),
        (["def f():\n    assert b\na = 1", "print(a)"], {}),
    ],
)
def test_what_a_failed_assertion_leaves_out_is_found(cells, found):
    assert missed(cells) == found


@pytest.mark.parametrize(
    "cells, wrong",
    [
        (["a = [1]", "a.append(2)\nprint(len(a))"], "says another thing"),
        (["a = 2", "b = 1 / (a - 1)\na = 1"], "ZeroDivisionError"),
        (["b = 1", "del b"], "NameError"),
        (["a = 1", "print(a)"], None),
    ],
)
def test_a_cell_that_cannot_run_twice_is_named(tmp_path, cells, wrong):
    cells = [nbformat.v4.new_code_cell(source) for source in cells]
    tried = test_every_cell_runs_twice_and_all_of_them_backwards
    if wrong is None:
        tried(None, cells, tmp_path)
        return
    with pytest.raises(AssertionError, match=wrong):
        tried(None, cells, tmp_path)


def test_only_an_assertion_with_a_sentence_may_stop_a_cell(tmp_path):
    sources = ["assert False, 'this set is too small'", "assert False", "1 / 0", "print(1)"]
    with kernel(tmp_path) as runs:
        found = fails([nbformat.v4.new_code_cell(source) for source in sources], runs)
    assert [line.split(":")[0] for line in found] == ["AssertionError", "ZeroDivisionError"]


def test_the_quick_chapters_are_there():
    assert set(QUICK) <= {path.stem[3:] for path in NOTEBOOKS}
    assert set(INVITED) <= {path.stem[3:] for path in NOTEBOOKS}
