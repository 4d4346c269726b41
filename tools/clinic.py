"""Write the notebooks of the clinic from its drills: `python -m tools.clinic`.

Each drill becomes a cell that tells of it, the function as the learner gets it, what that prints,
and a cell for the answer. A cell that stays as it was keeps its outputs. After it:
`python -m tools.run notebooks/clinic/*.ipynb`.
"""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from exercises.clinic.drill import Drill, faulty
from helpers.runtime import import_keras
from tools.chapters import ROOT, read_notebook
from tools.commandline import no_words
from tools.published import INSTALLED

FOLDER = ROOT / "notebooks" / "clinic"
HOW = """\
Each drill is a dozen lines that run. What they print looks fine, or nearly so, and {faults}.

1. Find the {lines}, and put {them} where a cell says `...`: the number, with `def` as line 1, or a
   piece of the text in quotes.
2. Mend the function, and run its cell and that with the check.

The check goes by what your function does with pictures that it knows, so any mend that behaves will
do. It says what the score honestly is.

Stuck? `check_{first}.hint()` gives the next step, `check_{first}.solution()` the sound function."""
END = """\
## Done

A fault that stops a program is a kind one. These ran, and the number at the end was one that might
be true. Ask of each score: from which pictures, on which scale, under which names, and would I look
as closely if it were higher?"""
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Round:
    """One notebook of the clinic: its name, title, opening, imports and drills."""

    name: str
    title: str
    opening: str
    imports: str
    drills: tuple[Drill, ...]


def rounds() -> list[Round]:
    """Return the notebooks; imported here, for the drills bring Keras with them."""
    import_keras()
    from exercises.clinic import networks, pictures, splits, twice

    modules = (pictures, splits, networks, twice)
    by_number = {drill.number: drill for module in modules for drill in module.DRILLS}
    some = {name: tuple(by_number[n] for n in range(*ends)) for name, ends in PLACES.items()}
    return [Round(name, *TEXTS[name], some[name]) for name in PLACES]


PLACES = {"drills_01_to_05": (1, 6), "drills_06_to_10": (6, 11), "drills_11_to_14": (11, 15)}
PLACES |= {"drills_15_to_18": (15, 19)}
TEXTS = {
    "drills_01_to_05": (
        "The clinic, 1: drills 1 to 5",
        "Five programs with a fault in each. None of them stops with an error.",
        """\
import keras
import numpy as np

from exercises.clinic.networks import eyes, responses, scaled_rooms
from exercises.clinic.stock import ask, edges, learn, lesson""",
    ),
    "drills_06_to_10": (
        "The clinic, 2: drills 6 to 10",
        "Five more, about the number at the end: what was it taken from, and what is it worth?",
        """\
import numpy as np
import tensorflow as tf

from exercises.clinic.splits import folded_rooms, single_rooms, three_lights
from exercises.clinic.stock import Learner, ask, flat, learn, lesson, nearest""",
    ),
    "drills_11_to_14": (
        "The clinic, 3: drills 11 to 14",
        "Four on the way from a file to an answer.",
        """\
import io

import keras
import numpy as np
from PIL import Image, ImageOps

from exercises.clinic.networks import batched_rooms
from exercises.clinic.pictures import camera
from exercises.clinic.stock import ask, edges, flat, learn, lesson, nearest, phone, shrink""",
    ),
    "drills_15_to_18": (
        "The clinic, 4: two at once",
        "The second round: two faults in each, and with one mended it may look no better.",
        """\
import io

import numpy as np
from PIL import Image, ImageOps

from exercises.clinic.splits import three_lights
from exercises.clinic.stock import ask, edges, learn, lesson, nearest, phone, shrink
from helpers.evaluate import wilson""",
    ),
}


def opening(part: Round) -> str:
    """Return the first cell: what this is, how long it takes, and how a drill is done."""
    minutes = sum(drill.check.minutes for drill in part.drills)
    two = len(part.drills[0].faults) > 1
    words = {"faults": "one fault is planted", "lines": "line", "them": "it"}
    if two:
        words = {"faults": "two faults are planted", "lines": "two lines", "them": "both"}
    how = HOW.format(first=part.drills[0].number, **words)
    first = f"*Room by Room, the clinic. About {minutes} minutes.*"
    return f"# {part.title}\n\n{first}\n\n{part.opening}\n\n{how}"


def drill_cells(drill: Drill) -> list[NotebookNode]:
    """Return the cells of a drill."""
    number = drill.number
    module = drill.function.__module__
    text = f"## Drill {number}: {drill.title}\n\n{drill.story}"
    two = len(drill.faults) > 1
    gap = f"lines_{number} = ..., ..." if two else f"line_{number} = ..."
    given = gap.split(" = ")[0]
    answer = (
        f"from {module} import check_{number}\n\n{gap}\ncheck_{number}({given}, drill_{number})"
    )
    return [
        nbformat.v4.new_markdown_cell(text, id=f"drill-{number}-story"),
        nbformat.v4.new_code_cell(
            faulty(drill.function, drill.faults).rstrip(), id=f"drill-{number}"
        ),
        nbformat.v4.new_code_cell(drill.show, id=f"drill-{number}-shown"),
        nbformat.v4.new_markdown_cell(drill.looks, id=f"drill-{number}-looks"),
        nbformat.v4.new_code_cell(answer, id=f"drill-{number}-answer"),
    ]


def built(part: Round, later: Round | None, before: NotebookNode | None) -> NotebookNode:
    """Return the notebook of a round, with the outputs of the cells that stayed as they were."""
    old = {cell.id: cell for cell in before.cells} if before else {}
    cells = [nbformat.v4.new_markdown_cell(opening(part), id="opening")]
    cells += [old["badges"]] if "badges" in old else []  # these and the set-up are `make stamp`'s
    source = old["setup"].source if "setup" in old else INSTALLED
    setup = nbformat.v4.new_code_cell(source, id="setup", metadata={"tags": ["setup"]})
    cells += [setup, nbformat.v4.new_code_cell(part.imports, id="imports")]
    for drill in part.drills:
        cells += drill_cells(drill)
    after = f"\n\n**Next:** [{later.title}]({later.name}.ipynb). {later.opening}" if later else ""
    cells.append(nbformat.v4.new_markdown_cell(END + after, id="done"))
    for cell in cells:
        known = old.get(cell.id)
        if known and known.source == cell.source and cell.cell_type == "code":
            cell.outputs = known.outputs
            cell.execution_count = known.execution_count
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def written() -> dict[Path, str]:
    """Return what each notebook of the clinic should hold."""
    texts = {}
    parts = rounds()
    for part, later in zip(parts, [*parts[1:], None], strict=True):
        path = FOLDER / f"{part.name}.ipynb"
        before = read_notebook(path) if path.exists() else None
        texts[path] = nbformat.writes(built(part, later, before)) + "\n"
    return texts


def main() -> None:
    """Write the notebooks that differ from their drills, and name them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in written().items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8", newline="\n")
            print(f"wrote {path.relative_to(ROOT).as_posix()}")


if __name__ == "__main__":
    no_words(__doc__)
    main()
