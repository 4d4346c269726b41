"""Run chapters under other seeds, and count in how many each of their assertions holds.

`python -m tools.seeds notebooks/*.ipynb --seeds 10 --write` puts the table into docs/seeds.md. With
seed 0 a chapter runs as it is stored; with seed s every seed that it or a helper sets is 1000 s
higher: weights, orders, divisions and draws are others. A finding that one seed shows is luck.
"""

import argparse
import ast
import json
import os
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from helpers.runtime import ROOT

PAGE = ROOT / "docs" / "seeds.md"
STEP = 1000  # between two seeds: further apart than any that a chapter sets
NEEDED = 0.9  # of the seeds, in which a finding holds
HEAD = """\
| chapter | assertion | held |
|---|---|---|"""

BEFORE = """\
_held = {}
def _holds(key, test):
    _held[key] = bool(test) and _held.get(key, True)
"""
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
AFTER = "import json as _json\nprint(_json.dumps(_held))"


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


def held(path: Path, seed: int) -> dict[str, bool]:
    """Run a chapter under a seed; return whether each of its assertions held.

    Raises:
        CellExecutionError: a cell failed otherwise.
    """
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells:
        cell.source = recorded(cell.source)
    setup = next(i for i, cell in enumerate(cells) if "setup" in cell.metadata.get("tags", []))
    shifted = nbformat.v4.new_code_cell(SHIFTED.format(shift=STEP * seed))
    cells.insert(setup + 1, shifted)
    last = nbformat.v4.new_code_cell(AFTER)
    notebook.cells = [nbformat.v4.new_code_cell(BEFORE), *cells, last]
    NotebookClient(notebook, timeout=1800, resources={"metadata": {"path": path.parent}}).execute()
    return json.loads(last.outputs[0]["text"])


def count(path: Path, seeds: list[int], workers: int) -> tuple[dict[str, list[int]], list[str]]:
    """Return the seeds in which each assertion of a chapter held, and what went wrong otherwise."""
    found: dict[str, list[int]] = defaultdict(list)
    wrong = []

    def tried(seed: int) -> dict[str, bool] | str:
        try:
            return held(path, seed)
        except CellExecutionError as error:
            return f"{path.name}, seed {seed}: {error.ename}: {error.evalue}"

    with ThreadPoolExecutor(workers) as pool:
        for seed, result in zip(seeds, pool.map(tried, seeds), strict=True):
            if isinstance(result, str):
                wrong.append(result)
                continue
            for test, did in result.items():
                found[test] += [seed] * did
    return found, wrong


def others(page: str, notebooks: list[Path]) -> list[str]:
    """Return the rows of a page that stand for other chapters than these."""
    rows = [line for line in page.splitlines() if line.startswith("| ") and line not in HEAD]
    return [row for row in rows if row[2:4] not in {path.stem[:2] for path in notebooks}]


def main() -> int:
    """Print each assertion that failed under a seed; return 1 if one held in too few."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--seeds", type=int, default=10, help="how many (%(default)s)")
    parser.add_argument("--first", type=int, default=0, help="the first of them (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="kernels at a time (%(default)s)")
    parser.add_argument("--write", action="store_true", help="write the table into docs/seeds.md")
    given = parser.parse_args()
    os.environ["COURSE_LIVE"] = "0"
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
        from tools.measure import write  # imports TensorFlow, which the kernels have of their own

        rows += others(PAGE.read_text(), given.notebooks)
        write(sorted(rows, key=lambda row: row[2:4]), HEAD, "seeds", PAGE)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
