"""Photos are found, and nothing else is taken for one."""

import os

from organising import (
    grey,
    put,
    sort,
    sorted_photos,
)


def test_only_photos_are_taken(photos, tmp_path, capsys):
    for name in ("film.mp4", "notes.txt", "d/raw.CR2"):
        put(photos / name, b"something else")
    put(photos / ".hidden.png", grey(1))
    put(photos / ".thumbnails" / "x.png", grey(2))
    put(photos / "d" / "shout.PNG", grey(3))
    (photos / "round").symlink_to("..")
    (photos / "link.png").symlink_to("a/IMG_1.png")
    (photos / "dangling.png").symlink_to("nowhere")
    os.mkfifo(photos / "pipe.png")
    assert sort(photos, tmp_path / "sorted") == 0
    assert len(sorted_photos(tmp_path / "sorted")) == 7
    assert "4 files of other kinds, 3 symbolic links." in capsys.readouterr().out


def test_the_sorted_folder_may_stand_among_the_photos(photos, tmp_path):
    for _ in range(2):
        assert sort(photos, photos / "sorted") == 0
        assert len(sorted_photos(photos / "sorted")) == 6


def test_a_time_that_no_clock_should_show_is_no_hindrance(photos, tmp_path):
    late = 10_413_792_000  # the year 2300, in seconds
    os.utime(photos / "a" / "IMG_1.png", (late, late))
    for _ in range(2):
        assert sort(photos, tmp_path / "sorted") == 0
        assert len(sorted_photos(tmp_path / "sorted")) == 6
