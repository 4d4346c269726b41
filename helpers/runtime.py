"""Where the course stands and runs, and how TensorFlow is imported without its messages.

Nothing here draws or displays, so that a server may use it too; notebooks call `helpers.start`.
"""

import contextlib
import json
import os
import sys
import warnings
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from helpers.errors import CourseError, printable
from helpers.memory import let_networks_go

ROOT = Path(__file__).resolve().parents[1]
NEEDED = {"backend": "tensorflow", "floatx": "float32", "image_data_format": "channels_last"}
MOST_THREADS = 4096  # with very many more, TensorFlow does not come to its first operation


def writable(name: str) -> Path:
    """Return where the course writes a folder: below `ROOT`, or at home where that is read-only.

    A course is handed out read-only where many share one copy, as on a JupyterHub.

    Args:
        name: The folder, as seen from `ROOT`.

    Returns:
        `ROOT / name`, or the same in a folder `room-by-room` of one's own; it need not exist.
    """
    inside = ROOT / name
    nearest = next(folder for folder in (inside, *inside.parents) if folder.exists())
    effective = os.access in os.supports_effective_ids
    if os.access(nearest, os.W_OK | os.X_OK, effective_ids=effective):
        return inside
    try:
        home = Path.home()
    except RuntimeError:  # a user without a home, as some containers have
        home = Path.cwd()
    return home / "room-by-room" / name


SAVED = writable("saved")  # models, figures and arrays that the chapters compute


def any_letters() -> None:
    """Let stdout and stderr take names in any letters: pipes of Windows know few of them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Mute file descriptor 2, where TensorFlow's C++ side writes whatever Python does.

    Python's own `sys.stderr` goes on where it is not that descriptor, so a traceback is still seen.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextlib.contextmanager
def hidden(*names: str) -> Iterator[None]:
    """Let packages seem not to be installed; what is imported already stays.

    Afterwards they can be imported as ever.
    """
    unknown = [name for name in names if name not in sys.modules]
    for name in unknown:
        sys.modules[name] = None  # type: ignore[assignment]  # which makes its import fail
    try:
        yield
    finally:
        for name in unknown:
            del sys.modules[name]


def place() -> str:
    """Say what shows this notebook: "colab", "kaggle", "vscode", "jupyter", or "" for nothing.

    "vscode" is meant on a runtime of Colab's too, where Colab's own dialogues never come up.
    Kaggle's image is built from Colab's, so `google.colab` can be imported there and waits for
    ever. Colab is known as kagglehub does it, by the kernel's class, or once its library is in use.
    """
    if os.environ.get("KAGGLE_KERNEL_RUN_TYPE"):
        return "kaggle"
    ipython = sys.modules.get("IPython")  # in every kernel, and never imported for this alone
    shell = ipython.get_ipython() if ipython else None
    if "__vsc_ipynb_file__" in getattr(shell, "user_ns", {}):
        return "vscode"
    if "google.colab" in sys.modules or "google.colab" in str(type(shell)):
        return "colab"
    return "jupyter" if "JPY_SESSION_NAME" in os.environ else ""


def is_live() -> bool:
    """Say whether a person looks on: a notebook front end, and not nbval or `make run`.

    COURSE_LIVE=0 or 1 decides. Without it, so does `place`, but for a batch run on Kaggle.
    """
    chosen = os.environ.get("COURSE_LIVE", "")
    if chosen:
        return chosen != "0"
    return bool(place()) and os.environ.get("KAGGLE_KERNEL_RUN_TYPE") != "Batch"


def check_environment() -> None:
    """Raise CourseError where a variable would end the import of Keras, or of TensorFlow.

    The one ends in a traceback, the other ends the process, and both where `quiet` mutes it.
    """
    backend = os.environ.get("KERAS_BACKEND", "")
    if backend not in ("", NEEDED["backend"]):
        raise CourseError(
            f"KERAS_BACKEND is {backend!r}, and the course works with TensorFlow alone: unset it, "
            "or set it to tensorflow, and start again."
        )
    threads = os.environ.get("TF_NUM_INTRAOP_THREADS", "")
    if threads and not (threads.isdecimal() and int(threads) <= MOST_THREADS):
        raise CourseError(
            f"TF_NUM_INTRAOP_THREADS is {threads!r}: unset it, or set it to a whole number from 0 "
            f"(one for each core) to {MOST_THREADS}, and start again."
        )
    file = Path(os.environ.get("KERAS_HOME", "~/.keras")) / "keras.json"
    with contextlib.suppress(RuntimeError):  # a user without a home
        file = file.expanduser()
    settings = _settings(file)
    for name, needed in NEEDED.items():
        said = settings.get(name, needed)
        if said != needed and not (name == "backend" and backend):
            also = ", or set KERAS_BACKEND to tensorflow" if name == "backend" else ""
            raise CourseError(
                f"{printable(file)} sets {name} to {said!r}, and the course needs {needed!r}: "
                f"change that there{also}, and start again."
            )


def _settings(file: Path) -> dict[str, object]:
    """Return what a file sets for Keras, which passes by one that is no JSON."""
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        raise CourseError(f"{printable(file)} holds no settings: delete it, and start again.")
    return found


def import_keras() -> None:
    """Import TensorFlow and Keras without their messages; a second call costs nothing.

    Raises:
        CourseError: as `check_environment`.
    """
    # 3 leaves only fatal messages; oneDNN stays on, because it more than halves the training time.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # A notebook's kernel starts in notebooks/, where Keras would make a new folder of this name.
    home = os.environ.get("KERAS_HOME", "")
    if home and (ROOT / home).is_dir():
        os.environ["KERAS_HOME"] = str((ROOT / home).resolve())
    check_environment()
    # Where it is installed Keras imports it for `keras.wrappers`, which the course does not use:
    # a sixth of the time that the import takes, and 40 MB.
    with quiet(), hidden("sklearn"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import keras  # noqa: F401
        import tensorflow as tf

        tf.get_logger().setLevel("ERROR")  # or it advises on retracing, where it costs nothing
        tf.zeros(1)  # the first operation writes a message too
    let_networks_go()
    # Keras says at every `fit` on a tf.data set that shuffling is the set's own business.
    warnings.filterwarnings("ignore", message="`shuffle=True` was passed")
