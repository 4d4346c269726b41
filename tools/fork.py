"""Make a fork one's own: `python -m tools.fork --repository URL [--branch B] [--name NAME]`.

Writes the address into pyproject.toml, gives the course another name wherever git knows a text that
has the old one, and stamps. LICENSE and CITATION.cff stay: they say from whom the course comes, and
the changelog what it was called. docs/fork.md says what is left to do by hand.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

from tools.chapters import ROOT
from tools.published import address_of, read_address

NAME = "Room by" + " Room"  # so that this line stays as it is
STAY = {"LICENSE", "CITATION.cff", "CHANGELOG.md"}
PLAIN = re.compile(r"(?=\w)[\w .,:&'-]{2,60}(?<! )")  # fits into JSON, YAML, HTML and Python alike


def with_address(text: str, repository: str, branch: str) -> str:
    """Return the text of pyproject.toml with another address under [tool.course]."""
    head, mark, rest = text.partition("[tool.course]\n")
    for key, value in (("repository", repository), ("branch", branch)):
        rest = re.sub(rf'^{key} = "[^"]*"', f'{key} = "{value}"', rest, count=1, flags=re.M)
    return head + mark + rest


def named(root: Path) -> list[Path]:
    """Return the text files that git knows and that hold the course's name, but those that stay."""
    grep = ["git", "grep", "-lzI", "--untracked", "-e", NAME]
    try:
        done = subprocess.run(grep, cwd=root, capture_output=True)
    except OSError:
        sys.exit("git is not installed, and lists the course's files: install it, and try again.")
    if done.returncode > 1:
        why = done.stderr.decode("utf-8", "replace").strip()
        sys.exit(f"git cannot list the course's files: rename in a clone ({why}).")
    names = (os.fsdecode(name) for name in done.stdout.split(b"\0") if name)
    return [root / name for name in names if name not in STAY and not (root / name).is_symlink()]


def renamed(content: bytes, name: str) -> bytes:
    """Return a file's content with another name; where the new holds the old, once is enough."""
    either = re.compile(b"|".join(re.escape(one.encode()) for one in (name, NAME)))
    return either.sub(lambda _: name.encode(), content)


def stamp_anew(root: Path) -> None:
    """Stamp in a process of its own, for the tools that are loaded here have the old name."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "tools.stamp"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr.strip())


def fork(root: Path, repository: str, branch: str, name: str) -> None:
    """Change address and name, and stamp; stop before any change where one is not admitted."""
    if name and not PLAIN.fullmatch(name):
        sys.exit(f"--name is {name!r}: name it in letters, digits, spaces and . , : & ' -")
    address = address_of(repository, branch)
    if not address.repository:
        sys.exit("--repository is empty: name it like https://github.com/OWNER/NAME.")
    files = named(root) if name else []
    if name and not files and name not in (root / "README.md").read_text(encoding="utf-8"):
        sys.exit(f"No file has the name {NAME} any more: replace the one that it has by hand.")
    project = root / "pyproject.toml"
    before = project.read_text(encoding="utf-8")
    project.write_text(with_address(before, repository, branch), encoding="utf-8", newline="\n")
    if read_address(root) != address:
        project.write_text(before, encoding="utf-8", newline="\n")
        sys.exit("pyproject.toml has no plain lines repository and branch under [tool.course].")
    for path in files:
        path.write_bytes(renamed(path.read_bytes(), name))
    stamp_anew(root)


def main() -> None:
    """Do it, and name what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repository", required=True, help="https://github.com/OWNER/NAME")
    parser.add_argument("--branch", default="main")
    parser.add_argument("--name", default="", help="what the course is called from now on")
    given = parser.parse_args()
    fork(ROOT, given.repository, given.branch, given.name)
    print("Address and name are written; docs/fork.md says what is left to do.")


if __name__ == "__main__":
    main()
