"""What a worker of an engine does: read photos, ask the model, and give back what is small."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from apps.organiser.content import model_digest
from apps.organiser.names import printable
from apps.organiser.read import read
from apps.organiser.records import Photo, Reading
from apps.organiser.threads import Budget
from apps.predictor import Predictor
from helpers.errors import CourseError
from helpers.images import MAX_PIXELS


def answer(photos: Sequence[Photo], root: Path, model: Path, digest: str) -> list[Reading]:
    """Read photos and ask the model of them; return the readings without pixels.

    Args:
        photos: Which, as the organiser found them.
        root: The folder that they stand in.
        model: The model's file.
        digest: The SHA-256 that it has where the organiser runs.

    Raises:
        CourseError: this machine does not see the folder, or not the same model.
    """
    if not root.is_dir():
        raise CourseError(
            f"A worker does not see {printable(root)}: photos and model must be on storage that "
            "each machine of the cluster has under the same path."
        )
    predictor = _predictor(model, digest)
    kind = predictor.classifier
    budget = Budget(MAX_PIXELS)
    readings = [_as_found(photo, read(photo, kind.size, budget, kind.fit)) for photo in photos]
    images = [reading.pixels for reading in readings if reading.pixels is not None]
    rows = iter(predictor.probabilities(np.stack(images)) if images else ())
    return [
        replace(reading, pixels=None, row=next(rows)) if reading.pixels is not None else reading
        for reading in readings
    ]


@cache
def _predictor(model: Path, digest: str) -> Predictor:
    """Load the model once a process; raise CourseError where it is another than the organiser's."""
    if model_digest(model) != digest:
        raise CourseError(
            f"A worker finds another model in {printable(model)} than the organiser does: put it "
            "on storage that each machine of the cluster has under the same path."
        )
    return Predictor(model)


def _as_found(photo: Photo, reading: Reading) -> Reading:
    """Leave a photo alone of which this machine sees another size than the organiser does."""
    try:
        same = photo.path.stat().st_size == photo.size
    except OSError:  # then it was not read either, and the reading says so
        return reading
    path = printable(photo.path)
    return reading if same else Reading(photo, stays=f"{path} has changed since it was found")
