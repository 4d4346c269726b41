"""Contact sheets: `python -m studio.sheet rooms bikes` writes data/sheets/rooms.jpg and so on.

Each shows up to 24 pictures of a set, the same number of each class, row after row, spread evenly
over the training pictures, so that nobody chose them.
"""

import sys
from pathlib import Path

from PIL import Image

from . import sets

ROOT = Path(__file__).resolve().parents[1] / "data"
COLUMNS = 6
TOTAL = 24
CELL = 150  # pixels: the longest side of a picture
GAP = 4  # pixels: the white between two


def chosen(name: str) -> list[Path]:
    """The pictures of a set's sheet, class after class."""
    kinds: dict[str, list[str]] = {}
    for shot in sets.find(name).SHOTS:
        if shot.split == "train":
            kinds.setdefault(shot.kind, []).append(shot.file)
    each = TOTAL // len(kinds)
    spread = [files[i * len(files) // each] for files in kinds.values() for i in range(each)]
    return [ROOT / "sample" / name / file for file in spread]


def sheet(files: list[Path]) -> Image.Image:
    """The pictures side by side on white, each at most `CELL` pixels wide and high."""
    pictures = [Image.open(file).convert("RGB") for file in files]
    for picture in pictures:
        picture.thumbnail((CELL, CELL))
    wide = max(picture.width for picture in pictures) + GAP
    high = max(picture.height for picture in pictures) + GAP
    whole = Image.new(
        "RGB", (COLUMNS * wide - GAP, -(-len(files) // COLUMNS) * high - GAP), "white"
    )
    for n, picture in enumerate(pictures):
        whole.paste(picture, (n % COLUMNS * wide, n // COLUMNS * high))
    return whole


def main(names: list[str]) -> int:
    """Write the sheets of the sets named, or of all."""
    folder = ROOT / "sheets"
    folder.mkdir(exist_ok=True)
    for name in names or sets.NAMES:
        sheet(chosen(name)).save(folder / f"{name}.jpg", quality=88, optimize=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
