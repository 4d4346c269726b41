"""Write figures/ from what the notebooks store: `python -m tools.figures`.

A code cell with the tag `figure-NAME` gives its first picture to figures/NAME.png.
"""

import base64
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]


def stored_figures() -> dict[str, bytes]:
    """Return the PNG bytes of every tagged figure by its name."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            names = [t for t in cell.metadata.get("tags", []) if t.startswith("figure-")]
            for tag in names:
                data = [output.get("data", {}) for output in cell.outputs]
                png = next(d["image/png"] for d in data if "image/png" in d)
                found[tag.removeprefix("figure-")] = base64.b64decode(png)
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
    main()
