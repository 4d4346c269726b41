"""Mask in nbval's comparison what training changes: the numbers of the cells tagged `trained`.

The metadata of such a cell may say more under "trained": "lines" is a regular expression, and only
lines that it finds are masked, the others are compared as they stand; "words" lists words that the
network answers with, such as names of classes, which are masked in those lines, too.
"""

import re

# With the spaces around it, for a column is padded to the width of what happens to stand in it; not
# after a letter, for conv_3 is a name. The figure's size, which Matplotlib prints, is no result.
NUMBER = r" *(?<![\w.])[-+−]?\d[\d,]*(?:\.\d*)?(?:e[-+]?\d+)?%? *"
UNMASKED = re.compile(r"<Figure size")


def mask(text: str, lines: str = "", words: tuple[str, ...] = ()) -> str:
    """Return the text with N for each number, and W for each of the words, in the lines meant."""

    def masked(line: str) -> str:
        if UNMASKED.search(line) or not re.search(lines, line):
            return line
        for word in words:
            line = re.sub(rf" *(?<!\w){re.escape(word)}(?!\w) *", " W ", line)
        return re.sub(NUMBER, " N ", line)

    return "\n".join(masked(line) for line in text.split("\n"))


def pytest_itemcollected(item) -> None:
    """Put the mask before whatever nbval sanitises in a cell with the tag."""
    cell = getattr(item, "cell", None)
    if cell is None or "trained" not in cell.metadata.get("tags", []):
        return
    more = cell.metadata.get("trained", {})
    lines, words = more.get("lines", ""), tuple(more.get("words", ()))
    sanitize = item.sanitize

    def masked(text):
        text = sanitize(text)
        return mask(text, lines, words) if isinstance(text, str) else text

    item.sanitize = masked
