"""The network that chapter 4 writes out, for the chapters that go on with it.

A test holds this copy and the chapter's together, layer by layer.
"""

import keras
from keras import layers

from helpers.classifier import Classifier
from helpers.data import DataSet, dataset
from helpers.training import Progress

SIZE = (96, 96)  # height and width in pixels
EPOCHS = 15


def three_blocks(size: tuple[int, int] = SIZE) -> keras.Sequential:
    """Build the three-block network, compiled: uint8 images in 0 to 255, one sigmoid unit."""
    # Made first, as in the chapter, so that a seed gives every layer the chapter's weights.
    output = layers.Dense(1, activation="sigmoid", name="output")
    model = keras.Sequential(
        [
            keras.Input((*size, 3), name="image"),
            layers.Rescaling(1 / 255, name="rescaling"),
            layers.Conv2D(16, 3, activation="relu", name="conv_1"),
            layers.MaxPooling2D(name="pool_1"),
            layers.Conv2D(32, 3, activation="relu", name="conv_2"),
            layers.MaxPooling2D(name="pool_2"),
            layers.Conv2D(64, 3, activation="relu", name="conv_3"),
            layers.MaxPooling2D(name="pool_3"),
            layers.Flatten(name="flatten"),
            layers.Dense(64, activation="relu", name="dense"),
            layers.Dropout(0.5, name="dropout"),
            output,
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


def trained(data: DataSet, epochs: int = EPOCHS, seed: int = 1) -> Classifier:
    """Train the three-block network anew: about ten seconds on two cores with the samples."""
    keras.utils.set_random_seed(seed)
    model = three_blocks()
    model.fit(
        dataset(data.train, SIZE, seed=seed),
        validation_data=dataset(data.val, SIZE),
        epochs=epochs,
        verbose=0,
        callbacks=[Progress(every=5)],
    )
    return Classifier(model, data.class_names, fit=data.fit)
