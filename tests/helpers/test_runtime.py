"""What everything stands on stays light: no figure, no notebook, no TensorFlow."""

import subprocess
import sys

from pictures import ROOT

HEAVY = {"IPython", "keras", "matplotlib", "tensorflow"}


def test_opening_a_picture_takes_neither_keras_nor_matplotlib_nor_a_notebook():
    """Keras itself imports Matplotlib and IPython, so what needs Keras is not asked here."""
    code = "import sys, helpers, helpers.runtime, helpers.files, helpers.errors, helpers.images;"
    code += f"print(sorted({HEAVY} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
