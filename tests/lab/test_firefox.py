"""The laboratory in another browser: the same answers, and all that a class does with it."""

from urllib.parse import urlsplit

import pytest
from firefox import FIREFOX, Firefox

from helpers.data import SAMPLES

pytestmark = pytest.mark.skipif(not FIREFOX, reason="Firefox is not installed")
ROOMS = sorted((SAMPLES / "rooms" / "test").rglob("*.jpg"))[::8]
BARS = "[...document.querySelectorAll('#ask-bars tr')].map((r) => [r.dataset.class, +r.dataset.p])"


@pytest.fixture
def firefox(tmp_path):
    browser = Firefox(tmp_path / "profile")
    yield browser
    browser.close()


def ask(firefox, file):
    """Hand the page a photo; return what it says of each class."""
    firefox.evaluate("document.getElementById('ask-bars').replaceChildren()")
    firefox.choose("#ask-file", file)
    firefox.wait_for(f"{BARS}.length")
    return dict(firefox.evaluate(BARS))


def test_it_answers_looks_inside_teaches_and_needs_no_network(firefox, served):
    """The rooms' network is asked by ONNX Runtime here, too, so that no model is needed."""
    onnxruntime = pytest.importorskip("onnxruntime", reason="the apps are not installed: make apps")
    from helpers.images import open_image
    from tools.laboratory import BUILT

    session = onnxruntime.InferenceSession(BUILT / "rooms.onnx")
    with served() as address:
        firefox.goto(address)
        firefox.wait_for("document.documentElement.dataset.ready")
        for file in ROOMS:
            image = open_image(file, (96, 96), fit="cut")
            messy = float(session.run(None, {"image": image[None]})[0][0, 0])
            said = ask(firefox, file)
            assert said == pytest.approx({"clean": 1 - messy, "messy": messy}, abs=1e-6), file.name
        firefox.evaluate("document.getElementById('tab-inside').click()")
        firefox.wait_for("document.querySelectorAll('#layers button').length")
        firefox.evaluate("[...document.querySelectorAll('#layers button')].at(-1).click()")
        firefox.evaluate("document.querySelector('#maps button').click()")
        title = firefox.evaluate("document.getElementById('place-title').textContent")
        assert title == f"Unit 0 of output: {messy:.4f}"
        firefox.evaluate("document.getElementById('tab-teach').click()")
        for number, name in enumerate(("clean", "messy"), 1):
            photos = sorted((SAMPLES / "rooms" / "train" / name).glob("*.jpg"))[:3]
            firefox.choose(f".class:nth-child({number}) input[type=file]", *photos)
            firefox.wait_for(
                f"document.querySelectorAll('.class:nth-child({number}) canvas').length === 3"
            )
        firefox.wait_for("document.querySelector('.score')?.dataset.total === '6'")
        firefox.wait_for("document.documentElement.dataset.kept")
    firefox.goto(address)  # the server is gone
    firefox.wait_for("document.documentElement.dataset.ready")
    assert ask(firefox, ROOMS[-1]) == said
    home = urlsplit(address).netloc
    asked = {urlsplit(url).netloc for url in firefox.asked if url.startswith(("http", "ws"))}
    assert asked == {home} and not firefox.faults
