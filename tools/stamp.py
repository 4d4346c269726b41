"""Write what follows from the notebooks' metadata and from pyproject.toml: `python -m tools.stamp`.

In each notebook: the title and the line below it, the badges, the set-up cell, the link to the next
chapter, and the number in every link `[chapter N](NN_name.ipynb)`; in the clinic's, badges and
set-up. In pages: those links, and what stands between the marks of a region. A test holds that
stamping again would change nothing.
"""

import json
import re
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.chapters import ROOT, Chapter, read_chapters
from tools.commandline import no_words
from tools.published import Address, badges, passage, read_address, setup_source

PAGES = ("*.md", "docs/*.md", "data/*.md")  # where links to chapters are looked for
NEXT = "**Next:** [chapter {0.number}, *{0.title}*]({0.name}). {0.question}"
LAST = """\
This is the last chapter. What is left is your own folder of pictures, and a question that anybody
understands."""
# The word and the number in the name of the notebook; a page reaches notebooks through a folder.
LINK = re.compile(r"\[([Cc]hapter)\s+\d+\](?=\((?:[\w./-]*/)?(\d\d)_\w+\.ipynb\))")


def facts(chapter: Chapter, last: int) -> str:
    """Return the line below the title: the place, the minutes, and what has to be there."""
    reading = chapter.minutes["reading"]
    exercises = chapter.minutes["exercises"]
    if chapter.number:
        line = f"Room by Room, chapter {chapter.number} of {last}."
        split = f": {reading} to read and run, {exercises} for the exercises"
    else:
        line = f"{chapter.title}."
        split = ""
    line += f" About {reading + exercises} minutes{split}."
    if chapter.needs:
        line += f" Needs the extra packages of `{'`, `'.join(chapter.needs)}`."
    return f"*{line}*"


def table(chapters: list[Chapter], folder: str = "") -> str:
    """Return a table of chapters in Markdown, with links into `folder` ("" or "path/")."""
    rows = ["| no. | chapter | question | pictures | minutes |", "|---|---|---|---|---|"]
    for chapter in chapters:
        number = f" {chapter.number}" if chapter.number else ""
        minutes = sum(chapter.minutes.values())
        link = f"[{chapter.title}]({folder}{chapter.name})"
        rows.append(f"|{number} | {link} | {chapter.question} | {chapter.set} | {minutes} |")
    return "\n".join(rows)


def options(chapters: list[Chapter]) -> str:
    """Return the chapters as items of a YAML list: a string of JSON is one of YAML."""
    names = (f"{chapter.number}. {chapter.title}" for chapter in chapters)
    return "\n".join(f"- {json.dumps(name, ensure_ascii=False)}" for name in names)


def fill(text: str, name: str, body: str) -> str:
    """Put `body` between `<!-- name -->` and `<!-- end -->`, in YAML between `# name` and `# end`.

    Raises:
        ValueError: the two marks do not stand there, each alone on its line.
    """
    marks = rf"^( *)(<!-- {name} -->|# {name})\n(?:.*\n)*?\1(<!-- end -->|# end)$"
    region = re.search(marks, text, re.MULTILINE)
    if not region:
        raise ValueError(f"no lines <!-- {name} --> and <!-- end --> between which to write")
    indent, start, end = region.groups()
    lines = [start, *body.splitlines(), end]
    inside = "\n".join((indent + line).rstrip() for line in lines)
    return text[: region.start()] + inside + text[region.end() :]


def renumber_links(text: str) -> str:
    """Give each link to a chapter the number that stands in the name of its notebook."""
    return LINK.sub(lambda link: f"[{link[1]} {int(link[2])}]", text)


def opening(source: str, chapter: Chapter, last: int) -> str:
    """Return the first cell with its title and the line below it written anew.

    Raises:
        ValueError: the cell does not begin with a title and a line in italics.
    """
    paragraphs = source.split("\n\n")
    if not re.match(r"# .+\n\n\*.+\*(\n|$)", source):
        raise ValueError("no title first and, a paragraph below, a line in *italics*")
    if chapter.number:  # the first notebook bears the title of the course
        paragraphs[0] = f"# {chapter.number}. {chapter.title}"
    paragraphs[1] = facts(chapter, last)
    return "\n\n".join(paragraphs)


def take_out(notebook: NotebookNode, tag: str) -> NotebookNode:
    """Take the cell with this tag out of the notebook, and return it or else a new one.

    A new one has the tag for its id, so that stamping twice changes nothing.
    """
    for cell in notebook.cells:
        if tag in cell.metadata.get("tags", []):
            notebook.cells.remove(cell)
            return cell
    return nbformat.v4.new_markdown_cell(id=tag, metadata={"tags": [tag]})


def stamp(
    notebook: NotebookNode, chapter: Chapter, chapters: list[Chapter], address: Address
) -> NotebookNode:
    """Write into the notebook of `chapter` what is derived, in place, and return it."""
    row = take_out(notebook, "badges")
    end = take_out(notebook, "next")
    for cell in notebook.cells:
        if "setup" in cell.metadata.get("tags", []):
            cell.source = setup_source(address)
        elif cell.cell_type == "markdown":
            cell.source = renumber_links(cell.source)
            if "<!-- chapters -->" in cell.source:
                cell.source = fill(cell.source, "chapters", table(chapters[1:]))
    first = notebook.cells[0]
    first.source = opening(first.source, chapter, len(chapters) - 1)
    if address.repository:
        row.source = badges(chapter.name, address)
        notebook.cells.insert(1, row)
    later = chapters[chapter.number + 1 :]
    end.source = NEXT.format(later[0]) if later else LAST
    notebook.cells.append(end)
    return notebook


def stamp_drills(notebook: NotebookNode, name: str, address: Address) -> NotebookNode:
    """Write the badges and the set-up cell of a notebook of the clinic, in place, and return it."""
    row = take_out(notebook, "badges")
    for cell in notebook.cells:
        if "setup" in cell.metadata.get("tags", []):
            cell.source = setup_source(address)
    if address.repository:
        row.source = badges(f"clinic/{name}", address)
        notebook.cells.insert(1, row)
    return notebook


def stamp_page(text: str, regions: dict[str, str]) -> str:
    """Return a page with its links to chapters and its regions written anew."""
    text = renumber_links(text)
    for name, body in regions.items():
        text = fill(text, name, body)
    return text


def stamped(root: Path = ROOT) -> dict[Path, str]:
    """Return what each file should hold; stop with a sentence where it has no place for it."""
    chapters = read_chapters(root)
    address = read_address(root)
    pages: dict[Path, dict[str, str]] = {page: {} for glob in PAGES for page in root.glob(glob)}
    pages[root / "README.md"] = {
        "chapters": table(chapters, "notebooks/"),
        "published": passage(chapters[0].name, address),
    }
    pages[root / ".github" / "ISSUE_TEMPLATE" / "chapter.yml"] = {"chapters": options(chapters)}
    texts = {}
    path = root
    try:
        for path, regions in pages.items():
            texts[path] = stamp_page(path.read_text(encoding="utf-8"), regions)
        for chapter in chapters:
            path = root / "notebooks" / chapter.name
            notebook = nbformat.read(path, as_version=4)
            texts[path] = nbformat.writes(stamp(notebook, chapter, chapters, address)) + "\n"
        for path in sorted((root / "notebooks" / "clinic").glob("*.ipynb")):
            notebook = nbformat.read(path, as_version=4)
            texts[path] = nbformat.writes(stamp_drills(notebook, path.name, address)) + "\n"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        sys.exit(f"{path.relative_to(root).as_posix()}: {reason}.")
    return texts


def write_stamps(root: Path = ROOT) -> list[Path]:
    """Write the files that differ from what they should hold, and return their paths."""
    written = []
    for path, text in stamped(root).items():
        if path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            written.append(path)
    return written


def main() -> None:
    """Stamp, and name what was written."""
    for path in write_stamps():
        print(f"stamped {path.relative_to(ROOT).as_posix()}")


if __name__ == "__main__":
    no_words(__doc__)
    main()
