"""Say of photos that were read where they go."""

from collections.abc import Sequence

import numpy as np

from apps.organiser.names import UNREADABLE, UNSURE, class_folders, printable
from apps.organiser.records import Decision, Reading
from apps.predictor import Predictor
from helpers.errors import CourseError


def decide(predictor: Predictor, batch: Sequence[Reading], sure: float) -> list[Decision]:
    """Say where each photo goes that could be read, those that are no images included.

    Args:
        predictor: The model.
        batch: Photos read.
        sure: The confidence, from 0 to 1, below which a photo goes to `unsure`.

    Raises:
        CourseError: the model's answers are no numbers.
    """
    images = [reading for reading in batch if reading.pixels is not None]
    folders = class_folders(predictor.classifier.class_names)
    answers = {}
    if images:
        for reading, row in zip(images, _probabilities(predictor, images), strict=True):
            answers[reading.photo] = predictor.classifier.say(row)
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


def _probabilities(predictor: Predictor, images: Sequence[Reading]) -> np.ndarray:
    """Ask the model: float32 (n, classes); raise CourseError where its answers are no numbers."""
    rows = predictor.probabilities(np.stack([reading.pixels for reading in images]))
    for reading, row in zip(images, rows, strict=True):
        if not np.isfinite(row).all():
            raise CourseError(
                f"The model's answer to {printable(reading.photo.path)} is not a number (NaN), as "
                "after a training that went wrong: train it again, or name another with --model."
            )
    return rows
