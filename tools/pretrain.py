"""Train the small backbones that stand in where ImageNet's weights cannot be had.

`python -m tools.pretrain [rooms bikes ...]`: for each sample set named, or for all, a network
learns the classes of the *other* sets, so that it has seen no image of the set that it is for. Its
body's weights go to data/backbone.
"""

import argparse

from helpers import start

start()

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402

from helpers.data import SETS, load  # noqa: E402
from helpers.transfer import OWN_SIDE, own_network, own_weights  # noqa: E402

SIZE = (OWN_SIDE, OWN_SIDE)
EPOCHS = 25


def others(name: str) -> tuple[np.ndarray, np.ndarray, int]:
    """Pool the training images of all sets but one: pixels, class numbers, number of classes."""
    images = []
    labels = []
    first = 0
    for other in SETS:
        if other != name:
            data = load(other)
            for split in (data.train, data.val):
                images.append(split.arrays(SIZE)[0])
                labels.append(split.labels + first)
            first += len(data.class_names)
    return np.concatenate(images), np.concatenate(labels), first


def pretrain(name: str) -> keras.Model:
    """Train a body for one set on the others, and return it."""
    keras.utils.set_random_seed(1)
    images, labels, classes = others(name)
    inner = own_network(SIZE)
    model = keras.Sequential(
        [
            keras.Input((*SIZE, 3)),
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.1, 0.1),
            layers.RandomZoom((-0.3, 0.1)),
            layers.RandomContrast(0.2, value_range=(0, 255)),
            inner,
            layers.GlobalAveragePooling2D(),
            layers.Dropout(0.3),
            layers.Dense(classes, activation="softmax"),
        ]
    )
    steps = EPOCHS * -(-len(images) // 32)
    rate = keras.optimizers.schedules.CosineDecay(4e-3, steps)
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=1e-3),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    history = model.fit(images, labels, batch_size=32, epochs=EPOCHS, verbose=0).history
    print(f"{name}: training accuracy {history['accuracy'][-1]:.2f} on {classes} other classes")
    return inner


def main() -> None:
    """Train and keep the bodies that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", choices=[*SETS, []], help="the sets; all if none")
    for name in parser.parse_args().sets or SETS:
        pretrain(name).save_weights(own_weights(name))


if __name__ == "__main__":
    main()
