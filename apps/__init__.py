"""Programs that serve a model of the course: an organiser, two web apps, an export."""

from importlib.util import find_spec

from helpers.errors import CourseError

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
