"""Exported, a model says what it said in Keras, whole batches and single images alike."""

import json
import re
import sys

import numpy as np
import pytest
from pictures import picture

from helpers import CourseError
from helpers.data import SAMPLES

pytest.importorskip("ai_edge_litert", reason="LiteRT is not installed: make apps")
pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed: make apps")

FLOAT = 1e-4  # the largest difference of a probability that is let pass
# And in eight bits; with the least correlation of the probabilities. A deep network of random
# weights multiplies what is rounded: trained on furniture, the same kept 29 of 30 labels.
INT8 = {"sigmoid": (0.25, 0.9), "softmax": (0.05, 0.99), "mobilenet": (1.0, 0.4)}
SIZE = (32, 40)
IMAGES = np.stack([picture(i, SIZE) for i in range(40)])
CALIBRATION = np.stack([picture(i, SIZE) for i in range(100, 140)])


def sigmoid(keras):
    from helpers.network import three_blocks

    model = three_blocks(SIZE)
    model.optimizer.build(model.trainable_variables)  # as after training
    return model, ("clean", "messy")


def softmax(keras):
    """Chapter 10's kind: an augmentation in the model, and normalisation between its layers."""
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((*SIZE, 3)), layers.RandomFlip(), layers.Rescaling(1 / 255)]
    )
    for filters in (8, 16):
        model.add(layers.Conv2D(filters, 3, padding="same"))
        model.add(layers.BatchNormalization())
        model.add(layers.ReLU())
        model.add(layers.MaxPooling2D())
    for layer in (layers.Flatten(), layers.Dropout(0.5), layers.Dense(3, activation="softmax")):
        model.add(layer)
    return model, ("bed", "chair", "sofa")


def mobilenet(keras):
    """Chapter 8's kind: a backbone in the model, a mean, and a head of its own."""
    layers, image = keras.layers, keras.Input((*SIZE, 3))
    scaled = layers.Rescaling(1 / 127.5, -1)(image)
    body = keras.applications.MobileNet(
        alpha=0.25, input_tensor=scaled, include_top=False, weights=None
    )
    head = keras.Sequential([keras.Input((256,)), layers.Dense(1, "sigmoid")])
    inner = keras.Model(image, body.outputs[0])
    model = keras.Sequential([inner, layers.GlobalAveragePooling2D(), head])
    return model, ("clean", "messy")


def lively(keras, model):
    """Fit a new model's running means to the pictures, and its head until the answers differ."""
    inner = [layer for part in model.layers for layer in getattr(part, "layers", [part])]
    for layer in inner:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0
    model(CALIBRATION.astype("float32"), training=True)
    *_, head = inner
    images = IMAGES.astype("float32")
    p = model(images).numpy()
    logits = np.log(p) if p.shape[1] > 1 else np.log(p / (1 - p))
    head.bias.assign(head.bias - logits.mean(axis=0))
    while np.ptp(model(images).numpy(), axis=0).max() < 0.4:
        head.kernel.assign(2 * head.kernel)
        head.bias.assign(2 * head.bias)
    return model


@pytest.fixture(scope="module", params=[sigmoid, softmax, mobilenet])
def exported(request, keras, tmp_path_factory):
    """(classifier, its .keras file, the exported files)."""
    from apps.export import export
    from helpers.classifier import Classifier, save_classifier

    keras.utils.set_random_seed(0)
    model, names = request.param(keras)
    classifier = Classifier(lively(keras, model), names, 0.49)
    path = tmp_path_factory.mktemp("export") / "mine.v1.keras"
    save_classifier(classifier, path)
    return classifier, path, export(path, path.parent / "new" / "export", CALIBRATION)


def test_every_format_agrees_with_keras(exported):
    from apps.export import runner

    classifier, _, files = exported
    expected = classifier.probabilities(IMAGES)
    assert np.ptp(expected, axis=0).max() > 0.2, "too alike for the test to notice anything"
    for kind in ("LiteRT", "ONNX"):
        run = runner(files[kind])
        for some in (slice(0, 1), slice(0, 5), slice(None), slice(5, 6)):
            p = run(IMAGES[some])
            assert p.dtype == np.float32 and p.shape == expected[some].shape
            assert np.abs(p - expected[some]).max() < FLOAT, (kind, some)


def test_in_eight_bits_it_says_nearly_the_same(exported, request):
    from apps.export import runner

    largest, together = INT8[request.node.callspec.params["exported"].__name__]
    classifier, _, files = exported
    expected, run = classifier.probabilities(IMAGES), runner(files["LiteRT int8"])
    p = run(IMAGES)
    assert 1e-5 < np.abs(p - expected).max() < largest, "too far, or nothing was made smaller"
    assert np.corrcoef(p[:, 0], expected[:, 0])[0, 1] > together
    assert p.sum(axis=1) == pytest.approx(1, abs=0.02) and p.dtype == np.float32
    for some in (slice(0, 1), slice(0, 5)):
        assert run(IMAGES[some]) == pytest.approx(p[some], abs=0.01)
    small, large = (files[kind].stat().st_size for kind in ("LiteRT int8", "LiteRT"))
    assert small < 0.6 * large


def test_beside_each_file_lies_what_one_has_to_know(exported):
    classifier, path, files = exported
    assert [file.name for file in files.values()] == [
        "mine.v1.tflite",
        "mine.v1.int8.tflite",
        "mine.v1.onnx",
    ]
    for file in files.values():
        facts = json.loads(file.with_name(file.name + ".json").read_text())
        assert facts["class_names"] == list(classifier.class_names)
        assert (facts["size"], facts["threshold"]) == (list(SIZE), 0.49)
    assert len(list(file.parent.iterdir())) == 6, "something was left lying about"


def test_the_keras_file_runs_like_the_others(exported):
    from apps.export import runner

    classifier, path, _ = exported
    np.testing.assert_allclose(
        runner(path)(IMAGES[:5]), classifier.probabilities(IMAGES[:5]), atol=1e-5
    )


@pytest.fixture(scope="module")
def small(keras, tmp_path_factory):
    """A new network for the rooms, saved."""
    from helpers.classifier import Classifier, save_classifier

    keras.utils.set_random_seed(1)
    path = tmp_path_factory.mktemp("small") / "small.keras"
    save_classifier(Classifier(*sigmoid(keras)), path)
    return path


def test_files_are_replaced_whole_or_not_at_all(small, tmp_path, monkeypatch):
    from apps import export as module

    for name in ("small.tflite", "small.onnx"):
        (tmp_path / name).write_bytes(b"before")
    converted = module._converted
    monkeypatch.setattr(module, "_converted", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        module.export(small, tmp_path, CALIBRATION)
    assert (tmp_path / "small.tflite").read_bytes() == b"before"

    contents = {"LiteRT": b"LiteRT, new", "ONNX": b"ONNX, new"}
    monkeypatch.setattr(module, "_converted", lambda *_: contents)
    replace = module.Path.replace

    def full(part, target):
        if target.name == "small.onnx":
            raise OSError(28, "No space left on device")
        return replace(part, target)

    monkeypatch.setattr(module.Path, "replace", full)
    with pytest.raises(CourseError, match=r"small\.onnx cannot be written \(No space left"):
        module.export(small, tmp_path, CALIBRATION)
    monkeypatch.undo()
    assert module._converted is converted
    assert (tmp_path / "small.tflite").read_bytes() == b"LiteRT, new"
    assert (tmp_path / "small.onnx").read_bytes() == b"before"
    assert sorted(f.name for f in tmp_path.iterdir()) == [
        "small.onnx",
        "small.tflite",
        "small.tflite.json",
    ]


def test_what_cannot_be_exported_gets_a_sentence(keras, small, tmp_path):
    from apps.export import export
    from helpers.classifier import Classifier, save_classifier

    (tmp_path / "text.keras").write_text("no model")
    (tmp_path / "cut.keras").write_bytes(small.read_bytes()[:5000])
    head = keras.Sequential([keras.Input((9,)), keras.layers.Dense(1, activation="sigmoid")])
    save_classifier(Classifier(head, ("clean", "messy")), tmp_path / "head.keras")
    for name in ("text.keras", "cut.keras", "head.keras", "missing.keras"):
        with pytest.raises(CourseError, match=name):
            export(tmp_path / name, tmp_path / "to", CALIBRATION)
    with pytest.raises(CourseError, match="--photos"):
        export(small, tmp_path / "to", CALIBRATION[:0])
    assert not (tmp_path / "to").exists()


def test_the_program_says_that_features_are_no_images(keras, tmp_path, monkeypatch):
    from apps import export as module
    from helpers.classifier import Classifier, save_classifier

    head = keras.Sequential([keras.Input((9,)), keras.layers.Dense(1, activation="sigmoid")])
    save_classifier(Classifier(head, ("clean", "messy")), tmp_path / "head.keras")
    monkeypatch.setattr(sys, "argv", ["export", "--model", str(tmp_path / "head.keras")])
    with pytest.raises(CourseError, match=r"head\.keras takes no images but features"):
        module.main()


def test_what_cannot_be_run_gets_a_sentence(small, exported, tmp_path):
    from apps.export import runner

    (tmp_path / "folder.onnx").mkdir()
    for file in exported[2].values():
        (tmp_path / f"cut.{file.name}").write_bytes(file.read_bytes()[:2000])
        (tmp_path / f"text.{file.name}").write_text("no model")
    (tmp_path / "model.h5").write_text("no model")
    names = [f.name for f in tmp_path.iterdir()] + ["missing.tflite", "missing.onnx"]
    assert len(names) == 10
    for name in names:
        with pytest.raises(CourseError, match=re.escape(name)):
            runner(tmp_path / name)


def test_the_table_counts_what_differs(keras, small, tmp_path, monkeypatch):
    """A file that turns every answer round must not look like one that keeps them."""
    from apps import export as module
    from helpers.classifier import load_classifier

    monkeypatch.setattr(module, "ROUNDS", 1)
    classifier = load_classifier(small)
    expected = classifier.probabilities(IMAGES)
    right = expected.argmax(axis=1)
    labels = np.where(np.arange(len(right)) < 10, 1 - right, right)  # 30 of 40 are right
    turned = module.runner(small)
    monkeypatch.setattr(module, "runner", lambda path: lambda images: turned(images)[:, ::-1])
    (tmp_path / "turned.onnx").write_bytes(bytes(2000))
    rows = module.compare(small, {"turned": tmp_path / "turned.onnx"}, IMAGES, labels)
    ways = ["Keras, predict", "Keras, predict_on_batch", "Keras, compiled call", "turned"]
    assert [row.way for row in rows] == ways
    for row in rows[:3]:
        assert (row.accuracy, row.differ) == (0.75, 0) and row.largest < 1e-5
        assert row.kb == pytest.approx(small.stat().st_size / 1000)
    assert (rows[3].accuracy, rows[3].differ, rows[3].kb) == (0.25, 40, 2)
    assert rows[3].largest == pytest.approx(np.ptp(expected, axis=1).max(), abs=1e-5)
    assert all(row.single > 0 and row.batched > 0 for row in rows)
    lines = module.table(rows).splitlines()
    assert len(lines) == 6 and "25.0%" in lines[-1] and len({len(line) for line in lines}) == 1
    unlabelled = module.compare(small, {}, IMAGES[:2])
    assert np.isnan(unlabelled[0].accuracy) and "nan" not in module.table(unlabelled)


def test_pictures_to_calibrate_with_are_not_those_to_measure_on(small, photo_folder, tmp_path):
    from apps.export import pictures
    from helpers.classifier import load_classifier

    classifier = load_classifier(small)
    (photo_folder / "album.jpg").mkdir()
    (photo_folder / "tidy" / "._0.png").write_bytes(b"what macOS leaves beside a photo")
    calibration, images, labels = pictures(classifier, photo_folder)
    assert calibration.shape == images.shape == (10, *SIZE, 3) and labels is None
    assert not any((a == b).all() for a in calibration for b in images)
    with pytest.raises(CourseError, match="fewer than two"):
        pictures(classifier, tmp_path / "nowhere")
    with pytest.raises(CourseError, match="clean, messier"):
        pictures(type(classifier)(classifier.model, ("clean", "messier")))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photographs are not there")
def test_the_program_prints_a_table_and_no_chatter(small, tmp_path, monkeypatch, capfd):
    from apps import export as module

    monkeypatch.setattr(module, "ROUNDS", 1)
    command = ["export", "--model", str(small), "--to", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", command)
    module.main()
    out, err = capfd.readouterr()
    first, *files, empty, counted, _, _, keras, _, _, lite, int8, onnx = out.splitlines()
    assert err == ""
    assert first.startswith("rooms: photographs rendered") and empty == ""
    assert [line.split(str(tmp_path))[1] for line in files] == [
        "/small.tflite",
        "/small.int8.tflite",
        "/small.onnx",
    ]
    assert re.fullmatch(r"40 images, \d+ threads each", counted)
    assert [keras[:14], lite[:6], int8[:11], onnx[:4]] == [
        "Keras, predict",
        "LiteRT",
        "LiteRT int8",
        "ONNX",
    ]
