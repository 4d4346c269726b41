"""The Gradio page: its answers are the classifier's, it opens uploads only and stays at home."""

import contextlib
import html
import http.client
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from accessibility import faults
from chromium import CHROMIUM, FLAGS
from pictures import encoded, picture
from PIL import Image

from helpers import CourseError
from helpers.data import SAMPLES
from helpers.runtime import ROOT

pytest.importorskip("gradio", reason="Gradio is not installed: make apps")
WAIT = 60_000  # milliseconds; what is waited for comes within a second or two
GRADIOS = ("minor",)  # its examples say a file's name twice, to the eye and to a screen reader


@pytest.fixture(scope="module")
def predictor(keras, tmp_path_factory):
    from apps.predictor import Predictor
    from helpers.classifier import Classifier, save_classifier
    from helpers.network import three_blocks

    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp("model") / "rooms.keras"
    save_classifier(Classifier(three_blocks((32, 40)), ("clean", "messy"), 0.49), path)
    return Predictor(path)


@pytest.fixture(scope="module")
def odd_files(tmp_path_factory):
    """The same room turned by EXIF, transparent, grey, 16 bits deep, and under a wrong name."""
    exif = Image.Exif()
    exif[0x0112] = 8
    pixels = picture(3, (90, 120))
    turned = io.BytesIO()
    Image.fromarray(pixels).save(turned, "JPEG", exif=exif)
    contents = {
        "turned.jpg": turned.getvalue(),
        "alpha.png": encoded(np.dstack([pixels, np.full(pixels.shape[:2], 90, np.uint8)])),
        "deep.png": encoded(pixels[..., 0].astype(np.uint16) * 257),
        "webp.jpg": encoded(pixels, "WEBP"),
    }
    folder = tmp_path_factory.mktemp("odd")
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


# ---- the answer


def test_without_a_map_the_photo_is_shown_as_it_is(predictor):
    from apps.page import look

    for explain, said in (
        (None, "has no convolution"),
        (lambda image, index: np.zeros((32, 40), np.float32), "No place"),
    ):
        photo = picture(2, (96, 120))  # of the model's shape: nothing is added at its edges
        seen = look(predictor, explain, encoded(photo))
        assert said in seen.text and not seen.mapped
        np.testing.assert_array_equal(seen.picture, photo)


def test_the_answer_is_the_classifiers(predictor, odd_files):
    from apps.page import look
    from helpers.gradcam import explainer

    explain = explainer(predictor.classifier.model)
    for file in odd_files:
        expected, seen = predictor.classifier.answer(file), look(predictor, explain, file)
        assert seen.answer.label == expected.label
        assert seen.answer.probabilities == pytest.approx(expected.probabilities, abs=1e-6)
    with pytest.raises(CourseError, match="mine.jpg"):
        look(predictor, explain, b"no image", "mine.jpg")


def test_a_photo_is_decoded_once(predictor, monkeypatch):
    from apps.page import look

    opened, original = [], Image.open
    monkeypatch.setattr(Image, "open", lambda *a, **k: opened.append(1) or original(*a, **k))
    look(predictor, None, encoded(picture(2, (90, 120)), "JPEG"))
    assert len(opened) == 1


# ---- the program


def test_a_port_that_is_no_number_does_not_end_the_import():
    code = "import os, apps.page; print(os.environ['GRADIO_SERVER_PORT'])"
    environment = {**os.environ, "GRADIO_SERVER_PORT": "abc"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.stdout == "abc\n", done.stderr


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_what_cannot_start_ends_with_a_sentence(monkeypatch, predictor, tmp_path):
    from apps import page as page_module

    monkeypatch.setattr(sys, "argv", ["page", "--model", str(tmp_path / "none.keras")])
    with pytest.raises(CourseError, match="none.keras is not there"):
        page_module.main()
    monkeypatch.setattr(page_module, "Predictor", lambda path: predictor)
    handler = signal.getsignal(signal.SIGTERM)
    try:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            for port in (taken.getsockname()[1], 99999, 0, -1):
                monkeypatch.setattr(sys, "argv", ["page", "--port", str(port)])
                with pytest.raises(CourseError, match=f"Port {port} "):
                    page_module.main()
            monkeypatch.setattr(sys, "argv", ["page"])
            for named in (str(taken.getsockname()[1]), "99999999", "0", "abc"):
                monkeypatch.setenv("GRADIO_SERVER_PORT", named)
                said = rf"Port '?{named}'?, of GRADIO_SERVER_PORT, is taken or not to be had"
                with pytest.raises(CourseError, match=said):
                    page_module.main()
                with pytest.raises(CourseError, match=said):  # as a notebook does
                    page_module.build(predictor).launch(**page_module.LAUNCH)
    finally:
        signal.signal(signal.SIGTERM, handler)


def test_the_program_serves_and_leaves_nothing_behind(predictor, tmp_path):
    from helpers.classifier import save_classifier

    save_classifier(predictor.classifier, tmp_path / "m.keras")
    (tmp_path / "temporary").mkdir()
    command = [sys.executable, "-m", "apps.page", "--model", str(tmp_path / "m.keras")]
    program = subprocess.Popen(
        [*command, "--port", str(free_port())],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path / "temporary")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = program.stdout.readline()  # waits until it serves, or has ended
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)[0]
        assert b"Room by Room" in urllib.request.urlopen(address, timeout=60).read()
        for stranger in (b"[]", b'{"fn_index": -1}', b'{"fn_index": 0, "data": []}', b'"\\ud800"'):
            for asked in ("queue/join", "run/predict", "call/nope", "reset"):
                with pytest.raises(urllib.error.HTTPError, match="4[02][024]"):
                    urllib.request.urlopen(f"{address}gradio_api/{asked}", stranger, timeout=60)
        with contextlib.suppress(http.client.IncompleteRead):  # of nobody's session
            urllib.request.urlopen(
                f"{address}gradio_api/queue/data?session_hash=x", timeout=60
            ).read()
        assert list((tmp_path / "temporary").glob("gradio-*/*")), "the examples are kept there"
    finally:
        program.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(0.3)
        program.send_signal(signal.SIGTERM)  # as `timeout` does
        rest, log = program.communicate(timeout=60)
    assert (program.returncode, rest) == (0, "")
    assert "Traceback" not in log, log
    assert not list((tmp_path / "temporary").glob("gradio-*"))


def test_uploads_do_not_pile_up(predictor, monkeypatch):
    import httpx

    from apps import page as page_module

    monkeypatch.setattr(page_module, "KEEP", 1)
    demo = page_module.build(predictor)
    options = {"server_port": free_port(), "prevent_thread_lock": True}
    try:
        _, url, _ = demo.launch(**page_module.LAUNCH | options)
        files = {"files": ("mine.png", encoded(picture(1)))}
        (upload,) = map(Path, httpx.post(f"{url}gradio_api/upload", files=files).json())
        assert upload.read_bytes() == encoded(picture(1))
        folder, end = upload.parents[1], time.monotonic() + 60
        while upload.exists() and time.monotonic() < end:
            time.sleep(0.1)
        assert not upload.exists()
        assert len(list(folder.glob("*/room_*.jpg"))) >= 8, "the examples stay"
    finally:
        demo.close(verbose=False)


# ---- what a client may name, over HTTP


@pytest.fixture(scope="module")
def address(predictor):
    """The page, served from a thread as chapter 16 does: (address, what `look` got and said)."""
    from apps import page as page_module

    calls, look = [], page_module.look

    def spied(predictor, explain, source, name=None):
        content = Path(source).read_bytes()
        seen = look(predictor, explain, source, name)
        calls.append((content, seen))
        return seen

    page_module.look = spied
    demo = page_module.build(predictor)
    options = {"server_port": free_port(), "prevent_thread_lock": True}
    _, url, _ = demo.launch(**page_module.LAUNCH | options)
    yield url, calls
    demo.close(verbose=False)
    page_module.look = look


MARK = {"meta": {"_type": "gradio.FileData"}}  # without it, Gradio does not look at a path


def happened(address, event, data=(), **more):
    """Send an event as a browser does, or as none would; return what came of it."""
    import httpx

    numbers = {
        d["targets"][0][1]: d["id"] for d in httpx.get(f"{address}config").json()["dependencies"]
    }
    asked = {"fn_index": numbers[event], "session_hash": "stranger", "data": list(data), **more}
    sent = {"content": json.dumps(asked), "headers": {"Content-Type": "application/json"}}
    assert httpx.post(f"{address}gradio_api/queue/join", **sent).status_code == 200
    heard = httpx.get(f"{address}gradio_api/queue/data?session_hash=stranger", timeout=60).text
    messages = [json.loads(line[6:]) for line in heard.splitlines() if line.startswith("data: ")]
    (done,) = [m for m in messages if m["msg"] == "process_completed"]
    return done["output"]["data"] if done["success"] else done["output"]["error"]


@pytest.fixture
def paths(address, tmp_path):
    """Paths that are no upload's: (a path that is refused, whether it lies outside)."""
    from apps.page import UPLOADS

    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    (private / "secret.png").write_bytes(encoded(picture(1)))
    mine = UPLOADS / "mine"
    mine.mkdir()
    (mine / "link.png").symlink_to(private / "secret.png")
    (mine / "folder").symlink_to(private)
    (mine / "round.png").symlink_to("round.png")
    os.mkfifo(mine / "pipe.png")
    (mine / "device.png").symlink_to("/dev/zero")
    outside = {
        "absolute": private / "secret.png",
        "upwards": f"{mine}/../../../{private}/secret.png",
        "a sister of the uploads": f"{UPLOADS}-2/secret.png",
        "device": "/dev/zero",
        "nothing": private / "nothing.png",
        "nobody's": "/nowhere/nothing.png",
        "relative": os.path.relpath(private / "secret.png"),
        "null byte": f"{private / 'secret.png'}\0",
        "home": "~",
    }
    inside = {
        "link": mine / "link.png",
        "below a link": mine / "folder" / "secret.png",
        "out through a link": f"{mine}/folder/../secret.png",
        "circle": mine / "round.png",
        "pipe": mine / "pipe.png",
        "device behind a link": mine / "device.png",
        "folder": mine,
        "all": UPLOADS,
        "gone": mine / "gone.png",
        "null byte inside": f"{mine}/a\0.png",
        "too long": mine / ("a" * 300),
    }
    yield (
        {name: str(path) for name, path in outside.items()},
        {name: str(path) for name, path in inside.items()},
    )
    shutil.rmtree(mine)


def test_no_path_but_an_uploads_is_opened(address, paths):
    """Nor does the answer tell whether there is something at a path."""
    from apps.page import REFUSED

    url, calls = address
    before = len(calls)
    outside, inside = paths
    for name, path in (outside | inside).items():
        said, *shown = happened(url, "change", [{"path": path, "orig_name": "x.png"}])
        assert html.unescape(said) == f'<p class="error" role="alert">{REFUSED}</p>', name
        assert str(path) not in json.dumps(shown), name
    for name, path in outside.items():
        assert happened(url, "change", [{"path": path, **MARK}]) in (None, REFUSED), name
    for name, path in inside.items():
        answer = happened(url, "change", [{"path": path, **MARK}])
        assert answer is None or REFUSED in html.unescape(answer[0]), name
    assert len(calls) == before, "something was opened"


@pytest.mark.parametrize("path", ["http://127.0.0.1:1/secret.png", "file:///tmp/secret.png"])
@pytest.mark.parametrize("mark", [{}, MARK])
def test_an_address_in_place_of_a_path_is_refused_at_the_gate(address, path, mark):
    import httpx

    from apps.page_events import FETCHES_NOTHING

    url, calls = address
    before = len(calls)
    event = {"fn_index": 1, "session_hash": "stranger", "data": [{"path": path, **mark}]}
    answer = httpx.post(f"{url}gradio_api/queue/join", json=event)
    assert (answer.status_code, answer.json()) == (400, {"detail": FETCHES_NOTHING})
    assert len(calls) == before


def test_an_upload_is_answered_whatever_else_is_left_out(address, predictor):
    import httpx

    url, calls = address
    content = encoded(picture(1))
    (path,) = httpx.post(f"{url}gradio_api/upload", files={"files": ("a.png", content)}).json()
    label = predictor.classifier.answer(content).label
    for photo in ({"path": path}, {"path": path, **MARK}, {"path": path, "orig_name": None}):
        said, *_ = happened(url, "change", [photo])
        assert f"<b>{label}</b>" in said
        assert calls[-1][0] == content


def test_the_gate_stands_before_the_page(address, monkeypatch):
    """Its rules have tests of their own."""
    import httpx

    from apps import page_gate

    url, _ = address
    files = {"files": ("a.png", encoded(picture(1)))}
    before = set(page_gate.Path(os.environ["GRADIO_TEMP_DIR"]).rglob("*"))
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        for path in ("upload", "queue/join"):
            answer = httpx.post(f"{url}gradio_api/{path}", files=files, headers=headers)
            assert (answer.status_code, answer.json()["detail"]) == (403, page_gate.FOREIGN)
    monkeypatch.setattr(page_gate, "MOST_OF_ADDRESS", 0)
    answer = httpx.post(f"{url}gradio_api/upload", files=files)
    assert (answer.status_code, answer.json()["detail"]) == (429, page_gate.TOO_MUCH)
    assert set(page_gate.Path(os.environ["GRADIO_TEMP_DIR"]).rglob("*")) == before
    assert httpx.get(url, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_a_file_too_large_is_not_opened(address):
    from apps.page import MOST_BYTES, UPLOADS

    url, calls = address
    before = len(calls)
    large = UPLOADS / "large.png"
    large.write_bytes(encoded(picture(1)))
    os.truncate(large, MOST_BYTES + 1)
    try:
        for more in ({}, MARK):
            said, *_ = happened(url, "change", [{"path": str(large), **more}])
            assert "has more than 20 MB" in said
        assert len(calls) == before
        os.truncate(large, MOST_BYTES)
        assert "confidence" in happened(url, "change", [{"path": str(large)}])[0]
    finally:
        large.unlink()


SHAPES = [
    *([], ["a"], "", "/etc/hostname", 5, True, {}, {"path": 5}, {"path": ["/etc/hostname"]}),
    *(
        {"path": {}},
        {"path": ""},
        {"path": None},
        {"url": "/etc/hostname"},
        {"name": "/etc/hostname"},
    ),
    *({"path": None, "url": "file:///etc/hostname", **MARK}, [{"path": "/etc/hostname"}], None),
]


@pytest.mark.parametrize("shape", SHAPES, ids=ascii)
def test_what_is_no_file_at_all_opens_none(address, shape):
    from apps.page import HINT

    url, calls = address
    before = len(calls)
    answer = happened(url, "change", [shape])
    assert answer is None or answer[0] == HINT
    assert len(calls) == before


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photographs are not there")
@pytest.mark.parametrize("index", [-1, 8, 10**30, 0.0, True, None, "0", [0], {}], ids=ascii)
def test_an_example_that_there_is_not_gets_a_sentence(address, index):
    from apps.page import NO_EXAMPLE

    given = {"event_data": {"index": index, "value": None}}
    assert happened(address[0], "select", **given) == NO_EXAMPLE
    given["event_data"]["index"] = 7
    assert happened(address[0], "select", **given)[0]["orig_name"].endswith(".jpg")


# ---- the page, in a real browser

in_browser = [
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: the page is not looked at"),
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photographs are not there"),
]


@pytest.fixture(scope="module")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["light", "dark"])
def page(address, chromium, request):
    """A fresh page; afterwards, that it asked nobody but this computer for anything."""
    context = chromium.new_context(color_scheme=getattr(request, "param", "light"))
    context.set_default_timeout(WAIT)
    page, asked, errors = context.new_page(), [], []
    page.on("request", lambda r: asked.append(r.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address[0])
    page.locator("#examples img").first.wait_for()
    yield page
    context.close()
    hosts = {urlsplit(url).hostname for url in asked if url.startswith(("http", "ws"))}
    assert hosts == {"127.0.0.1"} and not errors


def light(test):
    return pytest.mark.parametrize("page", ["light"], indirect=True)(test)


def upload(page, *files):
    """Choose a file, in the place of the one that is there."""
    remove = page.get_by_label("Remove Image")
    if remove.count():
        remove.click()
        page.get_by_text("take one or paste one").wait_for()
    page.locator("#asked input[type=file]").set_input_files(files)


def expect_answer(page, answer):
    said = f"{answer.label}, confidence {answer.confidence:.0%}"
    page.locator("#said .answer", has_text=said).wait_for()


class TestPage:
    pytestmark = in_browser

    @light
    def test_what_is_uploaded_is_what_is_classified(self, page, address, predictor, odd_files):
        for file in odd_files:
            upload(page, file)
            expected = predictor.classifier.answer(file)
            expect_answer(page, expected)
            content, seen = address[1][-1]
            assert content == file.read_bytes(), "Gradio has encoded it anew"
            assert seen.answer.probabilities == pytest.approx(expected.probabilities, abs=1e-6)
        bars = page.locator('[data-testid$="confidence-set"]').all_inner_texts()
        assert [bar.split()[0] for bar in bars] == sorted(
            expected.probabilities, key=expected.probabilities.get, reverse=True
        )
        assert page.locator("#shown img").get_attribute("alt") == seen.text

    @light
    def test_examples_are_chosen_again_and_again(self, page, predictor, odd_files):
        files = [
            sorted((SAMPLES / "rooms" / "test" / name).iterdir()) for name in ("clean", "messy")
        ]
        for index in (1, 4, 1):
            page.locator("#examples button").nth(index).click()
            expect_answer(page, predictor.classifier.answer(files[index // 4][index % 4]))
        upload(page, odd_files[0])
        expect_answer(page, predictor.classifier.answer(odd_files[0]))
        page.locator("#examples button").nth(1).click()
        expect_answer(page, predictor.classifier.answer(files[0][1]))

    @light
    def test_a_bad_file_gets_its_sentence(self, page, predictor, odd_files, tmp_path):
        (tmp_path / "text.jpg").write_text("no image")
        (tmp_path / "<i>cut.jpg").write_bytes(odd_files[0].read_bytes()[:600])
        upload(page, odd_files[1])
        expect_answer(page, predictor.classifier.answer(odd_files[1]))
        for name, said in (("text.jpg", "is not an image"), ("<i>cut.jpg", "is damaged")):
            upload(page, tmp_path / name)
            page.get_by_role("alert").filter(has_text=f"{name} {said}").wait_for()
            assert page.locator("#shown img, #said .answer").count() == 0
            assert page.locator("#said").inner_text().count("\n") == 0
        upload(page, odd_files[1])
        expect_answer(page, predictor.classifier.answer(odd_files[1]))

    @light
    def test_a_file_too_large_is_refused(self, page, address, odd_files, tmp_path):
        (tmp_path / "large.jpg").write_bytes(odd_files[0].read_bytes() + bytes(21_000_000))
        before = len(address[1])
        upload(page, tmp_path / "large.jpg")
        page.get_by_text("exceed the maximum allowed size").wait_for()
        assert len(address[1]) == before

    def test_nothing_serious_stands_in_anybodys_way(self, page, predictor, odd_files, tmp_path):
        assert faults(page, GRADIOS) == []
        upload(page, odd_files[1])
        expect_answer(page, predictor.classifier.answer(odd_files[1]))
        page.locator("#shown img").wait_for()
        assert faults(page, GRADIOS) == []
        (tmp_path / "text.jpg").write_text("no image")
        upload(page, tmp_path / "text.jpg")
        page.get_by_role("alert").wait_for()
        assert faults(page, GRADIOS) == []
        for width in (420, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
