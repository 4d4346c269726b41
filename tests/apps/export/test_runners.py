"""Exported, a model says what it said in Keras, whole batches and single images alike."""

import re

import numpy as np
import pytest
from networks import IMAGES

from helpers import CourseError

pytest.importorskip("ai_edge_litert", reason="LiteRT is not installed: make apps")
pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed: make apps")

FLOAT = 1e-4  # the largest difference of a probability that is let pass
# And in eight bits; with the least correlation of the probabilities. A deep network of random
# weights multiplies what is rounded: trained on furniture, the same kept 29 of 30 labels.
INT8 = {"sigmoid": (0.25, 0.9), "softmax": (0.05, 0.99), "mobilenet": (1.0, 0.4)}


def test_every_format_agrees_with_keras(exported):
    from apps.export.runners import runner

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
    from apps.export.runners import runner

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


def test_the_keras_file_runs_like_the_others(exported):
    from apps.export.runners import runner

    classifier, path, _ = exported
    np.testing.assert_allclose(
        runner(path)(IMAGES[:5]), classifier.probabilities(IMAGES[:5]), atol=1e-5
    )


def test_what_cannot_be_run_gets_a_sentence(small, exported, tmp_path):
    from apps.export.runners import runner

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
