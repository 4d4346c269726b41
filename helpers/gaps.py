"""A cell of an exercise in which a gap is still `...`: it says which, in place of a traceback.

Code after a gap may compute with it, and Python then complains of an ellipsis that cannot be added.
So a cell that imports a check and has a gap is run inside an `Open`, which knows what is open. In a
cell whose gaps are all filled, and in any other, nothing stands between the code and Python.
"""

import ast
import sys
from types import TracebackType
from typing import TypeGuard

OPEN: list[str] = []  # the gaps of the cell that is running, each as it is written
CELL: list[str] = []  # that cell without its import of the check; none where no gap is open


def gaps(tree: ast.AST) -> list[str]:
    """Return what is still to be written: each statement whose value is `...`, in their order."""
    kinds = ast.Assign | ast.AugAssign | ast.Return
    nodes = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    still = [n for n in nodes if isinstance(n.value, ast.Constant) and n.value.value is ...]
    return [ast.unparse(node) for node in sorted(still, key=lambda node: node.lineno)]


def imports_check(node: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    """Say whether a line imports the check of an exercise or a drill."""
    if not isinstance(node, ast.ImportFrom) or not str(node.module).startswith("exercises."):
        return False
    return any(name.name.startswith("check_") for name in node.names)


def still_open() -> str:
    """Say which gap of the cell that is running comes first; "" where none is known."""
    return f"`{OPEN[0]}` is still open" if OPEN else ""


def is_of_gap(error: BaseException) -> bool:
    """Say whether an error in a cell with gaps comes from one: Python calls it an ellipsis."""
    return bool(OPEN) and isinstance(error, Exception) and "ellipsis" in str(error).lower()


class Open:
    """Stands around a cell with gaps; an error that comes from one becomes a sentence."""

    def __init__(self, exercise: str, still: list[str], cell: str) -> None:
        """Take what the exercise is called, its open gaps, and the cell."""
        self.exercise = exercise
        self.still = still
        self.cell = cell

    def __enter__(self) -> None:
        """Let the check know of the gaps."""
        OPEN[:] = self.still
        CELL[:] = [self.cell]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Say which gap is open where there was an error; keep back only one of the gap's."""
        of_gap = error is not None and is_of_gap(error)
        if of_gap:
            print(f"{self.exercise}: not answered yet: {still_open()}")
        elif isinstance(error, Exception):
            print(f"{self.exercise}: {still_open()}, which may be why this error came up")
        OPEN.clear()
        CELL.clear()
        return of_gap


class Watch(ast.NodeTransformer):
    """Puts an `Open` around a cell that imports a check and has a gap."""

    def visit_Module(self, tree: ast.Module) -> ast.Module:
        """Return the cell; the lines keep their numbers."""
        still = gaps(tree)
        checks = [node for node in tree.body if imports_check(node)]
        if checks and still:
            kind = "Drill" if ".clinic." in str(checks[0].module) else "Exercise"
            names = [name.name for name in checks[0].names if name.name.startswith("check_")]
            name = f"{kind} {names[0].removeprefix('check_')}"
            rest = ast.Module([node for node in tree.body if node not in checks], [])
            given = f"{name!r}, {still!r}, {ast.unparse(rest)!r}"
            call = f"__import__('helpers.gaps').gaps.Open({given})"
            around = ast.parse(f"with {call}:\n    pass").body[0]
            assert isinstance(around, ast.With)
            around.body = tree.body
            tree.body = [around]
        return tree


def watch() -> None:
    """Look at each cell from now on, where there are cells; a second call changes nothing."""
    ipython = sys.modules.get("IPython")  # in every kernel, and never imported for this alone
    shell = ipython.get_ipython() if ipython else None
    watching = getattr(shell, "ast_transformers", None)
    if watching is not None and Watch.__name__ not in [type(each).__name__ for each in watching]:
        watching.append(Watch())
