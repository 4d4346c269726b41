"""A picture of another shape is fitted in training as in each answer, whoever opens it."""

import json
import zipfile

import numpy as np
import pytest
from pictures import encoded, picture
from PIL import Image

from helpers import CourseError
from helpers.data import SETS, Split, dataset, load
from helpers.fit import FITS, to_array
from helpers.images import open_image, open_rgb

SIZE = (40, 60)  # height and width


def striped(height: int, width: int) -> Image.Image:
    """Return a picture whose left, middle and right thirds are red, green and blue."""
    pixels = np.zeros((height, width, 3), np.uint8)
    for colour, part in enumerate(np.array_split(np.arange(width), 3)):
        pixels[:, part, colour] = 255
    return Image.fromarray(pixels)


def share(pixels: np.ndarray, colour: int) -> float:
    """Return how much of a picture's middle row is of a colour."""
    others = [c for c in range(3) if c != colour]
    row = pixels[len(pixels) // 2].astype(int)
    return float(((row[:, colour] > 200) & (row[:, others] < 55).all(axis=1)).mean())


def test_cut_keeps_the_middle_and_its_shape():
    cut = to_array(striped(100, 300), (50, 50), "cut")
    assert share(cut, 1) == pytest.approx(1, abs=0.05)
    tall = to_array(striped(100, 300).transpose(Image.Transpose.ROTATE_90), (50, 50), "cut")
    assert share(tall.transpose(1, 0, 2), 1) == pytest.approx(1, abs=0.05)


def test_squeeze_keeps_all_and_not_the_shape():
    squeezed = to_array(striped(100, 300), (50, 60), "squeeze")
    assert [share(squeezed, c) for c in range(3)] == pytest.approx([1 / 3] * 3, abs=0.05)


@pytest.mark.parametrize("shape, bars", [((100, 300), "rows"), ((300, 100), "columns")])
def test_pad_keeps_all_and_the_shape_between_white_bars(shape, bars):
    padded = to_array(Image.new("RGB", shape[::-1], "black"), (60, 60), "pad")
    dark = (padded == 0).all(axis=2)
    white = (padded == 255).all(axis=2)
    assert (dark | white).all()
    across, down = dark.any(axis=0), dark.any(axis=1)
    kept = (20, 60) if bars == "rows" else (60, 20)
    assert (down.sum(), across.sum()) == kept
    assert np.flatnonzero(down)[0] == (60 - kept[0]) // 2


@pytest.mark.parametrize("shape", [(80, 120), (400, 600), (40, 60), (10, 15)])
def test_a_picture_of_the_shape_is_the_same_by_every_fit(shape):
    rgb = Image.fromarray(picture(1, shape))
    first, *others = (to_array(rgb, SIZE, fit) for fit in FITS)
    for other in others:
        np.testing.assert_array_equal(first, other)
    expected = rgb if shape == SIZE else rgb.resize(SIZE[::-1], Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(first, np.asarray(expected))


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (299, 300), (7, 5)])
def test_any_shape_is_fitted(fit, shape):
    rgb = Image.fromarray(picture(2, shape))
    assert to_array(rgb, SIZE, fit).shape == (*SIZE, 3)
    np.testing.assert_array_equal(to_array(rgb, None, fit), np.asarray(rgb))


def test_no_other_fit():
    with pytest.raises(CourseError, match="no fit 'crop': choose one of cut, pad, squeeze"):
        open_image(encoded(picture(1)), SIZE, fit="crop")


@pytest.mark.parametrize("fit", FITS)
def test_a_set_and_a_photo_in_two_sizes_are_fitted_alike(fit, tmp_path, keras, monkeypatch):
    (tmp_path / "wide.png").write_bytes(encoded(picture(1, (90, 200))))
    split = Split((tmp_path / "wide.png",), np.zeros(1, np.int32), fit)
    expected = open_image(tmp_path / "wide.png", SIZE, fit=fit)
    np.testing.assert_array_equal(to_array(open_rgb(tmp_path / "wide.png"), SIZE, fit), expected)
    np.testing.assert_array_equal(split.arrays(SIZE)[0][0], expected)
    np.testing.assert_array_equal(next(iter(dataset(split, SIZE)))[0][0], expected)
    # Too many for memory, they are kept in a file: of this fit, and not of the first one's.
    monkeypatch.setattr("helpers.splits.IN_MEMORY", 0)
    monkeypatch.setattr("helpers.cache.CACHE", tmp_path)
    for other in (*FITS, fit):
        kept = Split(split.files, split.labels, other).arrays(SIZE)[0][0]
    np.testing.assert_array_equal(kept, expected)


def test_parts_of_a_split_keep_its_fit_and_two_fits_are_not_mixed(tmp_path):
    one = Split((tmp_path / "a.png", tmp_path / "b.png"), np.zeros(2, np.int32), "pad")
    assert one.take([1]).fit == (one + one).fit == "pad"
    with pytest.raises(CourseError, match="by 'pad', the other by 'cut'"):
        one + Split((), np.zeros(0, np.int32), "cut")


def test_each_set_has_a_fit_that_its_splits_carry():
    assert all(known.fit in FITS for known in SETS.values())
    bikes = load("bikes", source="samples")
    assert bikes.fit == SETS["bikes"].fit == "pad"
    assert {split.fit for split in bikes.splits().values()} == {"pad"}


@pytest.mark.parametrize("fit", FITS)
def test_a_classifier_opens_a_picture_as_its_training_did(fit, keras, tmp_path):
    from helpers.classifier import Classifier, load_classifier, save_classifier
    from helpers.network import three_blocks

    path = tmp_path / "rooms.keras"
    save_classifier(Classifier(three_blocks(SIZE), ("clean", "messy"), fit=fit), path)
    again = load_classifier(path)
    assert again.fit == fit
    wide = encoded(picture(1, (90, 200)))
    np.testing.assert_array_equal(again.open(wide), open_image(wide, SIZE, fit=fit))
    answer = again.probabilities(open_image(wide, SIZE, fit=fit)[None])[0]
    assert again.answer(wide).probabilities["messy"] == pytest.approx(float(answer[1]))
    with pytest.raises(CourseError, match=r"wide\.png has 200 x 90 pixels"):
        again.open(wide, "wide.png", 1000)


def test_a_file_from_before_says_no_fit_and_squeezes(keras, tmp_path):
    from helpers.classifier import load_classifier
    from helpers.network import three_blocks

    three_blocks(SIZE).save(tmp_path / "old.keras")
    with zipfile.ZipFile(tmp_path / "old.keras", "a") as archive:
        facts = {"class_names": ["a", "b"], "size": SIZE, "threshold": 0.5}
        archive.writestr("classifier.json", json.dumps(facts))
    assert load_classifier(tmp_path / "old.keras").fit == "squeeze"


def test_training_anew_gives_the_sets_fit(keras, monkeypatch):
    from helpers import network

    data = load("bikes", source="samples")
    monkeypatch.setattr(network.keras.Model, "fit", lambda *_, **__: None)
    assert network.trained(data).fit == "pad"
