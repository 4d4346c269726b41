"""A model together with what one has to know to use it."""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import category

import keras
import numpy as np

from helpers.contract import check_model
from helpers.errors import CourseError
from helpers.evaluate import of_classes
from helpers.files import whole
from helpers.fit import FIT, FITS
from helpers.images import MAX_PIXELS, Source, open_image
from helpers.modelfile import FACTS, build, contents

LONGEST = 200  # characters of a class name
UNSHOWN = {"Cc", "Cs", "Zl", "Zp"}  # Unicode's controls, half pairs, and ends of lines
UNSAID = "squeeze"  # how every picture was fitted before files said how


@dataclass(frozen=True)
class Answer:
    """What a classifier says of one image: a label, and its probability in [0, 1]."""

    label: str
    confidence: float
    probabilities: dict[str, float]


@dataclass(frozen=True)
class Classifier:
    """A model, its class names by index, and how it is asked and understood.

    The model takes uint8 or float images of shape (n, height, width, 3) in 0 to 255: rescaling is
    part of it. Its output is one sigmoid unit, the probability of class 1, or one softmax unit a
    class.

    Attributes:
        model: As said above.
        class_names: One for each class, by index.
        threshold: The probability in [0, 1] from which two classes' second is said.
        fit: How a picture of another shape is fitted, one of `fit.FITS`: as in training, so that
            of the set it has learnt on (`data.fit`).
    """

    model: keras.Model
    class_names: tuple[str, ...]
    threshold: float = 0.5
    fit: str = FIT

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) in pixels that the model takes."""
        return tuple(self.model.input_shape[1:3])

    def open(
        self, source: Source, name: str | None = None, max_pixels: int = MAX_PIXELS
    ) -> np.ndarray:
        """Open one image as in training: uint8 (height, width, 3); raises as `open_image` does."""
        return open_image(source, self.size, name, max_pixels, self.fit)

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Return float32 (n, classes) in [0, 1], rows adding up to 1, for n images."""
        return of_classes(self.model.predict(images, verbose=0).astype(np.float32))

    def indices(self, images: np.ndarray) -> np.ndarray:
        """Return the int index of each image's class, by the threshold where there are two."""
        return self.choose(self.probabilities(images))

    def choose(self, p: np.ndarray) -> np.ndarray:
        """Return the int index (n,) that each row of probabilities (n, classes) means."""
        return (p[:, 1] >= self.threshold).astype(int) if p.shape[1] == 2 else p.argmax(axis=1)

    def say(self, p: np.ndarray) -> Answer:
        """Put one image's probabilities, float (classes,), into words."""
        index = int(self.choose(p[None])[0])
        named = dict(zip(self.class_names, p.tolist(), strict=True))
        return Answer(self.class_names[index], float(p[index]), named)

    def answer(self, source: Source, name: str | None = None) -> Answer:
        """Open one image as in training and classify it; raises what `open_image` raises."""
        return self.say(self.probabilities(self.open(source, name)[None])[0])


def facts_of(classifier: Classifier) -> dict[str, Any]:
    """Return what a file of a classifier says beside its model, as JSON takes it."""
    return {
        "class_names": classifier.class_names,
        "size": classifier.size,
        "threshold": classifier.threshold,
        "fit": classifier.fit,
    }


def save_classifier(classifier: Classifier, path: Path) -> None:
    """Write one .keras file that also knows class names, input size, threshold and fit.

    Plain `keras.models.load_model` opens it too. The file appears whole or not at all.

    Raises:
        CourseError: the file cannot be written, or its facts are none (see `load_classifier`).
    """
    if Path(path).suffix != ".keras":  # Keras goes by it, here and where the file is read
        raise CourseError(f"{path} does not end in .keras: give the file a name that does.")
    facts = facts_of(classifier)
    _checked_facts(Path(path), json.loads(json.dumps(facts)))
    with whole(path) as part:
        classifier.model.save(part)
        with zipfile.ZipFile(part, "a") as archive:
            archive.writestr(FACTS, json.dumps(facts, indent=1))


def load_classifier(path: Path) -> Classifier:
    """Read what `save_classifier` wrote, and check that it can answer.

    A .json file is a head that was taught in the laboratory, and gets the course's backbone below.

    Raises:
        CourseError: there is no such file, it is no .keras file, or unpacks to more than a machine
            holds; it lacks the class names or the threshold, or they are none; Keras cannot build
            its layers; or the model takes no RGB images of one size, or returns no probability for
            each class.
    """
    path = Path(path)
    if path.suffix.lower() == ".json":
        return _taught(path)
    found = contents(path)
    class_names, threshold, fit = _checked_facts(path, found.facts)
    model = build(path, found)
    check_model(path, model, class_names)
    return Classifier(model, class_names, threshold, fit)


def _taught(path: Path) -> Classifier:
    """Do what `load_classifier` says for a head from the laboratory."""
    from helpers.headfile import head_model  # here, for hardly anybody has one

    model, said = head_model(path)
    class_names, threshold, fit = _checked_facts(path, said)
    check_model(path, model, class_names)
    return Classifier(model, class_names, threshold, fit)


def _checked_facts(path: Path, facts: Any) -> tuple[tuple[str, ...], float, str]:
    """Return the class names, the threshold and the fit that a file holds, if they are such."""
    if not isinstance(facts, dict) or not {"class_names", "threshold"} <= set(facts):
        raise CourseError(
            f"{path} has no class names or no threshold: save it with save_classifier."
        )
    names = facts["class_names"]
    threshold = facts["threshold"]
    fit = facts.get("fit", UNSAID)
    named = isinstance(names, list) and all(isinstance(n, str) and n.strip() for n in names)
    if not named or len(set(names)) != len(names) or len(names) < 2:
        raise CourseError(
            f"{path} has class names that are none: two or more different words are needed."
        )
    if any(len(name) > LONGEST or set(map(category, name)) & UNSHOWN for name in names):
        raise CourseError(
            f"{path} has a class name of more than {LONGEST} characters, or with a line break or "
            "another control character in it: rename the class."
        )
    number = isinstance(threshold, int | float) and not isinstance(threshold, bool)
    if not number or not 0 <= threshold <= 1:  # NaN is refused here too
        raise CourseError(f"{path} has a threshold that is no number from 0 to 1: save it anew.")
    if fit not in FITS:
        raise CourseError(f"{path} fits pictures in a way that is none of {', '.join(FITS)}.")
    return tuple(names), float(threshold), fit


def accuracy(predicted: Sequence[int] | np.ndarray, labels: np.ndarray) -> float:
    """Return the share in [0, 1] of n predicted indices that equal the labels, shape (n,)."""
    return float(np.mean(np.asarray(predicted).ravel() == np.asarray(labels).ravel()))
