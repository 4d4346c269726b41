"""Exported files appear whole or not at all, and beside each lies what one has to know."""

import json

import pytest
from networks import CALIBRATION, SIZE

from helpers import CourseError

pytest.importorskip("ai_edge_litert", reason="LiteRT is not installed: make apps")
pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed: make apps")


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
    import onnx

    said = {one.key: one.value for one in onnx.load(files["ONNX"]).metadata_props}
    assert json.loads(said["classifier"]) == facts, "handed on alone, it would name no class"
    assert len(list(file.parent.iterdir())) == 6, "something was left lying about"


def test_files_are_replaced_whole_or_not_at_all(small, tmp_path, monkeypatch):
    from apps.export import formats as module

    for name in ("small.tflite", "small.onnx"):
        (tmp_path / name).write_bytes(b"before")
    converted = module.converted
    monkeypatch.setattr(module, "converted", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        module.export(small, tmp_path, CALIBRATION)
    assert (tmp_path / "small.tflite").read_bytes() == b"before"

    contents = {"LiteRT": b"LiteRT, new", "ONNX": b"ONNX, new"}
    monkeypatch.setattr(module, "converted", lambda *_: contents)
    replace = module.Path.replace

    def full(part, target):
        if target.name == "small.onnx":
            raise OSError(28, "No space left on device")
        return replace(part, target)

    monkeypatch.setattr(module.Path, "replace", full)
    with pytest.raises(CourseError, match=r"small\.onnx cannot be written \(No space left"):
        module.export(small, tmp_path, CALIBRATION)
    monkeypatch.undo()
    assert module.converted is converted
    assert (tmp_path / "small.tflite").read_bytes() == b"LiteRT, new"
    assert (tmp_path / "small.onnx").read_bytes() == b"before"
    assert sorted(f.name for f in tmp_path.iterdir()) == [
        "small.onnx",
        "small.tflite",
        "small.tflite.json",
    ]


def test_what_cannot_be_exported_gets_a_sentence(keras, small, tmp_path):
    from apps.export.formats import export
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
