"""Point badges and set-up cells at where the course is published: `python -m tools.stamp`.

That place stands in pyproject.toml, [tool.course]; a fork changes it there and runs this.
"""

import tomllib
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
INSTALLED = """\
# Set-up: the same cell opens every chapter.
import helpers

helpers.start()"""
PUBLISHED = """\
# Set-up: the same cell opens every chapter. Colab fetches the course; elsewhere it is installed.
import os, sys
if "COLAB_RELEASE_TAG" in os.environ:
    if not os.path.isdir("/content/course"):
        os.system("git clone -q --depth 1 -b {branch} {repository} /content/course")
    sys.path.insert(0, "/content/course")
import helpers

helpers.start()"""


def course() -> tuple[str, str]:
    """Return (repository, branch) from pyproject.toml; the repository is "" while unpublished."""
    facts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["course"]
    return facts["repository"].removesuffix("/").removesuffix(".git"), facts["branch"]


def setup_source(repository: str, branch: str) -> str:
    """Return the source of the set-up cell."""
    if not repository:
        return INSTALLED
    return PUBLISHED.format(repository=repository, branch=branch)


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
