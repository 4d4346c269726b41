"""Files are read once they are known to be files, and appear whole or not at all."""

import os
import re
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpers.errors import CourseError, printable

MAX_BYTES = 2**28  # of a file; the largest photograph that is opened has less, stored as it is


def read_file(path: str | os.PathLike, most: int = MAX_BYTES) -> bytes:
    """Read a file whole, after asking what it is: a pipe would never end, and so may a device.

    Args:
        path: The file.
        most: The most bytes that it may have.

    Raises:
        CourseError: there is no such file, it is none, it has too many bytes, or no right to it.
    """
    name = printable(path)
    try:
        facts = Path(path).stat()
    except PermissionError as error:
        raise CourseError(f"{name} cannot be read ({error.strerror}).") from None
    except (OSError, ValueError):  # ValueError: a null byte in the name
        raise CourseError(f"{name} is not a file: check the path.") from None
    if not stat.S_ISREG(facts.st_mode):
        raise CourseError(f"{name} is not a file but a folder, a pipe or a device: check the path.")
    if facts.st_size > most:
        raise CourseError(too_many_bytes(name, most))
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CourseError(f"{name} cannot be read ({error.strerror}).") from None


def too_many_bytes(name: str, most: int = MAX_BYTES) -> str:
    """Return the sentence on a file that is too large to be read."""
    return f"{name} has more than {most / 2**20:g} MB: save it smaller first."


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Yield a name beside `path` to write to; it becomes `path` once the block has ended well.

    So whoever opens `path` finds the old file or the new one, and never a part, whatever ends the
    program in between. A block that fails leaves nothing behind.

    Args:
        path: The file to write; its folder is made where it is missing.

    Yields:
        A hidden name in the same folder, with the same ending, that no other thread or process has.

    Raises:
        CourseError: the folder or the file cannot be written.
    """
    path = Path(path)
    writer = f"{os.getpid()}-{threading.get_native_id()}"
    part = path.with_name(f".{path.stem[:40]}.{writer}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        raise CourseError(
            f"{path} cannot be written ({error.strerror or error}): make room on the disk, or "
            "choose a folder that you may write to."
        ) from None
    finally:
        with suppress(OSError):  # a folder that was never made, or is closed
            part.unlink(missing_ok=True)


def notebook_files(folder: Path, name: str = r"\d\d_.+") -> list[Path]:
    """Return a folder's notebooks in order: what JupyterLab calls Untitled or -Copy1 is none.

    Args:
        folder: Where the chapters stand, or others.
        name: A regular expression of their names without the ending; that of chapters unless told.
    """
    found = (path for path in folder.glob("*.ipynb") if re.fullmatch(name, path.stem))
    return sorted(path for path in found if not re.search(r"-Copy\d+$", path.stem))
