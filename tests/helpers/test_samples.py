"""A model finds the sample set that it was made for."""

import pytest

from helpers.data import SAMPLES
from helpers.samples import held_out, sample_set

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photographs are not there")


def test_the_set_with_these_classes_is_found():
    assert sample_set(("clean", "messy")) == "rooms"
    assert sample_set(("sofa", "bed", "chair")) == "furniture"
    assert sample_set(("clean", "messier")) is None
    scenes = ("buildings", "forest", "glacier", "mountain", "sea", "street")
    assert sample_set(scenes) == "scenes"  # whose folders are nested twice


@pytest.mark.parametrize("name", ["rooms", "scenes"])
def test_held_out_pictures_are_test_pictures(name):
    for label, folder in held_out(name).items():
        assert folder.name == label and list(folder.glob("*.jpg"))
        assert any("test" in part for part in folder.parts)
