"""Tables that a command measures and writes into a page, each between markers of its name.

`<!-- name -->`, the table, what it was measured with, `<!-- end -->`. What is measured anew takes
the place of its own rows; the others stay.
"""

import importlib.metadata
import os
import platform
from collections.abc import Callable, Hashable
from datetime import date
from pathlib import Path

from helpers.runtime import ROOT

PAGE = ROOT / "docs" / "results.md"


def machine() -> str:
    """Say on what this is measured: the cores that may be used, their make, system and load."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count()
    make = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = (line for line in info.read_text().splitlines() if line.startswith("model name"))
        make = next(lines, f": {make}").partition(": ")[2]
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{cores} cores ({make}), {platform.system()}{load}"


def stored(head: str, name: str, page: Path | None = None) -> list[str]:
    """Return the rows that a page's table of this name and head has."""
    text = (page or PAGE).read_text(encoding="utf-8")
    table = text.split(f"<!-- {name} -->\n")[1].split("<!-- end -->")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [line for line in lines if line not in head.splitlines()]


def among(old: list[str], new: list[str], about: Callable[[str], Hashable]) -> list[str]:
    """Return the old rows and the new ones; what two are about the same of is the new one.

    Args:
        old: Rows, in the order in which they are to stay.
        new: Rows that were measured; what no old one is about comes at the end.
        about: Says what a row is about.
    """
    return list({about(row): row for row in (*old, *new)}.values())


def stamp(on: str = "") -> str:
    """Say when, with what, and on what something is measured."""
    version = importlib.metadata.version
    return (
        f"{date.today()}, Python {platform.python_version()}, TensorFlow "
        f"{version('tensorflow')}, Keras {version('keras')}{on and f', on {on}'}"
    )


def write(rows: list[str], head: str, name: str, page: Path | None = None, on: str = "") -> None:
    """Put a table, and what it was measured with and on, between a page's markers of this name."""
    page = page or PAGE
    before, rest = page.read_text(encoding="utf-8").split(f"<!-- {name} -->\n")
    after = rest.split("<!-- end -->", 1)[1]
    lines = [f"<!-- {name} -->", head, *rows, "", f"<!-- measured {stamp(on)} -->", "<!-- end -->"]
    page.write_text(before + "\n".join(lines) + after, encoding="utf-8")
