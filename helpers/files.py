"""Files that appear whole or not at all."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpers.errors import CourseError


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
