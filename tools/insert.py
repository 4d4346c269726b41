"""Insert an empty chapter: `python -m tools.insert NUMBER TITLE QUESTION`, or `make chapter`.

The later notebooks move up by one. In every file that git knows or would take, their names follow,
and so do the numbers in "chapter N" and "chapters N to N"; a chapter of another book must not be
cited in these words. What can be stamped is stamped, and the new notebook executed.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.chapters import ROOT, TEXT, read_chapters
from tools.run import execute
from tools.stamp import stamped, write_stamps

# Words and numbers may be parted by the end of a line, of a comment too, or by _ in a name.
REFERENCE = re.compile(
    r"(?<![A-Za-z])[Cc]hapter(?:[\s_#]+\d+|s[\s_#]+\d+(?:(?:,?\s+(?:to|and|or)\s|,|-)\s*\d+)*)"
)
OPENING = """\
# {title}

*{title}*

What does this chapter ask, and why should one want to know?

After it you can

- do one thing more."""
SETUP = "First the set-up, the same cell in every chapter. It says nothing when all is well."
CLOSING = """\
## What you have learnt

- **One thing more.**

## Your turn

1. Which question does the chapter leave open?"""


def new_notebook(title: str, question: str, like: Path) -> NotebookNode:
    """Return the notebook of an empty chapter, for the same kernel as the notebook `like`."""
    setup = nbformat.v4.new_code_cell("", metadata={"tags": ["setup"]})
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(OPENING.format(title=title)),
            nbformat.v4.new_markdown_cell(SETUP),
            setup,
            nbformat.v4.new_markdown_cell(CLOSING),
        ],
        metadata=nbformat.read(like, as_version=4).metadata,
    )
    notebook.metadata["course"] = {
        "title": title,
        "question": question,
        "minutes": {"reading": 20, "exercises": 10},  # until somebody has taken the time
        "set": "rooms",
        "needs": [],
    }
    return notebook


def files_with_references(root: Path) -> list[Path]:
    """Return the text files in which a chapter may be named, new ones among them."""
    grep = ["git", "grep", "-lzIi", "--untracked", "-e", "chapter", "-e", r"\.ipynb"]
    done = subprocess.run(grep, cwd=root, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"git cannot list the course's files: insert in a clone ({done.stderr.strip()}).")
    return [root / name for name in done.stdout.split("\0") if name]


def move_up(text: str, number: int, names: dict[str, str]) -> str:
    """Return the text with the numbers from `number` on one higher, and with the new `names`.

    Those are of notebooks, without their suffix, and given by the old ones.
    """

    def one_higher(found: re.Match) -> str:
        return str(int(found[0]) + (int(found[0]) >= number))

    text = REFERENCE.sub(lambda found: re.sub(r"\d+", one_higher, found[0]), text)
    for old in sorted(names, reverse=True):  # the last first, since a new name may be an old one
        text = text.replace(old, names[old])
    return text


def rewritten(path: Path, change: Callable[[str], str]) -> bytes:
    """Return a text file with its text changed; of a notebook the sources, and no outputs."""
    if path.suffix != ".ipynb":
        return change(path.read_bytes().decode()).encode()
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = change(cell.source)
    return (nbformat.writes(notebook) + "\n").encode()


def file_words(title: str, question: str) -> str:
    """Return the title as it stands in a file's name; stop with a sentence if it cannot."""
    words = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    for name, text in (("TITLE", title), ("QUESTION", question)):
        if not words or not TEXT.fullmatch(text):
            sys.exit(f"{name} is {text!r}: name it in letters, without | [ ] or the end of a line.")
    return words


def insert(root: Path, number: int, title: str, question: str) -> Path:
    """Insert the chapter and stamp; return its path, or stop with a sentence before any change."""
    chapters = read_chapters(root)
    if not 1 <= number <= len(chapters):
        sys.exit(f"NUMBER is {number}: name a place from 1 to {len(chapters)}.")
    words = file_words(title, question)
    folder = root / "notebooks"
    stems = [Path(chapter.name).stem for chapter in chapters[number:]]
    names = {stem: f"{int(stem[:2]) + 1:02}{stem[2:]}" for stem in stems}
    stamped(root)  # stops where something could not be stamped afterwards
    files = files_with_references(root)
    contents = {path: rewritten(path, lambda text: move_up(text, number, names)) for path in files}
    for path, content in contents.items():
        if path.read_bytes() != content:
            path.write_bytes(content)
    for stem in reversed(stems):
        (folder / f"{stem}.ipynb").rename(folder / f"{names[stem]}.ipynb")
    path = folder / f"{number:02}_{words}.ipynb"
    nbformat.write(new_notebook(title, question, folder / chapters[0].name), path)
    write_stamps(root)
    return path


def main() -> int:
    """Insert what the command line names; return 1 if the new notebook does not run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int)
    parser.add_argument("title")
    parser.add_argument("question")
    given = parser.parse_args()
    os.environ["COURSE_LIVE"] = "0"
    path = insert(ROOT, given.number, given.title, given.question)
    done, _ = execute(path, path.parent)
    print(f"{path.relative_to(ROOT).as_posix()} is new, and the later chapters moved up by one.")
    return int(not done)


if __name__ == "__main__":
    sys.exit(main())
