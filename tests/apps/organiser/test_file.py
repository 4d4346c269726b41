"""Every photo ends in one place exactly, whatever an earlier run left half done."""

import errno
import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from organising import (
    Brightness,
    contents,
    grey,
    leftovers,
    put,
    sort,
    sorted_photos,
    undone,
)

from apps.organiser import file
from apps.organiser.place import place


def test_a_name_taken_in_the_last_moment_is_left_to_who_took_it(photos, tmp_path, monkeypatch):
    taken = []

    def late(placement):
        if placement.source.name == "so so.png" and not taken:
            taken.append(put(placement.target, b"mine"))
        place(placement)

    monkeypatch.setattr(file, "place", late)
    sort(photos, tmp_path / "sorted", "--move")
    assert taken[0].read_bytes() == b"mine"
    assert "unsure/so so (2).png" in sorted_photos(tmp_path / "sorted")
    assert not contents(photos)


@pytest.mark.parametrize("way", ["", "--move"])
def test_a_name_that_the_disk_refuses_is_replaced_once(photos, tmp_path, monkeypatch, capsys, way):
    before = contents(photos)
    for i, name in enumerate(("e/12:30.png", "f/12:30.png", "f/never.png")):
        put(photos / name, grey(20 + i))

    def picky(function):
        def call(old, new):
            if re.search(":|never", Path(new).name):
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
            return function(old, new)

        return call

    for name in ("link", "rename"):
        monkeypatch.setattr(os, name, picky(getattr(os, name)))
    assert sort(photos, tmp_path / "sorted", *([way] if way else [])) == 1
    assert "never.png cannot be put into" in capsys.readouterr().err
    assert {"clean/12_30.png", "clean/12_30 (2).png"} < set(sorted_photos(tmp_path / "sorted"))
    assert contents(tmp_path / "sorted") == before + Counter([grey(20), grey(21)])
    assert (photos / "f" / "never.png").exists()
    assert not leftovers(tmp_path)


def test_a_copy_is_durable_before_a_resumed_move_deletes_its_source(photos, tmp_path, monkeypatch):
    sort(photos, tmp_path / "sorted", "--move")
    row, synced = undone(tmp_path / "sorted"), []
    shutil.copy2(row.target, row.source)
    monkeypatch.setattr(file, "sync", lambda path: synced.append((path, row.source.exists())))
    assert sort(photos, tmp_path / "sorted", "--move") == 0
    assert (row.target.parent, True) in synced
    assert not row.source.exists()


def test_half_a_copy_is_kept_where_nothing_else_is_left(photos, tmp_path, capsys):
    to = tmp_path / "sorted"
    sort(photos, to)
    row = undone(to)
    row.source.unlink()
    row.target.rename(row.part)
    for _ in range(2):
        assert sort(photos, to) == 1
        assert f"copy, perhaps cut off, is {row.part}, for you to move" in capsys.readouterr().err
        assert row.part.read_bytes() == grey(130)
    row.part.unlink()
    assert sort(photos, to) == 1
    assert sort(photos, to) == 0


def test_a_photo_moved_and_edited_before_that_was_noted_stops_no_run(photos, tmp_path, capsys):
    to = tmp_path / "sorted"
    sort(photos, to, "--move")
    row = undone(to)
    row.target.write_bytes(b"edited")
    assert sort(photos, to, "--move") == 1
    assert "so so.png was gone before it was sorted" in capsys.readouterr().err
    assert row.target.read_bytes() == b"edited"
    assert sort(photos, to, "--move") == 0


def test_a_link_whose_photo_is_gone_stops_no_run(photos, tmp_path, capsys):
    to = tmp_path / "sorted"
    sort(photos, to, "--link")
    row = undone(to)
    row.target.unlink()
    row.target.symlink_to(row.source)
    row.source.unlink()
    assert sort(photos, to, "--link") == 1
    assert "so so.png was gone before it was sorted" in capsys.readouterr().err
    assert sort(photos, to, "--link") == 0
    row.source.write_bytes(grey(130))
    row = undone(to, "IMG_1 (2).png")
    row.target.unlink()
    row.target.symlink_to("nowhere")
    assert sort(photos, to, "--link") == 0
    assert "clean/IMG_1 (4).png" in sorted_photos(to)


@pytest.mark.parametrize("way", ["", "--link"])
def test_a_move_killed_half_way_and_continued_as_a_copy_is_one(photos, tmp_path, way):
    sort(photos, tmp_path / "sorted", "--move")
    row = undone(tmp_path / "sorted")
    row.source.hardlink_to(row.target)
    assert sort(photos, tmp_path / "sorted", *([way] if way else [])) == 0
    assert row.source.read_bytes() == row.target.read_bytes()
    assert row.source.samefile(row.target) == (way == "--link")


@pytest.mark.parametrize("way", ["", "--move"])
def test_a_photo_that_changes_after_it_was_read_is_sorted_once_and_rightly(tmp_path, capsys, way):
    photo = put(tmp_path / "p" / "a.png", grey(10))
    options = [way] * bool(way)

    class Slow(Brightness):
        """Somebody edits the photo while the model thinks."""

        def probabilities(self, images):
            photo.write_bytes(grey(250))
            return super().probabilities(images)

    assert sort(tmp_path / "p", tmp_path / "s", *options, model=Slow()) == 1
    assert "a.png has changed since it was read" in capsys.readouterr().err
    assert sorted_photos(tmp_path / "s") == []
    assert sort(tmp_path / "p", tmp_path / "s", *options) == 0
    assert sorted_photos(tmp_path / "s") == ["messy/a.png"]


def test_a_photo_that_changes_after_a_run_was_killed_is_read_anew(tmp_path):
    for name, value in (("a.png", 10), ("b.png", 30)):
        put(tmp_path / "p" / name, grey(value))
    sort(tmp_path / "p", tmp_path / "s")
    (tmp_path / "s" / "clean" / "a.png").unlink()
    undone(tmp_path / "s", "a.png")
    put(tmp_path / "p" / "a.png", grey(250))
    assert sort(tmp_path / "p", tmp_path / "s") == 0
    assert sorted_photos(tmp_path / "s") == ["clean/b.png", "messy/a.png"]
