"""A chapter's cells as a learner runs them: one at a time, and going on where one fails."""

import contextlib
import copy
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from pictures import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# What a chapter saves goes elsewhere: this stands before its set-up cell, which imports the rest.
ELSEWHERE = "from helpers import runtime\nfrom pathlib import Path\nruntime.SAVED = Path({!r})"


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    """Return the cells of a chapter that hold code."""
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]


@dataclass
class Kernel:
    """A kernel in which single cells run, and which goes on after one that fails."""

    client: NotebookClient
    said: dict[str, list[str]] = field(default_factory=dict)

    def run(self, cell: nbformat.NotebookNode) -> CellExecutionError | None:
        """Run one cell; return what stopped it."""
        cell = copy.deepcopy(cell)
        self.client.nb.cells = [cell]
        try:
            self.client.execute_cell(cell, 0)
        except CellExecutionError as error:
            return error
        finally:
            printed = "".join(output.get("text", "") for output in cell.outputs)
            self.said.setdefault(cell.id, []).append(printed)
        return None


@contextlib.contextmanager
def kernel(saved: Path, **environment: str) -> Iterator[Kernel]:
    """Start a kernel as a chapter's, that saves into a folder of its own."""
    client = NotebookClient(
        nbformat.v4.new_notebook(),
        timeout=900,
        resources={"metadata": {"path": str(ROOT / "notebooks")}},
    )
    with client.setup_kernel(env={**os.environ, **environment}):
        one = Kernel(client)
        error = one.run(nbformat.v4.new_code_cell(ELSEWHERE.format(str(saved))))
        assert error is None, error
        yield one


def named(error: CellExecutionError, cell: nbformat.NotebookNode) -> str:
    """Say what stopped which cell."""
    return f"{error.ename}: {error.evalue}\n{cell.id}:\n{cell.source}"
