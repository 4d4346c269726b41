"""The web app: what it answers in this process, to good requests and to bad ones."""

import contextlib
import io
import logging
import re
import sys
import threading
import types

import numpy as np
import pytest
from pictures import ROOT, encoded, picture
from PIL import Image
from rawhttp import form

pytest.importorskip("flask", reason="what the apps need is not installed")

from apps import sentences
from apps.web import app as web_app
from apps.web.app import MAX_IMAGES, RATE, create_app
from apps.web.front import MAX_BODY

LIFTED = "1000000 per second"
PHOTO = encoded(picture(1), "JPEG")
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


@pytest.fixture
def client(predictor):
    return create_app(predictor, "rooms.keras", LIFTED).test_client()


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


def test_the_interface_answers_as_the_classifier_does(client, predictor):
    files = list(odd_files().items())
    assert len(files) == MAX_IMAGES
    answers = predict(client, *((content, name) for name, content in files)).json["answers"]
    assert [a["name"] for a in answers] == [name for name, _ in files]
    seen = set()
    for (name, content), answer in zip(files, answers, strict=True):
        expected = predictor.classifier.answer(content, name)
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
    for path in ("/nothing", "/static/../app.py", "/static/%00"):
        assert error_of(client.get(path), 404) == "not_found"


def test_an_unknown_fault_is_logged_and_not_shown(client, predictor, monkeypatch, caplog):
    monkeypatch.setattr(predictor, "probabilities", lambda images: 1 / 0)
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


def test_health(client, predictor, monkeypatch):
    answer = {"status": "ok", "model": "rooms.keras", "classes": ["clean", "messy"]}
    assert client.get("/health").json == answer
    with monkeypatch.context() as patch:
        patch.setattr(predictor, "probabilities", lambda images: 1 / 0)
        assert error_of(client.get("/health"), 503) == "service_unavailable"
    for answer in (np.full((1, 2), np.nan, np.float32), np.ones((1, 3), np.float32)):
        with monkeypatch.context() as patch:
            patch.setattr(predictor, "probabilities", lambda images, answer=answer: answer)
            assert error_of(client.get("/health"), 503) == "service_unavailable"
    assert client.get("/health").status_code == 200
    goes_on = threading.Event()
    asked = []
    with monkeypatch.context() as patch:
        patch.setattr(predictor, "probabilities", lambda _: asked.append(1) or goes_on.wait(60))
        patch.setattr(web_app, "HEALTH_SECONDS", 0.05)
        for _ in range(5):
            assert error_of(client.get("/health"), 503) == "service_unavailable"
    goes_on.set()
    assert client.get("/health").status_code == 200
    assert len(asked) == 1, "the questions wait behind a model that hangs"


def test_too_many_requests(predictor):
    client = create_app(predictor, "rooms.keras", "3 per minute").test_client()
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
    assert create_app(predictor, "rooms.keras").test_client().get("/").status_code == 200


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
    from apps.predictor import Predictor
    from helpers.classifier import Classifier, save_classifier

    layers = [keras.Input((9, 12, 3)), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")]
    model = Classifier(keras.Sequential(layers), ("bed", "chair", "sofa"))
    save_classifier(model, tmp_path / "furniture.keras")
    client = create_app(Predictor(tmp_path / "furniture.keras"), "furniture.keras").test_client()
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


def test_the_form_is_guarded_and_the_interface_needs_no_cookie(client, predictor):
    stranger = create_app(predictor, "rooms.keras", LIFTED).test_client(use_cookies=False)
    token = re.search('name="csrf_token" value="(.+?)"', client.get("/").text)[1]
    assert submit(stranger, (PHOTO, "a.jpg"), token=token).status_code == 400
    response = predict(stranger, PHOTO)
    assert response.status_code == 200 and "Set-Cookie" not in response.headers
    cookie = client.get("/").headers.get("Set-Cookie") or client.get_cookie("session")
    fresh = (
        create_app(predictor, "rooms.keras", LIFTED).test_client().get("/").headers["Set-Cookie"]
    )
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
    text = client.get("/").text + (ROOT / "apps" / "web" / "static" / "style.css").read_text()
    assert set(re.findall(r"https?://[\w.]+", text)) == {"http://localhost"}  # the curl example
    assert not re.search("<script|style=|@import|\\bon[a-z]+=", text)


def test_an_image_with_too_many_pixels_is_refused(client):
    large, fits = (encoded(np.zeros((5000, w), bool)) for w in (5001, 5000))
    refused, answered = predict(client, large, fits).json["answers"]
    assert "5001 x 5000 pixels, more than 25 million" in refused["error"]
    assert "label" in answered


def test_only_so_many_images_are_decoded_at_once(predictor, monkeypatch):
    from helpers.classifier import Classifier

    app = create_app(predictor, "rooms.keras", LIFTED)
    now, most, lock, two = 0, 0, threading.Lock(), threading.Barrier(2)
    original = Classifier.open

    def counted(*given):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        two.wait(60)  # so that two are inside together, if two may be
        opened = original(*given)
        with lock:
            now -= 1
        return opened

    monkeypatch.setattr(Classifier, "open", counted)
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
    million = f"{web_app.MAX_PIXELS // 1_000_000} million pixels"
    assert million in content["images"]["description"]


@pytest.mark.parametrize("host, url", [("::1", "[::1]"), ("127.0.0.1", "127.0.0.1")])
def test_the_address_that_is_printed_can_be_opened(host, url, saved, monkeypatch, capsys):
    listening = types.SimpleNamespace(getsockname=lambda: (host, 8123))
    monkeypatch.setattr(web_app, "listen", lambda *_: contextlib.nullcontext(listening))
    monkeypatch.setattr(web_app, "serve", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["web", "--model", str(saved), "--host", host])
    web_app.main()
    assert capsys.readouterr().out == f"Ready: http://{url}:8123/\n"


@pytest.mark.parametrize(
    "host, url", [("0.0.0.0", "127.0.0.1"), ("0", "127.0.0.1"), ("::", "[::1]")]
)
def test_who_lets_others_in_is_told(host, url):
    from apps.web.front import listen, reach

    with listen(host, 0) as listening:
        address, said = reach(listening, host)
        assert address == f"http://{url}:{listening.getsockname()[1]}/"
    assert said.startswith("Other computers") and said.endswith(".")
    with listen("localhost", 0) as listening:
        address, said = reach(listening, "localhost")
    assert address.startswith("http://localhost:") and not said


@pytest.mark.parametrize(
    "given, says",
    [
        (["--model", "missing.keras", "--port", "0"], "missing.keras is not there"),
        (["--rate", "often"], "--rate often is no rate"),
        (["--proxy", "1.2.3"], "--proxy '1.2.3' is no address: give the one from which"),
        (["--proxy", ""], "--proxy '' is no address"),
        (["--port", "99999"], "port 99999 of 127.0.0.1 is not to be had"),
        (["--port", "-1"], "port -1 of 127.0.0.1 is not to be had"),
        (["--host", "nowhere.invalid"], "of nowhere.invalid is not to be had"),
        (["--host", ""], "--host is empty: leave it out"),
        (["--host", " "], "--host is empty: leave it out"),
        (["--host", "*"], "of * is not to be had"),
        (["--host", "a" * 300], "aaa is not to be had"),
        (["--host", "a\0b"], "of a?b is not to be had"),
        (["--host", "..", "--port", "0"], "of .. is not to be had"),
        (["--host", "http://127.0.0.1"], "of http://127.0.0.1 is not to be had"),
        (["--host", "127.0.0.1:8000"], "of 127.0.0.1:8000 is not to be had"),
        (["--host", "192.0.2.1", "--port", "0"], "of 192.0.2.1 is not to be had"),
    ],
)
def test_the_command_ends_in_one_sentence(given, says, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["apps/web/__main__.py", *given])
    with pytest.raises(SystemExit) as ended, sentences():
        web_app.main()
    assert ended.value.code.startswith("web: ") and says in ended.value.code
    assert len(ended.value.code.splitlines()) == 1
    assert "Ready" not in capsys.readouterr().out


def test_the_rate_that_the_app_starts_with():
    import limits

    assert limits.parse(RATE).amount == 120
