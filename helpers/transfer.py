"""Networks that have learnt on other photographs, and the features they find in these."""

import contextlib
import io
import os
import warnings
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from keras import layers

from helpers.cache import cached, fingerprint
from helpers.data import DataSet, Split
from helpers.errors import CourseError
from helpers.runtime import ROOT

OWN = ROOT / "data" / "backbone"
SIDE = 224  # pixels; the size that ImageNet's weights were trained at
OWN_SIDE = 96  # and the course's own
TOGETHER = 64  # images in memory at once
AT_ONCE = 8  # of them in the network, whose maps take some 7 MB an image
# The smallest that keras.applications has weights for: width and file. Pixels go in as -1 to 1.
IMAGENET = {
    "MobileNet": (0.25, "mobilenet_2_5_224_tf_no_top.h5"),
    "MobileNetV2": (0.35, "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"),
}


@dataclass(frozen=True)
class Backbone:
    """A pretrained network without its head.

    Attributes:
        name: A key of `IMAGENET`, or "course" for the course's own.
        model: Takes uint8 or float images (n, height, width, 3) in 0 to 255, for rescaling is part
            of it, and returns float32 feature maps (n, rows, columns, channels). Its layers lie
            flat, so that `model.layers[-12:]` are the last twelve.
    """

    name: str
    model: keras.Model

    @property
    def imagenet(self) -> bool:
        """Whether it has learnt on ImageNet's photographs."""
        return self.name in IMAGENET

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) in pixels that the model takes."""
        return tuple(self.model.input_shape[1:3])


def pretrained(data: DataSet, name: str = "MobileNet", side: int | None = None) -> Backbone:
    """Find a backbone, and say in one line which it is.

    Weights from ImageNet are looked for in `KERAS_HOME/models` (`~/.keras/models`), then Keras
    downloads them. Where neither is possible, a small network of the course's own stands in, which
    has learnt on the other sample sets and on none of this (`tools/pretrain.py`).

    Args:
        data: The set that it is wanted for.
        name: A key of `IMAGENET`, or "course" for the course's own.
        side: Height and width of the images, in pixels; None is what it was trained at.

    Returns:
        The backbone, all its layers frozen.

    Raises:
        CourseError: there is no such backbone.
    """
    if name not in (*IMAGENET, "course"):
        raise CourseError(f"There is no backbone {name!r}: choose {', '.join(IMAGENET)} or course.")
    model = _imagenet(name, side or SIDE) if name in IMAGENET else None
    said = f"{name}, trained on 1.3 million photographs of ImageNet"
    if model is None:
        said = "the course's own small network, trained on other sample sets"
        if name in IMAGENET:
            said += f" (the weights of {name} are neither here nor to be had)"
        name = "course"
        model = own_network((side or OWN_SIDE,) * 2)
        model.load_weights(own_weights(data.name))
    model.trainable = False
    print(f"Backbone: {said}.")
    return Backbone(name, model)


def own_network(size: tuple[int, int]) -> keras.Sequential:
    """Build the course's own body: 38,000 parameters, feature maps (rows, columns, 128).

    Written out here, and only its weights kept in files: a model that one Keras has saved whole
    may hold what an older one does not know.

    Args:
        size: (height, width) of the images in pixels; the maps have a sixteenth of each.
    """
    model = keras.Sequential(
        [keras.Input((*size, 3), name="image"), layers.Rescaling(1 / 127.5, -1)], name="course"
    )
    for block, filters in enumerate((16, 32, 64, 128)):
        convolution = layers.SeparableConv2D if block else layers.Conv2D
        for _ in range(2 if block else 1):
            model.add(convolution(filters, 3, padding="same", use_bias=False))
            model.add(layers.BatchNormalization(momentum=0.9))
            model.add(layers.Activation("relu"))
        model.add(layers.MaxPooling2D())
    return model


def own_weights(name: str) -> Path:
    """Return the file of the body that has seen no image of the sample set `name`."""
    return OWN / f"without_{name}.weights.h5"


def _imagenet(name: str, side: int) -> keras.Model | None:
    """Build one of Keras' networks, rescaling included; None where its weights cannot be had."""
    width, file = IMAGENET[name]
    home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    local = home / "models" / file  # Keras passes by a folder that it may not write to
    weights = str(local) if local.is_file() else "imagenet"
    image = keras.Input((side, side, 3), name="image")
    scaled = layers.Rescaling(1 / 127.5, -1, name="rescaling")(image)
    build = getattr(keras.applications, name)
    try:  # Keras announces its download on stdout, and warns where `side` is not SIDE
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = build(alpha=width, input_tensor=scaled, include_top=False, weights=weights)
    except Exception:  # Keras raises a bare Exception for whatever keeps it from downloading
        return None
    return keras.Model(image, body.outputs[0], name=name.lower())


def features(split: Split, backbone: Backbone) -> np.ndarray:
    """Average each feature map of each image; computed once, and kept in a file.

    Returns:
        float32 array of shape (n, channels), read-only.
    """

    def fill(rows: np.ndarray) -> None:
        for start in range(0, len(split), TOGETHER):  # some at a time, for memory's sake
            some = split.take(range(len(split))[start : start + TOGETHER])
            pixels = some.arrays(backbone.size)[0]
            maps = backbone.model.predict(pixels, batch_size=AT_ONCE, verbose=0)
            rows[start : start + TOGETHER] = maps.mean(axis=(1, 2))

    weights = sum(float(np.abs(w).sum()) for w in backbone.model.get_weights())
    name = f"features-{fingerprint(split.files, split.fit, backbone.name, backbone.size, weights)}"
    return cached(name, (len(split), backbone.model.output_shape[-1]), np.float32, fill)
