"""The exercises on how a network learns: which answers are wrong, and what they are told."""

from exercised import Exercised


def steps(count, last):
    return f"check_1({count}, {last}, by_batches, labels)"


def rates(body):
    return f"def never_rises(heights):\n    {body}\ncheck_3(never_rises, walk, loss)"


def contrast(second, first="np.abs(np.diff(grey, axis=2)).mean(axis=(1, 2))", stack="axis=1"):
    body = f"grey = pictures.mean(axis=3) / 255\n    first = {first}\n    second = {second}"
    body += f"\n    return np.stack([first, second], {stack})"
    return (
        f"def with_contrast(pictures):\n    {body}\n"
        "check_4(with_contrast, two_numbers, images, labels)"
    )


WRONG = {
    1: {
        steps("len(labels) // 24", "len(labels) % 24"): "left over make a batch",
        steps("len(labels)", 1): "a step a room",
        steps("len(labels) / 24", 24): "whole",
        steps("-(-len(labels) // 24)", 24): "each batch but the last",
        steps("-(-len(labels) // 24)", 0): "none",
        steps("-(-len(labels) // 24)", 5): "full batches are gone",
        steps(24, 24): "count the hands",
    },
    2: {
        "check_2(6, 4)": "first one's -1, too",
        "check_2(5, 3)": "weights multiply",
        "check_2(2, -1)": "one of the two alone",
        "check_2(6, 3)": "before the 4 is added",
        "check_2(6, 0)": "edges are 0",
        "check_2(7, 1)": "edges of 1",
    },
    3: {
        rates("return bool(heights[1] > heights[0])"): "and you say False",
        rates("return True"): "the last is the highest",
        rates("return bool(heights[-1] <= heights[0])"): "look at each step",
        rates("return bool(max(heights) <= heights[0])"): "step 2 rises",
        rates("return max(heights)"): "True or False",
        rates("return np.diff(heights) <= 0"): "True or False",
        rates("return bool(np.all(np.diff(heights) < 0))"): "you say False",
    },
    4: {
        contrast("grey.mean(axis=(1, 2))"): "still the mean",
        contrast("255 * grey.std(axis=(1, 2))"): "255 times",
        contrast("np.full(len(grey), grey.std())"): "the same for all",
        contrast("grey.std(axis=1).mean(axis=1)"): "both rows and columns",
        contrast("pictures.std(axis=(1, 2, 3)) / 255 + 0.1"): "no contrast, and gets more",
        contrast("grey.std(axis=(1, 2))", stack="axis=0"): "two numbers for each",
        contrast(
            "np.abs(np.diff(grey, axis=2)).mean(axis=(1, 2))", "grey.std(axis=(1, 2))"
        ): "first",
        contrast(
            "grey.std(axis=(1, 2))", "np.diff(grey, axis=2).mean(axis=(1, 2))"
        ): "edges changed",
    },
}


class TestHowANetworkLearns(Exercised):
    chapter = "how_a_network_learns"
    tries = dict.fromkeys((1, 2, 3, 4), 200)
    wrong = WRONG

    def guess(self, number, rng, solution):
        return {
            1: lambda: (*rng.integers(1, 25, 2).tolist(), *solution[2:]),
            2: lambda: (*rng.integers(-9, 10, 2).tolist(),),
            3: lambda: (lambda heights: bool(rng.integers(2)), *solution[1:]),
            4: lambda: (lambda pictures: rng.random((len(pictures), 2)), *solution[1:]),
        }[number]()
