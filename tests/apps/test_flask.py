"""The Flask app: what it answers, and that no request, however hostile, harms it or others."""

import contextlib
import http.client
import io
import json
import logging
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import types
import urllib.parse
import zlib
from pathlib import Path

import numpy as np
import pytest
from pictures import ROOT, encoded, picture
from PIL import Image

pytest.importorskip("flask", reason="what the apps need is not installed")

from apps import flask_app
from apps.flask_app import MAX_IMAGES, RATE, create_app
from apps.server import LIMITS, MAX_BODY
from helpers.data import SAMPLES

LIFTED = "1000000 per second"
PHOTO = encoded(picture(1), "JPEG")
URLENCODED = "application/x-www-form-urlencoded"
ODD_NAMES = {
    "../../etc/passwd": "passwd",
    "C:\\x.png": "x.png",
    "a\tb\x07.png": "a?b?.png",
    "<script>alert(1)</script>.png": "script>.png",
    "<img src=x onerror=alert(1)>": "<img src=x onerror=alert(1)>",
    "\u202egnp.exe": "?gnp.exe",
    "Küche 🛋.png": "Küche 🛋.png",
    "n" * 10_000: "n" * 80,
    "../": "image 1",
    "": "image 1",
}


@pytest.fixture(scope="module")
def served(saved):
    from apps.serving import Served

    return Served(saved)


@pytest.fixture
def client(served):
    return create_app(served, "rooms.keras", LIFTED).test_client()


def predict(client, *photos, **options):
    """Ask for bytes, or for (bytes, name)."""
    named = [p if isinstance(p, tuple) else (p, "room.jpg") for p in photos]
    images = [(io.BytesIO(content), name) for content, name in named]
    return client.post("/api/predict", data={"images": images}, **options)


def submit(client, *photos, token=None, **options):
    """Send the page's form as a browser does."""
    if token is None:
        token = re.search('name="csrf_token" value="(.+?)"', client.get("/", **options).text)[1]
    images = [(io.BytesIO(content), name) for content, name in photos]
    data = {"csrf_token": token, "images": images}
    return client.post("/", data=data, content_type="multipart/form-data", **options)


def error_of(response, status):
    """Check that an answer is a structured error in one sentence; return its code."""
    assert response.status_code == status
    assert response.content_type == "application/json"
    error = response.json["error"]
    assert set(error) == {"code", "message"}
    assert len(error["message"].splitlines()) == 1 and error["message"].endswith(".")
    return error["code"]


def odd_files():
    pixels = picture(3, (90, 120))
    image = Image.fromarray(pixels)
    files = {
        "rgb.jpg": encoded(pixels, "JPEG"),
        "alpha.png": encoded(np.dstack([pixels, np.full(pixels.shape[:2], 90, np.uint8)])),
        "grey.png": encoded(pixels[..., 0]),
        "deep.png": encoded(pixels[..., 0].astype(np.uint16) * 257),
        "float.tif": encoded(pixels[..., 0].astype(np.float32) / 255, "TIFF"),
        "webp.jpg": encoded(pixels, "WEBP"),
    }
    for name, kind, turned, options in [
        ("cmyk.jpg", "JPEG", image.convert("CMYK"), {}),
        ("palette.png", "PNG", image.quantize(8), {"transparency": 0}),
        *((f"turned{i}.jpg", "JPEG", image, {"exif": orientation(i)}) for i in range(1, 9)),
    ]:
        buffer = io.BytesIO()
        turned.save(buffer, kind, **options)
        files[name] = buffer.getvalue()
    return files


def orientation(number):
    exif = Image.Exif()
    exif[0x0112] = number
    return exif


def test_the_interface_answers_as_the_classifier_does(client, served):
    files = list(odd_files().items())
    assert len(files) == MAX_IMAGES
    answers = predict(client, *((content, name) for name, content in files)).json["answers"]
    assert [a["name"] for a in answers] == [name for name, _ in files]
    seen = set()
    for (name, content), answer in zip(files, answers, strict=True):
        expected = served.classifier.answer(content, name)
        assert answer["label"] == expected.label
        assert answer["confidence"] == pytest.approx(expected.confidence, abs=1e-6)
        assert answer["probabilities"] == pytest.approx(expected.probabilities, abs=1e-6)
        seen.add(round(answer["probabilities"]["messy"], 6))
    assert len(seen) > 8, "the files are too alike for the test to notice anything"


def test_good_and_bad_files_are_answered_in_order(client):
    bad = [(b"", "empty.png"), (b"#!/bin/sh\nrm -rf /\n", "script.png"), (PHOTO[:300], "cut.jpg")]
    answers = predict(client, (PHOTO, "a.jpg"), *bad, (PHOTO, "b.jpg")).json["answers"]
    assert [a["name"] for a in answers] == ["a.jpg", "empty.png", "script.png", "cut.jpg", "b.jpg"]
    assert [set(a) for a in answers[1:4]] == [{"name", "error"}] * 3
    for answer in answers[1:4]:
        assert answer["error"].startswith(answer["name"]) and answer["error"].endswith(".")
    assert answers[0]["probabilities"] == answers[4]["probabilities"]


@pytest.mark.parametrize("name", ODD_NAMES, ids=lambda name: ascii(name[:20]))
def test_a_name_is_only_ever_shown(client, name):
    # Names are sent raw, because a client library would clean them, but for HTTP's own escapes.
    raw = name.replace("\\", "\\\\")
    part = f'Content-Disposition: form-data; name="images"; filename="{raw}"\r\n\r\n'
    sent = b"--x\r\n" + part.encode() + b"no image\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    answer = client.post("/api/predict", data=sent, content_type=kind).json["answers"][0]
    assert answer["name"] == ODD_NAMES[name]
    assert answer["error"].startswith(f"{ODD_NAMES[name]} is not an image")


def test_the_request_as_a_whole_is_refused_in_one_structured_sentence(client, monkeypatch):
    assert error_of(client.post("/api/predict", json={}), 415) == "unsupported_media_type"
    kind = "multipart/form-data; boundary=x"
    for sent in (b"", b"--x--\r\n", b'--x\r\nContent-Disposition: form-data; name="ima', b"\xff"):
        none = client.post("/api/predict", data=sent, content_type=kind)
        assert error_of(none, 400) == "bad_request"
    text = client.post("/api/predict", data={"images": "text"}, content_type="multipart/form-data")
    assert error_of(text, 400) == "bad_request"
    assert error_of(predict(client, *[b""] * (MAX_IMAGES + 1)), 400) == "bad_request"
    assert error_of(predict(client, *[b""] * 500), 413) == "request_entity_too_large"
    long = predict(client, b"\0" * MAX_BODY)
    assert error_of(long, 413) == "request_entity_too_large"
    assert str(MAX_IMAGES) in long.text and "20 MB" in long.text
    assert error_of(client.get("/api/predict"), 405) == "method_not_allowed"
    assert "POST" in client.get("/api/predict").headers["Allow"]
    for path in ("/nothing", "/static/../flask_app.py", "/static/%00"):
        assert error_of(client.get(path), 404) == "not_found"


def test_an_unknown_fault_is_logged_and_not_shown(client, served, monkeypatch, caplog):
    monkeypatch.setattr(served, "probabilities", lambda images: 1 / 0)
    response = predict(client, PHOTO)
    assert error_of(response, 500) == "internal_server_error"
    assert "ZeroDivision" not in response.text and "Traceback" not in response.text
    assert "ZeroDivisionError" in caplog.text and "Traceback" in caplog.text
    page = submit(client, (PHOTO, "a.jpg"))
    assert page.status_code == 500 and 'role="alert"' in page.text
    assert "ZeroDivision" not in page.text


def test_one_line_is_logged_for_a_request(client, caplog):
    caplog.set_level(logging.INFO)
    predict(client, (PHOTO, "private.jpg"), (PHOTO[:200], "secret.jpg"))
    client.get("/nothing%0aforged line")
    assert len(caplog.messages) == 2
    assert re.fullmatch(r"POST /api/predict 200 \d+ ms", caplog.messages[0])
    assert re.fullmatch(r"GET /nothing%0Aforged%20line 404 \d+ ms", caplog.messages[1])


def test_health(client, served, monkeypatch):
    answer = {"status": "ok", "model": "rooms.keras", "classes": ["clean", "messy"]}
    assert client.get("/health").json == answer
    with monkeypatch.context() as patch:
        patch.setattr(served, "probabilities", lambda images: 1 / 0)
        assert error_of(client.get("/health"), 503) == "service_unavailable"
    assert client.get("/health").status_code == 200
    goes_on = threading.Event()
    asked = []
    with monkeypatch.context() as patch:
        patch.setattr(served, "probabilities", lambda _: asked.append(1) or goes_on.wait(60))
        patch.setattr(flask_app, "HEALTH_SECONDS", 0.05)
        for _ in range(5):
            assert error_of(client.get("/health"), 503) == "service_unavailable"
    goes_on.set()
    assert client.get("/health").status_code == 200
    assert len(asked) == 1, "the questions wait behind a model that hangs"


def test_too_many_requests(served):
    client = create_app(served, "rooms.keras", "3 per minute").test_client()
    assert [predict(client, PHOTO).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = predict(client, PHOTO, headers={"X-Forwarded-For": "192.0.2.7"})
    assert error_of(refused, 429) == "too_many_requests"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    another = {"REMOTE_ADDR": "192.0.2.7"}
    assert predict(client, PHOTO, environ_overrides=another).status_code == 200
    for _ in range(3):
        client.get("/")
    page = client.get("/")
    assert page.status_code == 429 and 'role="alert"' in page.text
    assert create_app(served, "rooms.keras").test_client().get("/").status_code == 200


def test_the_page_shows_labels_and_sentences(client):
    page = client.get("/")
    assert page.status_code == 200 and '<html lang="en">' in page.text
    assert '<label for="images">' in page.text and "clean and messy" in page.text
    photos = [(PHOTO, "a.jpg"), (PHOTO[:200], "<b>cut.jpg"), (encoded(picture(2)), "c.png")]
    page = submit(client, *photos)
    assert page.status_code == 200
    answers = predict(client, *photos).json["answers"]
    for answer in (answers[0], answers[2]):
        for label, p in answer["probabilities"].items():
            assert re.search(rf"{label}</th>\s*<td>{100 * p:.1f} %", page.text)
        assert f"<strong>{answer['label']}</strong>" in page.text
    assert page.text.count("<meter") == 4
    assert page.text.count("data:image/jpeg;base64,") == 2
    assert page.text.count('role="alert"') == 1 and "&lt;b&gt;cut.jpg is damaged" in page.text
    assert "<b>cut" not in page.text


def test_three_classes(keras, tmp_path):
    from apps.serving import Served
    from helpers.classifier import Classifier, save_classifier

    layers = [keras.Input((9, 12, 3)), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")]
    model = Classifier(keras.Sequential(layers), ("bed", "chair", "sofa"))
    save_classifier(model, tmp_path / "furniture.keras")
    client = create_app(Served(tmp_path / "furniture.keras"), "furniture.keras").test_client()
    answer = predict(client, PHOTO).json["answers"][0]
    assert answer["label"] == model.answer(PHOTO).label
    assert answer["probabilities"] == pytest.approx(model.answer(PHOTO).probabilities, abs=1e-6)
    page = submit(client, (PHOTO, "a.jpg")).text
    assert "bed, chair and sofa" in page and page.count("<meter") == 3


def test_the_page_says_what_is_wrong_with_a_request(client):
    for response, status, says in [
        (submit(client), 400, "No photo could be read"),
        (submit(client, (b"", "")), 400, "No photo could be read"),
        (submit(client, (PHOTO, "a.jpg"), token="forged"), 400, "out of date"),
        (submit(client, (b"\0" * MAX_BODY, "a.jpg")), 413, "too much"),
        (
            client.post("/", data="a&" * 9, content_type="application/x-www-form-urlencoded"),
            415,
            "",
        ),
        (client.put("/"), 405, "another method"),
    ]:
        assert response.status_code == status and response.mimetype == "text/html"
        alert = re.search('role="alert">(.+?)</p>', response.text)[1]
        assert says in alert and alert.endswith(".")


def test_the_form_is_guarded_and_the_interface_needs_no_cookie(client, served):
    stranger = create_app(served, "rooms.keras", LIFTED).test_client(use_cookies=False)
    token = re.search('name="csrf_token" value="(.+?)"', client.get("/").text)[1]
    assert submit(stranger, (PHOTO, "a.jpg"), token=token).status_code == 400
    response = predict(stranger, PHOTO)
    assert response.status_code == 200 and "Set-Cookie" not in response.headers
    cookie = client.get("/").headers.get("Set-Cookie") or client.get_cookie("session")
    fresh = create_app(served, "rooms.keras", LIFTED).test_client().get("/").headers["Set-Cookie"]
    assert cookie and "HttpOnly" in fresh and "SameSite=Strict" in fresh


def test_the_form_works_behind_tls(client):
    """A browser sends the referrer that our own policy lets it send."""
    site = "https://rooms.example"
    assert client.get("/").headers["Referrer-Policy"] == "same-origin"
    options = {"base_url": site, "headers": {"Referer": f"{site}/"}}
    assert submit(client, (PHOTO, "a.jpg"), **options).status_code == 200
    options["headers"] = {"Referer": "https://evil.example/"}
    assert submit(client, (PHOTO, "a.jpg"), **options).status_code == 400


def test_every_answer_has_the_security_headers(client):
    paths = ["/", "/health", "/openapi.json", "/nothing", "/static/style.css"]
    for response in [*map(client.get, paths), client.post("/"), predict(client, PHOTO)]:
        headers = response.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and "http" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in headers


def test_nothing_on_the_page_comes_from_elsewhere(client):
    text = client.get("/").text + (ROOT / "apps" / "static" / "style.css").read_text()
    assert set(re.findall(r"https?://[\w.]+", text)) == {"http://localhost"}  # the curl example
    assert not re.search("<script|style=|@import|\\bon[a-z]+=", text)


def test_an_image_with_too_many_pixels_is_refused(client):
    large, fits = (encoded(np.zeros((5000, w), bool)) for w in (5001, 5000))
    refused, answered = predict(client, large, fits).json["answers"]
    assert "5001 x 5000 pixels, more than 25 million" in refused["error"]
    assert "label" in answered


def test_only_so_many_images_are_decoded_at_once(served, monkeypatch):
    app = create_app(served, "rooms.keras", LIFTED)
    now, most, lock, two = 0, 0, threading.Lock(), threading.Barrier(2)
    original = flask_app.open_image

    def counted(*given):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        two.wait(30)  # so that two are inside together, if two may be
        opened = original(*given)
        with lock:
            now -= 1
        return opened

    monkeypatch.setattr(flask_app, "open_image", counted)
    threads = [threading.Thread(target=lambda: predict(app.test_client(), PHOTO)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most == 2


def test_uploads_stay_in_memory(client, monkeypatch):
    monkeypatch.setattr("tempfile._get_default_tempdir", lambda *given: 1 / 0)
    monkeypatch.setattr("tempfile.tempdir", None)
    sent = form((PHOTO + b"\0" * 3_000_000, "a.jpg"))
    kind = "multipart/form-data; boundary=x"
    response = client.post("/api/predict", data=sent, content_type=kind)
    assert "label" in response.json["answers"][0]


def test_the_description_states_the_limits(client):
    described = client.get("/openapi.json")
    assert described.content_type == "application/json"
    assert described.json["openapi"].startswith("3.1")
    operation = described.json["paths"]["/api/predict"]["post"]
    content = operation["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]
    assert content["images"]["maxItems"] == MAX_IMAGES
    assert f"{MAX_IMAGES} images, {MAX_BODY // 1_000_000} MB" in operation["summary"]
    million = f"{flask_app.MAX_PIXELS // 1_000_000} million pixels"
    assert million in content["images"]["description"]


@pytest.mark.parametrize("host, url", [("::1", "[::1]"), ("127.0.0.1", "127.0.0.1")])
def test_the_address_that_is_printed_can_be_opened(host, url, saved, monkeypatch, capsys):
    listening = types.SimpleNamespace(getsockname=lambda: (host, 8123))
    monkeypatch.setattr(flask_app, "listen", lambda *_: contextlib.nullcontext(listening))
    monkeypatch.setattr(flask_app, "serve", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["flask_app.py", "--model", str(saved), "--host", host])
    flask_app.main()
    assert capsys.readouterr().out == f"Ready: http://{url}:8123/\n"


@pytest.mark.parametrize(
    "given, says",
    [
        (["--model", "missing.keras", "--port", "0"], "missing.keras is not there"),
        (["--rate", "often"], "--rate often is no rate"),
        (["--port", "99999"], "port 99999 of 127.0.0.1 is not to be had"),
        (["--host", "nowhere.invalid"], "of nowhere.invalid is not to be had"),
    ],
)
def test_the_command_ends_in_one_sentence(given, says, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["flask_app.py", *given])
    with pytest.raises(SystemExit) as ended:
        flask_app.run(flask_app.main)
    assert ended.value.code.startswith("flask_app: ") and says in ended.value.code
    assert len(ended.value.code.splitlines()) == 1
    assert "Ready" not in capsys.readouterr().out


# From here on a real server is asked, in a process and a folder of its own.


@pytest.fixture(scope="module")
def live(saved, tmp_path_factory):
    home = tmp_path_factory.mktemp("live")
    (home / "tmp").mkdir()
    (home / "cwd").mkdir()
    command = [sys.executable, "-m", "apps.flask_app", "--model", str(saved), "--port", "0"]
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


def form(*parts, close=b"--x--\r\n"):
    """Return a multipart body of (content, name) parts, with nothing cleaned or escaped."""
    head = b'--x\r\nContent-Disposition: form-data; name="images"; filename="%b"\r\n\r\n%b\r\n'
    named = [(n.encode() if isinstance(n, str) else n, content) for content, n in parts]
    return b"".join(head % part for part in named) + close


def ask(port, method, path, body=None, kind="multipart/form-data; boundary=x", **headers):
    """Return the status, and the body as it came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request(method, path, body, {"Content-Type": kind, **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()


def raw(port, *sent):
    """Send bytes as they are until the server has enough; return status, body, and how many."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        number = 0
        with contextlib.suppress(ConnectionError):
            for piece in sent:
                connection.sendall(piece)
                number += len(piece)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.read(), number


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


POST = b"POST /api/predict HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\n"
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
    "another path": (404, lambda p: ask(p, "GET", "/static/..%2f..%2fserver.py")),
}


def post(port, body):
    return ask(port, "POST", "/api/predict", body)


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
        "import flask, apps.server as s; s.REQUEST_SECONDS = 1; here = s.listen('127.0.0.1', 0); "
        "print(here.getsockname()[1], flush=True); s.serve(flask.Flask('slow'), here)"
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
                over = time.monotonic() + 15
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


def test_the_load_test_counts_answers_and_failures(live):
    from tools.load_test import body, load

    took, failed, elapsed = load(live.port, 3, body(PHOTO), 0.5)
    assert len(took) >= 3 and not failed and elapsed >= 0.5
    took, failed, _ = load(live.port, 3, body(b"no image"), 0.1)
    assert not took and set(failed) == {"status 200, and no label"}
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    took, failed, _ = load(free, 1, body(PHOTO), 0.1)
    assert not took and set(failed) == {"ConnectionRefusedError"}


def test_the_load_test_waits_for_the_last_answer(monkeypatch):
    from tools import load_test

    monkeypatch.setattr(load_test, "client", lambda *given: time.sleep(0.3))
    assert load_test.load(0, 2, b"", 0.1)[2] >= 0.3


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photographs are not there")
@pytest.mark.parametrize("took, says", [([0.1] * 10, "5     100.0"), ([], "0       nan")])
def test_the_load_test_divides_by_the_time_that_it_took(took, says, saved, monkeypatch, capsys):
    from tools import load_test

    monkeypatch.setattr(load_test, "server", lambda model: contextlib.nullcontext(0))
    monkeypatch.setattr(load_test, "load", lambda *given: (took, ["refused"], 2.0))
    monkeypatch.setattr(sys, "argv", ["load_test", "--model", str(saved)])
    load_test.main()
    lines = [line for line in capsys.readouterr().out.splitlines() if "the server" in line]
    assert len(lines) == len(load_test.CLIENTS) and all(says in line for line in lines)


def test_a_port_in_use_ends_in_one_sentence(live):
    command = [sys.executable, "-m", "apps.flask_app", "--port", str(live.port)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and not done.stdout
    assert done.stderr.startswith(f"flask_app: port {live.port} of 127.0.0.1 is not to be had")
    assert len(done.stderr.splitlines()) == 1


def test_connections_that_stall_are_closed(live):
    for connection in live.stalled:
        connection.settimeout(40)
        assert connection.recv(1) == b""


def test_ctrl_c_ends_it_cleanly(live):
    live.process.send_signal(signal.SIGINT)
    assert live.process.wait(20) == 0
    log = (live.home / "log").read_text()
    assert "Traceback" not in log and "Error" not in log
    assert not live.files()


def test_the_rate_that_the_app_starts_with():
    import limits

    assert limits.parse(RATE).amount == 120
