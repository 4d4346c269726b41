"""The command line, and the real program killed and interrupted from outside."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from organising import (
    MODEL_FILE,
    check_all_is_done,
    check_nothing_is_lost,
    contents,
    put,
    sort,
    sorted_photos,
)
from pictures import ROOT

from apps.organiser.cli import main, read_options
from helpers import CourseError
from helpers.data import SAMPLES


def test_links_that_lead_round_in_circles_are_named(photos, tmp_path):
    (tmp_path / "round").symlink_to("round")
    for given in ((tmp_path / "round", tmp_path / "sorted"), (photos, tmp_path / "round")):
        with pytest.raises(CourseError, match="round"):
            sort(*given)


def start(photos, to, model, *options):
    command = [sys.executable, "-m", "apps.organiser", str(photos), "--to", str(to)]
    command += ["--model", str(model), *options]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photographs are not there")
def test_killed_and_interrupted_from_outside_the_real_program_goes_on(saved, tmp_path):
    photos, to = tmp_path / "photos", tmp_path / "sorted"
    samples = sorted((SAMPLES / "rooms").rglob("*.jpg"))
    for i in range(900):
        put(photos / f"{i % 7}" / f"{i}.jpg", samples[i % len(samples)].read_bytes())
    before = contents(photos)
    polite = {signal.SIGINT: 130, signal.SIGTERM: 143}
    for kill, more in ((signal.SIGKILL, 1), (signal.SIGINT, 200), (signal.SIGTERM, 100)):
        process = start(photos, to, saved, "--move", "--sure", "0.5")
        enough = len(sorted_photos(to)) + more
        while process.poll() is None and len(sorted_photos(to)) < enough:
            time.sleep(0.005)
        process.send_signal(kill)
        out, err = process.communicate(timeout=180)
        check_nothing_is_lost(photos, to, before, "--move")
        assert process.returncode == polite.get(kill, -kill)
        assert not out
        if kill in polite:
            last = err.splitlines()[-1]  # before it, Keras may say that the model was not trained
            assert last == "Stopped: run the same command again, and it goes on from here."
    assert 300 < len(sorted_photos(to)) < 900
    process = start(photos, to, saved, "--move", "--sure", "0.5", "--progress")
    out, err = process.communicate(timeout=180)
    assert process.returncode == 0, err
    check_all_is_done(photos, to, before, "--move")
    assert re.search(r"\d+/\d+ \[\d\d:\d\d<\d\d:\d\d, +[\d.]+ photos/s\]", err)
    assert "Moved" in out


def test_the_command_line_is_told_what_is_wrong(tmp_path):
    asked = subprocess.run(
        [sys.executable, "-m", "apps.organiser", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert asked.returncode == 0
    assert "one in five is wrong" in " ".join(asked.stdout.split())
    process = start(tmp_path / "nowhere", tmp_path / "sorted", __file__)
    out, err = process.communicate(timeout=180)
    assert (process.returncode, out) == (1, "")
    assert err == f"organiser: {tmp_path / 'nowhere'} is not a folder: check the path.\n"


@pytest.mark.parametrize("sure", ["1.5", "-0.1", "nan", "inf", "abc", ""])
def test_what_is_no_share_is_told_so(sure, capsys):
    with pytest.raises(SystemExit):
        read_options(["x", "--to", "y", f"--sure={sure}"])
    assert f"--sure: give a number from 0 to 1, not '{sure}'\n" in capsys.readouterr().err


def test_sigterm_ends_a_run_as_ctrl_c_does(photos, tmp_path):
    def stop(path):
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("SIGTERM was not heard")

    before = signal.getsignal(signal.SIGTERM)
    given = [str(photos), "--to", str(tmp_path / "sorted"), "--model", MODEL_FILE]
    assert main(given, stop) == 143
    assert signal.getsignal(signal.SIGTERM) == before
