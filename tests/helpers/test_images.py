"""Whatever a person throws at `open_image`, it opens rightly or refuses in one sentence."""

import io

import numpy as np
import pytest
from pictures import encoded, huge_png, picture
from PIL import Image

from helpers import CourseError, images
from helpers.errors import NoMemory
from helpers.images import FORMATS, open_image

RGB = picture(1)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "BMP", "TIFF"])
def test_lossless_formats_come_back_exactly(kind):
    options = {"lossless": True} if kind == "WEBP" else {}
    opened = open_image(encoded(RGB, kind, **options))
    assert opened.dtype == np.uint8
    np.testing.assert_array_equal(opened, RGB)


def test_path_bytes_and_file_object_give_the_same(tmp_path):
    path = tmp_path / "room.jpg"
    path.write_bytes(encoded(RGB, "JPEG"))
    first = open_image(path)
    for source in (str(path), path.read_bytes(), io.BytesIO(path.read_bytes()), path.open("rb")):
        np.testing.assert_array_equal(open_image(source), first)


def test_resizes_to_height_and_width():
    assert open_image(encoded(RGB), (30, 20)).shape == (30, 20, 3)


def test_transparency_is_laid_on_white():
    rgba = np.dstack([RGB, np.zeros(RGB.shape[:2], np.uint8)])
    assert (open_image(encoded(rgba)) == 255).all()
    rgba[..., 3] = 255
    np.testing.assert_array_equal(open_image(encoded(rgba)), RGB)


def test_palette_with_transparency():
    image = Image.fromarray(RGB).quantize(8)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", transparency=0)
    expected = np.array(image.convert("RGB"))
    expected[np.asarray(image) == 0] = 255
    np.testing.assert_array_equal(open_image(buffer.getvalue()), expected)


def test_grey_becomes_three_equal_channels():
    opened = open_image(encoded(RGB[..., 0]))
    np.testing.assert_array_equal(opened, np.dstack([RGB[..., 0]] * 3))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_keep_their_brightness(kind):
    deep = RGB[..., 0].astype(np.uint16) * 257
    np.testing.assert_array_equal(open_image(encoded(deep, kind))[..., 0], RGB[..., 0])


def test_float_tiff():
    opened = open_image(encoded(RGB[..., 0].astype(np.float32) / 255, "TIFF"))
    np.testing.assert_array_equal(opened[..., 0], RGB[..., 0])


def test_cmyk_jpeg_is_close_to_the_rgb_one():
    buffer = io.BytesIO()
    Image.fromarray(RGB).convert("CMYK").save(buffer, "JPEG", quality=95)
    difference = np.abs(open_image(buffer.getvalue()).astype(int) - RGB)
    assert difference.mean() < 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(orientation):
    # What undoes each, by Pillow's numbers of its transpositions.
    turns = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = Image.fromarray(RGB)
    if turns[orientation] is not None:
        stored = stored.transpose(Image.Transpose(turns[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    stored.save(buffer, "PNG", exif=exif)
    np.testing.assert_array_equal(open_image(buffer.getvalue()), RGB)


def test_first_frame_of_an_animation():
    frames = [Image.fromarray(picture(i)) for i in (1, 2, 3)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    np.testing.assert_array_equal(open_image(buffer.getvalue()), RGB)


def test_a_webp_named_jpg(tmp_path):
    (tmp_path / "sofa.jpg").write_bytes(encoded(RGB, "WEBP", lossless=True))
    np.testing.assert_array_equal(open_image(tmp_path / "sofa.jpg"), RGB)


REFUSED = {
    "empty.png": b"",
    "notes.png": b"buy milk\n" * 50,
    "page.html": b"<html><script>alert(1)</script></html>",
    "cut_off.jpg": encoded(RGB, "JPEG")[:400],
    "cut_off.png": encoded(RGB)[:-200],
    "cut_off.webp": encoded(RGB, "WEBP")[:-50],
    "huge.png": huge_png(),
    "script.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "archive.zip": b"PK\x03\x04" + b"\0" * 100,
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_in_one_sentence_that_names_the_file(name, tmp_path):
    (tmp_path / name).write_bytes(REFUSED[name])
    for source in (tmp_path / name, REFUSED[name]):
        with pytest.raises(CourseError) as caught:
            open_image(source, name=name)
        assert name in str(caught.value)
        assert len(str(caught.value).splitlines()) == 1
        assert str(caught.value).endswith(".")


def test_huge_by_an_honest_header_just_over_the_limit():
    with pytest.raises(CourseError, match="30000 x 30000|far too many"):
        open_image(huge_png())


def test_want_of_memory_is_not_called_damage(monkeypatch):
    def full(image):
        raise MemoryError

    monkeypatch.setattr(images, "_to_rgb", full)
    with pytest.raises(NoMemory, match="needs more memory than is free: save it smaller"):
        open_image(encoded(RGB))


def test_missing_file_and_folder(tmp_path):
    for path in (tmp_path / "nothing.jpg", tmp_path):
        with pytest.raises(CourseError, match="is not a file"):
            open_image(path)


def test_damaged_bytes_never_raise_anything_else():
    """Flip bytes all over small files of every format: each opens, or is refused."""
    rng = np.random.default_rng(0)
    opened = refused = 0
    for kind in (k for k in FORMATS if k != "AVIF"):
        good = encoded(RGB, kind)
        for _ in range(60):
            bad = bytearray(good)
            for place in rng.integers(0, len(bad), 8):
                bad[place] = rng.integers(256)
            try:
                assert open_image(bytes(bad)).ndim == 3
                opened += 1
            except CourseError:
                refused += 1
    assert opened and refused
