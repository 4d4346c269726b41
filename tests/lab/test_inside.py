"""What the page shows of a network's layers is what Keras computes there."""

import numpy as np
import pytest
from accessibility import faults

from helpers.data import SAMPLES

ROOM = sorted((SAMPLES / "rooms" / "test" / "messy").glob("*.jpg"))[0]


def look_into(page, keras, model, class_names, folder):
    """Hand the page a network and a room, and open what it computes; return the network."""
    pytest.importorskip("tf2onnx", reason="what the apps need is not installed: make apps")
    from apps.export.formats import FACTS, as_onnx
    from helpers.classifier import Classifier, facts_of

    classifier = Classifier(model, class_names)
    facts = {FACTS: facts_of(classifier)}
    (folder / "own.onnx").write_bytes(as_onnx(classifier.model, classifier.size, facts))
    page.locator("#ask-network").set_input_files(folder / "own.onnx")
    page.locator("#network", has_text="own.onnx").wait_for()
    page.locator("#ask-file").set_input_files(ROOM)
    page.locator("#ask-bars tr").first.wait_for()
    page.locator("#tab-inside").click()
    page.locator("#layers button").first.wait_for()
    return classifier


@pytest.fixture
def inside(page, keras, tmp_path):
    """The page, looking into an exported network; and that network."""
    from helpers.network import three_blocks

    keras.utils.set_random_seed(0)
    return page, look_into(page, keras, three_blocks((48, 40)), ("clean", "messy"), tmp_path)


def maps_of(keras, classifier, name):
    model = classifier.model
    body = keras.Model(model.inputs, model.get_layer(name).output)
    return body.predict(classifier.open(ROOM)[None], verbose=0)[0]


def value(page):
    return float(page.locator("#place-title").inner_text().split(": ")[1].replace("−", "-"))


def test_layers_are_the_networks(inside):
    page, _ = inside
    names = page.locator("#layers b").all_inner_texts()
    assert names == ["conv_1", "pool_1", "conv_2", "pool_2", "conv_3", "pool_3", "dense", "output"]
    assert "32 of 21 × 17" in page.locator("#layers button").nth(2).inner_text()
    assert page.locator("#layers small").all_inner_texts()[-2:] == [
        "dense, 64 units",
        "dense, 1 unit",
    ]


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


def rows_of(page):
    """What the page shows of the inputs of a unit: name, number, weight, product."""
    rows = [
        row.locator("th, td").all_inner_texts() for row in page.locator(".inputs tbody tr").all()
    ]
    return [(name, *(float(cell.replace("−", "-")) for cell in cells)) for name, *cells in rows]


def added_up(page):
    """The sum that the page has made of a unit, which is what the runtime has returned."""
    total = page.locator("#sum .total")
    made, said = (float(total.get_attribute(f"data-{name}")) for name in ("sum", "said"))
    assert made == pytest.approx(said, abs=1e-4)
    return made


def test_a_dense_unit_is_the_sum_of_its_inputs_times_their_weights(inside, keras):
    page, classifier = inside
    pooled, units = (maps_of(keras, classifier, name) for name in ("pool_3", "dense"))
    kernel, bias = classifier.model.get_layer("dense").get_weights()
    unit = int(units.argmax())
    page.locator("#layers button", has_text="dense, 64").click()
    page.locator("#maps button").nth(unit).click()
    assert value(page) == pytest.approx(units[unit], abs=1e-4)
    assert added_up(page) == pytest.approx(pooled.ravel() @ kernel[:, unit] + bias[unit], abs=1e-4)
    products = pooled.ravel() * kernel[:, unit]
    most = np.sort(np.abs(products))[::-1]
    for rank, (name, number, weight, product) in enumerate(rows_of(page)):
        channel, row, column = (int(word.split()[1]) for word in name.split(", "))
        index = np.ravel_multi_index((row, column, channel), pooled.shape)
        assert number == pytest.approx(pooled[row, column, channel], abs=1e-4)
        assert weight == pytest.approx(kernel[index, unit], abs=1e-4)
        assert product == pytest.approx(products[index], abs=1e-4)
        assert abs(product) == pytest.approx(most[rank], abs=1e-4)


def test_from_the_answer_one_gets_back_to_the_photo(inside, keras):
    """A click on an input opens the number that it was, layer by layer."""
    page, classifier = inside
    page.locator("#layers button", has_text="dense, 1 unit").click()
    page.locator("#maps button").click()
    answer = maps_of(keras, classifier, "output")[0]
    assert value(page) == pytest.approx(answer, abs=1e-4)
    said = page.locator("#sum .total p").inner_text()
    assert said.startswith("The sigmoid") and said.endswith("the probability of messy.")
    for layer in ("dense", "pool_3"):
        (_, number, *_), *_ = rows_of(page)
        page.locator(".inputs button").first.click()
        assert f"of {layer}" in page.locator("#place-title").inner_text()
        assert value(page) == pytest.approx(number, abs=1e-4)
    assert page.locator("#map").is_visible()


@pytest.mark.parametrize("pooling", ["GlobalAveragePooling2D", "GlobalMaxPooling2D"])
def test_the_mean_of_a_map_and_softmax(page, keras, tmp_path, pooling):
    layers = keras.layers
    keras.utils.set_random_seed(0)
    body = [
        keras.Input((24, 20, 3)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(5, 3, name="conv", activation="relu"),
        getattr(layers, pooling)(name="pool"),
        layers.Dense(3, "softmax", name="output"),
    ]
    classifier = look_into(page, keras, keras.Sequential(body), ("bed", "chair", "sofa"), tmp_path)
    assert page.locator("#layers b").all_inner_texts() == ["conv", "pool", "output"]
    for index, name in ((1, "pool"), (2, "output")):
        expected = maps_of(keras, classifier, name)
        page.locator("#layers button").nth(index).click()
        for unit, button in enumerate(page.locator("#maps button").all()):
            button.click()
            assert value(page) == pytest.approx(expected[unit], abs=1e-4)
    pooled, (kernel, bias) = (
        maps_of(keras, classifier, "pool"),
        classifier.model.layers[-1].get_weights(),
    )
    assert added_up(page) == pytest.approx(pooled @ kernel[:, 2] + bias[2], abs=1e-4)
    assert "the probability of sofa" in page.locator("#sum .total").inner_text()
    names = {name for name, *_ in rows_of(page)}
    assert names == {f"unit {unit}" for unit in range(5)}


def test_a_file_from_elsewhere_has_its_weights_turned_and_its_layers_no_names(page, tmp_path):
    onnx = pytest.importorskip("onnx", reason="what the apps need is not installed: make apps")
    from onnx import TensorProto, helper, numpy_helper

    from helpers.images import open_image

    rng = np.random.default_rng(0)
    kernel = rng.normal(0, 1e-4, (3, 8 * 8 * 3)).astype(np.float32)
    bias = np.float32([0.1, -0.2, 0.3])
    nodes = [
        helper.make_node("Cast", ["x"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["floats"], ["flat"]),
        helper.make_node("Gemm", ["flat", "kernel", "bias"], ["sums"], transB=1),
        helper.make_node("Softmax", ["sums"], ["y"], axis=1),
    ]
    takes = helper.make_tensor_value_info("x", TensorProto.UINT8, ["n", 8, 8, 3])
    gives = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3])
    weights = [numpy_helper.from_array(kernel, "kernel"), numpy_helper.from_array(bias, "bias")]
    graph = helper.make_graph(nodes, "g", [takes], [gives], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    facts = '{"class_names": ["a", "b", "c"], "fit": "cut"}'
    model.metadata_props.add(key="classifier", value=facts)
    onnx.save(model, tmp_path / "elsewhere.onnx")
    page.locator("#ask-network").set_input_files(tmp_path / "elsewhere.onnx")
    page.locator("#network", has_text="elsewhere.onnx").wait_for()
    page.locator("#ask-file").set_input_files(ROOM)
    page.locator("#ask-bars tr").first.wait_for()
    page.locator("#tab-inside").click()
    assert page.locator("#layers button").inner_text().split() == ["Gemm", "dense,", "3", "units"]
    flat = open_image(ROOM, (8, 8), fit="cut").ravel().astype(np.float32)
    sums = kernel @ flat + bias
    for unit, share in enumerate(np.exp(sums) / np.exp(sums).sum()):
        page.locator("#maps button").nth(unit).click()
        assert value(page) == pytest.approx(share, abs=1e-4)
        assert added_up(page) == pytest.approx(sums[unit], abs=1e-4)
    (name, number, *_), *_ = rows_of(page)
    assert number == flat[int(name.removeprefix("input "))]


def test_nothing_stands_in_anybodys_way(inside):
    page, _ = inside
    page.locator("#maps button").first.click()
    page.locator("#sum .total").wait_for()
    assert faults(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator("#layers button", has_text="dense, 64").click()
    page.locator("#maps button").first.click()
    page.locator(".inputs").wait_for()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
