"""Exercises of the chapter on answers to photos."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image

from helpers.classifier import Classifier
from helpers.errors import CourseError
from helpers.exercises import Exercise, call, need
from helpers.images import open_image

STRICT = 0.8  # the threshold that is asked for
here = partial(Exercise, "upload_and_predict")


def be_strict(
    strict: Any, changed: Any, loses: Any, classifier: Classifier, images: np.ndarray
) -> str:
    """Judge a second classifier, and which answers it gives differently."""
    need(isinstance(strict, Classifier), "a classifier is wanted: replace returns one.")
    second = classifier.class_names[1]
    asked = np.array([0.3, 0.45, 0.55, 0.79, 0.81, 0.95])
    says = strict.choose(np.stack([1 - asked, asked], axis=1))
    need(not says[:2].any(), f"that is easier, not stricter: it says {second} below one half.")
    need(not says[2], "that is the classifier as it was: the threshold stays at one half.")
    need(not says[3], f"it says {second} at 0.79 already.")
    need(says[4:].all(), f"it does not say {second} at 0.81, and should from {STRICT} on.")
    before = classifier.indices(images)
    truth = np.flatnonzero(strict.indices(images) != before)
    given = np.asarray(changed)
    hint = "True or False for each picture is a mask: np.flatnonzero makes numbers of it."
    need(given.dtype != bool, hint)
    need(given.ndim > 0, "not how many change is asked, but which: their numbers, in an array.")
    given = given.ravel()  # np.where and np.argwhere wrap the numbers once more
    needless = np.setdiff1d(given, truth)
    need(not len(needless), f"{len(needless)} of these answers are the same from both.")
    missing = np.setdiff1d(truth, given)
    need(not len(missing), f"{len(missing)} answers that change are not among yours.")
    hint = f"to be called {second} is harder now: which class is named less often? Write its name."
    need(str(loses).lower() in (second.lower(), "1"), hint)
    return (
        f"{len(truth)} of {len(images)} answers change, all away from {second}: right where a "
        f"false {second} costs more than one that is missed."
    )


def refuse(refuse_nine: Callable, sure: dict[str, np.ndarray]) -> str:
    """Judge a limit of confidence; return what it costs among the rooms."""
    rng = np.random.default_rng(0)
    for number in (10, 40, 7, 25):
        confidences = rng.uniform(0.5, 1, number).astype("float32")
        limit = call(refuse_nine, confidences.copy())
        need(np.ndim(limit) == 0, "one limit is wanted, a number.")
        need(0 <= limit <= 1, "a limit is a confidence, from 0 to 1; yours looks like a count.")
        refused = int((confidences <= limit).sum())
        wanted = -(-9 * number // 10)
        need(refused > number / 2, f"of {number} it refuses {refused}: too sure are the others.")
        need(refused >= wanted, f"of {number} it refuses {refused}, fewer than nine in ten.")
        hint = f"of {number} it refuses {refused}, and {wanted} would do: a lower limit is enough."
        need(refused == wanted, hint)
    limit = refuse_nine(sure["bikes"].max(axis=1))
    rooms = sure["rooms"].max(axis=1)
    lost = int((rooms <= limit).sum())
    return (
        f"to be rid of nine bikes in ten you refuse up to {limit:.4f}, and with them {lost} of "
        f"{len(rooms)} pictures of the set itself. Confidence does not know what it has not seen."
    )


def faults(classifier: Classifier, file: Path) -> dict[str, np.ndarray]:
    """Return what a network would be given of a file by the mistakes that are usual."""
    pixels = classifier.open(file)
    lying = np.array(Image.open(file).convert("RGB"))  # as it is stored, without its turn
    return {
        "divided by 255 once too often: the network's first layer does it.": pixels / 255,
        "blue stands where red should.": pixels[..., ::-1],
        "the photo was squeezed: classifier.open fits it as in training.": open_image(
            file, classifier.size, fit="squeeze"
        ),
        "a phone's photo was not turned upright: classifier.open does it.": classifier.open(
            _png(lying, file.with_name("lying.png"))
        ),
    }


def said_by_fault(classifier: Classifier, file: Path) -> dict[str, np.ndarray]:
    """Return what each usual mistake makes the network say, where that is not the truth."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / f"copy{Path(file).suffix}"
        copy.write_bytes(Path(file).read_bytes())
        given = faults(classifier, copy)
        said = {told: classifier.probabilities(pixels[None])[0] for told, pixels in given.items()}
    true = classifier.probabilities(classifier.open(file)[None])[0]
    return {told: p for told, p in said.items() if abs(p - true).max() > 1e-3}


def _png(pixels: np.ndarray, path: Path) -> Path:
    """Write pixels to a file, and return it."""
    Image.fromarray(pixels).save(path)
    return path


def judge_file(serve: Callable, classifier: Classifier, file: Path, name: str) -> None:
    """Compare what is said of one file with what the classifier says."""
    found = call(serve, file)
    need(
        isinstance(found, tuple | list) and len(found) == 2, "return the label and the confidence."
    )
    label, confidence = found
    need(label in classifier.class_names, "the first is a label: one of classifier.class_names.")
    need(np.ndim(confidence) == 0, "the confidence is one number: take it out of the batch.")
    true = classifier.answer(file)
    if abs(confidence - true.confidence) < 1e-3 and label == true.label:
        return
    by_fault = said_by_fault(classifier, file)
    at = classifier.class_names.index(label)
    for told, p in by_fault.items():  # first, for by chance its number may be one of those below
        need(abs(p[at] - confidence) > 1e-5, f"{name}: {told}")
    right_number = abs(confidence - true.confidence) < 1e-3
    need(not right_number, f"{name}: sure by the right number, but of the other class.")
    if abs(confidence - (1 - true.confidence)) < 1e-3:
        hint = "the label is right, the confidence of the other class: it goes with the label."
        need(label != true.label, hint)
        need(False, f"{name} is {true.label}: from the threshold on it is the second class.")
    for told, p in by_fault.items():
        need(abs(p - confidence).min() > 1e-3, f"{name}: {told}")
    need(
        False,
        f"{name}: sure by {confidence:.3f}, where the classifier is by {true.confidence:.3f}.",
    )


def serve_files(serve: Callable, classifier: Classifier, photos: Sequence) -> str:
    """Judge the way from a file to an answer; return what it says of the learner's photos."""
    need(isinstance(photos, list | tuple) and len(photos), "my_photos is a list of paths.")
    try:
        pictures = [Image.fromarray(open_image(file)) for file in photos]
    except CourseError as error:
        need(False, f"one of my_photos cannot be opened: {error}")
    turn = Image.Exif()
    turn[274] = 6  # the camera was held upright
    with TemporaryDirectory() as folder:
        upright = pictures[0].resize((120, 120)).crop((0, 0, 120, 80))
        upright.save(Path(folder) / "phone.png", exif=turn)
        wide = pictures[-1].resize((160, 100))
        wide.save(Path(folder) / "wide.png")
        for name in ("wide.png", "phone.png"):
            judge_file(serve, classifier, Path(folder) / name, name)
    for file in photos:
        judge_file(serve, classifier, Path(file), Path(file).name)
    said = [
        f"{Path(file).name} {label}, {sure:.2f}"
        for file in photos[:4]
        for label, sure in [serve(file)]
    ]
    return f"your way and the classifier's agree. {'; '.join(said)}."


check_1 = here(
    1,
    "A stricter reader",
    4,
    """\
*Predict, then run.* A classifier that says its second class from 0.8 on is stricter. Which class
will it name less often? Write that down, make one with
`dataclasses.replace` (it cannot be changed in place), and find out which of the test pictures get
another answer.""",
    """
from dataclasses import replace  # solution
named_less = data.class_names[1]  # solution
strict = replace(classifier, threshold=0.8)  # solution
said_before = classifier.indices(test_images)
changed_ones = np.flatnonzero(strict.indices(test_images) != said_before)  # solution
check_1(strict, changed_ones, named_less, classifier, test_images)
""",
    be_strict,
    (
        "`replace(classifier, threshold=...)` returns another one, and leaves this as it is.",
        "Ask the strict one for its `indices`, and see where they differ from `said_before`.",
    ),
)
check_2 = here(
    2,
    "Refuse what is no room",
    4,
    """\
Could one refuse answers that are not sure enough? Write a function that takes the confidences of
pictures which show no room, and returns the lowest limit that refuses nine in ten of them. Refused
is an answer whose confidence is not above the limit. The check takes your limit for the bikes, and
says how many test pictures of the set that you loaded are refused with them: how many do you
expect?""",
    """
def refuse_nine(confidences):
    ordered = np.sort(confidences)
    so_many = -(-9 * len(ordered) // 10)  # solution
    return ordered[so_many - 1]  # solution

check_2(refuse_nine, sure)
""",
    refuse,
    (
        "In `ordered` the least sure comes first: refused are the first nine tenths of it.",
        "Round the number up, and take the confidence at that place; places begin at 0.",
    ),
)
check_3 = here(
    3,
    "From a file to an answer",
    7,
    """\
Write the four steps yourself, without `classifier.answer`: a function that takes the path of a
photo, and returns its label and the confidence. Then, outside of these minutes, photograph your
room, tidy it, photograph it again from the same place, and put the paths of both into `my_photos`.
The check brings photos of its own, too: a wide one, and one from a phone.""",
    """
my_photos = good  # or your own: ["before.jpg", "after.jpg"]

def serve(file):
    square = classifier.open(file)  # solution
    second = float(classifier.model.predict(square[None], verbose=0)[0, 0])  # solution
    which = int(second >= classifier.threshold)  # solution
    return classifier.class_names[which], second if which == 1 else 1 - second  # solution

check_3(serve, classifier, my_photos)
""",
    serve_files,
    (
        "`classifier.open` opens a file as in training; `[None]` makes a batch of it.",
        "`classifier.model.predict` gives the probability of the second class.",
        "The threshold chooses the label; the confidence is the probability of that label.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
