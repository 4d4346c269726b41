"""The contract of a sample set, and which parts of the studio may know of which."""

import ast
import importlib
import inspect
import json
import re
import tomllib

import pytest
from blender import needs_bpy, tiny
from pictures import ROOT

from studio import sets

STUDIO = ROOT / "studio"
each_set = pytest.mark.parametrize("name", sets.NAMES)


def imported(package: str) -> set[str]:
    """The parts of the studio that a package's modules import, as "core" or "rooms"."""
    found = set()
    for path in (STUDIO / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = importlib.util.resolve_name("." * node.level, f"studio.{package}")
                base = base.rstrip(".") if node.level else ""
                module = ".".join(filter(None, (base, node.module)))
                names = [f"{module}.{alias.name}" for alias in node.names]
            else:
                continue
            found |= {name.split(".")[1] for name in names if name.startswith("studio.")}
    return found - {package}


# The contract -------------------------------------------------------------------------------------


def test_unknown_set_is_refused():
    with pytest.raises(KeyError, match="known: rooms, bikes"):
        sets.find("kitchens")


@each_set
def test_a_set_has_all_that_the_contract_asks_for(name):
    found = sets.find(name)
    assert isinstance(found, sets.SampleSet)
    assert len(found.SIZE) == 2 and all(side > 0 for side in found.SIZE) and found.SAMPLES > 0
    assert set(found.MASKED) <= {shot.split for shot in found.SHOTS}
    for function in ("make_plan", "build", "develop"):
        asked = list(inspect.signature(getattr(sets.SampleSet, function)).parameters)[1:]
        assert list(inspect.signature(getattr(found, function)).parameters) == asked, function


@each_set
def test_no_two_shots_share_a_file_or_a_mask(name):
    shots = sets.find(name).SHOTS
    assert all(isinstance(shot, sets.Shot) for shot in shots)
    assert len({shot.file for shot in shots}) == len({shot.mask for shot in shots}) == len(shots)
    assert {shot.split for shot in shots} <= {"train", "val", "test", "predict"}


@each_set
def test_plans_follow_from_their_shots_and_are_ready_for_json(name):
    found = sets.find(name)
    for shot in found.SHOTS[::25]:
        plan = found.make_plan(shot)
        assert isinstance(plan, sets.Plan)
        row = plan.parameters()
        assert row["class"] == shot.kind and row["seed"] == shot.seed
        assert json.dumps(row) == json.dumps(found.make_plan(shot).parameters())


# Who knows whom -----------------------------------------------------------------------------------


def test_a_folder_is_the_core_or_a_set():
    folders = {path.parent.name for path in STUDIO.glob("*/__init__.py")}
    assert folders == {"core", *sets.NAMES}
    packages = tomllib.loads((STUDIO / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert set(packages["packages"]) == {"studio", *(f"studio.{folder}" for folder in folders)}


def test_the_core_imports_no_set_and_calls_none_by_name():
    assert imported("core") == set()
    for path in (STUDIO / "core").glob("*.py"):
        named = re.findall(rf"\b({'|'.join(sets.NAMES)})\b", path.read_text(encoding="utf-8"))
        assert not named, f"{path.name}: {named}"


@each_set
def test_a_set_imports_no_other(name):
    assert imported(name) <= {"core", "sets"}


# What is there stays ------------------------------------------------------------------------------


@needs_bpy
def test_a_mask_that_is_missing_is_rendered_and_the_picture_left_alone(tmp_path):
    found = sets.find("bikes")
    shot = found.SHOTS[0]
    tiny(found, shot, tmp_path)
    (tmp_path / shot.mask).unlink()
    before = (tmp_path / shot.file).stat().st_mtime_ns
    _, mask = tiny(found, shot, tmp_path)
    assert (tmp_path / shot.file).stat().st_mtime_ns == before and mask.any()
    assert not list(tmp_path.rglob("*.part"))
