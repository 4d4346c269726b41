"""What there is to do in the course, read from its notebooks and its files of questions."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.files import notebook_files
from helpers.passport import QUESTION
from helpers.questions import FOLDER, read_questions
from helpers.runtime import ROOT

# As tools/exercises.py and tools/clinic.py write them.
TASK = re.compile(r"^### \d+\. (.+) \(\d+ minutes\)$|^## Drill \d+: (.+)$", re.MULTILINE)
CLINIC = "clinic"


@dataclass(frozen=True)
class Contents:
    """What a chapter, or the clinic, asks of the learner, each by its name in the passport."""

    name: str  # as the passport has it
    number: int | None  # None for the clinic
    title: str
    exercises: tuple[str, ...]
    questions: tuple[str, ...]
    notebooks: dict[str, str]  # by exercise: where it stands, a path below notebooks

    @property
    def label(self) -> str:
        """Return number and title."""
        return self.title if self.number is None else f"{self.number}. {self.title}"


def contents(root: Path = ROOT) -> tuple[Contents, ...]:
    """Return the chapters in order, and the clinic last."""
    folder = root / "notebooks"
    chapters = [_chapter(path, root) for path in notebook_files(folder)]
    drills: dict[str, str] = {}
    for path in notebook_files(folder / CLINIC, r"drills_.+"):
        drills |= dict.fromkeys(_tasks(_read(path)), f"{CLINIC}/{path.name}")
    return (*chapters, Contents(CLINIC, None, "The clinic", tuple(drills), (), drills))


def _chapter(path: Path, root: Path) -> Contents:
    notebook = _read(path)
    number, _, name = path.stem.partition("_")
    asks = root / FOLDER.name
    questions = read_questions(name, asks) if (asks / f"{name}.toml").exists() else []
    exercises = dict.fromkeys(_tasks(notebook), path.name)
    return Contents(
        name,
        int(number),
        notebook["metadata"]["course"]["title"],
        tuple(exercises),
        tuple(QUESTION + question.id for question in questions),
        exercises,
    )


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))


def _tasks(notebook: dict[str, Any]) -> Iterator[str]:
    """Give the titles of the exercises or drills of a notebook."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            for of_chapter, of_clinic in TASK.findall("".join(cell["source"])):
                yield of_chapter or of_clinic
