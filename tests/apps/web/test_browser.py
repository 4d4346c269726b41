"""The Flask app's page as a person meets it, in a real browser, with and without a mouse."""

import contextlib
import os
import re
import subprocess
import sys
import urllib.parse

import pytest
from accessibility import faults
from chromium import CHROMIUM, FLAGS, LONG
from pictures import ROOT

from helpers.data import SAMPLES

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: the page goes undriven"),
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photographs are not there"),
]
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytest.importorskip("flask", reason="what the apps need is not installed")


@pytest.fixture(scope="module")
def address(keras, tmp_path_factory):
    """The app on a free port of loopback, with a small untrained model."""
    from helpers.classifier import Classifier, save_classifier
    from helpers.network import three_blocks

    home = tmp_path_factory.mktemp("flask")
    keras.utils.set_random_seed(0)
    saved = home / "rooms.keras"
    save_classifier(Classifier(three_blocks((75, 100)), ("clean", "messy")), saved)
    command = [sys.executable, "-m", "apps.web", "--model", str(saved), "--port", "0"]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        ready = server.stdout.readline().split()
        assert ready, (home / "log").read_text()
        yield ready[-1]
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


@pytest.fixture(scope="module")
def browser():
    sync_api.expect.set_options(timeout=LONG)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["with scripts", "without"])
def page(request, browser, address):
    """The page as it opens; nothing may be asked of any other place, and no script may fail."""
    scripts = request.param == "with scripts"
    context = browser.new_context(
        java_script_enabled=scripts, viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(LONG)
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    yield page
    context.close()
    places = {urllib.parse.urlsplit(url).netloc for url in asked if not url.startswith("data:")}
    assert places == {urllib.parse.urlsplit(address).netloc}
    wrong = [text for text in said if "status of 413" not in text]  # Chromium notes that itself
    assert not wrong, wrong


def photos(number):
    return sorted((SAMPLES / "rooms" / "test").rglob("*.jpg"))[:number]


def upload(page, files):
    page.get_by_label("Photos").set_input_files(files)
    page.get_by_role("button", name="Classify").click()


def test_a_photo_gets_its_label(page):
    upload(page, photos(1))
    answer = page.get_by_role("article")
    sync_api.expect(answer).to_have_count(1)
    sync_api.expect(answer.get_by_role("heading")).to_have_text(photos(1)[0].name)
    said = re.search(r"Label: (clean|messy), confidence ([\d.]+) %", answer.inner_text())
    shares = [float(p) for p in re.findall(r"([\d.]+) %", answer.locator("table").inner_text())]
    assert float(said[2]) == max(shares) and sum(shares) == pytest.approx(100, abs=0.11)
    meters = answer.get_by_role("meter")
    sync_api.expect(meters).to_have_count(2)
    assert [float(m.get_attribute("value")) * 100 for m in meters.all()] == pytest.approx(
        shares, abs=0.06
    )
    image = answer.get_by_role("img")
    assert image.get_attribute("alt") == f"{photos(1)[0].name}, as the model sees it"
    box = image.bounding_box()
    assert (box["width"], box["height"]) == (100, 75), "the thumbnail is not shown"


def test_several_photos_and_a_bad_file(page, tmp_path):
    bad = tmp_path / "<b>bad.png"
    bad.write_bytes(b"no image")
    upload(page, [photos(2)[0], bad, photos(2)[1]])
    answers = page.get_by_role("article")
    sync_api.expect(answers).to_have_count(3)
    sync_api.expect(answers.nth(1).get_by_role("alert")).to_contain_text("is not an image")
    for i in (0, 2):
        sync_api.expect(answers.nth(i)).to_contain_text("Label: ")
        sync_api.expect(answers.nth(i).get_by_role("alert")).to_have_count(0)


def test_an_upload_that_is_far_too_large_gets_a_sentence(page, tmp_path):
    (tmp_path / "large.png").write_bytes(b"\0" * 45_000_000)
    upload(page, [tmp_path / "large.png"])
    sync_api.expect(page.get_by_role("alert")).to_contain_text("too much for one request")


def opened_by_enter(page):
    """Press Enter until the dialogue opens: a busy Chromium drops a key now and then."""
    for _ in range(6):
        with contextlib.suppress(sync_api.TimeoutError):
            with page.expect_file_chooser(timeout=10_000) as chooser:
                page.keyboard.press("Enter")
            return chooser.value
    raise AssertionError("Enter opens no dialogue")


@pytest.mark.parametrize("page", ["with scripts"], indirect=True)
def test_the_keyboard_alone_will_do(page):
    page.keyboard.press("Tab")
    sync_api.expect(page.get_by_label("Photos")).to_be_focused()
    opened_by_enter(page).set_files(photos(1))
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Classify")
    sync_api.expect(button).to_be_focused()
    outline = button.evaluate("e => getComputedStyle(e).outlineStyle + matchMedia('print').media")
    assert outline.startswith("solid"), "the focus is not seen"
    page.keyboard.press("Enter")
    sync_api.expect(page.get_by_role("heading", name="Answers")).to_be_focused()
    assert page.title().startswith("Answers")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 380])
def test_it_is_accessible(browser, address, tmp_path, scheme, width):
    # axe is a script that the page's own policy would stop.
    context = browser.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    context.set_default_timeout(LONG)
    page = context.new_page()
    (tmp_path / "long-name-of-a-bad-file.png").write_bytes(b"no image")
    with contextlib.closing(context):
        for name in ("empty", "answers", "error"):
            page.goto(address)
            if name == "answers":
                upload(page, [*photos(2), tmp_path / "long-name-of-a-bad-file.png"])
                sync_api.expect(page.get_by_role("article")).to_have_count(3)
            if name == "error":
                page.context.clear_cookies()
                upload(page, photos(1))
                sync_api.expect(page.get_by_role("alert")).to_contain_text("out of date")
                assert page.title().startswith("Error")
            assert faults(page) == []
            wide = page.evaluate("() => document.documentElement.scrollWidth")
            assert wide <= width, "one has to scroll sideways"
            folder = os.environ.get("SCREENSHOTS")
            if folder:
                page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
