"""Handouts: filled in they are the chapter, and what graders get marks the right answers right."""

import copy

import nbformat
import pytest
from pictures import ROOT

from tools.exercises import exercises, modules
from tools.fold import parsed
from tools.grading import arguments, for_nbgrader, for_otter, graded, otter_cells, write_graded
from tools.handouts import (
    TAG,
    copied,
    filled,
    gap_source,
    gaps,
    is_idea,
    left_for_later,
    moved,
    with_gaps,
    without_prose,
    write,
)
from tools.run import execute

CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
each = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
EXERCISES = [exercise for path in modules() for exercise in exercises(path.stem[3:])]
each_exercise = pytest.mark.parametrize(
    "exercise", EXERCISES, ids=lambda exercise: f"{exercise.chapter}-{exercise.number}"
)


def read(path):
    return nbformat.read(path, as_version=4)


def code(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@each
def test_with_its_gaps_filled_a_handout_is_the_chapter(path):
    chapter = read(path)
    handout = with_gaps(chapter)
    nbformat.validate(handout)
    assert code(handout) != code(chapter)
    assert code(filled(handout, chapter)) == code(chapter)


@each
def test_a_gap_is_the_last_idea_below_a_heading_and_says_what_is_asked(path):
    chapter = read(path)
    handout = with_gaps(chapter)
    empty = [cell for cell in handout.cells if TAG in cell.metadata.get("tags", [])]
    ideas = [cell for cell in chapter.cells if is_idea(cell, chapter)]
    assert [cell.id for cell in empty] == [cell.id for cell in gaps(chapter)]
    assert 0.1 <= len(empty) / len(ideas) < 0.3
    own = {cell.id: cell.source for cell in chapter.cells}
    for cell in empty:
        lines = cell.source.splitlines()
        assert len(lines) >= 3 and lines[-1] == "..."
        assert all(line.startswith(("# ", "import ", "from ")) for line in lines[:-1])
        given = [line for line in lines if not line.startswith("#")][:-1]
        assert all(line in own[cell.id] for line in given), "imports, as they stand there"
        assert not cell.outputs
        needed = left_for_later(next(c for c in chapter.cells if c.id == cell.id), chapter)
        assert all(name in own[cell.id] for name in needed)
    assert not any(cell.get("outputs") for cell in handout.cells), "an output would tell"


def test_a_gap_keeps_its_imports_and_asks_the_question_above_it():
    prose = nbformat.v4.new_markdown_cell("## Six\n\nHere are six. Which are messy? Just look.")
    plain = nbformat.v4.new_code_cell("from math import pi\nr = 2\nprint(pi * r)")
    later = nbformat.v4.new_code_cell("r + pi")
    chapter = nbformat.v4.new_notebook(cells=[prose, plain, later])
    assert gap_source(plain, chapter).splitlines() == [
        "# Which are messy?",
        "# Later cells need: r.",
        "# In the course: 2 lines more.",
        "from math import pi",
        "...",
    ]


def test_what_counts_through_a_loop_is_needed_by_no_later_cell():
    source = "made = {}\nfor name in 'ab':\n    made[name] = [more for more in name]\nlast = name"
    cell = nbformat.v4.new_code_cell(source)
    later = nbformat.v4.new_code_cell("print(name, more, made, last)")
    chapter = nbformat.v4.new_notebook(cells=[cell, later])
    assert left_for_later(cell, chapter) == ["made", "last"]


def test_a_gap_stands_where_two_cells_of_its_idea_show_the_way():
    heading = nbformat.v4.new_markdown_cell("## Idea")
    cells = [nbformat.v4.new_code_cell(f"a{n} = {n}") for n in range(6)]
    sources = [heading, *cells[:2], nbformat.v4.new_markdown_cell("## Next"), *cells[2:5]]
    chapter = nbformat.v4.new_notebook(cells=[cells[5], *sources])
    assert [cell.source for cell in gaps(chapter)] == ["a4 = 4"]


def test_one_cell_in_five_is_the_learners_as_the_teaching_page_says():
    pairs = [(len(gaps(c)), sum(is_idea(x, c) for x in c.cells)) for c in map(read, CHAPTERS)]
    empty, ideas = map(sum, zip(*pairs, strict=True))
    assert 0.15 < empty / ideas < 0.25
    page = (ROOT / "docs" / "teaching.md").read_text()
    assert "about one idea cell in five" in " ".join(page.split())


def test_what_the_next_cells_need_is_named_and_nothing_else():
    sources = ["a = 1\nb, c = 2, 3\n\ndef f():\n    return a", "c = 4\nprint(c)", "f()\nprint(b)"]
    chapter = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    assert left_for_later(chapter.cells[0], chapter) == ["b", "f"]


@each
def test_without_prose_there_are_headings_alone(path):
    chapter = read(path)
    for memory in (False, True):
        version = without_prose(chapter, memory)
        nbformat.validate(version)
        for cell in version.cells:
            if cell.cell_type == "markdown":
                assert all(line.startswith("#") for line in cell.source.splitlines() if line)
    outputs = [cell.outputs for cell in version.cells if cell.cell_type == "code"]
    assert sum(map(bool, outputs)) > 5, "to write from memory, the outputs stay"
    left = [s for s in code(version) if parsed(s).body]
    assert len(left) == 1 and "helpers.start()" in left[0], "and the code goes, but for the set-up"


def test_links_lead_where_they_led():
    assert moved("[a](01_x.ipynb), [b](../data/README.md), [c](https://d.e), [f](#g)") == (
        "[a](../../../notebooks/01_x.ipynb), [b](../../../notebooks/../data/README.md), "
        "[c](https://d.e), [f](#g)"
    )


@each_exercise
def test_an_exercise_has_a_solution_for_both_graders(exercise):
    given = arguments(exercise)
    assert given and "..." not in given
    for source in (for_nbgrader(exercise), for_otter(exercise)):
        compile(source, exercise.title, "exec")
        assert "# solution" not in source
    opened = for_nbgrader(exercise).count("### BEGIN SOLUTION")
    assert opened == for_nbgrader(exercise).count("### END SOLUTION") >= 1
    assert for_otter(exercise).count("# SOLUTION") == exercise.source.count("# solution")
    begun = [c.source.split("\n")[0] for c in otter_cells(exercise) if c.cell_type == "raw"]
    assert begun == [
        "# BEGIN QUESTION",
        "# BEGIN SOLUTION",
        "# END SOLUTION",
        "# BEGIN TESTS",
        "# END TESTS",
        "# END QUESTION",
    ]


@pytest.mark.parametrize("kind", ["nbgrader", "otter"])
def test_every_exercise_of_a_chapter_is_graded_once(kind):
    for path in modules():
        chapter = exercises(path.stem[3:])
        notebook = graded(copied(read(path), keep=False), chapter, kind)
        nbformat.validate(notebook)
        assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
        marks = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
        points = sum(mark.get("points", 0) for mark in marks)
        if kind == "otter":
            points = sum(
                int(cell.source.rpartition("points: ")[2])
                for cell in notebook.cells
                if cell.source.startswith("# BEGIN QUESTION")
            )
        assert points == sum(exercise.minutes for exercise in chapter)


def test_a_chapter_without_checked_exercises_has_nothing_to_grade(tmp_path):
    graded_ones = {path.name for path in modules()}
    for path in CHAPTERS:
        if path.name not in graded_ones:
            assert write_graded(path, read(path), tmp_path) == []


def test_filled_in_it_runs_and_the_right_answers_pass_the_graders_tests(tmp_path):
    """Chapter 0 with its gaps filled from the chapter, and its exercises as nbgrader's source."""
    path = CHAPTERS[0]
    written = write(path, tmp_path)
    assert [p.relative_to(tmp_path).parts[0] for p in written] == [
        *("clean", "gaps", "code", "memory", "nbgrader", "otter")
    ]
    handout = filled(read(written[1]), read(path))
    notebook = graded(handout, exercises(path.stem[3:]), "nbgrader")
    nbformat.write(notebook, tmp_path / path.name)
    (tmp_path / "out").mkdir()
    done, _ = execute(tmp_path / path.name, tmp_path / "out")
    assert done


def test_a_wrong_answer_fails_the_graders_test():
    exercise = next(e for e in EXERCISES if e.chapter == "how_a_network_learns" and e.number == 2)
    cells = {c.metadata.get("nbgrader", {}).get("grade_id"): c.source for c in nbgrader(exercise)}
    names: dict = {}
    exec(cells["exercise-2"], names)
    exec(cells["exercise-2-test"], names)
    names["one_weight"] = 5
    with pytest.raises(AssertionError, match="weights multiply"):
        exec(cells["exercise-2-test"], names)


def nbgrader(exercise):
    from tools.grading import nbgrader_cells

    return copy.deepcopy(nbgrader_cells(exercise))
