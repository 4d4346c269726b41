"""The web app as tests meet it: in this process, and as a server in a process of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
import types
import urllib.parse
from pathlib import Path

import pytest
from pictures import ROOT, encoded, picture
from rawhttp import ask, form

PHOTO = encoded(picture(1), "JPEG")


@pytest.fixture(scope="module")
def predictor(saved):
    from apps.predictor import Predictor

    return Predictor(saved)


@pytest.fixture(scope="module")
def live(saved, tmp_path_factory):
    home = tmp_path_factory.mktemp("live")
    (home / "tmp").mkdir()
    (home / "cwd").mkdir()
    command = [sys.executable, "-m", "apps.web", "--model", str(saved), "--port", "0"]
    command += ["--rate", "1000000 per minute", "--proxy", "127.0.0.1"]
    env = os.environ | {"TMPDIR": str(home / "tmp"), "PYTHONPATH": str(ROOT)}
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=home / "cwd", env=env, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        ready = process.stdout.readline()
        assert ready.startswith("Ready: "), (home / "log").read_text()
        port = urllib.parse.urlsplit(ready.split()[-1]).port
        here = types.SimpleNamespace(port=port, process=process, home=home)
        here.files = lambda: {p for d in ("tmp", "cwd") for p in (home / d).rglob("*")}
        here.stalled = [half_a_request(port) for _ in range(50)]
        here.usual = max(wait for _ in range(20) for wait in waits(port))
        yield here
        for connection in here.stalled:
            connection.close()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def half_a_request(port):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(b"POST /api/predict HTTP/1.1\r\nHost: a\r\nContent-Le")
    return connection


def waits(port):
    """Return the seconds that /health and a good prediction took."""
    for method, path, body in (
        ("GET", "/health", None),
        ("POST", "/api/predict", form((PHOTO, "a.jpg"))),
    ):
        start = time.perf_counter()
        status, said = ask(port, method, path, body)
        assert status == 200 and (b'"ok"' in said or b'"label"' in said)
        yield time.perf_counter() - start


@pytest.fixture
def others(live):
    """Other clients, who ask all the time: they must not wait, and nothing may be left behind."""
    memory = memory_of(live.process)
    there = live.files()
    waited, late, left, failed, over = [], [0.0], [], [], threading.Event()

    def watch():
        try:
            while not over.is_set():
                waited.extend(waits(live.port))
                left.extend(live.files() - there)
        except Exception as error:
            failed.append(error)

    def doze():
        """Note by how much a short sleep is late: so long this machine lets nobody work."""
        while not over.is_set():
            start = time.perf_counter()
            time.sleep(0.02)
            late.append(time.perf_counter() - start - 0.02)

    threads = [threading.Thread(target=work) for work in (watch, doze)]
    for thread in threads:
        thread.start()
    yield live
    over.set()
    for thread in threads:
        thread.join(60)
    assert not failed, failed
    usual = live.usual + max(late)
    assert waited and max(waited) < usual + 1, f"{max(waited)} s, else {usual} s"
    assert not left, left
    assert live.process.poll() is None
    assert "Traceback" not in (live.home / "log").read_text()
    assert memory_of(live.process) < memory + 600e6, "something of it is still in memory"


def memory_of(process):
    """Return how many bytes a process holds; 0 where the system does not tell."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * 4096
    return 0
