"""A network that nobody has any more is gone, with the graphs that TensorFlow built for it."""

import gc

import numpy as np
import pytest


def graphs():
    """How many graphs of functions there are, once what is gone has been collected."""
    from tensorflow.python.framework.func_graph import FuncGraph

    gc.collect()
    return sum(isinstance(thing, FuncGraph) for thing in gc.get_objects())


def train(keras):
    """Train a network whose loss has a gradient of its own, and drop it."""
    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten()])
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy")
    model.fit(np.zeros((8, 4, 4, 1)), np.zeros((8, 1)), verbose=0)


def test_networks_leave_no_graph_behind(keras):
    train(keras)
    before = graphs()
    for _ in range(3):
        train(keras)
    assert graphs() <= before


def test_a_gradient_of_ones_own_is_found_while_its_graph_is_there(keras):
    """Asked for from outside of the function, the gradient is looked up by its name."""
    import tensorflow as tf

    @tf.custom_gradient
    def thrice(x):
        return 3 * x, lambda upstream: 7 * upstream  # so that it is known by its gradient

    called = tf.function(lambda x: thrice(x) + 1)
    gc.collect()
    for number in (2.0, 3.0):
        x = tf.constant(number)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = called(x)
        assert float(y) == 3 * number + 1 and float(tape.gradient(y, x)) == 7


def test_what_was_imported_is_not_gone_through_again(keras):
    assert gc.get_freeze_count() > 100_000


@pytest.mark.parametrize("name", ["Relu", "Sigmoid"])
def test_other_gradients_stay_registered(keras, name):
    from tensorflow.python.framework import ops

    assert callable(ops.gradient_registry.lookup(name))
