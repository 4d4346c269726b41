"""Sets are found wherever they stand, and split without a leak."""

import shutil

import numpy as np
import pytest
from pictures import PHOTOGRAPHS, encoded, picture

from helpers import CourseError
from helpers.audit import difference_hash, near_pairs
from helpers.data import SAMPLES, Split, count, dataset, load
from helpers.group_table import designs_by_name, has_table
from helpers.images import open_image


def write(folder, *numbers):
    folder.mkdir(parents=True)
    for i in numbers:
        (folder / f"{i}.png").write_bytes(encoded(picture(i)))


def test_the_samples(capsys):
    data = load("rooms")
    assert data.class_names == ("clean", "messy")
    sizes = {name: count(split, data.class_names) for name, split in data.splits().items()}
    assert sizes["train"] == {"clean": 80, "messy": 80}
    assert sizes["val"] == sizes["test"] == {"clean": 20, "messy": 20}
    assert len(data.predict) == 5 and (data.predict.labels == -1).all()
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "rendered by the course" in said


def test_labels_follow_the_folder_names():
    """The mutation that reads classes backwards is found here."""
    data = load("rooms")
    for split in (data.train, data.val, data.test):
        for file, label in zip(split.files, split.labels, strict=True):
            assert file.parent.name == data.class_names[label]
            assert {"clean": 0, "messy": 1}[file.parent.name] == label


def test_twins_never_stand_in_two_splits():
    data = load("rooms")
    names = [{file.stem for file in split.files} for split in data.splits().values()]
    assert sum(map(len, names)) == len(set.union(*names))


def test_an_archive_with_its_second_copy_inside(tmp_path, monkeypatch):
    images = tmp_path / "rooms" / "images"
    for split, numbers in {"train": range(10), "val": range(10, 14)}.items():
        write(images / split / "clean", *numbers)
        write(images / split / "messy", *(n + 50 for n in numbers))
    write(images / "test", 90, 91)
    shutil.copytree(images, tmp_path / "copy")
    shutil.move(tmp_path / "copy", images / "images")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    data = load("rooms")
    assert len(data.predict) == 2, "a test folder without classes is unlabelled"
    assert len(data.val) == 8
    assert len(data.train) + len(data.test) == 20, "the second copy was read too"
    assert count(data.test, data.class_names) == {"clean": 2, "messy": 2}


def test_nested_twice_under_its_own_name(tmp_path, monkeypatch):
    for split in ("seg_train", "seg_test"):
        for label in ("clean", "messy"):
            write(tmp_path / split / split / label, *range(5))
    write(tmp_path / "seg_pred" / "seg_pred", 7)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    data = load("rooms")
    assert (len(data.train) + len(data.val), len(data.test), len(data.predict)) == (10, 10, 1)


def test_a_folder_of_ones_own_is_split_the_same_each_time(photo_folder, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(photo_folder))
    first, second = load("rooms"), load("rooms")
    assert first.class_names == ("tidy", "untidy")
    assert [len(s) for s in (first.train, first.val, first.test)] == [12, 4, 4]
    for name, split in first.splits().items():
        assert split.files == second.splits()[name].files
    together = {f for s in first.splits().values() for f in s.files}
    assert len(together) == 20


def test_a_chapter_says_how_many_classes_it_takes(photo_folder, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(photo_folder))
    assert load("scenes").class_names == ("tidy", "untidy"), "chapter 14 takes any number"
    with pytest.raises(CourseError, match="2 classes .* asks for 3"):
        load("furniture")
    shutil.rmtree(photo_folder / "tidy")
    with pytest.raises(CourseError, match="1 classes .* asks for two or more"):
        load("scenes")


def test_near_duplicates_stay_on_one_side(photo_folder, monkeypatch):
    """The mutation that lets the split leak is found here."""
    for i in range(10):  # each picture of one class three times, a little brighter each time
        for step in (1, 2):
            brighter = np.clip(picture(i) * (1 + 0.04 * step), 0, 255).astype(np.uint8)
            (photo_folder / "tidy" / f"{i}_{step}.png").write_bytes(encoded(brighter))
    monkeypatch.setenv("COURSE_DATA", str(photo_folder))
    data = load("rooms")
    sides = [split for split in (data.train, data.val, data.test) for _ in split.files]
    files = [file for split in (data.train, data.val, data.test) for file in split.files]
    pairs = near_pairs(np.stack([difference_hash(open_image(f)) for f in files]))
    assert len(pairs) >= 30, "the test has no near-duplicates to find"
    assert all(sides[i] is sides[j] for i, j in pairs)


def test_two_splits_make_one(photo_folder, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(photo_folder))
    data = load("rooms")
    both = data.test + data.val
    assert both.files == data.test.files + data.val.files and len(both) == 8
    for file, label in zip(both.files, both.labels, strict=True):
        assert file.parent.name == data.class_names[label]


def test_groups_of_ones_own_stay_on_one_side(photo_folder, monkeypatch):
    """Pictures that look unlike each other, and that groups.csv says show one thing."""
    rows = [f"tidy/{i}.png,shelf {i // 3}" for i in range(9)]
    (photo_folder / "groups.csv").write_text("file,group\n" + "\n".join(rows), "utf-8-sig")
    monkeypatch.setenv("COURSE_DATA", str(photo_folder))
    data = load("rooms")
    for shelf in range(3):
        files = {photo_folder / "tidy" / f"{i}.png" for i in range(3 * shelf, 3 * shelf + 3)}
        held = [len(files & set(s.files)) for s in (data.train, data.val, data.test)]
        assert sorted(held) == [0, 0, 3]
    tidy = data.train.take(np.flatnonzero(data.train.labels == 0))
    number = dict(zip(tidy.files, data.groups(tidy), strict=True))
    shelves = [number[f] for f in sorted(number) if f.stem != "9"]
    assert [shelves.count(n) for n in shelves] == [3] * len(shelves)


@pytest.mark.parametrize("wrapper", [".", "archive"])
def test_a_table_is_seen_in_a_folder_that_wraps_the_images(photo_folder, tmp_path, wrapper):
    folder = tmp_path / "unpacked"
    (folder / wrapper).parent.mkdir(parents=True, exist_ok=True)
    photo_folder.rename(folder / wrapper if wrapper != "." else folder)
    assert not has_table(folder)
    (folder / "Groups.csv").write_text("file,group\n1.png,a\n")
    assert has_table(folder)


def test_the_first_word_that_is_not_common_names_a_design():
    makes = ("Ada", "Alma", "Ines", "Nora", "Olga", "Rosa")
    shop = [f"Maker Sofa {word} in Grey" for word in makes]
    shop += ["Maker Bed Mia King", "Mia Queen Bed", *(f"Bed {n} Queen King" for n in range(20))]
    found = designs_by_name(shop)
    assert found[:8] == ["ada", "alma", "ines", "nora", "olga", "rosa", "mia", "mia"]
    assert set(found[8:]) == {""}
    assert designs_by_name(["Becket bed", "Beckett bed"] + ["bed"] * 18)[:2] == ["becket"] * 2


def test_a_table_of_groups_that_is_none_is_named(photo_folder, monkeypatch):
    (photo_folder / "groups.csv").write_text("picture;shelf\n1.png;2\n", "utf-8")
    monkeypatch.setenv("COURSE_DATA", str(photo_folder))
    with pytest.raises(CourseError, match="groups.csv is no table with the columns file and group"):
        load("rooms")


def test_kaggle_is_not_asked_for_what_it_does_not_have(monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "kaggle")
    with pytest.raises(CourseError, match="'bikes'.*COURSE_DATA to a folder"):
        load("bikes")


@pytest.mark.parametrize("name", ["bikes", "furniture", "scenes"])
def test_the_other_sample_sets(name):
    """Class names by index, no empty split, and no group on both sides of a split."""
    expected = {
        "bikes": (("mountain_bike", "road_bike"), 200, 40),
        "furniture": (("bed", "chair", "sofa"), 270, 30),
        "scenes": (("buildings", "forest", "glacier", "mountain", "sea", "street"), 360, 90),
    }[name]
    data = load(name)
    assert (data.class_names, len(data.train) + len(data.val), len(data.test)) == expected
    assert min(count(data.val, data.class_names).values()) > 0
    both = data.groups(Split(data.train.files + data.val.files, np.zeros(expected[1])))
    assert not set(both[: len(data.train)]) & set(both[len(data.train) :])


def test_a_relative_path_is_found_from_the_course_too(photo_folder, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_DATA", "mine")
    assert len(load("rooms").train) == 12
    monkeypatch.setenv("COURSE_DATA", "data/sample")
    assert load("rooms").folder == SAMPLES / "rooms"


def test_files_that_do_not_open_are_named_and_left_out(photo_folder, monkeypatch, capsys):
    (photo_folder / "tidy" / "bad.jpg").write_bytes(b"no picture")
    monkeypatch.setenv("COURSE_DATA", str(photo_folder))
    data = load("rooms")
    assert "bad.jpg" in capsys.readouterr().out
    assert "bad.jpg" not in {f.name for s in data.splits().values() for f in s.files}


def test_what_cannot_be_loaded_gets_one_sentence(tmp_path, monkeypatch):
    with pytest.raises(CourseError, match="no set 'garages'.*rooms"):
        load("garages")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(CourseError, match="COURSE_DATA=.*nowhere"):
        load("rooms")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(CourseError, match="0 classes"):
        load("rooms")
    for label in "abc":
        write(tmp_path / label, 1, 2)
    with pytest.raises(CourseError, match=r"3 classes \(a, b, c\)"):
        load("rooms")


def test_arrays_and_dataset_hold_what_open_image_gives(photo_folder, keras):
    files = tuple(sorted((photo_folder / "tidy").iterdir()))
    split = Split(files, np.arange(10, dtype=np.int32) % 2)
    pixels, labels = split.arrays((16, 24))
    assert pixels.shape == (10, 16, 24, 3) and pixels.dtype == np.uint8
    assert labels.shape == (10, 1) and labels.dtype == np.float32
    batches = list(dataset(split, (16, 24), batch_size=4))
    assert [len(b[0]) for b in batches] == [4, 4, 2]
    np.testing.assert_array_equal(np.concatenate([b[0] for b in batches]), pixels)
    np.testing.assert_array_equal(pixels[3], open_image(files[3], (16, 24)))


def test_dataset_shuffles_anew_each_epoch_and_alike_each_run(photo_folder, keras):
    split = Split(tuple(sorted((photo_folder / "tidy").iterdir())), np.arange(10, dtype=np.int32))
    order = lambda batches: np.concatenate([y.numpy() for _, y in batches])[:, 0].tolist()  # noqa: E731
    once, again = dataset(split, (8, 8), seed=3), dataset(split, (8, 8), seed=3)
    first, second = order(once), order(once)
    assert sorted(first) == sorted(second) == list(range(10)) and first != second
    assert [order(again), order(again)] == [first, second]


@pytest.mark.skipif(not PHOTOGRAPHS.is_dir(), reason=f"no photographs at {PHOTOGRAPHS.name}")
def test_the_photographs_as_their_archive_unpacks(monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(PHOTOGRAPHS))
    data = load("rooms")
    assert len(data.train) + len(data.test) == 192 and len(data.val) == 20
    assert len(data.predict) == 10
    assert not any("images/images" in file.as_posix() for file in data.train.files)


def test_the_caller_may_name_the_source_and_the_environment_stays(photo_folder, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(photo_folder / "nowhere"))
    assert load("rooms", source="samples").source == "samples"
    for source in (photo_folder, str(photo_folder)):
        assert load("rooms", source=source).class_names == ("tidy", "untidy")
    monkeypatch.setenv("COURSE_DATA", "samples")
    assert load("rooms").folder == SAMPLES / "rooms"
    with pytest.raises(CourseError, match="^/no/such/place is not a folder"):
        load("rooms", source="/no/such/place")


def table(folder, *rows):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "groups.csv").write_text("\n".join(["file,group", *rows]) + "\n")


def test_a_table_where_it_has_no_effect_is_refused(photo_folder, tmp_path):
    table(photo_folder / "meta", "tidy/0.png,shelf")
    with pytest.raises(CourseError, match=r"meta.groups\.csv lies in a folder without images"):
        load("rooms", photo_folder)
    (photo_folder / "meta" / "groups.csv").unlink()
    photo_folder.rename(tmp_path / "rooms")
    table(tmp_path, "tidy/0.png,shelf")
    with pytest.raises(CourseError, match=r"groups\.csv stands above the set: move it into"):
        load("rooms", tmp_path)


def test_a_class_called_as_the_set_is_a_class(photo_folder, tmp_path):
    (photo_folder / "tidy").rename(photo_folder / "rooms")
    found = load("rooms", photo_folder)
    assert found.folder == photo_folder.resolve()
    assert found.class_names == ("rooms", "untidy")
    # A set beside other sets stays one, and what is wrong with it is said of itself.
    shutil.move(photo_folder, tmp_path / "bikes")
    (tmp_path / "bikes" / "rooms").rename(tmp_path / "rooms")
    with pytest.raises(CourseError, match=r"rooms holds 0 classes"):
        load("rooms", tmp_path)


def test_a_group_that_the_folder_s_own_splits_tear_apart_is_named(photo_folder, tmp_path, capsys):
    for label, name in enumerate(("tidy", "untidy")):
        for split in ("train", "val", "test"):
            target = tmp_path / "dealt" / split / name
            target.mkdir(parents=True)
            for i in range(3):
                number = 1000 * label + 100 * len(split) + i
                (target / f"{i}.png").write_bytes(encoded(picture(number)))
    torn = [f"{split}/tidy/0.png,shelf" for split in ("train", "val", "test")]
    table(tmp_path / "dealt", *torn, "train/tidy/1.png,sofa", "train/tidy/2.png,sofa")
    load("rooms", tmp_path / "dealt")
    said = capsys.readouterr().out
    assert "groups.csv: in several of the folder's own splits lie, and stay, shelf." in said


def test_the_folder_that_is_named_is_taken(photo_folder, tmp_path, capsys, monkeypatch):
    """Also where another's name differs by a space at the end, or it is where one stands."""
    other = photo_folder.rename(tmp_path / "mine ")
    shutil.copytree(other, tmp_path / "mine")
    (tmp_path / "mine " / "tidy").rename(tmp_path / "mine " / "neat")
    assert load("rooms", f"{other}").class_names == ("neat", "untidy")
    assert load("rooms", f"{tmp_path / 'mine'} ").class_names == ("neat", "untidy")
    shutil.rmtree(other)
    assert load("rooms", f"{tmp_path / 'mine'} ").class_names == ("tidy", "untidy")
    capsys.readouterr()
    monkeypatch.chdir(tmp_path / "mine")
    load("rooms", ".")
    assert "from the folder mine, " in capsys.readouterr().out


def test_years_below_one_class_are_not_taken_for_the_classes(photo_folder, capsys):
    for year in ("2020", "2021"):
        (photo_folder / "tidy" / year).mkdir()
    for file in sorted((photo_folder / "tidy").glob("*.png")):
        file.rename(file.parent / ("2020" if file.stem < "5" else "2021") / file.name)
    (photo_folder / "untidy" / "2021").mkdir()
    for file in (photo_folder / "untidy").glob("*.png"):
        file.rename(file.parent / "2021" / file.name)
    with pytest.raises(CourseError, match=r"holds 0 classes .*tidy.2020"):
        load("rooms", photo_folder)


def test_a_class_without_images_is_named(photo_folder, capsys):
    (photo_folder / "third").mkdir()
    (photo_folder / "third" / ".DS_Store").write_bytes(b"x")
    load("rooms", photo_folder)
    assert "the folder third, which holds no image" in capsys.readouterr().out
