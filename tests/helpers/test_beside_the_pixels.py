"""What stands in a file beside the pixels, or at their rim, changes no pixel and costs little."""

import io
import struct
import time
import zlib

import numpy as np
import pytest
from pictures import encoded, picture
from PIL import Image, PngImagePlugin, TiffImagePlugin

from helpers import CourseError
from helpers.headers import is_plain
from helpers.images import open_image

RGB = picture(1)
PNG = encoded(RGB)
JPEG = encoded(RGB, "JPEG")
UPRIGHT = Image.Exif()
UPRIGHT[0x112] = 1
XMP_6 = b'<x tiff:Orientation="6"/>'


def chunk(kind, content, off=0):
    check = zlib.crc32(kind + content) ^ off
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png(*chunks):
    """Put chunks behind the header of a PNG."""
    return PNG[:33] + b"".join(chunks) + PNG[33:]


def segment(marker, content):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg(*segments, rest=JPEG[2:]):
    return b"\xff\xd8" + b"".join(segments) + rest


def saved(array, kind, **options):
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        png(chunk(b"tEXt", b"a\0b", off=1)),
        png(chunk(b"iCCP", b"p\0\0" + zlib.compress(np.random.default_rng(0).bytes(2_000_000)))),
        png(chunk(b"iTXt", b"workflow\0\1\0\0\0" + zlib.compress(b"x" * 2_000_000))),
        png(chunk(b"pHYs", b"12")),
        png(chunk(b"gAMA", b"1")),
        png(chunk(b"acTL", b"12")),
    ],
    ids=["checksum", "profile", "text", "pHYs", "gAMA", "acTL"],
)
def test_a_png_is_opened_whatever_stands_beside_its_pixels(data):
    np.testing.assert_array_equal(open_image(data), RGB)


@pytest.mark.parametrize(
    "data",
    [
        jpeg(segment(0xE2, b"ICC_PROFILE\0")),
        jpeg(segment(0xE0, b"JFIF\0"), rest=JPEG[20:]),
        jpeg(segment(0xEE, b"Adobe")),
    ],
    ids=["profile", "JFIF", "Adobe"],
)
def test_a_jpeg_is_opened_whatever_stands_beside_its_pixels(data):
    np.testing.assert_array_equal(open_image(data), open_image(JPEG))


def test_what_is_left_out_takes_no_orientation_along():
    turned = Image.Exif()
    turned[0x112] = 6
    data = jpeg(segment(0xE1, turned.tobytes()), segment(0xE2, b"ICC_PROFILE\0"))
    assert open_image(data).shape == (RGB.shape[1], RGB.shape[0], 3)


def test_many_profiles_are_unpacked_within_limits():
    """Each costs a megabyte of work, and thousands go into one file."""
    profile = chunk(b"iCCP", b"p\0\0" + zlib.compress(b"\0" * 10**6, 9))
    assert is_plain(png(profile)) and not is_plain(png(*[profile] * 3))
    cpu = time.process_time()
    with pytest.raises(CourseError, match="takes too long to open"):
        open_image(png(*[profile] * 18_000))
    assert time.process_time() - cpu < 3, "it was unpacked in this process"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_exif_that_says_upright_outweighs_an_older_xmp(kind):
    """A program that turns the pixels sets EXIF to 1, and may leave the XMP as it was."""
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", XMP_6.decode())
    more = {"pnginfo": text} if kind == "PNG" else {"xmp": XMP_6}
    both = saved(RGB, kind, exif=UPRIGHT.tobytes(), **more)
    alone = saved(RGB, kind, **more)
    assert open_image(both).shape == RGB.shape
    assert open_image(alone).shape == (RGB.shape[1], RGB.shape[0], 3)


def test_a_tiff_whose_xmp_is_text_is_opened():
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[700] = "no bytes"
    tags.tagtype[700] = 2
    np.testing.assert_array_equal(open_image(saved(RGB, "TIFF", tiffinfo=tags)), RGB)


@pytest.mark.parametrize(
    "data, kind",
    [
        (saved(RGB, "TIFF", compression="tiff_lzw")[:-200], "TIFF"),
        (saved(RGB, "TIFF", compression="tiff_adobe_deflate")[:-200], "TIFF"),
        (saved(RGB, "AVIF")[:300], "AVIF or HEIC"),
    ],
)
def test_a_file_that_is_cut_off_is_not_called_no_image(data, kind):
    with pytest.raises(CourseError, match=f"^a.x begins as {kind} does, .* cut off"):
        open_image(data, name="a.x")


def test_a_negative_in_16_bits_is_refused_and_in_8_bits_right():
    grey = RGB[..., 0]
    black = struct.pack("<HHIH", 262, 3, 1, 1)
    white = struct.pack("<HHIH", 262, 3, 1, 0)
    eight = saved(255 - grey, "TIFF").replace(black, white)
    np.testing.assert_array_equal(open_image(eight)[..., 0], grey)
    sixteen = saved(grey.astype("<u2") * 257, "TIFF").replace(black, white)
    with pytest.raises(CourseError, match="in which 0 is white: save it so that 0 is black"):
        open_image(sixteen)


@pytest.mark.parametrize("bits", [2, 4, 8, 16])
def test_what_a_png_calls_transparent_is_white(bits):
    clear = 2 if bits < 16 else 0x1234
    row = np.full(8, clear, ">u2" if bits == 16 else np.uint8)
    packed = row.tobytes() if bits > 4 else bytes([clear * (0x55 if bits == 2 else 0x11)] * bits)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 1, bits, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" + packed))
    clear_one = chunk(b"tRNS", struct.pack(">H", clear))
    data = PNG[:8] + header + clear_one + pixels + chunk(b"IEND", b"")
    assert (open_image(data) == 255).all()


def test_a_file_s_name_writes_nothing_into_a_terminal(tmp_path):
    file = tmp_path / "a\x1b[31m\nb.jpg"
    file.write_bytes(b"x")
    with pytest.raises(CourseError) as error:
        open_image(file)
    assert "\x1b" not in str(error.value) and "\n" not in str(error.value)
