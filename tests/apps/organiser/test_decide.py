"""What the model says decides, and nothing that is no number."""

import contextlib

import numpy as np
import pytest
from organising import (
    Brightness,
    put,
    sort,
    sorted_photos,
)
from pictures import encoded, picture
from PIL import Image

from apps.organiser.cli import main
from apps.organiser.ledger import Ledger
from helpers import CourseError


def test_a_model_that_answers_with_no_numbers_ends_in_a_sentence(photos, tmp_path):
    class Broken(Brightness):
        def probabilities(self, images):
            return super().probabilities(images) * np.nan

    with pytest.raises(CourseError, match="IMG_1.png is not a number .* name another with --model"):
        sort(photos, tmp_path / "sorted", model=Broken())
    assert not sorted_photos(tmp_path / "sorted")


def odd_photos(folder):
    """Write the same room as people have it: in every mode, turned, and large."""
    pixels = picture(3, (90, 120))
    exif = Image.Exif()
    exif[0x0112] = 8
    alpha = np.dstack([pixels, np.full(pixels.shape[:2], 90, np.uint8)])
    put(folder / "rgb.jpg", encoded(pixels, "JPEG"))
    put(folder / "turned.jpg", encoded(pixels, "JPEG", exif=exif))
    put(folder / "alpha.png", encoded(alpha))
    put(folder / "grey.png", encoded(pixels[..., 0]))
    put(folder / "deep.png", encoded(pixels[..., 0].astype(np.uint16) * 257))
    put(folder / "large.jpg", encoded(picture(5, (1200, 1600)), "JPEG"))
    put(folder / "fits.png", encoded(picture(6, (32, 40))))
    put(folder / "line.png", encoded(picture(7, (2, 900))))
    Image.fromarray(pixels).convert("CMYK").save(folder / "cmyk.tif")
    Image.fromarray(pixels).quantize(16).save(folder / "palette.gif")


def test_the_model_says_what_it_says_elsewhere(saved, tmp_path):
    from apps.predictor import Predictor
    from helpers.classifier import load_classifier

    odd_photos(tmp_path / "photos")
    given = [str(tmp_path / "photos"), "--to", str(tmp_path / "sorted"), "--model", str(saved)]
    assert main(given, Predictor) == 0
    classifier, said = load_classifier(saved), []
    with contextlib.closing(Ledger(tmp_path / "sorted")) as kept:
        for folder in kept.counts():
            for decision, target in kept.decisions(folder):
                answer = classifier.answer(tmp_path / "sorted" / target)
                assert decision.label == answer.label
                assert decision.confidence == pytest.approx(answer.confidence, abs=1e-6)
                assert decision.probabilities == pytest.approx(answer.probabilities, abs=1e-6)
                said.append(decision.probabilities["messy"])
    assert len(said) == 10
    assert np.ptp(said) > 1e-4, "the files are too alike for the test to notice anything"
