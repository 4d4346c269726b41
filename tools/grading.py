"""A chapter's exercises as nbgrader and otter-grader take them; called by tools/handouts.py.

    build/handouts/nbgrader     there, `nbgrader generate_assignment NN_name`
    build/handouts/otter        there, `otter assign NN_name.ipynb dist`

Each exercise is worth a point a minute. Its test asks the check that the learner has, too: whoever
grades needs the course installed where the grading runs. Solutions stand in the course's repository
and behind `check_N.solution()`: these are marks for practice, not for an examination. Tried with
nbgrader 0.9.6 and otter-grader 7.0.0, which also ran its tests on the solutions.
"""

import ast
import hashlib
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.exercises import GAP, Exercise, with_gaps
from tools.chapters import ROOT, slug
from tools.exercises import TAG, exercises, modules

# The stub is a statement, so that a function without its answer still is one.
NBGRADER_CONFIG = """\
c = get_config()
c.ClearSolutions.code_stub = {"python": "...  # your answer"}
c.ExecutePreprocessor.timeout = 600
"""
OTTER_CONFIG = """\
# ASSIGNMENT CONFIG
name: {name}
init_cell: true
check_all_cell: true
export_cell: false
tests:
  files: false
generate:
  pdf: false
"""


def arguments(exercise: Exercise) -> str:
    """Return what the last line of an exercise hands to its check."""
    name = f"check_{exercise.number}"
    for node in reversed(ast.parse(exercise.source).body):
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == name:
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            return ", ".join(map(ast.unparse, given))
    raise ValueError(f"{exercise.chapter}, exercise {exercise.number}: nothing is handed to {name}")


def asserted(exercise: Exercise) -> str:
    """Return a cell that fails unless the answer is right, and says why."""
    check = f"check_{exercise.number}"
    return (
        f"verdict, why = {check}.verdict({arguments(exercise)})\n"
        'assert verdict == "right", why or verdict'
    )


def imported(exercise: Exercise) -> str:
    """Return the line that imports an exercise's check."""
    return f"from exercises.{exercise.chapter} import check_{exercise.number}\n\n"


def for_nbgrader(exercise: Exercise) -> str:
    """Return an exercise with its solutions between the marks of nbgrader.

    Before them stand the gaps of assignments, so that a learner sees what is to be named.
    """
    lines: list[str] = []
    region: list[str] = []
    for line in [*exercise.source.strip("\n").splitlines(), ""]:
        if line.rstrip().endswith(GAP):
            region.append(line.rstrip().removesuffix(GAP).rstrip())
            continue
        if region:
            gap = with_gaps("\n".join(part + GAP for part in region)).splitlines()
            indent = region[0][: len(region[0]) - len(region[0].lstrip())]
            lines += [part for part in gap if not part.strip().startswith("return ")]
            lines += [f"{indent}### BEGIN SOLUTION", *region, f"{indent}### END SOLUTION"]
            region = []
        lines.append(line)
    return imported(exercise) + "\n".join(lines).rstrip()


def for_otter(exercise: Exercise) -> str:
    """Return an exercise with its solutions marked for otter."""
    lines = []
    for line in exercise.source.strip("\n").splitlines():
        if line.rstrip().endswith(GAP):
            bare = line.rstrip().removesuffix(GAP).rstrip()
            prompts = " = " in bare or bare.strip().startswith("return ")
            line = f"{bare}  # SOLUTION" + ("" if prompts else " NO PROMPT")
        lines.append(line)
    return imported(exercise) + "\n".join(lines)


def marked(cell: NotebookNode, name: str, solution: bool, points: int) -> NotebookNode:
    """Give a cell the metadata by which nbgrader knows a solution or a test."""
    cell.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": name,
        "grade": bool(points),
        "solution": solution,
        "locked": not solution,
        "task": False,
    }
    if points:
        cell.metadata["nbgrader"]["points"] = points
    return cell


def code(source: str, name: str) -> NotebookNode:
    """Return a code cell whose id follows from its name."""
    return nbformat.v4.new_code_cell(source, id=hashlib.sha256(name.encode()).hexdigest()[:8])


def raw(source: str, name: str) -> NotebookNode:
    """Return a raw cell whose id follows from its name."""
    return nbformat.v4.new_raw_cell(source, id=hashlib.sha256(name.encode()).hexdigest()[:8])


def nbgrader_cells(exercise: Exercise) -> list[NotebookNode]:
    """Return the solution and the test of an exercise for nbgrader."""
    name = f"exercise-{exercise.number}"
    answer = code(for_nbgrader(exercise), name)
    test = code(asserted(exercise), f"{name}-test")
    return [
        marked(answer, name, True, 0),
        marked(test, f"{name}-test", False, exercise.minutes),
    ]


def otter_cells(exercise: Exercise) -> list[NotebookNode]:
    """Return an exercise between the raw cells of otter; its task stands before them."""
    name = f"q{exercise.number}"
    texts = {
        "begin": f"# BEGIN QUESTION\nname: {name}\npoints: {exercise.minutes}",
        "solution": "# BEGIN SOLUTION",
        "code": for_otter(exercise),
        "solved": "# END SOLUTION",
        "tests": "# BEGIN TESTS",
        "test": asserted(exercise),
        "tested": "# END TESTS",
        "end": "# END QUESTION",
    }
    return [
        (code if part in ("code", "test") else raw)(text, f"{name}-{part}")
        for part, text in texts.items()
    ]


def graded(notebook: NotebookNode, chapter: tuple[Exercise, ...], kind: str) -> NotebookNode:
    """Return a chapter whose exercises stand in the form of "nbgrader" or "otter"."""
    copy = nbformat.from_dict(notebook)
    by_id = {f"{TAG}-{exercise.number}": exercise for exercise in chapter}
    make = nbgrader_cells if kind == "nbgrader" else otter_cells
    cells = []
    for cell in copy.cells:
        if cell.id in by_id:
            cells += make(by_id[cell.id])
        elif "quiz(" not in cell.source:
            cells.append(cell)
    copy.cells = cells
    return copy


def write_graded(path: Path, notebook: NotebookNode, out: Path) -> list[Path]:
    """Write what nbgrader and otter take, and return the files; none without checked exercises."""
    if path.name not in {module.name for module in modules(ROOT)}:
        return []
    chapter = exercises(slug(path.name))
    for_nbg = out / "nbgrader" / "source" / path.stem / path.name
    for_otr = out / "otter" / path.name
    for target in (for_nbg, for_otr):
        target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(graded(notebook, chapter, "nbgrader"), for_nbg)
    assignment = graded(notebook, chapter, "otter")
    name = re.sub(r"\W", "_", path.stem)
    assignment.cells.insert(0, raw(OTTER_CONFIG.format(name=name), "config"))
    nbformat.write(assignment, for_otr)
    config = out / "nbgrader" / "nbgrader_config.py"
    if not config.exists():  # whoever grades adds a course and an exchange, and keeps them
        config.write_text(NBGRADER_CONFIG, encoding="utf-8")
    return [for_nbg, for_otr]
