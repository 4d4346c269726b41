"""Where the course stands, and how TensorFlow is imported without its messages.

Nothing here draws or displays, so that a server may use it too; notebooks call `helpers.start`.
"""

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


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


def is_live() -> bool:
    """Say whether a person looks on: a notebook front end, and not nbval or `make run`.

    COURSE_LIVE=0 or 1 decides; without it, Jupyter Server and Colab leave their marks.
    """
    chosen = os.environ.get("COURSE_LIVE", "")
    if chosen:
        return chosen != "0"
    return "JPY_SESSION_NAME" in os.environ or "google.colab" in sys.modules


def import_keras() -> None:
    """Import TensorFlow and Keras without their messages; a second call costs nothing."""
    # 3 leaves only fatal messages; oneDNN stays on, because it more than halves the training time.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # A notebook's kernel starts in notebooks/, where Keras would make a new folder of this name.
    home = os.environ.get("KERAS_HOME", "")
    if home and (ROOT / home).is_dir():
        os.environ["KERAS_HOME"] = str((ROOT / home).resolve())
    with quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import keras  # noqa: F401
        import tensorflow as tf

        tf.get_logger().setLevel("ERROR")  # or it advises on retracing, where it costs nothing
        tf.zeros(1)  # the first operation writes a message too
    # Keras says at every `fit` on a tf.data set that shuffling is the set's own business.
    warnings.filterwarnings("ignore", message="`shuffle=True` was passed")
