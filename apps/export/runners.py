"""Run a model file of any of the formats, each in its own runtime."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from apps.predictor import Predictor
from helpers.errors import CourseError
from helpers.evaluate import of_classes
from helpers.runtime import quiet

Runner = Callable[[np.ndarray], np.ndarray]

THREADS = os.cpu_count() or 1  # TensorFlow takes as many, and so all have the same


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
    (image,) = interpreter.get_input_details()
    (out,) = interpreter.get_output_details()
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
