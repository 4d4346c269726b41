"""The organiser: every photo ends in one place exactly, whatever happens on the way."""

import base64
import codecs
import contextlib
import csv
import errno
import io
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
from collections import Counter, namedtuple
from html.parser import HTMLParser
from multiprocessing import forkserver
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import numpy as np
import pytest
from chromium import CHROMIUM, FLAGS
from pictures import ROOT, encoded, huge_png, picture
from PIL import Image

from apps import ledger, organise, report
from apps.ledger import LEDGER, SHEET, TABLE, Ledger, folders
from helpers import CourseError, images
from helpers.data import SAMPLES
from helpers.images import MAX_PIXELS

if os.name != "posix":
    pytest.skip("what is tested here is how POSIX systems keep files", allow_module_level=True)

Answer = namedtuple("Answer", "label confidence probabilities")
CLASSES = ("clean", "messy")
# The stand-in's file: one that every user may read, wherever the course was cloned to.
MODEL_FILE = os.devnull


class Brightness:
    """Stands in for a model where no answer matters: the brighter, the surer it is messy."""

    def __init__(self, names=CLASSES):
        self.classifier = SimpleNamespace(size=(8, 8), class_names=names, say=self.say)

    def probabilities(self, images):
        bright = images.mean(axis=(1, 2, 3)) / 255
        return np.stack([1 - bright, bright], axis=1)

    def say(self, p):
        names = self.classifier.class_names
        return Answer(names[p.argmax()], float(p.max()), dict(zip(names, p.tolist(), strict=True)))


def sort(photos, to, *options, model=None):
    """Run the organiser in this process, with the stand-in; return its status."""
    given = [str(photos), "--to", str(to), "--model", MODEL_FILE, *options]
    return organise.main(given, lambda path: model or Brightness())


def grey(value, size=(24, 24), **options):
    return encoded(np.full((*size, 3), value, np.uint8), **options)


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def photos(tmp_path):
    """Six photos, among them namesakes and twins: two of each class, one unsure, one broken."""
    home = tmp_path / "photos"
    put(home / "a" / "IMG_1.png", grey(10))
    put(home / "b" / "IMG_1.png", grey(250))
    put(home / "b" / "c" / "IMG_1.png", grey(10))
    put(home / "b" / "c" / "img_1.png", grey(9))
    put(home / "d" / "so so.png", grey(130))
    put(home / "d" / "broken.jpg", b"no image")
    return home


def contents(folder):
    """Count the contents of the photos below a folder."""
    hidden = {TABLE, LEDGER, f"{LEDGER}-journal"}
    files = [f for f in Path(folder).rglob("*") if f.is_file() and f.name not in hidden]
    return Counter(
        f.read_bytes() for f in files if SHEET not in f.parts and ".organise-" not in f.name
    )


def placed(to):
    """List the photos in the sorted folder, as paths from there."""
    files = [f.relative_to(to) for f in Path(to).rglob("*") if not f.is_dir()]
    return sorted(str(f) for f in files if len(f.parts) == 2 and f.parts[0] != SHEET)


def leftovers(to):
    return [str(f) for f in Path(to).rglob("*.part")]


def state(folder):
    """Return everything below a folder, with contents and times."""
    return {
        str(f.relative_to(folder)): (f.lstat().st_mtime_ns, f.is_file() and f.read_bytes())
        for f in Path(folder).rglob("*")
    }


def test_photos_are_copied_into_one_folder_a_class(photos, tmp_path, capsys):
    before = state(photos)
    assert sort(photos, tmp_path / "sorted") == 0
    assert placed(tmp_path / "sorted") == [
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
    assert {(tmp_path / "sorted" / f).stat().st_ino for f in placed(tmp_path / "sorted")} == found


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


def test_names_that_some_file_system_takes_for_one_are_kept_apart(tmp_path):
    names = ["Größe.png", unicodedata.normalize("NFD", "Größe.png"), "GRÖSSE.png", "größe.PNG"]
    names += ["IMG (2).png", "IMG.png", os.fsdecode(b"odd\xff\n.png"), "e" * 251 + ".png"]
    for i, name in enumerate(names):
        for folder in "ab":
            put(tmp_path / "photos" / folder / name, grey(2 * i + (folder == "b")))
    assert sort(tmp_path / "photos", tmp_path / "sorted") == 0
    found = placed(tmp_path / "sorted")
    alike = {unicodedata.normalize("NFC", name.casefold()) for name in found}
    assert len(alike) == len(found) == 16
    assert contents(tmp_path / "sorted") == contents(tmp_path / "photos")
    rows = list(csv.DictReader((tmp_path / "sorted" / TABLE).open(encoding="utf-8-sig")))
    assert len(rows) == 16


def test_what_is_there_already_is_not_written_over(photos, tmp_path):
    mine = put(tmp_path / "sorted" / "clean" / "IMG_1.png", b"mine")
    sort(photos, tmp_path / "sorted")
    assert mine.read_bytes() == b"mine"
    assert contents(tmp_path / "sorted") - contents(photos) == Counter([b"mine"])
    put(tmp_path / "other" / TABLE, b"mine")
    with pytest.raises(CourseError, match=TABLE):
        sort(photos, tmp_path / "other")


def test_a_name_taken_in_the_last_moment_is_left_to_who_took_it(photos, tmp_path, monkeypatch):
    place, taken = ledger.place, []

    def late(row):
        if row.source.name == "so so.png" and not taken:
            taken.append(put(row.target, b"mine"))
        place(row)

    monkeypatch.setattr(organise, "place", late)
    sort(photos, tmp_path / "sorted", "--move")
    assert taken[0].read_bytes() == b"mine"
    assert "unsure/so so (2).png" in placed(tmp_path / "sorted")
    assert not contents(photos)


@pytest.mark.parametrize("way", ["copy", "move", "link"])
@pytest.mark.parametrize("links", [True, False])
def test_nothing_is_written_over_even_when_two_write_at_once(tmp_path, monkeypatch, way, links):
    if links:  # the check beforehand sees nothing yet
        monkeypatch.setattr(os.path, "lexists", lambda path: False)
    else:
        monkeypatch.setattr(os, "link", refuse)
    photo, mine = put(tmp_path / "a.png", b"photo"), put(tmp_path / "clean" / "a.png", b"mine")
    with pytest.raises(FileExistsError):
        ledger.place(ledger.Row(1, photo, 5, way, "clean", mine))
    assert (photo.read_bytes(), mine.read_bytes()) == (b"photo", b"mine")
    assert not leftovers(tmp_path)


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
    assert {"clean/12_30.png", "clean/12_30 (2).png"} < set(placed(tmp_path / "sorted"))
    assert contents(tmp_path / "sorted") == before + Counter([grey(20), grey(21)])
    assert (photos / "f" / "never.png").exists()
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


def test_a_time_that_no_clock_should_show_is_no_hindrance(photos, tmp_path):
    late = 10_413_792_000  # the year 2300, in seconds
    os.utime(photos / "a" / "IMG_1.png", (late, late))
    for _ in range(2):
        assert sort(photos, tmp_path / "sorted") == 0
        assert len(placed(tmp_path / "sorted")) == 6


def refuse(*args, **kwargs):
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


ODD_CLASSES = [
    "unsure",
    "unreadable",
    "a/b",
    "a\\b",
    "..",
    "",
    " ",
    ".git",
    "CON",
    "Clean",
    "clean",
]
ODD_CLASSES += ["photos.csv", "contact-sheet", "x" * 300, "\u202e", "a_b", "unsure (class)"]


def test_any_class_name_gets_a_safe_folder_of_its_own(tmp_path):
    named = folders(ODD_CLASSES)
    keys = {ledger.folded(name) for name in named.values()}
    assert len(keys) == len(ODD_CLASSES)
    assert named["CON"] == "CON_"
    assert not keys & {"unsure", "unreadable", "photos.csv", "contact-sheet"}
    for name in named.values():
        assert re.fullmatch(r"[^./\\\s][^/\\]*", name), name
        (tmp_path / name).mkdir()
    put(tmp_path / "photos" / "dark.png", grey(0))
    put(tmp_path / "photos" / "light.png", grey(255))
    sort(tmp_path / "photos", tmp_path / "sorted", model=Brightness(("../up", "unsure")))
    assert placed(tmp_path / "sorted") == ["_up/dark.png", "unsure (class)/light.png"]


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
    assert len(placed(tmp_path / "sorted")) == 7
    assert "4 files of other kinds, 3 symbolic links." in capsys.readouterr().out


def test_the_sorted_folder_may_stand_among_the_photos(photos, tmp_path):
    for _ in range(2):
        assert sort(photos, photos / "sorted") == 0
        assert len(placed(photos / "sorted")) == 6


def test_folders_that_would_do_harm_are_refused(photos, tmp_path):
    (tmp_path / "same").symlink_to(photos)
    for to in (photos, tmp_path, tmp_path / "same", Path("/")):
        with pytest.raises(CourseError, match="cannot be sorted into"):
            sort(photos, to)
    with pytest.raises(CourseError, match="not a folder"):
        sort(photos / "a" / "IMG_1.png", tmp_path / "sorted")
    assert not (tmp_path / "sorted").exists()


def test_links_that_lead_round_in_circles_are_named(photos, tmp_path):
    (tmp_path / "round").symlink_to("round")
    for given in ((tmp_path / "round", tmp_path / "sorted"), (photos, tmp_path / "round")):
        with pytest.raises(CourseError, match="round"):
            sort(*given)


def test_a_report_that_was_deleted_is_written_anew(photos, tmp_path):
    to = tmp_path / "sorted"
    sort(photos, to)
    for lost in (to / TABLE, to / SHEET / "index.html"):
        before = lost.read_bytes()
        lost.unlink()
        assert sort(photos, to) == 0
        assert lost.read_bytes() == before


def test_a_second_run_has_nothing_to_do_and_a_third_sorts_what_is_new(photos, tmp_path, capsys):
    to = tmp_path / "sorted"
    sort(photos, to)
    before = state(to)

    def never(path):
        raise AssertionError("the model was loaded for nothing")

    given = [str(photos), "--to", str(to), "--model", MODEL_FILE]
    assert organise.main(given, never) == 0
    assert "Nothing to do" in capsys.readouterr().out
    assert state(to) == before
    put(photos / "a" / "new.png", grey(200))
    put(photos / "a" / "IMG_1.png", grey(220))  # edited: another photo
    assert sort(photos, to) == 0
    assert len(placed(to)) == 8
    assert "messy/IMG_1 (2).png" in placed(to)
    assert len(list(csv.DictReader((to / TABLE).open(encoding="utf-8-sig")))) == 8


def test_a_photo_that_comes_under_an_old_name_after_a_move_is_new(photos, tmp_path):
    time_ = (photos / "a" / "IMG_1.png").stat().st_mtime_ns
    sort(photos, tmp_path / "sorted", "--move")
    os.utime(put(photos / "a" / "IMG_1.png", grey(10)), ns=(time_, time_))
    sort(photos, tmp_path / "sorted", "--move")
    assert len(placed(tmp_path / "sorted")) == 7
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


def test_two_runs_at_once_do_not_meet(photos, tmp_path):
    sort(photos, tmp_path / "sorted")
    with contextlib.closing(Ledger(tmp_path / "sorted")):
        for options in ([], ["--dry-run"]):
            with pytest.raises(CourseError, match="Another run"):
                sort(photos, tmp_path / "sorted", *options)
    assert sort(photos, tmp_path / "sorted") == 0


def undone(to, name="so so.png"):
    """Leave a row as a run does that is killed before it notes that a photo is in its place."""
    with contextlib.closing(Ledger(to)) as kept:
        kept.db.execute("UPDATE photos SET done = 0 WHERE target = ?", (os.fsencode(name),))
        kept.commit()
        return kept.pending()[0]


def test_a_copy_is_durable_before_a_resumed_move_deletes_its_source(photos, tmp_path, monkeypatch):
    sort(photos, tmp_path / "sorted", "--move")
    row, synced = undone(tmp_path / "sorted"), []
    shutil.copy2(row.target, row.source)
    monkeypatch.setattr(organise, "sync", lambda path: synced.append((path, row.source.exists())))
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
    assert "clean/IMG_1 (4).png" in placed(to)


@pytest.mark.parametrize("way", ["", "--link"])
def test_a_move_killed_half_way_and_continued_as_a_copy_is_one(photos, tmp_path, way):
    sort(photos, tmp_path / "sorted", "--move")
    row = undone(tmp_path / "sorted")
    row.source.hardlink_to(row.target)
    assert sort(photos, tmp_path / "sorted", *([way] if way else [])) == 0
    assert row.source.read_bytes() == row.target.read_bytes()
    assert row.source.samefile(row.target) == (way == "--link")


def test_a_dry_run_prints_what_is_begun(photos, tmp_path, capsys):
    sort(photos, tmp_path / "sorted")
    row = undone(tmp_path / "sorted")
    capsys.readouterr()
    sort(photos, tmp_path / "sorted", "--dry-run")
    assert f"{row.source} -> unsure/so so.png (pending)\n" in capsys.readouterr().out


def test_a_dry_run_says_so_where_a_run_was_killed_while_it_wrote(photos, tmp_path):
    to = tmp_path / "sorted"
    sort(photos, to)
    shutil.copytree(to, tmp_path / "killed")
    with contextlib.closing(Ledger(to)) as kept:
        kept.db.execute("PRAGMA cache_size = 1")  # so that the change is on the disk already
        kept.db.execute("UPDATE photos SET thumbnail = zeroblob(99999)")
        for name in (LEDGER, f"{LEDGER}-journal"):
            shutil.copy(to / name, tmp_path / "killed" / name)
    with pytest.raises(CourseError, match="run once without --dry-run"):
        sort(photos, tmp_path / "killed", "--dry-run")
    assert sort(photos, tmp_path / "killed") == 0
    assert sort(photos, tmp_path / "killed", "--dry-run") == 0


# What follows runs the organiser in processes that are killed. A fork server starts them from a
# process without TensorFlow, which would not survive a fork.
FORKS = multiprocessing.get_context("forkserver")


@pytest.fixture(scope="module")
def forks():
    """Start the server with what its children need imported: they begin in milliseconds."""
    FORKS.set_forkserver_preload(["test_organise"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "tests")]))
        forkserver.ensure_running()


def child(function, *args):
    """Run a function in a process of its own; return its exit code (-9 where it was killed)."""
    process = FORKS.Process(target=function, args=args)
    process.start()
    process.join()
    return process.exitcode


class Killer:
    """Kills the process before or after the n-th system call that changes what is on the disk."""

    CALLS = "link unlink rename replace symlink fsync mkdir"

    def __init__(self, at):
        self.at, self.count, self.lock = at, 0, threading.Lock()
        for name in self.CALLS.split():
            setattr(os, name, self.around(getattr(os, name)))
        ledger.shutil.copystat = self.around(shutil.copystat)
        ledger.shutil.copyfileobj = self.halves
        Ledger.commit = self.around(Ledger.commit)

    def event(self):
        with self.lock:
            self.count += 1
            if self.count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function):
        def call(*args, **kwargs):
            self.event()
            found = function(*args, **kwargs)
            self.event()
            return found

        return call

    def halves(self, old, new, length):
        content = old.read()
        for part in (content[: len(content) // 2], content[len(content) // 2 :]):
            new.write(part)
            new.flush()
            self.event()


def sort_and_die(photos, to, options, at):
    Killer(at)
    organise.BATCH, organise.AHEAD = 2, 4  # several batches, so that deciding overlaps placing
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        sort(photos, to, *options)


def check_nothing_is_lost(photos, to, before, way):
    here, there = contents(photos), contents(to)
    assert not there - before, "something half-written, or twice"
    if way == "--move":
        assert not before - (here + there), "a photo stands in no place"
    else:
        assert here == before


def check_all_is_done(photos, to, before, way):
    assert contents(to) == before
    assert contents(photos) == (Counter() if way == "--move" else before)
    assert not leftovers(to)
    rows = list(csv.DictReader((to / TABLE).open(encoding="utf-8-sig")))
    assert sorted(row["target"] for row in rows) == placed(to)
    assert len({row["file"] for row in rows}) == len(rows) == before.total()
    assert (to / SHEET / "index.html").exists()


@pytest.mark.parametrize("way", ["", "--move", "--link", "other disk"])
def test_killed_before_and_after_every_system_call(forks, photos, tmp_path, way):
    shutil.rmtree(photos / "b" / "c")
    home = tmp_path
    if way == "other disk":
        home, way = other_disk(photos), "--move"
    options, before = [way] if way else [], contents(photos)
    try:
        for at in range(1, 1000):
            mine, to = home / str(at), home / str(at) / "sorted"
            shutil.copytree(photos, tmp_path / "again" / str(at))
            mine.mkdir()
            code = child(sort_and_die, tmp_path / "again" / str(at), to, options, at)
            check_nothing_is_lost(tmp_path / "again" / str(at), to, before, way)
            if code == 0:
                break
            assert code == -signal.SIGKILL
            assert sort(tmp_path / "again" / str(at), to, *options) == 0
            check_all_is_done(tmp_path / "again" / str(at), to, before, way)
            shutil.rmtree(mine)
        assert 40 < at < 1000
        check_all_is_done(tmp_path / "again" / str(at), to, before, way)
    finally:
        if home != tmp_path:
            shutil.rmtree(home)


def other_disk(folder):
    """Return a new folder on a file system other than this folder's."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK) or shared.stat().st_dev == folder.stat().st_dev:
        pytest.skip("there is no second file system to move to")
    return Path(tempfile.mkdtemp(dir=shared))


@pytest.mark.parametrize("seed", range(6))
def test_killed_again_and_again(forks, photos, tmp_path, seed):
    chance, to, before = random.Random(seed), tmp_path / "sorted", contents(photos)
    way = chance.choice(["", "--move", "--link"])
    killed, code = 0, -signal.SIGKILL
    while code:
        assert code == -signal.SIGKILL
        code = child(sort_and_die, photos, to, [way] if way else [], chance.randrange(5, 50))
        check_nothing_is_lost(photos, to, before, way)
        killed += code != 0
    assert killed > 1
    check_all_is_done(photos, to, before, way)


def test_a_resumed_run_does_not_classify_again(forks, photos, tmp_path):
    seen = []

    class Counting(Brightness):
        def probabilities(self, images):
            seen.append(len(images))
            return super().probabilities(images)

    for at in range(30, 60, 5):
        to = tmp_path / str(at) / "sorted"
        to.parent.mkdir()
        assert child(sort_and_die, photos, to, [], at) == -signal.SIGKILL
        with contextlib.closing(Ledger(to)) as kept:
            known = kept.db.execute(
                "SELECT count(*) FROM photos WHERE label IS NOT NULL"
            ).fetchone()[0]
        before = state(tmp_path)
        sort(photos, to, "--dry-run")
        assert state(tmp_path) == before
        seen.clear()
        sort(photos, to, model=Counting())
        assert sum(seen) == 5 - known
    assert known


def test_a_run_goes_on_in_another_way_than_it_began(forks, photos, tmp_path):
    before = contents(photos)
    for at in range(21, 80, 3):
        mine, to = tmp_path / f"photos {at}", tmp_path / f"sorted {at}"
        ways = random.Random(at).sample(["--move", "--link", ""], 2)
        shutil.copytree(photos, mine)
        child(sort_and_die, mine, to, [ways[0]] if ways[0] else [], at)
        here = contents(mine)
        assert sort(mine, to, *([ways[1]] if ways[1] else [])) == 0
        assert contents(to) == before, (at, ways)
        assert ways[1] == "--move" or contents(mine) == here, "moved, and nobody asks for it"
        assert not leftovers(to)


def test_hard_links_give_way_to_symbolic_ones_on_another_disk(photos):
    home = other_disk(photos)
    try:
        assert sort(photos, home / "sorted", "--link") == 0
        assert contents(home / "sorted") == contents(photos)
        assert all((home / "sorted" / name).is_symlink() for name in placed(home / "sorted"))
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
        monkeypatch.setattr(ledger, "sync", edit)
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
    assert len(placed(tmp_path / "sorted")) == 7


@pytest.fixture
def small_disk(tmp_path):
    """A real disk of so many bytes, that can be made larger."""
    where = tmp_path / "disk"
    where.mkdir()

    def mount(kilobytes, again=""):
        command = ["mount", "-t", "tmpfs", "-o", f"{again}size={kilobytes}k", "tmpfs", str(where)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("only root can mount a small disk")
        return where

    yield mount
    subprocess.run(["umount", "--lazy", str(where)], capture_output=True)


@pytest.mark.parametrize("kilobytes", [16, 60, 100, 160, 240])
@pytest.mark.parametrize("way", ["", "--move"])
def test_a_full_disk_loses_nothing(tmp_path, small_disk, way, kilobytes):
    photos, options = tmp_path / "photos", [way] if way else []
    for i in range(12):
        put(
            photos / f"{i}.png",
            encoded(np.random.default_rng(i).integers(0, 99, (60, 80, 3), "u1")),
        )
    before, to = contents(photos), small_disk(kilobytes) / "sorted"
    with pytest.raises(CourseError, match="(?i)no space left|full") as caught:
        sort(photos, to, *options)
    assert "\n" not in str(caught.value)
    assert not leftovers(to)
    check_nothing_is_lost(photos, to, before, way)
    small_disk(4000, "remount,")
    assert sort(photos, to, *options) == 0
    check_all_is_done(photos, to, before, way)


def as_nobody(error, function, *args):
    """Run a function as a user whom rights bind, and write down its status or its sentence."""
    codecs.lookup("utf-8-sig")  # while Python's own files can be read
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


@pytest.fixture
def open_folder(photos):
    """A folder that every user may write to, with the photos in it."""
    home = Path(tempfile.mkdtemp())
    shutil.copytree(photos, home / "photos")
    (home / "error").touch()
    for path in (home, *home.rglob("*")):
        path.chmod(0o777)
    yield home
    for path in (home, *home.rglob("*")):
        path.chmod(0o777)
    shutil.rmtree(home)


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
    assert len(placed(to)) == 3
    (photos / "a" / "IMG_1.png").chmod(0o777)
    (photos / "b" / "c").chmod(0o777)
    assert child(as_nobody, open_folder / "error", sort, photos, to, *way) == 0
    assert (open_folder / "error").read_text() == "0\n"
    assert len(placed(to)) == 6


def test_a_folder_whose_names_can_only_be_listed_stays(forks, open_folder):
    photos, to = open_folder / "photos", open_folder / "sorted"
    inner = photos / "b" / "c" / "inner"
    inner.mkdir()
    (photos / "b" / "c").chmod(0o444)
    assert child(as_nobody, open_folder / "error", sort, photos, to) == 0
    said = (open_folder / "error").read_text()
    assert f"{inner} cannot be read (Permission denied): left alone.\n" in said
    assert said.endswith("\n1\n")
    assert len(placed(to)) == 4


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


@pytest.mark.parametrize("way", [[], ["--move"]])
def test_photos_that_vanish_on_the_way_end_in_a_sentence(photos, tmp_path, monkeypatch, way):
    before, decide = contents(photos), organise.decide
    monkeypatch.setattr(organise, "BATCH", 2)
    monkeypatch.setattr(organise, "AHEAD", 2)

    def unplug(*args):
        if photos.exists():
            photos.rename(tmp_path / "pocket")
            photos.mkdir()  # an empty mount point
        return decide(*args)

    monkeypatch.setattr(organise, "decide", unplug)
    with pytest.raises(CourseError, match="photos is no longer there: bring it back"):
        sort(photos, tmp_path / "sorted", *way)
    assert not leftovers(tmp_path / "sorted")
    monkeypatch.setattr(organise, "decide", decide)
    photos.rmdir()
    (tmp_path / "pocket").rename(photos)
    assert sort(photos, tmp_path / "sorted", *way) == 0
    check_all_is_done(photos, tmp_path / "sorted", before, "--move" if way else "")


def test_one_photo_that_vanishes_is_named_and_the_rest_is_sorted(
    photos, tmp_path, monkeypatch, capsys
):
    decide = organise.decide

    def delete(*args):
        (photos / "d" / "so so.png").unlink()
        return decide(*args)

    monkeypatch.setattr(organise, "decide", delete)
    assert sort(photos, tmp_path / "sorted") == 1
    assert "so so.png was gone before it was sorted" in capsys.readouterr().err
    assert len(placed(tmp_path / "sorted")) == 5


def test_a_disk_that_fails_for_a_moment_makes_no_photo_unreadable(
    photos, tmp_path, monkeypatch, capsys
):
    works = Image.open

    def fail(file, *args, **options):
        if str(getattr(file, "name", "")).endswith("so so.png"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return works(file, *args, **options)

    monkeypatch.setattr(Image, "open", fail)
    monkeypatch.setattr(organise, "HEAD", 40)
    assert sort(photos, tmp_path / "sorted") == 1
    said = capsys.readouterr().err
    assert f"{photos / 'd' / 'so so.png'} cannot be read (Input/output error): left alone." in said
    assert len(placed(tmp_path / "sorted")) == 5
    monkeypatch.undo()
    assert sort(photos, tmp_path / "sorted") == 0
    assert "unsure/so so.png" in placed(tmp_path / "sorted")


def test_a_photo_too_large_for_the_free_memory_stays(photos, tmp_path, monkeypatch, capsys):
    def full(image):
        raise MemoryError

    monkeypatch.setattr(images, "_to_rgb", full)
    assert sort(photos, tmp_path / "sorted") == 1
    said = capsys.readouterr().err
    assert "so so.png is too large for the memory that is free: left alone." in said
    assert placed(tmp_path / "sorted") == ["unreadable/broken.jpg"]


def test_a_model_that_answers_with_no_numbers_ends_in_a_sentence(photos, tmp_path):
    class Broken(Brightness):
        def probabilities(self, images):
            return super().probabilities(images) * np.nan

    with pytest.raises(CourseError, match="IMG_1.png is not a number .* name another with --model"):
        sort(photos, tmp_path / "sorted", model=Broken())
    assert not placed(tmp_path / "sorted")


def test_a_damaged_ledger_ends_in_a_sentence(photos, tmp_path):
    put(tmp_path / "sorted" / LEDGER, b"no data base" * 1000)
    with pytest.raises(CourseError, match="keeps its notes"):
        sort(photos, tmp_path / "sorted")
    with pytest.raises(CourseError, match="nowhere.keras cannot be read"):
        sort(photos, tmp_path / "new", "--model", "nowhere.keras")
    assert not (tmp_path / "new").exists()


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


def test_two_very_large_photos_are_open_at_most():
    budget, open_now, most = organise.Budget(2 * MAX_PIXELS), [], []

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
    photo = ledger.Photo(film, 2**40, 0)
    found = organise.opened(photo, (8, 8), organise.Budget(MAX_PIXELS))
    assert "film.jpg is not an image that can be read" in found.note


@pytest.mark.parametrize(
    "content, size, note",
    [
        (grey(10), 2**40, "x.png has more than 2 GB: save it smaller first."),
        (huge_png(10_000), 0, "x.png has 10000 x 10000 pixels, more than 89 million"),
        (huge_png(), 0, "x.png has far too many pixels, more than 89 million"),
        (huge_png(), 2**40, "x.png has far too many pixels, more than 89 million"),
    ],
    ids=["bytes", "pixels", "bomb", "both"],
)
def test_an_image_that_is_too_large_is_not_read_whole(tmp_path, monkeypatch, content, size, note):
    path = put(tmp_path / "x.png", content)
    os.truncate(path, max(size, len(content)))
    monkeypatch.setattr(organise, "_shrunk", lambda *args: organise.Opened(photo, note="read"))
    photo = ledger.Photo(path, size, 0)
    found = organise.opened(photo, (8, 8), organise.Budget(MAX_PIXELS))
    assert found.note.startswith(note)


def odd_photos(folder):
    """Write the same room as people have it: in every mode, turned, and large."""
    pixels = picture(3, (90, 120))
    exif = Image.Exif()
    exif[0x0112] = 8
    alpha = np.dstack([pixels, np.full(pixels.shape[:2], 90, np.uint8)])
    put(folder / "rgb.jpg", encoded(pixels, "JPEG"))
    put(folder / "turned.jpg", encoded(pixels, "JPEG", exif=exif))
    put(folder / "alpha.png", encoded(alpha))
    put(folder / "grey.png", encoded(pixels[..., 0]))
    put(folder / "deep.png", encoded(pixels[..., 0].astype(np.uint16) * 257))
    put(folder / "large.jpg", encoded(picture(5, (1200, 1600)), "JPEG"))
    put(folder / "fits.png", encoded(picture(6, (32, 40))))
    put(folder / "line.png", encoded(picture(7, (2, 900))))
    Image.fromarray(pixels).convert("CMYK").save(folder / "cmyk.tif")
    Image.fromarray(pixels).quantize(16).save(folder / "palette.gif")


def test_the_model_says_what_it_says_elsewhere(saved, tmp_path):
    from apps.predictor import Predictor
    from helpers.classifier import load_classifier

    odd_photos(tmp_path / "photos")
    given = [str(tmp_path / "photos"), "--to", str(tmp_path / "sorted"), "--model", str(saved)]
    assert organise.main(given, Predictor) == 0
    classifier, said = load_classifier(saved), []
    with contextlib.closing(Ledger(tmp_path / "sorted")) as kept:
        for folder in kept.counts():
            for decision, target in kept.decisions(folder):
                answer = classifier.answer(tmp_path / "sorted" / target)
                assert decision.label == answer.label
                assert decision.confidence == pytest.approx(answer.confidence, abs=1e-6)
                assert decision.probabilities == pytest.approx(answer.probabilities, abs=1e-6)
                said.append(decision.probabilities["messy"])
    assert len(said) == 10
    assert np.ptp(said) > 1e-4, "the files are too alike for the test to notice anything"


def start(photos, to, model, *options):
    command = [sys.executable, "-m", "apps.organise", str(photos), "--to", str(to)]
    command += ["--model", str(model), *options]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photographs are not there")
def test_killed_and_interrupted_from_outside_the_real_program_goes_on(saved, tmp_path):
    photos, to = tmp_path / "photos", tmp_path / "sorted"
    samples = sorted((SAMPLES / "rooms").rglob("*.jpg"))
    for i in range(900):
        put(photos / f"{i % 7}" / f"{i}.jpg", samples[i % len(samples)].read_bytes())
    before = contents(photos)
    for kill, more in ((signal.SIGKILL, 1), (signal.SIGINT, 200)):
        process = start(photos, to, saved, "--move", "--sure", "0.5")
        enough = len(placed(to)) + more
        while process.poll() is None and len(placed(to)) < enough:
            time.sleep(0.005)
        process.send_signal(kill)
        out, err = process.communicate(timeout=60)
        check_nothing_is_lost(photos, to, before, "--move")
        assert process.returncode == (130 if kill == signal.SIGINT else -kill)
        assert not out
    last = err.splitlines()[-1]  # before it, Keras may say that this model was never trained
    assert last == "Stopped: run the same command again, and it goes on from here."
    assert 200 < len(placed(to)) < 900
    process = start(photos, to, saved, "--move", "--sure", "0.5", "--progress")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    check_all_is_done(photos, to, before, "--move")
    assert re.search(r"\d+/\d+ \[\d\d:\d\d<\d\d:\d\d, +[\d.]+ photos/s\]", err)
    assert "Moved" in out


def test_the_command_line_is_told_what_is_wrong(tmp_path):
    asked = subprocess.run(
        [sys.executable, "-m", "apps.organise", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert asked.returncode == 0
    assert "one in five is wrong" in " ".join(asked.stdout.split())
    process = start(tmp_path / "nowhere", tmp_path / "sorted", __file__)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert err == f"organise: {tmp_path / 'nowhere'} is not a folder: check the path.\n"
    with pytest.raises(SystemExit):
        organise.arguments(["x", "--to", "y", "--sure", "1.5"])


HOSTILE = "<img src=x onerror=alert(1)> & \"'#%41?.png"


class Reader(HTMLParser):
    """Collects what a page holds."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.images, self.links = Counter(), [], []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.images += [dict(attrs)] if tag == "img" else []
        self.links += [dict(attrs)["href"]] if tag == "a" else []


def test_the_contact_sheet_shows_every_photo_once_and_leads_to_it(photos, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "PAGE", 2)
    put(photos / HOSTILE, grey(12))
    put(photos / os.fsdecode(b"odd\xff\n\xe2\x80\xae.png"), grey(240))
    to = tmp_path / "sorted"
    sort(photos, to)
    index = Reader(to / SHEET / "index.html")
    pages = [Reader(to / SHEET / link) for link in index.links if link != f"../{TABLE}"]
    assert len(pages) == len(list((to / SHEET).iterdir())) - 1 == 5
    found = [link for page in pages for link in page.links if link.startswith("../")]
    targets = [os.fsdecode(unquote(link, errors="surrogateescape"))[3:] for link in found]
    assert sorted(targets) == placed(to)
    assert len(set(targets)) == 8
    for page in (index, *pages):
        assert not page.tags["script"]
        assert page.tags["html"] == page.tags["h1"] == page.tags["main"] == 1
        inner = [link for link in page.links if not link.startswith("../")]
        assert all((to / SHEET / link).exists() for link in inner)
    images = [image for page in pages for image in page.images]
    assert len(images) == 7
    for image in images:
        content = base64.b64decode(image["src"].removeprefix("data:image/jpeg;base64,"))
        assert Image.open(io.BytesIO(content)).size == (24, 24)
        assert image["alt"].startswith("Open ")
        assert image["alt"].isprintable()
    assert f"Open {HOSTILE}" in [image["alt"] for image in images]


def test_the_table_says_what_was_decided(photos, tmp_path):
    sort(photos, tmp_path / "sorted", "--sure", "0.95")
    table = list(csv.DictReader((tmp_path / "sorted" / TABLE).open(encoding="utf-8-sig")))
    rows = {row["target"]: row for row in table}
    assert rows["messy/IMG_1.png"] == {
        "file": str(photos / "b" / "IMG_1.png"),
        "target": "messy/IMG_1.png",
        "label": "messy",
        "confidence": "0.980392",
        "p(clean)": "0.019608",
        "p(messy)": "0.980392",
        "note": "",
    }
    broken = rows["unreadable/broken.jpg"]
    assert broken["note"].startswith("broken.jpg is not an image")
    assert broken["label"] == broken["confidence"] == broken["p(clean)"] == ""


@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: the sheet goes unseen")
def test_the_contact_sheet_in_a_browser(photos, tmp_path):
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    put(photos / HOSTILE, grey(12))
    sort(photos, tmp_path / "sorted")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto((tmp_path / "sorted" / SHEET / "index.html").as_uri())
        assert not axe.Axe().run(page).response["violations"]
        page.get_by_role("link", name="clean 1 to 4").click()
        assert not axe.Axe().run(page).response["violations"]
        drawn = "images => images.filter(i => i.naturalWidth > 0).length"
        assert page.locator("img").evaluate_all(drawn) == 4
        page.get_by_role("link", name=f"Open {HOSTILE}").click()
        assert page.locator("img").evaluate("image => image.naturalWidth") == 24
        browser.close()
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]
    assert not said
