"""What the tests share."""

import os
import random
import shutil
import signal
import sys

import numpy as np
import pytest
from pictures import encoded, picture

# Set before any kernel or helper starts: nobody looks on, and no photographs are fetched.
os.environ["COURSE_LIVE"] = "0"
os.environ.pop("COURSE_DATA", None)
# A job that a script runs in the background ignores Ctrl-C, and so would the programs under test.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config):
    """Keep nbval from measuring coverage in the kernels, too.

    Told ``--cov`` without a name, it waits for an answer that never comes, and no kernel starts;
    told names, it makes every chapter half as slow again, and coverage is there to show what no
    test reaches.
    """
    config.option.cov_source = None


# The modules that take longest, in order, after the notebooks: whoever begins one last leaves the
# other worker with nothing to do.
LONGEST = (
    "test_rerun",
    "test_hostile",
    "test_cli",
    "test_widgets",
    "test_killed",
    "test_crowds",
    "test_front",
    "test_training_curves",
    "test_mountain_bike_or_road_bike",
    "test_what_does_it_look_at",
    "test_clinic",
    "test_site",
    "test_chapters",
)


def pytest_collection_modifyitems(items):
    """Put what takes long first, each module whole: workers are given them in this order."""

    def place(item):
        if item.path.suffix == ".ipynb":
            return -1
        return LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST)

    items.sort(key=place)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    """Let no test, nor what it is the first to need, draw by chance, or by what ran before it."""
    random.seed(0)
    np.random.seed(0)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(0)


@pytest.fixture
def photo_folder(tmp_path):
    """A folder of one's own: ten pictures in each of two classes, and no splits."""
    for label, name in enumerate(("tidy", "untidy")):
        (tmp_path / "mine" / name).mkdir(parents=True)
        for i in range(10):
            file = tmp_path / "mine" / name / f"{i}.png"
            file.write_bytes(encoded(picture(100 * label + i)))
    yield tmp_path / "mine"
    shutil.rmtree(tmp_path / "mine", ignore_errors=True)


@pytest.fixture(scope="session")
def keras():
    """Keras, imported quietly once."""
    from helpers import start

    start()
    import keras

    return keras


@pytest.fixture(scope="session")
def saved(keras, tmp_path_factory):
    """The file of a small untrained model for rooms, 32 by 40 pixels."""
    from helpers.classifier import Classifier, save_classifier
    from helpers.network import three_blocks

    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp("saved") / "rooms.keras"
    save_classifier(Classifier(three_blocks((32, 40)), ("clean", "messy")), path)
    return path
