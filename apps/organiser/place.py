"""Bring photos to their targets, so that each is whole in one place at every moment."""

import errno
import filecmp
import os
import shutil
import stat
from contextlib import suppress
from io import BufferedReader, BufferedWriter
from pathlib import Path

from apps.organiser.names import printable
from apps.organiser.records import Placement
from apps.organiser.scan import changed_at


class LeftAlone(Exception):
    """A file stays where it is, and nothing is placed; the text says why."""


def place(placement: Placement) -> None:
    """Bring a photo to its target in one step that either happens or does not.

    At each moment the whole photo is at its source or at its target; nothing else is ever seen
    under the target's name, and what is there already stays. A source that was changed after it was
    copied stays too, for its new version is nowhere else. Before a source on another disk goes, the
    copy is read back and compared with it.

    Raises:
        LeftAlone: the photo is another than was read, or was changed while it was copied, or what
            is no part of this run has the name that a copy has until it is whole.
        FileExistsError: something has the target's name.
        OSError: the source cannot be read or the target not written; nothing half-written stays.
    """
    if placement.mode == "copy":
        _copy(placement)
        return
    _check_as_read(placement, placement.source.lstat())
    if placement.mode == "link":
        _link(placement)
    else:
        try:
            _rename(placement.source, placement.target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            copied = _copy(placement, verify=True)
            # Before the source goes, the copy must outlast a power cut.
            sync(placement.target.parent)
            with suppress(FileNotFoundError):  # somebody was faster
                if _version(placement.source.stat()) == copied:
                    placement.source.unlink()


def arrived(placement: Placement) -> bool:
    """Say whether a photo that an earlier run began to place is in its place."""
    if not os.path.lexists(placement.target):
        return False
    if not os.path.lexists(placement.source):
        facts = placement.target.lstat()  # of the link itself, which may lead nowhere by now
        return stat.S_ISREG(facts.st_mode) and facts.st_size == placement.size
    if placement.mode == "link":
        with suppress(OSError):  # somebody else's link that leads nowhere
            return placement.source.samefile(placement.target)
        return False
    if placement.target.is_symlink():  # somebody else's link to the source is no copy of it
        return False
    return filecmp.cmp(placement.source, placement.target, shallow=False)


def sync(folder: Path) -> None:
    """Make the names in a folder outlast a power cut; Windows has no such call and no need."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def has_changed(path: Path, size: int, modified: int) -> bool:
    """Say whether a file is there, and another than was found."""
    try:
        facts = path.lstat()
    except OSError:
        return False
    return (facts.st_size, changed_at(facts)) != (size, modified)


def _check_as_read(placement: Placement, facts: os.stat_result) -> None:
    """Raise LeftAlone where a photo is another than was read: what was decided is not true of it.

    Of what goes along with a photo nothing was decided: it may have changed.
    """
    found = (facts.st_size, changed_at(facts))
    if placement.leader is None and found != (placement.size, placement.modified):
        raise _changed(placement)


def _check_still(placement: Placement, file: BufferedReader, facts: os.stat_result) -> None:
    """Raise LeftAlone where a file was changed or replaced since these were its facts."""
    written = _version(os.fstat(file.fileno())) != _version(facts)
    if written or has_changed(placement.source, facts.st_size, changed_at(facts)):
        raise _changed(placement)


def _changed(placement: Placement) -> LeftAlone:
    """Return the error for a file that is changed when it must not be."""
    return LeftAlone(f"{printable(placement.source)} has changed since it was read")


def _version(facts: os.stat_result) -> tuple[int, int, int]:
    """Return what is another once a file is changed or replaced."""
    return facts.st_size, facts.st_mtime_ns, facts.st_ino


def _copy(placement: Placement, verify: bool = False) -> tuple[int, int, int]:
    """Write a copy with the source's times and rights, and give it its name once it is whole.

    Args:
        placement: What, and where to.
        verify: Compare the copy with the source before it gets its name.

    Returns:
        The version of the source that was copied.
    """
    with placement.source.open("rb") as old:
        facts = os.fstat(old.fileno())  # before it is read, so that any change shows
        _check_as_read(placement, facts)
        new = _begin(placement)
        try:
            with new:
                shutil.copyfileobj(old, new, 2**20)
                new.flush()
                os.fsync(new.fileno())
                _forget(new.fileno())
            alike = not verify or filecmp.cmp(placement.source, placement.part, shallow=False)
            _check_still(placement, old, facts)
            if not alike:
                raise OSError(errno.EIO, "the copy is not like the photo", str(placement.part))
            _keep_facts(placement, facts)
            _rename(placement.part, placement.target)
        finally:
            placement.part.unlink(missing_ok=True)
    return _version(facts)


def _begin(placement: Placement) -> BufferedWriter:
    """Open the file that the copy is written to; raise LeftAlone where something has its name."""
    try:
        return placement.part.open("xb")
    except FileExistsError:
        raise LeftAlone(
            f"{printable(placement.source)} cannot be copied while {printable(placement.part)}, "
            "which this run has not written, is there: it is for you to move or delete"
        ) from None


def _forget(file: int) -> None:
    """Let what was written to a file be read from the disk, and not from memory."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)


def _keep_facts(placement: Placement, facts: os.stat_result) -> None:
    """Give a copy what the file system takes of the source's times, rights and attributes."""
    try:
        shutil.copystat(placement.source, placement.part)
    except OSError:  # attributes are too large for this disk, or rights are nothing it knows
        with suppress(OSError):
            os.utime(placement.part, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        with suppress(OSError):
            placement.part.chmod(stat.S_IMODE(facts.st_mode))


def _link(placement: Placement) -> None:
    """Make a hard link, or a symbolic one where the file system or another disk forbids it."""
    try:
        placement.target.hardlink_to(placement.source)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:
        placement.target.symlink_to(placement.source)


def _rename(old: Path, new: Path) -> None:
    """Give a file another name, and raise FileExistsError where something has it.

    POSIX renames over what is there, so the new name is a hard link before the old one goes. Where
    there are no hard links (memory cards, mostly), the name is looked at first: only a program that
    writes the same name in the microseconds between could lose its file.
    """
    if os.name == "nt":
        old.rename(new)  # never over a file
        return
    try:
        new.hardlink_to(old)
    except OSError as error:
        if error.errno in (errno.EXDEV, errno.EEXIST, errno.ENOENT, errno.ENOSPC):
            raise
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new)) from None
        old.rename(new)
    else:
        old.unlink()
