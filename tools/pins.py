"""Run the notebooks on what a host has installed: `python -m tools.pins ci/pins/colab.txt`.

A file of pins names its Python in the first line. A new environment is made for it, the course is
laid beside it as Colab's set-up cell would, and every notebook that needs no more packages is
compared with what it stores.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from helpers.runtime import ROOT
from tools.chapters import read_chapters, read_notebook

# They compare notebooks, and stand beside the host's own packages.
COMPARERS = ("nbval", "pytest", "pytest-xdist")


def interpreter(pins: Path) -> str:
    """Return the Python that a file of pins asks for; end with a sentence where there is none."""
    try:
        wanted = re.search(r"^.*Python (3\.\d+)", pins.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        sys.exit(f"{pins} is no file that can be read: name one of ci/pins.")
    if not wanted:
        sys.exit(f'{pins} does not name its Python in the first line: write "Python 3.13" there.')
    for name in (f"python{wanted[1]}", "python3", "python", sys.executable):
        found = shutil.which(name)
        ask = "import sys; print('%d.%d' % sys.version_info[:2])"
        said = found and subprocess.run([found, "-c", ask], capture_output=True, text=True).stdout
        if found and said == f"{wanted[1]}\n":
            return found
    sys.exit(f"{pins.name} needs Python {wanted[1]}, which is not here: install it.")


def light() -> list[Path]:
    """Return the notebooks that need nothing beyond what every chapter needs."""
    folder = ROOT / "notebooks"
    chapters = [folder / chapter.name for chapter in read_chapters() if not chapter.needs]
    return chapters + sorted((folder / "clinic").glob("*.ipynb"))


def compare(pins: Path, notebooks: list[str], home: Path) -> int:
    """Install the pins below `home`, and compare the notebooks; return pytest's status."""
    subprocess.run([interpreter(pins), "-m", "venv", str(home)], check=True)
    python = str(home / ("Scripts" if os.name == "nt" else "bin") / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "-r", str(pins), *COMPARERS], check=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [python, "-m", "pytest", "-q", "-n", "2", *notebooks]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


def main() -> int:
    """Do it for each file that is named; return how many failed."""
    parser = argparse.ArgumentParser("tools.pins", description=__doc__)
    parser.add_argument("pins", type=Path, nargs="+", help="files of ci/pins")
    parser.add_argument("--notebooks", nargs="*", help="these; without it, all that need no more")
    given = parser.parse_args()
    notebooks = given.notebooks or [str(path.relative_to(ROOT)) for path in light()]
    for name in given.notebooks or []:
        read_notebook(ROOT / name)
    for pins in given.pins:
        interpreter(pins)  # stops before the first has run
    failed = 0
    for pins in given.pins:
        print(f"{pins.stem}: {', '.join(Path(name).stem[:2] for name in notebooks)}", flush=True)
        with tempfile.TemporaryDirectory() as home:
            failed += compare(pins, notebooks, Path(home)) != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
