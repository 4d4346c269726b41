"""Grad-CAM: which places of a photograph spoke for a class.

Source: R. R. Selvaraju et al., "Grad-CAM: visual explanations from deep networks via gradient-based
localization", ICCV 2017.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import colormaps
from PIL import Image

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

Explainer = Callable[[np.ndarray, int], np.ndarray]

COLOURS = colormaps["viridis"]


def explainer(model: "keras.Model") -> Explainer | None:
    """Prepare Grad-CAM: which places of the last convolution spoke for a class, and how much.

    Args:
        model: As in `Classifier`.

    Returns:
        A function from a uint8 image (height, width, 3) and a class index to a float32 map (height,
        width): in [0, 1], 1 at the strongest place, 0 everywhere where no place spoke for the
        class. None where the model has no convolution.
    """
    import tensorflow as tf

    layers = feature_layers(model)
    if not layers:
        return None
    size = tuple(model.input_shape[1:3])
    last = list(_flat(model))[-1]
    batch = tf.TensorSpec((1, *size, 3), tf.float32)

    @tf.function(input_signature=[batch, tf.TensorSpec((), tf.int32)], autograph=False)
    def weighed(image: tf.Tensor, index: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape, _watching(layers[-1], last, tape) as maps:
            logits = model(image, training=False)[0]
            if logits.shape[0] == 1:  # one sigmoid unit: it speaks for class 1, its negative for 0
                logits = tf.concat([-logits, logits], 0)
            score = logits[index]
        # A model of mixed precision computes in 16 bits: sums over places leave their range.
        slopes = tf.cast(tape.gradient(score, maps[-1]), tf.float32)
        weights = tf.reduce_mean(slopes, axis=(1, 2), keepdims=True)
        return tf.nn.relu(tf.reduce_sum(weights * tf.cast(maps[-1], tf.float32), axis=-1))[0]

    def explain(image: np.ndarray, index: int) -> np.ndarray:
        spoke = weighed(image[None].astype(np.float32), np.int32(index)).numpy()
        return on_image(spoke / (spoke.max() or 1), layers, size)

    explain(np.zeros((*size, 3), np.uint8), 0)  # trace it now, while nobody else uses the model
    return explain


def feature_layers(model: "keras.Model") -> "list[keras.Layer]":
    """Return the layers up to the last convolution, and what only normalises or activates it.

    Returns:
        The layers in order; the maps are what the last of them returns. Empty without convolution.
    """
    from keras import layers

    flat = list(_flat(model))
    kinds = (layers.Conv2D, layers.DepthwiseConv2D, layers.SeparableConv2D)
    last = max((i for i, layer in enumerate(flat) if isinstance(layer, kinds)), default=-1)
    after = (layers.BatchNormalization, layers.Activation, layers.ReLU, layers.LeakyReLU)
    while 0 <= last < len(flat) - 1 and isinstance(flat[last + 1], after):
        last += 1
    return flat[: last + 1]


def _flat(model: "keras.Model") -> Iterator["keras.Layer"]:
    """Yield the layers in order, those of a network inside the network too."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _flat(layer)
        else:
            yield layer


@contextmanager
def _watching(
    place: "keras.Layer", last: "keras.Layer", tape: "tf.GradientTape"
) -> Iterator["list[tf.Tensor]"]:
    """Collect what `place` returns, watched by the tape; the last layer goes without activation.

    A hook, because the layer may lie in a network inside the network, where Keras offers no tensor
    to build a second model from.
    """
    from keras.activations import linear

    returned: list[tf.Tensor] = []
    call = place.call
    activation = getattr(last, "activation", None)

    def watched(*args: Any, **kwargs: Any) -> "tf.Tensor":
        returned.append(call(*args, **kwargs))
        tape.watch(returned[-1])
        return returned[-1]

    place.call = watched
    last.activation = linear
    try:
        yield returned
    finally:
        place.call = call
        last.activation = activation


def extent(layers: "list[keras.Layer]", pixels: int, cells: int, axis: int) -> tuple[float, float]:
    """Return where a map lies: the first and last edge of its cells, in pixels of the input.

    A cell is centred where it looks, as in chapter 7: without padding the map ends before the image
    does, and where a stride meets padding at one end only, it is pushed towards that end.

    Args:
        layers: Those from the input to the map.
        pixels: Of the input.
        cells: Of the map.
        axis: 0 along the height, 1 along the width.
    """
    low = 0.0
    step = 1.0
    size = pixels
    for layer in layers:
        kernel = getattr(layer, "kernel_size", getattr(layer, "pool_size", None))
        if kernel:
            width = kernel[axis]
            stride = layer.strides[axis]
            before = 0
            after = (size - width) // stride + 1
            if layer.padding == "same":  # what does not go evenly stands at the far end
                after = -(-size // stride)
                before = max((after - 1) * stride + width - size, 0) // 2
            low += step * ((width - stride) / 2 - before)
            step *= stride
            size = after
        elif type(layer).__name__ == "ZeroPadding2D":
            low -= step * layer.padding[axis][0]
            size += sum(layer.padding[axis])
    # Where paths part and meet again, counting along one line may go wrong: then it is stretched.
    return (low, low + step * size) if size == cells else (0.0, float(pixels))


def on_image(spoke: np.ndarray, layers: "list[keras.Layer]", size: tuple[int, int]) -> np.ndarray:
    """Draw a float32 map (rows, columns) at its place in an image of this size, smoothly.

    Args:
        spoke: The map.
        layers: Those from the input to the map.
        size: (height, width) in pixels.

    Returns:
        float32 (height, width), 0 where the map does not reach.
    """
    top, bottom = map(round, extent(layers, size[0], spoke.shape[0], 0))
    left, right = map(round, extent(layers, size[1], spoke.shape[1], 1))
    wide = (max(right - left, 1), max(bottom - top, 1))
    drawn = Image.new("F", size[::-1])
    drawn.paste(Image.fromarray(spoke).resize(wide, Image.Resampling.BILINEAR), (left, top))
    return np.asarray(drawn)


def overlay(photo: np.ndarray, heat: np.ndarray) -> np.ndarray:
    """Lay a map over the photograph: grey where nothing spoke, from violet to yellow elsewhere.

    Args:
        photo: uint8 (height, width, 3).
        heat: float32 in [0, 1], of any height and width.

    Returns:
        uint8 array of the photograph's shape.
    """
    size = photo.shape[1::-1]
    heat = np.asarray(Image.fromarray(heat).resize(size, Image.Resampling.BILINEAR)).clip(0, 1)
    grey = np.asarray(Image.fromarray(photo).convert("L"))[..., None].astype(np.float32)
    alpha = 0.75 * np.sqrt(heat)[..., None]
    mixed = (1 - alpha) * grey + alpha * 255 * COLOURS(heat)[..., :3]
    return mixed.round().astype(np.uint8)
