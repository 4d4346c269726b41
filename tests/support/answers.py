"""What tests of a chapter's exercises share: a learner's memory on two sets, and what is said."""

import contextlib
import io

import matplotlib
import nbformat
import numpy as np
import pytest
from PIL import Image

from helpers.exercises import Exercise
from tools.exercises import ROOT

SETS = ("samples", "own photos")


def own_photos(folder):
    """Write sixty-two smooth pictures of one's own, of which the second class is the busier."""
    rng = np.random.default_rng(3)
    for label, size in (("calm", 5), ("busy", 9)):
        (folder / label).mkdir(parents=True)
        for i in range(31):
            coarse = rng.integers(0, 256, (size + i % 3, size, 3), dtype=np.uint8)
            Image.fromarray(coarse).resize((64, 64)).save(folder / label / f"{i}.png")
    return folder


def memory(chapter, own=None, needed=()):
    """Run a chapter as a learner would, and return what stands in memory then.

    Args:
        chapter: The name of its notebook, without number and ending.
        own: A folder of one's own photos; None takes the samples.
        needed: Go no further than to where all of these names are there; () runs the chapter.
    """
    path = next((ROOT / "notebooks").glob(f"*_{chapter}.ipynb"))
    space = {}
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        patch.delenv("COURSE_DATA", raising=False)
        if own:
            patch.setenv("COURSE_DATA", str(own))
        patch.setattr("helpers.figures.show", lambda *_, **__: None)
        for cell in nbformat.read(path, as_version=4).cells:
            tags = set(cell.metadata.get("tags", []))
            if cell.cell_type == "code" and not tags & {"exercise", "quiz"}:
                # Whoever brings another set goes on where a finding does not hold on it.
                with contextlib.suppress(AssertionError):
                    exec(cell.source, space)
            if needed and set(needed) <= set(space):
                break
    matplotlib.pyplot.close("all")
    return space


def line(exercise: Exercise, source, space, capsys):
    """Run a cell of the learner's, and return the one line that it prints, without its name."""
    capsys.readouterr()
    exec(f"from exercises.{exercise.chapter} import check_{exercise.number}\n{source}", dict(space))
    (said,) = capsys.readouterr().out.splitlines()
    return said.removeprefix(f"Exercise {exercise.number}: ")


def cases(chapter, wrong):
    """Return each wrong answer with its exercise and its hint; each exercise has at least three."""
    assert [*wrong] == [exercise.number for exercise in chapter]
    assert all(len(set(some.values())) >= 3 for some in wrong.values()), "three hints or more each"
    return [
        (chapter[n - 1], code, hint) for n, some in wrong.items() for code, hint in some.items()
    ]
