"""Tests that the exercises of chapters share: a chapter's class says which answers are wrong."""

import ast
import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest
from PIL import Image

from helpers.exercises import GAP, with_gaps
from helpers.gaps import Watch
from tools.exercises import ROOT, exercises, learners_source

SETS = ("samples", "own photos")


def own_photos(folder: Path) -> Path:
    """Draw sixty-two smooth pictures in two classes, of which the second is the busier."""
    rng = np.random.default_rng(3)
    for label, size in (("calm", 5), ("busy", 9)):
        (folder / label).mkdir(parents=True)
        for i in range(31):
            coarse = rng.integers(0, 256, (size + i % 3, size, 3), dtype=np.uint8)
            Image.fromarray(coarse).resize((64, 64)).save(folder / label / f"{i}.png")
    return folder


def stored(source):
    """Return the names that a cell gives a value to, for all cells after it."""
    found: set = set()
    for part in ast.parse(source).body:
        if isinstance(part, ast.FunctionDef | ast.ClassDef):
            found.add(part.name)
            continue
        inner = [n.target for n in ast.walk(part) if isinstance(n, ast.comprehension)]
        local = {n for target in inner for n in ast.walk(target)}
        names = [n for n in ast.walk(part) if isinstance(n, ast.Name) and n not in local]
        found |= {n.id for n in names if isinstance(n.ctx, ast.Store)}
    return found


def answers(exercise, space, source=None):
    """Return what a cell of the learner's hands to its check."""
    given: list = []
    name = f"check_{exercise.number}"
    exec(source or exercise.source, space | {name: lambda *parts: given.append(parts)})
    return given[0]


class Exercised:
    """The proof of a chapter's exercises; a test class of each chapter inherits it.

    Attributes:
        chapter: As in `Exercise`.
        cells: The ids of the cells on which its exercises build, in order; without it, all.
        needed: Go no further than to where all of these names are there.
        edits: What is replaced in the cells, so that they are quick.
        patches: What is replaced in modules, for the same end.
        wrong: By exercise, the learner's code, and words of the hint that it gets.
        tries: By exercise, how many answers at random, where a check takes long.
        sets: On which pictures the cells run; a chapter that takes the samples whatever there is
            runs on them once.
    """

    chapter = ""
    cells: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    edits: dict[str, str] = {}
    patches: dict[str, Callable] = {}
    wrong: dict[int, dict[str, str]] = {}
    tries: dict[int, int] = {}
    sets = SETS

    @pytest.fixture(scope="class")
    @classmethod
    def space(cls, request, tmp_path_factory):
        own = request.param != "samples"
        folder = own_photos(tmp_path_factory.mktemp("own") / "own") if own else None
        return cls.memory(folder)

    @classmethod
    def memory(cls, folder: Path | None) -> dict:
        """Return what a learner has in memory who ran the cells, on a folder or the samples."""
        matplotlib.use("Agg")
        found = {cell.id: cell for cell in cls.chapter_cells()}
        space: dict = {}
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
            patch.delenv("COURSE_DATA", raising=False)
            if folder is not None:
                patch.setenv("COURSE_DATA", str(folder))
            patch.setattr("helpers.figures.show", lambda *_, **__: None)
            for name, stand_in in cls.patches.items():
                patch.setattr(name, stand_in)
            for name in cls.cells or found:
                # Whoever brings another set goes on where a finding does not hold on it.
                with contextlib.suppress(AssertionError):
                    exec(cls.edited(found[name].source), space)
                if cls.needed and set(cls.needed) <= set(space):
                    break
        matplotlib.pyplot.close("all")
        return space

    @classmethod
    def chapter_cells(cls) -> list:
        """Return the chapter's own code cells: no exercise, and no quiz."""
        path = next((ROOT / "notebooks").glob(f"*_{cls.chapter}.ipynb"))
        cells = nbformat.read(path, as_version=4).cells
        others = {"exercise", "quiz"}
        code = [cell for cell in cells if cell.cell_type == "code"]
        return [cell for cell in code if not others & set(cell.metadata.get("tags", []))]

    @classmethod
    def edited(cls, source: str) -> str:
        for old, new in cls.edits.items():
            source = source.replace(old, new)
        return source

    def guess(self, number, rng, solution):
        """Return answers at random, in the place of a solution's; of functions, other functions."""
        raise NotImplementedError

    def pytest_generate_tests(self, metafunc):
        parts = exercises(self.chapter)
        if "wrong_code" in metafunc.fixturenames:
            tried = [(parts[n - 1], *pair) for n, w in self.wrong.items() for pair in w.items()]
            metafunc.parametrize("exercise, wrong_code, words", tried)
        elif "exercise" in metafunc.fixturenames:
            metafunc.parametrize("exercise", parts, ids=lambda exercise: exercise.title)
        if "space" in metafunc.fixturenames:
            metafunc.parametrize("space", self.sets, indirect=True, scope="class")

    def said(self, exercise, source, space, capsys):
        capsys.readouterr()
        name = f"check_{exercise.number}"
        exec(f"from exercises.{self.chapter} import {name}\n{source}", dict(space))
        (line,) = capsys.readouterr().out.splitlines()
        return line.removeprefix(f"Exercise {exercise.number}: ")

    def test_the_solution_is_right_and_the_untouched_cell_not_answered(
        self, exercise, space, capsys
    ):
        line = self.said(exercise, exercise.source, space, capsys)
        assert line.startswith("right: ") and "…" not in line, line
        assert self.said(exercise, learners_source(exercise), space, capsys) == "not answered yet"

    def test_the_one_gap_that_is_left_open_is_named(self, exercise, space, capsys):
        written = exercise.source.strip("\n").splitlines()
        for place, line in enumerate(written):
            gap = with_gaps(line).strip()
            if not line.endswith(GAP) or not gap or exercise.source.count(GAP) == 1:
                continue
            others = "\n".join(written[:place] + [with_gaps(line)] + written[place + 1 :])
            opening = f"from exercises.{self.chapter} import check_{exercise.number}\n"
            tree = ast.parse(opening + others)
            capsys.readouterr()
            exec(compile(Watch().visit(tree), "<cell>", "exec"), dict(space))
            (said,) = capsys.readouterr().out.splitlines()
            assert said.startswith(f"Exercise {exercise.number}: not "), said
            gap = ast.unparse(ast.parse(gap))  # 0x0112 is 274
            assert f"`{gap}` is still open" in said, said

    def test_a_wrong_answer_gets_the_hint_that_fits(
        self, exercise, wrong_code, words, space, capsys
    ):
        line = self.said(exercise, wrong_code, space, capsys)
        assert line.startswith("not yet: ") and words in line, line

    def test_each_has_three_wrong_answers_with_hints_of_their_own(self):
        assert sorted(self.wrong) == [exercise.number for exercise in exercises(self.chapter)]
        assert all(len(set(tried.values())) >= 3 for tried in self.wrong.values())

    def test_no_answer_at_random_passes(self, exercise, space):
        rng = np.random.default_rng(exercise.number)
        solution = answers(exercise, space)
        for _ in range(self.tries.get(exercise.number, 60)):
            guessed = self.guess(exercise.number, rng, solution)
            pairs = zip(guessed, solution, strict=True)
            lucky = all(one is other or np.array_equal(one, other) for one, other in pairs)
            found = exercise.verdict(*guessed)
            assert found[0] == ("right" if lucky else "not yet"), (guessed, found)

    def test_a_solution_leaves_the_names_of_the_chapter_alone(self, exercise, space):
        made = stored(exercise.source)
        for cell in self.chapter_cells():
            taken = stored(cell.source)
            assert not made & taken, f"{made & taken} would get another meaning"
        before = dict(space)
        after = space | {f"check_{exercise.number}": lambda *_: None}
        exec(exercise.source, after)
        assert all(after[name] is before[name] for name in before if name != "__builtins__")
