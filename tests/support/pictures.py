"""What several tests share: where the course stands, and pictures that nobody took."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
PHOTOGRAPHS = ROOT.parent / "shared" / "data"


def picture(seed: int, size: tuple[int, int] = (40, 60)) -> np.ndarray:
    """Return a smooth random picture, unlike that of any other seed."""
    coarse = np.random.default_rng(seed).integers(0, 256, (7, 7, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse).resize(size[::-1], Image.Resampling.BICUBIC))


def encoded(pixels: np.ndarray, kind: str = "PNG", **options) -> bytes:
    """Return the bytes of an image file."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def huge_png(side: int = 30_000) -> bytes:
    """Return the start of a PNG that claims so many pixels a side."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
