"""The names that a chapter's cells bind at their top level, and those they take from others."""

import ast
import builtins
from collections import defaultdict
from dataclasses import dataclass, field

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass
class Names:
    """What a cell binds, each name with the statements that do, and what it reads of others."""

    bound: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    read: set[str] = field(default_factory=set)


def targets(node: ast.AST) -> set[str]:
    """Return the names that are stored below a node, those of inner scopes left out."""
    if isinstance(node, (*SCOPES, *COMPREHENSIONS)):
        return {node.name} if hasattr(node, "name") else set()
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else set()
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.split(".")[0] for alias in node.names}
    found = {node.name} if isinstance(node, ast.ExceptHandler) and node.name else set()
    return found.union(*(targets(child) for child in ast.iter_child_nodes(node)))


def loads(node: ast.AST) -> set[str]:
    """Return the names that are read below a node and not bound in a scope of its own there."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Load) else set()
    children = [loads(child) for child in ast.iter_child_nodes(node)]
    found = set().union(*children)
    if isinstance(node, COMPREHENSIONS):
        return found.difference(*(targets(part.target) for part in node.generators))
    if isinstance(node, SCOPES):
        given = node.args if hasattr(node, "args") else None
        own = {arg.arg for arg in ast.walk(given) if isinstance(arg, ast.arg)} if given else set()
        body = node.body if isinstance(node.body, list) else [node.body]
        return found - own.union(*(targets(part) for part in body))
    return found


def names(source: str) -> Names:
    """Return what a cell binds and reads; in one with a magic, nothing is seen."""
    cell = Names()
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return cell
    for node in tree.body:
        # What an assignment reads is read before it binds; a loop binds before its body reads.
        bound = targets(node)
        first = set() if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) else bound
        cell.read |= loads(node) - set(cell.bound) - first
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            cell.read |= {node.target.id} - set(cell.bound)
        for name in bound:
            cell.bound[name].add(ast.unparse(node))
    cell.read -= set(dir(builtins))
    return cell


def ambiguous(sources: list[str]) -> dict[str, list[int]]:
    """Return the names that two cells bind differently and a third one reads: their cells."""
    cells = [names(source) for source in sources]
    found = {}
    for name in sorted(set().union(*(cell.bound for cell in cells))):
        binders = [i for i, cell in enumerate(cells) if name in cell.bound]
        meanings = {tuple(sorted(cells[i].bound[name])) for i in binders}
        readers = [i for i, cell in enumerate(cells) if name in cell.read]
        imported = all(meaning[0].startswith(("import ", "from ")) for meaning in meanings)
        if len(meanings) > 1 and not imported and set(readers) - set(binders):
            found[name] = binders
    return found


def asserts(node: ast.AST) -> bool:
    """Say whether a statement asserts something when it runs, and not when it is called."""
    if isinstance(node, SCOPES):
        return False
    return isinstance(node, ast.Assert) or any(asserts(n) for n in ast.iter_child_nodes(node))


def missed(sources: list[str]) -> dict[int, set[str]]:
    """Return, by cell, the names that later cells read and that a failed assertion leaves out."""
    found = {}
    read: set[str] = set()  # by the cells below
    for place, source in reversed([*enumerate(sources)]):
        try:
            nodes = ast.parse(source).body
        except SyntaxError:
            continue
        first = next((i for i, node in enumerate(nodes) if asserts(node)), len(nodes))
        late = set().union(*(targets(node) for node in nodes[first + 1 :]))
        if late & read:
            found[place] = late & read
        read |= names(source).read
    return found
