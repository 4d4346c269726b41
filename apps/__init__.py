"""Programs that serve a model of the course: a page, a web service, an export, an organiser."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from helpers import CourseError

NEEDED = (
    *("ai_edge_litert", "flask", "flask_limiter", "flask_wtf", "gradio"),
    *("onnx", "onnxruntime", "secure", "tf2onnx", "tqdm", "waitress"),
)


def check() -> None:
    """Raise a CourseError that says how to get what is missing, if anything is."""
    missing = [name.replace("_", "-") for name in NEEDED if find_spec(name) is None]
    if missing:
        raise CourseError(
            f"The apps need {len(missing)} more packages: run `make apps` in the course's folder, "
            f"or `%pip install {' '.join(missing)}` here, and start again."
        )


@contextmanager
def sentences() -> Iterator[None]:
    """End the program on what its user can put right with one sentence and status 1."""
    try:
        yield
    except CourseError as error:
        program = Path(sys.argv[0])
        name = program.parent.name if program.stem == "__main__" else program.stem
        sys.exit(f"{name}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
