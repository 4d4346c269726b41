"""Write the exercises of `exercises/` into their chapters: `python -m tools.exercises`.

Each becomes a cell with the task and one with the gaps, under the chapter's heading *Your turn*;
the chapter's record gets their minutes. A cell that stays as it was keeps its outputs. After it:
`make run` for the chapters that changed, and `make stamp`.
"""

import importlib
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.exercises import Exercise, with_gaps
from tools.chapters import ROOT, read_notebook, slug
from tools.commandline import no_words

HEADING = "## Your turn"
TAG = "exercise"


def modules(root: Path = ROOT) -> list[Path]:
    """Return the notebooks that have a module in `exercises`; stop where a module has none."""
    notebooks = {slug(path.name): path for path in sorted((root / "notebooks").glob("*.ipynb"))}
    names = [path.stem for path in sorted((root / "exercises").glob("*.py")) if path.stem[0] != "_"]
    for name in names:
        if name not in notebooks:
            sys.exit(f"exercises/{name}.py: there is no notebook NN_{name}.ipynb.")
    return [notebooks[name] for name in names]


def exercises(name: str) -> tuple[Exercise, ...]:
    """Return the exercises of a chapter."""
    return importlib.import_module(f"exercises.{name}").EXERCISES


def learners_source(exercise: Exercise) -> str:
    """Return the code cell that the learner gets."""
    check = f"check_{exercise.number}"
    return f"from exercises.{exercise.chapter} import {check}\n\n{with_gaps(exercise.source)}"


def task(exercise: Exercise) -> str:
    """Return the cell with the task, and how to go on from where one is stuck."""
    number = exercise.number
    head = f"### {number}. {exercise.title} ({exercise.minutes} minutes)"
    stuck = f"`check_{number}.hint()` gives the next step, `check_{number}.solution()` an answer."
    return f"{head}\n\n{exercise.text}\n\nStuck? {stuck}"


def cells(exercise: Exercise) -> list[NotebookNode]:
    """Return the two cells of an exercise."""
    name = f"{TAG}-{exercise.number}"
    tags = {"tags": [TAG]}
    return [
        nbformat.v4.new_markdown_cell(task(exercise), id=f"{name}-task", metadata=tags),
        nbformat.v4.new_code_cell(learners_source(exercise), id=name, metadata=tags),
    ]


def with_exercises(notebook: NotebookNode, chapter: tuple[Exercise, ...]) -> NotebookNode:
    """Put a chapter's exercises under its heading, in place, and return the notebook.

    Raises:
        ValueError: there is no cell with the heading.
    """
    old = {cell.id: cell for cell in notebook.cells if TAG in cell.metadata.get("tags", [])}
    rest = [cell for cell in notebook.cells if cell.id not in old]
    places = [i for i, cell in enumerate(rest) if HEADING in cell.source.splitlines()]
    if len(places) != 1:
        raise ValueError(f"{len(places)} cells hold {HEADING!r}, where one should")
    new = [cell for exercise in chapter for cell in cells(exercise)]
    for cell in new:
        before = old.get(cell.id)
        if before and before.source == cell.source and cell.cell_type == "code":
            cell.outputs = before.outputs
            cell.execution_count = before.execution_count
    notebook.cells = rest[: places[0] + 1] + new + rest[places[0] + 1 :]
    notebook.metadata["course"]["minutes"]["exercises"] = sum(e.minutes for e in chapter)
    return notebook


def main() -> None:
    """Write the chapters that differ from their exercises, and name them."""
    for path in modules():
        notebook = read_notebook(path)
        before = path.read_text("utf-8")
        text = nbformat.writes(with_exercises(notebook, exercises(slug(path.name)))) + "\n"
        if text != before:
            path.write_text(text, "utf-8", newline="\n")
            print(f"wrote the exercises of {path.name}")


if __name__ == "__main__":
    no_words(__doc__)
    main()
