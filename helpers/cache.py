"""Arrays that are computed once and kept in a file."""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from helpers.files import whole
from helpers.runtime import SAVED

CACHE = SAVED / "cache"  # may be deleted at any time
SPARE = 2**26  # bytes that are left free on the disk


def fingerprint(files: Sequence[Path], *facts: object) -> str:
    """Return 16 hexadecimal digits that change with a file's name, size or time, or with a fact."""
    digest = hashlib.sha256(repr(facts).encode())
    for file in files:
        stat = file.stat()
        digest.update(os.fsencode(file) + f"\n{stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def cached(
    name: str, shape: tuple[int, ...], dtype: type, fill: Callable[[np.ndarray], object]
) -> np.ndarray:
    """Return an array from a file below `CACHE`, after `fill` has filled it if it is not there.

    Args:
        name: Names the file; another content needs another name (see `fingerprint`).
        shape: Of the array.
        dtype: Of the array.
        fill: Gets the empty array, and writes into it.

    Returns:
        The array, mapped into memory and read-only: only what is used is read.

    Raises:
        CourseError: the file cannot be written.
    """
    path = CACHE / f"{name}.npy"
    found = _mapped(path)
    if found is None or (found.shape, found.dtype) != (shape, np.dtype(dtype)):
        with whole(path) as part:
            # Asked beforehand, for writing to a mapped file on a full disk ends the process.
            if shutil.disk_usage(CACHE).free < np.prod(shape) * np.dtype(dtype).itemsize + SPARE:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            fill(np.lib.format.open_memmap(part, "w+", dtype, shape))
        found = np.load(path, mmap_mode="r")
    return found


def _mapped(path: Path) -> np.ndarray | None:
    """Map a file into memory; None where there is none, or a damaged one: it is computed anew."""
    try:
        return np.load(path, mmap_mode="r")
    except (OSError, ValueError, EOFError):
        return None
