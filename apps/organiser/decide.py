"""Say of photos that were read where they go."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from apps.organiser.names import UNREADABLE, UNSURE, class_folders, printable
from apps.organiser.records import Decision, Photo, Reading
from apps.predictor import Predictor
from helpers.errors import CourseError

if TYPE_CHECKING:
    from helpers.classifier import Answer


def decide(predictor: Predictor, batch: Sequence[Reading], sure: float) -> list[Decision]:
    """Say where each photo goes that could be read, those that are no images included.

    Args:
        predictor: The model.
        batch: Photos read.
        sure: The confidence, from 0 to 1, below which a photo goes to `unsure`.

    Raises:
        CourseError: the model's answers are no numbers.
    """
    answers = answered(predictor, batch)
    folders = class_folders(predictor.classifier.class_names)
    decisions = []
    for reading in batch:
        answer = answers.get(reading.photo)
        if answer:
            folder = folders[answer.label] if answer.confidence >= sure else UNSURE
            said = (answer.label, answer.confidence, answer.probabilities)
            decisions.append(Decision(reading.photo, folder, *said, thumbnail=reading.thumbnail))
        elif reading.note:
            decisions.append(Decision(reading.photo, UNREADABLE, note=reading.note))
    return decisions


def answered(predictor: Predictor, batch: Sequence[Reading]) -> "dict[Photo, Answer]":
    """Ask the model of the photos of which nobody has; return what it says of each image.

    Raises:
        CourseError: the model's answers are no numbers.
    """
    images = {reading.photo: reading.pixels for reading in batch if reading.pixels is not None}
    asked = predictor.probabilities(np.stack(list(images.values()))) if images else ()
    rows = dict(zip(images, asked, strict=True))
    rows |= {reading.photo: reading.row for reading in batch if reading.row is not None}
    for photo, row in rows.items():
        if not np.isfinite(row).all():
            raise CourseError(
                f"The model's answer to {printable(photo.path)} is not a number (NaN), as after a "
                "training that went wrong: train it again, or name another with --model."
            )
    return {photo: predictor.classifier.say(row) for photo, row in rows.items()}
