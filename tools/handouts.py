"""Write what a class is given in the place of a chapter: `python -m tools.handouts [NOTEBOOKS]`.

In build/handouts, for each chapter:

    gaps/NN_name.ipynb      one idea cell in five is emptied but for its imports: the gap
    code/NN_name.ipynb      headings and code, no prose: to read, and to close again
    memory/NN_name.ipynb    headings and outputs, no prose and no code: to write from memory
    nbgrader, otter         the exercises as these programs take them (tools/grading.py)

An idea is what stands under a heading. Its last cell is the gap where at least two cells above it
show the way; with a gap in every idea, learners would write three cells in ten, for a chapter has
three cells to an idea. Names that later cells need are named in the gap, so that whatever the
learner writes can go on. Filled in with the chapter's own cells it is the chapter.
"""

import argparse
import ast
import re
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.errors import CourseError
from helpers.files import notebook_files, whole
from tools.chapters import ROOT, left_over, read_notebook
from tools.fold import is_read, names_in, only_draws, parsed
from tools.grading import write_graded
from tools.slidepieces import printed
from tools.slidetext import blocks, sentences

OUT = ROOT / "build" / "handouts"
TAG = "gap"
WAY = 2  # cells of an idea that stand above its gap
SHOWN = 3  # lines of what the emptied cell prints
KEPT = {"setup", "exercise"}
PRELUDE = ast.Import | ast.ImportFrom
LOOPS = ast.For | ast.comprehension


def is_idea(cell: NotebookNode, notebook: NotebookNode) -> bool:
    """Say whether a code cell is one that a learner may write: no set-up, quiz, import or plot."""
    if cell.cell_type != "code" or KEPT & set(cell.metadata.get("tags", [])):
        return False
    statements = parsed(cell.source).body
    plain = not statements or all(isinstance(node, PRELUDE) for node in statements)
    asks = "quiz(" in cell.source or "progress()" in cell.source
    return not plain and not asks and not only_draws(cell, notebook)


def ideas(notebook: NotebookNode) -> list[list[NotebookNode]]:
    """Return the cells of each idea; what stands before the first heading is none."""
    found: list[list[NotebookNode]] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.search(r"^##+ ", cell.source, re.MULTILINE):
            found.append([])
        elif found and is_idea(cell, notebook):
            found[-1].append(cell)
    return found


def gaps(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the last cell of each idea that has shown the way to it."""
    return [cells[-1] for cells in ideas(notebook) if len(cells) > WAY]


def left_for_later(cell: NotebookNode, notebook: NotebookNode) -> list[str]:
    """Return the names that a cell makes and later cells, exercises among them, read.

    What only counts through a loop is none of them.
    """
    later = notebook.cells[notebook.cells.index(cell) + 1 :]
    trees = [parsed(other.source) for other in later if other.cell_type == "code"]
    made = []
    for node in parsed(cell.source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.append(node.name)
        elif isinstance(node, PRELUDE):
            made += [alias.asname or alias.name.partition(".")[0] for alias in node.names]
        else:
            loops = (loop.target for loop in ast.walk(node) if isinstance(loop, LOOPS))
            counted = set().union(*(names_in(target, ast.Store) for target in loops))
            made += sorted(names_in(node, ast.Store) - counted)
    return [name for name in dict.fromkeys(made) if is_read(name, trees)]


def question(cell: NotebookNode, notebook: NotebookNode) -> str:
    """Return the sentence that leads to a cell: the last question, or else the last sentence."""
    above = notebook.cells[: notebook.cells.index(cell)]
    for other in reversed(above):
        spoken = [
            s for b in blocks(other.source) if b.kind == "paragraph" for s in sentences(b.text)
        ]
        if other.cell_type == "markdown" and spoken:
            return next((s for s in spoken[:-4:-1] if s.endswith("?")), spoken[-1])
    return "What does this idea need?"


def gap_source(cell: NotebookNode, notebook: NotebookNode) -> str:
    """Return what stands in a gap: the question, what later cells need, how long, the imports.

    Nobody can guess where a function of the course lives, so what a cell imports is given.
    """
    imports = [node for node in parsed(cell.source).body if isinstance(node, PRELUDE)]
    brought = {alias.asname or alias.name for node in imports for alias in node.names}
    given = "\n".join(ast.unparse(node) for node in imports).splitlines()
    lines = [f"# {question(cell, notebook)}"]
    names = [name for name in left_for_later(cell, notebook) if name not in brought]
    if names:
        lines.append(f"# Later cells need: {', '.join(names)}.")
    count = len([line for line in cell.source.splitlines() if line.strip()]) - len(given)
    lines.append(f"# In the course: {count} line{'s' * (count > 1)}{' more' * bool(given)}.")
    said = printed(cell).splitlines()
    if said:
        lines[-1] += " They print:" if count > 1 else " It prints:"
        lines += [f"#     {line}" for line in said[:SHOWN]]
        lines += ["#     ..."] if len(said) > SHOWN else []
    return "\n".join([*lines, *given, "..."])


def moved(source: str) -> str:
    """Return Markdown whose links lead from a folder of handouts to where they led before."""
    return re.sub(r"\]\((?!https?:|#|mailto:)", "](../../../notebooks/", source)


def copied(notebook: NotebookNode, keep: bool) -> NotebookNode:
    """Return a copy of a notebook, without its record; keep says whether with its outputs."""
    copy = nbformat.from_dict(notebook)
    copy.metadata.pop("course", None)
    for cell in copy.cells:
        if cell.cell_type == "code" and not keep:
            cell.outputs = []
            cell.execution_count = None
        elif cell.cell_type == "markdown":
            cell.source = moved(cell.source)
    return copy


def with_gaps(notebook: NotebookNode) -> NotebookNode:
    """Return the 80-percent version of a chapter."""
    copy = copied(notebook, keep=False)
    sources = {cell.id: gap_source(cell, notebook) for cell in gaps(notebook)}
    for cell in copy.cells:
        if cell.id in sources:
            cell.source = sources[cell.id]
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), TAG]
            cell.metadata.get("jupyter", {}).pop("source_hidden", None)
    return copy


def filled(handout: NotebookNode, chapter: NotebookNode) -> NotebookNode:
    """Fill the gaps of a handout with the chapter's own cells, in place, and return it."""
    own = {cell.id: cell.source for cell in chapter.cells}
    for cell in handout.cells:
        if TAG in cell.metadata.get("tags", []):
            cell.source = own[cell.id]
    return handout


def headings(source: str) -> str:
    """Return the headings of a cell alone."""
    heads = [block.text for block in blocks(source) if block.kind == "heading"]
    return "\n\n".join(heads)


def without_prose(notebook: NotebookNode, memory: bool) -> NotebookNode:
    """Return headings and code; for writing from memory headings, outputs and empty cells."""
    copy = copied(notebook, keep=memory)
    own = {cell.id: cell for cell in notebook.cells}
    kept = []
    for cell in copy.cells:
        tags = set(cell.metadata.get("tags", []))
        if "exercise" in tags or "quiz(" in cell.source:
            continue
        if cell.cell_type == "markdown":
            cell.source = headings(cell.source)
        elif memory and "setup" not in tags:
            names = left_for_later(own[cell.id], notebook)
            cell.source = f"# Later cells need: {', '.join(names)}." if names else ""
        if cell.cell_type == "code" or cell.source:
            kept.append(cell)
    copy.cells = kept
    return copy


def write(path: Path, out: Path = OUT) -> list[Path]:
    """Write the handouts of a chapter; return their files."""
    notebook = read_notebook(path)
    versions = {
        "clean": copied(notebook, keep=False),
        "gaps": with_gaps(notebook),
        "code": without_prose(notebook, memory=False),
        "memory": without_prose(notebook, memory=True),
    }
    written = []
    for name, version in versions.items():
        target = out / name / path.name
        with whole(target) as part:
            nbformat.write(version, part)
        written.append(target)
    return written + write_graded(path, copied(notebook, keep=False), out)


def main() -> None:
    """Write the handouts of some chapters, or of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    every = notebook_files(ROOT / "notebooks")
    for path in parser.parse_args().notebooks or every:
        print(f"{path.name}: {len(write(path, OUT))} files in {OUT.relative_to(ROOT)}")
    made = {name for path in every for name in (path.name, path.stem)}
    for folder in ("clean", "gaps", "code", "memory", "otter", "nbgrader/source"):
        for line in left_over(OUT / folder, made):
            print(line)


if __name__ == "__main__":
    try:
        main()
    except CourseError as error:
        sys.exit(str(error))
