"""Photos to sort, disks and folders to sort them into, and processes to kill."""

import os
import shutil
import subprocess
import tempfile
from multiprocessing import forkserver
from pathlib import Path

import pytest
from pictures import ROOT


@pytest.fixture
def tmp_path(tmp_path):
    """A folder in memory, if it has room: a disk would be waited for at each commit of a ledger.

    What a process leaves that is killed is the same on both.
    """
    from organising import MEMORY

    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < 2**30:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def photos(tmp_path):
    """Six photos, among them namesakes and twins: two of each class, one unsure, one broken."""
    from organising import grey, put

    home = tmp_path / "photos"
    put(home / "a" / "IMG_1.png", grey(10))
    put(home / "b" / "IMG_1.png", grey(250))
    put(home / "b" / "c" / "IMG_1.png", grey(10))
    put(home / "b" / "c" / "img_1.png", grey(9))
    put(home / "d" / "so so.png", grey(130))
    put(home / "d" / "broken.jpg", b"no image")
    return home


@pytest.fixture(scope="session")
def forks():
    """Start the server with what its children need imported: they begin in milliseconds."""
    from organising import FORKS

    FORKS.set_forkserver_preload(["organising"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")]))
        forkserver.ensure_running()


@pytest.fixture
def small_disk(tmp_path):
    """A real disk of so many bytes, that can be made larger."""
    where = tmp_path / "disk"
    where.mkdir()

    def mount(kilobytes, again=""):
        command = ["mount", "-t", "tmpfs", "-o", f"{again}size={kilobytes}k", "tmpfs", str(where)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("only root can mount a small disk")
        return where

    yield mount
    subprocess.run(["umount", "--lazy", str(where)], capture_output=True)


@pytest.fixture
def open_folder(photos):
    """A folder that every user may write to, with the photos in it."""
    home = Path(tempfile.mkdtemp())
    shutil.copytree(photos, home / "photos")
    (home / "error").touch()
    for path in (home, *home.rglob("*")):
        path.chmod(0o777)
    yield home
    for path in (home, *home.rglob("*")):
        path.chmod(0o777)
    shutil.rmtree(home)
