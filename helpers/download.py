"""Fetch a Kaggle data set through the `kaggle` client, check it and unpack it.

What the client needs was read in its source, kaggle 2.2.4: `authenticate` and `download_file` in
`kaggle/api/kaggle_api_extended.py`. It signs its requests with the credentials that it finds (see
`helpers.credentials`); without any they are anonymous.
"""

import base64
import errno
import hashlib
import os
import re
import shutil
import stat
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from pathlib import Path, PureWindowsPath
from typing import Any

import requests
from filelock import FileLock

from helpers.credentials import MISTYPED, TOKENS, signed
from helpers.errors import CourseError
from helpers.runtime import place

INSTEAD = "leave COURSE_DATA unset to use the samples"
UPGRADE = "run `pip install --upgrade kaggle` and restart the kernel"
DAMAGED = "The archive of {} came damaged and was deleted: run this again to download it afresh."
# What zipfile raises on an archive that is none, is cut off, or has a file in a folder's place.
DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError),
    *(FileExistsError, IsADirectoryError, NotADirectoryError),
)
BOMB_RATIO = 100  # photographs hardly shrink in a zip


def download(slug: str, folder: Path) -> Path:
    """Fetch the Kaggle data set `owner/name`, unpack it, return `folder/<name>`.

    A folder of that name is returned as it is and nothing is asked of the network. A download
    that was cut off stays in `folder/.<name>.partial`, where the next call goes on.

    Args:
        slug: the set's `owner/name`, as in its address on kaggle.com.
        folder: where the set's folder goes; made if there is none.

    Raises:
        CourseError: for all that can go wrong, from a wrong token to a full disk.
    """
    if not re.fullmatch(r"[\w-]+/[\w-]+", slug):
        raise CourseError(f"{slug!r} names no Kaggle data set: write it as 'owner/name'.")
    target = Path(folder) / slug.split("/")[1]
    try:
        if not target.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            with _alone(target):
                if not target.is_dir():  # else another process was faster
                    _install(slug, target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CourseError(
            f"{slug} cannot be put into {target} ({reason}): choose a folder that "
            "you can write to and that has no file of this name."
        ) from None
    return target


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Let one process at a time download `target`; a process that dies frees its lock."""
    lock = FileLock(target.with_name(f".{target.name}.lock"))
    with suppress(NotImplementedError):  # some network drives know no locks: there, all go at once
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _install(slug: str, target: Path) -> None:
    """Fetch and unpack in a hidden folder, then move the whole set to `target` in one step."""
    if target.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    staging = target.parent / f".{target.name}.partial"
    archive = staging / f"{target.name}.zip"
    unpacked = staging / "unpacked"
    marker = staging / f"{archive.name}.kaggle-partial"
    try:
        _fetch(slug, archive, marker)
        shutil.rmtree(unpacked, ignore_errors=True)  # left by a process that was killed
        _unpack(slug, archive, unpacked)
        unpacked.replace(target)
    finally:
        # the client keeps its marker as long as it can resume
        if target.exists() or not marker.exists():
            shutil.rmtree(staging, ignore_errors=True)


def _fetch(slug: str, archive: Path, marker: Path) -> None:
    """Download the archive of `slug`; whatever the client raises becomes one sentence."""
    with signed() as source:
        try:
            api = _client()
            _add_checks(api, slug, archive)
            with redirect_stderr(sys.stdout):  # the client's progress bar is no error
                api.dataset_download_files(slug, path=str(archive.parent), quiet=False)
        except (Exception, SystemExit) as error:
            if not isinstance(error, requests.RequestException):
                marker.unlink(missing_ok=True)  # not the network's fault: do not resume on this
            if isinstance(error, CourseError):
                raise
            raise CourseError(_explain(slug, error, source, archive.is_file())) from None


def _client() -> Any:
    """Return a client that is signed in if there are credentials, anonymous if not."""
    # By this the client knows the one command it gives to visitors; at any other it prints how to
    # sign in, closes the standard input and exits, before 2.2.4 even when it is only imported.
    argv = sys.argv
    sys.argv = ["kaggle", "datasets", "download"]
    try:
        from kaggle.api.kaggle_api_extended import KaggleApi  # here, for the import signs in

        api = KaggleApi()
        with suppress(Exception, SystemExit):  # Kaggle's answer to the request says more
            api.authenticate()
        return api
    except (Exception, SystemExit) as error:
        raise CourseError(
            f"The kaggle client cannot be imported ({type(error).__name__}): "
            f"{UPGRADE}, or {INSTEAD}."
        ) from None
    finally:
        sys.argv = argv


def _add_checks(api: Any, slug: str, archive: Path) -> None:
    """Have the client look for room before it writes, and compare the MD5 if one is sent."""
    plain = api.download_file

    def checked(response: requests.Response, *args: Any, **options: Any) -> None:
        there = archive.stat().st_size if archive.exists() else 0
        # twice the archive: its photographs will lie beside it for a while
        need = 2 * int(response.headers.get("Content-Length") or 0) - there
        with _room(slug, archive.parent.parent, need):
            plain(response, *args, **options)
        with archive.open("rb") as file:
            md5 = base64.b64encode(hashlib.file_digest(file, "md5").digest()).decode()
        told = re.search("md5=([^, ]+)", response.headers.get("x-goog-hash") or "")
        if told and told[1] != md5:
            raise CourseError(DAMAGED.format(slug))

    api.download_file = checked


@contextmanager
def _room(slug: str, folder: Path, need: int) -> Iterator[None]:
    """Refuse to start without `need` free bytes, and say the same if the disk fills up later."""
    full = CourseError(
        f"{slug} needs {max(need, 0) / 1e6:.1f} MB of free disk in {folder}, which "
        "is too full for it: make room there, or choose another folder."
    )
    if need > shutil.disk_usage(folder).free:
        raise full
    try:
        yield
    except OSError as error:
        raise (full if error.errno == errno.ENOSPC else error) from None


def _explain(slug: str, error: BaseException, source: str | None, arrived: bool) -> str:
    """Return a sentence for what the client raised; quotes nothing that could hold the token.

    Args:
        slug: The set.
        error: What was raised.
        source: Where the credentials stand, if there are some.
        arrived: Whether bytes of the archive have come.
    """
    page = f"https://www.kaggle.com/datasets/{slug}"
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status == 401 and source:
        return (
            f"Kaggle does not accept the credentials from {source} for {slug}: put a new token "
            f"there from {TOKENS}, or remove them, for public sets need none."
        )
    if status in (401, 403):
        return (
            f"Kaggle keeps {slug} from {'this account' if source else 'visitors'} (HTTP "
            f"{status}): check the name, accept the terms at {page}, and set KAGGLE_API_TOKEN "
            f"to a token from {TOKENS}."
        )
    if status == 404:
        return f"Kaggle has no data set {slug}: check the name at {page}, or {INSTEAD}."
    if status:
        return f"Kaggle answered HTTP {status} for {slug}: try again later, or {INSTEAD}."
    if source and isinstance(error, UnicodeError | requests.exceptions.InvalidHeader):
        return MISTYPED.format(source)
    if isinstance(error, requests.RequestException):
        again = "attach it with Add Input" if place() == "kaggle" else "run this again later"
        return f"The connection to Kaggle failed for {slug}: {again}, or {INSTEAD}."
    # The client got another number of bytes than announced.
    if arrived and isinstance(error, ValueError):
        return DAMAGED.format(slug)
    reason = getattr(error, "strerror", None) or type(error).__name__
    return f"The kaggle client failed on {slug} ({reason}): {UPGRADE}, or {INSTEAD}."


def _unpack(slug: str, archive: Path, target: Path) -> None:
    """Unpack into `target`; every entry is read to its end, where `zipfile` checks its CRC."""
    try:
        with zipfile.ZipFile(archive) as files:
            size = _check_entries(slug, files.infolist(), archive.stat().st_size)
            for entry in files.infolist():
                entry.filename = _portable(entry)
            with _room(slug, archive.parent.parent, size):
                files.extractall(target, files.infolist())
    except DAMAGES:
        raise CourseError(DAMAGED.format(slug)) from None


def _portable(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name with the slashes that every system reads; old Windows packs others."""
    return entry.filename.replace("\\", "/")


def _check_entries(slug: str, entries: list[zipfile.ZipInfo], packed: int) -> int:
    """Return the bytes needed on disk; refuse entries that leave the folder, and bombs."""
    refused = f"The archive of {slug} was deleted unopened, for its entry"
    for entry in entries:
        path = PureWindowsPath(entry.filename)  # knows both slashes, and drive letters
        if path.anchor or ".." in path.parts or stat.S_ISLNK(entry.external_attr >> 16):
            raise CourseError(
                f"{refused} {entry.filename!r:.80} leads out of its folder: "
                f"use another set, or {INSTEAD}."
            )
    if not entries:
        raise zipfile.BadZipFile("nothing in it")
    names = Counter(_portable(entry) for entry in entries)
    name, times = max(names.items(), key=lambda item: item[0][-1:] != "/" and item[1])
    if times > 1 and name[-1:] != "/":
        raise CourseError(
            f"{refused} {name!r:.80} is there {times} times, and one would write over the other: "
            f"use another set, or {INSTEAD}."
        )
    size = sum(entry.file_size for entry in entries)
    if size > BOMB_RATIO * packed:
        largest = max(entries, key=lambda entry: entry.file_size)
        raise CourseError(
            f"{refused} {largest.filename!r:.80} swells to {largest.file_size:,} "
            f"bytes, which no photograph does: use another set, or {INSTEAD}."
        )
    return size + 4096 * len(entries)  # each file leaves its last block on the disk half empty
