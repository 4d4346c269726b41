"""Put the quiz at the end of each chapter that has questions: `python -m tools.quizzes`.

The cell needs nothing of what stands above it, so it is executed by itself, and the chapter is not.
It comes before the link to the next chapter, and its number continues those above.
"""

import hashlib
import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from tools.chapters import ROOT
from tools.commandline import no_words
from tools.questions import asked

SOURCE = """\
# Questions on this chapter. Where widgets live, choose one and press Check.
from helpers.quiz import quiz

quiz("{name}")"""


def executed(names: list[str]) -> list[NotebookNode]:
    """Return the cells with the quizzes of these names, run one after the other in one kernel."""
    cells = []
    for name in names:
        number = hashlib.sha256(name.encode()).hexdigest()[:8]
        cells.append(nbformat.v4.new_code_cell(SOURCE.format(name=name), id=number))
    start = nbformat.v4.new_code_cell(f"import sys\nsys.path.insert(0, {str(ROOT)!r})")
    notebook = nbformat.v4.new_notebook(cells=[start, *cells])
    os.environ["COURSE_LIVE"] = "0"
    client = NotebookClient(notebook, record_timing=False, coalesce_streams=True)
    client.execute(cwd=str(ROOT / "notebooks"))
    return notebook.cells[1:]


def insert(notebook: NotebookNode, quiz: NotebookNode) -> NotebookNode:
    """Put a quiz that was run into a notebook, in the place of the one that is there or at its end.

    Returns:
        The notebook, which is changed in place.
    """
    call = quiz.source.splitlines()[-1]
    notebook.cells = [cell for cell in notebook.cells if call not in cell.source.splitlines()]
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    at = next((i for i, each in enumerate(tags) if "next" in each), len(notebook.cells))
    run = [cell for cell in notebook.cells[:at] if cell.cell_type == "code" and cell.source.strip()]
    quiz.execution_count = len(run) + 1
    for output in quiz.outputs:
        if "execution_count" in output:
            output.execution_count = quiz.execution_count
    notebook.cells.insert(at, quiz)
    return notebook


def main() -> None:
    """Write the quizzes into the chapters, and name those that have changed."""
    chapters = asked()
    for chapter, quiz in zip(chapters, executed([c.slug for c in chapters]), strict=True):
        path: Path = ROOT / "notebooks" / chapter.name
        before = path.read_text(encoding="utf-8")
        notebook = insert(nbformat.reads(before, as_version=4), quiz)
        after = nbformat.writes(notebook) + "\n"
        if after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
            print(f"wrote {path.name}")


if __name__ == "__main__":
    no_words(__doc__)
    main()
