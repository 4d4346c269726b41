"""Whether a JPEG that lacks its end holds all of its picture, as far as its markers tell.

Each scan says which coefficients it brings. Within a scan, restart markers stand between equal
numbers of blocks: where fewer stand there than the frame's size asks for, the rest is missing.

Source: ITU-T T.81.
"""

import re
import struct
from dataclasses import dataclass
from math import ceil

from helpers.headers import FRAMES, jpeg_segments

END = b"\xff\xd9"
NEXT = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # a marker that is not within a scan
RESTART = re.compile(rb"\xff[\xd0-\xd7]")


@dataclass(frozen=True)
class Frame:
    """What a JPEG's frame says.

    Attributes:
        width: In pixels.
        height: Likewise.
        sampling: Of each component, by name: how many blocks stand side by side, and one below the
            other, where that which has most is as fine as the pixels.
    """

    width: int
    height: int
    sampling: dict[int, tuple[int, int]]

    def restarts(self, names: list[int], interval: int) -> int:
        """Return how many restart markers a scan has.

        Args:
            names: Of the scan's components.
            interval: How many units of blocks stand between two markers; 0: there are none.
        """
        if not interval:
            return 0
        across, down = (8 * max(most) for most in zip(*self.sampling.values(), strict=True))
        if len(names) > 1:  # a unit has the blocks of all components
            units = ceil(self.width / across) * ceil(self.height / down)
        else:
            wide, high = self.sampling[names[0]]
            units = ceil(self.width * wide / across) * ceil(self.height * high / down)
        return ceil(units / interval) - 1


def read_frame(data: bytes, at: int) -> Frame:
    """Read a frame, whose content begins at a place."""
    height, width, parts = struct.unpack_from(">HHB", data, at + 1)
    places = range(at + 6, at + 6 + 3 * parts, 3)
    return Frame(width, height, {data[n]: divmod(data[n + 1], 16) for n in places})


def scans_are_complete(data: bytes) -> bool:
    """Say whether the scans of a JPEG hold all that its frame needs, but for the last ones' end.

    Raises:
        Exception: the bytes end within a segment, or are no JPEG.
    """
    frame = Frame(0, 0, {})
    found: set[tuple[int, int]] = set()
    interval = 0
    at = 2
    while True:
        for marker, start, length in jpeg_segments(data, at):
            at = start + length
            if marker in FRAMES:
                frame = read_frame(data, start)
            elif marker == 0xDD:
                interval = int.from_bytes(data[start:at])
        names = list(data[start + 1 : at - 3 : 2])
        first, last, precision = data[at - 3 : at]
        follows = NEXT.search(data, at)
        end = follows.start() if follows else len(data)
        if len(RESTART.findall(data, at, end)) < frame.restarts(names, interval):
            return False
        if not precision & 0x0F:  # 0: down to the last bit
            found |= {(name, k) for name in names for k in range(first, last + 1)}
        if follows is None or follows[0] == END:
            return found >= {(name, k) for name in frame.sampling for k in range(64)}
        at = end
