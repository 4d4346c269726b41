"""Measure what each chapter takes: seconds, what they go into, and memory at the peak.

`python -m tools.bench_chapters [notebooks/NN_*.ipynb ...]`, or `make bench`: each chapter in a
clean kernel, one after another, and nothing of it is kept; `--write` puts the table into
docs/results.md, in which the rows of other chapters stay. Kernels are started and ended on the
clock, and no other work should run beside it.

A kernel's memory is of two kinds. Anonymous memory is its own, and whoever limits it (a container,
Binder) ends the kernel when that does not fit. The rest are pages of files, nearly all of them
TensorFlow's library, which the system drops and reads again as it needs the room.
"""

import argparse
import ast
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tools.chapters import ROOT, read_chapters, read_notebook
from tools.clocks import KINDS
from tools.tables import among, machine, stored, write

COLUMNS = ("chapter", "seconds", "CPU seconds", *KINDS, "MB, anonymous", "MB, all")
NAME = "chapters"
HEAD = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"
EVERY = 0.02  # seconds between two looks at a kernel's memory
BEFORE = f"""\
import sys
sys.path.insert(0, {str(ROOT)!r})
from tools import clocks
clocks.install()"""
AFTER = "import time; print({'cpu': time.process_time()} | clocks.report())"


@dataclass(frozen=True)
class Taken:
    """What one chapter took.

    Attributes:
        name: The notebook's file.
        seconds: From the start of its kernel to the end.
        cpu: Seconds of all cores together, by the kernel alone.
        clocks: Seconds by kind, one of `tools.clocks.KINDS`.
        anonymous: Megabytes of the kernel's own at the peak.
        everything: Megabytes at the peak, pages of files included.
    """

    name: str
    seconds: float
    cpu: float
    clocks: dict[str, float]
    anonymous: float
    everything: float

    @property
    def row(self) -> str:
        """The table's line: the kinds as shares of the seconds that the cells took."""
        whole = sum(self.clocks.values())
        shares = " | ".join(f"{self.clocks[kind] / whole:.0%}" for kind in KINDS)
        memory = f"{self.anonymous:.0f} | {self.everything:.0f}"
        time = f"{self.seconds:.0f} | {self.cpu:.0f}"
        return f"| {int(self.name[:2])} | {time} | {shares} | {memory} |"


class Peak(threading.Thread):
    """Looks at a kernel's memory until it is told to end, and keeps the most."""

    def __init__(self, client: NotebookClient) -> None:
        super().__init__(daemon=True)
        self.client = client
        self.ended = threading.Event()
        self.anonymous = 0.0
        self.everything = 0.0

    def run(self) -> None:
        """Look, and wait a little."""
        while not self.ended.wait(EVERY):
            kernel = getattr(self.client.km, "provisioner", None)
            said = memory(getattr(kernel, "pid", None) or 0)
            self.anonymous = max(self.anonymous, said.get("RssAnon", 0))
            self.everything = max(self.everything, said.get("VmHWM", 0))


def memory(process: int) -> dict[str, float]:
    """Return what Linux says of a process's memory, in megabytes; nothing elsewhere."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return {}
    lines = (line.split() for line in text.splitlines())
    return {words[0][:-1]: int(words[1]) * 1024 / 1e6 for words in lines if words[-1] == "kB"}


def bench(path: Path) -> Taken:
    """Execute a chapter with clocks in its kernel; what is stored does not change."""
    notebook = read_notebook(path)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(BEFORE))
    notebook.cells.append(nbformat.v4.new_code_cell(AFTER))
    client = NotebookClient(notebook, timeout=1800)
    peak = Peak(client)
    peak.start()
    start = time.perf_counter()
    try:
        client.execute(cwd=str(path.parent))
    finally:
        peak.ended.set()
    seconds = time.perf_counter() - start
    clocks = ast.literal_eval(notebook.cells[-1].outputs[0].text)
    cpu = clocks.pop("cpu")
    return Taken(path.name, seconds, cpu, clocks, peak.anonymous, peak.everything)


def number(row: str) -> int:
    """Return which chapter a row is about."""
    return int(row.split()[1])


def main() -> None:
    """Print a line a chapter, and write the table where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="all chapters without")
    parser.add_argument("--write", action="store_true", help="put it into docs/results.md")
    given = parser.parse_args()
    for path in given.notebooks:
        read_notebook(path)  # stops before the first has run
        if not path.name[:2].isdecimal():
            parser.error(f"{path} is no chapter: the name of one begins with its number")
    os.environ["COURSE_LIVE"] = "0"
    chapters = [ROOT / "notebooks" / chapter.name for chapter in read_chapters()]
    rows = []
    print(HEAD, flush=True)
    for path in given.notebooks or chapters:
        rows.append(bench(path).row)
        print(rows[-1], flush=True)
    print(f"on {machine()}")
    if given.write:
        both = among(stored(HEAD, NAME), rows, number)
        write(sorted(both, key=number), HEAD, NAME, on=machine())


if __name__ == "__main__":
    main()
