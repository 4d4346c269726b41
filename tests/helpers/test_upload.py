"""Whoever looks on is asked in the way that their place has, and nothing that is sent gets lost."""

import sys
import types

import pytest

from helpers import upload
from helpers.upload import ask_for_photos, read_files, uploaded


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Ask for photos at a place, and return how that was done."""
    (tmp_path / "room.jpg").write_bytes(b"room")
    calls = []
    colab = types.ModuleType("google.colab")
    colab.files = types.SimpleNamespace(upload=lambda: calls.append("dialogue"))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    monkeypatch.setattr(upload, "_show_button", lambda tell, default: calls.append("button"))

    def ask(place, live):
        monkeypatch.setattr(upload, "place", lambda: place)
        monkeypatch.setattr(upload, "is_live", lambda: live)
        calls.clear()
        told = []
        ask_for_photos(told.append, tmp_path / "room.jpg")
        return calls, told

    return ask


@pytest.mark.parametrize(
    ("place", "live", "way"),
    [
        ("colab", True, ["dialogue"]),
        ("colab", False, []),
        ("kaggle", True, ["button"]),
        ("kaggle", False, []),
        ("vscode", True, ["button"]),
        ("jupyter", True, ["button"]),
        ("", False, []),
    ],
)
def test_colab_s_dialogue_is_called_in_colab_alone(asked, place, live, way):
    calls, told = asked(place, live)
    assert calls == way
    assert told == ([] if way == ["button"] else [{"room.jpg": b"room"}])


@pytest.mark.parametrize("version", [7, 8])
def test_the_widget_s_value_in_both_versions(version):
    value = {"a.jpg": {"content": b"1"}, "b.jpg": {"content": b"2"}}
    if version == 8:
        value = tuple({"name": name, **item} for name, item in value.items())
    assert uploaded(value) == {"a.jpg": b"1", "b.jpg": b"2"}


def test_a_name_that_is_free_is_found():
    names = ["image.jpg", "image.jpg", "image (2).jpg", "image.jpg", "note", "note"]
    items = tuple({"name": name, "content": b"%d" % i} for i, name in enumerate(names))
    found = uploaded(items)
    assert list(found.values()) == [b"%d" % i for i in range(6)]
    assert found["image (2).jpg"] == b"2", "a file keeps the name that it came with"
    assert found["image (3).jpg"] == b"1" and found["note (2)"] == b"5"


def test_a_path_that_leads_nowhere_takes_no_other_down(tmp_path, capsys):
    (tmp_path / "a.jpg").write_bytes(b"1")
    (tmp_path / "folder.jpg").mkdir()
    missing = [tmp_path / "no.jpg", tmp_path / "folder.jpg", "x" * 300, "a\0b"]
    assert read_files([*missing, tmp_path / "a.jpg"]) == {"a.jpg": b"1"}
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 4 and all(line.startswith("left out: ") for line in said)
    assert "no.jpg is not a file: check the path" in said[0]
    assert all(line.isprintable() for line in said)
