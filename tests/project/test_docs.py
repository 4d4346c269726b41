"""The papers for people hold: what they name is there, and what is there they name."""

import ast
import re
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = (ROOT / "docs" / "environment.md").read_text()
CODE = ("helpers", "apps", "tools")
NAME = r"[\"']([A-Z][A-Z0-9_]{3,})[\"']"
READ = re.compile(rf"(?:environ(?:\.\w+)?|getenv)[\[(]\s*{NAME}|{NAME} (?:not )?in os\.environ")
TOUCHED = re.compile(r"\b(?:environ|getenv)\b")


def sources(folders):
    """Yield the text of every module, and of every code cell, in these folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.read_text()
        for path in sorted((ROOT / folder).glob("*.ipynb")):
            cells = nbformat.read(path, as_version=4).cells
            yield from (cell.source for cell in cells if cell.cell_type == "code")


def variables(source):
    """Name the environment variables that some code reads or sets.

    Besides what is named where it is read, whatever looks like one in a function, a constant or a
    cell that touches the environment: a loop may go over names, and a string may be a program.
    """
    try:
        nodes = ast.walk(ast.parse(source))
        kinds = ast.FunctionDef | ast.Assign
        parts = [ast.get_source_segment(source, n) for n in nodes if isinstance(n, kinds)]
    except SyntaxError:  # a cell with a magic
        parts = [source]
    direct = {name for pair in READ.findall(source) for name in pair if name}
    quoted = {name for part in parts if TOUCHED.search(part) for name in re.findall(NAME, part)}
    return direct | {name for name in quoted if "_" in name}


def rows(heading):
    """Return the rows of the table under a heading of the environment's page."""
    part = ENVIRONMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("| `")]
    return {cells[0].strip(" `"): [cell.strip() for cell in cells[1:]] for cells in lines}


OURS, THEIRS = rows("Read by the course"), rows("Read by a library")


def test_every_environment_variable_stands_on_its_page():
    read = set().union(*(variables(source) for source in sources((*CODE, "notebooks"))))
    assert {"COURSE_DATA", "KAGGLE_KEY", "COLAB_RELEASE_TAG"} <= read, "the search finds nothing"
    missing = read - {*OURS, *THEIRS}
    assert not missing, f"describe {missing} in docs/environment.md"


def test_the_page_names_no_variable_that_nobody_reads():
    text = "\n".join(sources((*CODE, "tests", "notebooks"))) + (ROOT / "Makefile").read_text()
    assert len(OURS) > 10
    for name in OURS:
        assert re.search(rf"[\"']{name}[\"']|^{name} \?=", text, re.MULTILINE), name


@pytest.mark.parametrize("name", THEIRS)
def test_a_library_reads_what_the_page_says_it_reads(name):
    library = THEIRS[name][0]
    spec = find_spec(library)
    if spec is None:
        pytest.skip(f"{library} is not installed here")
    modules = Path(spec.origin).parent.rglob("*.py")
    # The proxies' names are written in either case.
    assert any(name.lower() in path.read_text(errors="ignore").lower() for path in modules)


def constants(folder):
    """Return what modules set on their top level, and the entries of their dicts, by name."""
    found = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
                continue
            value = node.value
            if isinstance(value, ast.Dict):
                for key, entry in zip(value.keys, value.values, strict=True):
                    if isinstance(key, ast.Constant):
                        found[key.value] = entry
            # threading.BoundedSemaphore(2) stands for its 2
            found[node.targets[0].id] = (
                value.args[0] if isinstance(value, ast.Call) and value.args else value
            )
    return {name: node.value for name, node in found.items() if isinstance(node, ast.Constant)}


def test_the_limits_of_the_web_app_are_those_of_its_page():
    page = (ROOT / "docs" / "deploy.md").read_text()
    limits = re.findall(r"^\| [^|]+ \| ([\d,]+) \| `(\w+)` \|", page, re.MULTILINE)
    assert len(limits) >= 10
    values = constants("apps")
    for said, name in limits:
        assert name in values, f"{name} is no constant of the apps: mend docs/deploy.md"
        number = re.match(r"\d+", str(values[name]))[0]
        assert said.replace(",", "") == number, f"{name} is {values[name]}: mend docs/deploy.md"
