"""The inputs that people really have, by number: each is tried by a test and by tests/verdicts.py.

A module in tests/cases puts its functions on the list with `case`. Each makes the smallest input in
an empty folder, gives it to the product, asserts what is right, and returns what the product said.
"""

import contextlib
import importlib.util
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pictures import ROOT

from helpers import CourseError

NOBODY = 65534  # the user that owns nothing


class Untried(Exception):
    """A case that cannot be tried here; the text says why."""


@dataclass(frozen=True)
class Case:
    """One input: the number of its kind, what it stands for, and what tries it."""

    number: str
    kind: str
    name: str
    trial: Callable[[Path], str]


CASES: list[Case] = []


def case(number: int | str, kind: str):
    """Put a function on the list; its name, with blanks, is the name of the case."""

    def enter(trial: Callable[[Path], str]) -> Callable[[Path], str]:
        name = trial.__name__.replace("_", " ")
        assert name not in {each.name for each in CASES}, f"two cases are called {name}"
        CASES.append(Case(str(number), kind, name, trial))
        return trial

    return enter


def all_cases() -> list[Case]:
    """Import every module of tests/cases once, and return the list by number."""
    for path in sorted((ROOT / "tests" / "cases").glob("*.py")):
        name = f"cases_{path.stem}"
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, path)
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
    return sorted(CASES, key=lambda each: (not each.number.isdigit(), each.number.zfill(4)))


def refused(call: Callable, *parts: str) -> str:
    """Call, expect one sentence with these parts, and return it."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            call()
    except CourseError as error:
        sentence = str(error)
        assert sentence.endswith((".", ").")) and sentence.isprintable(), sentence
        for part in parts:
            assert part in sentence, f"{part!r} is not in: {sentence}"
        return sentence
    raise AssertionError("nothing was said")


def said(call: Callable) -> tuple[object, str]:
    """Call, and return what it returned and what it printed."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        returned = call()
    return returned, out.getvalue().strip()


@contextlib.contextmanager
def public_folder():
    """Yield a folder that every user may read, as those of tests are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def as_nobody(code: str, folder: Path, **environment: str) -> str:
    """Run some lines in a folder as a user without rights; return what they print.

    Raises:
        Untried: these tests do not run as root, or nobody else may read the course.
    """
    if not hasattr(os, "setuid") or os.getuid() != 0:
        raise Untried("only root can play a user without rights")
    if not all(above.stat().st_mode & 0o005 == 0o005 for above in (ROOT, *ROOT.parents)):
        raise Untried(f"another user than root may not read {ROOT}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COURSE_")}
    kept |= {"PYTHONDONTWRITEBYTECODE": "1", "HOME": str(folder / "home"), **environment}
    # Libraries may stand where only root reads: they come first, and the helpers once more after.
    prelude = f"import os, sys; sys.path[:0] = [{str(ROOT)!r}]; from pathlib import Path\n"
    prelude += "import scipy.sparse.csgraph, helpers.cache, helpers.data\n"
    prelude += f"os.setgid({NOBODY}); os.setuid({NOBODY})\n"
    prelude += "for name in [name for name in sys.modules if name.startswith('helpers')]:\n"
    prelude += "    del sys.modules[name]\n"
    prelude += "from helpers import CourseError\n"
    done = subprocess.run(
        [sys.executable, "-c", prelude + code],
        env=kept,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-600:]
    return done.stdout.strip()
