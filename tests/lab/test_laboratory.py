"""The laboratory's page: it answers as Python does, says what is wrong, and asks nobody."""

import base64
import json

import numpy as np
import pytest
from accessibility import faults
from pictures import encoded, picture
from PIL import Image

from helpers.data import SAMPLES
from helpers.fit import FITS

for needed in ("onnx", "tf2onnx"):
    pytest.importorskip(needed, reason="what the apps need is not installed: make apps")

ROOMS = sorted((SAMPLES / "rooms" / "test").rglob("*.jpg"))
LOOKS = [{"color_scheme": "light"}, {"color_scheme": "dark"}]


def onnx_file(keras, path, fit="cut", facts=None):
    """Write an untrained network as `make export` does; return it as a classifier, too."""
    from apps.export.formats import FACTS, as_onnx
    from helpers.classifier import Classifier, facts_of
    from helpers.network import three_blocks

    keras.utils.set_random_seed(0)
    classifier = Classifier(three_blocks((32, 40)), ("clean", "messy"), 0.49, fit)
    said = {FACTS: facts_of(classifier)} if facts is None else facts
    path.write_bytes(as_onnx(classifier.model, classifier.size, said))
    return classifier


@pytest.fixture(scope="module")
def own(keras, tmp_path_factory):
    """(path, classifier) of an exported network for each fit."""
    folder = tmp_path_factory.mktemp("own")
    return {fit: (p := folder / f"{fit}.onnx", onnx_file(keras, p, fit)) for fit in FITS}


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Photos as people have them, turned in every way and stored in many."""
    folder = tmp_path_factory.mktemp("odd")
    image = Image.fromarray(picture(3, (90, 120)))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        image.save(folder / f"exif_{orientation}.jpg", exif=exif)
    image.convert("L").save(folder / "grey.jpg")
    for mode in ("P", "1", "L"):
        image.convert(mode).save(folder / f"{mode}.png")
    image.save(folder / "progressive.jpg", progressive=True, subsampling=2)
    image.save(folder / "lossless.webp", lossless=True)
    image.save(folder / "bitmap.bmp")
    (folder / "webp.jpg").write_bytes(encoded(np.asarray(image), "WEBP"))
    return sorted(folder.iterdir())


def opened(page, file, size, fit):
    """What the page's own modules make of a file."""
    said = page.evaluate(
        """async ([content, name, height, width, fit]) => {
          const { openPhoto } = await import("./js/photo.js");
          const { fitted } = await import("./js/fit.js");
          const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
          const photo = await openPhoto(new File([bytes], name));
          return Array.from(fitted(photo, height, width, fit));
        }""",
        [base64.b64encode(file.read_bytes()).decode(), file.name, *size, fit],
    )
    return np.array(said, np.uint8).reshape(*size, 3)


def ask(page, file):
    """Hand the page a photo; return what it says of each class."""
    page.locator("#ask-bars").evaluate("body => body.replaceChildren()")
    page.locator("#ask-file").set_input_files(file)
    page.locator("#ask-bars tr").first.wait_for()
    rows = page.locator("#ask-bars tr").all()
    return {r.get_attribute("data-class"): float(r.get_attribute("data-p")) for r in rows}


def use(page, path):
    page.locator("#ask-network").set_input_files(path)
    page.locator("#network", has_text=path.name).wait_for()


# ---- the answer


@pytest.mark.parametrize("fit", FITS)
def test_pixels_are_pillows_to_the_byte(page, odd, fit):
    from helpers.images import open_image

    for file in [*ROOMS, *odd]:
        for size in ((96, 96), (40, 64)):
            expected = open_image(file, size, fit=fit)
            np.testing.assert_array_equal(opened(page, file, size, fit), expected, file.name)


def test_transparency_lies_on_white(page, tmp_path):
    """A browser multiplies by the transparency first, and so may miss by a step or two."""
    from helpers.images import open_image

    pixels = picture(3, (90, 120))
    clear = np.broadcast_to(np.arange(120, dtype=np.uint8) * 2, (90, 120))
    (tmp_path / "clear.png").write_bytes(encoded(np.dstack([pixels, clear])))
    expected = open_image(tmp_path / "clear.png", (40, 64)).astype(int)
    assert np.abs(opened(page, tmp_path / "clear.png", (40, 64), "cut") - expected).max() <= 2


@pytest.mark.parametrize("fit", FITS)
def test_the_same_six_digits_as_every_other_way_in(page, own, odd, fit):
    path, classifier = own[fit]
    use(page, path)
    for file in [*ROOMS, *odd]:
        expected = classifier.answer(file)
        said = ask(page, file)
        assert said == pytest.approx(expected.probabilities, abs=1e-6), file.name
        assert expected.label in page.locator("#ask-said").inner_text()


def test_mistakes_are_those_that_programs_make(page, own):
    path, classifier = own["cut"]
    use(page, path)
    file = ROOMS[3]
    right = ask(page, file)["messy"]
    photo = Image.open(file).convert("RGB").rotate(-90, expand=True)
    wrong = {
        "bgr": classifier.open(file)[..., ::-1],
        "side": classifier.open(encoded(np.asarray(photo))),
        "unscaled": classifier.open(file) * np.float32(255),
    }
    for name, pixels in wrong.items():
        switch = page.locator(f"#mistake-{name}")
        switch.check()
        page.locator("#ask-against", has_text="Without the mistake").wait_for()
        expected = float(classifier.probabilities(pixels[None])[0, 1])
        said = float(page.locator('#ask-bars [data-class="messy"]').get_attribute("data-p"))
        assert said == pytest.approx(expected, abs=1e-5), name
        assert abs(said - right) > 1e-5, "the mistake makes no difference"
        switch.uncheck()
        page.locator("#ask-against").wait_for(state="hidden")
    assert ask(page, file)["messy"] == right


def test_where_it_looked_is_what_covering_costs(page):
    """A network of the page's size that counts red in one corner looks there."""
    cost = page.evaluate("""async () => {
      const { whereItLooked } = await import("./js/occlusion.js");
      const [height, width] = [40, 40];
      const pixels = new Uint8Array(height * width * 3);
      for (let y = 30; y < 35; y += 1) {
        for (let x = 5; x < 10; x += 1) pixels[(y * width + x) * 3] = 250;
      }
      const ask = async (images) => {
        const rows = [];
        for (let at = 0; at < images.length; at += pixels.length) {
          let red = 0;
          for (let k = at; k < at + pixels.length; k += 3) red += images[k] > 100;
          rows.push([1 - red / 25, red / 25]);
        }
        return rows;
      };
      return (await whereItLooked(ask, pixels, { height, width }, 1)).lost;
    }""")
    lost = np.array(cost).reshape(8, 8)
    assert lost[6, 1] == 1 and lost[:4].max() == 0 and lost[:, 4:].max() == 0


# ---- what is wrong gets one sentence


def said_of(page):
    error = page.locator("#ask-error")
    error.wait_for()
    text = error.inner_text()
    assert text.count("\n") == 0
    return text


def test_bad_pictures_get_their_sentence(page, tmp_path):
    whole = ROOMS[0].read_bytes()
    huge = bytearray(encoded(picture(1)))
    huge[16:24] = (60000).to_bytes(4, "big") * 2  # the header claims 10 GB
    contents = {
        "text.jpg": (b"no picture", "is not a picture that can be read"),
        "empty.jpg": (b"", "is empty"),
        "cut.jpg": (whole[: len(whole) // 2], "is damaged or cut off"),
        "half.png": (encoded(picture(1))[:200], "is damaged or cut off"),
        "huge.png": (bytes(huge), "60000 x 60000 pixels"),
        "phone.heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC, which this browser cannot"),
    }
    for name, (content, sentence) in contents.items():
        (tmp_path / name).write_bytes(content)
        page.locator("#ask-file").set_input_files(tmp_path / name)
        page.locator("#ask-error", has_text=name).wait_for()
        assert sentence in said_of(page)
        assert not page.locator("#ask-answer").is_visible()
    with (tmp_path / "large.jpg").open("wb") as file:
        file.truncate(65 * 2**20)
    page.locator("#ask-file").set_input_files(tmp_path / "large.jpg")
    page.locator("#ask-error", has_text="more than 64 MB").wait_for()
    assert set(ask(page, ROOMS[0])) == {"clean", "messy"}


def strangers(onnx, folder):
    """Write networks that run, and must not; return what is said of each."""
    from onnx import TensorProto, helper

    def write(name, shape, kind, metadata, functions=(), domain=""):
        takes = helper.make_tensor_value_info("x", TensorProto.UINT8, shape)
        out = helper.make_tensor_value_info("y", kind, None)
        nodes = [helper.make_node("Cast", ["x"], ["y"], to=kind)]
        if functions:
            nodes = [helper.make_node("Endless", ["x"], ["y"], domain=domain)]
        opsets = [helper.make_opsetid("", 15), helper.make_opsetid("own", 1)]
        graph = helper.make_graph(nodes, "g", [takes], [out])
        model = helper.make_model(
            graph, opset_imports=opsets, ir_version=8, functions=list(functions)
        )
        model.metadata_props.add(key="classifier", value=json.dumps(metadata))
        onnx.save(model, folder / name)

    said = {"class_names": ["a", "b"], "threshold": 0.5}
    once = helper.make_node("Identity", ["v"], ["w"])
    loop = helper.make_node(
        "Loop", ["", "", "v"], ["w"], body=helper.make_graph([once], "b", [], [])
    )
    opset = [helper.make_opsetid("", 15)]
    endless = helper.make_function("own", "Endless", ["v"], ["w"], [loop], opset)
    many = ["n", 8, 8, 3]
    write("hidden.onnx", many, TensorProto.UINT8, said, [endless], "own")
    write("single.onnx", [1, 8, 8, 3], TensorProto.FLOAT, said)
    write("whole.onnx", many, TensorProto.INT64, said)
    write("commands.onnx", many, TensorProto.FLOAT, said | {"class_names": ["a", "b\n\x1b[2J"]})
    return {
        "hidden.onnx": "holds a Loop",
        "single.onnx": "takes uint8 (1, 8, 8, 3)",
        "whole.onnx": "returns int64",
        "commands.onnx": "control character",
    }


def test_bad_networks_get_their_sentence(page, keras, own, tmp_path):
    import onnx
    from onnx import TensorProto, helper

    floats = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4])
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 4])
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "g", [floats], [out])
    other = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.save(other, tmp_path / "other.onnx")
    (tmp_path / "noise.onnx").write_bytes(bytes(range(256)))
    (tmp_path / "cut.onnx").write_bytes(own["cut"][0].read_bytes()[:5000])
    (tmp_path / "rooms.keras").write_bytes(b"PK")
    onnx_file(keras, tmp_path / "nameless.onnx", facts={})
    for name, fact in (("three", ["a", "b", "c"]), ("twice", ["a", "a"]), ("none", "ab")):
        onnx_file(keras, tmp_path / f"{name}.onnx", facts={"classifier": {"class_names": fact}})
    with (tmp_path / "giant.onnx").open("wb") as file:
        file.truncate(4 * 2**30)
    sentences = {
        "other.onnx": "takes float32 (1, 4)",
        "noise.onnx": "is not an ONNX file",
        "cut.onnx": "is not an ONNX file",
        "rooms.keras": "run `make export`",
        "nameless.onnx": "carries no class names",
        "three.onnx": "names 3 classes, and its output has 1 units",
        "twice.onnx": "class names that are none",
        "none.onnx": "class names that are none",
        "giant.onnx": "more than 200 MB",
    }
    for name, sentence in sentences.items():
        page.locator("#ask-network").set_input_files(tmp_path / name)
        page.locator("#ask-error", has_text=name).wait_for()
        assert sentence in said_of(page)
    page.locator("#network", has_text="The rooms’ network").wait_for()
    for name, others in strangers(onnx, tmp_path).items():
        page.locator("#ask-network").set_input_files(tmp_path / name)
        page.locator("#ask-error", has_text=name).wait_for()
        assert others in said_of(page)
    facts = tmp_path / "nameless.onnx.json"
    facts.write_text(json.dumps({"class_names": ["x", "y"], "threshold": 0.4, "fit": "pad"}))
    page.locator("#ask-network").set_input_files([tmp_path / "nameless.onnx", facts])
    page.locator("#network", has_text="padded with white. From 0.4 on it says y").wait_for()
    page.locator("#ask-rooms").click()
    page.locator("#network", has_text="The rooms’ network").wait_for()


def test_what_a_file_leaves_out_is_said_to_be_taken_for_granted(page, keras, tmp_path):
    two = ["x", "y"]
    said = {
        "bare": ({"class_names": two}, "names no threshold and no way to fit a photo: these are"),
        "fitted": ({"class_names": two, "fit": "pad"}, "names no threshold: this is what the page"),
        "whole": ({"class_names": two, "fit": "cut", "threshold": 0.5}, ""),
    }
    for name, (facts, sentence) in said.items():
        onnx_file(keras, tmp_path / f"{name}.onnx", facts={"classifier": facts})
        use(page, tmp_path / f"{name}.onnx")
        told = page.locator("#network").inner_text()
        assert "From 0.5 on it says y" in told
        assert (sentence in told) if sentence else ("where none is named" not in told)


def test_several_photos_are_not_passed_by_in_silence(page):
    drop = """names => {
      const files = new DataTransfer();
      for (const name of names) files.items.add(new File(["x"], name));
      const how = { bubbles: true, cancelable: true, dataTransfer: files };
      const area = document.querySelector(names.length > 1 ? "#ask" : "footer");
      return area.dispatchEvent(new DragEvent("drop", how));
    }"""
    page.evaluate(drop, ["one.jpg", "two.jpg"])
    page.locator("#ask-error", has_text="2 photos at once: choose one").wait_for()
    # Beside the areas a browser would open the file in the place of the page.
    assert page.evaluate(drop, ["one.jpg"]) is False


# ---- whoever uses it, and wherever


@pytest.mark.parametrize("page", LOOKS, indirect=True)
def test_nothing_stands_in_anybodys_way(page, tmp_path):
    assert faults(page) == []
    ask(page, ROOMS[0])
    page.locator("#ask-where").check()
    page.locator("#mistake-bgr").check()
    page.locator("#ask-against").wait_for()
    assert faults(page) == []
    (tmp_path / "text.jpg").write_text("no picture")
    page.locator("#ask-file").set_input_files(tmp_path / "text.jpg")
    page.locator("#ask-error").wait_for()
    assert faults(page) == []
    for tab in ("inside", "teach"):
        page.locator(f"#tab-{tab}").click()
        assert faults(page) == []
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("at", ["", "#ask", "#inside", "#teach"])
@pytest.mark.parametrize("size", [(390, 844), (1280, 720)])
def test_it_opens_at_its_top(page, address, at, size):
    """There stand the tabs, and that the photos stay."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("about:blank")
    page.goto(f"{address}{at}")
    page.locator("[data-ready=yes]").wait_for(state="attached")
    page.wait_for_load_state("load")
    page.wait_for_timeout(300)  # a browser scrolls to what an address names some time later
    assert page.evaluate("scrollY") == 0
    if at:
        assert page.locator(f"{at}").is_visible()


def test_touch_targets_are_large_enough(page):
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, ROOMS[0])
    for tab in ("ask", "teach"):
        page.locator(f"#tab-{tab}").click()
        for target in page.locator("button:visible, label:has(input):visible").all():
            assert target.bounding_box()["height"] >= 44, target.inner_text()


def test_by_keyboard_alone(page):
    page.locator("#samples button").first.focus()
    page.keyboard.press("Enter")
    page.locator("#ask-bars tr").first.wait_for()
    page.locator("#mistake-bgr").focus()
    page.keyboard.press("Space")
    page.locator("#ask-against", has_text="Without the mistake").wait_for()
    page.locator("#tab-ask").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#inside").is_visible() and not page.locator("#ask").is_visible()
    page.keyboard.press("End")
    assert page.locator("#teach").is_visible()
    page.keyboard.press("ArrowRight")
    assert page.locator("#ask").is_visible()


def test_a_photo_from_the_camera(page):
    page.locator("#ask-camera").click()
    page.locator("#shoot:not(:disabled)").click()
    page.locator("#ask-bars tr").first.wait_for()
    assert not page.locator("#camera").is_visible()
    assert page.evaluate("document.getElementById('video').srcObject") is None, "it still runs"


def test_without_a_camera_it_says_so(page):
    page.context.clear_permissions()
    page.evaluate("""() => {
      const none = new DOMException("", "NotFoundError");
      navigator.mediaDevices.getUserMedia = () => Promise.reject(none);
    }""")
    page.locator("#ask-camera").click()
    page.locator("#camera-error", has_text="No camera could be opened (NotFoundError)").wait_for()


def test_the_copy_that_is_kept_is_of_these_files(address):
    from tools.laboratory import BUILT, files

    assert (BUILT / "files.js").read_text() == files(BUILT), "after a change: make laboratory"


def test_after_the_first_visit_no_network_is_needed(page):
    page.locator("html[data-kept]").wait_for()
    page.context.set_offline(True)
    page.reload()
    page.locator("html[data-ready]").wait_for()
    expected = ask(page, ROOMS[0])
    page.context.set_offline(False)
    page.reload()
    page.locator("html[data-ready]").wait_for()
    assert ask(page, ROOMS[0]) == expected


def test_the_policy_lets_nothing_else_in(page):
    """No script of another's, no inline script, and no request elsewhere."""
    outcome = page.evaluate("""async () => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      script.remove();
      const asked = await fetch("https://example.org/").then(() => "went", () => "refused");
      return [window.ran ?? "refused", asked];
    }""")
    assert outcome == ["refused", "refused"]
    assert any("inline script" in fault for fault in page.faults)
    # The fixture takes any other as a fault of the page.
    page.faults[:] = [f for f in page.faults if "inline" not in f and "example.org" not in f]
