"""A laboratory that is built appears whole, and one that cannot be built leaves the earlier one."""

import os
import socket
import subprocess
import sys

import pytest

from helpers.errors import CourseError
from tools import laboratory


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Where a laboratory stands that was built before; the parts of the next are quickly made."""
    monkeypatch.setattr(laboratory, "STAGE", tmp_path / "build" / "laboratory")
    monkeypatch.setattr(laboratory, "rooms", lambda model: b"rooms")
    monkeypatch.setattr(laboratory, "backbone", lambda: b"backbone")
    monkeypatch.setattr(laboratory, "runtime", lambda to: (to / "ort.mjs").write_text("new"))
    to = tmp_path / "lab" / "built"
    to.mkdir(parents=True)
    (to / "old.onnx").write_text("a network of another day")
    return to


def content(folder):
    return {path.name for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("part", ["runtime", "rooms", "backbone", "samples", "files"])
@pytest.mark.parametrize("stop", [CourseError("npm"), KeyboardInterrupt(), OSError(28, "full")])
def test_a_build_that_stops_anywhere_leaves_what_was_there(built, monkeypatch, part, stop):
    def stopping(*given):
        raise stop

    monkeypatch.setattr(laboratory, part, stopping)
    expected = CourseError if isinstance(stop, OSError) else type(stop)
    with pytest.raises(expected):
        laboratory.build(built, built)
    assert content(built) == {"old.onnx"} and not laboratory.STAGE.exists()


def test_a_build_is_whole_and_nothing_of_an_earlier_one_is_left(built, capsys):
    laboratory.STAGE.mkdir(parents=True)
    (laboratory.STAGE / "killed").write_text("what a build that was killed has left")
    laboratory.build(built, built)
    names = content(built)
    assert {"ort.mjs", "rooms.onnx", "backbone.onnx", "files.js", "samples.json"} <= names
    assert not {"old.onnx", "killed"} & names and not laboratory.STAGE.exists()
    assert "built/rooms.onnx" in (built / "files.js").read_text()


def test_a_link_in_its_place_is_replaced_and_what_it_leads_to_is_kept(built, tmp_path):
    other = tmp_path / "elsewhere"
    built.rename(other)
    built.symlink_to(other)
    laboratory.build(built, built)
    assert not built.is_symlink() and "rooms.onnx" in content(built)
    assert content(other) == {"old.onnx"}


@pytest.mark.parametrize(
    "said, cure",
    [
        ("npm error code ECONNREFUSED\nnpm error", "look at the network"),
        ("npm error code EINTEGRITY\nnpm error", "look up what npm says"),
        ("", "look up what npm says"),
    ],
)
def test_what_npm_says_is_told_and_only_the_network_is_blamed_for_the_network(
    tmp_path, monkeypatch, said, cure
):
    monkeypatch.setattr(laboratory.shutil, "which", lambda name: name)
    failed = subprocess.CompletedProcess([], 1, "", said)
    monkeypatch.setattr(laboratory.subprocess, "run", lambda *a, **k: failed)
    with pytest.raises(CourseError, match=cure) as raised:
        laboratory.runtime(tmp_path)
    assert said.split("\n")[0] in str(raised.value) and "\n" not in str(raised.value)


def test_without_npm_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))
    with pytest.raises(CourseError, match=r"install Node\.js"):
        laboratory.runtime(tmp_path)


def test_a_port_that_is_taken_is_said_before_anything_is_built(monkeypatch):
    monkeypatch.setattr(laboratory, "import_keras", lambda: pytest.fail("the work has begun"))
    monkeypatch.setattr(laboratory, "check", lambda app: None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for port in (taken.getsockname()[1], -1, 70_000):
            monkeypatch.setattr(sys, "argv", ["laboratory", "--serve", "--port", str(port)])
            with pytest.raises(CourseError, match="choose another with --port"):
                laboratory.main()
