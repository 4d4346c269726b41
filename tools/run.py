"""Execute notebooks in place, each in a clean kernel: `python -m tools.run notebooks/*.ipynb`.

With COURSE_DATA set the outputs belong to other photographs than the stored ones, so they go to the
folder given by --to instead, and nothing that is stored changes.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def execute(path: Path, to: Path) -> tuple[bool, float]:
    """Run one notebook; return whether it ran through, and the seconds it took."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    start = time.perf_counter()
    client = NotebookClient(notebook, timeout=1800, record_timing=False, coalesce_streams=True)
    try:
        client.execute(cwd=str(path.parent))
    except CellExecutionError as error:
        print(f"{path.name}: {error}")
        return False, time.perf_counter() - start
    # These follow the interpreter that happened to run, and would change at each run elsewhere.
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata.pop("widgets", None)
    nbformat.write(notebook, to / path.name)
    return True, time.perf_counter() - start


def main() -> int:
    """Execute the notebooks named on the command line; return 1 if any failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--to", type=Path, help="write the executed notebooks there")
    given = parser.parse_args()
    os.environ["COURSE_LIVE"] = "0"
    to = given.to
    if to is None and os.environ.get("COURSE_DATA"):
        to = Path("saved") / "executed"
        print(f"COURSE_DATA is set: the executed notebooks go to {to}.")
    if to:
        to.mkdir(parents=True, exist_ok=True)
    failed = 0
    for path in given.notebooks:
        done, seconds = execute(path, to or path.parent)
        failed += not done
        print(f"{'ran' if done else 'FAILED'} {path.name} in {seconds:.0f} s", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
