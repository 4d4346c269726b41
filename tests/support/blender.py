"""What the tests of the studio share: which of them need Blender, and tiny renders."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

needs_bpy = pytest.mark.skipif(
    importlib.util.find_spec("bpy") is None,
    reason="bpy, Blender's Python module, is not installed (studio/pyproject.toml asks for it)",
)


def tiny(sample_set, shot, out: Path) -> tuple[np.ndarray, np.ndarray]:
    """A picture whose longer side has 48 pixels, of 2 samples, and its mask, as arrays of int."""
    from studio import render

    size = tuple(side * 48 // max(sample_set.SIZE) for side in sample_set.SIZE)
    render.photograph(sample_set, shot, out, size, 2, masked=True)
    with Image.open(out / shot.file) as picture, Image.open(out / shot.mask) as mask:
        return np.asarray(picture, int), np.asarray(mask, int)
