"""Write figures/ from what the notebooks store: `python -m tools.figures`.

A code cell with the tag `figure-NAME` gives its first picture to figures/NAME.png.
"""

import base64
import html
import re

import nbformat

from tools.chapters import ROOT, read_notebook
from tools.commandline import no_words

# As helpers.figures.with_text writes it.
PICTURE = re.compile(r'<img alt="([^"]*)" src="data:image/png;base64,([^"]*)"')


def pictures(cell: nbformat.NotebookNode) -> list[tuple[str, bytes]]:
    """Return the alternative text and the PNG bytes of each figure that a code cell stores."""
    pages = [output.get("data", {}).get("text/html", "") for output in cell.outputs]
    found = [match for page in pages for match in PICTURE.findall(page)]
    return [(html.unescape(alt), base64.b64decode(code)) for alt, code in found]


def stored_figures() -> dict[str, bytes]:
    """Return the PNG bytes of every tagged figure by its name."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in read_notebook(path).cells:
            names = [t for t in cell.metadata.get("tags", []) if t.startswith("figure-")]
            for tag in names:
                found[tag.removeprefix("figure-")] = pictures(cell)[0][1]
    return found


def main() -> None:
    """Write the figures, and remove those that no notebook gives any more."""
    found = stored_figures()
    folder = ROOT / "figures"
    for path in folder.glob("*.png"):
        if path.stem not in found:
            path.unlink()
    for name, png in found.items():
        (folder / f"{name}.png").write_bytes(png)
        print(f"figures/{name}.png, {len(png) // 1024} KiB")


if __name__ == "__main__":
    no_words(__doc__)
    main()
