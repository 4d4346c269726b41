"""Pictures that cost whoever opens them far more than whoever sends them; for `tools.load_test`."""

import io
import struct

from PIL import Image

SIDES = (3000, 2000)  # pixels of a scan bomb
RUN = 2**14  # blocks that one code of a scan passes over


def scan_bomb(scans: int) -> bytes:
    """Return a progressive JPEG of many empty scans, each of which walks the whole picture.

    Args:
        scans: Their number; each adds 22 bytes to the file, and milliseconds to its opening.
    """
    buffer = io.BytesIO()
    Image.new("L", SIDES, 128).save(buffer, "JPEG", progressive=True)
    blocks = -(-SIDES[0] // 8) * -(-SIDES[1] // 8)
    # One code, the bit 0: "the band ends here, and so it does in the next 2 ** 14 + 0 blocks".
    table = b"\xff\xc4" + struct.pack(">HB", 20, 0x10) + bytes([1] + [0] * 15) + b"\xe0"
    codes = bytes(-(-15 * -(-blocks // RUN) // 8))
    scan = b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0, 1, 63, 0) + codes
    return buffer.getvalue()[:-2] + table + scan * scans + b"\xff\xd9"


def header_bomb(tags: int, size: int) -> bytes:
    """Return a TIFF of one pixel whose directory names the same bytes many times.

    Args:
        tags: How many times, each of which may be copied.
        size: The bytes, and so about those of the file.
    """
    fields = {256: 1, 257: 1, 258: 8, 259: 1, 262: 1, 273: 0, 277: 1, 278: 1, 279: 1}
    end = 8 + 2 + 12 * (len(fields) + tags) + 4
    fields[273] = end
    directory = [struct.pack("<HHII", tag, 4, 1, value) for tag, value in fields.items()]
    directory += [struct.pack("<HHII", 1000 + number, 7, size, end) for number in range(tags)]
    head = b"II*\0" + struct.pack("<IH", 8, len(directory))
    return head + b"".join(directory) + bytes(4) + bytes(size)
