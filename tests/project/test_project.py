"""The files that describe the project agree with each other, and with what it promises."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
APPS = ("export", "organiser", "page", "web")  # an extra for each; "apps" is all of them
LOCKS = {
    "requirements.lock": ["project", "test"],
    "requirements-apps.lock": ["project", *APPS, "test", "test-apps"],
    "requirements-site.lock": ["site"],
}
each_lock = pytest.mark.parametrize("name", LOCKS)
COLAB_HAS = {
    *("IPython", "PIL", "cycler", "ipywidgets", "keras", "matplotlib"),
    *("filelock", "numpy", "requests", "scipy", "tensorflow"),
}


def declared(kinds=("project", "test")) -> dict[str, Requirement]:
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    lists = {"project": project["dependencies"], **project["optional-dependencies"], **groups}
    texts = [text for kind in kinds for text in lists[kind]]
    return {canonicalize_name(Requirement(t).name): Requirement(t) for t in texts}


def locked(lock: str) -> dict[str, set[Version]]:
    pins: dict[str, set[Version]] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE):
        pins.setdefault(canonicalize_name(name), set()).add(Version(version))
    return pins


@each_lock
def test_the_lock_satisfies_the_ranges(name):
    pins = locked(name)
    for package, requirement in declared(LOCKS[name]).items():
        assert package in pins, f"{package} is not locked: run make lock"
        assert all(v in requirement.specifier for v in pins[package]), "run make lock"


def test_the_apps_change_nothing_that_the_chapters_run_with():
    chapters, apps, _ = map(locked, LOCKS)
    assert all(apps[package] == versions for package, versions in chapters.items())


def test_what_the_apps_need_is_what_they_look_for():
    from apps import BELOW, NEEDED

    extras = PROJECT["project"]["optional-dependencies"]
    for app in APPS:
        names = {Requirement(text).name for text in extras[app]} - {"backports-strenum"}
        assert names == {name.replace("_", "-") for name in NEEDED[app]}
    assert set(NEEDED) == set(APPS)
    for name, text in BELOW.items():
        (bounds,) = (r for r in map(Requirement, extras["export"]) if r.name == name)
        assert str(Requirement(text.strip('"')).specifier) in str(bounds.specifier)
    (everything,) = map(Requirement, extras["apps"])
    assert (everything.name, everything.extras) == (PROJECT["project"]["name"], set(APPS))


def test_conda_asks_for_the_same_ranges():
    lines = re.findall(r"^ +- (.+)$", (ROOT / "environment.yml").read_text(), re.MULTILINE)
    wanted = [Requirement(x) for x in lines if re.match(r"[a-z-]+[>~]=", x) and x[:6] != "python"]
    conda = {canonicalize_name(r.name): r.specifier for r in wanted}
    ours = {name: requirement.specifier for name, requirement in declared().items()}
    assert conda == {name: ours[name] for name in conda}
    runtime = {canonicalize_name(Requirement(t).name) for t in PROJECT["project"]["dependencies"]}
    assert runtime <= set(conda)
    assert f"python{PROJECT['project']['requires-python']}" in lines


@each_lock
def test_every_pin_has_hashes_and_none_an_address(name):
    lock = (ROOT / name).read_text()
    entries = re.split(r"^(?=[\w.-]+==)", lock, flags=re.MULTILINE)[1:]
    assert len(entries) > 50
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in lock and "--index" not in lock and "--find-links" not in lock


@each_lock
@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_the_lock_knows_other_systems(system, name):
    assert f"sys_platform == '{system}'" in (ROOT / name).read_text()


def test_helpers_import_only_what_colab_has():
    for path in (ROOT / "helpers").glob("*.py"):
        for node in ast.parse(path.read_text()).body:  # the top level only: functions may import
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module]
            for name in names:
                top = name.split(".")[0]
                assert top in sys.stdlib_module_names | COLAB_HAS | {"helpers"}, f"{path}: {name}"


def functions(folder: str):
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


# The studio's longest functions list the parts of a sofa or the pieces of a plan, one a line.
@pytest.mark.parametrize(
    "folder, most",
    [("helpers", 30), ("exercises", 30), ("apps", 30), ("tools", 30), ("studio", 42)],
)
def test_functions_stay_short(folder, most):
    for path, node in functions(folder):
        body = node.body[1:] if ast.get_docstring(node) else node.body
        lines = (body[-1].end_lineno - body[0].lineno + 1) if body else 0
        assert lines <= most, f"{path.name}: {node.name} has {lines} lines"


def lines_of_code(path: Path) -> int:
    """Count what is neither docstring, comment nor blank: those are what makes code readable."""
    tree = ast.parse(path.read_text())
    prose = set()
    for node in ast.walk(tree):
        documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if documented and ast.get_docstring(node):
            prose |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    lines = enumerate(path.read_text().splitlines(), start=1)
    return sum(n not in prose and bool(x.strip()) and x.strip()[0] != "#" for n, x in lines)


@pytest.mark.parametrize("folder", ["helpers", "exercises", "apps", "tools", "studio"])
def test_modules_stay_small(folder):
    long = {p.name: lines_of_code(p) for p in sorted((ROOT / folder).rglob("*.py"))}
    assert {name: lines for name, lines in long.items() if lines > 250} == {}


def test_one_assignment_a_line():
    """Two unrelated values side by side make a reader hold both; an unpacked call does not."""
    found = []
    for folder in ("helpers", "exercises", "apps", "tools", "studio"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                ends = [node.value, node.targets[0]] if isinstance(node, ast.Assign) else [None]
                if all(isinstance(end, ast.Tuple) for end in ends):
                    found.append(f"{path.name}:{node.lineno}")
    assert not found


def test_no_path_of_a_machine_stands_in_a_file():
    machine = re.compile(r"(?<![\w.~-])/(?:work|root|farm|home/\w+)/")
    code = (
        "helpers/*.py",
        "exercises/**/*.py",
        "tools/*.py",
        "studio/**/*.py",
        "notebooks/**/*.ipynb",
    )
    for pattern in (*code, "*.md", "docs/*.md", "data/**/*.md", ".github/**/*.*"):
        for path in ROOT.glob(pattern):
            assert not machine.search(path.read_text()), path


def test_the_readme_keeps_up_with_the_chapters():
    readme = (ROOT / "README.md").read_text()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert f"notebooks/{path.name}" in readme
    if not PROJECT["tool"]["course"]["repository"]:
        assert "not published" in readme and "colab-badge" not in readme


def test_no_pattern_goes_down_twice():
    """Python 3.13 gives a file once for each way in which two `**` can meet it."""
    twice = re.compile(r"""rglob\(r?["'][^"']*\*\*|glob\(r?["'][^"']*\*\*[^"']*\*\*""")
    for pattern in ("*/*.py", "*/*/*.py", "*/*/*/*.py", "notebooks/*.ipynb"):
        for path in ROOT.glob(pattern):
            if ".venv" not in path.parts[len(ROOT.parts)]:
                found = twice.search(path.read_text().replace('\\"', '"'))
                assert not found, f"{path}: {found}"
