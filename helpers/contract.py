"""What a model must be, so that each answer is a label with its probability.

Asked once, where a classifier is loaded: a fault that showed at the first answer only would show in
front of somebody else.
"""

from math import prod
from pathlib import Path

import keras
import numpy as np

from helpers.errors import CourseError

ONE_UNIT = {"sigmoid", "hard_sigmoid"}  # activations whose output is a probability
MORE_UNITS = {"softmax", "sparsemax"}  # and those whose outputs add up to 1
MAX_VALUES = 2**28  # numbers that the layers hold for one image: 1 GB
NEAR_ONE = 0.01  # by so much 16-bit probabilities may miss 1


def check_model(path: Path, model: keras.Model, class_names: tuple[str, ...]) -> None:
    """Check that a model takes RGB images of one size and returns the classes' probabilities.

    Raises:
        CourseError: it does not; the sentence says what it does instead.
    """
    fault = _of_input(model) or _of_output(model, len(class_names)) or _of_layers(model)
    fault = fault or _of_answers(model)
    if fault:
        raise CourseError(f"{path} {fault}")


def _of_input(model: keras.Model) -> str:
    """Say what is wrong with what a model takes; "" if nothing is."""
    if not getattr(model, "inputs", None):
        return "does not say what it takes: begin it with a keras.Input, and save it again."
    if len(model.inputs) != 1:
        return f"takes {len(model.inputs)} inputs at once: save a model that takes one image."
    shape = tuple(model.inputs[0].shape)
    if len(shape) != 4:
        return "takes no images but features: save the whole model."
    if None in shape[1:3]:
        return "takes images of any size: give its input a height and a width, and save it again."
    if shape[3] != 3:
        said = f"takes images of shape {shape[1:]}"
        return (
            f"{said}, where height, width and 3 channels are needed: save a model for RGB images."
        )
    return ""


def _of_output(model: keras.Model, classes: int) -> str:
    """Say what is wrong with what a model returns; "" if nothing is."""
    if len(model.outputs) != 1:
        return f"has {len(model.outputs)} outputs: save a model with the classes' alone."
    shape = tuple(model.outputs[0].shape)
    if len(shape) != 2 or shape[1] is None:
        return f"returns arrays of shape {shape[1:]}: end it in one row of units, one a class."
    units = shape[1]
    if classes != max(2, units):
        return (
            f"names {classes} classes, and its output has {units} units: give each unit its "
            "class name (one sigmoid unit: two)."
        )
    if _last_activation(model) not in ({None} | (ONE_UNIT if units == 1 else MORE_UNITS)):
        return _no_probability(units)
    return ""


def _no_probability(units: int) -> str:
    """Return the sentence on logits and their like."""
    end = "a sigmoid" if units == 1 else "a softmax"
    return f"returns no probabilities: end it in {end}, and save it again."


def _last_activation(model: keras.Model) -> str | None:
    """Return the name of the last layer's activation function; None where it has none."""
    last: keras.layers.Layer = model
    while isinstance(last, keras.Model) and last.layers:
        last = last.layers[-1]
    return getattr(getattr(last, "activation", None), "__name__", None)


def _of_layers(model: keras.Model) -> str:
    """Say whether one image makes the layers hold more than a machine does; "" if not."""
    held = 0
    waiting = list(model.layers)
    while waiting:
        layer = waiting.pop()
        waiting += getattr(layer, "layers", ())
        for output in keras.tree.flatten(getattr(layer, "output", ())):
            held += prod(side or 1 for side in output.shape)
    if held > MAX_VALUES:
        return f"would hold {held:,} numbers for one image: make its input or its layers smaller."
    return ""


def _of_answers(model: keras.Model) -> str:
    """Ask about four pictures that nobody took; say what is wrong with the answers, or ""."""
    shape = model.inputs[0].shape[1:]
    flat = [np.full(shape, level, np.float32) for level in (0, 128, 255)]
    noise = np.random.default_rng(0).integers(0, 256, shape).astype(np.float32)
    try:  # one at a time, for that is what was counted above
        each = [model(picture[None], training=False) for picture in (*flat, noise)]
        said = np.concatenate([keras.ops.convert_to_numpy(one) for one in each])
    except Exception:  # a layer can refuse what its shapes promise
        return "cannot answer about a picture: save it again."
    said = said.astype(np.float32)  # it may be of 16 bits
    if not np.isfinite(said).all():
        return "answers with numbers that are none (NaN): its weights are damaged, train it again."
    sums = said.sum(axis=1) if said.shape[1] > 1 else np.ones(len(said))
    if said.min() < 0 or said.max() > 1 + NEAR_ONE or np.abs(sums - 1).max() > NEAR_ONE:
        return _no_probability(said.shape[1])
    return ""
