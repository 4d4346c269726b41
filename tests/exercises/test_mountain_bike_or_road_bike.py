"""The exercises on bikes: which answers are wrong, and what they are told."""

from exercised import Exercised


def mirror(pictures="images[:, :, ::-1]", labels="[lessons.labels, lessons.labels]"):
    return f"""
check_2(np.concatenate([images, {pictures}]), np.concatenate({labels}),
        images, lessons.labels, network, taken, tested)
"""


def lower(pixels="moved(tests, down)", asked="asked", ends="np.mean(said == tested)"):
    return f"""
def share_lower(asked, down):
    said = {asked}.predict({pixels}, verbose=0).argmax(axis=1)
    return {ends}
check_3(share_lower, model, moved, tests, tested)
"""


TWICE = "np.concatenate([lessons.labels, lessons.labels])"
REST = "images, lessons.labels, network, taken, tested)"


class TestMountainBikeOrRoadBike(Exercised):
    chapter = "mountain_bike_or_road_bike"
    cells = (
        *("649df073", "cf0bca89", "436d92aa", "46ed87c9", "2d6004b3", "fbcd39a1", "da820a0a"),
        *("99c94996", "f5090b9e", "c9d41b72"),
    )
    edits = {
        "LiveCurves(alt, last=True)": "",
        "epochs=20": "epochs=3",
        "(20, len(pool), 2000)": "(20, 2000)",
        'taken |= {"higher"': 'tested = data.test.labels\ntaken |= {"higher"',
    }
    tries = {3: 5}  # each asks three networks about three places
    wrong = {
        1: {
            "check_1(300)": "rule of three",
            "check_1(100)": "which is less than 99%",
            "check_1(380)": "which is less than 99%",
            "check_1(2000)": "are, too",
            "check_1(99.9)": "a count of pictures",
            "check_1(None)": "there is such a number",
        },
        2: {
            mirror("images[:, ::-1]"): "on their heads",
            mirror("images[..., ::-1]"): "of the colours",
            mirror("images"): "first once more",
            mirror("images[::-1]"): "not the mirrored first",
            mirror(labels="[lessons.labels]"): "has one label",
            mirror(labels="[lessons.labels, 1 - lessons.labels]"): "of the same class",
            mirror(labels="[np.repeat(lessons.labels, 2)]"): "of the same class",
            f"check_2(images[:, :, ::-1], {TWICE}, {REST}": "mirror images are",
            f"check_2(np.repeat(images, 2, axis=0), {TWICE}, {REST}": "as they are",
            f"check_2(np.concatenate([images, images], axis=1), {TWICE}, {REST}": "of a picture",
        },
        3: {
            lower("tests"): "not moved",
            lower("moved(tests, 4)"): "whatever is asked for",
            lower(asked="model"): "the one that is given",
            lower(ends="np.mean(said != tested)"): "share that is wrong",
            lower(ends="np.sum(said == tested)"): "a count of bikes",
            lower(ends="100 * np.mean(said == tested)"): "percent",
            lower(ends="said == tested"): "one share",
        },
    }

    def guess(self, number, rng, solution):
        return {
            1: lambda: (int(rng.integers(1, 2000)),),
            2: lambda: (rng.permutation(solution[0]), rng.permutation(solution[1]), *solution[2:]),
            3: lambda: (lambda asked, down: rng.random(), *solution[1:]),
        }[number]()
