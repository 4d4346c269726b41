"""Many clients at once, slow ones, and an end while something is answered."""

import contextlib
import http.client
import json
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from pictures import ROOT, encoded, picture
from rawhttp import POST, ask, form

pytest.importorskip("flask", reason="what the apps need is not installed")

from flask import Flask, g
from waitress.task import ThreadedTaskDispatcher

from apps.web import decoders
from apps.web.decoders import decoder, is_small
from apps.web.lanes import Lanes

PHOTO = encoded(picture(1), "JPEG")
# A server without a model: /health says so at once, a POST takes the seconds that its body says.
SLOW = """
import sys, time, flask, apps.web.front as front
for given in sys.argv[1:]:
    name, value = given.split("=")
    setattr(front, name, float(value))
app = flask.Flask("slow")
app.add_url_rule("/health", "health", lambda: "ok")
app.add_url_rule("/large", "large", lambda: "x" * 10_000_000)
slow = lambda: (time.sleep(float(flask.request.get_data())), "answered")[1]
app.add_url_rule("/api/predict", "slow", slow, methods=["POST"])
here = front.listen("127.0.0.1", 0)
print(here.getsockname()[1], flush=True)
front.serve(app, here)
print("ended", flush=True)
"""


@contextlib.contextmanager
def server(**constants):
    command = [sys.executable, "-c", SLOW, *(f"{name}={v}" for name, v in constants.items())]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def connect(port, source):
    return socket.create_connection(("127.0.0.1", port), 60, source_address=(source, 0))


def healthy(port, source="127.0.0.1"):
    """Return the seconds until /health has answered."""
    start = time.monotonic()
    with contextlib.closing(connect(port, source)) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert (answer.status, answer.read()) == (200, b"ok")
    return time.monotonic() - start


@pytest.mark.skipif(sys.platform == "darwin", reason="only 127.0.0.1 is loopback there")
def test_slow_connections_of_one_address_keep_nobody_waiting():
    """150 that send a byte now and then, and as many that come back when they are closed."""
    with server() as (_, port):
        slow = [connect(port, "127.0.0.2") for _ in range(150)]
        over = threading.Event()

        def trickle():
            while not over.is_set():
                for number, connection in enumerate(slow):
                    try:
                        connection.sendall(b"G")
                    except OSError:
                        connection.close()
                        slow[number] = connect(port, "127.0.0.2")
                over.wait(0.1)

        worker = threading.Thread(target=trickle)
        worker.start()
        try:
            for source in ("127.0.0.1", "127.0.0.3", "127.0.0.2") * 3:
                assert healthy(port, source) < 2, source
                time.sleep(0.1)
        finally:
            over.set()
            worker.join(30)
            for connection in slow:
                connection.close()


@pytest.mark.skipif(sys.platform == "darwin", reason="only 127.0.0.1 is loopback there")
def test_where_all_places_are_taken_whoever_has_most_loses_one():
    with server(OF_ALL=20, OF_ADDRESS=15) as (_, port):
        early = connect(port, "127.0.0.3")
        early.sendall(b"GET /health HT")
        time.sleep(0.3)
        crowd = [connect(port, f"127.0.0.{4 + number % 2}") for number in range(40)]
        assert healthy(port) < 2
        early.sendall(b"TP/1.1\r\nHost: a\r\n\r\n")  # it was not closed for them
        assert early.recv(100).startswith(b"HTTP/1.1 200")
        for connection in (early, *crowd):
            connection.close()


def test_sixty_four_connections_of_one_address_are_kept():
    with server() as (_, port):
        kept = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(64)]
        for _ in range(2):
            for connection in kept:
                connection.request("GET", "/health")
                assert connection.getresponse().read() == b"ok"
        for connection in kept:
            connection.close()


def test_a_client_that_does_not_take_its_answer_is_cut_off():
    with server(ANSWER_SECONDS=1) as (_, port):
        with contextlib.closing(socket.socket()) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", port))
            connection.settimeout(30)
            connection.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            taken = 0
            start = time.monotonic()
            with contextlib.suppress(ConnectionError):
                while time.monotonic() < start + 20:
                    piece = connection.recv(1000)
                    taken += len(piece)
                    if not piece:
                        break
                    time.sleep(0.05 if time.monotonic() < start + 4 else 0)
            assert taken < 10_000_000 and time.monotonic() < start + 20
        assert healthy(port) < 2


def test_what_waits_for_a_thread_does_so_for_a_bounded_time():
    with server(WAIT_SECONDS=0.5) as (_, port), ThreadPoolExecutor(40) as pool:
        asked = [pool.submit(ask, port, "POST", "/api/predict", b"1.5") for _ in range(20)]
        time.sleep(0.5)
        assert healthy(port) < 1, "the page waits behind what carries photos"
        answers = [future.result() for future in asked]
    assert [status for status, _ in answers].count(200) == 16
    for status, said in answers:
        if status != 200:
            assert status == 503 and json.loads(said)["error"]["message"].endswith("seconds.")


def test_a_request_that_a_thread_takes_at_once_has_not_waited(monkeypatch):
    """Since when it waits must be known before a thread may take it, not after."""
    taken = []
    task = SimpleNamespace(queued=0.0, service=lambda: taken.append(task.queued))
    monkeypatch.setattr(ThreadedTaskDispatcher, "add_task", lambda _, task: task.service())
    lanes = Lanes()
    start = time.monotonic()
    for command in ("POST", "GET"):
        task.requests = [SimpleNamespace(command=command)]
        lanes.add_task(task)
    lanes.shutdown()
    assert len(taken) == 2 and min(taken) >= start


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_what_is_being_answered_when_it_ends_gets_its_answer(sign):
    """Two for some seconds, and more than there are threads: those wait for one."""
    with server() as (process, port), ThreadPoolExecutor(40) as pool:
        asked = [pool.submit(ask, port, "POST", "/api/predict", b"1.5") for _ in range(18)]
        time.sleep(1)
        process.send_signal(sign)
        time.sleep(0.1)
        if sign == signal.SIGTERM:
            process.send_signal(sign)  # as `timeout` does
        assert [future.result() for future in asked] == [(200, b"answered")] * 18
        assert process.wait(60) == 0
        assert process.stdout.read() == "ended\n" and "Traceback" not in process.stderr.read()


# ---- decoders


def progressive(scans):
    """Return a JPEG of a million pixels with many scans; it is only looked at."""
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 11, 8, 1000, 1000, 1) + b"\1\x11\0"
    return b"\xff\xd8" + frame + b"\xff\xda\0\x08\1\1\0\1\x3f\0" * scans


def test_small_photos_are_told_by_their_header():
    assert is_small(PHOTO) and is_small(encoded(picture(1)))
    assert is_small(progressive(2)) and not is_small(progressive(3))
    large = (
        encoded(np.zeros((1500, 1500, 3), np.uint8), "JPEG"),
        encoded(np.zeros((1500, 1500)) > 0),
    )
    assert len(large[1]) < 5000
    others = [
        encoded(picture(1), "TIFF"),
        PHOTO[:3],
        b"\xff\xd8" * 300,
        b"\xff\xd8\xff\xe0\0\0" * 99,
    ]
    for data in (*large, *others, b"", PHOTO + b"\0" * 600_000):
        assert not is_small(data), data[:20]


@contextlib.contextmanager
def asking():
    """Stand in a request."""
    with Flask("asking").test_request_context("/"):
        yield


def test_a_large_photo_waits_so_long_and_a_small_one_passes_it(monkeypatch):
    monkeypatch.setattr(decoders, "WAIT_SECONDS", 0.3)
    with asking(), decoder(b"large"), decoder(b"large"):
        with decoder(PHOTO):
            assert g.waited < 0.2
        start = time.monotonic()
        with pytest.raises(decoders.ServiceUnavailable) as caught, decoder(b"large"):
            pass
        assert 0.1 < time.monotonic() - start < 2 and caught.value.retry_after == 0.3
        with pytest.raises(decoders.ServiceUnavailable), decoder(b"large"):
            pass
        assert g.waited < 0.5, "its waits are counted together"
    with asking(), decoder(b"large"), decoder(b"large"):
        pass


def test_only_so_many_requests_wait(monkeypatch):
    monkeypatch.setattr(decoders, "patience", threading.BoundedSemaphore(2))
    with asking(), decoder(b"large"), decoder(b"large"):
        start = time.monotonic()
        with pytest.raises(decoders.ServiceUnavailable), decoder(b"large"):
            pass
        assert time.monotonic() - start < decoders.WAIT_SECONDS / 2
    with asking(), decoder(b"large"):
        pass


def deep(side):
    """Return a 16-bit PNG of nothing, which takes about a second to open at 5000 pixels."""
    packed = zlib.compress(bytes((2 * side + 1) * side), 1)
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 16, 0, 0, 0, 0)),
        (b"IDAT", packed),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def test_others_are_answered_while_costly_photos_are_opened(others):
    """Sixteen bodies of sixteen each: they are answered, or told to come again."""
    body = form(*[(deep(2500), f"{number}.png") for number in range(4)])
    with ThreadPoolExecutor(16) as pool:
        asked = [pool.submit(ask, others.port, "POST", "/api/predict", body) for _ in range(16)]
        answers = [future.result() for future in asked]
    assert {status for status, _ in answers} == {200, 503}
    for status, said in answers:
        if status == 503:
            assert re.fullmatch(r"[A-Z].*\.", json.loads(said)["error"]["message"])


def test_the_command_ends_on_sigterm(live):
    """The last of this module: it ends the server."""
    with socket.create_connection(("127.0.0.1", live.port)) as half:
        half.sendall(POST)
        live.process.send_signal(signal.SIGTERM)
        assert live.process.wait(60) == 0
    log = (live.home / "log").read_text()
    assert "Traceback" not in log and not live.files()
