"""Ask a person for photos, by whatever means the place offers."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from helpers.runtime import is_live

Files = dict[str, bytes]


def ask_for_photos(tell: Callable[[Files], None], default: Path) -> None:
    """Hand the files that a person chooses to `tell`, as {name: bytes}.

    Colab's own dialogue in Colab, a button in JupyterLab, the default file where nobody looks on.

    Args:
        tell: What to do with the files; called again at each upload.
        default: The file to show first.
    """
    if "google.colab" in sys.modules:
        from google.colab import files

        tell(files.upload() or {default.name: default.read_bytes()})
    elif is_live():
        _show_button(tell, default)
    else:
        tell({default.name: default.read_bytes()})


def _show_button(tell: Callable[[Files], None], default: Path) -> None:
    """Show an upload button, and under it what `tell` prints and shows."""
    import ipywidgets as widgets
    from IPython.display import display

    button = widgets.FileUpload(accept="image/*", multiple=True, description="Choose photos")
    output = widgets.Output()

    def changed(change: dict[str, Any]) -> None:
        chosen = uploaded(change["new"])
        if chosen:
            output.clear_output(wait=True)
            with output:
                tell(chosen)

    button.observe(changed, names="value")
    display(button, output)
    with output:
        tell({default.name: default.read_bytes()})


def uploaded(value: Any) -> Files:
    """Return {name: bytes} from a FileUpload's value: a dict in ipywidgets 7, a tuple in 8."""
    items = (
        [{**item, "name": name} for name, item in value.items()]
        if isinstance(value, dict)
        else list(value)
    )
    return {item["name"]: bytes(item["content"]) for item in items}
