"""Photos are found, and nothing else is taken for one."""

import os

import pytest
from organising import (
    contents,
    grey,
    put,
    sort,
    sorted_photos,
    state,
)

from helpers import CourseError


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
    said = capsys.readouterr().out
    assert "4 files of other kinds, 3 symbolic links." in said
    assert "Of other kinds: 1 .cr2, 1 .mp4, 1 .txt, 1 pipe or device." in said


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


@pytest.mark.parametrize("way", ["", "--move", "--link"])
def test_what_another_run_has_sorted_is_not_sorted_again(photos, tmp_path, capsys, way):
    before = contents(photos)
    for name in ("sorted", "d/sorted"):
        assert sort(photos, photos / name) == 0
    assert "1 folders that other runs have sorted into." in capsys.readouterr().out
    results = [state(photos / name) for name in ("sorted", "d/sorted")]
    assert sort(photos, tmp_path / "third", *([way] if way else [])) == 0
    assert contents(tmp_path / "third") == before
    assert [state(photos / name) for name in ("sorted", "d/sorted")] == results
    assert "2 folders that other runs have sorted into." in capsys.readouterr().out


@pytest.mark.parametrize("way", ["", "--move", "--link"])
def test_libraries_of_other_programs_and_systems_are_not_entered(photos, tmp_path, capsys, way):
    before = contents(photos)
    foreign = [f"{name}/deep/x.png" for name in ("Photos Library.photoslibrary", "L.LRDATA")]
    foreign += [f"{name}/x.png" for name in ("@eaDir", "#recycle", "@Recycle", "$RECYCLE.BIN")]
    foreign += [f"d/{name}/x.png" for name in ("System Volume Information", "lost+found")]
    foreign += ["b/__MACOSX/x.png", "b/old.aplibrary/x.png", "b/old.photolibrary/x.png"]
    for i, name in enumerate(foreign):
        put(photos / name, grey(i))
    assert sort(photos, tmp_path / "sorted", *([way] if way else [])) == 0
    assert contents(tmp_path / "sorted") == before
    assert all((photos / name).exists() for name in foreign)
    said = capsys.readouterr().out
    assert ", 4 libraries of other programs, 7 folders of the system's." in said


def test_nothing_is_moved_out_of_a_library(photos, tmp_path):
    library = photos.rename(tmp_path / "My.photoslibrary")
    for folder in (library, library / "b"):
        with pytest.raises(CourseError, match=r"My.photoslibrary is a library of another program"):
            sort(folder, tmp_path / "sorted", "--move")
    assert not (tmp_path / "sorted").exists()
    assert sort(library, tmp_path / "sorted") == 0
    assert len(sorted_photos(tmp_path / "sorted")) == 6


def test_a_folder_without_photos_is_told_what_it_has(tmp_path, capsys):
    photos = tmp_path / "photos"
    for i in range(12):
        put(photos / f"IMG_{i}.raw", b"raw")
    for i in range(3):
        put(photos / "films" / f"IMG_{i}.MOV", b"film")
    put(photos / "no ending", b"?")
    assert sort(photos, tmp_path / "sorted") == 0
    said = capsys.readouterr().out
    there = "12 .raw, 3 .mov, 1 without ending"
    assert f"Nothing to do: {photos} has no photo: {there} are of other kinds.\n" in said
    assert "16 files of other kinds" in said
    (tmp_path / "empty").mkdir()
    assert sort(tmp_path / "empty", tmp_path / "sorted") == 0
    assert f"Nothing to do: {tmp_path / 'empty'} has no photo.\n" in capsys.readouterr().out


def test_kinds_without_end_are_summed_up(tmp_path, capsys):
    for i in range(20):
        put(tmp_path / "photos" / f"a.x{i:02}\x1b", b"")
    sort(tmp_path / "photos", tmp_path / "sorted")
    said = capsys.readouterr().out
    assert "1 .x07\\x1b, 12 more are of other kinds." in said
    assert "\x1b" not in said


def test_folders_deeper_than_anybody_has_are_left_alone_and_named(photos, tmp_path, capsys):
    """Python 3.11 goes into each folder by a call of its own, and ends at a thousand."""
    put(photos.joinpath(*"x" * 260) / "deep.png", grey(9))
    assert sort(photos, tmp_path / "sorted") == 1
    assert "over 200 folders deep" in capsys.readouterr().err
    assert len(sorted_photos(tmp_path / "sorted")) == 6
