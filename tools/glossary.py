"""Write docs/glossary.md from glossary.toml: `python -m tools.glossary`, or `make glossary`.

A term has a name, a sentence, and the cell that explains it; its chapter is that of the cell. A
test holds that no chapter uses a term, in prose, before that cell.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tools.chapters import ROOT, Chapter, read_chapters
from tools.commandline import no_words

PAGE = Path("docs") / "glossary.md"
HEAD = """\
# Glossary

The words of the course in a sentence each, with the chapter that explains them. Read in order, the
chapters use none of them before that; only the opening of a chapter announces what it will explain.

"""


@dataclass(frozen=True)
class Term:
    """One word of the course; `words` is the pattern by which it is found in a text."""

    name: str
    says: str
    cell: str
    words: str


@dataclass(frozen=True)
class Text:
    """One cell of prose, in reading order; an opening announces what its chapter will explain."""

    chapter: Chapter
    cell: str
    words: str
    opening: bool


def read_terms(root: Path = ROOT) -> list[Term]:
    """Return the terms in the order of the file, which is that of the chapters."""
    records = tomllib.loads((root / "glossary.toml").read_text("utf-8"))["term"]
    terms = []
    for record in records:
        words = record.get("words", rf"{re.escape(record['name'])}s?")
        terms.append(Term(record["name"], record["says"], record["cell"], words))
    return terms


def read_texts(root: Path = ROOT) -> list[Text]:
    """Return the prose of all chapters, in reading order."""
    texts = []
    for chapter in read_chapters(root):
        notebook = nbformat.read(root / "notebooks" / chapter.name, as_version=4)
        for place, cell in enumerate(notebook.cells):
            # What leads to the next chapter, and the table of all, name what is still to come.
            stamped = {"next", "badges"} & set(cell.metadata.get("tags", []))
            if cell.cell_type == "markdown" and not stamped:
                texts.append(Text(chapter, cell.id, prose(cell.source), place == 0))
    return texts


def prose(source: str) -> str:
    """Return what is prose in a cell: no code, no address, no table of chapters, on one line."""
    source = re.sub(r"<!-- chapters -->.*<!-- end -->", " ", source, flags=re.DOTALL)
    source = re.sub(r"```.*?```", " ", source, flags=re.DOTALL)
    source = re.sub(r"`[^`]*`", " ", source).replace("*", "")
    return " ".join(re.sub(r"\]\([^)]*\)", "]", source).split())


def uses(term: Term, words: str) -> bool:
    """Say whether a text uses a term."""
    return bool(re.search(rf"(?<![\w-])(?:{term.words})(?![\w-])", words, re.IGNORECASE))


def used_too_early(term: Term, texts: list[Text]) -> Text | None:
    """Return the first text that uses a term before it is explained, None if there is none."""
    for text in texts:
        if text.cell == term.cell:
            return None
        if not text.opening and uses(term, text.words):
            return text
    raise ValueError(f"{term.name}: there is no text {term.cell}")


def page(root: Path = ROOT) -> str:
    """Return what docs/glossary.md should hold."""
    homes = {text.cell: text.chapter for text in read_texts(root)}
    lines = []
    for term in sorted(read_terms(root), key=lambda term: term.name.lower()):
        if term.cell not in homes:
            sys.exit(f"glossary.toml, {term.name}: no chapter has a text {term.cell}.")
        chapter = homes[term.cell]
        link = f"[chapter {chapter.number}](../notebooks/{chapter.name})"
        lines.append(f"- **{term.name}**: {term.says[0].lower()}{term.says[1:-1]} ({link}).")
    return HEAD + "\n".join(lines) + "\n"


def main() -> None:
    """Write the page, and name it."""
    (ROOT / PAGE).write_text(page(), encoding="utf-8", newline="\n")
    print(f"wrote {PAGE.as_posix()}")


if __name__ == "__main__":
    no_words(__doc__)
    main()
