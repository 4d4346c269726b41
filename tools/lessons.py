"""Write docs/lessons.md from lessons.toml and the chapters' records: `python -m tools.lessons`.

Plans for a class with the minutes of each part, a page for each chapter (where to pause, what to
ask, which belief it attacks, what to say while it trains), and a table for what a class took. The
speaker's notes of the slides have the same questions (`asides`).
"""

import sys
import tomllib
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from tools.chapters import ROOT, Chapter, read_chapters
from tools.commandline import no_words
from tools.exercises import exercises, modules
from tools.questions import where

PAGE = Path("docs") / "lessons.md"
HEAD = """\
# Lessons

Plans, and for each chapter where to pause and what to ask. `make lessons` writes this page from
`lessons.toml` and from the chapters; [teaching.md](teaching.md) has what to know before the class.

A class that runs, looks and talks takes {factor} times the minutes of somebody who reads alone; all
minutes of reading on this page are such minutes. A chapter with a table of minutes was counted
with a clock: its prose at {words} words a minute, its pauses, and what comes before its first cell.
Those of exercises are as the chapters say.

A cell goes by the number at its left. A pause takes {pause} minutes: one to write the answer down,
one to compare. Pause on the [slides](teaching.md#slides), where an output appears at the next key:
a notebook shows what it stores, and the prose below a cell says what came out."""
TABLE = """\
## What it really took

To fill in, in a copy: it is worth more than the plan. The first number is the plan's, without and
with the exercises.

| chapter | planned | with exercises | began | ended | where it dragged | what I left out |
|---|---|---|---|---|---|---|"""


@dataclass(frozen=True)
class Part:
    """A part of a plan: a chapter, or what is done beside the chapters."""

    text: str
    minutes: int


def read_lessons(root: Path = ROOT) -> dict[str, Any]:
    """Read lessons.toml."""
    return tomllib.loads((root / "lessons.toml").read_text(encoding="utf-8"))


def in_class(chapter: Chapter, take: str, lessons: dict[str, Any]) -> int:
    """Return the minutes of a class: for the "reading", the "exercises", or "all" of a chapter."""
    steps = lessons.get("chapters", {}).get(chapter.slug, {}).get("steps", [])
    reading = sum(step["minutes"] for step in steps)
    reading = reading or ceil(lessons["class"]["factor"] * chapter.minutes["reading"])
    exercises_ = chapter.minutes["exercises"]
    return {"reading": reading, "exercises": exercises_, "all": reading + exercises_}[take]


def linked(chapter: Chapter) -> str:
    """Return a link to a chapter from a page in docs."""
    return f"[{chapter.title}](../notebooks/{chapter.name})"


def parts(
    plan: dict[str, Any], chapters: dict[str, Chapter], lessons: dict[str, Any]
) -> list[Part]:
    """Return the parts of a plan; stop with a sentence where it names no chapter."""
    found = []
    for part in plan["parts"]:
        if "beside" in part:
            found.append(Part(part["beside"], part["minutes"]))
            continue
        if part["chapter"] not in chapters:
            sys.exit(f"lessons.toml, {plan['name']}: there is no chapter {part['chapter']}.")
        chapter = chapters[part["chapter"]]
        what = {"all": "", "reading": ", without the exercises", "exercises": ", the exercises"}
        text = linked(chapter) + what[part["take"]]
        found.append(Part(text, in_class(chapter, part["take"], lessons)))
    return found


def plan_text(plan: dict[str, Any], chapters: dict[str, Chapter], lessons: dict[str, Any]) -> str:
    """Return a plan in Markdown."""
    rows = parts(plan, chapters, lessons)
    total = sum(part.minutes for part in rows)
    lines = [f"### {plan['name']}", "", f"For {plan['for']}. They take home {plan['takes']}.", ""]
    lines += [f"They bring: {plan['bring']}", ""] if "bring" in plan else []
    lines += ["| from minute | what | minutes |", "|---|---|---|"]
    start = 0
    for part in rows:
        lines.append(f"| {start} | {part.text} | {part.minutes} |")
        start += part.minutes
    spare = plan["minutes"] - total
    lines += ["", f"{total} of {plan['minutes']} minutes; {spare} are left for what comes up."]
    lines += ["", plan["words"]] if "words" in plan else []
    return "\n".join(lines)


def term_text(chapters: list[Chapter], lessons: dict[str, Any]) -> str:
    """Return the plan of a term: a chapter a week, its exercises in class where there is time."""
    term = lessons["term"]
    lines = ["### A term", "", f"A chapter a week, in {term['minutes']} minutes.", ""]
    lines += ["| week | chapter | in class | exercises |", "|---|---|---|---|"]
    for week, chapter in enumerate(chapters, start=1):
        minutes = in_class(chapter, "reading", lessons)
        total = in_class(chapter, "all", lessons)
        place = "in class" if total <= term["minutes"] else "at home"
        lines.append(
            f"| {week} | {linked(chapter)} | {minutes} | {place}, {chapter.minutes['exercises']} |"
        )
    beside = "; ".join(term["beside"])
    return "\n".join([*lines, "", f"Beside it: {beside}."])


def place(notebook: NotebookNode, cell_id: str, name: str) -> str:
    """Say in words where a cell stands; stop with a sentence if there is none."""
    for cell in notebook.cells:
        if cell.id == cell_id:
            return where(notebook.cells, cell)
    sys.exit(f"lessons.toml, {name}: there is no cell {cell_id}.")


def steps_text(steps: list[dict[str, Any]]) -> list[str]:
    """Return the lines of a table of minutes, for a chapter that was counted with a clock."""
    lines = ["", "| from minute | under | do | minutes |", "|---|---|---|---|"]
    start = 0
    for step in steps:
        lines.append(f"| {start} | {step['heading']} | {step['do']} | {step['minutes']} |")
        start += step["minutes"]
    return lines


def chapter_text(chapter: Chapter, lessons: dict[str, Any], root: Path) -> str:
    """Return what stands on the page for one chapter."""
    lesson = lessons["chapters"][chapter.slug]
    notebook = nbformat.read(root / "notebooks" / chapter.name, as_version=4)
    at = lambda cell: place(notebook, cell, chapter.slug)  # noqa: E731
    reading = in_class(chapter, "reading", lessons)
    link = f"[Chapter {chapter.number}](../notebooks/{chapter.name})"
    lines = [f"### {chapter.title}", ""]
    lines.append(
        f"{link}: {reading} minutes in class, {chapter.minutes['exercises']} of exercises."
    )
    lines += steps_text(lesson["steps"]) if "steps" in lesson else []
    lines += [
        "",
        f"- **Attacks the belief** that “{lesson['believes']}”: {at(lesson['attacked_by'])}.",
    ]
    for pause in lesson["pauses"]:
        lines.append(f"- **Pause before** {at(pause['cell'])}: {pause['ask']}")
    if "trains" in lesson:
        lines.append(f"- **While it trains**, {at(lesson['trains'])}: {lesson['say']}")
    listed = exercises_text(chapter, root)
    return "\n".join([*lines, *([listed] if listed else [])])


def exercises_text(chapter: Chapter, root: Path) -> str:
    """Return the exercises of a chapter with their minutes, "" where these are not noted."""
    if chapter.name not in {path.name for path in modules(root)}:
        return ""
    each = (f"{e.title} ({e.minutes})" for e in exercises(chapter.slug))
    return f"- **Exercises**, with minutes: {', '.join(each)}."


def text(root: Path = ROOT) -> str:
    """Return what docs/lessons.md should hold."""
    lessons = read_lessons(root)
    chapters = read_chapters(root)
    by_slug = {chapter.slug: chapter for chapter in chapters}
    found = [HEAD.format(**lessons["class"]), "## Plans"]
    found += [plan_text(plan, by_slug, lessons) for plan in lessons["plans"]]
    found += [term_text(chapters, lessons), "## Chapter by chapter"]
    for chapter in chapters:
        if chapter.slug in lessons["chapters"]:
            found.append(chapter_text(chapter, lessons, root))
    rows = (
        f"| {c.number} {c.title} | {in_class(c, 'reading', lessons)} "
        f"| {in_class(c, 'all', lessons)} | | | | |"
        for c in chapters
    )
    return "\n\n".join([*found, "\n".join([TABLE, *rows])]) + "\n"


def asks(slug: str, root: Path = ROOT) -> dict[str, str]:
    """Return what a class is asked at the cells of a chapter, by their ids."""
    lesson = read_lessons(root)["chapters"].get(slug, {"pauses": []})
    return {pause["cell"]: pause["ask"] for pause in lesson["pauses"]}


def asides(slug: str, root: Path = ROOT) -> dict[str, str]:
    """Return what a speaker is told at the cells of a chapter, by their ids."""
    lesson = read_lessons(root)["chapters"].get(slug)
    if lesson is None:
        return {}
    said: dict[str, str] = {}
    for pause in lesson["pauses"]:
        said[pause["cell"]] = f"**Pause.** {pause['ask']}"
    told = {lesson["attacked_by"]: f"**Attacks the belief** that “{lesson['believes']}”"}
    if "trains" in lesson:
        told[lesson["trains"]] = f"**While it trains.** {lesson['say']}"
    for cell, words in told.items():
        said[cell] = f"{said[cell]}\n\n{words}" if cell in said else words
    return said


def main() -> None:
    """Write the page."""
    (ROOT / PAGE).write_text(text(), encoding="utf-8", newline="\n")
    print(f"wrote {PAGE.as_posix()}")


if __name__ == "__main__":
    no_words(__doc__)
    main()
