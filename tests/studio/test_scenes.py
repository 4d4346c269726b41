"""The sample scenes: plans without Blender, the committed files, tiny renders where `bpy` is."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from blender import needs_bpy, tiny
from pictures import ROOT
from PIL import Image

from studio import scenes
from studio.scenes import catalogue

SCENES = ROOT / "data" / "sample" / "scenes"
PLANS = {shot.seed: scenes.make_plan(shot) for shot in scenes.SHOTS}
SPLITS = ("train", "test", "predict")

needs_scenes = pytest.mark.skipif(
    not SCENES.is_dir(), reason="the sample scenes are not here; `make samples` renders them"
)


# Shots and plans ----------------------------------------------------------------------------------


def test_counts_of_splits_and_classes():
    counts = Counter((shot.split, shot.kind) for shot in scenes.SHOTS)
    for kind in catalogue.CLASSES:
        assert counts["train", kind] == 60 and counts["test", kind] == 15
        assert counts["predict", kind] >= 3
    together = catalogue.CLASSES[: scenes.TOGETHER]
    assert sum(counts["predict", kind] for kind in together) == scenes.UNLABELLED == 20


def test_no_seed_and_no_file_stands_twice():
    assert len({shot.seed for shot in scenes.SHOTS}) == len(scenes.SHOTS)
    assert len({shot.file for shot in scenes.SHOTS}) == len(scenes.SHOTS)
    numbers = sorted(int(Path(shot.file).stem) for shot in scenes.SHOTS)
    assert numbers == list(range(1, len(scenes.SHOTS) + 1))


def test_a_class_that_is_added_moves_no_seed_and_no_number(monkeypatch):
    monkeypatch.setattr(scenes, "CLASSES", (*catalogue.CLASSES, "desert"))
    shots = scenes._shots()
    added = shots[len(scenes.SHOTS) :]
    assert tuple(shots[: len(scenes.SHOTS)]) == scenes.SHOTS
    assert Counter(shot.split for shot in added) == {"train": 60, "test": 15, "predict": 3}
    numbers = sorted(int(Path(shot.file).stem) for shot in shots)
    assert numbers == list(range(1, len(shots) + 1))


def test_folders_are_nested_as_in_the_archive():
    for shot in scenes.SHOTS:
        folder = {"train": "seg_train", "test": "seg_test", "predict": "seg_pred"}[shot.split]
        inner = () if shot.split == "predict" else (shot.kind,)
        assert Path(shot.file).parent.parts == (folder, folder, *inner)


def test_a_number_says_nothing_about_the_class():
    together = catalogue.CLASSES[: scenes.TOGETHER]
    numbered = sorted(scenes.SHOTS, key=lambda shot: shot.file[-8:])
    numbered = [shot for shot in numbered if shot.kind in together]
    changes = sum(a.kind != b.kind for a, b in zip(numbered, numbered[1:], strict=False))
    assert changes > 0.7 * len(numbered)


def test_a_plan_follows_from_its_shot_alone():
    for shot in scenes.SHOTS[::40]:
        assert scenes.make_plan(shot) == PLANS[shot.seed]
    skies = {plan.sky for plan in PLANS.values()}
    assert len(skies) == len(PLANS)


def test_plans_keep_to_their_ranges():
    for plan in PLANS.values():
        assert plan.view in catalogue.VIEWS[plan.kind]
        assert plan.season in catalogue.SEASONS["else"] | catalogue.SEASONS["forest"]
        assert 15 <= plan.camera.lens <= 75 and 1 <= plan.camera.z <= 250
        assert -30 <= plan.camera.pitch <= 80
        assert 0 <= plan.sky.cover <= 1 and plan.sky.haze > 0 and plan.sky.sun >= 0
        assert all(channel >= 0 for channel in plan.sky.zenith + plan.sky.horizon)
        json.dumps(plan.parameters())


def test_every_view_season_and_time_is_there():
    for kind, views in catalogue.VIEWS.items():
        assert {plan.view for plan in PLANS.values() if plan.kind == kind} == set(views)
    assert {plan.time for plan in PLANS.values()} == {"day", "low", "sunset", "night"}
    assert {"summer", "autumn", "winter"} <= {plan.season for plan in PLANS.values()}


def test_few_pictures_are_grey_or_smaller():
    greys = Counter(plan.grey for plan in PLANS.values())
    assert greys["L"] == 4 and greys["RGB"] == 10
    smaller = [shot for shot in scenes.SHOTS if any(PLANS[shot.seed].crop)]
    assert len(smaller) == 3 and {shot.split for shot in smaller} == {"train"}


# The committed set --------------------------------------------------------------------------------


def rows(split: str) -> list[dict]:
    """The parameters of a split."""
    path = SCENES / "parameters" / f"{split}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@needs_scenes
def test_files_sizes_modes_and_weight():
    found = {path.relative_to(SCENES).as_posix() for path in SCENES.rglob("*.jpg")}
    assert found == {shot.file for shot in scenes.SHOTS}
    for shot in scenes.SHOTS:
        plan = PLANS[shot.seed]
        with Image.open(SCENES / shot.file) as picture:
            assert picture.format == "JPEG"
            assert picture.size == (plan.crop if any(plan.crop) else scenes.SIZE)
            assert picture.mode == ("L" if plan.grey == "L" else "RGB")
    assert sum(path.stat().st_size for path in SCENES.rglob("*") if path.is_file()) <= 8 * 10**6


@needs_scenes
def test_no_picture_is_black_white_or_flat():
    for shot in scenes.SHOTS:
        with Image.open(SCENES / shot.file) as picture:
            grey = np.asarray(picture.convert("L"), float)
        assert 12 < grey.mean() < 243 and grey.std() > 4, shot.file


@needs_scenes
def test_masks_of_the_test_split_are_neither_empty_nor_full():
    masks = {path.relative_to(SCENES).as_posix() for path in (SCENES / "masks").rglob("*.png")}
    assert masks == {shot.mask for shot in scenes.SHOTS if shot.split in scenes.MASKED}
    for name in masks:
        with Image.open(SCENES / name) as mask:
            assert mask.size == scenes.SIZE and mask.mode == "1"
            share = sum(mask.convert("L").histogram()[128:]) / (150 * 150)
            assert 0.02 < share < 0.998, name


@needs_scenes
@pytest.mark.parametrize("split", SPLITS)
def test_parameters_agree_with_plans(split):
    stored = rows(split)
    shots = {shot.file: shot for shot in scenes.SHOTS if shot.split == split}
    assert {row["file"] for row in stored} == set(shots) and len(stored) == len(shots)
    for row in stored:
        expected = json.loads(json.dumps(PLANS[shots[row["file"]].seed].parameters()))
        assert {key: row[key] for key in expected} == expected


# Rendering ----------------------------------------------------------------------------------------

ONE_OF_EACH = [
    next(shot for shot in scenes.SHOTS if shot.kind == kind and shot.split == "test")
    for kind in catalogue.CLASSES
]


@needs_bpy
@pytest.mark.parametrize("shot", ONE_OF_EACH, ids=lambda shot: shot.kind)
def test_a_tiny_picture_of_each_class_comes_out_the_same_twice(shot, tmp_path):
    picture, mask = tiny(scenes, shot, tmp_path / "first")
    again, same_mask = tiny(scenes, shot, tmp_path / "second")
    assert picture.shape[:2] == (48, 48) and picture.std() > 2
    assert mask.any()
    assert np.abs(picture - again).mean() < 2
    assert (mask != same_mask).mean() < 0.02
