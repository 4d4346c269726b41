"""Tokens, uploads, archives and hosts: what is sent and where a notebook runs."""

import os
import zipfile
from pathlib import Path
from unittest import mock

from pictures import encoded, picture
from verdict import case, refused, said

from helpers.data import load

TOKEN = "KGAT_0123456789"
NO_CAUSE = "a broad kind of error taken for one cause"
PLACES = ("KAGGLE_API_TOKEN", "KAGGLE_USERNAME", "KAGGLE_KEY", "KAGGLE_KERNEL_RUN_TYPE")


def sent(folder, **environment):
    """Return the token that Kaggle's client would find, and where it was found."""
    from helpers.credentials import signed

    with mock.patch.dict(os.environ, {"HOME": str(folder), "USERPROFILE": str(folder)}):
        for name in PLACES:
            os.environ.pop(name, None)
        os.environ.update(environment)
        with signed() as source:
            return os.environ.get("KAGGLE_API_TOKEN"), source


@case(3, NO_CAUSE)
def a_token_with_a_line_break(folder):
    token, source = sent(folder, KAGGLE_API_TOKEN=f"{TOKEN}\n")
    assert token == TOKEN, repr(token)
    return source


@case(3, NO_CAUSE)
def a_token_file_from_powershell(folder):
    (folder / ".kaggle").mkdir()
    (folder / ".kaggle" / "access_token").write_bytes(f"{TOKEN}\r\n".encode("utf-16"))
    token, source = sent(folder)
    assert token == TOKEN, repr(token)
    return source


@case(3, NO_CAUSE)
def a_token_that_none_is(folder):
    call = lambda: sent(folder, KAGGLE_API_TOKEN="KGAT_0123\u2026")  # noqa: E731
    return refused(call, "the environment variable KAGGLE_API_TOKEN", "paste them again")


@case(19, "a name used as a key")
def two_uploads_of_one_name(folder):
    from helpers.upload import uploaded

    items = ({"name": "image.jpg", "content": b"1"}, {"name": "image.jpg", "content": b"2"})
    found = uploaded(items)
    assert list(found.values()) == [b"1", b"2"], found
    return ", ".join(found)


@case(19, "a name used as a key")
def two_paths_of_one_name(folder):
    from helpers.upload import read_files

    for name in "ab":
        (folder / name).mkdir()
        (folder / name / "room.jpg").write_bytes(name.encode())
    found = read_files([folder / "a" / "room.jpg", folder / "b" / "room.jpg"])
    assert list(found.values()) == [b"a", b"b"], found
    return ", ".join(found)


@case(29, "names of another system taken as they are")
def backslashes_in_an_archive(folder):
    from helpers.download import _unpack

    with zipfile.ZipFile(folder / "rooms.zip", "w") as archive:
        archive.writestr("images\\clean\\1.jpg", b"1")
    _unpack("ada/rooms", folder / "rooms.zip", folder / "rooms")
    assert (folder / "rooms" / "images" / "clean" / "1.jpg").read_bytes() == b"1"
    with zipfile.ZipFile(folder / "evil.zip", "w") as archive:
        archive.writestr("..\\evil.jpg", b"1")
    call = lambda: _unpack("ada/rooms", folder / "evil.zip", folder / "evil")  # noqa: E731
    return refused(call, "leads out of its folder")


@case("kaggle", "a host taken for another")
def sets_attached_on_kaggle(folder):
    """Old and new layout, as the archive unpacks and wrapped once more; nothing is downloaded."""
    from helpers import data

    for number, inner in enumerate(
        (
            "messy-vs-clean-room",
            "messy-vs-clean-room/images",
            "datasets/cdawn1/messy-vs-clean-room",
            "datasets/cdawn1/messy-vs-clean-room/versions/1/images",
        )
    ):
        attached = folder / str(number)
        another = Path(inner).with_name("a-set") if number < 1 else Path("datasets/ada/a-set")
        for place in (Path(inner), another):
            for label, start in (("clean", 0), ("messy", 100)):
                (attached / place / "train" / label).mkdir(parents=True)
                for i in range(5 if place == Path(inner) else 9):
                    path = attached / place / "train" / label / f"{i}.png"
                    path.write_bytes(encoded(picture(start + i)))
        with (
            mock.patch.object(data, "ATTACHED", attached),
            mock.patch.object(data, "HANDED_OUT", folder / "none"),
            mock.patch("helpers.download.download", side_effect=AssertionError("a download")),
        ):
            found, text = said(lambda: load("rooms", source="kaggle"))
        assert len(found.train) == 6 and found.folder.name == "messy-vs-clean-room", text
        found, text = said(lambda: load("rooms", source=attached))  # noqa: B023
        assert len(found.train) == 6, text
    return text
