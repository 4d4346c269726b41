"""The studio: plans without Blender, the rooms as files, tiny renders where `bpy` is installed."""

import importlib.util
import json
import math
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from data.studio import homes, layout, plan, probe, seeds  # noqa: E402

ROOMS = ROOT / "data" / "sample" / "rooms"
COUNTS = {"train": 80, "val": 20, "test": 20}
ALL_SEEDS = [seed for numbers in seeds.SPLITS.values() for seed in numbers]

needs_bpy = pytest.mark.skipif(
    importlib.util.find_spec("bpy") is None,
    reason="bpy, Blender's Python module, is not installed (dependency group studio)",
)
needs_rooms = pytest.mark.skipif(
    not ROOMS.is_dir(), reason="the sample rooms are not here; `make samples` renders them"
)


# Seeds and plans ----------------------------------------------------------------------------------


def test_every_seed_stands_in_one_split():
    assert len(set(ALL_SEEDS)) == len(ALL_SEEDS)
    assert {split: len(numbers) for split, numbers in seeds.SPLITS.items()} == COUNTS | {
        "predict": 5
    }
    assert all(seed in seeds.SPLITS[seeds.split_of(seed)] for seed in ALL_SEEDS)


def test_unknown_seed_is_refused():
    with pytest.raises(ValueError, match="belongs to no split"):
        seeds.split_of(9999)


def test_the_unlabelled_show_both_classes():
    assert {kind for seed in seeds.SPLITS["predict"] for kind in seeds.classes_of(seed)} == set(
        seeds.CLASSES
    )


def test_streams_are_stable_and_apart():
    assert seeds.stream(1, "room").random() == seeds.stream(1, "room").random()
    assert seeds.stream(1, "room").random() != seeds.stream(1, "camera").random()


def test_a_plan_follows_from_its_seed_alone():
    assert layout.make_plan(7) == layout.make_plan(7)
    assert layout.make_plan(7) != layout.make_plan(8)


def test_furniture_stays_in_the_room_and_apart():
    for seed in ALL_SEEDS:
        room = layout.make_plan(seed)
        boxes = [
            piece.box() for piece in room.pieces if piece.kind not in ("chair", "coffee_table")
        ]
        for i, box in enumerate(boxes):
            assert (
                box[0] >= -0.01
                and box[1] >= -0.01
                and box[2] <= room.width + 0.01
                and box[3] <= room.depth + 0.01
            )
            assert not any(layout.overlaps(box, other) for other in boxes[:i]), (
                seed,
                room.pieces[i].kind,
            )


def test_every_thing_has_a_home_that_holds_it():
    for seed in ALL_SEEDS[::5]:
        room = layout.make_plan(seed)
        for thing in room.things:
            piece = room.pieces[thing.piece]
            x, y, _ = thing.home
            assert abs(x) <= piece.width / 2 + 0.01, (seed, thing)
            assert -0.01 <= y <= piece.depth + 0.01, (seed, thing)


def test_what_lies_about_also_has_a_home():
    for seed in ALL_SEEDS:
        room = layout.make_plan(seed)
        tidy, untidy = room.parameters(False), room.parameters(True)
        assert tidy["things"] == untidy["things"] and tidy["out_of_place"] == {}
        assert sum(untidy["out_of_place"].values()) >= 10
        assert all(
            untidy["out_of_place"][kind] <= number
            for kind, number in tidy["things"].items()
            if kind in untidy["out_of_place"]
        )
        assert {k: v for k, v in tidy.items() if k not in ("class", "out_of_place")} == {
            k: v for k, v in untidy.items() if k not in ("class", "out_of_place")
        }


def test_cameras_keep_to_their_ranges():
    for seed in ALL_SEEDS:
        camera = layout.make_plan(seed).camera
        assert 1.1 <= camera.z <= 1.9 and 18 <= camera.lens <= 35 and -45 < camera.pitch < 0


def test_a_slot_fills_up_without_overlap():
    slot = plan.Slot(0, (0, 0, 0), (0.1, 0.2, 0.3), "row", ("book",))
    places = [homes.fit(slot, (0.03, 0.15, 0.2)) for _ in range(4)]
    assert places[3] is None
    centres = [place[0] for place in places[:3]]
    assert all(b - a >= 0.03 for a, b in zip(centres, centres[1:], strict=False))


def test_wilson_interval_of_a_known_case():
    low, high = probe.wilson(18, 20)
    assert math.isclose(low, 0.699, abs_tol=0.001) and math.isclose(high, 0.972, abs_tol=0.001)


def test_the_probe_skips_in_one_sentence(tmp_path, capsys):
    assert probe.main([str(tmp_path), str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("Skipped: ")


# The committed set --------------------------------------------------------------------------------


def rows(split: str) -> list[dict]:
    """The parameters of a split."""
    return [
        json.loads(line)
        for line in (ROOMS / "parameters" / f"{split}.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    ]


@needs_rooms
def test_counts_sizes_and_weight():
    from PIL import Image

    pictures = sorted(ROOMS.rglob("*.jpg"))
    assert len(pictures) == 2 * sum(COUNTS.values()) + 5
    for split, number in COUNTS.items():
        assert all(len(list((ROOMS / split / kind).iterdir())) == number for kind in seeds.CLASSES)
        assert sorted(p.name for p in (ROOMS / split).iterdir()) == list(seeds.CLASSES)
    for path in pictures:
        with Image.open(path) as picture:
            assert (picture.size, picture.mode, picture.format) == ((300, 300), "RGB", "JPEG")
    assert sum(path.stat().st_size for path in ROOMS.rglob("*") if path.is_file()) <= 8 * 10**6


@needs_rooms
def test_twins_share_a_split_and_no_seed_stands_in_two():
    names = {
        split: [{p.name for p in (ROOMS / split / kind).iterdir()} for kind in seeds.CLASSES]
        for split in COUNTS
    }
    assert all(clean == messy for clean, messy in names.values())
    assert len(set.union(*(clean for clean, _ in names.values()))) == sum(COUNTS.values())


@needs_rooms
@pytest.mark.parametrize("split", ["val", "test"])
def test_masks_are_black_for_tidy_rooms_only(split):
    from PIL import Image

    for kind in seeds.CLASSES:
        for picture in (ROOMS / split / kind).iterdir():
            with Image.open(ROOMS / "masks" / split / kind / f"{picture.stem}.png") as mask:
                assert mask.size == (300, 300)
                assert (mask.convert("L").getextrema()[1] > 0) == (kind == "messy"), picture


@needs_rooms
@pytest.mark.parametrize("split", [*COUNTS, "predict"])
def test_parameters_agree_with_files_and_plans(split):
    stored = rows(split)
    files = {p.relative_to(ROOMS).as_posix() for p in (ROOMS / split).rglob("*.jpg")}
    assert {row["file"] for row in stored} == files and len(stored) == len(files)
    for row in stored:
        assert seeds.split_of(row["seed"]) == split and row["file"].endswith(
            f"room_{row['seed']:04d}.jpg"
        )
        expected = json.loads(
            json.dumps(layout.make_plan(row["seed"]).parameters(row["class"] == "messy"))
        )
        assert {key: row[key] for key in expected} == expected


# Rendering ----------------------------------------------------------------------------------------

SEED = seeds.SPLITS["val"][0]


@pytest.fixture(scope="module")
def cloths():
    """A library of one cloth of each kind, simulated as the real one but once each."""
    from data.studio import cloth

    return {kind: [cloth.simulate(kind, 0, step=0.12)] for kind in cloth.OUTLINES}


@pytest.fixture(scope="module")
def tiny(cloths, tmp_path_factory):
    """Both twins of one room, 48 pixels wide with 2 samples, with masks."""
    from data.studio import render

    out = tmp_path_factory.mktemp("rooms")
    for kind in seeds.CLASSES:
        render.photograph(out, SEED, kind, 48, 2, cloths, masked=True)
    render.write_parameters(out, 48, 2)
    return out


@needs_bpy
def test_a_tiny_picture_of_each_class(tiny):
    from PIL import Image, ImageChops

    from data.studio import render

    pictures = [Image.open(render.image_path(tiny, SEED, kind)) for kind in seeds.CLASSES]
    assert all(picture.size == (48, 48) for picture in pictures)
    assert ImageChops.difference(*pictures).getbbox() is not None


@needs_bpy
def test_the_mask_is_black_for_the_tidy_twin_and_not_for_the_other(tiny):
    from PIL import Image

    from data.studio import render

    bright = [
        Image.open(render.mask_path(tiny, SEED, kind)).convert("L").getextrema()[1]
        for kind in seeds.CLASSES
    ]
    assert bright == [0, 255]


@needs_bpy
def test_parameters_are_written_for_both_twins(tiny):
    lines = (tiny / "parameters" / "val.jsonl").read_text(encoding="utf-8").splitlines()
    written = [json.loads(line) for line in lines]
    assert [row["class"] for row in written] == list(seeds.CLASSES)
    assert {row["seed"] for row in written} == {SEED} and all(
        row["samples"] == 2 for row in written
    )


@needs_bpy
def test_the_same_seed_gives_the_same_picture(tiny, cloths, tmp_path):
    import numpy as np
    from PIL import Image

    from data.studio import render

    render.photograph(tmp_path, SEED, "messy", 48, 2, cloths, masked=True)
    first, second = (
        np.asarray(Image.open(render.image_path(out, SEED, "messy")), int)
        for out in (tiny, tmp_path)
    )
    assert np.abs(first - second).mean() < 2
    masks = [
        np.asarray(Image.open(render.mask_path(out, SEED, "messy"))) for out in (tiny, tmp_path)
    ]
    assert (masks[0] != masks[1]).mean() < 0.01


@needs_bpy
def test_cloth_falls_the_same_way_twice():
    import numpy as np

    from data.studio import cloth

    first, second = cloth.simulate("sock", 0), cloth.simulate("sock", 0)
    assert np.allclose(first.vertices, second.vertices, atol=1e-4)
    assert first.vertices[:, 2].min() == 0 and np.ptp(first.vertices[:, 2]) > 0.01
