"""Point badges and set-up cells at where the course is published: `python -m tools.stamp`.

That place stands in pyproject.toml, [tool.course]; a fork changes it there and runs this.
"""

import tomllib
from pathlib import Path
from string import Template

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
INSTALLED = """\
# Set-up: the same cell opens every chapter.
import helpers

helpers.start()"""
# At most fifteen lines, and clean for `make lint`. The folder appears whole or not at all, and goes
# on the path once it is there: Python remembers a folder that was missing when it looked.
# IPython shows a UsageError as a sentence, without a traceback; CourseError is not to be had yet.
PUBLISHED = Template("""\
# Set-up: the same cell opens every chapter. Colab and Kaggle (Internet on) fetch the course first.
import os
import subprocess
import sys
if {"COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE"} & set(os.environ):  # Kaggle may set both
    home = "/kaggle/working" if "KAGGLE_KERNEL_RUN_TYPE" in os.environ else "/content"
    course = "-q --depth 1 -b $branch $repository"
    fetch = f"cd {home} && rm -rf .course && git clone {course} .course && mv .course course"
    failed, why = subprocess.getstatusoutput(f"test -d {home}/course || ({fetch})")
    if failed:
        from IPython.core.error import UsageError
        raise UsageError(f"The course was not fetched: check the network, run this again ({why})")
    sys.path.insert(0, f"{home}/course")
import helpers
helpers.start()""")


def course() -> tuple[str, str]:
    """Return (repository, branch) from pyproject.toml; the repository is "" while unpublished."""
    facts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["course"]
    return facts["repository"].removesuffix("/").removesuffix(".git"), facts["branch"]


def setup_source(repository: str, branch: str) -> str:
    """Return the source of the set-up cell."""
    if not repository:
        return INSTALLED
    return PUBLISHED.substitute(repository=repository, branch=branch)


def badges(name: str, repository: str, branch: str) -> str:
    """Return the Markdown of a notebook's two badges."""
    path = f"{repository.removeprefix('https://github.com/')}/blob/{branch}/notebooks/{name}"
    binder = f"{repository.removeprefix('https://github.com/')}/{branch}"
    return (
        "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]"
        f"(https://colab.research.google.com/github/{path})\n"
        "[![Open in Binder](https://mybinder.org/badge_logo.svg)]"
        f"(https://mybinder.org/v2/gh/{binder}?labpath=notebooks/{name})"
    )


def stamp(notebook: NotebookNode, name: str, repository: str, branch: str) -> NotebookNode:
    """Set the set-up cell and the badges of one notebook, in place, and return it."""
    cells = [c for c in notebook.cells if "badges" not in c.metadata.get("tags", [])]
    for cell in cells:
        if "setup" in cell.metadata.get("tags", []):
            cell.source = setup_source(repository, branch)
    if repository:
        cell = nbformat.v4.new_markdown_cell(badges(name, repository, branch))
        cell.metadata["tags"] = ["badges"]
        cell.id = "badges"  # a fixed one, so that stamping twice changes nothing
        cells.insert(1, cell)
    notebook.cells = cells
    return notebook


def main() -> None:
    """Stamp every notebook."""
    repository, branch = course()
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = stamp(nbformat.read(path, as_version=4), path.name, repository, branch)
        nbformat.write(notebook, path)
    print(f"stamped with {repository or 'no address: the course is not published yet'}")


if __name__ == "__main__":
    main()
