"""The page for forks, tried in a copy: another address, another name, and all is in step."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

import nbformat
import pytest
from pictures import ROOT

import tools.fork
from tools.fork import NAME, STAY, fork, with_address

ADDRESS = "https://github.com/someone/pictures"
PAGE = (ROOT / "docs" / "fork.md").read_text()


@pytest.fixture(scope="module")
def forked(tmp_path_factory):
    """A clone that has become somebody's own, without the sample pictures."""
    root = tmp_path_factory.mktemp("fork") / "course"
    known = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(known, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("a fork is tried in a clone, and this is none")
    for name in filter(None, done.stdout.split("\0")):
        path = ROOT / name
        if path.exists() and (path.suffix not in (".jpg", ".png") or "sample" not in path.parts):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, root / name)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    words = re.search(r"-m (tools\.fork --repository) https://github.com/OWNER/NAME", PAGE)[1]
    command = [sys.executable, "-m", *words.split(), ADDRESS, "--name", "Leaf by Leaf"]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return root


def test_badges_set_up_cells_and_readme_point_at_the_fork(forked):
    for path in sorted((forked / "notebooks").rglob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        (setup,) = [c.source for c in cells if "setup" in c.metadata.get("tags", [])]
        (badges,) = [c.source for c in cells if "badges" in c.metadata.get("tags", [])]
        assert ADDRESS in setup and "github/someone/pictures/blob/main/notebooks/" in badges
    readme = (forked / "README.md").read_text()
    assert "someone/pictures" in readme and "not published anywhere" not in readme
    course = tomllib.loads((forked / "pyproject.toml").read_text())["tool"]["course"]
    assert course["repository"] == ADDRESS and course["branch"] == "main"


def test_the_old_name_is_left_only_where_the_page_says(forked):
    grep = ["git", "grep", "-lI", "--untracked", "-e", NAME]
    done = subprocess.run(grep, cwd=forked, capture_output=True, text=True)
    assert set(done.stdout.split()) <= STAY
    assert all(f"`{name}`" in PAGE or "changelog" in PAGE for name in STAY)
    assert (forked / "README.md").read_text().startswith("# Leaf by Leaf:")
    json.loads((forked / "apps" / "web" / "openapi.json").read_text())


def test_the_forks_own_tests_pass(forked):
    tests = ["tests/notebooks/test_notebooks.py", "tests/project/test_project.py"]
    tests += ["tests/project/test_chapters.py::test_stamping_changes_nothing"]
    tests += ["tests/project/test_docs.py", "tests/project/test_lessons.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", *tests]
    environment = {**os.environ, "PYTHONPATH": str(forked)}
    skipped = ["-k", "not sample_set and not licence_of_the_samples"]
    done = subprocess.run(
        [*command, *skipped], cwd=forked, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def test_a_wrong_address_or_name_changes_nothing(copy):
    before = {path: path.read_bytes() for path in copy.rglob("*.*") if path.is_file()}
    with pytest.raises(SystemExit, match="is not like https://github.com/OWNER/NAME"):
        fork(copy, "gitlab.com/x", "main", "")
    with pytest.raises(SystemExit, match="name it in letters"):
        fork(copy, ADDRESS, "main", 'Quote "me"')
    for bad in (
        'https://github.com/a/"b',
        r"https://github.com/a/b\1",
        "https://github.com/a/$b c",
    ):
        with pytest.raises(SystemExit, match="is not like https://github.com/OWNER/NAME"):
            fork(copy, bad, "main", "")
    for bad in ('a"b', "a b", "$HOME", "x;ls", "", "-q"):
        with pytest.raises(SystemExit, match="name the branch"):
            fork(copy, ADDRESS, bad, "")
    for bad in ("  ", "-- x", "x ", "$x", "`ls`", "<b>", "two\nlines"):
        with pytest.raises(SystemExit, match="name it in letters"):
            fork(copy, ADDRESS, "main", bad)
    with pytest.raises(SystemExit, match="--repository is empty"):
        fork(copy, "", "main", "")
    with pytest.raises(SystemExit, match="rename in a clone"):  # for the copy is none
        fork(copy, ADDRESS, "main", "Leaf by Leaf")
    assert {path: path.read_bytes() for path in copy.rglob("*.*") if path.is_file()} == before


def test_an_address_that_cannot_be_written_is_not_said_to_be(copy):
    project = copy / "pyproject.toml"
    odd = (
        project.read_text()
        .replace('repository = "', "repository = '", 1)
        .replace('"\nbranch', "'\nbranch", 1)
    )
    project.write_text(odd)
    with pytest.raises(SystemExit, match="no plain lines"):
        fork(copy, ADDRESS, "main", "")
    assert project.read_text() == odd


@pytest.mark.parametrize("name", ["Room by Room Again", "The Room by Room", "Ann's: A & B"])
def test_who_renames_twice_gets_the_name_once(copy, monkeypatch, name):
    monkeypatch.setattr(tools.fork, "stamp_anew", lambda root: None)
    subprocess.run(["git", "init", "-q"], cwd=copy, check=True)
    latin = copy / "notes.txt"
    latin.write_bytes("Grüße\r\nRoom by".encode("latin-1") + b" Room\r\n")
    (copy / "link.md").symlink_to(copy / "README.md")
    for _ in range(2):
        fork(copy, ADDRESS, "main", name)
        assert (copy / "README.md").read_text().startswith(f"# {name}: ")
        assert latin.read_bytes() == "Grüße\r\n".encode("latin-1") + f"{name}\r\n".encode()
    assert (copy / "link.md").is_symlink()


def test_a_name_that_is_gone_is_not_said_to_be_replaced(copy, monkeypatch):
    monkeypatch.setattr(tools.fork, "stamp_anew", lambda root: None)
    subprocess.run(["git", "init", "-q"], cwd=copy, check=True)
    fork(copy, ADDRESS, "main", "Leaf by Leaf")
    with pytest.raises(SystemExit, match="by hand"):
        fork(copy, ADDRESS, "main", "Tree by Tree")


def test_only_the_course_gets_the_address():
    text = '[a]\nrepository = "x"\nbranch = "y"\n[tool.course]\nrepository = ""\nbranch = "main"\n'
    after = tomllib.loads(with_address(text, ADDRESS, "trunk"))
    assert after["a"] == {"repository": "x", "branch": "y"}
    assert after["tool"]["course"] == {"repository": ADDRESS, "branch": "trunk"}
