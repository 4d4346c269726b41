"""A run copies, moves or links, goes on where the last one stopped, and knows its own rules."""

import contextlib
import csv
import os
import re
import resource
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from organising import (
    MODEL_FILE,
    check_all_is_done,
    child,
    contents,
    grey,
    leftovers,
    put,
    sort,
    sorted_photos,
    state,
)
from pictures import encoded

from apps.organiser import read, run
from apps.organiser.cli import main
from apps.organiser.ledger import Ledger
from apps.organiser.names import TABLE
from helpers import CourseError


def test_photos_are_copied_into_one_folder_a_class(photos, tmp_path, capsys):
    before = state(photos)
    assert sort(photos, tmp_path / "sorted") == 0
    assert sorted_photos(tmp_path / "sorted") == [
        "clean/IMG_1 (2).png",
        "clean/IMG_1.png",
        "clean/img_1 (3).png",
        "messy/IMG_1.png",
        "unreadable/broken.jpg",
        "unsure/so so.png",
    ]
    assert contents(tmp_path / "sorted") == contents(photos)
    assert state(photos) == before
    said = capsys.readouterr().out
    assert "Copied 6 photos" in said
    assert "clean 3, messy 1, unreadable 1, unsure 1." in said


@pytest.mark.parametrize("way", ["--move", "--link"])
def test_photos_are_moved_or_linked_on_request(photos, tmp_path, way):
    before, found = contents(photos), {f.stat().st_ino for f in photos.rglob("*.*")}
    assert sort(photos, tmp_path / "sorted", way) == 0
    assert contents(tmp_path / "sorted") == before
    assert contents(photos) == (Counter() if way == "--move" else before)
    assert {
        (tmp_path / "sorted" / f).stat().st_ino for f in sorted_photos(tmp_path / "sorted")
    } == found


def test_what_is_there_already_is_not_written_over(photos, tmp_path):
    mine = put(tmp_path / "sorted" / "clean" / "IMG_1.png", b"mine")
    sort(photos, tmp_path / "sorted")
    assert mine.read_bytes() == b"mine"
    assert contents(tmp_path / "sorted") - contents(photos) == Counter([b"mine"])
    put(tmp_path / "other" / TABLE, b"mine")
    with pytest.raises(CourseError, match=TABLE):
        sort(photos, tmp_path / "other")


def test_folders_that_would_do_harm_are_refused(photos, tmp_path):
    (tmp_path / "same").symlink_to(photos)
    for to in (photos, tmp_path, tmp_path / "same", Path("/")):
        with pytest.raises(CourseError, match="cannot be sorted into"):
            sort(photos, to)
    with pytest.raises(CourseError, match="not a folder"):
        sort(photos / "a" / "IMG_1.png", tmp_path / "sorted")
    assert not (tmp_path / "sorted").exists()


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
@pytest.mark.parametrize("below", ["", "new", "new/newer"])
def test_a_file_is_no_folder_to_sort_into(photos, tmp_path, options, below):
    file = put(tmp_path / "mine", b"mine")
    with pytest.raises(CourseError, match="mine is a file: name a folder with --to"):
        sort(photos, file / below, *options)
    assert file.read_bytes() == b"mine"


def test_a_second_run_has_nothing_to_do_and_a_third_sorts_what_is_new(photos, tmp_path, capsys):
    to = tmp_path / "sorted"
    sort(photos, to)
    before = state(to)

    def never(path):
        raise AssertionError("the model was loaded for nothing")

    given = [str(photos), "--to", str(to), "--model", MODEL_FILE]
    assert main(given, never) == 0
    assert "Nothing to do" in capsys.readouterr().out
    assert state(to) == before
    put(photos / "a" / "new.png", grey(200))
    put(photos / "a" / "IMG_1.png", grey(220))  # edited: another photo
    assert sort(photos, to) == 0
    assert len(sorted_photos(to)) == 8
    assert "messy/IMG_1 (2).png" in sorted_photos(to)
    assert len(list(csv.DictReader((to / TABLE).open(encoding="utf-8-sig")))) == 8


def test_a_photo_that_comes_under_an_old_name_after_a_move_is_new(photos, tmp_path):
    time_ = (photos / "a" / "IMG_1.png").stat().st_mtime_ns
    sort(photos, tmp_path / "sorted", "--move")
    os.utime(put(photos / "a" / "IMG_1.png", grey(10)), ns=(time_, time_))
    sort(photos, tmp_path / "sorted", "--move")
    assert len(sorted_photos(tmp_path / "sorted")) == 7
    assert not contents(photos)


@pytest.mark.parametrize("change", ["model", "sure"])
def test_another_model_or_another_rule_is_refused(photos, tmp_path, change):
    sort(photos, tmp_path / "sorted")
    before = state(tmp_path / "sorted")
    other = {"model": str(put(tmp_path / "x.keras", b"another")), "sure": "0.9"}[change]
    with pytest.raises(CourseError, match=f"another --{change}"):
        sort(photos, tmp_path / "sorted", f"--{change}", other)
    assert state(tmp_path / "sorted") == before


def test_a_dry_run_prints_what_a_run_does_and_writes_nothing(photos, tmp_path, capsys):
    to = tmp_path / "sorted"
    everything = state(tmp_path)
    sort(photos, to, "--dry-run")
    assert state(tmp_path) == everything
    said = capsys.readouterr().out
    planned = dict(re.findall(r"^(/.*) -> (.*) \(.*\)$", said, re.MULTILINE))
    assert f"{photos}/d/so so.png -> unsure/so so.png (messy 0.510)" in said
    sort(photos, to)
    table = csv.DictReader((to / TABLE).open(encoding="utf-8-sig"))
    assert {row["file"]: row["target"] for row in table} == planned
    put(photos / "e" / "IMG_1.png", grey(11))
    everything = state(tmp_path)
    capsys.readouterr()
    sort(photos, to, "--dry-run")
    assert f"{photos}/e/IMG_1.png -> clean/IMG_1 (4).png" in capsys.readouterr().out
    assert state(tmp_path) == everything


@pytest.mark.parametrize("way", [[], ["--move"]])
def test_photos_that_vanish_on_the_way_end_in_a_sentence(photos, tmp_path, monkeypatch, way):
    before, decide = contents(photos), run.decide
    monkeypatch.setattr(read, "BATCH", 2)
    monkeypatch.setattr(read, "AHEAD", 2)

    def unplug(*args):
        if photos.exists():
            photos.rename(tmp_path / "pocket")
            photos.mkdir()  # an empty mount point
        return decide(*args)

    monkeypatch.setattr(run, "decide", unplug)
    with pytest.raises(CourseError, match="photos is no longer there: bring it back"):
        sort(photos, tmp_path / "sorted", *way)
    assert not leftovers(tmp_path / "sorted")
    monkeypatch.setattr(run, "decide", decide)
    photos.rmdir()
    (tmp_path / "pocket").rename(photos)
    assert sort(photos, tmp_path / "sorted", *way) == 0
    check_all_is_done(photos, tmp_path / "sorted", before, "--move" if way else "")


def test_one_photo_that_vanishes_is_named_and_the_rest_is_sorted(
    photos, tmp_path, monkeypatch, capsys
):
    decide = run.decide

    def delete(*args):
        (photos / "d" / "so so.png").unlink()
        return decide(*args)

    monkeypatch.setattr(run, "decide", delete)
    assert sort(photos, tmp_path / "sorted") == 1
    assert "so so.png was gone before it was sorted" in capsys.readouterr().err
    assert len(sorted_photos(tmp_path / "sorted")) == 5


def peak(photos, to, told):
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        sort(photos, to, "--link")
    told.write_text(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def test_memory_does_not_grow_with_the_number_of_photos(forks, tmp_path):
    # Noise, so that two thousand thumbnails would be seen if they were kept.
    noise = np.random.default_rng(0).integers(0, 256, (150, 150, 3), "u1")
    one, peaks = put(tmp_path / "one.jpg", encoded(noise, "JPEG")), []
    for number in (1000, 3000):
        photos = tmp_path / str(number)
        for i in range(number):
            (photos / str(i // 250)).mkdir(parents=True, exist_ok=True)
            (photos / str(i // 250) / f"{i}.jpg").hardlink_to(one)
        told = tmp_path / f"{number} peak"
        assert child(peak, photos, tmp_path / f"{number} sorted", told) == 0
        peaks.append(int(told.read_text()) / (1 if sys.platform != "darwin" else 1024))
        with contextlib.closing(Ledger(tmp_path / f"{number} sorted")) as kept:
            assert sum(kept.counts().values()) == number
            thumbnail = next(kept.decisions("unsure"))[0].thumbnail
    assert 2000 * len(thumbnail) > 12_000_000
    assert peaks[1] - peaks[0] < 8_000, peaks  # kilobytes
