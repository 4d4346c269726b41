"""After a change of clock or of mount point, a photo is known by its content."""

import os
import shutil

import pytest
from organising import (
    contents,
    grey,
    put,
    sort,
    sorted_photos,
)

from apps.organiser import content
from helpers import CourseError

HOUR = 3600 * 10**9  # nanoseconds


def shift(folder, change):
    """Change the time of every file."""
    for path in folder.rglob("*"):
        if path.is_file():
            time = path.stat().st_mtime_ns
            os.utime(path, ns=(time, change(time)))


@pytest.mark.parametrize("way", ["", "--link"])
@pytest.mark.parametrize(
    "change",
    [
        lambda time: time + HOUR,
        lambda time: time - HOUR,
        lambda time: time // 2_000_000_000 * 2 * 10**9,
    ],
    ids=["summer time", "winter time", "rounded to 2 s"],
)
def test_another_time_is_no_other_photo(photos, tmp_path, monkeypatch, way, change):
    to = tmp_path / "sorted"
    options = [way] if way else []
    sort(photos, to, *options)
    before = sorted_photos(to)
    shift(photos, change)
    assert sort(photos, to, "--dry-run", *options) == 0
    assert sort(photos, to, *options) == 0
    assert sorted_photos(to) == before
    monkeypatch.setattr(content, "_digest", None)  # from now on, nothing is read
    assert sort(photos, to, *options) == 0
    assert sorted_photos(to) == before


@pytest.mark.parametrize("later", [0, HOUR])
def test_another_mount_point_is_no_other_photo(photos, tmp_path, monkeypatch, later):
    to = tmp_path / "sorted"
    put(photos / "a" / "IMG_1.xmp", b"note")
    sort(photos, to)
    before = sorted_photos(to)
    card = photos.rename(tmp_path / "another card reader")
    shift(card, lambda time: time + later)
    assert sort(card, to) == 0
    assert sorted_photos(to) == before
    monkeypatch.setattr(content, "_digest", None)
    assert sort(card, to) == 0
    assert sorted_photos(to) == before


def test_a_change_that_leaves_the_size_is_another_photo(photos, tmp_path):
    photo = photos / "a" / "IMG_1.png"
    original = photo.read_bytes()
    sort(photos, tmp_path / "sorted")
    put(photo, original[:-1] + b"\0")  # Pillow does not mind the last byte of a PNG
    assert sort(photos, tmp_path / "sorted") == 0
    assert len(sorted_photos(tmp_path / "sorted")) == 7
    assert original[:-1] + b"\0" in contents(tmp_path / "sorted")


def test_a_second_photo_of_equal_content_is_sorted_too(photos, tmp_path):
    sort(photos, tmp_path / "sorted")
    put(photos / "e" / "IMG_1.png", grey(10))  # as a/IMG_1.png, which is still there
    assert sort(photos, tmp_path / "sorted") == 0
    assert len(sorted_photos(tmp_path / "sorted")) == 7
    shutil.rmtree(photos / "e")
    put(photos / "f" / "IMG_1.png", grey(10))  # the same one in another folder, and one more
    put(photos / "g" / "IMG_1.png", grey(10))
    assert sort(photos, tmp_path / "sorted") == 0
    assert len(sorted_photos(tmp_path / "sorted")) == 8
    assert contents(tmp_path / "sorted")[grey(10)] == 4


def test_of_a_very_large_file_the_beginning_is_read(tmp_path, monkeypatch):
    path = put(tmp_path / "x.jpg", bytes(100))
    monkeypatch.setattr(content, "BEGINNING", 10)
    monkeypatch.setattr(content, "WHOLE", 99)
    with path.open("rb") as file:
        content.content_digest(file)
        assert file.tell() == 10


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_a_model_that_is_no_file_is_not_waited_for(tmp_path, kind):
    path = tmp_path / "m.keras"
    os.mkfifo(path) if kind == "pipe" else path.mkdir()
    with pytest.raises(CourseError, match=r"m\.keras"):
        content.model_digest(path)
