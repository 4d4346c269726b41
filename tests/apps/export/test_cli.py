"""The program finds its photographs, and prints a table and no chatter."""

import re
import shutil
import sys

import pytest
from networks import SIZE

from helpers import CourseError
from helpers.data import SAMPLES

pytest.importorskip("ai_edge_litert", reason="LiteRT is not installed: make apps")
pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed: make apps")


def test_the_program_says_that_features_are_no_images(keras, tmp_path, monkeypatch):
    from apps.export import cli as module
    from helpers.classifier import Classifier, save_classifier

    head = keras.Sequential([keras.Input((9,)), keras.layers.Dense(1, activation="sigmoid")])
    save_classifier(Classifier(head, ("clean", "messy")), tmp_path / "head.keras")
    monkeypatch.setattr(sys, "argv", ["export", "--model", str(tmp_path / "head.keras")])
    with pytest.raises(CourseError, match=r"head\.keras takes no images but features"):
        module.main()


def test_pictures_to_calibrate_with_are_not_those_to_measure_on(small, photo_folder, tmp_path):
    from apps.export.cli import pictures
    from helpers.classifier import load_classifier

    classifier = load_classifier(small)
    (photo_folder / "album.jpg").mkdir()
    (photo_folder / "tidy" / "._0.png").write_bytes(b"what macOS leaves beside a photo")
    calibration, images, labels = pictures(classifier, photo_folder)
    assert calibration.shape == images.shape == (10, *SIZE, 3) and labels is None
    assert not any((a == b).all() for a in calibration for b in images)
    with pytest.raises(CourseError, match="nowhere is not a folder: check the path"):
        pictures(classifier, tmp_path / "nowhere")
    thumbnails = tmp_path / "album" / "@eaDir"
    thumbnails.mkdir(parents=True)
    for number in range(3):
        shutil.copy(photo_folder / "tidy" / f"{number}.png", thumbnails)
    with pytest.raises(CourseError, match="fewer than two"):
        pictures(classifier, tmp_path / "album")
    with pytest.raises(CourseError, match="clean, messier"):
        pictures(type(classifier)(classifier.model, ("clean", "messier")))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photographs are not there")
def test_the_program_prints_a_table_and_no_chatter(small, tmp_path, monkeypatch, capfd):
    from apps.export import cli as module
    from apps.export import compare

    monkeypatch.setattr(compare, "ROUNDS", 1)
    command = ["export", "--model", str(small), "--to", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", command)
    module.main()
    out, err = capfd.readouterr()
    first, *files, empty, counted, _, _, keras, _, _, lite, int8, onnx = out.splitlines()
    assert err == ""
    assert first.startswith("rooms: pictures rendered") and empty == ""
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
