"""The set-up that opens every notebook."""

from helpers.runtime import import_keras


def start() -> None:
    """Import TensorFlow and Keras without their messages, and set the style of the figures."""
    import_keras()
    from helpers.figures import set_style

    set_style()
