"""A cell is folded where all it does is draw, and nowhere else."""

import nbformat
import pytest
from pictures import ROOT

from helpers.figures import FIGURE
from tools.figures import pictures
from tools.fold import fold, only_draws

PNG = nbformat.v4.new_output("display_data", {"text/html": FIGURE.format(alt="A line.", png="")})
HEAD = """\
import matplotlib.pyplot as plt
from helpers.figures import show
values = [1, 2]
print(values)"""
DRAWS = "fig, ax = plt.subplots()\nax.plot(values)\nshow(fig, 'A line.')"


def notebook(source, *after, outputs=(PNG,), tags=()):
    cells = [nbformat.v4.new_code_cell(text) for text in (HEAD, source, *after)]
    cells[1].outputs = list(outputs)
    cells[1].metadata["tags"] = list(tags)
    return nbformat.v4.new_notebook(cells=cells)


def folds(*args, **more):
    made = notebook(*args, **more)
    return only_draws(made.cells[1], made)


@pytest.mark.parametrize(
    "source",
    [
        DRAWS,
        f"import matplotlib.cm as cm\n{DRAWS}",
        "fig, axes = plt.subplots(1, 2)\nfor ax in axes:\n    ax.plot(values)\nshow(fig, 'Two.')",
        "double = [2 * v for v in values]\n" + DRAWS.replace("values", "double"),
        "with plt.style.context('ggplot'):\n    plt.plot(values)",
    ],
)
def test_what_only_draws_is_folded(source):
    assert folds(source)


@pytest.mark.parametrize(
    "source",
    [
        f"{DRAWS}\nprint(values)",
        f"{DRAWS}\nassert values",
        f"def picture():\n    return 1\n{DRAWS}",
        f"for v in values:\n    print(v)\n{DRAWS}",
        "fitted = network.fit(values)\n" + DRAWS + "\nfitted.save()",
        "a = 1\nb = 2\nc = a + b\nplt.plot([a, b, c])",
        "%matplotlib inline\nplt.plot(values)",
        "values",
    ],
)
def test_what_does_more_stays_open(source):
    assert not folds(source)


def test_a_name_that_is_read_later_keeps_a_cell_open():
    source = f"double = [2 * v for v in values]\n{DRAWS}"
    assert not folds(source, "print(double)")
    assert not folds(source, "for v in double:\n    print(v)")
    assert folds(source, "double = 3", "print(double)"), "it gets another value first"
    assert folds(source, "for double in values:\n    print(double)")


def test_set_up_exercises_and_cells_without_a_figure_are_never_folded():
    assert not folds(DRAWS, tags=["setup"]) and not folds(DRAWS, tags=["exercise"])
    assert not folds(DRAWS, outputs=())


def test_folding_twice_changes_nothing_and_unfolds_what_draws_no_more():
    made = fold(notebook(DRAWS))
    assert made.cells[1].metadata["jupyter"] == {"source_hidden": True}
    assert "jupyter" not in made.cells[0].metadata
    assert nbformat.writes(fold(made)) == nbformat.writes(made)
    made.cells[1].source += "\nprint(values)"
    made.cells[1].metadata["jupyter"]["outputs_hidden"] = True
    assert fold(made).cells[1].metadata["jupyter"] == {"outputs_hidden": True}


def test_the_chapters_have_figures_of_both_kinds():
    drawn, all_ = 0, 0
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        chapter = nbformat.read(path, as_version=4)
        for cell in chapter.cells:
            if cell.cell_type == "code" and pictures(cell):
                all_ += 1
                drawn += only_draws(cell, chapter)
    assert all_ / 6 < drawn < all_ / 2
