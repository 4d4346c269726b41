"""What each chapter says of itself, in the metadata of its notebook under "course".

The number in the file's name is the chapter's place, and stands nowhere else. The record holds

    title, question      as tables and openings show them
    minutes              {"reading": ..., "exercises": ...}, whole numbers
    set                  whose pictures it works on, a folder of data/sample
    needs                extras of pyproject.toml, beyond what every chapter needs
    not_on_photographs   only where it holds: why a run on photographs leaves the chapter out

JupyterLab shows it under Property Inspector > Advanced Tools > Notebook Metadata. After a change:
`make stamp`. `python -m tools.chapters` lists the notebooks, `--on-photographs` without those left
out, whose reasons go to stderr.
"""

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.files import notebook_files

ROOT = Path(__file__).resolve().parents[1]
REQUIRED = ("title", "question", "minutes", "set", "needs")
TEXT = re.compile(r"[^|\[\]\n]+")  # fits into a cell of a table and into the text of a link


def slug(name: str) -> str:
    """Return a notebook's name without its number and ending."""
    return Path(name).stem.partition("_")[2]


@dataclass(frozen=True)
class Chapter:
    """One notebook's record, with the name of its file."""

    name: str
    title: str
    question: str
    minutes: dict[str, int]
    set: str
    needs: tuple[str, ...]
    not_on_photographs: str

    @property
    def slug(self) -> str:
        """Return the name without number and ending, which stays when chapters move."""
        return slug(self.name)

    @property
    def number(self) -> int:
        """Return the chapter's place; 0 opens the course."""
        return int(self.name[:2])


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook; stop with a sentence where it is none, or holds the marks of a merge."""
    if not path.exists():
        sys.exit(f"{path}: there is no such notebook.")
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, TypeError, AttributeError, nbformat.ValidationError):
        sys.exit(
            f"{path} is no notebook that can be read: name one, or settle its conflicts first."
        )


def read_chapter(path: Path) -> Chapter:
    """Read the record of one notebook; stop with a sentence where something is missing."""
    record = read_notebook(path).metadata.get("course", {})
    missing = [key for key in REQUIRED if key not in record]
    if missing:
        sys.exit(f'{path.name} lacks {", ".join(missing)} in its metadata, under "course".')
    for key in ("title", "question"):
        if not TEXT.fullmatch(record[key]):
            sys.exit(f"{path.name}: its {key} is empty, or holds | [ ] or the end of a line.")
    return Chapter(
        path.name,
        record["title"],
        record["question"],
        dict(record["minutes"]),
        record["set"],
        tuple(record["needs"]),
        record.get("not_on_photographs", ""),
    )


def left_over(folder: Path, made: set[str]) -> list[str]:
    """Return a sentence on each file in a folder that no chapter gives any more."""
    there = sorted(path for path in folder.glob("[0-9][0-9]_*") if path.name not in made)
    return [f"{path} belongs to no chapter any more: remove it." for path in there]


def read_chapters(root: Path = ROOT) -> list[Chapter]:
    """Read all chapters in order; stop with a sentence where a number is missing or doubled."""
    paths = notebook_files(root / "notebooks")
    for number, path in enumerate(paths):
        if path.name[:3] != f"{number:02}_":
            sys.exit(
                f"{path.name} stands in place {number:02}: a number is missing, or taken twice."
            )
    return [read_chapter(path) for path in paths]


def main() -> None:
    """Print the paths of the notebooks, one a line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--on-photographs", action="store_true", help="only those that CI runs so")
    photographs = parser.parse_args().on_photographs
    for chapter in read_chapters():
        if photographs and chapter.not_on_photographs:
            print(f"{chapter.name} is left out: {chapter.not_on_photographs}.", file=sys.stderr)
        else:
            print(f"notebooks/{chapter.name}")


if __name__ == "__main__":
    main()
