"""Folders and files that may not be read or written."""

import codecs
import contextlib
import os
from pathlib import Path

import pytest
from organising import (
    check_all_is_done,
    check_nothing_is_lost,
    child,
    contents,
    leftovers,
    sort,
    sorted_photos,
)

from apps.organiser.names import LEDGER
from apps.organiser.report import TEMPLATES
from helpers import CourseError


def as_nobody(error, function, *args):
    """Run a function as a user whom rights bind, and write down its status or its sentence."""
    codecs.lookup("utf-8-sig")  # while Python's own files can be read, and the course's
    for name in TEMPLATES.list_templates():
        TEMPLATES.get_template(name)
    if os.geteuid() == 0:
        os.setegid(65534)
        os.seteuid(65534)
    with error.open("w") as said, contextlib.redirect_stderr(said):
        try:
            with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
                status = function(*args)
            print(status, file=said)
        except CourseError as caught:
            print(caught, file=said)


@pytest.mark.parametrize("way", [[], ["--move"]])
def test_what_may_not_be_read_stays_and_the_rest_is_sorted(forks, open_folder, way):
    photos, to = open_folder / "photos", open_folder / "sorted"
    (photos / "a" / "IMG_1.png").chmod(0)
    (photos / "b" / "c").chmod(0)
    assert child(as_nobody, open_folder / "error", sort, photos, to, *way) == 0
    *sentences, last, status = (open_folder / "error").read_text().splitlines()
    assert [s for s in sentences if f"{photos / 'a' / 'IMG_1.png'} cannot be read" in s]
    assert [s for s in sentences if f"{photos / 'b' / 'c'} cannot be read" in s]
    assert (len(sentences), last, status) == (2, "2 stayed where they are, as said above.", "1")
    assert len(sorted_photos(to)) == 3
    (photos / "a" / "IMG_1.png").chmod(0o777)
    (photos / "b" / "c").chmod(0o777)
    assert child(as_nobody, open_folder / "error", sort, photos, to, *way) == 0
    assert (open_folder / "error").read_text() == "0\n"
    assert len(sorted_photos(to)) == 6


def test_a_folder_whose_names_can_only_be_listed_stays(forks, open_folder):
    photos, to = open_folder / "photos", open_folder / "sorted"
    inner = photos / "b" / "c" / "inner"
    inner.mkdir()
    (photos / "b" / "c").chmod(0o444)
    assert child(as_nobody, open_folder / "error", sort, photos, to) == 0
    said = (open_folder / "error").read_text()
    assert f"{inner} cannot be read (Permission denied): left alone.\n" in said
    assert said.endswith("\n1\n")
    assert len(sorted_photos(to)) == 4


@pytest.mark.parametrize("shut", ["sorted", "sorted/clean", "photos/a"])
def test_a_read_only_folder_ends_in_a_sentence(forks, open_folder, shut):
    photos, to = open_folder / "photos", open_folder / "sorted"
    before = contents(photos)
    (open_folder / shut).mkdir(parents=True, exist_ok=True)
    to.mkdir(exist_ok=True)
    to.chmod(0o777)
    (open_folder / shut).chmod(0o555)
    assert child(as_nobody, open_folder / "error", sort, photos, to, "--move") == 0
    said = (open_folder / "error").read_text()
    assert said.count("\n") == 1
    assert "ermission denied" in said or "unable to open" in said
    assert shut in said
    check_nothing_is_lost(photos, to, before, "--move")
    assert not leftovers(to)
    (open_folder / shut).chmod(0o777)
    assert child(as_nobody, open_folder / "error", sort, photos, to, "--move") == 0
    check_all_is_done(photos, to, before, "--move")


def test_photos_that_may_not_even_be_listed_are_not_said_to_be_none(forks, open_folder):
    photos = open_folder / "photos"
    photos.chmod(0)
    assert child(as_nobody, open_folder / "error", sort, photos, open_folder / "sorted") == 0
    said = (open_folder / "error").read_text()
    photos.chmod(0o777)
    assert said.startswith(f"{photos} cannot be read (Permission denied): left alone.\n")
    assert said.endswith("\n1\n")


def test_a_ledger_that_may_not_be_written_ends_in_a_sentence(forks, open_folder):
    photos = open_folder / "photos"
    to = open_folder / "sorted"
    assert sort(photos, to) == 0
    (photos / "new.png").write_bytes((photos / "a" / "IMG_1.png").read_bytes())
    for mode in (0o444, 0):
        (to / LEDGER).chmod(mode)
        for options in ([], ["--dry-run"]):
            assert child(as_nobody, open_folder / "error", sort, photos, to, *options) == 0
            said = (open_folder / "error").read_text()
            assert said.count("\n") == 1
            assert said == "0\n" if options and mode else LEDGER in said, said
            assert len(sorted_photos(to)) == 6
