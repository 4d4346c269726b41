"""What hangs on where the course is published: address, badges, and the cell that fetches it."""

import os
import subprocess
import sys

import nbformat
import pytest
from pictures import ROOT

from tools.published import Address, read_address, setup_source
from tools.stamp import stamped, write_stamps

THEIRS = "https://github.com/someone/theirs"


def publish_at(root, repository, branch="main"):
    """Write the address into pyproject.toml, and stamp."""
    path = root / "pyproject.toml"
    before, after = path.read_text().split("[tool.course]")
    rest = after.split("\n[", 1)[1]
    course = f'[tool.course]\nrepository = "{repository}"\nbranch = "{branch}"\n\n['
    path.write_text(before + course + rest)
    return write_stamps(root)


def with_tag(path, tag):
    found = nbformat.read(path, as_version=4).cells
    return [cell for cell in found if tag in cell.metadata.get("tags", [])]


def test_publishing_changes_the_readme_and_every_notebook_and_can_be_undone(copy):
    publish_at(copy, "")
    before = {path: path.read_text() for path in stamped(copy)}
    assert "not published" in before[copy / "README.md"]
    notebooks = sorted((copy / "notebooks").rglob("*.ipynb"))
    for repository in ("https://github.com/an/original.git", THEIRS + "/"):  # a fork of a fork
        assert set(publish_at(copy, repository, "class")) == {copy / "README.md", *notebooks}
    readme = (copy / "README.md").read_text()
    assert "not published" not in readme and readme.count("badge_logo.svg") == 1
    for path in notebooks:
        name = path.relative_to(copy).as_posix()
        (badges,) = with_tag(path, "badges")
        assert f"/github/someone/theirs/blob/class/{name})" in badges.source
        assert f"/gh/someone/theirs/class?labpath={name})" in badges.source
        (setup,) = with_tag(path, "setup")
        assert f"-b class {THEIRS}\n" in setup.source.replace('"', "")
    publish_at(copy, "")
    assert {path: path.read_text() for path in before} == before


@pytest.mark.parametrize("wrong", ["github.com/a/b", "https://github.com/a", "git@github.com:a/b"])
def test_an_address_that_no_badge_can_use_is_refused(copy, wrong):
    before = (copy / "README.md").read_text()
    with pytest.raises(SystemExit, match="is not like https://github.com/OWNER/NAME"):
        publish_at(copy, wrong)
    assert (copy / "README.md").read_text() == before


def test_the_address_of_the_course_can_be_used():
    assert read_address(ROOT).branch


def publish(origin):
    """Make a repository at `origin` that holds a course of one line."""
    (origin / "helpers").mkdir(parents=True)
    (origin / "helpers" / "__init__.py").write_text("def start(): print('fetched')")
    git = ["git", "-C", str(origin), "-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*git, *command], check=True)


# IPython as in a kernel: the cell once without the network, once with it; then as after a restart.
TWICE = """
import os, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
cell, origin = sys.argv[1:]
print(shell.run_cell(cell).success, os.listdir(), flush=True)
os.rename(origin + ".away", origin)
print(shell.run_cell(cell).success, os.listdir(), flush=True)
"""
HOSTS = {
    "Colab": (["COLAB_RELEASE_TAG"], "/content"),
    "Kaggle": (["COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE"], "/kaggle/working"),
    "an older Kaggle": (["KAGGLE_KERNEL_RUN_TYPE"], "/kaggle/working"),
}


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_fetches_the_course_and_a_failed_fetch_can_be_repeated(tmp_path, host):
    marks, folder = HOSTS[host]
    publish(tmp_path / "origin.away")
    home = tmp_path / folder.strip("/")
    (home / ".course").mkdir(parents=True)  # what a fetch left that was cut off
    source = setup_source(Address(f"file://{tmp_path / 'origin'}", "main"))
    for _, elsewhere in HOSTS.values():
        source = source.replace(f'"{elsewhere}"', f'"{tmp_path}{elsewhere}"')
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    environment |= {"IPYTHONDIR": str(tmp_path / "ipython"), "NO_COLOR": "1", "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", TWICE, source, str(tmp_path / "origin")],
        env=environment | dict.fromkeys(marks, "test"),
        cwd=home,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == ["False []", "fetched", "True ['course']"], done.stderr
    assert done.stderr.startswith("UsageError: The course was not fetched: check the network, run ")
    assert "Traceback" not in done.stdout + done.stderr and "origin" in done.stderr


def test_the_published_set_up_cell_is_clean_short_and_installs_nothing(tmp_path):
    source = setup_source(
        Address("https://github.com/someone/their-course-with-a-long-name", "main")
    )
    assert len(source.splitlines()) <= 15 and "pip" not in source
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "published.ipynb")
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--config"]
    done = subprocess.run(
        [*ruff, str(ROOT / "pyproject.toml"), "notebooks"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
