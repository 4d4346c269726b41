"""A head that was taught in the browser, as a model of its own: the course's backbone below it.

The laboratory (`lab/`) computes the features of photographs with the course's own backbone, trains
one softmax layer on them, and hands that layer out as JSON. The file names the backbone by name and
SHA-256, for on any other the same numbers would mean nothing.
"""

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

from helpers.errors import CourseError
from helpers.files import read_file
from helpers.transfer import OWN, OWN_SIDE, own_network

FORMAT = "room-by-room head"
VERSION = 1
MAX_BYTES = 2**20  # of the file; six classes take 20 kB
MAX_CLASSES = 6
FEATURES = 128
LARGEST = 1e6  # of a weight; those of a head that was trained lie below 100


def head_model(path: Path) -> tuple[keras.Model, dict[str, Any]]:
    """Read a head, and put it on its backbone.

    Args:
        path: The .json file that the laboratory wrote.

    Returns:
        A model from images (n, 96, 96, 3) in 0 to 255 to one softmax unit a class, and what the
        file says beside it, unchecked: class names, threshold, fit.

    Raises:
        CourseError: there is no such file, it is no head, its numbers are none, or it was taught on
            another backbone than the course has.
    """
    said = _read(Path(path))
    kernel, bias = _numbers(path, said)
    body = own_network((OWN_SIDE, OWN_SIDE))
    body.load_weights(_backbone(path, said.get("backbone")))
    body.trainable = False
    output = layers.Dense(len(bias), activation="softmax", name="output")
    maps = body.outputs[0]
    model = keras.Model(
        body.inputs[0], output(layers.GlobalAveragePooling2D(name="features")(maps))
    )
    output.set_weights([kernel, bias])
    return model, said


def _read(path: Path) -> dict[str, Any]:
    """Return the JSON of a head, if it is one."""
    with contextlib.suppress(OSError):  # a name that no disk has: read_file says so
        if not path.exists():
            raise CourseError(f"{path} is not there: save the head in the laboratory first.")
    try:
        said = json.loads(read_file(path, MAX_BYTES), object_pairs_hook=_once)
    except (ValueError, RecursionError):  # no text, no JSON, or one that nests without end
        said = None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise CourseError(f"{path} is no head from the laboratory: save it there again.")
    if said.get("version") != VERSION:
        raise CourseError(f"{path} is of another version than {VERSION}: save it again.")
    return said


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object; a name that stands in it twice makes it none."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _backbone(path: Path, said: Any) -> Path:
    """Return the file of the backbone that a head was taught on, if the course has just that."""
    known = {file.name: file for file in OWN.glob("*.weights.h5")}
    named = said.get("file") if isinstance(said, dict) else None
    file = known.get(named) if isinstance(named, str) else None
    if file is None or said.get("sha256") != hashlib.sha256(file.read_bytes()).hexdigest():
        raise CourseError(
            f"{path} was taught on a backbone that is not in data/backbone: teach it again in the "
            "laboratory of this course."
        )
    return file


def _numbers(path: Path, said: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Return float32 kernel (features, classes) and bias (classes,), if they are numbers."""
    names, kernel, bias = (said.get(key) for key in ("class_names", "kernel", "bias"))
    classes = len(names) if isinstance(names, list) else 0
    if not 2 <= classes <= MAX_CLASSES:
        raise CourseError(f"{path} names no 2 to {MAX_CLASSES} classes: save the head again.")
    rows = kernel if isinstance(kernel, list) else []
    if len(rows) != FEATURES or not all(_is_row(row, classes) for row in [*rows, bias]):
        raise CourseError(
            f"{path} does not hold {FEATURES} by {classes} weights and {classes} biases that are "
            "numbers: save the head again."
        )
    return np.array(rows, np.float32), np.array(bias, np.float32)


def _is_row(row: Any, length: int) -> bool:
    """Say whether something is a list of so many plain numbers."""
    if not isinstance(row, list) or len(row) != length:
        return False
    return all(
        isinstance(x, int | float) and not isinstance(x, bool) and abs(x) < LARGEST  # nor NaN
        for x in row
    )
