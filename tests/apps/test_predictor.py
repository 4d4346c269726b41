"""The compiled classifier says what Keras says, and refuses what is none."""

import numpy as np
import pytest
from pictures import picture

from apps.predictor import Predictor
from helpers import CourseError


def test_the_compiled_call_says_what_predict_says(saved):
    from helpers.classifier import load_classifier

    classifier, predictor = load_classifier(saved), Predictor(saved)
    for number in (1, 5):
        images = np.stack([picture(i, classifier.size) for i in range(number)])
        expected = classifier.probabilities(images)
        assert predictor.probabilities(images) == pytest.approx(expected, abs=1e-6)
    assert np.ptp(expected[:, 1]) > 1e-4, "the pictures are too alike for the test to notice"


def test_a_head_on_features_is_refused(keras, tmp_path):
    from helpers.classifier import Classifier, save_classifier

    head = keras.Sequential([keras.Input((8,)), keras.layers.Dense(2, activation="softmax")])
    path = tmp_path / "head.keras"
    # Its size has no meaning, and saving it must not be what fails.
    save_classifier(Classifier(head, ("a", "b")), path)
    with pytest.raises(CourseError, match="head.keras takes no images but features"):
        Predictor(path)
