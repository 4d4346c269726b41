"""Ask a person for photos, by whatever means the place offers."""

import os
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from typing import Any

from helpers.errors import CourseError, printable
from helpers.files import read_file
from helpers.runtime import is_live, place

Files = dict[str, bytes]


def ask_for_photos(tell: Callable[[Files], None], default: Path) -> None:
    """Hand the files that a person chooses to `tell`, as {name: bytes}.

    Colab's own dialogue in Colab; a button in JupyterLab, VS Code and Kaggle's editor; the default
    file where nobody looks on.

    Args:
        tell: What to do with the files; called again at each upload.
        default: The file to show first.
    """
    if not is_live():
        tell(read_files([default]))
    elif place() == "colab":
        from google.colab import files

        tell(files.upload() or read_files([default]))
    else:
        _show_button(tell, default)


def read_files(paths: Iterable[str | os.PathLike]) -> Files:
    """Read files whole, as {name: bytes}; one that cannot be read is named and left out."""
    found = []
    for path in map(Path, paths):
        try:
            found.append((path.name, read_file(path)))
        except CourseError as error:
            print("left out:", error)
    return _apart(found)


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
        tell(read_files([default]))


def uploaded(value: Any) -> Files:
    """Return {name: bytes} from a FileUpload's value: a dict in ipywidgets 7, a tuple in 8."""
    items = (
        [{**item, "name": name} for name, item in value.items()]
        if isinstance(value, dict)
        else list(value)
    )
    return _apart((item["name"], bytes(item["content"])) for item in items)


def _apart(files: Iterable[tuple[str, bytes]]) -> Files:
    """Key files by name, a second "image.jpg" by "image (2).jpg": phones call all photos alike.

    The names come from strangers, and are made fit to be printed.
    """
    files = [(printable(name), content) for name, content in files]
    taken = {name for name, _ in files}
    apart: Files = {}
    for name, content in files:
        path = Path(name)
        others = (f"{path.stem} ({number}){path.suffix}" for number in count(2))
        key = name if name not in apart else next(n for n in others if n not in taken | set(apart))
        apart[key] = content
    return apart
