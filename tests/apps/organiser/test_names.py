"""Names that no file system, terminal or page trips over."""

import csv
import os
import re
import unicodedata

from organising import (
    Brightness,
    contents,
    grey,
    put,
    sort,
    sorted_photos,
)

from apps.organiser.names import TABLE, class_folders, folded


def test_names_that_some_file_system_takes_for_one_are_kept_apart(tmp_path):
    names = ["Größe.png", unicodedata.normalize("NFD", "Größe.png"), "GRÖSSE.png", "größe.PNG"]
    names += ["IMG (2).png", "IMG.png", os.fsdecode(b"odd\xff\n.png"), "e" * 251 + ".png"]
    for i, name in enumerate(names):
        for folder in "ab":
            put(tmp_path / "photos" / folder / name, grey(2 * i + (folder == "b")))
    assert sort(tmp_path / "photos", tmp_path / "sorted") == 0
    found = sorted_photos(tmp_path / "sorted")
    alike = {unicodedata.normalize("NFC", name.casefold()) for name in found}
    assert len(alike) == len(found) == 16
    assert contents(tmp_path / "sorted") == contents(tmp_path / "photos")
    rows = list(csv.DictReader((tmp_path / "sorted" / TABLE).open(encoding="utf-8-sig")))
    assert len(rows) == 16


ODD_CLASSES = [
    "unsure",
    "unreadable",
    "a/b",
    "a\\b",
    "..",
    "",
    " ",
    ".git",
    "CON",
    "Clean",
    "clean",
]
ODD_CLASSES += ["photos.csv", "contact-sheet", "x" * 300, "\u202e", "a_b", "unsure (class)"]


def test_any_class_name_gets_a_safe_folder_of_its_own(tmp_path):
    named = class_folders(ODD_CLASSES)
    keys = {folded(name) for name in named.values()}
    assert len(keys) == len(ODD_CLASSES)
    assert named["CON"] == "CON_"
    assert not keys & {"unsure", "unreadable", "photos.csv", "contact-sheet"}
    for name in named.values():
        assert re.fullmatch(r"[^./\\\s][^/\\]*", name), name
        (tmp_path / name).mkdir()
    put(tmp_path / "photos" / "dark.png", grey(0))
    put(tmp_path / "photos" / "light.png", grey(255))
    sort(tmp_path / "photos", tmp_path / "sorted", model=Brightness(("../up", "unsure")))
    assert sorted_photos(tmp_path / "sorted") == ["_up/dark.png", "unsure (class)/light.png"]
