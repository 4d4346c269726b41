"""Models of three kinds, exported once for all tests of the export."""

import pytest
from networks import CALIBRATION, lively, mobilenet, sigmoid, softmax


@pytest.fixture(scope="session", params=[sigmoid, softmax, mobilenet])
def exported(request, keras, tmp_path_factory):
    """(classifier, its .keras file, the exported files)."""
    from apps.export.formats import export
    from helpers.classifier import Classifier, save_classifier

    keras.utils.set_random_seed(0)
    model, names = request.param(keras)
    classifier = Classifier(lively(keras, model), names, 0.49)
    path = tmp_path_factory.mktemp("export") / "mine.v1.keras"
    save_classifier(classifier, path)
    return classifier, path, export(path, path.parent / "new" / "export", CALIBRATION)


@pytest.fixture(scope="session")
def small(keras, tmp_path_factory):
    """A new network for the rooms, saved."""
    from helpers.classifier import Classifier, save_classifier

    keras.utils.set_random_seed(1)
    path = tmp_path_factory.mktemp("small") / "small.keras"
    save_classifier(Classifier(*sigmoid(keras)), path)
    return path
