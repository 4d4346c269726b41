"""What every app does first, and the sentence that it ends with where it cannot."""

import subprocess
import sys

import pytest
from pictures import ROOT

import apps
from apps import sentences
from helpers import CourseError


def test_a_program_ends_in_one_sentence(capsys):
    with pytest.raises(SystemExit) as ended, sentences():
        raise CourseError("room.jpg is empty: save it again.")
    assert str(ended.value).endswith(": room.jpg is empty: save it again.")


@pytest.mark.parametrize("app", ["page", "web", "organiser"])
def test_a_missing_model_is_named(app, tmp_path):
    command = [sys.executable, "-m", f"apps.{app}", "--model", str(tmp_path / "none.keras")]
    command += [str(tmp_path), "--to", str(tmp_path / "to")] if app == "organiser" else []
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "none.keras" in done.stderr and "chapter 3" in done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr


def test_what_is_missing_is_named_with_the_way_to_get_it(monkeypatch):
    monkeypatch.setattr(apps, "find_spec", lambda name: None if name == "flask_wtf" else name)
    with pytest.raises(CourseError, match="1 more packages: .*install flask-wtf"):
        apps.check()
