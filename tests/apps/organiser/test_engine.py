"""An engine's workers read and answer; what the organiser promises does not hang on them."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from organising import (
    check_all_is_done,
    check_nothing_is_lost,
    contents,
    grey,
    leftovers,
    put,
    sort,
    sorted_photos,
    state,
)
from pictures import ROOT

from apps.organiser import engine
from apps.organiser.content import model_digest
from apps.organiser.engine import LOST, in_order
from apps.organiser.read import BATCH, ahead
from apps.organiser.records import Photo, Reading
from helpers import CourseError
from helpers.data import SAMPLES

with_ray = pytest.mark.skipif(
    find_spec("ray") is None, reason=f"Ray is not installed: pip install {engine.PACKAGE}"
)


class Workers:
    """Stand in for workers: some photos kill them, a number of times or for ever."""

    def __init__(self, deadly=()):
        self.deadly = dict(deadly)
        self.asked, self.waiting, self.most = [], 0, 0

    def __call__(self, photos):
        names = [photo.path.name for photo in photos]
        self.asked.append(names)
        self.waiting += 1
        self.most = max(self.most, self.waiting)

        def wait():
            self.waiting -= 1
            for name in names:
                if self.deadly.get(name, 0) > 0:
                    self.deadly[name] -= 1
                    return None
            return [Reading(photo, row=np.ones(2)) for photo in photos]

        return wait


def numbered(number):
    return [Photo(Path(f"/photos/{i}"), 1, 1) for i in range(number)]


def told(readings):
    return [(reading.photo.path.name, reading.stays) for reading in readings]


def test_answers_come_in_order_and_few_batches_wait():
    workers = Workers()
    assert told(in_order(numbered(5 * BATCH + 3), workers, 3)) == [
        (str(i), "") for i in range(5 * BATCH + 3)
    ]
    assert workers.most == 3
    assert len(workers.asked) == 6


def test_a_worker_that_dies_costs_its_batch_which_is_read_again_photo_by_photo():
    workers = Workers({"40": 1})
    assert told(in_order(numbered(3 * BATCH), workers, 2)) == [
        (str(i), "") for i in range(3 * BATCH)
    ]
    again = [names for names in workers.asked if len(names) == 1]
    assert again == [[str(i)] for i in range(BATCH, 2 * BATCH)]


def test_a_photo_that_costs_two_workers_their_lives_stays_and_the_others_do_not():
    workers = Workers({"40": 99})
    readings = dict(told(in_order(numbered(3 * BATCH), workers, 2)))
    assert readings.pop("40") == "/photos/40 cost two workers their lives unread"
    assert set(readings.values()) == {""} and len(readings) == 3 * BATCH - 1
    assert workers.asked.count(["40"]) == 1


def test_where_every_worker_dies_a_run_gives_up_instead_of_naming_a_million():
    workers = Workers({str(i): 99 for i in range(9 * BATCH)})
    with pytest.raises(CourseError, match=f"the last {LOST} photos have cost two each"):
        list(in_order(numbered(9 * BATCH), workers, 2))
    one_in_two = Workers({str(i): 99 for i in range(0, 9 * BATCH, 2)})
    assert len(list(in_order(numbered(9 * BATCH), one_in_two, 2))) == 9 * BATCH


def test_an_engine_that_is_not_there_ends_in_a_sentence(photos, tmp_path, monkeypatch):
    with pytest.raises(CourseError, match="add --engine ray"):
        sort(photos, tmp_path / "sorted", "--address", "127.0.0.1:6379")
    monkeypatch.setattr(engine, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match="--engine ray needs Ray: run .*pip install"):
        sort(photos, tmp_path / "sorted", "--engine", "ray")
    assert not (tmp_path / "sorted").exists()


def found(photos):
    """Return photos as the organiser finds them."""
    facts = [(path, path.stat()) for path in sorted(photos.rglob("*.*"))]
    return [Photo(path, fact.st_size, fact.st_mtime_ns) for path, fact in facts]


def test_a_worker_says_what_the_organiser_itself_would(saved, photos):
    from apps.organiser.worker import answer
    from apps.predictor import Predictor

    predictor = Predictor(saved)
    known = found(photos)
    expected = list(ahead(known, predictor.classifier.size, predictor.classifier.fit))
    images = [reading.pixels for reading in expected if reading.pixels is not None]
    rows = iter(predictor.probabilities(np.stack(images)))
    answers = answer(known, photos, saved, model_digest(saved))
    for one, other in zip(answers, expected, strict=True):
        assert one.pixels is None
        assert (one.photo, one.note, one.thumbnail) == (other.photo, other.note, other.thumbnail)
        assert (one.row is None) == (other.pixels is None)
        assert one.row is None or (one.row == next(rows)).all()
    assert sum(bool(one.note) for one in answers) == 1


def test_a_worker_that_sees_other_files_says_so(saved, photos, tmp_path):
    from apps.organiser.worker import answer

    known = found(photos)
    digest = model_digest(saved)
    with pytest.raises(CourseError, match="does not see .*elsewhere"):
        answer(known, tmp_path / "elsewhere", saved, digest)
    with pytest.raises(CourseError, match="finds another model"):
        answer(known, photos, put(tmp_path / "other.keras", b"another"), digest)
    known[0].path.write_bytes(grey(10, (99, 99)))
    known[1].path.unlink()
    first, second, *rest = answer(known, photos, saved, digest)
    assert "has changed since it was found" in first.stays
    assert "cannot be read (No such file" in second.stays
    assert not any(reading.stays for reading in rest)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    """A tree of sample photographs, with broken ones and namesakes among them."""
    if not SAMPLES.is_dir():
        pytest.skip("the sample photographs are not there")
    home = tmp_path_factory.mktemp("tree") / "photos"
    samples = sorted((SAMPLES / "rooms" / "train").rglob("*.jpg"))
    for i in range(150):
        content = samples[i % len(samples)].read_bytes()
        put(home / f"{i % 7}" / f"IMG_{i // 7}.jpg", content[: 900 if i % 31 == 0 else None])
    put(home / "3" / "notes.png", b"no image")
    put(home / "3" / "IMG_1.xmp", b"a note")
    return home


def start(photos, to, model, *options):
    command = [sys.executable, "-m", "apps.organiser", str(photos), "--to", str(to)]
    command += ["--model", str(model), "--sure", "0.535", *options]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run(*given):
    process = start(*given)
    out, err = process.communicate(timeout=280)
    assert process.returncode == 0, err
    return out


def ledger(to):
    with contextlib.closing(sqlite3.connect(to / ".organise.db")) as db:
        return db.execute("SELECT * FROM photos ORDER BY id").fetchall()


def below(pid):
    """Return the processes that a process has started, and those that they have."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    found = {pid}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def title(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def listening(pids):
    """Return the addresses on which processes listen, in the kernel's digits."""
    sockets = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            for handle in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):
                    sockets.add(str(handle.readlink()))
    lines = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    rows = [line.split() for line in lines.splitlines() if ":" in line]
    return {r[1].split(":")[0] for r in rows if r[3] == "0A" and f"socket:[{r[9]}]" in sockets}


@with_ray
def test_with_ray_the_same_tree_and_the_same_ledger(saved, rooms, tmp_path):
    said = run(rooms, tmp_path / "one", saved)
    before = state(tmp_path)
    plan = run(rooms, tmp_path / "planned", saved, "--engine", "ray", "--dry-run")
    assert state(tmp_path) == before
    assert run(rooms, tmp_path / "other", saved, "--engine", "ray") == said.replace(
        f"{tmp_path}/one", f"{tmp_path}/other"
    )
    assert ledger(tmp_path / "other") == ledger(tmp_path / "one")
    assert contents(tmp_path / "other") == contents(rooms)
    assert sorted_photos(tmp_path / "other") == sorted_photos(tmp_path / "one")
    folders = {name.partition("/")[0] for name in sorted_photos(tmp_path / "one")}
    assert folders == {"messy", "unreadable", "unsure"}, "the tree is too easy"
    planned = re.findall(r"^/.*? -> (.*?\.\w+) \(", plan, re.MULTILINE)
    assert sorted(planned) == sorted_photos(tmp_path / "one")


LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}


@with_ray
def test_with_ray_a_worker_is_killed_and_then_the_run_is_told_to_end(saved, rooms, tmp_path):
    photos, to = tmp_path / "photos", tmp_path / "sorted"
    files = sorted(rooms.rglob("*.jpg"))
    for i in range(1500):
        put(photos / f"{i}.jpg", files[i % len(files)].read_bytes())
    before = contents(photos)
    process = start(photos, to, saved, "--move", "--engine", "ray")
    killed = None
    while process.poll() is None and len(sorted_photos(to)) < 300:
        family = below(process.pid)
        at_work = [pid for pid in family if title(pid).startswith(b"ray::answer")]
        if killed is None and at_work and len(sorted_photos(to)) > 50:
            killed = at_work[0]
            heard = listening(family)
            os.kill(killed, signal.SIGKILL)
        time.sleep(0.01)
    assert process.poll() is None and killed
    assert heard and heard <= LOOPBACK
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=180)
    check_nothing_is_lost(photos, to, before, "--move")
    assert (process.returncode, out) == (143, "")
    assert err.splitlines()[-1] == "Stopped: run the same command again, and it goes on from here."
    assert "unread" not in err and "Traceback" not in err
    assert 300 <= len(sorted_photos(to)) < 1500
    time.sleep(1)
    assert not [pid for pid in family if title(pid)], "Ray goes on without the organiser"
    run(photos, to, saved, "--move")
    check_all_is_done(photos, to, before, "--move")
    assert not leftovers(to)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "no.host.invalid", "h:x"])
def test_where_no_cluster_listens_a_sentence_says_so(address):
    with pytest.raises(CourseError, match="Nobody answers at .*give another --address"):
        engine.reached(address)


def test_an_address_gets_the_port_that_is_usual(monkeypatch):
    asked = []

    def connect(where, timeout):
        asked.append(where)
        return contextlib.ExitStack()

    monkeypatch.setattr(socket, "create_connection", connect)
    assert engine.reached("ray://head") == "ray://head:10001"
    assert engine.reached("head") == "head:6379"
    assert engine.reached("head:7") == "head:7"
    assert asked == [("head", 10001), ("head", 6379), ("head", 7)]


def test_ray_may_fail_to_start_twice_and_then_a_sentence_says_why():
    def init():
        tried.append(1)
        if len(tried) < enough:
            raise Exception("the GCS is\noverloaded")

    stand_in = SimpleNamespace(shutdown=lambda: ended.append(1))
    tried, ended, enough = [], [], 3
    engine._begin(init, stand_in)
    assert (len(tried), len(ended)) == (3, 2)
    tried, ended, enough = [], [], 9
    with pytest.raises(CourseError, match=r"cannot be used \(the GCS is\): put that right"):
        engine._begin(init, stand_in)
    assert (len(tried), len(ended)) == (3, 3)


def free_ports(number):
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [each.getsockname()[1] for each in taken]


@pytest.fixture
def head(tmp_path):
    """The head of a cluster that knows nothing of the course; yields its two addresses."""
    port, clients = free_ports(2)
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block"]
    command += ["--node-ip-address=127.0.0.1", f"--port={port}", "--include-dashboard=false"]
    command += [f"--ray-client-server-port={clients}", "--num-cpus=2", "--disable-usage-stats"]
    room = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True) as home:
        command.append(f"--temp-dir={home}")
        kept = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "disabled"}
        process = subprocess.Popen(
            command, cwd=tmp_path, env=room | kept, stdout=subprocess.DEVNULL
        )
        try:
            for _ in range(1200):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", clients)):
                    break
                time.sleep(0.1)
            yield f"127.0.0.1:{port}", f"ray://127.0.0.1:{clients}"
        finally:
            process.terminate()
            process.wait(60)


@with_ray
def test_with_ray_a_cluster_gets_the_code_and_gives_the_same(
    saved, rooms, tmp_path, head, monkeypatch
):
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    run(rooms, tmp_path / "one", saved)
    for number, address in enumerate(head):
        to = tmp_path / str(number)
        run(rooms, to, saved, "--engine", "ray", "--address", address)
        assert ledger(to) == ledger(tmp_path / "one"), address
