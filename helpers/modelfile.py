"""A .keras file is data from somebody: looked at before Keras builds what it describes.

It is a zip archive with a description of the layers (JSON), the weights (HDF5) and, added by
`save_classifier`, the class names. Each may claim more than a machine holds in a few kilobytes, so
sizes are read from the directories of the archive and of the HDF5 file before anything is unpacked,
and a layer gets no more weights than the file has.
"""

import io
import json
import re
import threading
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import keras

from helpers.errors import CourseError

FACTS = "classifier.json"  # Keras reads its own members and lets others be
CONFIG = "config.json"
METADATA = "metadata.json"
WEIGHTS = "model.weights.h5"
MAX_BYTES = 2**30  # of all members, unpacked
MAX_TEXT = 2**23  # bytes of a JSON member; that of the largest network in Keras has 1.2 million
MAX_EXPANSION = 100  # unpacked over packed; weights hardly shrink
SPARE = 100_000  # weights that a model may have beside those that are saved, such as random seeds
# These hold code of their own, or another framework's: Keras would run it, the course never does.
FOREIGN = {"FlaxLayer", "JaxLayer", "Lambda", "TFSMLayer", "TorchModuleWrapper"}


@dataclass(frozen=True)
class Contents:
    """What a .keras file says of itself.

    Attributes:
        facts: What `save_classifier` added, as JSON reads it.
        version: The version of Keras that saved it, such as "3.15.1"; "" where it says none.
        weights: How many numbers its weights are.
    """

    facts: Any
    version: str
    weights: int


def contents(path: Path) -> Contents:
    """Look into a .keras file without building anything.

    Raises:
        CourseError: there is no such file, it is no .keras file, it claims more than a machine
            holds, or it holds code.
    """
    with suppress(OSError):  # a name that no disk has: below, it is no file either
        if not path.exists():
            raise CourseError(f"{path} is not there: run chapter 4, which saves it.")
    try:
        if not path.is_file():  # a device or a pipe could be read for ever
            raise ValueError("no regular file")
        with zipfile.ZipFile(path) as archive:
            _check_sizes(path, archive)
            if FACTS not in archive.namelist():
                raise CourseError(f"{path} has no class names: save it with save_classifier.")
            facts = json.loads(archive.read(FACTS))
            _check_layers(path, json.loads(archive.read(CONFIG)))
            version = str(json.loads(archive.read(METADATA)).get("keras_version", ""))
            weights = _weights(path, archive.read(WEIGHTS))
    except MemoryError:
        raise CourseError(f"{path} needs more memory than is free.") from None
    except CourseError:
        raise
    except Exception:  # zipfile, json and h5py raise a dozen kinds on what is damaged
        raise CourseError(unreadable(path)) from None
    known = re.fullmatch(r"\d+(\.\d+){1,3}\w{0,8}", version)
    return Contents(facts, version if known else "", weights)


def unreadable(path: Path) -> str:
    """Return the sentence on a file that is no .keras file."""
    return f"{path} is not a .keras file that can be read: save it again."


def _check_sizes(path: Path, archive: zipfile.ZipFile) -> None:
    """Raise CourseError where the members unpack to more than a classifier has."""
    members = archive.infolist()
    bomb = any(m.file_size > MAX_EXPANSION * m.compress_size + 2**20 for m in members)
    texts = [m for m in members if m.filename.endswith(".json")]
    if (
        bomb
        or sum(m.file_size for m in members) > MAX_BYTES
        or any(m.file_size > MAX_TEXT for m in texts)
    ):
        raise CourseError(
            f"{path} unpacks to more than a classifier has: get it from whom you trust."
        )


def _check_layers(path: Path, config: Any) -> None:
    """Raise CourseError where a layer, however deep, would run code."""
    waiting = [config]
    while waiting:  # no recursion, for the nesting is whatever somebody wrote
        part = waiting.pop()
        if isinstance(part, dict):
            if str(part.get("class_name")) in FOREIGN:
                raise CourseError(
                    f"{path} has a {part['class_name']} layer, whose code the course does not "
                    "run: build the model from Keras' own layers."
                )
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def _weights(path: Path, data: bytes) -> int:
    """Count the numbers in an HDF5 file; raise CourseError where it claims more than it holds."""
    import h5py  # here, for it takes a moment, and whoever trains does not ask

    claimed = []

    def look(_name: str, item: object) -> None:
        if isinstance(item, h5py.Dataset):
            elsewhere = item.external or item.is_virtual  # another file of this disk
            claimed.append((item.size, MAX_BYTES if elsewhere else item.nbytes))

    with h5py.File(io.BytesIO(data)) as file:
        file.visititems(look)
    if sum(size for _, size in claimed) > len(data):  # Keras itself compresses nothing
        raise CourseError(f"{path} has weights that unpack to more than the file: save it again.")
    return sum(number for number, _ in claimed)


def build(path: Path, of: Contents) -> keras.Model:
    """Let Keras build the model of a file that `contents` has looked at.

    Raises:
        CourseError: Keras cannot, or the layers are larger than the file's weights.
    """
    try:
        with no_more_weights(of.weights + SPARE), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as on an optimizer's state, which nobody needs
            return keras.models.load_model(path, safe_mode=True)
    except MemoryError:
        raise CourseError(f"{path} needs more memory than is free.") from None
    except Exception as error:  # whatever the description says, some layer raises it
        raise CourseError(_why_not(path, of, error)) from None


def _why_not(path: Path, of: Contents, error: Exception) -> str:
    """Return the sentence on a model that could not be built."""
    if path.suffix != ".keras":
        return f"{path} does not end in .keras, by which Keras knows its files: rename it."
    if TOO_LARGE in str(error):
        return f"{path} describes layers that are larger than its weights: save it again."
    if _numbers(of.version) > _numbers(keras.__version__):
        return (
            f"{path} was saved by Keras {of.version}, and this is {keras.__version__}: "
            f"install keras=={of.version}, or save it again with this one."
        )
    if isinstance(error, TypeError) or str(error).startswith("Could not"):
        return (
            f"{path} has a layer that Keras cannot build: import what defines it, or save it again."
        )
    return unreadable(path)


def _numbers(version: str) -> tuple[int, ...]:
    """Turn "3.15.1" into (3, 15, 1)."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


TOO_LARGE = "more weights than the file has"
_building = threading.Lock()


@contextmanager
def no_more_weights(most: int) -> Iterator[None]:
    """Let the layers built in this block, in this thread, have at most so many weights.

    Keras has no way to ask how large a model will be: it makes each variable as it comes to it, and
    one line of JSON can ask for a terabyte. So the method by which layers ask is watched meanwhile.
    """
    asked = 0
    thread = threading.get_ident()
    original = keras.layers.Layer.add_weight

    def watched(self: keras.layers.Layer, shape: Any = None, *more: Any, **options: Any) -> Any:
        nonlocal asked
        if threading.get_ident() == thread:
            sides = (shape,) if isinstance(shape, int) else shape or ()
            asked += prod(int(side) for side in sides)
            if asked > most:
                raise ValueError(TOO_LARGE)
        return original(self, shape, *more, **options)

    with _building:
        keras.layers.Layer.add_weight = watched
        try:
            yield
        finally:
            keras.layers.Layer.add_weight = original
