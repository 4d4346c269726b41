"""What is rendered and trained is what was registered, set by set."""

import json
import re
import shutil

import pytest
from pictures import ROOT

from helpers.data import SAMPLES, SETS
from tools.registry import REGISTRY, digests

REGISTERED = json.loads(REGISTRY.read_text())


def test_every_sample_and_backbone_is_the_one_that_was_registered():
    found = digests()
    assert len(found) > 1500
    changed = {
        name for name in found.keys() | REGISTERED if found.get(name) != REGISTERED.get(name)
    }
    assert not changed, "run python -m tools.registry if this was meant"


@pytest.mark.parametrize("change", ["altered", "gone", "new"])
def test_a_changed_sample_is_noticed(change, tmp_path):
    name = "data/sample/rooms/test/clean/" + next(
        path.name for path in sorted((SAMPLES / "rooms/test/clean").iterdir())
    )
    shutil.copytree(SAMPLES / "rooms", tmp_path / "data/sample/rooms")
    before = digests(tmp_path)
    file = tmp_path / name
    assert before[name] == REGISTERED[name]
    if change == "altered":
        file.write_bytes(file.read_bytes() + b"0")
    else:
        file.rename(file.with_name("other.jpg")) if change == "new" else file.unlink()
    assert digests(tmp_path) != before


def test_the_list_of_sets_is_the_one_that_make_and_the_folders_have():
    listed = re.findall(r"^\[(\w+)\]$", (ROOT / "data" / "sets.toml").read_text(), re.MULTILINE)
    assert listed == list(SETS)
    assert {path.name for path in SAMPLES.iterdir() if path.is_dir()} == set(SETS)
    assert {name.split("_", 1)[1].split(".")[0] for name in digests() if "backbone" in name} == set(
        SETS
    )
