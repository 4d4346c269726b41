"""The furniture set: plans without Blender, the committed files, and tiny renders with `bpy`."""

import json
from collections import Counter

import numpy as np
import pytest
from blender import needs_bpy, tiny
from pictures import ROOT
from PIL import Image

from studio import sets
from studio.furniture import catalogue, designs

FURNITURE = sets.find("furniture")
FOLDER = ROOT / "data" / "sample" / "furniture"
PLANS = {shot: FURNITURE.make_plan(shot) for shot in FURNITURE.SHOTS}

needs_files = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the sample furniture is not here; `make samples` renders it"
)


# Shots and plans ----------------------------------------------------------------------------------


def test_ninety_to_learn_from_and_ten_to_test_with_in_each_class():
    counts = Counter((shot.split, shot.kind) for shot in FURNITURE.SHOTS)
    assert counts == {
        (split, kind): number
        for split, number in (("train", 90), ("test", 10))
        for kind in ("bed", "chair", "sofa")
    }


def test_files_and_seeds_are_unique_and_tell_the_class():
    assert len({shot.seed for shot in FURNITURE.SHOTS}) == 300
    assert len({shot.file for shot in FURNITURE.SHOTS}) == 300
    for shot in FURNITURE.SHOTS:
        assert shot.file == f"{shot.split}/{shot.kind}/{shot.kind}_{shot.seed:04d}.jpg"


def test_a_plan_follows_from_its_shot_alone():
    for shot, plan in PLANS.items():
        assert FURNITURE.make_plan(shot) == plan
        assert plan.design.label == shot.kind and plan.seed == shot.seed
    assert len({json.dumps(plan.parameters()) for plan in PLANS.values()}) == 300


def test_no_design_stands_in_two_splits_or_classes():
    places = {}
    for shot, plan in PLANS.items():
        places.setdefault(plan.parameters()["group"], set()).add((shot.split, shot.kind))
    assert all(len(found) == 1 for found in places.values())
    splits = Counter(next(iter(found)) for found in places.values())
    assert splits == {
        (split, kind): number
        for split, number in (("train", 36), ("test", 6))
        for kind in catalogue.CLASSES
    }


def test_pictures_of_a_design_differ_in_colour_and_in_nothing_of_the_design():
    groups = {}
    for plan in PLANS.values():
        groups.setdefault(plan.design.group, []).append(plan)
    assert {len(plans) for plans in groups.values()} == {1, 2, 3, 4}
    for plans in groups.values():
        assert len({plan.design for plan in plans}) == 1
        assert len({plan.colour for plan in plans}) == len(plans)


def test_every_kind_of_design_is_cast():
    for label in catalogue.CLASSES:
        cast = Counter(designs.make_design(label, n).kind for n in range(42))
        assert cast == catalogue.KINDS[label]


def test_settings_and_measures_keep_to_their_ranges():
    for plan in PLANS.values():
        setting, design = plan.setting, plan.design
        assert setting.place in ("paper", "room") and abs(setting.turn) < 75
        assert 2 <= setting.height < 28 and 45 <= setting.lens <= 85 and 0.6 <= setting.fill < 1
        assert -1 <= setting.light <= 1 and 0 <= setting.shadow <= 1
        assert 0.3 < design.seat < design.height < 1.4 and 0.4 < design.width < 3.6
        assert all(0 <= c <= 1 for c in (*plan.colour, *plan.accent))


def test_about_a_sixth_stands_in_a_room():
    rooms = sum(plan.setting.place == "room" for plan in PLANS.values())
    assert 300 / 9 < rooms < 300 / 4


# The committed set --------------------------------------------------------------------------------


def rows(split: str) -> list[dict]:
    """The parameters of a split."""
    lines = (FOLDER / "parameters" / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@needs_files
def test_the_files_are_those_planned():
    pictures = {p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*.jpg")}
    assert pictures == {shot.file for shot in FURNITURE.SHOTS}
    for name in pictures:
        with Image.open(FOLDER / name) as picture:
            assert (picture.size, picture.mode, picture.format) == ((224, 224), "RGB", "JPEG")
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= 4 * 10**6


@needs_files
@pytest.mark.parametrize("split", ["train", "test"])
def test_parameters_agree_with_plans(split):
    stored = {row["file"]: row for row in rows(split)}
    assert set(stored) == {shot.file for shot in FURNITURE.SHOTS if shot.split == split}
    for shot, plan in PLANS.items():
        if shot.split == split:
            expected = json.loads(json.dumps(plan.parameters()))
            assert {key: stored[shot.file][key] for key in expected} == expected


@needs_files
def test_masks_show_the_piece_and_leave_some_of_the_picture():
    masks = {p.relative_to(FOLDER).as_posix() for p in (FOLDER / "masks").rglob("*.png")}
    assert masks == {shot.mask for shot in FURNITURE.SHOTS if shot.split in FURNITURE.MASKED}
    for name in masks:
        with Image.open(FOLDER / name) as mask:
            assert mask.size == (224, 224) and mask.mode == "1"
            assert 0.05 < np.asarray(mask).mean() < 0.85, name


@needs_files
def test_on_paper_the_upper_corners_are_white():
    for shot, plan in PLANS.items():
        if plan.setting.place == "paper":
            with Image.open(FOLDER / shot.file) as picture:
                corners = np.asarray(picture)[:8, [0, 1, 2, -3, -2, -1]]
            assert np.median(corners) >= 250, shot.file


# Rendering ----------------------------------------------------------------------------------------


@needs_bpy
@pytest.mark.parametrize("kind", catalogue.CLASSES)
def test_a_tiny_picture_of_each_class_twice_the_same(kind, tmp_path):
    shot = next(s for s in FURNITURE.SHOTS if s.kind == kind)
    once, mask = tiny(FURNITURE, shot, tmp_path / "first")
    again, _ = tiny(FURNITURE, shot, tmp_path / "second")
    assert once.shape == (48, 48, 3) and np.abs(once - again).mean() < 2
    assert 0.05 < mask.mean() < 0.85
