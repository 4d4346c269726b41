"""Fold the cells that do nothing but draw: `python -m tools.fold`.

JupyterLab then shows a bar in the place of their code (`jupyter.source_hidden`); a click opens it.
The figure is what a reader of such a cell looks for, and how it was drawn is no part of the lesson.
Which cells these are is decided by rule, and slides follow the same rule:

- every statement draws: it imports from Matplotlib or helpers.figures, calls what these have, or a
  figure or axes made by them, or is a loop over such statements;
- or it prepares what is drawn, by an assignment of a name that no other cell reads, and there are
  no more statements of that kind than of the first.

A cell that prints, asserts or defines a function is never folded.
"""

import ast
import sys
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.errors import CourseError
from helpers.files import whole
from tools.chapters import ROOT, read_notebook
from tools.commandline import no_words
from tools.figures import pictures

LIBRARIES = ("matplotlib", "helpers.figures")
DRAWN = {"fig", "ax", "axes", "figure"}
KEPT = {"setup", "exercise"}  # tags of cells that are never folded
BLOCKS = ast.For | ast.If | ast.With


@cache
def tools_of_drawing(source: str) -> frozenset[str]:
    """Return the names that a cell imports from Matplotlib or helpers.figures."""
    names = set()
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(LIBRARIES):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            drawing = (a for a in node.names if a.name.startswith(LIBRARIES))
            names |= {alias.asname or alias.name.partition(".")[0] for alias in drawing}
    return frozenset(names)


@cache
def parsed(source: str) -> ast.Module:
    """Return a cell's statements; none, if it holds a magic and is no Python."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.parse("")


@cache
def names_in(node: ast.AST, kind: type[ast.expr_context]) -> frozenset[str]:
    """Return the names that are read (`ast.Load`) or assigned (`ast.Store`) in a node."""
    found = (n for n in ast.walk(node) if isinstance(n, ast.Name))
    return frozenset(name.id for name in found if isinstance(name.ctx, kind))


def root(node: ast.AST) -> str:
    """Return the name at which a call such as `axes[0].plot(...)` begins, "" if it has none."""
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def is_import_for_drawing(node: ast.stmt) -> bool:
    """Say whether a statement imports what drawing takes, and nothing else."""
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").startswith((*LIBRARIES, "helpers.images"))
    return isinstance(node, ast.Import) and all(a.name.startswith(LIBRARIES) for a in node.names)


def kinds(statements: list[ast.stmt], drawing: set[str], own: set[str]) -> list[str]:
    """Return for each statement, and those in its blocks, "draws", "prepares", "imports" or "".

    Args:
        statements: Of a cell, or of a block in it.
        drawing: Names that draw; what is assigned from them is added.
        own: Names that no other cell reads.
    """
    found = []
    for node in statements:
        if is_import_for_drawing(node):
            found.append("imports")
        elif isinstance(node, ast.Assign | ast.AugAssign):
            stored = names_in(node, ast.Store)
            if root(node.value) in drawing:
                drawing |= stored
                found.append("draws")
            else:
                found.append("prepares" if stored and stored <= own else "")
        elif isinstance(node, BLOCKS):
            if isinstance(node, ast.For) and names_in(node.iter, ast.Load) & drawing:
                drawing |= names_in(node.target, ast.Store) & DRAWN
            found += kinds([*node.body, *getattr(node, "orelse", [])], drawing, own)
        else:
            called = isinstance(node, ast.Expr) and root(node.value) in drawing
            found.append("draws" if called else "")
    return found


def is_read(name: str, cells: list[ast.Module]) -> bool:
    """Say whether cells read a name before one of them gives it another value."""
    for tree in cells:
        for statement in tree.body:
            if name in names_in(statement, ast.Load):
                return name not in bound_first(statement)
            if name in names_in(statement, ast.Store):
                return False
    return False


def bound_first(statement: ast.stmt) -> set[str]:
    """Return the names that a loop or a comprehension binds before it reads them."""
    targets = [n.target for n in ast.walk(statement) if isinstance(n, ast.For | ast.comprehension)]
    return {name for target in targets for name in names_in(target, ast.Store)}


def only_draws(cell: NotebookNode, notebook: NotebookNode) -> bool:
    """Say whether a cell of a notebook does nothing but draw."""
    if cell.cell_type != "code" or KEPT & set(cell.metadata.get("tags", [])):
        return False
    if not pictures(cell):
        return False
    code = [other for other in notebook.cells if other.cell_type == "code"]
    drawing = {name for other in code for name in tools_of_drawing(other.source)} | DRAWN
    tree = parsed(cell.source)
    made = names_in(tree, ast.Store)
    after = [parsed(other.source) for other in code[code.index(cell) + 1 :]]
    found = kinds(tree.body, drawing, {name for name in made if not is_read(name, after)})
    draws = found.count("draws")
    return "" not in found and 0 < draws >= found.count("prepares")


def fold(notebook: NotebookNode) -> NotebookNode:
    """Fold the cells that only draw, unfold the others, in place; return the notebook."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        kept = dict(cell.metadata.get("jupyter", {}))
        kept.pop("source_hidden", None)
        if only_draws(cell, notebook):
            kept["source_hidden"] = True
        cell.metadata.pop("jupyter", None)
        if kept:
            cell.metadata["jupyter"] = kept
    return notebook


def folded(path: Path) -> str:
    """Return what the file of a notebook should hold."""
    return nbformat.writes(fold(read_notebook(path))) + "\n"


def main() -> None:
    """Fold the chapters, and name those that changed."""
    texts = {path: folded(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
    for path, text in texts.items():
        if path.read_text(encoding="utf-8") != text:
            with whole(path) as part:
                part.write_text(text, encoding="utf-8", newline="\n")
            print(f"folded cells of {path.name}")


if __name__ == "__main__":
    no_words(__doc__)
    try:
        main()
    except CourseError as error:
        sys.exit(str(error))
