"""Programs that serve a model of the course: a page, a web service, an export, an organiser."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from apps.loopback import spare_loopback
from helpers.errors import CourseError

spare_loopback()  # before any of them, or a notebook, asks what it has started here

# What each app imports, beside what the chapters have: the extras of pyproject.toml.
NEEDED = {
    "page": ("gradio",),
    "web": ("flask", "flask_limiter", "flask_wtf", "secure", "waitress"),
    "export": ("ai_edge_litert", "onnx", "onnxruntime", "tf2onnx"),
    "organiser": ("jinja2", "tqdm"),
}
# A newer one would replace the protobuf of Colab's TensorFlow, which then fails in the export.
BELOW = {"onnx": '"onnx<1.23"'}


def check(app: str | None = None) -> None:
    """Raise a CourseError that says how to get what is missing, if anything is.

    Args:
        app: A key of `NEEDED`, for a program; None asks for all of them, in a notebook.
    """
    needed = NEEDED[app] if app else [name for names in NEEDED.values() for name in names]
    missing = [name.replace("_", "-") for name in needed if find_spec(name) is None]
    wanted = [BELOW.get(name, name) for name in missing]
    if missing:
        who = f"apps.{app} needs" if app else "The apps need"
        pip = "python -m pip" if app else "%pip"
        raise CourseError(
            f"{who} {', '.join(missing)}: run `make apps` in the course's folder, or "
            f"`{pip} install {' '.join(wanted)}`, and start again."
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
