"""The sample sets, and the contract that each fulfils.

A set is a package of the name that it has in data/sample. Its plans need no Blender, so that they
can be tested, and compared with what is stored, anywhere.
"""

import importlib
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol, TypeVar, cast, runtime_checkable

if TYPE_CHECKING:
    import numpy as np

# The one list of sets, which the course reads too.
LIST = Path(__file__).resolve().parents[1] / "data" / "sets.toml"
NAMES = tuple(tomllib.loads(LIST.read_text("utf-8")))


@dataclass(frozen=True)
class Shot:
    """One picture: its seed, split ("train", "val", "test", "predict"), class, and file."""

    seed: int
    split: str
    kind: str
    file: str  # below the set's folder, with slashes

    @property
    def mask(self) -> str:
        """Where the mask of what makes the class lies, below the set's folder."""
        path = PurePosixPath(self.file)
        return f"masks/{self.split}/{self.kind}/{path.stem}.png"


@runtime_checkable
class Plan(Protocol):
    """Everything that decides a picture."""

    def parameters(self) -> dict:
        """What is stored beside the picture, ready for JSON; one "group" stays in one split."""


SomePlan = TypeVar("SomePlan", bound=Plan)


@runtime_checkable
class SampleSet(Protocol[SomePlan]):
    """What the package of a set offers. Only `build` and `develop` need Blender."""

    SIZE: tuple[int, int]  # pixels, width and height
    SAMPLES: int  # light paths that Cycles follows for a pixel
    SHOTS: tuple[Shot, ...]  # all pictures, in the order in which they are rendered
    MASKED: tuple[str, ...]  # the splits whose masks are kept

    def make_plan(self, shot: Shot) -> SomePlan:
        """A plan that follows from the shot alone."""

    def build(self, plan: SomePlan) -> None:
        """Make the whole scene in Blender, light and camera included."""

    def develop(self, linear: "np.ndarray", plan: SomePlan) -> "np.ndarray":
        """An 8-bit picture, (h, w, 3) or grey (h, w), of linear light (h, w, 3)."""


def find(name: str) -> SampleSet:
    """The set of that name. Raises KeyError for a name that is none."""
    if name not in NAMES:
        raise KeyError(f"no sample set is called {name!r}; known: {', '.join(NAMES)}")
    return cast(SampleSet, importlib.import_module(f".{name}", __package__))
