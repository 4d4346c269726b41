"""What nbval does not look at: whether there is something to compare, and whether it reads well."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tools.figures import stored_figures
from tools.run import execute
from tools.stamp import course, setup_source, stamp

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SKIPS = {"nbval-ignore-output", "nbval-skip"}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


def cells(path, kind="code"):
    found = nbformat.read(path, as_version=4).cells
    return [c for c in found if c.cell_type == kind and c.source.strip()]


def test_the_six_chapters_are_there():
    assert [p.name[:2] for p in NOTEBOOKS][:7] == [f"{n:02}" for n in range(7)]


@each
def test_is_a_valid_notebook(path):
    nbformat.validate(json.loads(path.read_text()))


@each
def test_every_code_cell_was_run_in_order(path):
    counts = [cell.execution_count for cell in cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@each
def test_nothing_is_stored_on_stderr_and_no_error(path):
    for cell in cells(path):
        for output in cell.outputs:
            assert output.get("name") != "stderr", output.text
            assert output.output_type != "error", output.evalue


@each
def test_fewer_than_one_cell_in_ten_is_left_uncompared(path):
    code = cells(path)
    skipped = [c for c in code if SKIPS & set(c.metadata.get("tags", [])) or "NBVAL_" in c.source]
    assert len(skipped) * 10 < len(code)


@each
def test_every_figure_has_an_alternative_text(path):
    for cell in cells(path):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                assert len(output.metadata.get("image/png", {}).get("alt", "")) > 20, cell.source


@each
def test_reads_in_the_rhythm_of_the_course(path):
    found = [c for c in nbformat.read(path, as_version=4).cells if c.source.strip()]
    run = 0
    for cell in found:
        run = run + 1 if cell.cell_type == "code" else 0
        assert run < 3, f"three code cells in a row, the third:\n{cell.source}"
        assert cell.cell_type != "code" or len(cell.source.splitlines()) <= 15, cell.source
    assert found[0].source.startswith("# "), "a chapter opens with its title"


@each
def test_set_up_cell_and_badges_are_stamped(path):
    notebook = nbformat.read(path, as_version=4)
    setups = [c for c in notebook.cells if "setup" in c.metadata.get("tags", [])]
    assert len(setups) == 1
    before = [(c.cell_type, c.source) for c in notebook.cells]
    stamped = stamp(notebook, path.name, *course())
    assert [(c.cell_type, c.source) for c in stamped.cells] == before, "run make stamp"


def test_a_fork_points_at_the_fork():
    notebook = nbformat.read(NOTEBOOKS[1], as_version=4)
    for _ in range(2):  # twice, as a fork of a fork would
        stamp(notebook, NOTEBOOKS[1].name, "https://github.com/someone/theirs", "class")
    badges = [c for c in notebook.cells if "badges" in c.metadata.get("tags", [])]
    assert len(badges) == 1
    assert f"someone/theirs/blob/class/notebooks/{NOTEBOOKS[1].name}" in badges[0].source
    stamp(notebook, NOTEBOOKS[1].name, "", "main")
    assert not [c for c in notebook.cells if "badges" in c.metadata.get("tags", [])]


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
    source = setup_source(f"file://{tmp_path / 'origin'}", "main")
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
    source = setup_source("https://github.com/someone/their-course-with-a-long-name", "main")
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


def test_links_between_the_chapters_lead_somewhere():
    for path in NOTEBOOKS:
        for cell in cells(path, "markdown"):
            for part in cell.source.split("](")[1:]:
                target = part.split(")")[0]
                if not target.startswith(("http", "#")):
                    assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_figures_are_in_step_with_the_notebooks():
    stored = stored_figures()
    assert len(stored) >= 3
    for name, png in stored.items():
        assert (ROOT / "figures" / f"{name}.png").read_bytes() == png, "run make figures"
    assert {p.stem for p in (ROOT / "figures").glob("*.png")} == set(stored), "run make figures"


def test_a_notebook_that_fails_is_reported(tmp_path, capsys):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(notebook, tmp_path / "bad.ipynb")
    done, _ = execute(tmp_path / "bad.ipynb", tmp_path)
    assert not done and "ZeroDivisionError" in capsys.readouterr().out
