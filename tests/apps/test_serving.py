"""What every app does first, and the sentence that it ends with where it cannot."""

import subprocess
import sys

import numpy as np
import pytest
from pictures import ROOT, picture

import apps
from apps.serving import Served, sentences
from helpers import CourseError


def test_the_compiled_call_says_what_predict_says(saved):
    from helpers.classifier import load_classifier

    classifier, served = load_classifier(saved), Served(saved)
    for number in (1, 5):
        images = np.stack([picture(i, classifier.size) for i in range(number)])
        expected = classifier.probabilities(images)
        assert served.probabilities(images) == pytest.approx(expected, abs=1e-6)
    assert np.ptp(expected[:, 1]) > 1e-4, "the pictures are too alike for the test to notice"


def test_a_head_on_features_is_refused(keras, tmp_path):
    from helpers.classifier import Classifier, save_classifier

    head = keras.Sequential([keras.Input((8,)), keras.layers.Dense(2, activation="softmax")])
    path = tmp_path / "head.keras"
    # Its size has no meaning, and saving it must not be what fails.
    save_classifier(Classifier(head, ("a", "b")), path)
    with pytest.raises(CourseError, match="head.keras takes no images but features"):
        Served(path)


def test_a_program_ends_in_one_sentence(capsys):
    with pytest.raises(SystemExit) as ended, sentences():
        raise CourseError("room.jpg is empty: save it again.")
    assert str(ended.value).endswith(": room.jpg is empty: save it again.")


@pytest.mark.parametrize("app", ["gradio_app", "flask_app", "organise"])
def test_a_missing_model_is_named(app, tmp_path):
    command = [sys.executable, "-m", f"apps.{app}", "--model", str(tmp_path / "none.keras")]
    command += [str(tmp_path), "--to", str(tmp_path / "to")] if app == "organise" else []
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "none.keras" in done.stderr and "chapter 3" in done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr


def test_what_is_missing_is_named_with_the_way_to_get_it(monkeypatch):
    monkeypatch.setattr(apps, "find_spec", lambda name: None if name == "flask_wtf" else name)
    with pytest.raises(CourseError, match="1 more packages: .*install flask-wtf"):
        apps.check()
