"""No request to the running server, however hostile, harms it or others."""

import contextlib
import http.client
import json
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import zlib

import numpy as np
import pytest
from pictures import ROOT, encoded, picture
from rawhttp import POST, ask, form, post, raw

pytest.importorskip("flask", reason="what the apps need is not installed")

from apps.web.front import LIMITS, MAX_BODY

PHOTO = encoded(picture(1), "JPEG")
URLENCODED = "application/x-www-form-urlencoded"


def png(width, height, rows):
    """Return a PNG of black and white that is a thousand times larger unpacked."""
    packer = zlib.compressobj(1)
    row = b"\0" * (1 + (width + 7) // 8)
    packed = b"".join(packer.compress(row * 1000) for _ in range(rows // 1000)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", packed), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def gif(width, height):
    small = bytearray(encoded(np.zeros((9, 9), np.uint8), "GIF"))
    small[6:10] = struct.pack("<HH", width, height)
    frame = small.index(b",")
    small[frame + 5 : frame + 9] = struct.pack("<HH", width, height)
    return bytes(small)


def tiff(width, height):
    packed = zlib.compress(b"\0" * 100_000)
    tags = {256: width, 257: height, 258: 8, 259: 8, 262: 1, 273: 122, 277: 1, 278: height}
    entries = b"".join(
        struct.pack("<HHII", t, 4, 1, v) for t, v in (tags | {279: len(packed)}).items()
    )
    return b"II*\0" + struct.pack("<IH", 8, 9) + entries + b"\0\0\0\0" + packed


def webp(width, height):
    bits = 0x2F | (width - 1) << 8 | (height - 1) << 22
    chunk = b"VP8L" + struct.pack("<I", 1000) + struct.pack("<Q", bits)[:5] + b"\0" * 995
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
IMAGES = {
    "broken.png": lambda: encoded(picture(1))[:-300],
    "cut.jpg": lambda: PHOTO[:200],
    "bomb.png": lambda: png(60_000, 60_000, 60_000),
    "bomb.gif": lambda: gif(65_535, 65_535),
    "bomb.tif": lambda: tiff(60_000, 60_000),
    "bomb.webp": lambda: webp(16_383, 16_383),
    "script.png": lambda: b"#!/bin/sh\nrm -rf /\n",
    "script.svg": lambda: SVG,
    "empty.jpg": lambda: b"",
    "zeros.jpg": lambda: b"\0" * 10_000_000,
}


@pytest.mark.parametrize("name", IMAGES)
def test_a_hostile_image_gets_its_sentence(others, name):
    status, said = ask(others.port, "POST", "/api/predict", form((IMAGES[name](), name)))
    answer = json.loads(said)["answers"][0]
    assert status == 200 and set(answer) == {"name", "error"}
    assert answer["error"].startswith(f"{name} ") and answer["error"].endswith(".")
    if "bomb" in name and "webp" not in name:
        assert "more than 25 million" in answer["error"]


def test_the_slowest_images_that_are_let_in(others):
    slow = encoded(np.zeros((5000, 5000), np.uint16)), "deep.png"
    status, said = ask(others.port, "POST", "/api/predict", form(slow, slow))
    assert status == 200 and said.count(b'"label"') == 2


PIECE = b"\0" * 100_000
CHUNK = b"%x\r\n%b\r\n" % (len(PIECE), PIECE)
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
REQUESTS = {
    "no files": (400, lambda p: ask(p, "POST", "/api/predict", form())),
    "no body": (400, lambda p: ask(p, "POST", "/api/predict")),
    "cut off": (400, lambda p: ask(p, "POST", "/api/predict", form((PHOTO, "a"), close=b"")[:-20])),
    "no boundary": (400, lambda p: ask(p, "POST", "/api/predict", form(), "multipart/form-data")),
    "no Unicode": (400, lambda p: post(p, form((PHOTO, b"\xff\xfe\xed\xa0\x80.png")))),
    "wrong type": (415, lambda p: ask(p, "POST", "/api/predict", PHOTO, "image/jpeg")),
    "20 MB of fields": (415, lambda p: ask(p, "POST", "/", b"a&" * (MAX_BODY // 2), URLENCODED)),
    "many parts": (413, lambda p: ask(p, "POST", "/api/predict", form(*[(b"", "a")] * 100_000))),
    "false boundaries": (413, lambda p: ask(p, "POST", "/api/predict", b"--x\r\n" * 3_000_000)),
    "half boundaries": (200, lambda p: post(p, form((b"\r\n-" * 5_000_000, "a")))),
    "1 GB": (413, lambda p: raw(p, POST + b"Content-Length: 1000000000\r\n\r\n", *[PIECE] * 9999)),
    "1 GB, asking first": (
        413,
        lambda p: raw(p, POST + b"Content-Length: 1000000000\r\nExpect: 100-continue\r\n\r\n"),
    ),
    "1 GB, in chunks": (411, lambda p: raw(p, CHUNKED, *[CHUNK] * 9999)),
    "1 GB, for the page": (413, lambda p: ask(p, "POST", "/", **{"Content-Length": "1000000000"})),
    "an endless chunk": (411, lambda p: raw(p, CHUNKED, *[b"1" * 100_000] * 9999)),
    "no chunk": (411, lambda p: raw(p, CHUNKED, b"zz\r\n\r\n")),
    "another coding": (501, lambda p: raw(p, POST + b"Transfer-Encoding: gzip\r\n\r\n")),
    "a long header": (431, lambda p: ask(p, "GET", "/health", Cookie="a" * 100_000)),
    "a length of 5000 digits": (
        400,
        lambda p: raw(p, POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n"),
    ),
    "half an address": (400, lambda p: raw(p, b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n")),
    "a bare line feed": (400, lambda p: raw(p, b"GET / HTTP/1.1\r\nX: a\nb\r\n\r\n")),
    "a bad length": (400, lambda p: raw(p, POST + b"Content-Length: -1\r\n\r\n")),
    "no request": (400, lambda p: raw(p, b"\x16\x03\x01\0\xa5 hello\r\n\r\n")),
    "another method": (405, lambda p: ask(p, "TRACE", "/api/predict")),
    "another path": (404, lambda p: ask(p, "GET", "/static/..%2f..%2ffront.py")),
}


def sentence_of(said):
    """Check that an answer's body is a structured error, and one sentence of the app's own."""
    error = json.loads(said)["error"]
    assert set(error) == {"code", "message"}
    assert re.fullmatch(r"[A-Z].*\.", error["message"])
    assert not re.search(r"max_header|The browser \(or proxy\)", error["message"])


@pytest.mark.parametrize("what", REQUESTS)
def test_a_hostile_request_gets_a_structured_answer(others, what):
    expected, send = REQUESTS[what]
    status, said, *number = send(others.port)
    assert status == expected
    if what in ("1 GB, for the page", "20 MB of fields"):
        assert b'role="alert"' in said
    elif status == 200:
        assert b'"error"' in said
    else:
        sentence_of(said)
    if number:
        assert number[0] < 2 * MAX_BODY, "it went on reading"


@pytest.mark.parametrize("host", ["a..b", ".", "xn--a", "a" * 64])
def test_a_host_that_is_none(live, host):
    logged = len((live.home / "log").read_text())
    for method in ("GET", "POST", "PUT"):
        status, said = ask(live.port, method, "/", Host=host)
        assert status == 400 and re.search(b'role="alert">[^<]+ Host [^<]+[.]</p>', said)
        for path in ("/health", "/api/predict", "/nothing"):
            status, said = ask(live.port, method, path, Host=host)
            assert status == 400
            sentence_of(said)
    log = (live.home / "log").read_text()[logged:]
    assert re.fullmatch(r"((GET|POST|PUT) /\S* 400 \d+ ms\n){12}", log)


@pytest.mark.parametrize("path", ["/api/predict", "/health", "/openapi.json"])
def test_the_statuses_of_the_front_door_are_described(live, path):
    described = json.loads(ask(live.port, "GET", "/openapi.json")[1])["paths"][path]
    (method,) = described
    start = f"{method.upper()} {path} HTTP/1.1\r\nHost: a".encode()
    for status, header in [
        (400, b"Content-Length: -1"),
        (411, b"Transfer-Encoding: chunked"),
        (431, b"Cookie: " + b"a" * 20_000),
        (501, b"Transfer-Encoding: gzip"),
    ]:
        assert raw(live.port, start + b"\r\n" + header + b"\r\n\r\n")[0] == status
        assert str(status) in described[method]["responses"]
    assert "500" in described[method]["responses"]


def test_a_request_that_never_ends_is_cut_off():
    """A byte now and then keeps no connection, and not what was sent, on the server's disk."""
    program = (
        "import flask, apps.web.front as s; s.REQUEST_SECONDS = 1; "
        "here = s.listen('127.0.0.1', 0); print(here.getsockname()[1], flush=True); "
        "s.serve(flask.Flask('slow'), here)"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = int(process.stdout.readline())
            idle = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            idle.request("GET", "/")
            assert idle.getresponse().read()
            with socket.create_connection(("127.0.0.1", port)) as slow:
                slow.sendall(POST + b"Content-Length: 1000000\r\n\r\n")
                over = time.monotonic() + 60
                with pytest.raises(ConnectionError):
                    while time.monotonic() < over:
                        slow.sendall(b"a")
                        time.sleep(0.1)
            idle.request("GET", "/")  # waiting for the next request is no crime
            assert idle.getresponse().status == 404
            idle.close()
        finally:
            process.kill()
    assert LIMITS["connection_limit"] * MAX_BODY <= 2e9, "so much of the disk"


@pytest.mark.parametrize("name", [b"../../etc/passwd", "../\u202e.png", b"n" * 10_000])
def test_a_hostile_name_of_a_good_photo(others, name):
    status, said = post(others.port, form((PHOTO, name)))
    answer = json.loads(said)["answers"][0]
    assert status == 200 and "label" in answer and len(answer["name"]) <= 80
    assert "/" not in answer["name"]


def test_a_client_that_goes_away(others):
    for cut in (30, 3000):
        with socket.create_connection(("127.0.0.1", others.port)) as connection:
            connection.sendall((POST + b"Content-Length: 9000\r\n\r\n" + PHOTO * 9)[: 100 + cut])
    assert post(others.port, form((PHOTO, "a.jpg")))[0] == 200


def test_all_is_as_described(others, tmp_path):
    """Schemathesis makes up requests by the description, good ones and bad ones."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", "--checks", "all", "--no-color"]
    command += [f"http://127.0.0.1:{others.port}/openapi.json", "--max-examples", "15"]
    command += ["--generation-deterministic", "--suppress-health-check", "all"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_behind_a_proxy_each_visitor_is_counted_apart(live):
    def left(address):
        connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", "/openapi.json", headers={"X-Forwarded-For": address})
            return int(connection.getresponse().headers["X-RateLimit-Remaining"])

    first = left("192.0.2.1")
    assert left("192.0.2.1") == first - 1
    assert left("192.0.2.2") == first


def test_a_port_in_use_ends_in_one_sentence(live):
    command = [sys.executable, "-m", "apps.web", "--port", str(live.port)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and not done.stdout
    assert done.stderr.startswith(f"web: port {live.port} of 127.0.0.1 is not to be had")
    assert len(done.stderr.splitlines()) == 1


def test_connections_that_stall_are_closed(live):
    for connection in live.stalled:
        connection.settimeout(40)
        assert connection.recv(1) == b""


def test_ctrl_c_ends_it_cleanly(live):
    live.process.send_signal(signal.SIGINT)
    assert live.process.wait(60) == 0
    log = (live.home / "log").read_text()
    assert "Traceback" not in log and "Error" not in log
    assert not live.files()
