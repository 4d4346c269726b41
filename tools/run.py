"""Execute notebooks in place, each in a clean kernel: `python -m tools.run notebooks/*.ipynb`.

With COURSE_DATA set the outputs belong to other photographs than the stored ones, so they go to the
folder given by --to instead, and nothing that is stored changes.
"""

import argparse
import contextlib
import os
import shutil
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from helpers.cache import CACHE
from helpers.runtime import SAVED
from tools.chapters import read_notebook


def execute(path: Path, to: Path) -> tuple[bool, str]:
    """Run one notebook; return whether it ran through, and what it took in time and memory."""
    notebook = read_notebook(path)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    client = NotebookClient(notebook, timeout=1800, record_timing=False, coalesce_streams=True)
    peaks = [""]
    client.on_cell_complete = lambda **_: peaks.append(_peak(client))
    start = time.perf_counter()
    try:
        client.execute(cwd=str(path.parent))
    except CellExecutionError as error:
        print(f"{path.name}: {error}")
        return False, f"{time.perf_counter() - start:.0f} s"
    took = f"{time.perf_counter() - start:.0f} s{peaks[-1]}"
    # These follow the interpreter that happened to run, and would change at each run elsewhere.
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata.pop("widgets", None)
    nbformat.write(notebook, to / path.name)
    return True, took


def made(folder: Path) -> None:
    """Make a folder, unless it is there; stop with a sentence where it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(f"{folder} cannot be made a folder ({error.strerror}): name another with --to.")


def _peak(client: NotebookClient) -> str:
    """Say how much memory a kernel held at most, where the system knows (Linux)."""
    kernel = getattr(client.km, "provisioner", None)
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{getattr(kernel, 'pid', 0)}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return f", at most {int(line.split()[1]) * 1024 / 1e6:.0f} MB"
    return ""


def main() -> int:
    """Execute the notebooks named on the command line; return 1 if any failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--to", type=Path, help="write the executed notebooks there")
    given = parser.parse_args()
    for path in given.notebooks:
        read_notebook(path)  # stops before the first has run, which may take minutes
    os.environ["COURSE_LIVE"] = "0"
    to = given.to
    if to is None and os.environ.get("COURSE_DATA"):
        to = SAVED / "executed"
        print(f"COURSE_DATA is set: the executed notebooks go to {to}.")
    if to:
        made(to)
    failed = 0
    for path in given.notebooks:
        if to is None:  # what is stored is a first run, with nothing computed beforehand
            shutil.rmtree(CACHE, ignore_errors=True)
        done, took = execute(path, to or path.parent)
        failed += not done
        print(f"{'ran' if done else 'FAILED'} {path.name} in {took}", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
