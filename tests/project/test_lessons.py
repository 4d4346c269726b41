"""The lessons fit the chapters: cells that are there, minutes that add up, a page in step."""

import ast
import re

import nbformat
import pytest
from pictures import ROOT

from tools.chapters import read_chapters
from tools.lessons import PAGE, asides, in_class, parts, read_lessons, text
from tools.slidetext import blocks

LESSONS = read_lessons()
CHAPTERS = {chapter.slug: chapter for chapter in read_chapters()}
each = pytest.mark.parametrize("slug", CHAPTERS)
CLASS = (ROOT / "docs" / "class.md").read_text()


def cells(slug):
    notebook = nbformat.read(ROOT / "notebooks" / CHAPTERS[slug].name, as_version=4)
    return {cell.id: cell for cell in notebook.cells}


def test_the_page_is_what_lessons_and_chapters_give():
    assert (ROOT / PAGE).read_text(encoding="utf-8") == text(), "run make lessons"


def test_every_chapter_has_a_lesson():
    assert set(LESSONS["chapters"]) == set(CHAPTERS)


@each
def test_a_class_pauses_before_code_that_says_something(slug):
    found = cells(slug)
    pauses = LESSONS["chapters"][slug]["pauses"]
    assert len(pauses) >= 3
    for pause in pauses:
        assert re.search(r"\?|\b(write|draw|order|multiply)\b", pause["ask"].lower())
        cell = found[pause["cell"]]
        assert cell.cell_type == "code" and cell.outputs, "what would they have to guess?"


@each
def test_a_belief_is_attacked_by_a_cell_that_prints_or_draws(slug):
    lesson = LESSONS["chapters"][slug]
    cell = cells(slug)[lesson["attacked_by"]]
    assert cell.cell_type == "code" and cell.outputs
    assert lesson["believes"][0].isupper() and lesson["believes"].endswith(".")


@each
def test_what_is_said_while_it_trains_is_said_while_it_trains(slug):
    lesson = LESSONS["chapters"][slug]
    assert ("trains" in lesson) == ("say" in lesson)
    if "trains" not in lesson:
        return
    found = cells(slug)
    source = "\n".join(c.source for c in found.values() if c.cell_type == "code")
    trains = {node.name for node in functions(source) if calls(node) & {"fit"}}
    trains |= {node.name for node in functions(source) if calls(node) & trains}
    reached = calls(ast.parse(found[lesson["trains"]].source))
    helpers = {"trained", "fit", "cross_validate", "fitted"}
    assert reached & (trains | helpers), f"{lesson['trains']} trains nothing"


def functions(source):
    """The functions that code defines; a cell with a magic defines none."""
    return [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]


def calls(node):
    called = (n.func for n in ast.walk(node) if isinstance(n, ast.Call))
    return {f.attr if isinstance(f, ast.Attribute) else getattr(f, "id", "") for f in called}


@pytest.mark.parametrize("plan", LESSONS["plans"], ids=lambda plan: plan["name"])
def test_a_plan_fits_into_its_time_and_fills_it(plan):
    rows = parts(plan, CHAPTERS, LESSONS)
    total = sum(part.minutes for part in rows)
    assert 0.75 * plan["minutes"] <= total <= plan["minutes"]
    taught = [CHAPTERS[p["chapter"]].number for p in plan["parts"] if "chapter" in p]
    assert taught == sorted(set(taught)), "in order, and none twice"


def test_each_week_of_a_term_has_time_for_its_chapter():
    for chapter in CHAPTERS.values():
        assert in_class(chapter, "reading", LESSONS) <= LESSONS["term"]["minutes"]


def test_minutes_follow_the_chapters():
    chapter = CHAPTERS["upload_and_predict"]
    reading, exercises = chapter.minutes["reading"], chapter.minutes["exercises"]
    twice = {"class": {"factor": 2}}
    assert in_class(chapter, "all", twice) == 2 * reading + exercises
    assert in_class(chapter, "exercises", twice) == exercises
    twice["chapters"] = {chapter.slug: {"steps": [{"minutes": 3}, {"minutes": 4}]}}
    assert in_class(chapter, "all", twice) == 7 + exercises
    with pytest.raises(SystemExit, match="there is no chapter gone"):
        parts({"name": "x", "parts": [{"chapter": "gone", "take": "all"}]}, CHAPTERS, twice)


@each
def test_a_class_has_the_minutes_to_hear_a_chapter_and_to_pause(slug):
    prose = [c for c in cells(slug).values() if c.cell_type == "markdown"]
    read = [c.source for c in prose if "exercise" not in c.metadata.get("tags", [])]
    told = [b.text for source in read for b in blocks(source) if b.kind in ("paragraph", "list")]
    spoken = sum(len(re.sub(r"\]\(\S+\)", "", text).split()) for text in told)
    needed = spoken / LESSONS["class"]["words"]
    needed += LESSONS["class"]["pause"] * len(LESSONS["chapters"][slug]["pauses"])
    assert needed <= in_class(CHAPTERS[slug], "reading", LESSONS)


@each
def test_pauses_and_steps_come_in_the_chapters_order(slug):
    found = cells(slug)
    lesson = LESSONS["chapters"][slug]
    places = [list(found).index(pause["cell"]) for pause in lesson["pauses"]]
    assert places == sorted(set(places))
    heads = [b.text.lstrip("# ") for c in found.values() if c.cell_type == "markdown"
             for b in blocks(c.source) if b.kind == "heading"]  # fmt: skip
    steps = [heads.index(step["heading"]) for step in lesson.get("steps", [])]
    assert steps == sorted(set(steps))


@each
def test_the_speaker_is_told_what_the_page_says(slug):
    told = asides(slug)
    assert set(told) <= set(cells(slug))
    page = (ROOT / PAGE).read_text()
    for pause in LESSONS["chapters"][slug]["pauses"]:
        assert pause["ask"] in told[pause["cell"]] and pause["ask"] in page


def test_learners_and_survey_name_chapters_that_are_there():
    assert len(re.findall(r"^\*\*\w.+\d+, ", CLASS, re.MULTILINE)) == 3
    rows = re.findall(r"^\| (\d) \| .+ \| (true|false) \| (.+) \|$", CLASS, re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, len(rows) + 1))
    assert {answer for _, answer, _ in rows} == {"true", "false"} and len(rows) == 7
    titles = {chapter.title for chapter in CHAPTERS.values()}
    named = re.findall(r"\*([A-Z][^*]+)\*", " ".join(where for _, _, where in rows))
    assert named and set(named) <= titles
