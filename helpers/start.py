"""The set-up that opens every notebook."""

from helpers.gaps import watch
from helpers.runtime import import_keras


def start() -> None:
    """Import TensorFlow and Keras without their messages, and set the style of the figures.

    From then on a cell of an exercise says so where a gap is left open.
    """
    import_keras()
    watch()
    from helpers.figures import set_style

    set_style()
