"""Who may decode a photo, and when."""

import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from flask import g
from werkzeug.exceptions import ServiceUnavailable

from apps.web.front import BUSY, WAIT_SECONDS

# The largest image, in 16 or 32 bits, takes 0.7 GB and all of a core while it is decoded: so many
# at once.
decoders = threading.BoundedSemaphore(2)
small_decoders = threading.BoundedSemaphore(2)
patience = threading.BoundedSemaphore(8)  # requests that hold or await one of `decoders`
SMALL_BYTES = 500_000
SMALL_PIXELS = 2_000_000  # times the scans of a JPEG, each of which walks the picture again


@contextmanager
def decoder(data: bytes) -> Iterator[None]:
    """Hold a decoder for a photo.

    Raises:
        ServiceUnavailable: too many requests wait for one already, or this one has waited for
            `WAIT_SECONDS` in all.
    """
    small = is_small(data)
    with nullcontext() if small else _waiting():
        slots = small_decoders if small else decoders
        start = time.monotonic()
        got = slots.acquire(timeout=max(0.0, WAIT_SECONDS - g.get("waited", 0.0)))
        g.waited = g.get("waited", 0.0) + time.monotonic() - start
        if not got:
            raise ServiceUnavailable(BUSY, retry_after=WAIT_SECONDS)
        try:
            yield
        finally:
            slots.release()


@contextmanager
def _waiting() -> Iterator[None]:
    """Take one of the places of those that wait, or none: threads must be left for small photos."""
    if not patience.acquire(blocking=False):
        raise ServiceUnavailable(BUSY, retry_after=WAIT_SECONDS)
    try:
        yield
    finally:
        patience.release()


def is_small(data: bytes) -> bool:
    """Say whether a photo is decoded in milliseconds, by its first bytes: a small JPEG or PNG.

    What cannot be told counts as large. Nothing is decoded to tell, for that may be what costs.
    """
    if len(data) > SMALL_BYTES:
        return False
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) > 24:
        width, height = struct.unpack_from(">II", data, 16)
        return width * height <= SMALL_PIXELS
    pixels = _jpeg_pixels(data) if data.startswith(b"\xff\xd8") else 0
    return 0 < pixels * data.count(b"\xff\xda") <= SMALL_PIXELS


def _jpeg_pixels(data: bytes) -> int:
    """Return width times height of a JPEG, or 0 where its header does not say."""
    at = 2
    for _ in range(100):  # segments before the picture
        if at + 9 > len(data) or data[at] != 0xFF:
            return 0
        kind = data[at + 1]
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):  # a frame, and no table
            height, width = struct.unpack_from(">HH", data, at + 5)
            return int(height) * int(width)
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0
