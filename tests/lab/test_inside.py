"""What the page shows of a network's layers is what Keras computes there."""

import numpy as np
import pytest

from helpers.data import SAMPLES

ROOM = sorted((SAMPLES / "rooms" / "test" / "messy").glob("*.jpg"))[0]


@pytest.fixture
def inside(page, keras, tmp_path):
    """The page, looking into an exported network; and that network."""
    pytest.importorskip("tf2onnx", reason="what the apps need is not installed: make apps")
    from apps.export.formats import FACTS, as_onnx
    from helpers.classifier import Classifier, facts_of
    from helpers.network import three_blocks

    keras.utils.set_random_seed(0)
    classifier = Classifier(three_blocks((48, 40)), ("clean", "messy"))
    facts = {FACTS: facts_of(classifier)}
    (tmp_path / "own.onnx").write_bytes(as_onnx(classifier.model, classifier.size, facts))
    page.locator("#ask-network").set_input_files(tmp_path / "own.onnx")
    page.locator("#network", has_text="own.onnx").wait_for()
    page.locator("#ask-file").set_input_files(ROOM)
    page.locator("#ask-bars tr").first.wait_for()
    page.locator("#tab-inside").click()
    page.locator("#layers button").first.wait_for()
    return page, classifier


def maps_of(keras, classifier, name):
    model = classifier.model
    body = keras.Model(model.inputs, model.get_layer(name).output)
    return body.predict(classifier.open(ROOM)[None], verbose=0)[0]


def value(page):
    return float(page.locator("#place-title").inner_text().split(": ")[1].replace("−", "-"))


def test_layers_are_the_networks(inside):
    page, _ = inside
    names = page.locator("#layers b").all_inner_texts()
    assert names == ["conv_1", "pool_1", "conv_2", "pool_2", "conv_3", "pool_3"]
    assert "32 of 21 × 17" in page.locator("#layers button").nth(2).inner_text()


@pytest.mark.parametrize("index, name", [(0, "conv_1"), (2, "conv_2"), (3, "pool_2")])
def test_the_sum_makes_the_number_that_keras_has(inside, keras, index, name):
    page, classifier = inside
    expected = maps_of(keras, classifier, name)
    channel = int(expected.max(axis=(0, 1)).argmax())
    page.locator("#layers button").nth(index).click()
    page.locator("#maps button").nth(channel).click()
    assert value(page) == pytest.approx(expected[..., channel].max(), abs=1e-4)
    y, x = np.unravel_index(expected[..., channel].argmax(), expected.shape[:2])
    down = "ArrowDown" if y + 1 < expected.shape[0] else "ArrowUp"
    page.locator("#map").focus()
    page.keyboard.press(down)
    y += 1 if down == "ArrowDown" else -1
    assert f"row {y}, column {x}" in page.locator("#place-title").inner_text()
    assert value(page) == pytest.approx(expected[y, x, channel], abs=1e-4)
    total = page.locator("#sum .total")
    said = float(total.get_attribute("data-said"))
    if name.startswith("conv"):
        assert float(total.get_attribute("data-sum")) == pytest.approx(said, abs=1e-4)
        said = max(0.0, said)
    assert said == pytest.approx(expected[y, x, channel], abs=1e-4)


def test_a_click_chooses_the_place(inside, keras):
    page, classifier = inside
    expected = maps_of(keras, classifier, "conv_3")
    page.locator("#layers button").nth(4).click()
    page.locator("#maps button").nth(5).click()
    box = page.locator("#map").bounding_box()
    height, width = expected.shape[:2]
    place = {"x": 3.5 / width * box["width"], "y": 2.5 / height * box["height"]}
    page.locator("#map").click(position=place)
    assert "row 2, column 3" in page.locator("#place-title").inner_text()
    assert value(page) == pytest.approx(expected[2, 3, 5], abs=1e-4)


def test_nothing_stands_in_anybodys_way(inside):
    Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe
    page, _ = inside
    page.locator("#maps button").first.click()
    page.locator("#sum .total").wait_for()
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] != "minor"] == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
