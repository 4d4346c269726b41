"""Whatever a person throws at `open_image`, it opens rightly or refuses in one sentence."""

import io
import os
import re
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from pictures import ROOT, encoded, huge_png, picture
from PIL import Image

from helpers import CourseError, decode
from helpers.errors import NoMemory
from helpers.images import FORMATS, MAX_BYTES, SUFFIXES, open_image, open_rgb, open_stored

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
    def full(*image):
        raise MemoryError

    monkeypatch.setattr(decode, "to_rgb", full)
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


# --- what is said beside the pixels decides nothing about them


def entry(tag: int, kind: int, value: bytes) -> bytes:
    return struct.pack("<HHI", tag, kind, 1) + value


def odd_exif(tag: int, kind: int, content: bytes) -> bytes:
    """EXIF with orientation 6, and one more tag."""
    place = struct.pack("<I", 38)
    entries = entry(0x0112, 3, struct.pack("<I", 6)) + entry(tag, kind, place)
    return b"II*\0" + struct.pack("<IH", 8, 2) + entries + b"\0" * 4 + content


ODD = {
    "a negative rational": odd_exif(0x9203, 10, struct.pack("<ii", -1, 0)),
    "a position as text": odd_exif(2, 2, b"54 degrees"),
    "a date as a number": odd_exif(0x0132, 5, struct.pack("<II", 1, 0)),
    "a place beyond the end": odd_exif(0x8769, 4, b""),
    "a directory that is cut off": odd_exif(0x010F, 2, b"")[:36],
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_odd_tag_neither_damages_a_picture_nor_hides_its_orientation(name, kind):
    exif = b"Exif\0\0" + ODD[name]
    good = encoded(RGB, kind, **({"lossless": True} if kind == "WEBP" else {}))
    if kind == "JPEG":
        data = good[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + good[2:]
    elif kind == "PNG":
        data = good[:33] + png_chunk(b"eXIf", ODD[name]) + good[33:]
    else:
        data = encoded(RGB, kind, lossless=True, exif=exif)
    np.testing.assert_array_equal(open_image(data), np.rot90(open_image(good), -1))


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


@pytest.mark.parametrize(
    "exif", [b"\0\x08\0\x02\x01\x12\0\x03", b"", b"II*\0", b"MM\0*\xff\xff\xff\xff", b"x" * 99]
)
def test_exif_that_cannot_be_read_leaves_a_picture_upright(exif):
    good = encoded(RGB)
    np.testing.assert_array_equal(open_image(good[:33] + png_chunk(b"eXIf", exif) + good[33:]), RGB)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("orientation", [0, 9, 65535, 3])
def test_an_orientation_that_there_is_not_is_upright(order, orientation):
    head = b"II*\0" if order == "<" else b"MM\0*"
    exif = head + struct.pack(order + "IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    good = encoded(RGB)
    expected = np.rot90(RGB, 2) if orientation == 3 else RGB
    opened = open_image(good[:33] + png_chunk(b"eXIf", exif) + good[33:])
    np.testing.assert_array_equal(opened, expected)


def test_a_tiff_with_an_odd_tag_opens():
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.fromarray(RGB).save(buffer, "TIFF", exif=exif)
    np.testing.assert_array_equal(open_image(buffer.getvalue()), np.rot90(RGB, -1))


def test_a_copy_takes_no_comment_along():
    buffer = io.BytesIO()
    Image.fromarray(RGB).save(
        buffer, "JPEG", comment=b"at home", exif=b"Exif\0\0" + ODD["a position as text"]
    )
    again = io.BytesIO()
    open_rgb(buffer.getvalue()).save(again, "JPEG")
    assert b"at home" not in again.getvalue() and b"Exif" not in again.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_how_a_picture_is_stored_is_said_before_it_is_turned(kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    Image.fromarray(RGB).convert("L").save(buffer, kind, exif=exif)
    pixels, stored = open_stored(buffer.getvalue())
    np.testing.assert_array_equal(pixels, open_image(buffer.getvalue()))
    mode = "RGB" if kind == "WEBP" else "L"
    assert (stored.format, stored.mode, stored.orientation) == (kind, mode, orientation)
    assert sorted(stored.size) == [40, 60]


# --- JPEGs that end early


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"subsampling": 0, "restart_marker_rows": 1}]
)
def test_a_jpeg_less_its_end_marker_opens_and_less_more_does_not(options):
    good = encoded(picture(4, (80, 120)), "JPEG", **options)
    for missing in (1, 2):
        np.testing.assert_array_equal(open_image(good[:-missing]), open_image(good))
    scans = len(good) - good.index(b"\xff\xda")
    for missing in (6, 20, scans // 3, scans // 2, scans - 20):
        with pytest.raises(CourseError, match="cut off"):
            open_image(good[:-missing])


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0", "grey"])
@pytest.mark.parametrize(
    "options",
    [
        {"restart_marker_blocks": 1},
        {"restart_marker_blocks": 7},
        {"restart_marker_rows": 1},
        {"restart_marker_rows": 1, "progressive": True},
    ],
)
def test_a_jpeg_that_ends_at_a_restart_marker_is_cut_off(options, subsampling):
    """The decoder has all up to there, and what it has not is grey whatever follows."""
    pixels = picture(4, (83, 121))
    if subsampling == "grey":
        good = encoded(pixels[..., 0], "JPEG", **options)
    else:
        good = encoded(pixels, "JPEG", subsampling=subsampling, **options)
    np.testing.assert_array_equal(open_image(good[:-2]), open_image(good))
    markers = [place.start() for place in re.finditer(rb"\xff[\xd0-\xd7]", good)]
    assert len(markers) >= 5
    for marker in [*markers[:: len(markers) // 5], markers[-1]]:
        for cut in (marker, marker + 1):
            with pytest.raises(CourseError, match="cut off"):
                open_image(good[:cut])


def test_the_scans_of_a_thumbnail_are_not_the_pictures():
    exif = b"Exif\0\0II*\0" + bytes(12) + encoded(picture(5), "JPEG")
    good = encoded(picture(4, (80, 120)), "JPEG", progressive=True, exif=exif)
    scans = [place.start() for place in re.finditer(rb"\xff\xda", good)]
    tables = good.index(b"\xff\xc4", scans[1])
    np.testing.assert_array_equal(open_image(good[:-2]), open_image(good))
    with pytest.raises(CourseError, match="cut off"):
        open_image(good[:tables])


@pytest.mark.parametrize("marker, kind", [(0xCA, "arithmetic coding"), (0xC3, "lossless")])
def test_a_jpeg_of_a_rare_kind_is_not_called_damaged(marker, kind):
    good = encoded(RGB, "JPEG")
    rare = good.replace(b"\xff\xc0", bytes([0xFF, marker]), 1)
    said = rf"a.jpg is a JPEG of a rare kind \({kind}\): save it anew as an ordinary JPEG or PNG."
    with pytest.raises(CourseError, match=said):
        open_image(rare, name="a.jpg")


def test_a_progressive_jpeg_that_ends_between_two_scans_is_cut_off():
    good = encoded(picture(4, (80, 120)), "JPEG", progressive=True)
    places = [i for i in range(len(good)) if good[i : i + 2] in (b"\xff\xda", b"\xff\xc4")]
    for place in places[3:]:
        with pytest.raises(CourseError, match="cut off"):
            open_image(good[:place])


# --- numbers that are no bytes


def shades(top: float, kind: type) -> np.ndarray:
    return (np.linspace(0, top, 2400).reshape(40, 60)).astype(kind)


EXPECTED = np.round(np.linspace(0, 255, 2400)).reshape(40, 60)


@pytest.mark.parametrize("top", [1.0, 255.0, 4095.0, 65535.0])
def test_floats_of_any_range_keep_their_brightness(top):
    opened = open_image(encoded(shades(top, np.float32), "TIFF"))[..., 0]
    assert np.abs(opened - EXPECTED).max() <= 1


@pytest.mark.parametrize("kind", ["TIFF", "PNG"])
@pytest.mark.parametrize("top", [4095, 65535])
def test_scans_of_12_bits_are_as_bright_as_of_16(kind, top):
    opened = open_image(encoded(shades(top, np.uint16), kind))[..., 0]
    assert np.abs(opened - EXPECTED).max() <= 1


def test_floats_that_are_none_are_black_or_white_and_nothing_warns(recwarn):
    values = shades(1, np.float32)
    values[0, :3] = np.nan, np.inf, -np.inf
    opened = open_image(encoded(values, "TIFF"))[..., 0]
    assert opened[0, :3].tolist() == [0, 255, 0]
    assert np.abs(opened[1:] - EXPECTED[1:]).max() <= 1
    assert open_image(encoded(np.full((4, 5), np.nan, np.float32), "TIFF")).max() == 0
    assert not recwarn.list


@pytest.mark.parametrize("top, kind", [(4.0, np.float32), (1e9, np.float32), (2e9, np.int32)])
def test_numbers_that_are_no_brightness_get_a_sentence(top, kind):
    with pytest.raises(CourseError, match="heights.tif holds values up to .* no brightness"):
        open_image(encoded(shades(top, kind), "TIFF"), name="heights.tif")


def test_colours_in_12_of_16_bits_get_a_sentence():
    """Pillow keeps the upper eight of them, and so four."""
    data = b"".join(b"\0" + (row.astype(np.uint16) * 16).astype(">u2").tobytes() for row in RGB)
    head = struct.pack(">IIBBBBB", 60, 40, 16, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(data)), (b"IEND", b"")]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*each) for each in chunks)
    with pytest.raises(CourseError, match="uses 12 of its 16 bits"):
        open_image(png)


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_deflate"])
def test_a_ycbcr_tiff_is_right_or_gets_its_sentence(compression):
    image = Image.fromarray(RGB).convert("YCbCr")
    buffer = io.BytesIO()
    image.save(buffer, "TIFF", compression=compression)
    if compression is None:
        with pytest.raises(CourseError, match="uncompressed YCbCr TIFF: save it as PNG"):
            open_image(buffer.getvalue())
    else:
        difference = open_image(buffer.getvalue()).astype(int) - np.asarray(image.convert("RGB"))
        assert np.abs(difference).max() <= 2


# --- what stands beside the picture, and where it comes from


def test_nothing_is_written_beside_the_answer(tmp_path):
    """Warnings of Pillow and NumPy go to stderr, and so do libtiff's, past Python."""
    exif = odd_exif(0x010F, 2, b"")[:36]
    good = encoded(RGB, "JPEG")
    head = b"Exif\0\0" + exif
    (tmp_path / "a.jpg").write_bytes(
        good[:2] + b"\xff\xe1" + struct.pack(">H", len(head) + 2) + head + good[2:]
    )
    tiff = bytearray(encoded(RGB, "TIFF", compression="tiff_lzw"))
    tiff[20:600] = b"\xff" * 580
    (tmp_path / "b.tif").write_bytes(tiff)
    image = Image.fromarray(RGB).quantize(8)
    image.save(tmp_path / "c.png", transparency=bytes(range(8)))
    (tmp_path / "d.tif").write_bytes(encoded(np.full((9, 9), np.nan, np.float32), "TIFF"))
    (tmp_path / "e.png").write_bytes(huge_png(9_500))
    code = (
        "import sys\nfrom helpers import CourseError\nfrom helpers.images import open_image\n"
        "for path in sys.argv[1:]:\n"
        "    try: open_image(path)\n"
        "    except CourseError: pass\n"
    )
    command = [sys.executable, "-W", "default", "-c", code, *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_a_device_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "link.jpg").symlink_to("/dev/zero")
    for name in ("pipe.jpg", "link.jpg"):
        with pytest.raises(CourseError, match=f"{name} is not a file"):
            open_image(tmp_path / name)


def test_a_file_too_large_to_be_a_picture_is_not_read(tmp_path):
    with (tmp_path / "film.jpg").open("wb") as file:
        file.truncate(2**32)  # takes no room on the disk
    with pytest.raises(CourseError, match=r"film\.jpg has more than 256 MB: save it smaller"):
        open_image(tmp_path / "film.jpg")
    with (tmp_path / "film.jpg").open("rb") as file, pytest.raises(CourseError, match="256 MB"):
        open_image(file)
    assert MAX_BYTES == 256 * 2**20


@pytest.mark.parametrize("path", ["a\0b.jpg", "x" * 5000, "~nobodyhere/a.jpg"])
def test_names_that_no_file_can_have(path):
    with pytest.raises(CourseError, match="is not a file: check the path"):
        open_image(path)


def test_the_endings_that_are_read():
    assert {".jfif", ".jpe", ".jif", ".heic", ".heif", ".hif", ".apng", ".mpo"} <= SUFFIXES
    assert all(suffix == suffix.lower() for suffix in SUFFIXES)


# --- HEIC, which phones write

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200


@pytest.mark.skipif("HEIF" in FORMATS, reason="pillow-heif is installed here, so HEIC is read")
@pytest.mark.parametrize("name", ["IMG_1.HEIC", "IMG_1.jpg"])
def test_without_its_package_heic_gets_its_sentence(name):
    with pytest.raises(CourseError, match=f"{name} is in HEIC, which needs pillow-heif: run `pip"):
        open_image(HEIC, name=name)


def test_heic_opens_where_its_package_is(tmp_path):
    heif = pytest.importorskip("pillow_heif", reason="pillow-heif is not installed")
    image = heif.from_pillow(Image.fromarray(picture(1, (64, 96))))
    image.save(tmp_path / "IMG_1.HEIC", quality=95)
    opened = open_image(tmp_path / "IMG_1.HEIC")
    assert np.abs(opened.astype(int) - picture(1, (64, 96))).mean() < 6
    (tmp_path / "IMG_1.jpg").write_bytes((tmp_path / "IMG_1.HEIC").read_bytes())
    np.testing.assert_array_equal(open_image(tmp_path / "IMG_1.jpg"), opened)
    with pytest.raises(CourseError):
        open_image((tmp_path / "IMG_1.jpg").read_bytes()[:-300])


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_heic_is_turned_once(tmp_path, orientation):
    pytest.importorskip("pillow_heif", reason="pillow-heif is not installed")
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(picture(1, (64, 96)))
    image.save(tmp_path / "a.heic", "HEIF", exif=exif.tobytes(), quality=95)
    expected = np.rot90(picture(1, (64, 96)), {1: 0, 3: 2, 6: -1, 8: 1}[orientation])
    opened = open_image(tmp_path / "a.heic")
    assert opened.shape == expected.shape
    assert np.abs(opened.astype(int) - expected).mean() < 6
