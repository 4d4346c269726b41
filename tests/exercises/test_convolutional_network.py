"""The exercises on a convolutional network: the solution passes, and no other answer, twice."""

import keras
from exercised import Exercised

from tools.exercises import exercises


def half(side, parameters):
    return f"check_1({side}, {parameters}, three_blocks)"


def blurred(kernel):
    return f"check_2({kernel}, convolved, grey)"


def slimmed(head, body="three_blocks().layers[:-3]"):
    return (
        "one = layers.Dense(1, activation='sigmoid')\n"
        "average = layers.GlobalAveragePooling2D()\n"
        f"def slim():\n    return keras.Sequential([keras.Input((*SIZE, 3)), *{body}, {head}])\n"
        "check_3(slim, three_blocks, train_pixels)"
    )


def rival(body):
    return (
        "def best_share(numbers, labels):\n"
        "    above = [((numbers >= limit) == labels).mean() for limit in numbers]\n"
        f"    {body}\ncheck_4(best_share, edges, train_pixels, data.train.labels)"
    )


WRONG = {
    1: {
        half(5, 102416): "take two each time",
        half(6, 65600): "three halvings alone",
        half(4.5, 65600): "whole pixels",
        half(10, 409664): "96 pixels leave",
        half(3, 65600): "drop what is over",
        half(4, 1024): "so many numbers go in",
        half(4, 65536): "a bias, too",
        half(4, 102416): "these are smaller",
        half(4, 1088): "not one",
        half(4, 409664): "how many come in",
    },
    2: {
        blurred("np.ones((3, 3))"): "nine times too bright",
        blurred("np.full((3, 3), 1 / 3)"): "becomes 1.50",
        blurred("np.full(9, 1 / 9)"): "3 x 3",
        blurred("kernel"): "finds edges",
        blurred("np.eye(3) / 3"): "evenly",
        blurred("np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16"): "evenly",
        blurred("np.pad([[1.0]], 1)"): "as it is",
    },
    3: {
        slimmed("average, one", "three_blocks().layers[:-4]"): "not those of pool_3",
        slimmed("one", "three_blocks().layers"): "large dense layer",
        slimmed("layers.Flatten(), one"): "it flattens",
        slimmed("layers.GlobalMaxPooling2D(), one"): "the largest of each map",
        slimmed("average, layers.Dense(1)"): "look at the activation",
        slimmed("average, layers.Dense(1, activation='softmax')"): "a softmax over a single",
        slimmed("average, layers.Dense(2, activation='softmax')"): "one each",
        slimmed("average, layers.Dense(64, activation='relu'), one"): "are enough",
        slimmed("average, layers.Dense(1, activation='tanh')"): "no sigmoid",
        slimmed("average"): "one each",
        "check_3(lambda: 3, three_blocks, train_pixels)": "return a network",
    },
    4: {
        rival("return max(above)"): "either way",
        rival("return 1 - min(above)"): "try each",
        rival("return np.mean(above)"): "try each",
        rival("return above"): "one share",
        rival("return max(above) * len(labels)"): "between 0 and 1",
        rival("return 1.0"): "no threshold gets",
        rival("return ((numbers >= np.median(numbers)) == labels).mean()"): "try each",
    },
}


FUNCTIONAL = """
def slim():
    given = keras.Input((*SIZE, 3))
    found = layers.Rescaling(1 / 255)(given)
    for filters in (16, 32, 64):
        found = layers.MaxPooling2D()(layers.Conv2D(filters, 3, activation="relu")(found))
    found = layers.Dropout(0.5)(layers.GlobalAveragePooling2D()(found))
    return keras.Model(given, layers.Dense(1, activation="sigmoid")(found))
check_3(slim, three_blocks, train_pixels)"""


class TestConvolutionalNetwork(Exercised):
    chapter = "convolutional_network"
    needed = ("three_blocks", "edges", "grey")
    tries = dict.fromkeys((1, 2, 3, 4), 20)  # some build a network
    wrong = WRONG

    def guess(self, number, rng, solution):
        return {
            1: lambda: (*rng.integers(1, 70000, 2).tolist(), *solution[2:]),
            2: lambda: (rng.random((3, 3)), *solution[1:]),
            3: lambda: (
                lambda: keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)]),
                *solution[1:],
            ),
            4: lambda: (lambda numbers, labels: rng.random(), *solution[1:]),
        }[number]()

    def test_a_slim_network_may_be_built_in_another_way(self, space, capsys):
        said = self.said(exercises(self.chapter)[2], FUNCTIONAL, space, capsys)
        assert said.startswith("right: ")
