"""What stands on a slide: sentences, code, outputs, figures, lists; and how high each gets."""

import ast
import html
from dataclasses import dataclass
from itertools import zip_longest
from math import ceil

from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode

from tools.fold import parsed
from tools.slidefigures import Figure, encoded, is_legible, scale
from tools.slidetext import Block, as_html, inline, items, shown

WIDTH = 1168  # pixels for text, between the margins of a slide of 1280 by 720
ROOM = 580  # pixels of height below the heading
FIGURE_WIDTH = 1232
BESIDE = 340  # pixels for a sentence that stands beside a figure
BIGGEST_CODE = 24
TABLE = 24
SMALLEST_CODE = 18  # pixels; what is longer is wrapped, or goes on on the next slide
highlight = Highlight2HTML(pygments_lexer="python")


@dataclass
class Piece:
    """A part of a slide: its HTML, and how many pixels high it is."""

    html: str
    height: float
    fragment: bool = False
    figure: Figure | None = None


def text_height(text: str, size: int, width: int = WIDTH) -> float:
    """Return how high a text gets, in pixels; rather too much than too little."""
    letters = width / (0.5 * size)
    return ceil(len(shown(text)) / letters) * 1.35 * size + 14


def said(text: str, role: str, fragment: bool = False) -> Piece:
    """Return a sentence as a piece: `lead`, `reading` or `point`."""
    size = {"lead": 30, "reading": 28}.get(role, 28)
    if len(shown(text)) > 330:
        size = 24
    made = f'<p class="{role}" style="font-size:{size}px">{inline(text)}</p>'
    return Piece(made, text_height(text, size), fragment)


def code_size(text: str) -> int:
    """Return the size of letters with which the longest line fits, within bounds."""
    longest = max(map(len, text.splitlines()), default=1)
    return max(SMALLEST_CODE, min(BIGGEST_CODE, int((WIDTH - 32) / (0.61 * longest))))


def lines_height(text: str, size: int) -> float:
    """Return how high code or an output gets, with lines that are wrapped."""
    letters = int((WIDTH - 32) / (0.61 * size))
    lines = sum(max(1, ceil(len(line) / letters)) for line in text.splitlines())
    return lines * 1.35 * size + 38


def without_alts(source: str) -> str:
    """Return code with `...` for its alt texts: they say what a class is about to be asked."""
    lines = source.encode().splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
    code = source.encode()
    calls = [node for node in ast.walk(parsed(source)) if isinstance(node, ast.Call)]
    texts = [word.value for call in calls for word in call.keywords if word.arg == "alt"]
    texts += [c.args[1] for c in calls if getattr(c.func, "id", "") == "show" and len(c.args) > 1]
    texts = [text for text in texts if isinstance(text, ast.Constant | ast.JoinedStr)]
    for text in sorted(texts, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        begin = starts[text.lineno - 1] + text.col_offset
        end = starts[(text.end_lineno or 0) - 1] + (text.end_col_offset or 0)
        code = code[:begin] + b"..." + code[end:]
    return code.decode()


def code_piece(source: str, folded: bool) -> Piece:
    """Return a cell's code; folded it takes a line, and opens over the slide."""
    source = without_alts(source)
    size = code_size(source)
    body = f'<div class="code" style="font-size:{size}px">{highlight(source)}</div>'
    if folded:
        return Piece(f'<details class="folded"><summary>code</summary>{body}</details>', 0)
    return Piece(body, lines_height(source, size))


def output_pieces(text: str) -> list[Piece]:
    """Return what a cell printed, parted where it is too long for a slide."""
    size = code_size(text)
    lines = text.rstrip().splitlines()
    parts: list[list[str]] = [[]]
    for line in lines:
        if lines_height("\n".join([*parts[-1], line]), size) > ROOM:
            parts.append([])
        parts[-1].append(line)
    pieces = []
    for part in map("\n".join, parts):
        body = f'<pre class="output" style="font-size:{size}px">{html.escape(part)}</pre>'
        pieces.append(Piece(body, lines_height(part, size), True))
    return pieces


def figure_piece(figure: Figure, room: tuple[float, float]) -> Piece:
    """Return a figure as large as it gets in a room."""
    grown = scale(figure.picture.size, room)
    width, height = (round(side * grown) for side in figure.picture.size)
    body = (
        f'<img class="figure" width="{width}" height="{height}" data-scale="{grown:.3f}" '
        f'alt="{html.escape(figure.alt)}" src="data:image/png;base64,{encoded(figure.picture)}">'
    )
    return Piece(body, height + 8, True, figure)


def with_reading(piece: Piece, text: str, free: float) -> Piece | None:
    """Return a figure, smaller, with the sentence that reads it below or beside it.

    Args:
        piece: The figure.
        text: The sentence.
        free: How many pixels of height the figure may take.

    Returns:
        Both in one piece; None where the figure's letters would become too small.
    """
    figure = piece.figure
    if figure is None:
        return None
    reading = said(text, "reading", True)
    below = (FIGURE_WIDTH, free - reading.height - 8)
    beside = (FIGURE_WIDTH - BESIDE - 24, free - 8)
    size = figure.picture.size
    fits = text_height(text, 26, BESIDE) <= free
    if is_legible(size, below) and not (fits and scale(size, beside) > 1.15 * scale(size, below)):
        style = "below"
    elif fits and is_legible(size, beside):
        style = "beside"
    else:
        return None
    grown = figure_piece(figure, below if style == "below" else beside)
    body = f'{grown.html}<p class="reading fragment">{inline(text)}</p>'
    height = free if style == "beside" else grown.height + reading.height
    return Piece(f'<div class="{style}">{body}</div>', height, True)


def list_pieces(block: Block) -> list[Piece]:
    """Return the items of a list, each of which may stand on another slide."""
    mark = "ol" if block.text[0].isdigit() else "ul"
    pieces = []
    for number, item in enumerate(items(block.text), 1):
        body = f'<{mark} start="{number}"><li>{inline(item)}</li></{mark}>'
        pieces.append(Piece(body, text_height(item, 28, WIDTH - 60)))
    return pieces


def row_heights(rows: list[str], size: int) -> list[int]:
    """Return how high each row of a table gets, in pixels, with letters of a size."""
    cells = [[len(shown(cell).strip()) for cell in row.strip("| ").split("|")] for row in rows]
    widest = [max(column) for column in zip_longest(*cells, fillvalue=0)]
    if sum(widest) * 0.5 * size + 14 * len(widest) <= WIDTH:
        lines = [1] * len(rows)
    else:
        lines = [ceil(len(shown(row)) * 1.7 / (WIDTH / (0.5 * size))) for row in rows]
    return [ceil(1.35 * size * count) + (13 if size == TABLE else 8) for count in lines]


def table_pieces(rows: list[str]) -> list[Piece]:
    """Return a table: in small letters where that saves it a second slide, or else parted."""
    small = sum(row_heights(rows, SMALLEST_CODE)) - row_heights(rows, SMALLEST_CODE)[1]
    heights = row_heights(rows, TABLE)
    if sum(heights) - heights[1] > ROOM - 14 >= small:
        made = as_html("\n".join(rows)).replace("<table", '<table class="small"', 1)
        return [Piece(made, small + 14)]
    head = rows[:2]
    parts: list[list[int]] = [[]]
    for number in range(2, len(rows)):
        taken = heights[0] + sum(heights[n] for n in parts[-1])
        if taken + heights[number] > ROOM - 14:
            parts.append([])
        parts[-1].append(number)
    pieces = []
    for part in parts:
        text = "\n".join([*head, *(rows[number] for number in part)])
        height = heights[0] + sum(heights[number] for number in part) + 14
        pieces.append(Piece(as_html(text), height))
    return pieces


def whole(block: Block) -> list[Piece]:
    """Return a block that is no paragraph, in pieces."""
    if block.kind == "list":
        return list_pieces(block)
    if block.kind == "table":
        return table_pieces(block.text.splitlines())
    return [Piece(f'<div class="formula">{as_html(block.text)}</div>', 90)]


def printed(cell: NotebookNode) -> str:
    """Return what a cell printed; its figures and widgets are no text."""
    text = []
    for output in cell.outputs:
        data = output.get("data", {})
        if "text" in output:
            text.append(output.text)
        elif "<figure" not in data.get("text/html", "") and not any("widget" in k for k in data):
            text.append(data.get("text/plain", ""))
    return "\n".join(part.rstrip("\n") for part in text if part)
