"""A saved classifier, kept ready to answer."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from helpers.errors import CourseError
from helpers.evaluate import of_classes
from helpers.runtime import SAVED, import_keras

if TYPE_CHECKING:
    from helpers.classifier import Classifier

MODEL = SAVED / "rooms.keras"  # what chapter 4 saves


def image_classifier(path: Path) -> "Classifier":
    """Load a saved model that takes images.

    Args:
        path: The .keras file, which `helpers.classifier.save_classifier` wrote.

    Raises:
        CourseError: the file cannot be read (see `load_classifier`), or it takes features.
    """
    import_keras()
    from helpers.classifier import load_classifier

    classifier = load_classifier(path)
    if len(classifier.model.input_shape) != 4:
        raise CourseError(f"{path} takes no images but features: save the whole model.")
    return classifier


class Predictor:
    """A classifier whose model is compiled once, so that an answer takes milliseconds.

    Keras' `predict` sets up an input pipeline at each call, which costs more than a small network
    does. The call here is traced once, for batches of any length, and many threads may use it.

    Attributes:
        path: The file.
        classifier: What the file holds: the model, its class names and the threshold.
    """

    def __init__(self, path: Path) -> None:
        """Load a saved model, compile it and try it.

        Args:
            path: As of `image_classifier`.

        Raises:
            CourseError: as `image_classifier`, or the model answers no picture (see `try_it`).
        """
        self.path = path
        self.classifier = image_classifier(path)
        import tensorflow as tf

        model = self.classifier.model
        images = tf.TensorSpec((None, *self.classifier.size, 3), tf.uint8)
        self._call = tf.function(
            lambda batch: model(tf.cast(batch, tf.float32), training=False),
            input_signature=[images],
            autograph=False,  # or TensorFlow leaves a file in the temporary folder
        )
        self.try_it()  # and trace it now

    def try_it(self) -> None:
        """Let the model answer a black picture.

        Raises:
            CourseError: the answer is not a probability for each class.
        """
        answer = self.probabilities(np.zeros((1, *self.classifier.size, 3), np.uint8))
        names = self.classifier.class_names
        if answer.shape != (1, len(names)):
            raise CourseError(
                f"{self.path} answers {answer.shape[-1]} numbers for {len(names)} classes: save it "
                "with as many names as it has classes."
            )
        if not np.isfinite(answer).all():
            raise CourseError(f"{self.path} answers no numbers (NaN): train it again, and save it.")

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Return what `Classifier.probabilities` returns: float32 (n, classes), rows adding to 1.

        Args:
            images: uint8 (n, height, width, 3) in 0 to 255, from `open_image`.
        """
        return of_classes(self._call(images).numpy().astype(np.float32))
