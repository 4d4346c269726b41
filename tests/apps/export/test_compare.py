"""The table counts what differs."""

import numpy as np
import pytest
from networks import IMAGES

pytest.importorskip("ai_edge_litert", reason="LiteRT is not installed: make apps")
pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed: make apps")


def test_the_table_counts_what_differs(keras, small, tmp_path, monkeypatch):
    """A file that turns every answer round must not look like one that keeps them."""
    from apps.export import compare as module
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
