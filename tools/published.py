"""What hangs on where the course is published: badges, set-up cells, a passage of the README.

The address stands in pyproject.toml, [tool.course]; a fork changes it there and runs `make stamp`.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from string import Template

INSTALLED = """\
# Set-up: the same cell opens every chapter.
import helpers

helpers.start()"""
# At most fifteen lines, clean for `make check`. The folder appears whole or not at all, and goes
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
UNPUBLISHED_PASSAGE = """\
**Colab and Binder.** This copy of the course is not published anywhere yet, so there are no badges
to click. Once it is: write its address into `pyproject.toml` under `[tool.course]` and run
`make stamp`; every notebook then gets its two badges, and a set-up cell that fetches the course in
Colab and on Kaggle and changes none of their packages."""
PUBLISHED_PASSAGE = """\
**Colab and Binder.** Every notebook opens there by its two badges; the first by these:
{badges}
On Kaggle it fetches the course where Internet is on. None of their packages is changed."""


@dataclass(frozen=True)
class Address:
    """Where the course is published: https://github.com/OWNER/NAME, or "" where it is not."""

    repository: str
    branch: str


def read_address(root: Path) -> Address:
    """Read pyproject.toml; stop with a sentence where it holds no address that badges can use."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    course = tomllib.loads(text)["tool"]["course"]
    return address_of(course["repository"], course["branch"])


def address_of(repository: str, branch: str) -> Address:
    """Return an address; stop with a sentence where it is none that a shell and a link can take."""
    repository = repository.removesuffix("/").removesuffix(".git")
    if repository and not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", repository):
        sys.exit(f"[tool.course]: {repository!r} is not like https://github.com/OWNER/NAME.")
    if not re.fullmatch(r"\w[\w./-]*", branch):  # git admits more: quotes, $ and ;
        sys.exit(f"[tool.course]: name the branch {branch!r} in letters, digits and . _ / -")
    return Address(repository, branch)


def setup_source(address: Address) -> str:
    """Return the source of the set-up cell."""
    if not address.repository:
        return INSTALLED
    return PUBLISHED.substitute(repository=address.repository, branch=address.branch)


def badges(name: str, address: Address) -> str:
    """Return the Markdown of the two badges of the notebook `name`."""
    repository = address.repository.removeprefix("https://github.com/")
    return (
        "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]"
        "(https://colab.research.google.com/github/"
        f"{repository}/blob/{address.branch}/notebooks/{name})\n"
        "[![Open in Binder](https://mybinder.org/badge_logo.svg)]"
        f"(https://mybinder.org/v2/gh/{repository}/{address.branch}?labpath=notebooks/{name})"
    )


def passage(first: str, address: Address) -> str:
    """Return what the README says about Colab and Binder; `first` is the notebook to begin with."""
    if not address.repository:
        return UNPUBLISHED_PASSAGE
    return PUBLISHED_PASSAGE.format(badges=badges(first, address))


def hosts(file: str, address: Address) -> dict[str, str]:
    """Return by the name of each host the address at which it runs a notebook of the repository."""
    name = address.repository.removeprefix("https://github.com/")
    blob = f"{name}/blob/{address.branch}/{file}"
    return {
        "Colab": f"https://colab.research.google.com/github/{blob}",
        "Kaggle": f"https://www.kaggle.com/kernels/welcome?src=https://github.com/{blob}",
        "Binder": f"https://mybinder.org/v2/gh/{name}/{address.branch}?labpath={file}",
        "Codespaces": f"https://codespaces.new/{name}/tree/{address.branch}",
    }
