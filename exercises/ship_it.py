"""Exercises of the chapter on shipping."""

import io
from collections.abc import Callable, Sequence
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from helpers.classifier import Classifier
from helpers.exercises import Exercise, call, need
from helpers.images import open_image

GOOD = 0.95
BAD = 0.94
ORIENTATION = 0x0112  # the tag that says how a phone was held
here = partial(Exercise, "ship_it")


def power(answers: int) -> float:
    """Return how often a fall shows in so many answers, with one false alarm in twenty at most."""
    from scipy.stats import binom

    return float(binom.cdf(int(binom.ppf(0.05, answers, GOOD)) - 1, answers, BAD))


def smaller_fall(
    answers: Any, days: Any, steps: dict[str, float], needed: Callable, enough: int
) -> str:
    """Judge how many answers a fall by one point takes, and how long that is in each step."""
    need(np.ndim(answers) == 0, "one number of answers is asked.")
    need(answers == int(answers) and answers > 0, "a whole number of answers is asked.")
    number = int(answers)
    need(number != enough, "so many show a fall by five points: this one is by one.")
    need(number != 5 * enough, "five times as many would do if it grew with the fall: it is worse.")
    need(number != 25 * enough, "25 times is a rule of thumb, too much here: let `needed` count.")
    seen = power(number)
    need(seen >= 0.8, f"with {number} answers the fall shows in {seen:.1%} of the cases, not 80.")
    true = needed(GOOD, BAD)
    need(number == true, f"{number} are enough, and fewer are, too: look for the smallest number.")
    hint = "the days are a dict, from the names of `steps` to whole days."
    need(isinstance(days, dict) and set(days) == set(steps), hint)
    for step, judged in steps.items():
        exact = number / judged
        say = f"{step}: {number} answers, {judged:g} judged a day, and you say {days[step]} days"
        need(days[step] != ceil(enough / judged), say + "; that is for the larger fall.")
        need(days[step] == int(days[step]), say + ": a day that has begun counts.")
        need(days[step] >= exact, say + ", before so many are judged.")
        need(days[step] == ceil(exact), say + ".")
    told = ", ".join(f"{day}" for day in days.values())
    return (
        f"{number:,} answers, {number / enough:.0f} times as many as for five points. In the four "
        f"steps that is {told} days: nobody waits so long, so falls of a point go unseen."
    )


def yellow_lamp(
    yellow: Callable, rooms: np.ndarray, truth: np.ndarray, watched: Callable, good: Sequence
) -> str:
    """Judge rooms under a yellow lamp; return what the watches and the answers make of them."""
    rng = np.random.default_rng(0)
    for pictures in (rng.integers(0, 256, (3, 8, 6, 3), dtype=np.uint8), np.asarray(rooms)):
        before = pictures.copy()
        found = np.asarray(call(yellow, pictures))
        hint = "your function changes the rooms it is given, for all weeks: copy them first."
        need(np.array_equal(pictures, before), hint)
        need(found.shape == pictures.shape, f"the shape is {found.shape}, and was {before.shape}.")
        need(found.dtype == np.uint8, f"they are {found.dtype}: pictures are uint8, 0 to 255.")
        need(not np.array_equal(found, before), "the rooms are as they were.")
        halved = [before.copy() for _ in range(3)]
        for colour in range(3):
            halved[colour][..., colour] //= 2
        hint = "all three colours are halved: that is the week in the dark."
        need(not np.array_equal(found, before // 2), hint)
        need(not np.array_equal(found, halved[0]), "red is halved: yellow is red and green.")
        need(not np.array_equal(found, halved[1]), "green is halved, and the light is purple.")
        need(np.array_equal(found[..., :2], before[..., :2]), "red and green stay as they are.")
        away = np.abs(found[..., 2].astype(int) - halved[2][..., 2]).max()
        need(away <= 1, "of blue, the last of the three colours, one half is left.")
    light, confidence, said = watched(found)
    rights = [np.mean(one == truth) for one in (said, watched(rooms)[2])]
    told = _rings(good, (light, confidence))
    return f"{told}; right {rights[0]:.2f}, and before it {rights[1]:.2f}."


def _rings(good: Sequence, week: Sequence) -> str:
    """Say which of the watches, of brightness and of confidence, ring."""
    from scipy.stats import ks_2samp

    told = []
    for name, before, now in zip(("brightness", "confidence"), good, week, strict=True):
        p = ks_2samp(before, now).pvalue
        told.append(f"the watch of {name} {'rings' if p < 0.05 else 'is silent'} (p {p:.0e})")
    return " and ".join(told)


def on_its_side(lying: Callable, classifier: Classifier, files: Sequence[Path]) -> str:
    """Judge a photo as a telephone writes it; return what is said of it with and without a tag."""
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 256, (3, 4, 3), dtype=np.uint8))
    picture = np.asarray(coarse.resize((80, 60)))  # no turned picture looks like another
    data = call(lying, picture, True)
    need(isinstance(data, bytes), "return the bytes of the file: `buffer.getvalue()`.")
    bare = call(lying, picture, False)
    tags = [_tag(one) for one in (data, bare)]
    need(tags[0] is not None, "that is no picture: save it, and return what was written.")
    kinds = {Image.open(io.BytesIO(one)).format for one in (data, bare)}
    need(kinds == {"JPEG"}, f"a JPEG is asked, and it is {' and '.join(map(str, kinds))}.")
    need(tags[0] != 1, "with the tag: it says nothing of how the phone was held.")
    need(tags[1] == 1, "without the tag: there is one all the same.")
    stored = [np.asarray(Image.open(io.BytesIO(one))) for one in (data, bare)]
    need(stored[1].shape != picture.shape, "the rows are as they were: the picture has to lie.")
    need(_alike(*stored), "with and without the tag the same pixels are to be written.")
    need(not _alike(stored[1], np.rot90(picture, -1)), "turned to the other side: `np.rot90` once.")
    need(_alike(stored[1], np.rot90(picture)), "the picture is turned, and nothing else.")
    hint = f"tag {tags[0]} does not bring it upright: 6 asks for a quarter turn clockwise."
    need(_alike(open_image(data), picture), hint)
    shots = [open_image(file) for file in files[:40]]
    plain = classifier.indices(np.stack([classifier.open(file) for file in files[:40]]))
    same = []
    for tagged in (True, False):
        opened = np.stack([classifier.open(call(lying, shot, tagged)) for shot in shots])
        same.append(int((classifier.indices(opened) == plain).sum()))
    return (
        f"of {len(shots)} photos that lie on their side {same[0]} keep their answer with the tag, "
        f"for `open` reads it, and {same[1]} without: nothing in those says which way is up."
    )


def _tag(data: Any) -> int | None:
    """Return the orientation that a file names, 1 where it names none, None if it is no picture."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return int(image.getexif().get(ORIENTATION, 1))
    except (OSError, TypeError):
        return None


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Say whether two pictures differ by no more than JPEG takes."""
    return one.shape == other.shape and bool(np.abs(one.astype(float) - other).mean() < 12)


check_1 = here(
    1,
    "A smaller fall",
    4,
    """\
*Predict, then run.* A fall from 95 to 90 percent shows after `enough` judged answers. How many does
it take where 95 percent fall by a single point? Guess first: five times as many, as it is a fifth
of the fall? Then let `needed` count, and say how many days that is in each of the `steps`: a dict
with their names, in whole days.""",
    """
for_a_point = needed(0.95, 0.94)  # solution
their_days = {name: ceil(for_a_point / a_day) for name, a_day in steps.items()}  # solution
check_1(for_a_point, their_days, steps, needed, enough)
""",
    smaller_fall,
    (
        "`needed(0.95, 0.90)` gave `enough`.",
        "Divide by the answers that are judged in a day; `ceil` counts a day that has begun.",
    ),
)
check_2 = here(
    2,
    "A week under a yellow lamp",
    5,
    """\
Add a week: a yellow lamp leaves red and green as they are, and half of the blue, rounded down.
Write a function that returns rooms under it, and leaves those that it was given as they are. Before
you run it: does the watch of brightness ring, or that of confidence, and does the lamp do harm?
With `COURSE_DATA` these are your rooms.""",
    """
def yellow(pictures):
    lit = pictures.copy()
    # Here half of the blue goes.
    lit[..., 2] //= 2  # solution
    return lit  # solution

check_2(yellow, rooms, truth, watched, (bright, sure))
""",
    yellow_lamp,
    (
        "The last axis holds red, green and blue, in this order.",
        "`lit[..., 2]` is the blue of all pixels; `//= 2` halves it and keeps whole numbers.",
    ),
)
check_3 = here(
    3,
    "A photo on its side",
    6,
    """\
A telephone that is held upright stores the picture on its side, and with it a tag, *orientation*: 6
means *turn me clockwise by a quarter before you show me*. Write a function that lays a picture on
its side as `np.rot90` does, and returns the bytes of a JPEG, with that tag or without. Guess first:
of 40 photos, how many keep their answer in either case? The check asks about test photos, which
with `COURSE_DATA` are your own.""",
    """
import io

from PIL import Image

def lying(picture, tagged):
    buffer = io.BytesIO()
    exif = Image.Exif()
    if tagged:
        exif[0x0112] = 6  # solution
    # Here the picture, on its side, is saved into the buffer.
    Image.fromarray(np.rot90(picture)).save(buffer, "JPEG", exif=exif)  # solution
    return buffer.getvalue()  # solution

check_3(lying, classifier, data.test.files)
""",
    on_its_side,
    (
        "`Image.fromarray(np.rot90(picture))` is the picture on its side.",
        '`.save(buffer, "JPEG", exif=exif)` writes it; `exif[0x0112] = 6` is the tag.',
    ),
)
EXERCISES = (check_1, check_2, check_3)
