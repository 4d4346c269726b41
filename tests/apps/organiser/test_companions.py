"""What belongs to a photo goes along with it, under its name, and is never lost or doubled."""

import errno
import os
import random
import shutil
import signal
from collections import Counter

import pytest
from organising import (
    child,
    contents,
    grey,
    leftovers,
    other_disk,
    put,
    sort,
    sort_and_die,
    sorted_photos,
)

from apps.organiser import file
from apps.organiser.companions import companions, renamed
from apps.organiser.place import place

ALONG = (
    *("IMG_1.xmp", "IMG_1.AAE", "IMG_1.MOV", "IMG_1.json", "IMG_1.CR3", "img_1.nef", "IMG_1.ARW"),
    *("IMG_1.DNG", "IMG_1.png.json", "IMG_1.png.xmp", "IMG_1.CR3.xmp"),
    "IMG_1.png.supplemental-metadata.json",
)


@pytest.fixture
def shoot(tmp_path):
    """Two photos of one name in two folders, each with all that may go along with it."""
    home = tmp_path / "shoot"
    for i, folder in enumerate("ab"):
        put(home / folder / "IMG_1.png", grey(10 + i))
        for name in ALONG:
            put(home / folder / name, f"{folder} {name}".encode())
    return home


@pytest.mark.parametrize("way", ["", "--move", "--link"])
def test_what_belongs_to_a_photo_gets_its_name(shoot, tmp_path, capsys, way):
    before = contents(shoot)
    to = tmp_path / "sorted"
    assert sort(shoot, to, *([way] if way else [])) == 0
    renamed_ones = {
        name.replace("IMG_1", "IMG_1 (2)").replace("img_1", "IMG_1 (2)") for name in ALONG
    }
    names = {*ALONG, "IMG_1.png"} - {"img_1.nef"} | {"IMG_1.nef", "IMG_1 (2).png"} | renamed_ones
    assert sorted_photos(to) == sorted(f"clean/{name}" for name in names)
    assert (to / "clean" / "IMG_1 (2).xmp").read_bytes() == b"b IMG_1.xmp"
    assert (to / "clean" / "IMG_1 (2).CR3.xmp").read_bytes() == b"b IMG_1.CR3.xmp"
    assert contents(to) == before
    assert contents(shoot) == (Counter() if way == "--move" else before)
    said = capsys.readouterr().out
    assert f"{2 * len(ALONG)} files that belong to photos went along with them." in said
    assert "Left alone: 0 files of other kinds" in said
    assert sort(shoot, to, *([way] if way else [])) == 0
    assert contents(to) == before


def test_nothing_is_written_over_by_what_goes_along(shoot, tmp_path):
    mine = put(tmp_path / "sorted" / "clean" / "IMG_1.xmp", b"mine")
    sort(shoot, tmp_path / "sorted", "--move")
    assert mine.read_bytes() == b"mine"
    assert (tmp_path / "sorted" / "clean" / "IMG_1 (2).xmp").read_bytes() == b"a IMG_1.xmp"
    assert (tmp_path / "sorted" / "clean" / "IMG_1 (2).png").read_bytes() == grey(10)
    assert (tmp_path / "sorted" / "clean" / "IMG_1 (3).xmp").read_bytes() == b"b IMG_1.xmp"


@pytest.mark.parametrize("taken", ["IMG_1.png", "IMG_1.xmp"])
def test_a_name_taken_in_the_last_moment_loses_nothing(shoot, tmp_path, monkeypatch, taken):
    before = contents(shoot)
    mine = []

    def late(placement):
        if placement.target.name == taken and not mine:
            mine.append(put(placement.target, b"mine"))
        place(placement)

    monkeypatch.setattr(file, "place", late)
    assert sort(shoot, tmp_path / "sorted", "--move") == 0
    assert mine[0].read_bytes() == b"mine"
    assert contents(tmp_path / "sorted") == before + Counter([b"mine"])
    assert not contents(shoot)


@pytest.mark.parametrize("way", ["", "--move", "--link", "other disk"])
def test_killed_at_random_moments_nothing_that_goes_along_is_lost(forks, shoot, tmp_path, way):
    before = contents(shoot)
    home = tmp_path
    if way == "other disk":
        home = other_disk(shoot)
        way = "--move"
    options = [way] if way else []
    try:
        for at in random.Random(way).sample(range(25, 250), 8):
            mine = tmp_path / f"shoot {at}"
            to = home / f"sorted {at}"
            shutil.copytree(shoot, mine)
            code = child(sort_and_die, mine, to, options, at)
            here = contents(mine)
            assert not contents(to) - before, "something half-written, or twice"
            assert here == before if way != "--move" else not before - (here + contents(to))
            assert code in (0, -signal.SIGKILL)
            assert sort(mine, to, *options) == 0
            assert contents(to) == before, at
            assert contents(mine) == (Counter() if way == "--move" else before)
            assert not leftovers(to)
            again = to / "clean" / "IMG_1 (2).xmp"
            assert again.read_bytes()[:1] == again.with_name("IMG_1 (2).CR3").read_bytes()[:1]
    finally:
        if home != tmp_path:
            shutil.rmtree(home)


def test_what_several_photos_share_stays_and_is_counted(tmp_path, capsys):
    photos = tmp_path / "photos"
    put(photos / "IMG_1.png", grey(10))
    put(photos / "IMG_1.bmp", grey(11, kind="BMP"))
    put(photos / "IMG_1.xmp", b"whose?")
    put(photos / "IMG_1.png.xmp", b"the first's")
    put(photos / "film.MOV", b"nobody's")
    assert sort(photos, tmp_path / "sorted", "--move") == 0
    assert [f.name for f in sorted(photos.iterdir())] == ["IMG_1.xmp", "film.MOV"]
    said = capsys.readouterr().out
    assert "2 files of other kinds, 0 symbolic links." in said
    assert "Of other kinds: 1 .mov, 1 .xmp. 1 of them belong to several photos at once." in said


def test_what_comes_after_its_photo_stays_and_is_counted(shoot, tmp_path, capsys):
    sort(shoot, tmp_path / "sorted")
    put(shoot / "a" / "IMG_1.RAF", b"late")
    capsys.readouterr()
    assert sort(shoot, tmp_path / "sorted") == 0
    assert "1 files came after the photos that they belong to" in capsys.readouterr().out
    assert contents(tmp_path / "sorted") == contents(shoot) - Counter([b"late"])


def test_a_dry_run_says_what_goes_along(shoot, tmp_path, capsys):
    sort(shoot, tmp_path / "sorted", "--dry-run")
    said = capsys.readouterr().out
    line = f"{shoot}/b/IMG_1.xmp -> clean/IMG_1 (2).xmp (goes along with IMG_1.png)\n"
    assert line in said
    assert not (tmp_path / "sorted").exists()


def test_what_goes_along_with_a_photo_that_stays_stays(shoot, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        "apps.organiser.read.content_of", lambda file: (_ for _ in ()).throw(OSError(5, "no"))
    )
    before = contents(shoot)
    assert sort(shoot, tmp_path / "sorted", "--move") == 1
    assert contents(shoot) == before
    assert "2 stayed where they are" in capsys.readouterr().err


def test_notes_are_found_by_the_names_that_programs_give_them():
    photos = ["IMG_1.jpg", "IMG_1(1).jpg", "2024.jpg"]
    others = ["IMG_1.jpg(1).json", "IMG_1.jpg.supplemental-meta.json", "IMG_1(1).jpg.json"]
    others += ["2024.config.json", "IMG_12.xmp", "IMG_1.txt", "IMG_1.jpg.supplemental-me(1).json"]
    assert companions(photos, others) == {
        "IMG_1.jpg(1).json": ["IMG_1(1).jpg"],
        "IMG_1.jpg.supplemental-me(1).json": ["IMG_1(1).jpg"],
        "IMG_1.jpg.supplemental-meta.json": ["IMG_1.jpg"],
        "IMG_1(1).jpg.json": ["IMG_1(1).jpg"],
    }
    names = renamed(["IMG_1.jpg(1).json", "IMG_1(1).jpg.json"], "IMG_1(1).jpg", "new.jpg")
    assert names == ["new.jpg.json", "new.jpg (2).json"]
    assert renamed(["a.xmp", "a.XMP"], "a.jpg", "b.jpg") == ["b.xmp", "b (2).XMP"]


def test_what_goes_along_and_cannot_be_read_stops_nothing(shoot, tmp_path, monkeypatch, capsys):
    """Root may read everything, so the refusal is the system's only in name."""

    def refused(placement):
        if placement.source.suffix == ".xmp":
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(placement.source))
        place(placement)

    monkeypatch.setattr(file, "place", refused)
    assert sort(shoot, tmp_path / "sorted") == 1
    assert "IMG_1.xmp cannot be read (Permission denied)" in capsys.readouterr().err
    assert (tmp_path / "sorted" / "clean" / "IMG_1.png").exists()
    monkeypatch.undo()
    assert sort(shoot, tmp_path / "sorted") == 0
    kept = {f.name: f.read_bytes() for f in (tmp_path / "sorted" / "clean").glob("*.xmp")}
    assert b"a IMG_1.xmp" in kept.values()
