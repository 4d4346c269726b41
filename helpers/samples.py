"""Which of the sample sets a model was made for, and where pictures to try it on lie."""

from collections.abc import Sequence
from pathlib import Path

from helpers.data import SAMPLES, SETS


def sample_set(class_names: Sequence[str]) -> str | None:
    """Return the name of the sample set that has exactly these classes; None without one."""
    return next((name for name in SETS if set(held_out(name)) == set(class_names)), None)


def held_out(name: str) -> dict[str, Path]:
    """Return, for each class of a sample set, the folder of its test pictures."""
    pictures = (file.relative_to(SAMPLES) for file in (SAMPLES / name).rglob("*.jpg"))
    tests = [file for file in pictures if any(p.endswith("test") for p in file.parts[1:-2])]
    return {file.parent.name: SAMPLES / file.parent for file in tests}
