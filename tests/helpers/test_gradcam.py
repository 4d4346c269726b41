"""Grad-CAM: the map is what theory says it is, and it lies where the network looked."""

import numpy as np
import pytest
from pictures import picture

from helpers.gradcam import explainer, extent, feature_layers, overlay


def dressed(keras, kind, weights):
    """A network whose map is known: the image itself, then a mean, then a weighted sum."""
    layers = keras.layers
    conv = layers.Conv2D(3, 1, use_bias=False, name="conv")
    head = layers.Dense(np.shape(weights)[1], activation="sigmoid", name="output")
    if np.shape(weights)[1] > 1:
        head.activation = keras.activations.softmax
    image = keras.Input((8, 12, 3))
    body = [layers.Rescaling(1 / 255), conv, layers.ReLU()]
    if kind == "functional":
        x = image
        for layer in (*body, layers.GlobalAveragePooling2D(), head):
            x = layer(x)
        model = keras.Model(image, x)
    elif kind == "nested":
        x = image
        for layer in body:
            x = layer(x)
        inner, top = keras.Model(image, x), keras.Sequential([keras.Input((3,)), head])
        model = keras.Sequential([inner, layers.GlobalAveragePooling2D(), top])
    else:
        model = keras.Sequential([image, *body, layers.GlobalAveragePooling2D(), head])
    conv.set_weights([np.eye(3, dtype=np.float32)[None, None]])
    head.set_weights([np.array(weights, np.float32), np.zeros(np.shape(weights)[1])])
    return model


@pytest.mark.parametrize("kind", ["sequential", "functional", "nested"])
def test_the_map_is_the_weighted_sum_of_the_feature_layers(keras, tmp_path, kind):
    """With a mean and one dense layer behind the convolution, Grad-CAM is known in closed form."""
    image = picture(1, (8, 12))
    three = np.array([[2, -1, 0], [0, 1, -3], [-1, 0, 2]])
    cases = [(three, k, three[:, k]) for k in range(3)]
    # Two hundred times as large, the sigmoid is 0 or 1, and its own gradient is 0.
    one = np.array([[200], [-100], [40]])
    cases += [(one, 1, one[:, 0]), (one, 0, -one[:, 0])]
    for weights, index, wanted in cases:
        dressed(keras, kind, weights).save(tmp_path / "m.keras")
        model = keras.models.load_model(tmp_path / "m.keras")  # as the app gets it
        before = model.predict(image[None], verbose=0)
        expected = np.maximum(image.astype(np.float32) @ wanted, 0)
        heat = explainer(model)(image, index)
        np.testing.assert_allclose(heat, expected / expected.max(), atol=1e-5)
        np.testing.assert_array_equal(model.predict(image[None], verbose=0), before)


def test_without_evidence_and_without_convolution(keras):
    image = picture(1, (8, 12))
    assert explainer(dressed(keras, "sequential", [[1], [1], [1]]))(image, 0).max() == 0
    flat = [keras.Input((8, 12, 3)), keras.layers.Flatten(), keras.layers.Dense(1, "sigmoid")]
    assert explainer(keras.Sequential(flat)) is None


@pytest.mark.parametrize("padding", ["valid", "same", "strided", "zeros"])
def test_the_map_lies_where_the_network_looked(keras, padding):
    """A bright square must be found under its map, and not a few pixels beside it."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((64, 96, 3)), layers.Rescaling(1 / 255)])
    for _ in range(3):
        if padding == "zeros":
            model.add(layers.ZeroPadding2D(((0, 1), (0, 1))))
        pad = "same" if padding in ("same", "strided") else "valid"
        step = {"strides": 2} if padding in ("strided", "zeros") else {}
        model.add(layers.Conv2D(1, 3, padding=pad, kernel_initializer="ones", **step))
        if not step:
            model.add(layers.MaxPooling2D())
    model.add(layers.Conv2D(1, 1, kernel_initializer="ones"))
    model.add(layers.Flatten())
    model.add(layers.Dense(1, "sigmoid", kernel_initializer="ones"))
    explain = explainer(model)
    for row, column in ((20, 20), (36, 70), (28, 44)):
        image = np.zeros((64, 96, 3), np.uint8)
        image[row : row + 12, column : column + 12] = 255
        heat = explain(image, 1)
        centre = np.argwhere(heat >= 0).T @ heat.ravel() / heat.sum()
        assert np.abs(np.subtract(centre, (row + 5.5, column + 5.5))).max() < 2.5


def test_the_map_covers_what_chapter_7_says(keras):
    """There conv_3 is drawn between 7 and 87 of 96 pixels."""
    from helpers.network import three_blocks

    assert extent(feature_layers(three_blocks((96, 96))), 96, 20, 0) == (7, 87)
    assert extent(feature_layers(three_blocks((96, 96))), 96, 19, 0) == (0, 96), "it cannot know"


def test_a_map_inside_a_mobilenet(keras):
    """Chapter 11's network: a backbone with normalisation, a mean, and a head of its own."""
    layers = keras.layers
    image = keras.Input((64, 64, 3))
    x = layers.Rescaling(1 / 127.5, -1)(image)
    body = keras.applications.MobileNet(alpha=0.25, input_tensor=x, include_top=False, weights=None)
    head = keras.Sequential([keras.Input((256,)), layers.Dropout(0.2), layers.Dense(3, "softmax")])
    model = keras.Sequential([keras.Model(image, body.outputs[0]), layers.GlobalAveragePooling2D()])
    model.add(head)
    assert feature_layers(model)[-1].name == "conv_pw_13_relu"
    heat = explainer(model)(picture(4, (64, 64)), 2)
    assert heat.shape == (64, 64) and heat.min() >= 0 and heat.max() == pytest.approx(1, abs=0.1)


def test_the_overlay_is_grey_where_nothing_spoke():
    photo = picture(5, (60, 80))
    heat = np.zeros((30, 40), np.float32)
    heat[:, 20:] = 1
    mixed = overlay(photo, heat)
    assert mixed.shape == photo.shape and mixed.dtype == np.uint8
    assert (np.ptp(mixed[:, :35], axis=-1) == 0).all(), "grey at the left"
    assert (mixed[:, 45:, 0] > mixed[:, 45:, 2] + 50).all(), "yellow at the right"
