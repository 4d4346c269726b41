"""A stand-in for a model, folders of photos, and runs of the organiser that are killed."""

import contextlib
import csv
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections import Counter, namedtuple
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from pictures import encoded

if os.name != "posix":
    pytest.skip("what is tested here is how POSIX systems keep files", allow_module_level=True)
pytest.importorskip("tqdm", reason="what the organiser needs is not installed: make apps")
pytest.importorskip("jinja2", reason="what the organiser needs is not installed: make apps")

from apps.organiser import read
from apps.organiser.cli import main
from apps.organiser.ledger import Ledger
from apps.organiser.names import LEDGER, SHEET, TABLE

Answer = namedtuple("Answer", "label confidence probabilities")
CLASSES = ("clean", "messy")
MEMORY = Path("/dev/shm")  # a file system in memory, where there is one
# The stand-in's file: one that every user may read, wherever the course was cloned to.
MODEL_FILE = os.devnull
# A fork server starts processes from one without TensorFlow, which would not survive a fork.
FORKS = multiprocessing.get_context("forkserver")


class Brightness:
    """Stands in for a model where no answer matters: the brighter, the surer it is messy."""

    def __init__(self, names=CLASSES):
        self.classifier = SimpleNamespace(size=(8, 8), fit="cut", class_names=names, say=self.say)

    def probabilities(self, images):
        bright = images.mean(axis=(1, 2, 3)) / 255
        return np.stack([1 - bright, bright], axis=1)

    def say(self, p):
        names = self.classifier.class_names
        return Answer(names[p.argmax()], float(p.max()), dict(zip(names, p.tolist(), strict=True)))


def sort(photos, to, *options, model=None):
    """Run the organiser in this process, with the stand-in; return its status."""
    given = [str(photos), "--to", str(to), "--model", MODEL_FILE, *options]
    return main(given, lambda path: model or Brightness())


def grey(value, size=(24, 24), **options):
    return encoded(np.full((*size, 3), value, np.uint8), **options)


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def contents(folder):
    """Count the contents of the photos below a folder."""
    hidden = (LEDGER, ".organise-", ".photos.")  # the ledger, and what is not whole yet
    files = [f for f in Path(folder).rglob("*") if f.is_file() and not f.name.startswith(hidden)]
    return Counter(f.read_bytes() for f in files if SHEET not in f.parts and f.name != TABLE)


def sorted_photos(to):
    """List the photos in the sorted folder, as paths from there."""
    files = [f.relative_to(to) for f in Path(to).rglob("*") if not f.is_dir()]
    return sorted(str(f) for f in files if len(f.parts) == 2 and f.parts[0] != SHEET)


def leftovers(to):
    return [str(f) for f in Path(to).rglob(".*.part*")]


def state(folder):
    """Return everything below a folder, with contents and times."""
    return {
        str(f.relative_to(folder)): (f.lstat().st_mtime_ns, f.is_file() and f.read_bytes())
        for f in Path(folder).rglob("*")
    }


def undone(to, name="so so.png"):
    """Leave a row as a run does that is killed before it notes that a photo is in its place."""
    with contextlib.closing(Ledger(to)) as kept:
        kept.db.execute("UPDATE photos SET done = 0 WHERE target = ?", (os.fsencode(name),))
        kept.commit()
        return kept.pending()[0]


def other_disk(folder):
    """Return a new folder on a file system other than this folder's."""
    for place in (MEMORY, Path(tempfile.gettempdir())):
        if os.access(place, os.W_OK) and place.stat().st_dev != folder.stat().st_dev:
            return Path(tempfile.mkdtemp(dir=place))
    pytest.skip("there is no second file system to move to")


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
        shutil.copystat = self.around(shutil.copystat)
        shutil.copyfileobj = self.halves
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
    read.BATCH = 2  # several batches, so that deciding overlaps placing
    read.AHEAD = 4
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
    assert sorted(row["target"] for row in rows) == sorted_photos(to)
    assert len({row["file"] for row in rows}) == len(rows) == before.total()
    assert (to / SHEET / "index.html").exists()
