"""The sample bikes: plans without Blender, the committed files, tiny renders where `bpy` is."""

import json
from collections import Counter

import numpy as np
import pytest
from blender import needs_bpy, tiny
from pictures import ROOT
from PIL import Image

from studio import bikes
from studio.bikes import catalogue, geometry

BIKES = ROOT / "data" / "sample" / "bikes"
PLANS = {shot: bikes.make_plan(shot) for shot in bikes.SHOTS}

needs_bikes = pytest.mark.skipif(
    not BIKES.is_dir(), reason="the sample bikes are not here; `make samples` renders them"
)


# Shots and plans ----------------------------------------------------------------------------------


def test_a_hundred_to_learn_from_and_twenty_to_test_with_in_each_class():
    counts = Counter((shot.split, shot.kind) for shot in bikes.SHOTS)
    assert counts == {
        (split, kind): number
        for split, number in (("train", 100), ("test", 20))
        for kind in ("mountain_bike", "road_bike")
    }
    assert len({shot.seed for shot in bikes.SHOTS}) == len({s.file for s in bikes.SHOTS}) == 240


def test_a_plan_follows_from_its_shot_alone():
    for shot, plan in PLANS.items():
        assert bikes.make_plan(shot) == plan
        assert (plan.seed, plan.kind) == (shot.seed, shot.kind)
    assert len({json.dumps(plan.parameters()) for plan in PLANS.values()}) == 240


def test_no_model_stands_in_two_splits_or_classes():
    places = {}
    for shot, plan in PLANS.items():
        places.setdefault(plan.group, set()).add((shot.split, shot.kind))
    assert all(len(found) == 1 for found in places.values())
    models = Counter(next(iter(found)) for found in places.values())
    assert min(models["train", kind] for kind in catalogue.CLASSES) >= 50
    assert min(models["test", kind] for kind in catalogue.CLASSES) >= 10


def test_pictures_of_a_model_differ_in_colour_and_in_nothing_of_the_model():
    groups = {}
    for plan in PLANS.values():
        groups.setdefault(plan.group, []).append(plan)
    assert {len(plans) for plans in groups.values()} == {1, 2, 3}
    for plans in groups.values():
        assert len({plan.model for plan in plans}) == 1
        assert len({plan.colours for plan in plans}) == len(plans)


def test_what_tells_real_ones_apart_tells_these_apart():
    for plan in PLANS.values():
        model, mountain = plan.model, plan.kind == "mountain_bike"
        assert (model.bar == "drop") != mountain
        assert (model.tread > 0) == mountain
        assert mountain or (model.fork == "rigid" and model.shock == "none")
        assert 40 <= model.tyre <= 72 if mountain else 20 <= model.tyre <= 36
        assert 60 <= model.head_angle <= 75 and model.wheel in (559, 584, 622)
    hard = [p for p in PLANS.values() if p.kind == "mountain_bike" and p.model.fork == "rigid"]
    assert hard, "no mountain bike is hard to call"


def test_wheels_stand_apart_and_the_saddle_above_them():
    for plan in PLANS.values():
        points = geometry.measure(plan.model)
        assert 2 * points.radius + 0.2 < points.front[0] < 1.35, "the wheelbase in metres"
        assert points.rear[1] == points.front[1] == points.radius
        assert points.saddle[1] > points.seat[1] > points.bottom[1] > 0.2
        assert points.rear[0] < points.bottom[0] < points.front[0]


# The committed set --------------------------------------------------------------------------------


@needs_bikes
def test_the_files_are_those_planned():
    pictures = {p.relative_to(BIKES).as_posix() for p in BIKES.rglob("*.jpg")}
    assert pictures == {shot.file for shot in bikes.SHOTS}
    for name in pictures:
        with Image.open(BIKES / name) as picture:
            assert (picture.size, picture.mode, picture.format) == ((330, 193), "RGB", "JPEG")
    assert sum(path.stat().st_size for path in BIKES.rglob("*") if path.is_file()) <= 6 * 10**6


@needs_bikes
@pytest.mark.parametrize("split", ["train", "test"])
def test_parameters_agree_with_plans(split):
    lines = (BIKES / "parameters" / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
    stored = {row["file"]: row for row in map(json.loads, lines)}
    planned = {shot.file: plan for shot, plan in PLANS.items() if shot.split == split}
    assert set(stored) == set(planned) and len(lines) == len(planned)
    for file, plan in planned.items():
        expected = json.loads(json.dumps(plan.parameters()))
        assert {key: stored[file][key] for key in expected} == expected


@needs_bikes
def test_masks_show_the_bike_and_the_paper_is_white():
    masks = {p.relative_to(BIKES).as_posix() for p in (BIKES / "masks").rglob("*.png")}
    tested = [shot for shot in bikes.SHOTS if shot.split in bikes.MASKED]
    assert masks == {shot.mask for shot in tested}
    for shot in tested:
        with Image.open(BIKES / shot.mask) as image, Image.open(BIKES / shot.file) as picture:
            mask, pixels = np.asarray(image), np.asarray(picture).min(axis=2)
        assert image.mode == "1" and 0.05 < mask.mean() < 0.5, shot.file
        assert pixels[mask].mean() + 60 < pixels[~mask].mean(), shot.file


# Rendering ----------------------------------------------------------------------------------------


@needs_bpy
@pytest.mark.parametrize("kind", catalogue.CLASSES)
def test_a_tiny_picture_of_each_class_twice_the_same(kind, tmp_path):
    shot = next(s for s in bikes.SHOTS if (s.split, s.kind) == ("test", kind))
    once, mask = tiny(bikes, shot, tmp_path / "first")
    again, _ = tiny(bikes, shot, tmp_path / "second")
    assert once.shape == (28, 48, 3) and np.abs(once - again).mean() < 2
    assert 0.05 < mask.mean() < 0.6
