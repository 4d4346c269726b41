"""Chapter 5 shares networks among experiments; who changes what builds them must get a new one."""

import nbformat
import numpy as np

from helpers.runtime import ROOT

CELLS = ("54817a11", "98373bb8", "b7050781", "b7050782", "779620a4")


def test_a_changed_function_is_not_answered_by_the_network_of_the_old_one():
    path = next((ROOT / "notebooks").glob("*_training_curves.ipynb"))
    source = {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}
    known: dict = {}
    for cell in CELLS:
        exec(source[cell].replace("EPOCHS = 15", "EPOCHS = 1"), known)
    known["experiment"]("before")
    known["experiment"]("again")
    assert known["runs"]["again"] == known["runs"]["before"]
    exec(source["b7050781"].replace('"relu"', '"tanh"'), known)
    known["experiment"]("after")
    losses = [known["runs"][name]["loss"] for name in ("before", "after")]
    assert not np.allclose(*losses, atol=1e-6), "the old network was trained"
