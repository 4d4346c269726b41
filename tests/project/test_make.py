"""The first command of the README works on a fresh machine, whoever one is."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from pictures import ROOT

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


def lab_command(*words: str) -> list[str]:
    """The last command of `make lab`, with this interpreter's own jupyter."""
    said = subprocess.run(
        ["make", "-n", "--no-print-directory", "lab", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    command = said.stdout.splitlines()[-1].split()
    assert command[0].endswith("/jupyter"), said.stdout + said.stderr
    return [sys.executable, "-m", "jupyter", *command[1:]]


def test_make_lab_starts_whoever_one_is(tmp_path):
    """As root, which one is in every container, JupyterLab would end with status 1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = f"--no-browser --ip=127.0.0.1 --port={port} --ServerApp.port_retries=0"
    env = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path)}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            lab_command(f"ARGS={words}"), cwd=ROOT, env=env, stdout=log, stderr=log
        )
    try:
        end = time.monotonic() + 120
        while time.monotonic() < end and server.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5) as answer:
                    assert answer.status == 200
                    return
            except OSError:
                time.sleep(0.2)
        pytest.fail((tmp_path / "log").read_text())
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def test_only_root_is_told_to_be_allowed():
    assert ("--allow-root" in lab_command()) == (os.geteuid() == 0)


def test_cleaning_leaves_what_only_a_person_could_make_again(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    saved = tmp_path / "saved"
    mine = {"passport.json", "passport-damaged-1.json", "head.json", "head (1).json"}
    for name in (*mine, "rooms.keras", "cache/a.npz", "certificate.html"):
        (saved / name).parent.mkdir(parents=True, exist_ok=True)
        (saved / name).touch()
    book = tmp_path / "build" / "handouts" / "nbgrader" / "gradebook.db"
    book.parent.mkdir(parents=True)
    book.touch()
    clean = ["make", "clean", f"PYTHON={sys.executable}"]
    refused = subprocess.run(clean, cwd=tmp_path, capture_output=True, text=True)
    assert refused.returncode and "holds a gradebook" in refused.stdout and book.exists()
    assert (saved / "rooms.keras").exists()
    book.unlink()
    subprocess.run(clean, cwd=tmp_path, check=True, capture_output=True)
    assert {path.name for path in saved.iterdir()} == mine
    assert not (tmp_path / "build").exists()
