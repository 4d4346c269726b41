"""What the header of an image file says, read without decoding anything.

A sound picture costs about what its pixels cost. A hostile one makes a decoder work for hours on
what is no picture: a million empty segments, thousands of scans, a directory whose entries all
point at the same megabyte. So the parts are counted here, and no further than a sound file goes.

Sources: ITU-T T.81 (JPEG), W3C PNG, GIF89a, RFC 9649 (WebP), TIFF 6.0.
"""

import re
import struct
from collections.abc import Callable, Container, Iterator

MAX_PARTS = 20_000  # chunks or segments; a sound 100 MB PNG has 13,000
IN_PROCESS = 25_000_000  # pixels; up to here a sound picture takes about a second and 300 MB
MAX_WORK = 300_000_000  # pixels times scans of a JPEG; about two seconds
COPIED = 2**24  # bytes that reading the tags of a directory may copy
# Bytes that a value of each TIFF type takes.
TIFF_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
ORIENTATION = 0x0112
FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive: by Huffman codes, which are quick
# Segments that photographs have: frame, tables, restart interval, scan, applications', comment.
SEGMENTS = FRAMES | {0xC4, 0xDB, 0xDD, 0xDA, 0xFE} | set(range(0xE0, 0xF0))
# Frames that few programs write, and few decoders read.
RARE = dict.fromkeys((0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF), "arithmetic coding")
RARE |= {0xC3: "lossless", 0xC5: "hierarchical", 0xC6: "hierarchical", 0xC7: "hierarchical"}
BOXES = re.compile(rb"....ftyp(?:avi[fs]|hei[cxms]|hev[cxms]|mif1|msf1)", re.DOTALL)
HEIC = re.compile(rb"....ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)", re.DOTALL)


def is_heic(data: bytes) -> bool:
    """Say whether the bytes are HEIC or HEIF, and not AVIF, which may call itself mif1 too."""
    return bool(HEIC.match(data)) and b"avif" not in data[:64]


def is_plain(data: bytes) -> bool:
    """Say whether decoding a file surely takes little memory and time, whoever made it.

    False says nothing bad: TIFF, AVIF and HEIC have headers of their own depth, and large pictures
    are large. They are decoded by `helpers.limited`.
    """
    try:
        return work(data) <= IN_PROCESS
    except Unusual:
        return False


def work(data: bytes) -> int:
    """Count the pixels that a header promises, more for what takes longer a pixel; 0 if none does.

    Raises:
        Unusual: even looking at the header further might take long.
    """
    for start, look in LOOKS.items():
        if data.startswith(start):
            try:
                return look(data)
            except (struct.error, IndexError):  # the file ends within its header
                return 0  # a decoder finds that out as soon
    if data.startswith((b"II", b"MM")) or BOXES.match(data):
        raise Unusual
    return 0  # nothing that is decoded


class Unusual(Exception):
    """A header is not as cameras and programs write it."""


def jpeg_segments(
    data: bytes, at: int = 2, known: Container[int] = SEGMENTS
) -> Iterator[tuple[int, int, int]]:
    """Yield marker, start and length of each segment of a JPEG up to its next scan, which is last.

    Args:
        data: The file's bytes.
        at: Where the first segment begins.
        known: The markers that a segment may have.

    Raises:
        Unusual: there are very many, or what stands there is no segment: a reader that finds other
            segments than these must not be taken by surprise.
    """
    for _ in range(MAX_PARTS):
        fill, marker, length = struct.unpack_from(">BBH", data, at)
        if fill != 0xFF or marker not in known or length < 2:
            raise Unusual
        yield marker, at + 4, length - 2
        if marker == 0xDA:
            return
        at += 2 + length
    raise Unusual


def _jpeg(data: bytes) -> int:
    """Do `work` for a JPEG, by its scans too: few segments, and an EXIF that copies little."""
    exifs = 0
    pixels = 0
    for marker, at, length in jpeg_segments(data):
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 1)
            pixels = max(pixels, height * width)
        elif data[at : at + 4] in (b"Exif", b"MPF\0"):
            head = at + (6 if data[at : at + 4] == b"Exif" else 4)
            exifs += 1
            if copied(data[head : at + length]) > COPIED:
                raise Unusual
    scans = data.count(b"\xff\xda")
    if not pixels or scans > 1000 or exifs > 2:  # a second EXIF is read as a part of the first
        raise Unusual
    return max(pixels, pixels * scans // (MAX_WORK // IN_PROCESS))


def bare(data: bytes) -> bytes:
    """Return a JPEG or a PNG without the parts that no pixel depends on; its EXIF stays."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _bare_jpeg(data)
        return _bare_png(data) if data.startswith(b"\x89PNG\r\n\x1a\n") else data
    except (Unusual, struct.error, IndexError):
        return data


def rare_kind(data: bytes) -> str:
    """Name the rare kind that a JPEG is of; "" where it is of the usual ones, or is none."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            for marker, _at, _length in jpeg_segments(data, known=SEGMENTS | RARE.keys()):
                if marker in RARE:
                    return RARE[marker]
    except (Unusual, struct.error):
        pass
    return ""


def _bare_jpeg(data: bytes) -> bytes:
    """Leave out the applications' segments, but EXIF and what Adobe says of the colours."""
    parts = [data[:2]]
    for marker, at, length in jpeg_segments(data):
        segment = data[at - 4 : at + length]
        if marker == 0xDA:
            return b"".join([*parts, data[at - 4 :]])
        of_adobe = marker == 0xEE and length >= 12
        if of_adobe or segment[4:8] == b"Exif" or marker < 0xE0:
            parts.append(segment)
    return data


def _bare_png(data: bytes) -> bytes:
    """Leave out the ancillary chunks, but EXIF and what is transparent."""
    parts = [data[:8]]
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if not kind[0] & 0x20 or kind in (b"tRNS", b"eXIf"):
            parts.append(data[at : at + 12 + length])
        at += 12 + length
    return b"".join(parts)


def copied(tiff: bytes) -> int:
    """Count the bytes that reading the first directory of a TIFF, or of EXIF, copies."""
    total = 0
    for _tag, kind, count, at in directory(tiff):
        size = count * TIFF_BYTES.get(kind, 0)
        if size > 4:
            total += min(size, max(0, len(tiff) - at))
    return total


def directory(tiff: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield tag, type, count and value (or its place) of a TIFF's first directory, to its end."""
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (entries,) = struct.unpack_from(order + "H", tiff, start)
        for entry in range(entries):
            yield struct.unpack_from(order + "HHII", tiff, start + 2 + 12 * entry)
    except struct.error:  # it ends before it says it does
        return


def exif_orientation(exif: bytes) -> int:
    """Return the orientation, 1 to 8, that EXIF says: 1 for an odd one, 0 where it says none."""
    tiff = exif.removeprefix(b"Exif\0\0")
    shift = 16 if tiff[:2] == b"MM" else 0  # a SHORT stands at the left of its four bytes
    for tag, kind, _count, value in directory(tiff):
        if tag == ORIENTATION:
            said = value >> shift if kind == 3 else value
            return said & 0xFFFF if 1 <= said & 0xFFFF <= 8 else 1
    return 0


def _png(data: bytes) -> int:
    """Do `work` for a PNG: few chunks."""
    width, height = struct.unpack_from(">II", data, 16)
    at = 8
    profiles = 0  # each is unpacked, to a megabyte at most
    for _ in range(MAX_PARTS):
        if at + 8 > len(data):
            return width * height
        length, kind = struct.unpack_from(">I4s", data, at)
        profiles += kind == b"iCCP"
        if profiles > 2:
            raise Unusual
        at += 12 + length
    raise Unusual


def _gif(data: bytes) -> int:
    """Do `work` for a GIF: its first picture comes soon."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    left = MAX_PARTS // 10  # here each part is copied once a part that follows it
    while data[at] == 0x21:  # an extension: a label, then blocks up to an empty one
        at += 2
        while data[at]:
            at += 1 + data[at]
            left -= 1
            if left < 0:
                raise Unusual
        at += 1
    if data[at] != 0x2C:
        raise Unusual
    left_edge, top, wide, high = struct.unpack_from("<HHHH", data, at + 1)
    return max(width, left_edge + wide) * max(height, top + high)


def _bmp(data: bytes) -> int:
    """Do `work` for a BMP: not run-length encoded, for that is decoded a byte at a time."""
    head, width, height = struct.unpack_from("<Iii", data, 14)
    packed = struct.unpack_from("<I", data, 30)[0]
    if head < 40 or packed not in (0, 3):
        raise Unusual
    return abs(width * height)


def _webp(data: bytes) -> int:
    """Do `work` for a WebP, whose decoder keeps three copies, and reads all of an animation."""
    kind = data[12:16]
    if data[8:12] != b"WEBP":
        return 0  # another RIFF, which is refused at once
    if kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
        return 2 * width * height
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return 2 * ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    width = int.from_bytes(data[24:27], "little") + 1
    height = int.from_bytes(data[27:30], "little") + 1
    return width * height * (10 if data[20] & 2 else 2)


LOOKS: dict[bytes, Callable[[bytes], int]] = {
    b"\xff\xd8\xff": _jpeg,
    b"\x89PNG\r\n\x1a\n": _png,
    b"GIF8": _gif,
    b"BM": _bmp,
    b"RIFF": _webp,
}


BEGINNINGS = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "GIF": re.compile(rb"GIF8[79]a"),
    "WebP": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "TIFF": re.compile(rb"II[*+]\0|MM\0[*+]"),
    "AVIF or HEIC": BOXES,
}


def begins(data: bytes) -> str:
    """Name the format that the first bytes are of; "" where it is none of these."""
    return next((kind for kind, start in BEGINNINGS.items() if start.match(data)), "")


def is_bomb(data: bytes) -> bool:
    """Say whether a TIFF's tags make a reader copy far more than the file holds.

    Each may point at the same bytes, and is copied before any limit on pixels is looked at.
    """
    tiff = data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
    return tiff and copied(data) > 2 * len(data) + COPIED
