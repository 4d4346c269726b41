"""A file appears whole or not at all, whatever ends the writing."""

import threading

import pytest

from helpers import CourseError
from helpers.files import whole


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_it_appears_once_it_is_whole_with_the_usual_rights(tmp_path):
    target = tmp_path / "new" / "notes.txt"
    with whole(target) as part:
        part.write_text("half")
        assert not target.exists() and part.suffix == ".txt" and part.name.startswith(".")
    assert target.read_text() == "half" and names(target.parent) == ["notes.txt"]
    (tmp_path / "plain.txt").write_text("")
    assert target.stat().st_mode == (tmp_path / "plain.txt").stat().st_mode


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt])
def test_a_block_that_fails_changes_nothing(fault, tmp_path):
    target = tmp_path / "notes.txt"
    target.write_text("old")
    with pytest.raises(fault), whole(target) as part:
        part.write_text("ne")
        raise fault
    assert target.read_text() == "old" and names(tmp_path) == ["notes.txt"]


def test_what_cannot_be_written_gets_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    refused = pytest.raises(CourseError, match="file/notes.txt cannot be written .*: make room")
    with refused, whole(tmp_path / "file" / "notes.txt") as part:
        part.write_text("never")
    full = pytest.raises(CourseError, match="cannot be written .No space left")
    with full, whole(tmp_path / "notes.txt"):
        raise OSError(28, "No space left on device")
    assert names(tmp_path) == ["file"]


def test_two_threads_do_not_write_into_one_another(tmp_path):
    parts, barrier = [], threading.Barrier(2)

    def write():
        with whole(tmp_path / "same.txt") as part:
            barrier.wait(60)
            parts.append(part)
            part.write_text(part.name)

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(parts)) == 2 and names(tmp_path) == ["same.txt"]


def test_a_very_long_name_can_be_written(tmp_path):
    target = tmp_path / ("ü" * 120 + ".keras")
    with whole(target) as part:
        part.write_text("here")
    assert target.read_text() == "here"
