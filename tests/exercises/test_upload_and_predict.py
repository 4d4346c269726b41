"""The exercises on uploads: which answers are wrong, and what they are told."""

from dataclasses import replace

from exercised import Exercised

STRICT = "__import__('dataclasses').replace(classifier, threshold={})"
CHANGED = "np.flatnonzero((p >= 0.8) != (p >= 0.5))"


def strict(threshold=0.8, changed=CHANGED, loses="data.class_names[1]"):
    made = STRICT.format(threshold) if threshold else "0.8"
    return f"""
p = classifier.probabilities(test_images)[:, 1]
check_1({made}, {changed}, {loses}, classifier, test_images)
"""


def refuse(limit):
    return f"def refuse_nine(c):\n    return {limit}\ncheck_2(refuse_nine, sure)"


def serve(
    opened="classifier.open(file)",
    batch="seen[None]",
    which="int(p >= 0.5)",
    ends="classifier.class_names[which], p if which else 1 - p",
    photos="good",
):
    return f"""
from PIL import Image
from helpers.fit import to_array
from helpers.images import open_image
def serve(file):
    seen = {opened}
    p = float(classifier.model.predict({batch}, verbose=0)[0, 0])
    which = {which}
    return {ends}
check_3(serve, classifier, {photos})
"""


class TestUploadAndPredict(Exercised):
    chapter = "upload_and_predict"
    cells = (
        *("8a19d59b", "63cec850", "b7f02c5d", "b96ee3fc", "40f0bd27", "e3d685eb"),
        *("29d7e0b4",),
    )
    edits = {"trained(data)": "trained(data, epochs=6)"}
    tries = {3: 6}
    wrong = {
        1: {
            strict(0.2): "easier, not stricter",
            strict(0.5): "as it was",
            strict(0.7): "at 0.79 already",
            strict(0.9): "does not say",
            strict(None): "replace returns one",
            strict(changed="(p >= 0.8) != (p >= 0.5)"): "a mask",
            strict(changed="5"): "but which",
            strict(changed="np.arange(len(p))"): "the same from both",
            strict(loses="data.class_names[0]"): "named less often",
        },
        2: {
            refuse("np.sort(c)[len(c) // 10]"): "too sure are the others",
            refuse("np.quantile(c, 0.9)"): "fewer than nine in ten",
            refuse("np.sort(c)[9 * len(c) // 10 - 2]"): "fewer than nine in ten",
            refuse("c.max()"): "a lower limit is enough",
            refuse("np.sort(c)[min(9 * len(c) // 10, len(c) - 1)]"): "a lower limit",
            refuse("9 * len(c) // 10"): "looks like a count",
            refuse("c[c > 0.9]"): "one limit",
        },
        3: {
            serve(batch="seen[None] / 255"): "once too often",
            serve(batch="seen[None, ..., ::-1]"): "blue stands",
            serve(opened="open_image(file, classifier.size, fit='squeeze')"): "squeezed",
            serve(
                opened="to_array(Image.open(file).convert('RGB'), classifier.size)"
            ): "not turned upright",
            serve(batch="seen"): "stops with",
            serve(which="int(p < 0.5)"): "from the threshold on",
            serve(ends="classifier.class_names[1 - which], p if which else 1 - p"): "other class",
            serve(ends="which, p"): "is a label",
            serve(ends="classifier.class_names[which], p"): "goes with the label",
            serve(ends="classifier.class_names[which]"): "the label and the confidence",
            serve(photos="['nowhere.jpg']"): "cannot be opened",
            serve(photos="[]"): "list of paths",
        },
    }

    def guess(self, number, rng, solution):
        if number == 1:
            made = replace(solution[3], threshold=float(rng.random()))
            some = rng.integers(0, len(solution[4]), 3)
            return made, some, rng.choice(solution[3].class_names), *solution[3:]
        if number == 2:
            return lambda confidences: float(rng.random()), *solution[1:]
        names = solution[1].class_names
        return lambda file: (str(rng.choice(names)), float(rng.uniform(0.5, 1))), *solution[1:]
