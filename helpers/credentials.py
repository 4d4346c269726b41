"""Whose name Kaggle is asked in: credentials are found where the client would, and cleaned first.

The places and their order were read in the client's source, kaggle 2.2.4 (`authenticate` and
`get_access_token_from_env` in `kagglesdk/kaggle_env.py`). What people paste brings
line breaks along, and what PowerShell writes is UTF-16; the client sends them as they are.
"""

import codecs
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpers.errors import CourseError
from helpers.files import read_file
from helpers.runtime import place

TOKENS = "https://www.kaggle.com/settings/api"
MISTYPED = (
    "The credentials from {} have a line break, a blank or a letter that none have: paste them "
    f"again from {TOKENS}, or remove them, for public sets need none."
)
TOKEN = "KAGGLE_API_TOKEN"
PAIR = ("KAGGLE_USERNAME", "KAGGLE_KEY")
NAMES = (TOKEN, *PAIR)
LARGEST = 10_000  # bytes of a file with a token
AROUND = " \t\r\n\f\v\0\"'`\ufeff\u200b\u00a0"  # what gets pasted along


@contextmanager
def signed() -> Iterator[str | None]:
    """Put clean credentials into the environment while the client runs; yield where they stand.

    They are taken out again, so that a secret or file which the user corrects is read anew.

    Raises:
        CourseError: they have a letter that no credentials have.
    """
    before = {name: os.environ.get(name) for name in NAMES}
    try:
        yield _from_environment() or _from_file() or _from_pair() or _from_colab()
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _from_environment() -> str | None:
    """Clean the token in the environment, or in the file that it names."""
    text = os.environ.pop(TOKEN, "").strip(AROUND)
    if text and _is_file(text):
        text = _read(text)
    return _put(TOKEN, text, f"the environment variable {TOKEN}")


def _from_file() -> str | None:
    """Clean the token in one of the client's own files."""
    for name in ("access_token", "access_token.txt"):
        path = Path.home() / ".kaggle" / name
        if _is_file(path) and (source := _put(TOKEN, _read(path), f"the file {path}")):
            return source
    return None


def _from_pair() -> str | None:
    """Clean a name and a key in the environment, or name the file in which the client has some."""
    pair = [os.environ.get("KAGGLE_USERNAME", ""), os.environ.get("KAGGLE_KEY", "")]
    if all(text.strip(AROUND) for text in pair):
        where = "the environment variable KAGGLE_KEY"
        return [_put(name, text, where) for name, text in zip(PAIR, pair, strict=True)][-1]
    home = Path.home() / ".kaggle"
    xdg = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "kaggle"
    usual = home if home.exists() else xdg
    legacy = Path(os.environ.get("KAGGLE_CONFIG_DIR") or usual) / "kaggle.json"
    found = next(filter(_is_file, (legacy, home / "credentials.json")), None)
    return f"the file {found}" if found else None


def _from_colab() -> str | None:
    """Take Colab's secrets; nowhere else are they asked for, since that waits for an answer."""
    if place() != "colab":
        return None
    found = None
    with suppress(ImportError):
        from google.colab import userdata

        for name in (TOKEN, *PAIR):
            secret = ""
            with suppress(Exception):  # no such secret, or no access: public sets need none
                secret = userdata.get(name)
            found = _put(name, secret, f"Colab's secret {name}") or found
            if TOKEN in os.environ:  # it makes the other two superfluous
                break
    return found


def _put(name: str, text: str, source: str) -> str | None:
    """Put what was pasted into the environment, cleaned; return its source, or None if empty."""
    text = text.strip(AROUND)
    if text and not re.fullmatch("[!-~]+", text):
        raise CourseError(MISTYPED.format(source))
    if text:
        os.environ[name] = text
    return source if text else None


def _read(path: str | os.PathLike) -> str:
    """Decode a file with a token; "" where it cannot be read, which is left to the client."""
    try:
        data = read_file(path, LARGEST)
    except CourseError:
        return ""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data
    return data.decode("utf-16" if wide else "utf-8-sig", "replace")


def _is_file(path: str | os.PathLike) -> bool:
    """Say whether there is such a file, as far as one may know."""
    try:
        return Path(path).is_file()
    except OSError:
        return False
