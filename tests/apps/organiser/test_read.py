"""Photos are read once, a few at a time, and a passing fault of the disk is no damage."""

import errno
import os
import threading
import time

import pytest
from hostile_pictures import tiff_tags
from organising import (
    grey,
    put,
    sort,
    sorted_photos,
)
from pictures import huge_png
from PIL import Image

from apps.organiser import read
from apps.organiser.records import Photo, Reading
from apps.organiser.threads import Budget
from helpers import decode
from helpers.images import MAX_PIXELS


def test_a_disk_that_fails_for_a_moment_makes_no_photo_unreadable(
    photos, tmp_path, monkeypatch, capsys
):
    works = read.content_of

    def fail(file):
        if file.name.endswith("so so.png"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return works(file)

    monkeypatch.setattr(read, "content_of", fail)
    assert sort(photos, tmp_path / "sorted") == 1
    said = capsys.readouterr().err
    assert f"{photos / 'd' / 'so so.png'} cannot be read (Input/output error): left alone." in said
    assert len(sorted_photos(tmp_path / "sorted")) == 5
    monkeypatch.undo()
    assert sort(photos, tmp_path / "sorted") == 0
    assert "unsure/so so.png" in sorted_photos(tmp_path / "sorted")


def test_a_photo_too_large_for_the_free_memory_stays(photos, tmp_path, monkeypatch, capsys):
    def full(*image):
        raise MemoryError

    monkeypatch.setattr(decode, "to_rgb", full)
    assert sort(photos, tmp_path / "sorted") == 1
    said = capsys.readouterr().err
    assert "so so.png is too large for the memory that is free: left alone." in said
    assert sorted_photos(tmp_path / "sorted") == ["unreadable/broken.jpg"]


def test_two_very_large_photos_are_open_at_most():
    budget, open_now, most = Budget(2 * MAX_PIXELS), [], []

    def hold(pixels):
        with budget(pixels):
            open_now.append(pixels)
            most.append(sum(open_now))
            time.sleep(0.001)
            open_now.remove(pixels)

    sizes = [MAX_PIXELS, 10**6, 3 * MAX_PIXELS, MAX_PIXELS, MAX_PIXELS, 10**6] * 4
    threads = [threading.Thread(target=hold, args=(size,)) for size in sizes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(most) == len(sizes)
    assert max(most) <= 3 * MAX_PIXELS  # the one that is over the limit alone, and alone
    assert all(total <= 2 * MAX_PIXELS or total == 3 * MAX_PIXELS for total in most)
    assert budget.free == 2 * MAX_PIXELS


def test_a_file_that_is_no_image_is_not_read_whole(tmp_path):
    film = tmp_path / "photos" / "film.jpg"
    film.parent.mkdir()
    with film.open("wb") as file:
        file.truncate(2**40)  # a sparse file of a terabyte
    photo = Photo(film, 2**40, 0)
    found = read.read(photo, (8, 8), Budget(MAX_PIXELS))
    assert "film.jpg is not an image that can be read" in found.note


@pytest.mark.parametrize(
    "content, size, note",
    [
        (grey(10), 2**40, "x.png has more than 256 MB: save it smaller first."),
        (huge_png(10_000), 0, "x.png has 10000 x 10000 pixels, more than 89 million"),
        (huge_png(), 0, "x.png has far too many pixels, more than 89 million"),
        (huge_png(), 2**40, "x.png has more than 256 MB: save it smaller first."),
    ],
    ids=["bytes", "pixels", "bomb", "both"],
)
def test_an_image_that_is_too_large_is_not_read_whole(tmp_path, monkeypatch, content, size, note):
    path = put(tmp_path / "x.png", content)
    os.truncate(path, max(size, len(content)))
    monkeypatch.setattr(read, "_shrunk", lambda *args: Reading(photo, note="read"))
    photo = Photo(path, size, 0)
    found = read.read(photo, (8, 8), Budget(MAX_PIXELS))
    assert found.note.startswith(note)


def test_a_header_that_points_at_one_place_many_times_is_looked_at_by_nobody(tmp_path, monkeypatch):
    path = put(tmp_path / "x.tif", tiff_tags(4000, 900_000))
    monkeypatch.setattr(Image, "open", None)
    found = read.read(Photo(path, path.stat().st_size, 0), (8, 8), Budget(MAX_PIXELS))
    assert found.note == "x.tif claims far more than it holds: save it anew."


def test_a_photo_of_108_megapixels_is_read_and_holds_no_more_than_it_takes(tmp_path):
    large = Image.new("L", (12000, 9000), 200)
    large.save(tmp_path / "x.jpg")
    content = (tmp_path / "x.jpg").read_bytes()
    assert read._pixels(content, "x.jpg", (64, 64), large=False) == 1500 * 1125
    found = read.read(Photo(tmp_path / "x.jpg", len(content), 0), (64, 64), Budget(MAX_PIXELS))
    assert found.pixels.shape == (64, 64, 3) and not found.note and found.thumbnail
