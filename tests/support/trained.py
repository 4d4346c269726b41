"""Mask in nbval's comparison what training changes: the numbers of the cells tagged `trained`.

The metadata of such a cell may say more under "trained": "lines" is a regular expression, and only
lines that it finds are masked, the others are compared as they stand; "words" lists words that the
network answers with, such as names of classes, which are masked in those lines, too; "inf" listed
there is a number like the others, for what is finite here may be infinite on another machine.

A figure's text is compared where the cell writes it out, and masked where it computes it: such a
text says what is in the picture, and pictures are not compared.
"""

import ast
import html
import re

# With the spaces around it, for a column is padded to the width of what happens to stand in it; not
# after a letter, for conv_3 is a name.
NUMBER = r" *(?<![\w.])[-+−]?\d[\d,]*(?:\.\d*)?(?:e[-+]?\d+)?%? *"


def mask(text: str, lines: str = "", words: tuple[str, ...] = ()) -> str:
    """Return the text with N for each number, and W for each of the words, in the lines meant."""

    def masked(line: str) -> str:
        if not re.search(lines, line):
            return line
        for word in words:
            stands_for = " 0 " if word == "inf" else " W "
            line = re.sub(rf" *(?<!\w){re.escape(word)}(?!\w) *", stands_for, line)
        return re.sub(NUMBER, " N ", line)

    return "\n".join(masked(line) for line in text.split("\n"))


# As helpers.figures.with_text writes them: in HTML, where the caption says the same, and alone.
FIGURE = re.compile(
    r'<figure.*?<img alt="(?P<alt>[^"]*)".*?</figure>|\[figure\] (?P<plain>.*)', re.S
)


def mask_figures(text: str, source: str) -> str:
    """Return the text with C for each figure's text that does not stand in the cell's source."""
    try:
        nodes = [*ast.walk(ast.parse(source))]
    except SyntaxError:  # of a cell with a command for IPython
        nodes = []
    written = {node.value for node in nodes if isinstance(node, ast.Constant)}

    def masked(figure: re.Match) -> str:
        said = html.unescape(figure["alt"]) if figure["alt"] is not None else figure["plain"]
        return figure[0] if said in written else "C"

    return FIGURE.sub(masked, text)


def pytest_itemcollected(item) -> None:
    """Put the masks before whatever nbval sanitises in a code cell."""
    cell = getattr(item, "cell", None)
    if cell is None:
        return
    trained = "trained" in cell.metadata.get("tags", [])
    more = cell.metadata.get("trained", {})
    lines, words = more.get("lines", ""), tuple(more.get("words", ()))
    sanitize = item.sanitize

    def masked(text):
        text = sanitize(text)
        if not isinstance(text, str):
            return text
        text = mask_figures(text, cell.source) if "figure" in text else text
        return mask(text, lines, words) if trained else text

    item.sanitize = masked
