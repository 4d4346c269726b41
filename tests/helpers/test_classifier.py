"""One file, one answer: by path, by bytes, through an upload, through the data set."""

import io
import sys
import types
import zipfile

import numpy as np
import pytest
from pictures import encoded, picture
from PIL import Image

from helpers import CourseError
from helpers.data import Split, dataset
from helpers.upload import ask_for_photos, uploaded


@pytest.fixture(scope="module")
def classifier(keras):
    from helpers.classifier import Classifier
    from helpers.network import three_blocks

    keras.utils.set_random_seed(0)
    return Classifier(three_blocks((32, 40)), ("clean", "messy"))


@pytest.fixture
def odd_files(tmp_path):
    """The same room as people have it: in every mode and turned every way."""
    exif = Image.Exif()
    exif[0x0112] = 8
    pixels = picture(3, (90, 120))
    turned = io.BytesIO()
    Image.fromarray(pixels).save(turned, "JPEG", exif=exif)
    alpha = np.dstack([pixels, np.full(pixels.shape[:2], 90, np.uint8)])
    contents = {
        "rgb.jpg": encoded(pixels, "JPEG"),
        "turned.jpg": turned.getvalue(),
        "alpha.png": encoded(alpha),
        "grey.png": encoded(pixels[..., 0]),
        "deep.png": encoded(pixels[..., 0].astype(np.uint16) * 257),
        "webp.jpg": encoded(pixels, "WEBP"),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in contents]


def test_the_same_answer_through_every_way_in(classifier, odd_files):
    split = Split(tuple(odd_files), np.zeros(len(odd_files), np.int32))
    batches = dataset(split, classifier.size)
    through_set = np.concatenate([classifier.probabilities(x.numpy()) for x, _ in batches])[:, 1]
    value = tuple({"name": f.name, "content": memoryview(f.read_bytes())} for f in odd_files)
    for i, (name, content) in enumerate(uploaded(value).items()):
        for source in (odd_files[i], content, io.BytesIO(content)):
            answer = classifier.answer(source, name)
            assert answer.probabilities["messy"] == pytest.approx(through_set[i], abs=1e-6)
    assert np.ptp(through_set) > 1e-4, "the files are too alike for the test to notice anything"


def test_answers_by_the_threshold(classifier, odd_files):
    from helpers.classifier import Classifier

    p = classifier.answer(odd_files[0]).probabilities["messy"]
    for threshold, label in ((p - 0.01, "messy"), (p + 0.01, "clean")):
        answer = Classifier(classifier.model, ("clean", "messy"), threshold).answer(odd_files[0])
        assert answer.label == label
        assert answer.confidence == pytest.approx(answer.probabilities[label])


def test_saved_and_loaded_it_answers_alike(classifier, tmp_path, keras):
    from helpers.classifier import Classifier, load_classifier, save_classifier

    path = tmp_path / "new" / "rooms.keras"
    save_classifier(Classifier(classifier.model, ("clean", "messy"), 0.7), path)
    again = load_classifier(path)
    assert (again.class_names, again.size, again.threshold) == (("clean", "messy"), (32, 40), 0.7)
    images = np.stack([picture(i, (32, 40)) for i in range(5)])
    np.testing.assert_array_equal(again.probabilities(images), classifier.probabilities(images))
    plain = keras.models.load_model(path)
    np.testing.assert_array_equal(
        plain.predict(images, verbose=0)[:, 0], again.probabilities(images)[:, 1]
    )
    assert [p.name for p in path.parent.iterdir()] == ["rooms.keras"]


def test_three_classes_take_the_largest(keras):
    from helpers.classifier import Classifier

    model = keras.Sequential(
        [keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")]
    )
    images = np.stack([picture(i, (4, 4)) for i in range(6)])
    three = Classifier(model, ("a", "b", "c"))
    np.testing.assert_array_equal(three.indices(images), three.probabilities(images).argmax(axis=1))


def test_a_file_that_is_no_classifier_gets_a_sentence(classifier, tmp_path):
    from helpers.classifier import load_classifier

    (tmp_path / "text.keras").write_text("no model")
    classifier.model.save(tmp_path / "plain.keras")
    with zipfile.ZipFile(tmp_path / "hollow.keras", "w") as archive:
        archive.writestr("classifier.json", '{"class_names": ["a", "b"], "threshold": 0.5}')
    for name in ("text.keras", "plain.keras", "missing.keras", "hollow.keras"):
        with pytest.raises(CourseError, match=name):
            load_classifier(tmp_path / name)


@pytest.mark.parametrize("facts", ['{"class_names": ["a", "b"]}', '{"threshold": 0.5}', "[]"])
def test_a_file_without_all_the_facts_gets_a_sentence(classifier, tmp_path, facts):
    from helpers.classifier import load_classifier

    classifier.model.save(tmp_path / "poor.keras")
    with zipfile.ZipFile(tmp_path / "poor.keras", "a") as archive:
        archive.writestr("classifier.json", facts)
    with pytest.raises(CourseError, match=r"poor\.keras has no class names or no threshold"):
        load_classifier(tmp_path / "poor.keras")


def test_a_layer_that_keras_does_not_know_gets_a_sentence(keras, tmp_path):
    from helpers.classifier import Classifier, load_classifier, save_classifier

    class Own(keras.layers.Layer):
        def call(self, inputs):
            return inputs

    layers = [keras.Input((4, 4, 3)), Own(), keras.layers.Flatten(), keras.layers.Dense(1)]
    save_classifier(Classifier(keras.Sequential(layers), ("a", "b")), tmp_path / "own.keras")
    with pytest.raises(CourseError, match=r"own\.keras has a layer that Keras cannot build"):
        load_classifier(tmp_path / "own.keras")


def test_rescaling_is_part_of_the_network(classifier):
    """The mutation that drops the rescaling is found here."""
    white = np.full((1, 32, 40, 3), 255, np.uint8)
    rescaled = classifier.model.layers[0](white)
    assert float(rescaled.numpy().max()) == pytest.approx(1.0)


@pytest.mark.parametrize("version", [7, 8])
def test_uploads_of_both_ipywidgets(version):
    items = {"a.jpg": b"one", "b.png": b"two"}
    if version == 7:
        value = {n: {"metadata": {"name": n}, "content": c} for n, c in items.items()}
    else:
        value = tuple({"name": n, "content": memoryview(c)} for n, c in items.items())
    assert uploaded(value) == items


def test_without_a_person_the_default_is_told(tmp_path, monkeypatch):
    (tmp_path / "room.jpg").write_bytes(b"bytes")
    monkeypatch.setenv("COURSE_LIVE", "0")
    told = []
    ask_for_photos(told.append, tmp_path / "room.jpg")
    assert told == [{"room.jpg": b"bytes"}]


@pytest.mark.parametrize("chosen", [{"mine.jpg": b"mine"}, {}])
def test_colab_asks_by_its_own_dialogue(tmp_path, monkeypatch, chosen):
    (tmp_path / "room.jpg").write_bytes(b"bytes")
    colab = types.ModuleType("google.colab")
    colab.files = types.SimpleNamespace(upload=lambda: chosen)
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    monkeypatch.delenv("COURSE_LIVE")  # somebody looks on
    told = []
    ask_for_photos(told.append, tmp_path / "room.jpg")
    assert told == [chosen or {"room.jpg": b"bytes"}]


def test_the_network_of_chapter_4_is_the_one_that_later_chapters_train(keras):
    import nbformat
    from pictures import ROOT

    from helpers.network import EPOCHS, SIZE, three_blocks

    notebook = nbformat.read(ROOT / "notebooks" / "04_convolutional_network.ipynb", as_version=4)
    source = next(c.source for c in notebook.cells if "def three_blocks" in c.source)
    names = {"keras": keras, "layers": keras.layers}
    exec(source, names)
    output = keras.layers.Dense(1, activation="sigmoid", name="output")
    taught = names["three_blocks"](output).get_config()["layers"]
    shared = three_blocks().get_config()["layers"]
    strip = lambda layer: {k: v for k, v in layer["config"].items() if k != "seed"}  # noqa: E731
    assert [strip(layer) for layer in taught] == [strip(layer) for layer in shared]
    assert names["SIZE"] == SIZE
    assert any(f"epochs={EPOCHS}" in c.source for c in notebook.cells)
    keras.utils.set_random_seed(1)
    output = keras.layers.Dense(1, activation="sigmoid", name="output")
    first = names["three_blocks"](output).get_weights()
    keras.utils.set_random_seed(1)
    for one, other in zip(first, three_blocks().get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", ["m", "m.h5", "m.KERAS"])
def test_a_name_that_keras_would_not_read_is_refused(classifier, tmp_path, name):
    from helpers.classifier import load_classifier, save_classifier

    with pytest.raises(CourseError, match=r"does not end in \.keras: give the file a name"):
        save_classifier(classifier, tmp_path / name)
    assert not list(tmp_path.iterdir())
    save_classifier(classifier, tmp_path / "m.keras")
    (tmp_path / "m.keras").rename(tmp_path / name)
    with pytest.raises(CourseError, match=r"does not end in \.keras.* rename it"):
        load_classifier(tmp_path / name)
