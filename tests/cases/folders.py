"""What people have in their folders: `load` takes it, or says in one sentence what to do."""

import os
import sys
import unicodedata

import numpy as np
from pictures import encoded, picture
from verdict import as_nobody, case, public_folder, refused, said

from helpers.data import count, load

DRAWN = {"ink": (20, 20, 120), "rust": (150, 60, 20)}


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def photo(path, seed):
    return put(path, encoded(picture(seed), "JPEG"))


def two(folder, images=10, labels=("tidy", "untidy"), start=0):
    """Two classes of pictures that are unlike each other."""
    for number, label in enumerate(labels):
        for i in range(images):
            photo(folder / label / f"{label[0]}{i}.jpg", start + 500 * number + i)
    return folder


def sizes(folder, name="rooms", words=""):
    """Load, and return the images of each split and class, and what was said."""
    data, text = said(lambda: load(name, source=folder))
    assert words in text, text
    assert all(line.isprintable() for line in text.splitlines()), text
    splits = {key: count(split, data.class_names) for key, split in data.splits().items()}
    return data, {key: value for key, value in splits.items() if sum(value.values())}, text


def fair(folder, images, name="rooms", words=""):
    """Assert that every image is in one split, and each class in each; return what was said."""
    data, found, text = sizes(folder, name, words)
    assert sum(sum(each.values()) for each in found.values()) == images, found
    assert all(min(found[key].values()) > 0 for key in ("train", "val", "test")), found
    assert min(found["train"].values()) >= max(found["test"].values()), found
    return text


def filmed(path, seed, images=10):
    """The same view from a tripod, while the light changes a little."""
    base = picture(seed, (120, 160)).astype(float)
    for i in range(images):
        frame = np.clip(base * (1 + 0.01 * i), 0, 255).astype(np.uint8)
        put(path / f"{i}.jpg", encoded(frame, "JPEG"))


# 1. A safeguard that may take everything


SWALLOWED = "a safeguard without a lower bound on what it leaves"


@case(1, SWALLOWED)
def two_classes_from_one_camera(folder):
    filmed(folder / "tidy", 1)
    filmed(folder / "untidy", 2)
    return refused(lambda: load("rooms", source=folder), "all 10 photos are near-duplicates")


@case(1, SWALLOWED)
def both_classes_one_view(folder):
    filmed(folder / "tidy", 1)
    filmed(folder / "untidy", 1)
    return refused(lambda: load("rooms", source=folder), "all 10 photos are near-duplicates")


@case(1, SWALLOWED)
def one_class_from_one_camera(folder):
    two(folder)
    filmed(folder / "untidy", 1, 20)
    for path in (folder / "untidy").glob("u*"):
        path.unlink()
    return refused(lambda: load("rooms", source=folder), "untidy: all 20 photos", "groups.csv")


@case(1, SWALLOWED)
def a_film_among_other_photos(folder):
    """The largest group is what training keeps."""
    two(folder, 6)
    filmed(folder / "untidy", 1, 20)
    data, found, text = sizes(folder)
    assert found["train"]["untidy"] >= 20 and min(found["test"].values()) > 0, found
    assert min(found["val"].values()) > 0, found
    return text


@case(1, SWALLOWED)
def three_films_a_class(folder):
    """Each group is more than a fifth: one goes to each split, and the largest to training."""
    for number, label in enumerate(("tidy", "untidy")):
        for film, images in enumerate((4, 10, 6)):
            filmed(folder / label / str(film), 10 * number + film, images)
            for path in (folder / label / str(film)).iterdir():
                path.rename(folder / label / f"{film}_{path.name}")
            (folder / label / str(film)).rmdir()
    data, found, text = sizes(folder)
    assert found["train"] == {"tidy": 10, "untidy": 10}, found
    assert found["test"] == {"tidy": 4, "untidy": 4}, found
    return text


@case(1, SWALLOWED)
def a_film_and_two_photos(folder):
    """One photo to each split that is drawn, not both to the first."""
    two(folder, 6)
    for path in sorted((folder / "untidy").iterdir())[2:]:
        path.unlink()
    filmed(folder / "untidy", 1, 18)
    data, found, text = sizes(folder)
    assert [found[key]["untidy"] for key in ("train", "val", "test")] == [18, 1, 1], found
    return text


@case(1, SWALLOWED)
def products_drawn_on_white(folder):
    """Their hashes have a few bits set, so that all are alike to it."""
    rng = np.random.default_rng(0)
    for label, colour in DRAWN.items():
        for i in range(40):
            page = np.full((300, 300, 3), 255, dtype=np.uint8)
            top, left, height, width = rng.integers((60, 60, 90, 90), (110, 110, 150, 150))
            page[top : top + height, left : left + width] = colour
            put(folder / label / f"{i}.png", encoded(page))
    return fair(folder, 80)


@case(1, SWALLOWED)
def pictures_of_one_colour(folder):
    for number, label in enumerate(("tidy", "untidy")):
        for i in range(10):
            page = np.full((40, 40, 3), 100 * number + 7 * i, dtype=np.uint8)
            put(folder / label / f"{i}.png", encoded(page))
            put(folder / label / f"{i} copy.png", encoded(page))
    text = fair(folder, 40)
    data, _, _ = sizes(folder)
    for split in (data.train, data.val, data.test):
        names = {file.relative_to(folder).as_posix() for file in split.files}
        assert {name.replace(" copy", "") for name in names} <= names, "a copy stands elsewhere"
    return text


@case(1, SWALLOWED)
def all_files_are_equal(folder):
    for label in ("tidy", "untidy"):
        for i in range(10):
            photo(folder / label / f"{i}.jpg", 1)
    return refused(lambda: load("rooms", source=folder), "tidy: all 10 photos are copies")


@case(1, SWALLOWED)
def named_groups_free_a_film(folder):
    """The way out that the sentence names works: who has named every group is believed."""
    filmed(folder / "tidy", 1, 12)
    filmed(folder / "untidy", 2, 12)
    files = [f"{label}/{i}.jpg,{label} {i // 3}" for label in ("tidy", "untidy") for i in range(12)]
    put(folder / "groups.csv", "\n".join(["file,group", *files]).encode())
    data, _, _ = sizes(folder)
    assert len(set(data.groups(data.train))) == 4, "folds would have other groups than splits"
    return fair(folder, 24)


@case(1, SWALLOWED)
def too_few_photos(folder):
    two(folder, 2)
    return refused(lambda: load("rooms", source=folder), "tidy: 2 photos are too few")


@case(1, SWALLOWED)
def rooms_photographed_twice_keep_a_training_set(folder):
    """Few groups, each in both classes, are not dealt away twice."""
    two(folder, 5)
    rows = [f"{label}/{label[0]}{i}.jpg,{i}" for label in ("tidy", "untidy") for i in range(5)]
    put(folder / "groups.csv", "\n".join(["file,group", *rows]).encode())
    data, found, text = sizes(folder)
    assert found["train"] == {"tidy": 3, "untidy": 3}, found
    return text


EMPTIED = "a set emptied in silence"


@case("emptied", EMPTIED)
def all_files_are_damaged(folder):
    for label in ("tidy", "untidy"):
        put(folder / label / "a.jpg", b"no picture")
    return refused(lambda: load("rooms", source=folder), "tidy: none of its images in train opens")


@case("emptied", EMPTIED)
def one_class_is_damaged(folder):
    two(folder)
    for path in (folder / "untidy").iterdir():
        path.write_bytes(path.read_bytes()[:100])
    return refused(
        lambda: load("rooms", source=folder), "untidy: none of its images in train opens"
    )


@case("emptied", EMPTIED)
def a_split_lacks_a_class(folder):
    two(folder / "train")
    two(folder / "test", labels=("tidy", "other"), start=200)
    for path in (folder / "test" / "other").iterdir():
        path.unlink()
    return refused(lambda: load("rooms", source=folder), "untidy: there is no image in test")


# 5, 14, 21. Folders that are not the user's


NAMES = "structure guessed from names without asking whether there is a picture in it"


@case(5, NAMES)
def what_a_mac_puts_into_an_archive(folder):
    two(folder / "photos")
    put(folder / "__MACOSX" / "photos" / "tidy" / "._a0.jpg", b"\0\5\x16\7")
    return fair(folder, 20, words="the folder __MACOSX")


@case(5, NAMES)
def the_same_with_splits(folder):
    two(folder / "photos" / "train")
    put(folder / "__MACOSX" / "photos" / "train" / "tidy" / "._a0.jpg", b"\0")
    return fair(folder, 20, words="the folder __MACOSX")


@case(14, NAMES)
def thumbnails_and_bins_of_disks(folder):
    two(folder)
    photo(folder / "tidy" / "@eaDir" / "t0.jpg" / "SYNOPHOTO_THUMB_XL.jpg", 1)
    photo(folder / "@eaDir" / "x.jpg" / "thumb.jpg", 1)
    for name in ("#recycle", "@Recycle", "$RECYCLE.BIN", "lost+found", ".ipynb_checkpoints"):
        photo(folder / name / "a.jpg", 2)
    return fair(folder, 20, words="the folder @eaDir")


@case(13, NAMES)
def a_library_of_another_program(folder):
    two(folder)
    photo(folder / "Photos Library.photoslibrary" / "originals" / "a.jpeg", 1)
    photo(folder / "Previews.lrdata" / "a.jpg", 1)
    return fair(folder, 20, words="the folder Photos Library.photoslibrary")


@case(21, NAMES)
def a_wrapper_beside_a_system_folder(folder):
    two(folder / "photos")
    put(folder / "System Volume Information" / "IndexerVolumeGuid", b"x")
    (folder / "empty").mkdir()
    put(folder / "notes" / "read me.txt", b"x")
    return fair(folder, 20, words="1 .txt")


@case(21, NAMES)
def a_wrapper_with_a_cover_picture(folder):
    two(folder / "photos")
    photo(folder / "cover.jpg", 1)
    photo(folder / "photos" / "cover.jpg", 2)
    return fair(folder, 20, words="1 image in the folder itself, 1 image in photos")


@case(21, NAMES)
def a_class_called_train(folder):
    two(folder, labels=("plane", "train"))
    for name in ("old", "new"):
        (folder / "train" / name).mkdir()
    return fair(folder, 20)


@case(21, NAMES)
def a_cover_picture_in_the_splits(folder):
    two(folder / "train")
    two(folder / "val", start=50)
    for place in ("", "train", "val"):
        photo(folder / place / "cover.jpg", 900)
    data, found, text = sizes(folder, words="1 image in train")
    assert found["val"] == {"tidy": 10, "untidy": 10} and data.train.labels.min() == 0, found
    return text


@case(21, NAMES)
def a_wrapper_beside_a_folder_of_figures(folder):
    two(folder / "photos")
    photo(folder / "docs" / "plot.png", 1)
    return fair(folder, 20, words="1 image in docs")


# 6. Lost by an ending


SILENT = "silent loss by an ending"


@case(6, SILENT)
def a_class_in_another_format(folder):
    two(folder)
    for path in (folder / "untidy").iterdir():
        path.rename(path.with_suffix(".CR2"))
    return refused(lambda: load("rooms", source=folder), "1 classes (tidy)", "10 .cr2")


@case(6, SILENT)
def half_in_other_formats(folder):
    two(folder)
    for ending in (".CR2", ".mov", ".AAE"):
        for i in range(3):
            put(folder / "tidy" / f"{i}{ending}", b"x")
    return fair(folder, 20, words="3 .aae, 3 .cr2, 3 .mov")


@case(6, SILENT)
def images_deeper_than_their_class(folder):
    two(folder)
    photo(folder / "tidy" / "2021" / "a.jpg", 1)
    return fair(folder, 20, words="1 image in tidy/2021")


# 8, 30. Splits by other names


COLLECTED = "class names collected from all splits"


@case(8, COLLECTED)
def unlabelled_test_images_in_a_subfolder(folder):
    two(folder / "train")
    two(folder / "val", start=50)
    for i in range(4):
        photo(folder / "test" / "unlabeled" / f"{i}.jpg", 900 + i)
    for name in ("rooms", "scenes"):
        data, found, text = sizes(folder, name, words="4 predict")
        assert data.class_names == ("tidy", "untidy") and len(data.predict) == 4
    return text


@case(8, COLLECTED)
def unlabelled_test_images_in_test_test(folder):
    two(folder / "train")
    photo(folder / "test" / "test" / "1.jpg", 900)
    photo(folder / "predict" / "1.jpg", 901)
    data, found, text = sizes(folder, "scenes", words="2 predict")
    return text


@case(8, COLLECTED)
def unlabelled_images_beside_the_classes(folder):
    two(folder)
    photo(folder / "unlabelled" / "1.jpg", 900)
    data, found, text = sizes(folder, "scenes", words="1 predict")
    return text


@case(8, COLLECTED)
def test_classes_that_were_never_taught(folder):
    two(folder / "train")
    two(folder / "test", labels=("tidy", "unlike"), start=50)
    return refused(lambda: load("scenes", source=folder), "test has unlike, which")


@case(30, COLLECTED)
def classes_spelt_otherwise_in_the_test(folder):
    two(folder / "train", labels=("cat", unicodedata.normalize("NFC", "hünd")))
    two(folder / "test", labels=("Cat", unicodedata.normalize("NFD", "hünd")), start=50)
    data, found, text = sizes(folder, "scenes")
    assert len(data.class_names) == 2 and min(found["test"].values()) == 10, found
    return text


@case(30, COLLECTED)
def two_classes_that_differ_in_case(folder):
    two(folder, labels=("Cat", "cat"))
    return refused(lambda: load("rooms", source=folder), "Cat, cat, which other systems take")


@case(30, "silent loss of a split by its name")
def other_names_of_splits(folder):
    spelt = {
        ("training_set", "test_set", "validate"): 3,
        ("Train", "Testing", "dev"): 3,
        ("train", "eval", "val"): 3,
        ("train", "test", "holdout"): 3,
        ("train2017", "test2017", "val2017"): 3,
        ("seg_train", "seg_test", "valid"): 3,
    }
    for number, names in enumerate(spelt):
        for split, name in enumerate(names):
            two(folder / str(number) / name / name, 4, start=20 * split)
        data, found, text = sizes(folder / str(number))
        assert found == {key: {"tidy": 4, "untidy": 4} for key in ("train", "val", "test")}, names
    return text


@case(30, "silent loss of a split by its name")
def train_beside_training_and_a_strange_name(folder):
    two(folder / "train")
    two(folder / "training", 3, start=50)
    two(folder / "extra", 2, start=90)
    return fair(folder, 20, words="3 images in training/tidy")


@case(30, "silent loss of a split by its name")
def splits_without_classes(folder):
    for split in ("train", "test"):
        for i in range(5):
            photo(folder / split / f"cat.{i}.jpg", i)
    return refused(lambda: load("rooms", source=folder), "test, train without folders of classes")


# 17, 50. No right, no such place


RIGHTS = "an error of the system turned into a sentence in some places only"
LOAD = """
from helpers.data import load
try:
    load("rooms", source={source!r})
    print("loaded")
except CourseError as error:
    print(error)
"""


def denied(closed, source, *parts):
    """Load as another user than the one who may."""
    with public_folder() as folder:
        two(folder / "mine")
        put(folder / "mine" / "groups.csv", b"file,group\ntidy/t0.jpg,a\n")
        (folder / closed).chmod(0)
        text = as_nobody(LOAD.format(source=source), folder)
        for part in parts:
            assert part in text, text
        return text.splitlines()[-1]


@case(17, RIGHTS)
def a_closed_folder(folder):
    return denied("mine", "mine", "mine cannot be read (Permission denied)")


@case(17, RIGHTS)
def a_folder_in_a_closed_one(folder):
    return denied("mine", "mine/tidy", "mine cannot be read (Permission denied)")


@case(17, RIGHTS)
def a_closed_class(folder):
    return denied("mine/untidy", "mine", "untidy cannot be read (Permission denied)")


@case(17, RIGHTS)
def a_closed_table_of_groups(folder):
    return denied("mine/groups.csv", "mine", "groups.csv cannot be read (Permission denied)")


@case(17, RIGHTS)
def a_closed_photo(folder):
    with public_folder() as folder:
        two(folder / "mine")
        (folder / "mine" / "tidy" / "t0.jpg").chmod(0)
        text = as_nobody(LOAD.format(source="mine"), folder)
        assert "t0.jpg cannot be read (Permission denied)" in text and "loaded" in text, text
        return text.splitlines()[0]


@case(17, RIGHTS)
def a_course_that_is_read_only(folder):
    """What is computed goes into a folder of one's own, and is found again."""
    code = """
import numpy as np
from helpers import cache, data, runtime
from helpers.files import whole
for _ in range(2):
    cache.cached("a", (2, 2), np.float32, lambda rows: rows.fill(1))
with whole(runtime.SAVED / "rooms.json") as part:
    part.write_text("{}")
print(*sorted(p.relative_to(Path.home()).as_posix() for p in Path.home().rglob("*.*")), sep="\\n")
print(data.KAGGLE.is_relative_to(Path.home()), runtime.SAVED.is_relative_to(Path.home()))
"""
    with public_folder() as folder:
        (folder / "home").mkdir()
        os.chown(folder / "home", 65534, 65534) if os.getuid() == 0 else None
        text = as_nobody(code, folder)
        assert "room-by-room/saved/cache/a.npy" in text, text
        assert "room-by-room/saved/rooms.json" in text and "True True" in text, text
        return text


@case(50, RIGHTS)
def names_that_are_no_folder(folder):
    for name in (
        "~nobodyhere/x",
        "x" * 300,
        "a\0b",
        "a\nb",
        "file:///x",
        str(folder / ("a/" * 3000)),
    ):
        text = refused(lambda name=name: load("rooms", source=name), "is not a folder")
    put(folder / "file", b"x")
    refused(lambda: load("rooms", source=folder / "file"), "is not a folder")
    return text[:80]


# 22. An instruction whose purpose is to stop a leak


LEAK = "silent loss of an instruction whose only purpose is to stop a leak"


def together(folder, rows, words="", head="file,group", encoding="utf-8"):
    """Assert that the table's five photos of one shelf are one group; return what was said."""
    two(folder)
    table = "\n".join([head, *rows]) + "\n"
    put(folder / "groups.csv", table.encode(encoding))
    data, found, text = sizes(folder, words=words)
    every = data.train + data.val + data.test
    number = dict(zip((f.name for f in every.files), data.groups(every), strict=True))
    assert len({number[f"t{i}.jpg"] for i in range(5)}) == 1, "the photos of one shelf are apart"
    sides = [
        sum(f.name in {f"t{i}.jpg" for i in range(5)} for f in s.files)
        for s in (data.train, data.val, data.test)
    ]
    assert sorted(sides) == [0, 0, 5], sides
    return text


@case(22, LEAK)
def backslashes(folder):
    return together(folder, [f"tidy\\t{i}.jpg,shelf" for i in range(5)])


@case(22, LEAK)
def bare_names(folder):
    return together(folder, [f"t{i}.jpg,shelf" for i in range(5)])


@case(22, LEAK)
def paths_of_another_computer(folder):
    return together(folder, [f"C:\\Users\\ada\\mine\\tidy\\t{i}.jpg,shelf" for i in range(5)])


@case(22, LEAK)
def paths_from_the_root(folder):
    return together(folder, [f"{folder}/tidy/t{i}.jpg,shelf" for i in range(5)])


@case(22, LEAK)
def another_case(folder):
    return together(folder, [f"Tidy/T{i}.JPG,Shelf {'' if i else ' '}" for i in range(5)])


@case(22, LEAK)
def semicolons_a_mark_and_windows_letters(folder):
    rows = [f"tidy/t{i}.jpg;größe" for i in range(5)]
    together(folder / "a", rows, head="File;Group", encoding="utf-8-sig")
    together(folder / "b", rows, head="sep=;\nfile;group", encoding="cp1252")
    return together(folder / "c", rows, head="file;group", encoding="utf-16")


@case(22, LEAK)
def a_table_in_the_wrapper(folder):
    together(folder / "photos", [f"tidy/t{i}.jpg,shelf" for i in range(5)])
    photo(folder / "cover.jpg", 1)
    data, found, text = sizes(folder)
    every = data.train + data.val + data.test
    number = dict(zip((f.name for f in every.files), data.groups(every), strict=True))
    assert len({number[f"t{i}.jpg"] for i in range(5)}) == 1
    return text


@case(22, LEAK)
def rows_that_name_nothing_are_counted(folder):
    rows = [f"tidy/t{i}.jpg,shelf" for i in range(5)]
    rows += ["tidy/gone.jpg,shelf", "tidy/t7.jpg,", "tidy/t8.jpg"]
    words = "groups.csv: 3 rows name no image here, or no group: tidy/gone.jpg, tidy/t7.jpg"
    return together(folder, rows, words=words)


BAD_TABLES = {
    "no rows": ("file,group\n", "has no rows"),
    "empty": ("", "is no table"),
    "two groups for one photo": ("file,group\ntidy/t0.jpg,a\ntidy\\t0.jpg,b\n", "two groups"),
    "a quote that is open": ('file,group\ntidy/t0.jpg,"a\ntidy/t1.jpg,a\n', "quote"),
    "a quote that is open at the end": ('file,group\ntidy/t0.jpg,a\ntidy/t1.jpg,"b', "quote"),
    "a quote that swallows rows": ('file,group\n"tidy/t0.jpg,a\ntidy/t1.jpg",a\n', "quote"),
    "no row fits": ("file,group\nclean/t0.jpg,a\n", "names no image of this set"),
    "a name that may be two": ("file,group\nx.jpg,a\n", "may be 2 images"),
    "a comma in a name": ("file,group\ntidy/t0, old.jpg,a\n", "quote a name with a comma"),
    "other columns": ("picture;shelf\n1.png;2\n", "columns file and group"),
    "no text": ("\udc89PNG\0\0", "columns file and group"),
}


@case(22, LEAK)
def tables_that_cannot_be_followed(folder):
    two(folder)
    for label in ("tidy", "untidy"):
        photo(folder / label / "x.jpg", len(label))
    for table, part in BAD_TABLES.values():
        put(folder / "groups.csv", table.encode("utf-8", "surrogateescape"))
        text = refused(lambda: load("rooms", source=folder), "groups.csv", part)
    (folder / "groups.csv").unlink()
    (folder / "groups.csv").mkdir()
    refused(lambda: load("rooms", source=folder), "groups.csv is not a file")
    return text


# What is opened is asked first


ASKED = "what is opened is not asked first"


@case("special", ASKED)
def pipes_devices_and_giants(folder):
    two(folder)
    if sys.platform != "win32":
        os.mkfifo(folder / "tidy" / "pipe.jpg")
        (folder / "tidy" / "device.jpg").symlink_to("/dev/zero")
        (folder / "tidy" / "round.jpg").symlink_to("round.jpg")
        (folder / "tidy" / "again").symlink_to(folder)
    with (folder / "tidy" / "giant.jpg").open("wb") as file:
        file.truncate(4 * 10**9)
    text = fair(folder, 20, words="giant.jpg has more than 256 MB")
    assert sys.platform == "win32" or "pipe.jpg (a pipe, a device or a dead link)" in text, text
    return text


@case("printed", "untrusted text printed")
def names_with_commands_to_the_terminal(folder):
    two(folder, labels=("ti\x1b[2Jdy", "un\ntidy"))
    put(folder / "un\ntidy" / "bad\x1b[31m.jpg", b"x")
    put(folder / "a.\x1b[7m", b"x")
    data, found, text = sizes(folder, words="bad\\x1b[31m.jpg is not an image")
    assert data.class_names == ("ti\\x1b[2Jdy", "un\\ntidy")
    return text


@case(31, "each file is decoded many times, and nothing is said meanwhile")
def each_file_is_decoded_once(folder):
    from helpers import audit

    two(folder)
    again = put(folder / "tidy" / "t0.jpg", encoded(picture(0), "BMP"))
    opened = []
    decode = audit.open_stored
    audit.open_stored = lambda *given, **named: (opened.append(1), decode(*given, **named))[1]
    patience = audit.PATIENCE
    audit.PATIENCE = 0
    try:
        data, text = said(lambda: load("rooms", source=folder))
        data.groups(data.train)
        audit.inspect_all(data.train.files)
        assert len(opened) == 20, f"{len(opened)} decodings of 20 files"
        put(again, encoded(picture(999), "BMP"))
        audit.inspect_all([again])
        assert len(opened) == 21, "a file that has changed is looked at anew"
    finally:
        audit.open_stored = decode
        audit.PATIENCE = patience
    assert "Looking at 20 images: about" in text, text
    return text
