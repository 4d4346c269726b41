"""A JPEG far larger than a model needs is decoded smaller, and no answer hangs on that."""

import io
from itertools import product

import numpy as np
import pytest
from pictures import picture
from PIL import Image

from helpers import CourseError, draft
from helpers.data import SAMPLES
from helpers.decode import decode
from helpers.fit import FITS, to_array
from helpers.images import open_both, open_image, open_rgb, open_stored

SIZE = (96, 96)
# Levels, of 255, between a picture that was decoded smaller and one that was not: in 999 of 1000
# numbers, and on average. `helpers.draft` says so, too.
MOST = 4
MEAN = 0.6
# The same where there is detail as fine as the pixels, which photographs have and renders have not.
MOST_FINE = 12
MEAN_FINE = 2.2
KINDS = {
    "q75": {"quality": 75},
    "q95": {"quality": 95},
    "progressive": {"quality": 90, "progressive": True},
    "without subsampling": {"quality": 90, "subsampling": 0},
}


@pytest.fixture(scope="module")
def large():
    """Rendered rooms as a telephone would store them: large, with grain, of odd sizes too."""
    rng = np.random.default_rng(0)
    files = sorted((SAMPLES / "rooms" / "test").rglob("*.jpg"))[::9]
    made = []
    for file, size in zip(files, [(1600, 1200), (1607, 1205), (1203, 1801)] * 2, strict=False):
        with Image.open(file) as image:
            pixels = np.asarray(image.convert("RGB").resize(size, Image.Resampling.BICUBIC))
        noisy = pixels + rng.normal(0, 9, pixels.shape)
        made.append(Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)))
    return made


def spokes(height, width):
    """Dark lines from the middle outwards, as thin as a pixel there and many wide at the edge."""
    y, x = np.indices((height, width))
    return np.where(np.sin(60 * np.arctan2(y - height / 2, x - width / 2)) > 0.8, -255.0, 0.0)


def grains(height, width):
    """As much noise as one sees, from pixel to pixel and alike in all three colours."""
    return np.random.default_rng(0).normal(0, 60, (height, width))


def jpeg(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def whole(data, size, fit):
    """Decode all of a picture, then shrink it."""
    return to_array(open_rgb(data), size, fit)


def assert_alike(data, size=SIZE, fit="cut", most=MOST, mean=MEAN):
    assert decode(data, "x", least=draft.least(size))[1].scale > 1, "it was decoded whole"
    apart = np.abs(open_image(data, size, fit=fit).astype(int) - whole(data, size, fit))
    assert apart.mean() < mean and np.percentile(apart, 99.9) <= most, (apart.mean(), apart.max())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(48, 48), (96, 96), (96, 128), (150, 150)])
def test_the_difference_is_bounded(large, kind, size):
    for image in large[:3]:
        assert_alike(jpeg(image, **KINDS[kind]), size)


@pytest.mark.parametrize("detail", [spokes, grains])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(48, 48), (150, 150)])
def test_in_fine_detail_the_difference_is_larger_and_bounded(large, detail, kind, size):
    for image in large[:3]:
        pixels = np.asarray(image) + detail(image.height, image.width)[..., None]
        fine = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
        assert_alike(jpeg(fine, **KINDS[kind]), size, most=MOST_FINE, mean=MEAN_FINE)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
@pytest.mark.parametrize("fit", FITS)
def test_in_grey_and_in_the_colours_of_print(large, mode, fit):
    for image in large[:3]:
        assert_alike(jpeg(image.convert(mode), quality=90), fit=fit)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_is_not_stretched(large, orientation, fit):
    """Its last row and column, which are only in part the picture's, have been turned as well."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert_alike(jpeg(large[1], quality=90, exif=exif), (64, 96), fit)


def test_taking_the_padding_for_the_picture_would_be_seen(large):
    """Or the test above would pass without `extent`."""
    data = jpeg(large[1], quality=90)
    rgb, stored = decode(data, "x", least=draft.least(SIZE))
    right = whole(data, SIZE, "squeeze").astype(int)
    stretched = np.abs(to_array(rgb, SIZE, "squeeze") - right).mean()
    assert stretched > 2 * np.abs(to_array(rgb, SIZE, "squeeze", stored.box) - right).mean()


@pytest.mark.parametrize("name", ["rooms", "bikes", "shipped", "mine"])
def test_answers_hardly_change(name, large, keras):
    """By a network that was trained, so that some of its answers are unsure and may be tipped.

    The pictures are renders: by photographs an answer may move a little further.
    """
    from helpers.classifier import load_classifier
    from helpers.runtime import SAVED

    if not (SAVED / f"{name}.keras").exists():
        pytest.skip(f"no chapter has saved {name}.keras here")
    classifier = load_classifier(SAVED / f"{name}.keras")
    files = [jpeg(image, quality=quality) for image in large for quality in (75, 95)]
    pixels = [whole(data, classifier.size, classifier.fit) for data in files]
    before = classifier.probabilities(np.stack(pixels))
    after = classifier.probabilities(np.stack([classifier.open(data) for data in files]))
    assert np.abs(after - before).max() < 0.03
    sure = before.max(axis=1) > 0.6
    np.testing.assert_array_equal(classifier.choose(after[sure]), classifier.choose(before[sure]))


@pytest.mark.parametrize("fit", FITS)
def test_every_way_in_gets_the_same_pixels(large, fit, monkeypatch):
    data = jpeg(large[1], quality=90)
    expected = open_image(data, SIZE, fit=fit)
    np.testing.assert_array_equal(open_both(data, SIZE, fit)[0], expected)
    monkeypatch.setattr("helpers.images.is_plain", lambda _: False)  # in a process with limits
    np.testing.assert_array_equal(open_image(data, SIZE, fit=fit), expected)
    np.testing.assert_array_equal(open_both(data, SIZE, fit)[0], expected)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_as_small_as_a_sample_is_decoded_whole(kind):
    for side, size in product((300, 599), ((48, 48), (96, 96), (150, 150))):
        data = jpeg(Image.fromarray(picture(1, (side, side))), **KINDS[kind])
        np.testing.assert_array_equal(open_image(data, size), whole(data, size, "cut"))


def test_how_small_follows_from_the_sizes_alone():
    for size, wanted in (((48, 48), 300), ((96, 96), 300), ((96, 200), 200 * draft.TIMES)):
        assert draft.least(size) == wanted
    assert draft.least(None) == 0
    for side, scale in ((599, 1), (600, 2), (1199, 2), (1200, 4), (2399, 4), (2400, 8), (9000, 8)):
        data = jpeg(Image.new("L", (side, side + 40)))
        assert decode(data, "x", least=300)[1].scale == scale
        assert decode(data, "x")[1].scale == 1
    png = io.BytesIO()
    Image.new("L", (1300, 1300)).save(png, "PNG")
    assert decode(png.getvalue(), "x", least=300)[1].scale == 1


def test_an_audit_looks_at_no_more_than_it_needs(large):
    pixels, stored = open_stored(jpeg(large[0], quality=90))
    assert stored.size == (1600, 1200) and pixels.shape == (300, 400, 3)


@pytest.fixture(scope="module")
def of_108_megapixels():
    small = Image.fromarray(picture(1, (90, 120)))
    return jpeg(small.resize((12000, 9000), Image.Resampling.NEAREST), quality=85)


def test_108_megapixels_open(of_108_megapixels):
    expected = to_array(Image.fromarray(picture(1, (90, 120))), (90, 90))
    found = open_image(of_108_megapixels, (90, 90))
    assert np.abs(found.astype(int) - expected).mean() < 2


def test_108_megapixels_take_little_memory(of_108_megapixels):
    """In the process that holds them, whose address space is limited; whole they take 432 MB."""
    rgb, stored = decode(of_108_megapixels, "x", 1, draft.least(SIZE))
    assert (rgb.size, stored.size) == ((1500, 1125), (12000, 9000))


@pytest.mark.parametrize("size", [None, (5000, 5000)])
def test_where_all_pixels_are_wanted_they_are_too_many(of_108_megapixels, size):
    with pytest.raises(CourseError, match="x has 12000 x 9000 pixels, more than 89 million"):
        open_image(of_108_megapixels, size, name="x")


def test_what_only_claims_to_be_large_is_refused(of_108_megapixels):
    at = of_108_megapixels.index(b"\xff\xc0") + 5
    bomb = bytearray(of_108_megapixels[: at + 5000])
    bomb[at : at + 4] = b"\xff\xdc\xff\xdc"  # 65500 x 65500
    with pytest.raises(CourseError, match="pixels, more than"):
        open_image(bytes(bomb), SIZE)
    with pytest.raises(CourseError, match="cut off"):
        open_image(of_108_megapixels[:200_000], SIZE)


def test_a_progressive_picture_keeps_its_limit():
    """Its decoder keeps all of it until the end, however small it comes out."""
    tall = Image.new("L", (9500, 9500))
    with pytest.raises(CourseError, match="more than 89 million"):
        open_image(jpeg(tall, progressive=True), SIZE)


def test_less_its_end_marker_it_opens(large):
    data = jpeg(large[0], quality=90)
    np.testing.assert_array_equal(open_image(data[:-2], SIZE), whole(data, SIZE, "cut"))
    with pytest.raises(CourseError, match="cut off"):
        open_image(data[:-2000], SIZE)
