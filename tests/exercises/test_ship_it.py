"""The exercises on shipping: which answers are wrong, and what they are told."""

from exercised import Exercised


def fall(answers="needed(0.95, 0.94)", days="ceil(n / a_day)", ends="days"):
    return f"""
n = {answers}
days = {{name: {days} for name, a_day in steps.items()}}
check_1(n, {ends}, steps, needed, enough)
"""


def lamp(blue="lit[..., 2] = lit[..., 2] // 2", lit="pictures.copy()", ends="lit"):
    return f"""
def yellow(pictures):
    lit = {lit}
    {blue}
    return {ends}
check_2(yellow, rooms, truth, watched, (bright, sure))
"""


def phone(
    turned="np.rot90(picture)",
    tag="6 if tagged else 1",
    ends="buffer.getvalue()",
    kind="JPEG",
):
    return f"""
import io
from PIL import Image
def lying(picture, tagged):
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = {tag}
    Image.fromarray({turned}).save(buffer, "{kind}", exif=exif)
    return {ends}
check_3(lying, classifier, data.test.files)
"""


class TestShipIt(Exercised):
    chapter = "ship_it"
    cells = ("cdd9da5c", "7f5d8896", "462cdf62", "07e2a065", "e155e1ca")
    edits = {
        # The network stays in memory, and is asked without the apps.
        "trained(data)": "trained(data, epochs=1)",
        "save_classifier(shipped, PATH)": "classifier = predictor = shipped",
        "truth, rng =": (
            "import numpy as np\nrooms = data.test.arrays(classifier.size)[0]\ntruth, rng ="
        ),
        # It counts up for a second, and every answer asks it the same.
        "def needed": "from functools import cache\n\n@cache\ndef needed",
    }
    tries = {3: 20}
    wrong = {
        1: {
            fall("enough"): "by five points",
            fall("5 * enough"): "it is worse",
            fall("25 * enough"): "rule of thumb",
            fall("1000"): "the fall shows in",
            fall("needed(0.95, 0.94) + 1000"): "fewer are, too",
            fall("2880.5"): "whole number",
            fall(days="n / a_day"): "has begun counts",
            fall(days="int(n / a_day)"): "before so many",
            fall(days="ceil(enough / a_day)"): "the larger fall",
            fall(ends="list(days.values())"): "a dict",
        },
        2: {
            lamp("pass"): "as they were",
            lamp(lit="pictures"): "copy them first",
            lamp(lit="pictures // 2", blue="pass"): "in the dark",
            lamp("lit[..., 0] = lit[..., 0] // 2"): "red is halved",
            lamp("lit[..., 1] = lit[..., 1] // 2"): "green is halved",
            lamp("lit[..., 2] = 0"): "one half is left",
            lamp("lit[..., :2] = np.minimum(lit[..., :2] + 40, 255)"): "red and green stay",
            lamp(lit="pictures / 1.0", blue="lit[..., 2] /= 2"): "pictures are uint8",
            lamp(ends="lit[..., 2]"): "the shape is",
        },
        3: {
            phone("picture"): "has to lie",
            phone("np.rot90(picture, -1)"): "other side",
            phone("picture.transpose(1, 0, 2)"): "and nothing else",
            phone(tag="8 if tagged else 1"): "does not bring it upright",
            phone(tag="3 if tagged else 1"): "does not bring it upright",
            phone(tag="1"): "nothing of how",
            phone(tag="6"): "all the same",
            phone("np.rot90(picture) if tagged else np.rot90(picture, -1)"): "the same pixels",
            phone(ends="buffer"): "return the bytes",
            phone(ends="b'a photo'"): "no picture",
            phone(kind="PNG"): "a JPEG is asked, and it is PNG",
        },
    }

    def guess(self, number, rng, solution):
        days = {name: int(rng.integers(1, 2000)) for name in solution[1]} if number == 1 else {}
        return {
            1: lambda: (int(rng.integers(1, 9000)), days, *solution[2:]),
            2: lambda: (lambda rooms: rng.permuted(rooms, axis=2), *solution[1:]),
            3: lambda: (lambda *_: rng.bytes(99), *solution[1:]),
        }[number]()
