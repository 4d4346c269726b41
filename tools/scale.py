"""Run the chapter on more than one machine with its engines, and keep what they gave.

`make scale-table`: executes the chapter as it stands, without a change to it, then lets each way of
answering answer 100,000 photos once, and writes `data/results/more_than_one_machine.json`, which
the chapter reads where an engine is missing. `--photos 0` leaves the long run as it is on record.
"""

import argparse
import json
import os
import platform
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from helpers.elsewhere import FOLDER, JAVA, RECORDS, missing, script_name, started
from tools.chapters import ROOT, read_chapters

SLUG = "more_than_one_machine"
ENGINES = ("jax", "joblib", "keras_tuner", "pyspark", "ray", JAVA)
WAYS = ("one process", "joblib", "Ray Data", "Spark")
LONG = "long run"
LAST = "import json\nfrom helpers.elsewhere import LIVE\nprint(json.dumps(LIVE))"


def live() -> dict[str, list[Any]]:
    """Execute the chapter; return what its programs gave, by key."""
    (chapter,) = (chapter for chapter in read_chapters() if chapter.slug == SLUG)
    notebook = nbformat.read(ROOT / "notebooks" / chapter.name, as_version=4)
    last = nbformat.v4.new_code_cell(LAST)
    notebook.cells.append(last)
    folder = {"metadata": {"path": str(ROOT / "notebooks")}}
    NotebookClient(notebook, timeout=1800, resources=folder).execute()
    return json.loads(last.outputs[0]["text"])


def long_run(photos: int) -> list[dict[str, Any]]:
    """Let each way answer so many photos, once; return what each gave."""
    found = []
    for way in WAYS:
        script = FOLDER / f"{script_name(way)}.py"
        (one,) = started(script, [{"number": photos, "rounds": 1}], 3000, {})
        print(f"{way}: {one['seconds']:.0f} s", flush=True)
        found.append({"way": way, **one})
    return found


def main() -> int:
    """Write the record; return 1 if an engine is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=100_000, help="0 keeps what is on record")
    given = parser.parse_args()
    absent = missing(ENGINES)
    if absent:
        print(
            f"Not installed: {', '.join(absent)}. Run `make scale`; Spark needs Java 17 or newer."
        )
        return 1
    os.environ["COURSE_LIVE"] = "0"
    records = json.loads(RECORDS.read_text()) if RECORDS.exists() else {}
    records |= live()
    if given.photos:
        records[LONG] = long_run(given.photos)
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("keras", "tensorflow", *ENGINES[:5])
    )
    records["measured"] = [
        f"{date.today()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}"
    ]
    write(records, RECORDS)
    return 0


def write(records: dict[str, list[Any]], path: Path) -> None:
    """Write the records, one key a line."""
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in records.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
