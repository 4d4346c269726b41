"""What every app does first, and the sentence that it ends with where it cannot."""

import importlib.metadata
import subprocess
import sys

import pytest
from packaging.requirements import Requirement
from pictures import ROOT

import apps
from apps import NEEDED, sentences
from helpers import CourseError

APPS = pytest.mark.parametrize("app", NEEDED)
# Runs an app as `python -m` does, where some packages cannot be imported.
RUN = """
import runpy, sys
refused, app, *rest = sys.argv[1:]
sys.modules.update(dict.fromkeys(filter(None, refused.split(","))))
sys.argv = [app, *rest]
runpy.run_module(app, run_name="__main__", alter_sys=True)
"""


def test_a_program_ends_in_one_sentence(capsys):
    with pytest.raises(SystemExit) as ended, sentences():
        raise CourseError("room.jpg is empty: save it again.")
    assert str(ended.value).endswith(": room.jpg is empty: save it again.")


def started(app, tmp_path, refused=()):
    """Start an app with a model that is not there; return the one line that it ends with."""
    command = [sys.executable, "-c", RUN, ",".join(refused), f"apps.{app}"]
    command += ["--model", str(tmp_path / "none.keras")]
    command += [str(tmp_path), "--to", str(tmp_path / "to")] if app == "organiser" else []
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith(f"{app}: ") and done.stdout == ""
    return done.stderr


def needs(names):
    """Collect packages and all that they ask for in turn, as they are imported."""
    found = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop().replace("_", "-").lower()
        if name not in found:
            found.add(name)
            try:
                asked = importlib.metadata.requires(name) or []
            except importlib.metadata.PackageNotFoundError:
                continue
            plain = [r for r in map(Requirement, asked) if not r.marker or r.marker.evaluate()]
            waiting += [r.name for r in plain]
    return {name.replace("-", "_") for name in found}


@APPS
def test_an_app_starts_without_what_only_the_others_need(app, tmp_path):
    for name in NEEDED[app]:
        pytest.importorskip(name, reason="what the app needs is not installed: make apps")
    others = {name for names in NEEDED.values() for name in names} - needs(NEEDED[app])
    assert len(others) > 4
    said = started(app, tmp_path, others)
    assert "none.keras" in said and "chapter 4" in said


@APPS
def test_what_an_app_lacks_is_named_and_nothing_else(app, tmp_path):
    said = started(app, tmp_path, [name for names in NEEDED.values() for name in names])
    assert said.startswith(f"{app}: apps.{app} needs ") and "make apps" in said
    for other, names in NEEDED.items():
        assert all((name.replace("_", "-") in said) == (other == app) for name in names), said


def test_a_notebook_is_told_of_all_apps_at_once(monkeypatch):
    lacking = {"flask_wtf", "tqdm"}
    monkeypatch.setattr(apps, "find_spec", lambda name: None if name in lacking else name)
    with pytest.raises(CourseError) as caught:
        apps.check()
    said = "The apps need flask-wtf, tqdm: run `make apps` in the course's folder, or "
    assert str(caught.value) == said + "`%pip install flask-wtf tqdm`, and start again."
    apps.check("page")
    apps.check("export")
    with pytest.raises(CourseError, match=r"apps\.web needs flask-wtf: .*pip install flask-wtf`"):
        apps.check("web")
