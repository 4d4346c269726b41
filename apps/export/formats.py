"""A saved model as LiteRT, as LiteRT in 8-bit integers, and as ONNX.

Beside each file lies a JSON with class names, input size, threshold and fit.
The ONNX file holds them too, so that it can be handed on alone.
"""

import contextlib
import io
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from apps.predictor import image_classifier
from helpers.errors import CourseError
from helpers.files import whole
from helpers.runtime import quiet

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

    from helpers.classifier import Classifier

FACTS = "classifier"  # the key of the ONNX file's metadata
ENDINGS = {"LiteRT": ".tflite", "LiteRT int8": ".int8.tflite", "ONNX": ".onnx"}


def export(path: Path, to: Path, calibration: np.ndarray) -> dict[str, Path]:
    """Write a saved model in each format.

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
        CourseError: the model cannot be read, takes no images or computes in 16 bits, there is no
            image to calibrate with, or the folder cannot be written to.
    """
    path = Path(path)
    classifier = image_classifier(path)
    if not set(_computes_in(classifier.model)) <= {"float32"}:
        raise CourseError(
            f"{path} has layers that compute in 16 bits, which LiteRT and ONNX do not take here: "
            'train and save it with the dtype policy "float32".'
        )
    from helpers.classifier import facts_of

    if not len(calibration):
        raise CourseError("There is no photograph to calibrate with: name a folder with --photos.")
    with _silent():
        contents = converted(classifier, calibration)
    facts = json.dumps(facts_of(classifier), indent=1)
    written = {}
    for kind, content in contents.items():
        written[kind] = Path(to) / f"{path.stem}{ENDINGS[kind]}"
        with whole(written[kind]) as part:
            part.write_bytes(content)
        with whole(sidecar(written[kind])) as part:
            part.write_text(facts, "utf-8")
    return written


def _computes_in(layer: "keras.Layer") -> Iterator[str]:
    """Name what a layer computes in, and each of those inside it."""
    inner = getattr(layer, "layers", ())
    if not inner:
        yield layer.compute_dtype
    for each in inner:
        yield from _computes_in(each)


def sidecar(path: Path) -> Path:
    """Return where the JSON of an exported model lies."""
    return path.with_name(f"{path.name}.json")


def converted(classifier: "Classifier", calibration: np.ndarray) -> dict[str, bytes]:
    """Return the content of each file, by format."""
    import tensorflow as tf

    from helpers.classifier import facts_of

    called = _on_uint8(classifier.model, classifier.size)

    def lite(optimise: bool) -> bytes:
        converter = tf.lite.TFLiteConverter.from_concrete_functions(
            [called.get_concrete_function()]
        )
        if optimise:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = lambda: ([image[None]] for image in calibration)
        return converter.convert()

    onnx = as_onnx(classifier.model, classifier.size, {FACTS: facts_of(classifier)})
    return {"LiteRT": lite(False), "LiteRT int8": lite(True), "ONNX": onnx}


def as_onnx(model: "keras.Model", size: tuple[int, int], facts: dict[str, object]) -> bytes:
    """Return a model as an ONNX file that takes uint8 images (n, height, width, 3) in 0 to 255.

    Args:
        model: Takes float images of the same shape and values.
        size: (height, width) in pixels.
        facts: What the file says of itself, by key; each is written as JSON.
    """
    import tf2onnx

    with _silent():
        called = _on_uint8(model, size)
        onnx, _ = tf2onnx.convert.from_function(called, input_signature=called.input_signature)
    for key, fact in facts.items():
        onnx.metadata_props.add(key=key, value=json.dumps(fact))
    return onnx.SerializeToString()


def _on_uint8(
    model: "keras.Model", size: tuple[int, int]
) -> "tf.types.experimental.PolymorphicFunction":
    """Return what calls a model on uint8 images, any number at a time."""
    import tensorflow as tf

    images = tf.TensorSpec((None, *size, 3), tf.uint8, name="image")

    @tf.function(input_signature=[images], autograph=False)
    def called(image: "tf.Tensor") -> "tf.Tensor":
        return model(tf.cast(image, tf.float32), training=False)

    return called


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Mute what the converters print, log and warn of."""
    logging.getLogger("tf2onnx").setLevel(logging.ERROR)
    nowhere = io.StringIO()
    with quiet(), warnings.catch_warnings(), contextlib.redirect_stdout(nowhere):
        warnings.simplefilter("ignore")
        with contextlib.redirect_stderr(nowhere):
            yield
