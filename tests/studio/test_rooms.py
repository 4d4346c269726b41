"""The sample rooms: plans without Blender, the committed files, tiny renders where `bpy` is."""

import json

import numpy as np
import pytest
from blender import needs_bpy, tiny
from pictures import ROOT
from PIL import Image

from studio import rooms
from studio.rooms import homes, layout, plan, records

ROOMS = ROOT / "data" / "sample" / "rooms"
COUNTS = {"train": 80, "val": 20, "test": 20}
ALL_SEEDS = [seed for numbers in rooms.SPLITS.values() for seed in numbers]
CLASSES = records.CLASSES

needs_rooms = pytest.mark.skipif(
    not ROOMS.is_dir(), reason="the sample rooms are not here; `make samples` renders them"
)


# Seeds and plans ----------------------------------------------------------------------------------


def test_every_seed_stands_in_one_split():
    assert len(set(ALL_SEEDS)) == len(ALL_SEEDS)
    assert {split: len(numbers) for split, numbers in rooms.SPLITS.items()} == COUNTS | {
        "predict": 5
    }
    assert all(shot.seed in rooms.SPLITS[shot.split] for shot in rooms.SHOTS)


def test_the_unlabelled_show_both_classes():
    assert {shot.kind for shot in rooms.SHOTS if shot.split == "predict"} == set(CLASSES)


def test_a_plan_follows_from_its_seed_alone():
    assert plan.make_room(7) == plan.make_room(7)
    assert plan.make_room(7) != plan.make_room(8)


def test_furniture_stays_in_the_room_and_apart():
    for seed in ALL_SEEDS:
        room = plan.make_room(seed)
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
        room = plan.make_room(seed)
        for thing in room.things:
            piece = room.pieces[thing.piece]
            x, y, _ = thing.home
            assert abs(x) <= piece.width / 2 + 0.01, (seed, thing)
            assert -0.01 <= y <= piece.depth + 0.01, (seed, thing)


def test_what_lies_about_also_has_a_home():
    for seed in ALL_SEEDS:
        room = plan.make_room(seed)
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
        camera = plan.make_room(seed).camera
        assert 1.1 <= camera.z <= 1.9 and 18 <= camera.lens <= 35 and -45 < camera.pitch < 0


def test_a_slot_fills_up_without_overlap():
    slot = records.Slot(0, (0, 0, 0), (0.1, 0.2, 0.3), "row", ("book",))
    places = [homes.fit(slot, (0.03, 0.15, 0.2)) for _ in range(4)]
    assert places[3] is None
    centres = [place[0] for place in places[:3]]
    assert all(b - a >= 0.03 for a, b in zip(centres, centres[1:], strict=False))


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
    pictures = sorted(ROOMS.rglob("*.jpg"))
    assert len(pictures) == 2 * sum(COUNTS.values()) + 5
    for split, number in COUNTS.items():
        assert all(len(list((ROOMS / split / kind).iterdir())) == number for kind in CLASSES)
        assert sorted(p.name for p in (ROOMS / split).iterdir()) == list(CLASSES)
    for path in pictures:
        with Image.open(path) as picture:
            assert (picture.size, picture.mode, picture.format) == ((300, 300), "RGB", "JPEG")
    assert sum(path.stat().st_size for path in ROOMS.rglob("*") if path.is_file()) <= 8 * 10**6


@needs_rooms
def test_twins_share_a_split_and_no_seed_stands_in_two():
    names = {
        split: [{p.name for p in (ROOMS / split / kind).iterdir()} for kind in CLASSES]
        for split in COUNTS
    }
    assert all(clean == messy for clean, messy in names.values())
    assert len(set.union(*(clean for clean, _ in names.values()))) == sum(COUNTS.values())


@needs_rooms
@pytest.mark.parametrize("split", ["val", "test"])
def test_masks_are_black_for_tidy_rooms_only(split):
    for kind in CLASSES:
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
        assert row["seed"] in rooms.SPLITS[split] and row["file"].endswith(
            f"room_{row['seed']:04d}.jpg"
        )
        expected = json.loads(
            json.dumps(plan.make_room(row["seed"]).parameters(row["class"] == "messy"))
        )
        assert {key: row[key] for key in expected} == expected


# Rendering ----------------------------------------------------------------------------------------

SHOTS = [shot for shot in rooms.SHOTS if shot.seed == rooms.SPLITS["val"][0]]


@pytest.fixture(scope="module")
def _few_cloths():
    """A library of one cloth of each kind, simulated as the real one but once each."""
    from studio.rooms import cloth

    few = {kind: [cloth.simulate(kind, 0, step=0.12)] for kind in cloth.OUTLINES}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cloth, "library", lambda _: few)
        yield


@pytest.fixture(scope="module")
def twins(_few_cloths, tmp_path_factory):
    """Both twins of one room, with masks: their folder, pictures and masks."""
    from studio import render

    out = tmp_path_factory.mktemp("rooms")
    shown = [tiny(rooms, shot, out) for shot in SHOTS]
    render.write_parameters(rooms, out, (48, 48), 2)
    return out, shown


@needs_bpy
def test_a_tiny_picture_of_each_class(twins):
    (clean, _), (messy, _) = twins[1]
    assert clean.shape == messy.shape == (48, 48, 3) and (clean != messy).any()


@needs_bpy
def test_the_mask_is_black_for_the_tidy_twin_and_not_for_the_other(twins):
    assert [mask.max() for _, mask in twins[1]] == [0, 1]


@needs_bpy
def test_parameters_are_written_for_both_twins(twins):
    lines = (twins[0] / "parameters" / "val.jsonl").read_text(encoding="utf-8").splitlines()
    written = [json.loads(line) for line in lines]
    assert [row["class"] for row in written] == list(CLASSES)
    assert {row["seed"] for row in written} == {SHOTS[0].seed}
    assert all(row["samples"] == 2 for row in written)


@needs_bpy
def test_the_same_seed_gives_the_same_picture(twins, tmp_path):
    number = CLASSES.index("messy")
    picture, mask = twins[1][number]
    again, same_mask = tiny(rooms, SHOTS[number], tmp_path)
    assert np.abs(picture - again).mean() < 2
    assert (mask != same_mask).mean() < 0.01


@needs_bpy
def test_cloth_falls_the_same_way_twice():
    from studio.rooms import cloth

    first, second = cloth.simulate("sock", 0), cloth.simulate("sock", 0)
    assert np.allclose(first.vertices, second.vertices, atol=1e-4)
    assert first.vertices[:, 2].min() == 0 and np.ptp(first.vertices[:, 2]) > 0.01
