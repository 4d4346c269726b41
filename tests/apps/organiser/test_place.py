"""One photo gets to its target whole, or not at all."""

import errno
import os
import shutil
from collections import Counter

import pytest
from organising import (
    contents,
    grey,
    leftovers,
    other_disk,
    put,
    sort,
    sorted_photos,
)
from PIL import Image

from apps.organiser import place as place_module
from apps.organiser.place import place
from apps.organiser.records import Placement
from helpers import CourseError


def refuse(*args, **kwargs):
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def test_times_rights_and_exif_stay(tmp_path):
    exif = Image.Exif()
    exif[0x0132] = "2019:05:04 03:02:01"
    photo = put(tmp_path / "photos" / "x.jpg", grey(10, kind="JPEG", exif=exif))
    photo.chmod(0o440)
    os.utime(photo, ns=(10**18, 10**18 + 7))
    sort(tmp_path / "photos", tmp_path / "sorted")
    copied = tmp_path / "sorted" / "clean" / "x.jpg"
    assert copied.stat().st_mtime_ns == 10**18 + 7
    assert copied.stat().st_mode == photo.stat().st_mode
    with Image.open(copied) as image:
        assert image.getexif()[0x0132] == "2019:05:04 03:02:01"


@pytest.mark.parametrize("way", ["copy", "move", "link"])
@pytest.mark.parametrize("links", [True, False])
def test_nothing_is_written_over_even_when_two_write_at_once(tmp_path, monkeypatch, way, links):
    if links:  # the check beforehand sees nothing yet
        monkeypatch.setattr(os.path, "lexists", lambda path: False)
    else:
        monkeypatch.setattr(os, "link", refuse)
    photo, mine = put(tmp_path / "a.png", b"photo"), put(tmp_path / "clean" / "a.png", b"mine")
    changed = photo.stat().st_mtime_ns
    with pytest.raises(FileExistsError):
        place(Placement(1, photo, 5, way, "clean", mine, None, changed))
    assert (photo.read_bytes(), mine.read_bytes()) == (b"photo", b"mine")
    assert not leftovers(tmp_path)


def test_times_and_rights_stay_where_the_attributes_do_not_fit(tmp_path, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copystat", full)
    photo = put(tmp_path / "photos" / "x.png", grey(10))
    photo.chmod(0o440)
    os.utime(photo, ns=(10**18, 10**18 + 7))
    assert sort(tmp_path / "photos", tmp_path / "sorted") == 0
    copied = (tmp_path / "sorted" / "clean" / "x.png").stat()
    assert (copied.st_mtime_ns, copied.st_mode) == (10**18 + 7, photo.stat().st_mode)


def test_hard_links_give_way_to_symbolic_ones_on_another_disk(photos):
    home = other_disk(photos)
    try:
        assert sort(photos, home / "sorted", "--link") == 0
        assert contents(home / "sorted") == contents(photos)
        assert all((home / "sorted" / name).is_symlink() for name in sorted_photos(home / "sorted"))
    finally:
        shutil.rmtree(home)


def test_a_photo_changed_while_it_is_moved_to_another_disk_is_there_twice(
    photos, monkeypatch, capsys
):
    home, photo = other_disk(photos), photos / "d" / "so so.png"

    def edit(folder):  # after the copy, and before the source would go
        if folder.name == "unsure" and photo.exists():
            photo.write_bytes(grey(131))

    try:
        monkeypatch.setattr(place_module, "sync", edit)
        assert sort(photos, home / "sorted", "--move") == 1
        assert "so so.png was changed after it was copied" in capsys.readouterr().err
        assert contents(photos) == Counter([grey(131)])
        monkeypatch.undo()
        assert sort(photos, home / "sorted", "--move") == 0
        assert (home / "sorted" / "unsure" / "so so.png").read_bytes() == grey(130)
        assert (home / "sorted" / "unsure" / "so so (2).png").read_bytes() == grey(131)
    finally:
        shutil.rmtree(home)


@pytest.mark.parametrize("way", ["", "--move"])
def test_a_disk_without_hard_links_will_do(photos, tmp_path, monkeypatch, way):
    monkeypatch.setattr(os, "link", refuse)
    before = contents(photos)
    put(tmp_path / "sorted" / "unsure" / "so so.png", b"mine")
    assert sort(photos, tmp_path / "sorted", *([way] if way else [])) == 0
    assert contents(tmp_path / "sorted") - before == Counter([b"mine"])
    assert len(sorted_photos(tmp_path / "sorted")) == 7


def in_place(photo):
    photo.write_bytes(grey(250))


def by_another(photo):
    put(photo.with_name("new"), grey(250)).replace(photo)


@pytest.mark.parametrize("change", [in_place, by_another])
@pytest.mark.parametrize("disk", ["", "another"])
@pytest.mark.parametrize("name", ["a.png", "a.xmp"])
def test_what_changes_while_it_is_copied_is_not_placed(
    tmp_path, monkeypatch, capsys, change, disk, name
):
    put(tmp_path / "p" / "a.png", grey(10))
    put(tmp_path / "p" / "a.xmp", b"notes")
    copy = shutil.copyfileobj
    changed = tmp_path / "p" / name

    def slow(old, new, length):
        new.write(old.read(4))
        if old.name == str(changed):
            change(changed)
        copy(old, new, length)

    home = other_disk(tmp_path) if disk else tmp_path
    way = ["--move"] if disk else []
    try:
        monkeypatch.setattr(shutil, "copyfileobj", slow)
        assert sort(tmp_path / "p", home / "s", *way) == 1
        assert f"{name} has changed since it was read: left alone." in capsys.readouterr().err
        assert sorted_photos(home / "s") == ([] if name == "a.png" else ["clean/a.png"])
        assert changed.read_bytes() == grey(250) and not leftovers(home)
        monkeypatch.undo()
        assert sort(tmp_path / "p", home / "s", *way) == 0
        folder = "messy" if name == "a.png" else "clean"
        assert sorted_photos(home / "s") == [f"{folder}/a.png", f"{folder}/a.xmp"]
        assert (home / "s" / folder / name).read_bytes() == grey(250)
    finally:
        if disk:
            shutil.rmtree(home)


@pytest.mark.parametrize("way", ["", "--move", "--link"])
def test_what_changes_after_the_last_look_is_not_placed_as_it_was(
    tmp_path, monkeypatch, capsys, way
):
    photo = put(tmp_path / "p" / "a.png", grey(10))
    options = [way] * bool(way)

    def late(placement):
        photo.write_bytes(grey(250))
        place(placement)

    monkeypatch.setattr("apps.organiser.file.place", late)
    assert sort(tmp_path / "p", tmp_path / "s", *options) == 1
    assert "a.png has changed since it was read: left alone." in capsys.readouterr().err
    assert sorted_photos(tmp_path / "s") == []
    monkeypatch.undo()
    assert sort(tmp_path / "p", tmp_path / "s", *options) == 0
    assert sorted_photos(tmp_path / "s") == ["messy/a.png"]


def test_a_part_that_no_run_has_written_stays(photos, tmp_path, monkeypatch, capsys):
    """One that is there takes a number; one that comes late is in the way of its photo."""
    to = tmp_path / "sorted"
    mine = [put(to / "clean" / f".organise-{number}.part", b"mine") for number in (1, 3)]

    def late(placement):
        if placement.source.name == "so so.png":
            mine.append(put(placement.part, b"mine"))
        place(placement)

    put(photos / "a" / "IMG_1.xmp", b"notes")  # goes along with the first photo
    monkeypatch.setattr("apps.organiser.file.place", late)
    assert sort(photos, to) == 1
    assert f"so so.png cannot be copied while {mine[-1]}, which this" in capsys.readouterr().err
    assert [file.read_bytes() for file in mine] == [b"mine"] * 3
    mine.pop().unlink()
    monkeypatch.undo()
    assert sort(photos, to) == 0
    assert contents(to) == contents(photos)
    assert len(leftovers(to)) == 2


def test_a_copy_that_came_out_wrong_costs_no_photo(photos, monkeypatch):
    home = other_disk(photos)
    before = contents(photos)

    def faulty(old, new, length):
        new.write(old.read()[:-1] + b"!")

    try:
        monkeypatch.setattr(shutil, "copyfileobj", faulty)
        with pytest.raises(CourseError, match="the copy is not like the photo"):
            sort(photos, home / "sorted", "--move")
        assert contents(photos) == before
        assert not contents(home / "sorted")
        monkeypatch.undo()
        assert sort(photos, home / "sorted", "--move") == 0
        assert contents(home / "sorted") == before
        assert not contents(photos)
    finally:
        shutil.rmtree(home)
