"""The exercises on activations: which answers are wrong, and what they are told."""

import numpy as np
from exercised import Exercised

KERNELS = 'model.get_layer("conv_1").get_weights()[0]'


def upright(number="int(more.argmax())", kernel="kernels[:, :, 0, k]"):
    return f"""
pictures = np.zeros((2, *network.size, 3), "uint8")
pictures[0, :, network.size[1] // 2 :] = 255
pictures[1, network.size[0] // 2 :] = 255
responds = np.ptp(look(inside, pictures)["conv_1"], axis=(1, 2))
more = responds[0] - responds[1]
k = int(more.argmax())
kernels = {KERNELS}
check_2({number}, {kernel}, model, pictures, look, inside)
"""


def without(ends, before="pass"):
    return f"""
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
def without(unit):
    a = val_seen[names[-2]]
    sums = a @ weights[:, 0] + bias[0]
    share = a[:, unit] * weights[unit, 0]
    {before}
    return {ends}
saved = model.get_weights()
check_3(without, 0, model, val_images)
model.set_weights(saved)
"""


SILENCED = "new = model.get_weights(); new[-2][unit] = 0; model.set_weights(new)"


class TestIntermediateActivations(Exercised):
    chapter = "intermediate_activations"
    cells = (
        *("a46d4811", "d96990b8", "56716efe", "4c653cce", "f886e2a4", "37af71b4"),
        *("3d52b0a0", "7a593007"),
    )
    edits = {
        "trained(data)": "trained(data, epochs=4)",
        "val_seen[names[-2]][i]": "val_seen[names[-2]][0]",
        "val_seen[names[-1]][i, 0]": "val_seen[names[-1]][0, 0]",
    }
    tries = {1: 6}  # each builds three networks
    wrong = {
        1: {
            "check_1(24, 25)": "not one",
            "check_1(46, 54)": "two are beyond",
            "check_1(66, 132)": "does not add up",
            "check_1(30, 38)": "two places beyond",
            "check_1(38, 39)": "neighbour is 8 pixels",
            "check_1(38, 76)": "does not double",
            "check_1(38, 54)": "behind the pooling",
            "check_1(38, 38)": "two neighbours",
        },
        2: {
            upright("int(more.argmin())"): "level edges",
            upright("int(np.argsort(more)[len(more) // 2])"): "another one by more",
            upright("16"): "from 0 to 15",
            upright("more"): "number of one filter",
            upright(kernel="kernels[..., k][0]"): "one row of the kernel",
            upright(kernel="kernels[:, :, 0, k].T"): "rows and columns",
            upright(kernel="kernels[:, :, 1, k]"): "red is 0",
            upright(kernel="kernels[:, :, 0, k - 1]"): "not the weights",
            upright(kernel="kernels[..., k]"): "the shape is (3, 3, 3)",
        },
        3: {
            without("sigmoid(sums)"): "still speaks",
            without("sums - share"): "sigmoid is missing",
            without("sigmoid(sums - share - bias[0])"): "bias is silent",
            without("sigmoid(share + bias[0])"): "all units but this",
            without("sigmoid(sums - a[:, unit])"): "value times its weight",
            without("sigmoid(sums - share) >= 0.5"): "no answers",
            without("sigmoid(sums - share)[0]"): "for each of",
            without("model(val_images).numpy()[:, 0]", SILENCED): "put its weights back",
        },
    }

    def guess(self, number, rng, solution):
        if number == 1:
            return tuple(rng.integers(23, 80, 2).tolist())
        if number == 2:
            return int(rng.integers(16)), rng.normal(size=(3, 3)), *solution[2:]
        return lambda unit: rng.random(len(solution[3])), *solution[1:]

    def test_whoever_puts_the_weights_back_is_right(self, space):
        def silent(unit):
            saved = model.get_weights()
            new = [one.copy() for one in saved]
            new[-2][unit] = 0
            model.set_weights(new)
            says = np.asarray(model(space["val_images"], training=False))[:, 0]
            model.set_weights(saved)
            return says

        from exercises.intermediate_activations import check_3

        model = space["model"]
        assert check_3.verdict(silent, 0, model, space["val_images"])[0] == "right"
