"""What is made of `questions/*.toml`: `python -m tools.questions found`, `pages`, `test`, `start`.

    found    look up in the chapters what the questions need, and write questions/found.json
    pages    write saved/questions/NAME.md, folded questions for a site
    test     write saved/questions/test.html, to be printed, and key.html with the answers
    start    ask some questions in the terminal, and say at which chapter to start

The deck of cards is written by tools/cards.py. What is only in saved/ is made anew when needed.
"""

import argparse
import html
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from helpers.errors import CourseError
from helpers.questions import FOLDER, FOUND, Question, read_questions, read_records
from helpers.quiz import LETTERS, as_html, marked
from helpers.runtime import SAVED
from tools.chapters import ROOT, Chapter, read_chapters

ALLOWED = {"abs": abs, "max": max, "min": min, "round": round}
STYLE = """body { font: 11pt/1.4 serif; max-width: 42em; margin: 2em auto; }
h2 { font-size: 1.1em; break-after: avoid; } .question { break-inside: avoid; margin-bottom: 1em; }
ol { margin: 0.3em 0; } p { margin: 0.3em 0; }"""


def asked(root: Path = ROOT) -> list[Chapter]:
    """Return the chapters that have questions, in order."""
    folder = root / FOLDER.name
    return [c for c in read_chapters(root) if (folder / f"{c.slug}.toml").exists()]


def printed(cell: NotebookNode) -> str:
    """Return all that a cell has stored in words."""
    words = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return "\n".join(words)


def where(cells: list[NotebookNode], cell: NotebookNode) -> str:
    """Say in words where a cell stands: its number, if it is run, and the heading above it."""
    heading = ""
    for above in cells:
        lines = above.source.splitlines() if above.cell_type == "markdown" else []
        heads = [line.lstrip("# ") for line in lines if re.match("#+ ", line)]
        if above is cell:
            if cell.cell_type == "code":
                return f"cell [{cell.execution_count}], under *{heading}*"
            opens = bool(heads) and lines[0].endswith(heads[0])
            return f"the text under *{heads[0] if opens else heading}*"
        heading = heads[-1] if heads else heading
    raise ValueError("the cell is not among these")


def look_up(number: dict[str, str], cells: dict[str, NotebookNode], known: dict[str, str]) -> str:
    """Return one number as text: found in what a cell has stored, or computed from others.

    Raises:
        ValueError: nothing, or nothing alone, is found.
    """
    if "compute" in number:
        values = {name: as_number(text) for name, text in known.items()}
        value = eval(number["compute"], {"__builtins__": {}}, {**ALLOWED, **values})
        return format(value, number.get("format", ""))
    cell = cells.get(number["cell"])
    if cell is None or cell.cell_type != "code":
        raise ValueError(f"there is no code cell {number['cell']}")
    match = re.search(number["find"], printed(cell))
    if not match or match.lastindex != 1:
        raise ValueError(f"cell {number['cell']} has nothing that fits {number['find']}")
    return match[1]


def as_number(text: str) -> float | None:
    """Return the number that a text holds, None if it holds another thing."""
    plain = text.replace(",", "").rstrip("%")
    try:
        return float(plain) if re.search(r"[.e]", plain) else int(plain)
    except ValueError:
        return None


def find(chapter: Chapter, root: Path = ROOT) -> dict[str, Any]:
    """Return for each question of a chapter where its cell stands, and its numbers as texts."""
    notebook = nbformat.read(root / "notebooks" / chapter.name, as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    found = {}
    for record in read_records(chapter.slug, root / FOLDER.name):
        name = f"{chapter.slug}.toml, {record['id']}"
        if record["cell"] not in cells:
            sys.exit(f"{name}: there is no cell {record['cell']}.")
        numbers: dict[str, str] = {}
        for key, number in record.get("numbers", {}).items():
            try:
                numbers[key] = look_up(number, cells, numbers)
            except (ValueError, TypeError, NameError, ZeroDivisionError) as error:
                sys.exit(f"{name}: {key} is not found, {error}.")
        place = where(notebook.cells, cells[record["cell"]])
        found[record["id"]] = {"where": place, "numbers": numbers}
    return found


def found_text(root: Path = ROOT) -> str:
    """Return what questions/found.json should hold."""
    found = {chapter.slug: find(chapter, root) for chapter in asked(root)}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def page(chapter: Chapter, questions: list[Question]) -> str:
    """Return a page of folded questions in Markdown, which takes HTML as it is."""
    return f"# {chapter.number}. {chapter.title}\n\n{as_html(questions)}\n"


def sheet(title: str, body: str) -> str:
    """Return a page of HTML to be printed."""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f"<style>\n{STYLE}\n</style></head>\n<body><h1>{title}</h1>\n{body}\n</body></html>\n"
    )


def answered(question: Question) -> str:
    """Return the right option with its reason, and why each other one tempts, as HTML."""
    right = question.options[question.answer]
    said = [f"{marked(right.says.rstrip('.'))}. {marked(right.comment)}"]
    for letter, option in zip(LETTERS, question.options, strict=False):
        if not option.right:
            said.append(f"<b>Not {letter}:</b> {marked(option.comment)}")
    return f"{' '.join(said)} <i>({marked(question.where)})</i>"


def printed_test(chapters: list[Chapter]) -> tuple[str, str]:
    """Return a test without answers and its key, as pages of HTML."""
    test = []
    key = []
    number = 0
    for chapter in chapters:
        head = f"<h2>{chapter.number}. {html.escape(chapter.title)}</h2>"
        test.append(head)
        key.append(head)
        for question in read_questions(chapter.slug):
            number += 1
            options = "".join(f"<li>{marked(option.says)}</li>" for option in question.options)
            asks = f"<p><b>{number}.</b> {marked(question.asks)}</p>"
            test.append(f'<div class="question">{asks}<ol type="a">{options}</ol></div>')
            key.append(f"<p><b>{number}. {LETTERS[question.answer]}</b> {answered(question)}</p>")
    return sheet("Room by Room: a test", "\n".join(test)), sheet("The key", "\n".join(key))


def start_at(
    chapters: list[Chapter],
    ask: Callable[[Question], int | None],
    questions: Callable[[str], list[Question]] = read_questions,
) -> Chapter | None:
    """Ask, chapter by chapter, the questions that place; return the first where one is missed.

    Args:
        chapters: In order.
        ask: Returns the place of the option that was chosen, None for "I do not know".
        questions: Returns the questions on a chapter; another in tests.

    Returns:
        The chapter at which to start, None if nothing was missed.
    """
    for chapter in chapters:
        for question in questions(chapter.slug):
            if question.place and ask(question) != question.answer:
                return chapter
    return None


def ask_in_terminal(question: Question) -> int | None:
    """Print a question, and return the place of the option whose letter is typed."""
    print(f"\n{question.asks}")
    letters = LETTERS[: len(question.options)]
    for letter, option in zip(letters, question.options, strict=True):
        print(f"  {letter}) {option.says}")
    while True:
        said = input(f"{', '.join(letters)}, or Enter if you do not know: ").strip().lower()
        if not said or said in letters:
            return letters.index(said) if said else None


def start() -> None:
    """Ask in the terminal where to start, and say it."""
    try:
        chapter = start_at(asked(), ask_in_terminal)
    except (EOFError, KeyboardInterrupt):
        sys.exit("\nBroken off.")
    if chapter:
        print(f"\nStart at chapter {chapter.number}, {chapter.title}: notebooks/{chapter.name}")
    else:
        print("\nYou knew all of these. Take the chapter whose question you like best.")


def write(what: str) -> None:
    """Write one kind of what is made of the questions, and name the files."""
    out = SAVED / "questions"
    if what == "found":
        texts = {FOLDER / FOUND: found_text()}
    elif what == "pages":
        texts = {out / f"{c.slug}.md": page(c, read_questions(c.slug)) for c in asked()}
    else:
        test, key = printed_test(asked())
        texts = {out / "test.html": test, out / "key.html": key}
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote {path}")


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("found", "pages", "test", "start"))
    what = parser.parse_args().what
    try:
        start() if what == "start" else write(what)
    except CourseError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
