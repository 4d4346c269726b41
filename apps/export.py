"""Write a saved model in formats that run without Keras, and measure what each costs and keeps.

`python -m apps.export --model saved/rooms.keras --to saved/export`, or its functions from a
notebook. Beside each file lies a JSON with class names, input size and threshold.
"""

import argparse
import contextlib
import io
import logging
import os
import statistics
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from apps import check, sentences
from apps.predictor import MODEL, Predictor
from helpers.data import load
from helpers.errors import CourseError
from helpers.evaluate import of_classes
from helpers.images import SUFFIXES
from helpers.runtime import ROOT, import_keras, quiet
from helpers.samples import sample_set
from helpers.splits import Split

if TYPE_CHECKING:
    import tensorflow as tf

    from helpers.classifier import Classifier

Runner = Callable[[np.ndarray], np.ndarray]

ENDINGS = {"LiteRT": ".tflite", "LiteRT int8": ".int8.tflite", "ONNX": ".onnx"}
CALIBRATION = 100  # photographs; more change the ranges of the activations little
THREADS = os.cpu_count() or 1  # TensorFlow takes as many, and so all have the same
BATCH = 32
ROUNDS, CALLS = 10, 3  # how often the ways take turns, and how often each then runs


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Mute what the converters print, log and warn of."""
    logging.getLogger("tf2onnx").setLevel(logging.ERROR)
    nowhere = io.StringIO()
    with quiet(), warnings.catch_warnings(), contextlib.redirect_stdout(nowhere):
        warnings.simplefilter("ignore")
        with contextlib.redirect_stderr(nowhere):
            yield


def export(path: Path, to: Path, calibration: np.ndarray) -> dict[str, Path]:
    """Write a saved model as LiteRT, as LiteRT in 8-bit integers, and as ONNX.

    Each takes uint8 images (n, height, width, 3) in 0 to 255, any n, and returns float32 (n, units)
    as the model does: rescaling is part of it. Each file appears whole or not at all, and takes the
    place of one that was written before.

    Args:
        path: What `save_classifier` wrote.
        to: The folder; made where it is missing.
        calibration: uint8 images (n, height, width, 3) like those it will see; the int8 model
            gets the ranges of its activations from them.

    Returns:
        The file of each format, by its name in `ENDINGS`.

    Raises:
        CourseError: the model cannot be read or takes no images, there is no image to calibrate
            with, or the folder cannot be written to.
    """
    path = Path(path)
    classifier = taking_images(path)
    from helpers.classifier import MEMBER

    if not len(calibration):
        raise CourseError("There is no photograph to calibrate with: name a folder with --photos.")
    with _silent():
        contents = _converted(classifier, calibration)
    with zipfile.ZipFile(path) as archive:
        facts = archive.read(MEMBER)
    written = {}
    for kind, content in contents.items():
        written[kind] = Path(to) / f"{path.stem}{ENDINGS[kind]}"
        _write(written[kind], content)
        _write(sidecar(written[kind]), facts)
    return written


def taking_images(path: Path) -> "Classifier":
    """Load a saved model that takes images.

    Raises:
        CourseError: it cannot be read, or takes features.
    """
    import_keras()
    from helpers.classifier import load_classifier

    classifier = load_classifier(path)
    if len(classifier.model.input_shape) != 4:
        raise CourseError(f"{path} takes no images but features: export the whole model.")
    return classifier


def sidecar(path: Path) -> Path:
    """Return where the JSON of an exported model lies."""
    return path.with_name(f"{path.name}.json")


def _converted(classifier: "Classifier", calibration: np.ndarray) -> dict[str, bytes]:
    """Return the content of each file, by format."""
    import tensorflow as tf
    import tf2onnx

    images = tf.TensorSpec((None, *classifier.size, 3), tf.uint8, name="image")

    @tf.function(input_signature=[images], autograph=False)
    def called(image: "tf.Tensor") -> "tf.Tensor":
        return classifier.model(tf.cast(image, tf.float32), training=False)

    def lite(optimise: bool) -> bytes:
        converter = tf.lite.TFLiteConverter.from_concrete_functions(
            [called.get_concrete_function()]
        )
        if optimise:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = lambda: ([image[None]] for image in calibration)
        return converter.convert()

    onnx, _ = tf2onnx.convert.from_function(called, input_signature=[images])
    return {"LiteRT": lite(False), "LiteRT int8": lite(True), "ONNX": onnx.SerializeToString()}


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise CourseError(f"{path} cannot be written ({error.strerror}).") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def runner(path: Path) -> Runner:
    """Open a model file of any of the formats.

    Args:
        path: A .keras, .tflite or .onnx file.

    Returns:
        A function from uint8 images (n, height, width, 3) in 0 to 255 to float32 probabilities (n,
        classes), rows adding up to 1. It is for one thread at a time.

    Raises:
        CourseError: there is no such file, or it cannot be read as what its ending says.
    """
    path = Path(path)
    if path.suffix == ".keras":
        return Predictor(path).probabilities
    openers = {".tflite": _lite, ".onnx": _onnx}
    if path.suffix not in openers:
        raise CourseError(f"{path} is no model: use a .keras, .tflite or .onnx file.")
    if not path.is_file():
        raise CourseError(f"{path} is not there: export the model first.")
    try:
        with quiet():
            call = openers[path.suffix](path.read_bytes())
    except Exception:  # each of the two has errors of its own kinds
        raise CourseError(f"{path} is not a {path.suffix} file that can be read.") from None

    return lambda images: of_classes(call(images))


def _lite(content: bytes) -> Runner:
    """Return what runs a LiteRT model; memory is set aside anew when the length of a batch does."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content, num_threads=THREADS)
    interpreter.allocate_tensors()
    (image,), (out,) = interpreter.get_input_details(), interpreter.get_output_details()
    length = [1]

    def call(images: np.ndarray) -> np.ndarray:
        if len(images) != length[0]:
            interpreter.resize_tensor_input(image["index"], images.shape)
            interpreter.allocate_tensors()
            length[0] = len(images)
        interpreter.set_tensor(image["index"], images)
        interpreter.invoke()
        return interpreter.get_tensor(out["index"])

    return call


def _onnx(content: bytes) -> Runner:
    """Return what runs an ONNX model."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.log_severity_level = 3  # errors only
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda images: session.run(None, {name: images})[0]


@dataclass(frozen=True)
class Row:
    """What one way of running a model costs and keeps.

    Attributes:
        way: Which way.
        kb: The size of its file in kB (1000 bytes).
        accuracy: The share in [0, 1] of images that it labels right; NaN without labels.
        differ: How many images it labels otherwise than Keras' `predict`.
        largest: The largest difference of a probability from Keras' `predict`.
        single: Milliseconds for one image, the median of many calls.
        batched: Milliseconds per image in batches of `BATCH`, the median too.
    """

    way: str
    kb: float
    accuracy: float
    differ: int
    largest: float
    single: float
    batched: float


def compare(
    path: Path, exported: dict[str, Path], images: np.ndarray, labels: np.ndarray | None = None
) -> list[Row]:
    """Measure a saved model and its exported files side by side, with `THREADS` threads each.

    Args:
        path: The .keras file.
        exported: What `export` returned.
        images: uint8 (n, height, width, 3), at least one; none that the int8 model was calibrated
            with.
        labels: int (n,), the true class indices; None where nobody knows them.

    Returns:
        A row for each way, Keras' `predict` first.

    Raises:
        CourseError: what `runner` raises.
    """
    from helpers.classifier import accuracy

    predictor = Predictor(path)
    classifier = predictor.classifier
    ways: dict[str, tuple[Path, Runner]] = {
        "Keras, predict": (path, classifier.probabilities),
        "Keras, predict_on_batch": (
            path,
            lambda images: of_classes(classifier.model.predict_on_batch(images)),
        ),
        "Keras, compiled call": (path, predictor.probabilities),
        **{kind: (file, runner(file)) for kind, file in exported.items()},
    }
    calls = {way: call for way, (_, call) in ways.items()}
    single, batched = (_timed(calls, np.resize(images, (n, *images.shape[1:]))) for n in (1, BATCH))
    expected, rows = classifier.probabilities(images), []
    keras_says = classifier.choose(expected)
    for way, (file, call) in ways.items():
        p = np.concatenate([call(images[i : i + BATCH]) for i in range(0, len(images), BATCH)])
        said = classifier.choose(p)
        right = np.nan if labels is None else accuracy(said, labels)
        kb, differ = Path(file).stat().st_size / 1000, int((said != keras_says).sum())
        largest = float(np.abs(p - expected).max())
        rows.append(Row(way, kb, right, differ, largest, single[way], batched[way]))
    return rows


def _timed(ways: dict[str, Runner], images: np.ndarray) -> dict[str, float]:
    """Return the median milliseconds per image of each way.

    They take turns, so that whatever else the computer does meets all of them.
    """
    spent: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, call in ways.items():
            call(images)  # after another way has run, the first call finds the caches cold
            for _ in range(CALLS):
                begun = time.perf_counter()
                call(images)
                spent[way].append(time.perf_counter() - begun)
    return {way: 1000 * statistics.median(times) / len(images) for way, times in spent.items()}


def table(rows: Sequence[Row]) -> str:
    """Lay rows out as text; a ratio is to the fastest."""
    single, batched = min(row.single for row in rows), min(row.batched for row in rows)
    lines = [
        f"{'':24}{'file':>8}{'right':>8}{'labels':>8}{'largest':>11}{'one image':>19}"
        f"{f'of {BATCH}, each':>19}",
        f"{'':24}{'kB':>8}{'':8}{'differ':>8}{'difference':>11}{'ms':>10}{'ratio':>9}"
        f"{'ms':>10}{'ratio':>9}",
    ]
    for row in rows:
        right = "" if np.isnan(row.accuracy) else f"{row.accuracy:.1%}"
        lines.append(
            f"{row.way:24}{row.kb:8.0f}{right:>8}{row.differ:8}{row.largest:11.1e}"
            f"{row.single:10.2f}{row.single / single:9.1f}"
            f"{row.batched:10.3f}{row.batched / batched:9.1f}"
        )
    return "\n".join(lines)


def pictures(
    classifier: "Classifier", folder: Path | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Find photographs to calibrate with, and others to measure on.

    Args:
        classifier: The model that they are for.
        folder: Photographs of one's own, subfolders included: every second one calibrates. None is
            the training and the test split of the set that has the model's classes.

    Returns:
        uint8 arrays (n, height, width, 3), at most `CALIBRATION` images in the first; and the int
        labels (n,) of the second, or None where the folder is one's own.

    Raises:
        CourseError: there are none.
    """
    if folder is not None:
        files = sorted(f for f in Path(folder).rglob("*") if _is_photo(f))
        if len(files) < 2:
            raise CourseError(f"{folder} holds fewer than two photographs: choose another folder.")
        train, test = (Split(tuple(files[i::2]), np.full(len(files[i::2]), -1)) for i in (0, 1))
    else:
        name = sample_set(classifier.class_names)
        if name is None:
            raise CourseError(
                f"No set has the classes {', '.join(classifier.class_names)}: name a folder of "
                "photographs with --photos."
            )
        data = load(name)
        train, test = data.train, data.test
    some = train.take(np.linspace(0, len(train) - 1, min(CALIBRATION, len(train))).astype(int))
    labels = None if folder is not None else test.labels
    return some.arrays(classifier.size)[0], test.arrays(classifier.size)[0], labels


def _is_photo(path: Path) -> bool:
    """Tell photographs from folders with such names, and from hidden files ("._0.jpg" of macOS)."""
    return path.suffix.lower() in SUFFIXES and path.name[0] != "." and path.is_file()


def main() -> None:
    """Export a model, and print how the files compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=MODEL, help="the .keras file (%(default)s)")
    parser.add_argument("--to", type=Path, default=ROOT / "saved" / "export", help="the folder")
    parser.add_argument("--photos", type=Path, help="photographs of your own to calibrate with")
    chosen = parser.parse_args()
    check()
    calibration, images, labels = pictures(taking_images(chosen.model), chosen.photos)
    exported = export(chosen.model, chosen.to, calibration)
    for kind, file in exported.items():
        print(f"{kind:12} {file}")
    print(f"\n{len(images)} images, {THREADS} threads each")
    print(table(compare(chosen.model, exported, images, labels)))


if __name__ == "__main__":
    with sentences():
        main()
