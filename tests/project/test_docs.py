"""The papers for people hold: what they name is there, and what is there they name."""

import ast
import hashlib
import re
import tomllib
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):(?!=)", MAKEFILE, re.MULTILINE))
MADE = ("saved", "build")
FOLDERS = [f for f in ROOT.iterdir() if f.is_dir() and f.name[0] != "." and f.name not in MADE]
PAGES = sorted(ROOT.glob("*.md")) + sorted(
    page for folder in (ROOT / ".github", *FOLDERS) for page in folder.rglob("*.md")
)
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
WORKFLOW = (ROOT / ".github" / "workflows" / "test.yml").read_text()
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
ENVIRONMENT = (ROOT / "docs" / "environment.md").read_text()
CODE = ("helpers", "apps", "tools")
NAME = r"[\"']([A-Z][A-Z0-9_]{3,})[\"']"
READ = re.compile(rf"(?:environ(?:\.\w+)?|getenv)[\[(]\s*{NAME}|{NAME} (?:not )?in os\.environ")
GIVEN = re.compile(r"environ\.update\([^\n]*\b([A-Z][A-Z0-9_]{3,})=")
IN_SHELL = re.compile(r"\$\{([A-Z][A-Z0-9_]{3,}):-")
PUSHED = (ROOT / ".ci" / "run").read_text()  # what runs on every push
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
    cell that touches the environment, and in the constants that these use: a loop may go over
    names, and a string may be a program.
    """
    try:
        tree = ast.parse(source)
        kinds = ast.FunctionDef | ast.Assign
        lines = source.splitlines()  # once: ast.get_source_segment would for each part

        def text(node):
            return "\n".join(lines[node.lineno - 1 : node.end_lineno])

        parts = [text(n) for n in ast.walk(tree) if isinstance(n, kinds)]
        constants = {
            node.targets[0].id: text(node)
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
    except SyntaxError:  # a cell with a magic
        parts, constants = [source], {}
    reached = [part for part in parts if TOUCHED.search(part)]
    for part in reached:  # it grows: a constant may use another
        words = set(re.findall(r"\w+", part))
        reached += [constants.pop(name) for name in words & set(constants)]
    direct = {name for pair in READ.findall(source) for name in pair if name}
    direct |= set(GIVEN.findall(source))
    return direct | {n for part in reached for n in re.findall(NAME, part) if "_" in n}


def rows(heading):
    """Return the rows of the table under a heading of the environment's page."""
    part = ENVIRONMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("| `")]
    return {cells[0].strip(" `"): [cell.strip() for cell in cells[1:]] for cells in lines}


OURS, THEIRS = rows("Read by the course"), rows("Read by a library")


def test_every_environment_variable_stands_on_its_page():
    read = set().union(*(variables(source) for source in sources((*CODE, "notebooks"))))
    read |= set(IN_SHELL.findall(PUSHED))
    known = {"COURSE_DATA", "KAGGLE_KEY", "COLAB_RELEASE_TAG", "RAY_AUTH_TOKEN", "PINS"}
    assert known <= read, "the search finds nothing"
    missing = read - {*OURS, *THEIRS}
    assert not missing, f"describe {missing} in docs/environment.md"


def test_the_page_names_no_variable_that_nobody_reads():
    text = "\n".join(sources((*CODE, "tests", "notebooks"))) + MAKEFILE
    passed = set(GIVEN.findall(text)) | set(IN_SHELL.findall(PUSHED))
    assert len(OURS) > 10
    for name in OURS:
        named = re.search(rf"[\"']{name}[\"']|^{name} \?=", text, re.MULTILINE)
        assert named or name in passed, name


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


def test_the_readme_is_read_in_five_minutes():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 100


def anchors(page):
    """Return the anchors that GitHub gives to the headings of a page."""
    heads = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", page.read_text(), flags=re.S), re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@each_page
def test_every_link_leads_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def imported(folder):
    """The folders of the project that a folder's modules and code cells import, but itself."""
    found = set()
    for source in sources([folder]):
        for node in ast.walk(ast.parse(source)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            found |= {name.partition(".")[0] for name in names}
    return found & {path.name for path in FOLDERS} - {folder}


def test_the_drawing_of_who_imports_whom_is_true():
    drawing = ElementTree.parse(ROOT / "figures" / "imports.svg")
    arrows = [path.get("data-imports") for path in drawing.iter("{http://www.w3.org/2000/svg}path")]
    folders = ("notebooks", "exercises", "apps", "tools", "helpers", "studio")
    true = {f"{folder} {other}" for folder in folders for other in imported(folder)}
    assert {arrow for arrow in arrows if arrow} == true


def made(command):
    """Return the targets that a command line gives to make."""
    words = command.split("make ", 1)[1].split() if "make " in command else []
    return list(takewhile(re.compile(r"[a-z][a-z-]*$").match, words))


@each_page
def test_every_make_target_that_a_page_names_is_there(page):
    text = re.sub(r"\s*\n\s*(?=\S*`)", " ", page.read_text())  # code that was wrapped
    spans = re.findall(r"`([^`\n]+)`", text) + re.findall(r"^ {4}(.+)$", text, re.MULTILINE)
    named = {target for span in spans for target in made(span)}
    assert named <= TARGETS, f"no such target: {named - TARGETS}"


def test_the_search_for_targets_finds_them():
    assert made("COURSE_DATA=kaggle make test lint PYTHON=python") == ["test", "lint"]
    assert {"lab", "test", "samples"} <= TARGETS and "PHONY" not in TARGETS


def test_the_citation_is_whole_and_has_no_version_of_its_own():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["cff-version"] == "1.2.0"
    assert all(citation[key] for key in ("message", "title", "authors"))
    assert citation["license"] == PROJECT["project"]["license"]
    assert "version" not in citation, "the version stands in pyproject.toml alone"


def test_the_changelog_knows_the_version():
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == "Unreleased" and versions[1] == PROJECT["project"]["version"]


def test_the_licence_of_the_samples_is_cc0_to_the_letter():
    text = (ROOT / "data" / "sample" / "LICENSE").read_bytes()
    known = "a2010f343487d3f7618affe54f789f5487602331c0a8d03f49e9a7c547cf0499"
    assert hashlib.sha256(text).hexdigest() == known


@pytest.mark.parametrize("folder", sorted((ROOT / "data" / "sample").glob("*/")))
def test_every_sample_set_has_a_card_with_the_same_rows(folder):
    card = (folder / "README.md").read_text()
    rows = set(re.findall(r"^\| ([a-z ]+) \|", card, re.MULTILINE))
    asked = {"what it is", "source", "licence", "how labelled", "splits", "contents", "realism"}
    assert asked | {"beside it", "known faults", "must not be used for"} <= rows
    assert f"](sample/{folder.name}/README.md)" in (ROOT / "data" / "README.md").read_text()


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.name)
def test_an_issue_form_is_one(path):
    form = yaml.safe_load(path.read_text())
    if path.name == "config.yml":
        assert form == {"blank_issues_enabled": False}
        return
    assert form["name"] and form["description"]
    ids = [field["id"] for field in form["body"]]
    assert len(set(ids)) == len(ids) and all(field["attributes"]["label"] for field in form["body"])


def choices(form, field):
    """Return the options of a form's dropdown."""
    body = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / form).read_text())["body"]
    return next(item["attributes"]["options"] for item in body if item["id"] == field)


def test_the_issue_forms_know_the_chapters_and_the_sets():
    numbers = [int(option.split(".")[0]) for option in choices("chapter.yml", "chapter")]
    assert numbers == [int(p.name[:2]) for p in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    sets = tomllib.loads((ROOT / "data" / "sets.toml").read_text())
    assert choices("data.yml", "set") == list(sets)


def test_the_workflow_may_read_ends_in_time_and_pins_what_it_uses():
    workflow = yaml.safe_load(WORKFLOW)
    assert workflow["permissions"] == {"contents": "read"}
    assert all(job["timeout-minutes"] <= 90 for job in workflow["jobs"].values())
    used = re.findall(r"uses: (.+)", WORKFLOW)
    assert used and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", line) for line in used)


def test_the_workflow_types_what_the_readme_says():
    jobs = yaml.safe_load(WORKFLOW)["jobs"]
    typed = {name: [s["run"] for s in job["steps"] if "run" in s] for name, job in jobs.items()}
    for command in (command for commands in typed.values() for command in commands):
        assert set(made(command)) <= TARGETS, command
    lines = re.findall(r"^ {4}((?:py|\.venv\\).+)$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(lines) == 4 and lines[:3] == typed["windows"][:3]
