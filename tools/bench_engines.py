"""Run the function of chapter 17 on engines made for many machines, and what else they promise.

`python -m tools.bench_engines`, in an environment with the extra `scale` and Java for Spark, writes
data/results/engines.json, which chapter 17 reads, and the table in docs/results.md. `--photos 1000`
tries it in a few minutes and writes nothing. Each program is `tools.engines`' own, on two cores,
and where Linux allows it in a network of its own.
"""

import argparse
import importlib.metadata
import json
import shutil
from typing import Any

from helpers import start

start()

import nbformat  # noqa: E402

from apps.export.formats import as_onnx  # noqa: E402
from helpers.data import load  # noqa: E402
from helpers.elsewhere import run, share  # noqa: E402
from helpers.files import whole  # noqa: E402
from helpers.network import trained  # noqa: E402
from helpers.runtime import ROOT, SAVED  # noqa: E402
from tools.commandline import at_least  # noqa: E402
from tools.tables import machine, stamp, write  # noqa: E402

FILE = ROOT / "data" / "results" / "engines.json"
CHAPTER = next((ROOT / "notebooks").glob("*_more_than_one_machine.ipynb"))
# In the order of the chapter: the functions that answer and measure, and two ways to call them.
CELLS = ("answer", "photos", "measured", "alone", "with_joblib")
WAYS = {
    "one process": "alone",
    "joblib": "with_joblib",
    "Ray Data": "with_ray",
    "Spark": "with_spark",
}
PHOTOS = 100_000
ENGINES = ("joblib", "ray", "pyspark", "jax", "keras-tuner")
HEAD = """\
| way | start, s | photos a second | photos | seconds in all | the same labels |
|---|---|---|---|---|---|"""


def prepare() -> None:
    """Write the network that answers, and the chapter's functions as the module `answering`."""
    data = load("rooms", "samples")
    classifier = trained(data, epochs=5)
    model = SAVED / "many.onnx"
    with whole(model) as part:
        part.write_bytes(as_onnx(classifier.model, classifier.size, {}))
    cells = [cell.source for cell in nbformat.read(CHAPTER, as_version=4).cells]
    sources = [next(cell for cell in cells if cell.startswith(f"def {name}(")) for name in CELLS]
    files = [str(file) for file in data.train.files]
    known = {"MODEL": str(model), "SIZE": classifier.size, "FIT": data.fit, "FILES": files}
    path = share("answering", NAMES=tuple(data.class_names), **known)
    path.write_text("\n\n\n".join([path.read_text(), *sources]) + "\n", encoding="utf-8")


def together(programs: list[list]) -> list:
    """Start programs at the same time, and return what each of them says."""
    import json
    import subprocess
    import sys
    import tempfile

    begun = []
    for name, given in programs:
        command = [sys.executable, "-m", "tools.engines", name, json.dumps(given)]
        errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - it lives as long as its program
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        begun.append((process, errors))
    found: list = []
    for process, errors in begun:
        said = process.communicate()[0]
        errors.seek(0)
        if process.returncode:
            raise RuntimeError(f"{programs[len(found)][0]}: {errors.read().strip()[-300:]}")
        found.append(json.loads(said.splitlines()[-1]))
    return found


def one(name: str, seconds: float = 1200, **given: Any) -> Any:
    """Run one program; return what it says."""
    return run(together, seconds, programs=[[name, given]])[0]


def several(name: str, parts: list[dict]) -> list:
    """Run a program as often as there are parts, at the same time; return what each says."""
    return run(together, 600, programs=[[name, part] for part in parts])


def answers(number: int) -> list[dict]:
    """Answer the photos in each way, one way after the other."""
    found = []
    for way, program in WAYS.items():
        row = {"way": way} | one(program, number=number, **_once(program))
        print(row, flush=True)
        found.append(row)
    return found


def _once(program: str) -> dict[str, int]:
    """Return the argument by which the chapter's own two ways answer once."""
    return {"rounds": 1} if program in CELLS else {}


def training() -> dict[str, list]:
    """Train in one process, and in two that start from the same weights."""
    return {
        str(processes): several(
            "learn", [{"process": i, "processes": processes} for i in range(processes)]
        )
        for processes in (1, 2)
    }


def searching() -> dict[str, list]:
    """Search by one process, and by a chief with two workers."""
    folder = SAVED / "search"
    found = {}
    for workers in (1, 2):
        shutil.rmtree(folder, ignore_errors=True)
        processes = workers + (workers > 1)
        parts = [{"process": i, "processes": processes} for i in range(processes)]
        found[str(workers)] = several("search", [part | {"folder": str(folder)} for part in parts])
    return found


def engines() -> str:
    """Say which engines these are, with their versions."""
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ENGINES)


def rows(found: list[dict]) -> list[str]:
    """Return the lines of the table."""
    lines = []
    for row in found:
        rate = row["rows"] / row["seconds"]
        same = "yes" if row["digest"] == found[0]["digest"] else "**no**"
        whole_run = row["start"] + row["seconds"]
        numbers = f"{row['start']:.1f} | {rate:.0f} | {row['rows']:,} | {whole_run:.0f}"
        lines.append(f"| {row['way']} | {numbers} | {same} |")
    return lines


def main() -> None:
    """Measure, and keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=at_least(1), default=PHOTOS, help=f"to answer ({PHOTOS})")
    number = parser.parse_args().photos
    prepare()
    on = f"{machine()}, with {engines()}"
    facts: dict[str, Any] = {"measured": stamp(on)}
    facts["mirrored"] = several("mirrored", [{"process": i} for i in (0, 1)])[0]
    facts["training"] = training()
    facts["search"] = searching()
    facts["answers"] = answers(number)
    text = json.dumps(facts, indent=1) + "\n"
    if number != PHOTOS:
        print(text)
        return
    FILE.write_text(text, encoding="utf-8")
    write(rows(facts["answers"]), HEAD, "engines", on=on)


if __name__ == "__main__":
    main()
