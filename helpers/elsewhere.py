"""Run functions of a notebook as programs of their own, with a time limit and without the network.

A kernel that has imported TensorFlow can take no second backend, and an engine that hangs must not
hang the notebook. So what an engine runs is written out as a script from the functions' own source,
and started. Where an engine is not installed, its record in `data/results` is returned instead, if
there is one.
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
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from helpers.errors import CourseError
from helpers.runtime import ROOT, SAVED

FOLDER = SAVED / "elsewhere"  # the scripts, and modules that they share
RECORDS = ROOT / "data" / "results" / "more_than_one_machine.json"
# Each process is given its share as JSON; the first starts the others and prints what all return.
MAIN = """\
if __name__ == "__main__":
    import json
    import subprocess
    import sys

    own, *rest = sys.argv[1:]
    command = [sys.executable, __file__]
    pipe = {{"stdout": subprocess.PIPE, "text": True}}
    others = [subprocess.Popen([*command, one], **pipe) for one in rest]
    found = [{name}(**json.loads(own))]
    found += [json.loads(one.communicate()[0].splitlines()[-1])[0] for one in others]
    print("\\n" + json.dumps(found))
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


def missing(needs: Sequence[str]) -> list[str]:
    """Return which of these modules are not installed here."""
    return [name for name in needs if find_spec(name) is None]


@functools.cache
def can_be_alone() -> bool:
    """Say whether the system lets a program have a network of its own (Linux)."""
    try:
        done = subprocess.run([*NAMESPACE, *LOOPBACK, "true"], capture_output=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def run(
    key: str,
    function: Callable,
    *shares: dict[str, Any],
    needs: Sequence[str] = (),
    listens: bool = False,
    seconds: float = 120,
    **environment: str,
) -> tuple[list[Any], str]:
    """Run a function as a program, once for each of the shares, all at the same time.

    Args:
        key: What its record is called.
        function: Of a notebook, with its imports in its body. It returns what JSON can hold.
        shares: The arguments of each process, by name.
        needs: The modules without which it is not tried.
        listens: Other machines could speak to it, so it is tried in a network of its own only.
        seconds: After so many it is ended, with all that it has started.
        environment: More variables for it.

    Returns:
        What each process returned, and "here"; or what is on record, and "stored".
    """
    script = _written(script_name(key), source(function), MAIN.format(name=function.__name__))
    if missing(needs) or (listens and not can_be_alone()):
        return recorded(key), "stored"
    try:
        return started(script, shares, seconds, environment), "here"
    except CourseError as error:
        print(f"{key}: {error} What follows was measured elsewhere.")
        return recorded(key), "stored"


def script_name(key: str) -> str:
    """Return the name of the script, without its ending, that a key's function is written to."""
    return "run_" + "".join(c if c.isalnum() else "_" for c in key.lower())


def recorded(key: str) -> list[Any]:
    """Return what is on record under a key.

    Raises:
        CourseError: nothing is.
    """
    records = json.loads(RECORDS.read_text(encoding="utf-8")) if RECORDS.exists() else {}
    if key not in records:
        raise CourseError(f"{key} cannot run here, and is not on record.")
    return records[key]


def started(
    script: Path, shares: Sequence[dict], seconds: float, environment: dict[str, str]
) -> list[Any]:
    """Run a script and read what it prints last.

    Raises:
        CourseError: it failed, or took too long.
    """
    command = [sys.executable, str(script), *(json.dumps(one) for one in shares or ({},))]
    if can_be_alone():
        command = [*NAMESPACE, *LOOPBACK, *command]
    options: dict[str, Any] = {"cwd": FOLDER, "env": _environment(environment), "text": True}
    options |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "start_new_session": True}
    process = subprocess.Popen(command, **options)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise CourseError(f"it was ended after {seconds:g} seconds.") from None
    finally:
        _end(process)
    try:
        return json.loads(out.splitlines()[-1])
    except (IndexError, ValueError):
        last = ([line for line in err.splitlines() if line.strip()] or ["nothing"])[-1]
        raise CourseError(f"it failed, and its last words are {last.strip()!r}.") from None


def _end(process: subprocess.Popen) -> None:
    """End a process and those of its group, if any of them is left."""
    with contextlib.suppress(OSError, AttributeError):  # Windows has no such groups
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _environment(more: dict[str, str]) -> dict[str, str]:
    """Return the variables of a script: it finds the course, and nobody is told of its runs."""
    paths = [str(ROOT), str(FOLDER), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **more,
    }


def timed(function: Callable, *given: Any) -> tuple[Any, float]:
    """Call a function; return what it returns, and the seconds by the clock."""
    start = time.perf_counter()
    found = function(*given)
    return found, time.perf_counter() - start
