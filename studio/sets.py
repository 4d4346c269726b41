"""The sample sets. Each is a module that decides, without Blender, what is in every picture.

A set's module has

- `SIZE`, pixels (width, height), and `SAMPLES`, how many light paths Cycles follows for a pixel;
- `SHOTS`, all pictures of the set, in the order in which they are rendered;
- `MASKED`, the splits whose masks are kept;
- `make_plan(shot)`, a plan that follows from the shot alone; its method `parameters()` gives what
  is stored beside the pictures, ready for JSON;
- `build(plan)`, which makes the scene, light and camera included, and `develop(linear, plan)`,
  which makes an 8-bit picture, (h, w, 3) or grey (h, w), of linear light (h, w, 3). Only these two
  need Blender.
"""

import importlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import ModuleType

NAMES = ("rooms", "bikes", "furniture", "scenes")


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


def find(name: str) -> ModuleType:
    """The module of a set. Raises KeyError for a name that is none."""
    if name not in NAMES:
        raise KeyError(f"no sample set is called {name!r}; known: {', '.join(NAMES)}")
    return importlib.import_module(f".{name}", __package__)
