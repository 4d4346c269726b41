"""What the parts of the organiser hand to each other."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Options:
    """What the command line asks for.

    Attributes:
        photos: The folder tree to sort, without symbolic links in its path.
        to: Where to, likewise.
        model: A .keras file of the course.
        sure: The confidence, from 0 to 1, below which a photo goes to `unsure`.
        mode: How a photo gets to its target: "copy", "move" or "link".
        dry_run: Print the plan, and write nothing.
        progress: Show the bar even where stderr is no terminal.
        engine: What reads photos and asks the model: "threads", or "ray" and its workers.
        address: Of a Ray cluster; "" starts one on this machine alone.
    """

    photos: Path
    to: Path
    model: Path
    sure: float
    mode: str
    dry_run: bool
    progress: bool
    engine: str = "threads"
    address: str = ""


@dataclass(frozen=True)
class Photo:
    """A file as it was found.

    Attributes:
        path: Absolute.
        size: In bytes.
        modified: The time of its last change, in nanoseconds.
        digest: Of its content (see `apps.organiser.content`); empty until it is read.
        companions: The files that go along with it.
    """

    path: Path
    size: int
    modified: int
    digest: bytes = b""
    companions: tuple["Photo", ...] = ()


@dataclass(frozen=True)
class Reading:
    """What was read of a photo.

    Attributes:
        photo: The file.
        pixels: uint8 (height, width, 3) at the model's size; None where it is no image, or where a
            worker has asked the model already.
        thumbnail: A JPEG file's bytes, or empty.
        note: Why it is no image.
        stays: Why it could not even be read, and so stays where it is.
        row: float32 (classes,), the model's answer, where a worker has asked it.
    """

    photo: Photo
    pixels: np.ndarray | None = None
    thumbnail: bytes = b""
    note: str = ""
    stays: str = ""
    row: np.ndarray | None = None


@dataclass(frozen=True)
class Decision:
    """What is said of a photo: the folder it belongs to, and why.

    Attributes:
        photo: The file.
        folder: The name of the folder.
        label: The class; None where the photo cannot be opened.
        confidence: Of the label, in [0, 1]; None likewise.
        probabilities: In [0, 1], by class name; empty likewise.
        note: Why the photo cannot be opened; empty where it can.
        thumbnail: A JPEG file's bytes, or empty.
    """

    photo: Photo
    folder: str
    label: str | None = None
    confidence: float | None = None
    probabilities: dict[str, float] = field(default_factory=dict)
    note: str = ""
    thumbnail: bytes = b""


def part_name(number: int) -> str:
    """Return the name that the copy of a file has until it is whole, by the file's number."""
    return f".organise-{number}.part"


@dataclass(frozen=True)
class Placement:
    """A file that has a target, and the way it shall get there.

    Attributes:
        id: Its number in the ledger.
        source: Where it was found.
        size: In bytes, as it was found.
        mode: "copy", "move" or "link".
        folder: The name of the folder it belongs to.
        target: Where it shall be.
        leader: The number of the photo that it goes along with; None for a photo.
        modified: The time of its last change, as it was found, in nanoseconds.
    """

    id: int
    source: Path
    size: int
    mode: str
    folder: str
    target: Path
    leader: int | None = None
    modified: int = 0

    @property
    def part(self) -> Path:
        """The name that a copy has until it is whole."""
        return self.target.with_name(part_name(self.id))
