"""A network made new learns as a new one does, to the last bit."""

import numpy as np
import pytest

PIXELS = np.random.default_rng(0).integers(0, 256, (48, 16, 16, 3), dtype=np.uint8)
LABELS = np.random.default_rng(1).integers(0, 2, (48, 1)).astype("float32")


def build(seed, units=8):
    """A network in which all is random that may be: weights, dropout, augmentation."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.RandomFlip("horizontal"),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, use_bias=False),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dense(units, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    return model


def learnt(model):
    """What it says of its training, and its weights afterwards."""
    run = model.fit(PIXELS, LABELS, batch_size=16, epochs=3, verbose=0)
    return run.history, model.get_weights()


def test_it_learns_as_a_new_one_does(keras):
    from helpers.renew import renewed

    wanted = {seed: learnt(build(seed)) for seed in (1, 2)}
    assert wanted[1][0] != wanted[2][0]
    used = build(3)
    learnt(used)
    for seed in (1, 2, 1):
        history, weights = learnt(renewed(used, build(seed)))
        assert history == wanted[seed][0]
        assert all(np.array_equal(a, b) for a, b in zip(weights, wanted[seed][1], strict=True))


def test_without_it_a_second_training_goes_on_from_the_first(keras):
    used = build(1)
    first, _ = learnt(used)
    assert learnt(used)[0]["loss"][0] != first["loss"][0]


def test_no_graph_is_built_a_second_time(keras):
    from helpers.renew import renewed

    used = build(1)
    learnt(used)
    before = used.train_function
    learnt(renewed(used, build(2)))
    assert used.train_function is before


def test_another_kind_is_refused(keras):
    from helpers.renew import renewed

    with pytest.raises(ValueError, match="not of one kind"):
        renewed(build(1), build(1, units=9))


def test_what_a_graph_has_taken_in_is_not_made_new(keras):
    from helpers.renew import renewed

    def scaled():
        inner = keras.Sequential([keras.Input((2,)), keras.layers.Normalization()])
        model = keras.Sequential([keras.Input((2,)), inner, keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        return model

    with pytest.raises(ValueError, match="adapted numbers"):
        renewed(scaled(), scaled())
