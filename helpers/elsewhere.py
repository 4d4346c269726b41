"""Run functions of a notebook as programs of their own, with a time limit and without the network.

A kernel that has imported TensorFlow is no measure of what a process costs that starts, and one
that hangs must not hang the notebook. So a function is written out as a script from its own source,
and started.
"""

import contextlib
import functools
import inspect
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from helpers.errors import CourseError
from helpers.runtime import ROOT, SAVED

FOLDER = SAVED / "elsewhere"  # the scripts, and modules that they share
# It is given its arguments as JSON, and what it prints last is what it returns.
MAIN = """\
if __name__ == "__main__":
    import json
    import sys

    print("\\n" + json.dumps({name}(**json.loads(sys.argv[1]))))
"""
# A network and processes of its own: nothing can reach it, and nothing of it is left behind.
NAMESPACE = ["unshare", "-rnpf", "--kill-child", "--mount-proc"]
LOOPBACK = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh"]


def source(function: Callable) -> str:
    """Return the source of a function, of a notebook's cell too."""
    return textwrap.dedent(inspect.getsource(inspect.unwrap(function)))


def share(name: str, *functions: Callable, **values: Any) -> Path:
    """Write a module that the scripts can import: values first, then functions with their imports.

    Args:
        name: Of the module.
        functions: Of a notebook.
        values: What the functions take for known; anything that `repr` writes.
    """
    lines = [f"{key} = {value!r}" for key, value in values.items()]
    return _written(name, "\n".join(lines), *map(source, functions))


def _written(name: str, *parts: str) -> Path:
    """Write a module below `FOLDER`; return its path."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.py"
    text = "\n\n\n".join(part.strip("\n") for part in parts if part.strip())
    path.write_text(text + "\n", encoding="utf-8")
    return path


@functools.cache
def can_be_alone() -> bool:
    """Say whether the system lets a program have a network of its own (Linux)."""
    try:
        done = subprocess.run([*NAMESPACE, *LOOPBACK, "true"], capture_output=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def run(function: Callable, seconds: float = 120, **given: Any) -> Any:
    """Run a function as a program.

    Args:
        function: Of a notebook, with its imports in its body. It returns what JSON can hold.
        seconds: After so many it is ended, with all that it has started.
        given: Its arguments, which JSON can hold.

    Returns:
        What it returned.

    Raises:
        CourseError: it failed, or took too long.
    """
    name = function.__name__
    script = _written(f"run_{name}", source(function), MAIN.format(name=name))
    command = [sys.executable, str(script), json.dumps(given)]
    if can_be_alone():
        command = [*NAMESPACE, *LOOPBACK, *command]
    options: dict[str, Any] = {"cwd": FOLDER, "env": _environment(), "text": True}
    options |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "start_new_session": True}
    process = subprocess.Popen(command, **options)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise CourseError(f"{name} was ended after {seconds:g} seconds.") from None
    finally:
        _end(process)
    try:
        return json.loads(out.splitlines()[-1])
    except (IndexError, ValueError):
        last = ([line for line in err.splitlines() if line.strip()] or ["nothing"])[-1]
        raise CourseError(f"{name} failed, and its last words are {last.strip()!r}.") from None


def _end(process: subprocess.Popen) -> None:
    """End a process and those of its group, if any of them is left."""
    with contextlib.suppress(OSError, AttributeError):  # Windows has no such groups
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _environment() -> dict[str, str]:
    """Return the variables of a script: with them it finds the course."""
    paths = [str(ROOT), str(FOLDER), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def timed(function: Callable, *given: Any) -> tuple[Any, float]:
    """Call a function; return what it returns, and the seconds by the clock."""
    start = time.perf_counter()
    found = function(*given)
    return found, time.perf_counter() - start
