"""Run chapters under other seeds, and count in how many each of their assertions holds.

`python -m tools.seeds notebooks/*.ipynb --seeds 10 --write` puts the table into docs/seeds.md. With
seed 0 a chapter runs as it is stored; with seed s every seed that it or a helper sets is 1000 s
higher: weights, orders, divisions and draws are others. A finding that one seed shows is luck.

With COURSE_DATA set the chapters run on photographs, and nothing is written. What is found on the
samples need not hold there, so its assertion lets it fail (`or data.source != "samples"`).
"""

import argparse
import ast
import contextlib
import importlib
import multiprocessing
import os
import sys
import tempfile
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers import runtime
from helpers.runtime import ROOT, quiet
from tools.chapters import read_notebook
from tools.commandline import at_least
from tools.tables import stored, write

PAGE = ROOT / "docs" / "seeds.md"
STEP = 1000  # between two seeds: further apart than any that a chapter sets
NEEDED = 0.9  # of the seeds, in which a finding holds
NAME = "seeds"
HEAD = """\
| chapter | assertion | held |
|---|---|---|"""

# After the set-up cell, which imports TensorFlow without its messages. A seed that is no whole
# number is left as it is.
SHIFTED = """\
import keras as _keras
import numpy as _np
def _shifted(function):
    def call(seed=None, *given, **options):
        return function(seed + {shift} if isinstance(seed, int) else seed, *given, **options)
    return call
_keras.utils.set_random_seed = _shifted(_keras.utils.set_random_seed)
_np.random.default_rng = _shifted(_np.random.default_rng)
"""
STARTING = threading.Lock()  # filelock lets no two threads fork at once
IMPORTED = ("keras", "tensorflow", "scipy.stats", "matplotlib.pyplot", "PIL.Image", "IPython")


class Recorded(ast.NodeTransformer):
    """Replaces each assertion by a call that keeps whether it held, and goes on."""

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        """Return the call; its key is the assertion's own text."""
        call = ast.parse(f"_holds({ast.unparse(node.test)!r}, None)").body[0]
        assert isinstance(call, ast.Expr) and isinstance(call.value, ast.Call)
        call.value.args[1] = node.test
        return ast.copy_location(call, node)


def recorded(source: str) -> str:
    """Return a cell's code with its assertions recorded; code with a magic stays as it is."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    return ast.unparse(ast.fix_missing_locations(Recorded().visit(tree)))


def code_of(path: Path, seed: int) -> list[NotebookNode]:
    """Return a chapter's code cells, its assertions recorded and its seeds shifted."""
    notebook = read_notebook(path)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells:
        cell.source = recorded(cell.source)
    tags = [cell.metadata.get("tags", []) for cell in cells]
    setup = next((i for i, these in enumerate(tags) if "setup" in these), -1)  # else before all
    shifted = nbformat.v4.new_code_cell(SHIFTED.format(shift=STEP * seed))
    return [*cells[: setup + 1], shifted, *cells[setup + 1 :]]


def held_in(path: Path, seed: int) -> dict[str, bool] | str:
    """Run a chapter in this process; return which assertions held, or what went wrong."""
    from IPython.core.interactiveshell import InteractiveShell

    held: dict[str, bool] = {}

    def holds(key: str, test: object) -> None:
        held[key] = bool(test) and held.get(key, True)

    os.chdir(path.parent)
    shell = InteractiveShell.instance()
    shell.user_ns["_holds"] = holds
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        for cell in code_of(path, seed):
            done = shell.run_cell(cell.source, store_history=True)
            error = done.error_before_exec or done.error_in_exec
            if error:
                return f"{path.name}, seed {seed}: {type(error).__name__}: {error}"
    return held


def run(path: Path, seed: int, to: Connection) -> None:
    """Send what a chapter comes to. It saves where no other process does; the cache is shared."""
    cache = runtime.SAVED / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        runtime.SAVED = Path(folder)
        (runtime.SAVED / cache.name).symlink_to(cache)
        to.send(held_in(path, seed))


def tried(path: Path, seed: int) -> dict[str, bool] | str:
    """Return whether each assertion of a chapter held under a seed, or what went wrong.

    The process is forked from this one, after the imports and before TensorFlow's first operation,
    which starts threads that no fork takes along. So ten seeds cost one import.
    """
    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=run, args=(path, seed, there))
    with STARTING:
        process.start()
    there.close()
    try:
        return here.recv()
    except EOFError:
        return f"{path.name}, seed {seed}: the process ended without a word"
    finally:
        process.join()


def count(path: Path, seeds: list[int], workers: int) -> tuple[dict[str, list[int]], list[str]]:
    """Return the seeds in which each assertion of a chapter held, and what went wrong otherwise."""
    found: dict[str, list[int]] = defaultdict(list)
    wrong = []
    with ThreadPoolExecutor(workers) as pool:
        results = pool.map(lambda seed: tried(path.resolve(), seed), seeds)
        for seed, result in zip(seeds, results, strict=True):
            if isinstance(result, str):
                wrong.append(result)
                continue
            for test, did in result.items():
                found[test] += [seed] * did
    return found, wrong


def asked() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--seeds", type=at_least(1), default=10, help="how many (10)")
    parser.add_argument("--first", type=at_least(0), default=0, help="the first of them (0)")
    parser.add_argument("--workers", type=at_least(1), default=2, help="processes at a time (2)")
    parser.add_argument("--write", action="store_true", help="write the table into docs/seeds.md")
    return parser.parse_args()


def main() -> int:
    """Print each assertion that failed under a seed; return 1 if one held in too few."""
    given = asked()
    for path in given.notebooks:
        read_notebook(path)  # stops before the first has run
    if given.write and os.environ.get("COURSE_DATA"):
        sys.exit("The table is of the samples: unset COURSE_DATA, or leave out --write.")
    os.environ |= {"COURSE_LIVE": "0", "MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3"}
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")  # the workers share the cores already
    with quiet():
        for name in IMPORTED:
            importlib.import_module(name)
    seeds = list(range(given.first, given.first + given.seeds))
    rows = []
    bad = 0
    for path in given.notebooks:
        found, wrong = count(path, seeds, given.workers)
        few = [test for test, in_these in found.items() if len(in_these) < NEEDED * len(seeds)]
        bad += len(few) + len(wrong)
        print(f"{path.name}: {len(found)} assertions, {len(few)} held in too few of {len(seeds)}")
        for test, in_these in found.items():
            if len(in_these) < len(seeds):
                print(f"  {len(in_these)} of {len(seeds)}: {test}", flush=True)
            text = test.replace("|", "\\|")
            rows.append(f"| {path.stem[:2]} | `{text}` | {len(in_these)} of {len(seeds)} |")
        for line in wrong:
            print(f"  {line}", flush=True)
    if given.write:
        anew = {row[2:4] for row in rows}
        rows += [row for row in stored(HEAD, NAME, PAGE) if row[2:4] not in anew]
        write(sorted(rows, key=lambda row: row[2:4]), HEAD, NAME, PAGE)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
