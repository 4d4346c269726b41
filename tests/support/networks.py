"""Small untrained networks of the kinds that the chapters save, and pictures to ask them about."""

import numpy as np
from pictures import picture

SIZE = (32, 40)
IMAGES = np.stack([picture(i, SIZE) for i in range(40)])
CALIBRATION = np.stack([picture(i, SIZE) for i in range(100, 140)])


def sigmoid(keras):
    from helpers.network import three_blocks

    model = three_blocks(SIZE)
    model.optimizer.build(model.trainable_variables)  # as after training
    return model, ("clean", "messy")


def softmax(keras):
    """Chapter 13's kind: an augmentation in the model, and normalisation between its layers."""
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((*SIZE, 3)), layers.RandomFlip(), layers.Rescaling(1 / 255)]
    )
    for filters in (8, 16):
        model.add(layers.Conv2D(filters, 3, padding="same"))
        model.add(layers.BatchNormalization())
        model.add(layers.ReLU())
        model.add(layers.MaxPooling2D())
    for layer in (layers.Flatten(), layers.Dropout(0.5), layers.Dense(3, activation="softmax")):
        model.add(layer)
    return model, ("bed", "chair", "sofa")


def mobilenet(keras):
    """Chapter 11's kind: a backbone in the model, a mean, and a head of its own."""
    layers, image = keras.layers, keras.Input((*SIZE, 3))
    scaled = layers.Rescaling(1 / 127.5, -1)(image)
    body = keras.applications.MobileNet(
        alpha=0.25, input_tensor=scaled, include_top=False, weights=None
    )
    head = keras.Sequential([keras.Input((256,)), layers.Dense(1, "sigmoid")])
    inner = keras.Model(image, body.outputs[0])
    model = keras.Sequential([inner, layers.GlobalAveragePooling2D(), head])
    return model, ("clean", "messy")


def lively(keras, model):
    """Fit a new model's running means to the pictures, and its head until the answers differ."""
    inner = [layer for part in model.layers for layer in getattr(part, "layers", [part])]
    for layer in inner:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0
    model(CALIBRATION.astype("float32"), training=True)
    *_, head = inner
    images = IMAGES.astype("float32")
    p = model(images).numpy()
    logits = np.log(p) if p.shape[1] > 1 else np.log(p / (1 - p))
    head.bias.assign(head.bias - logits.mean(axis=0))
    while np.ptp(model(images).numpy(), axis=0).max() < 0.4:
        head.kernel.assign(2 * head.kernel)
        head.bias.assign(2 * head.bias)
    return model
