"""Text for slides: the blocks and sentences of a cell's Markdown, and their HTML.

Slides need no network: a formula becomes a picture of its own (Matplotlib draws it), and a link to
another notebook its words alone.
"""

import base64
import html
import io
import re
from dataclasses import dataclass

from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import math_to_image
from nbconvert.filters import markdown2html

STARTS = r"\s+(?=[A-Z0-9*`“\"(\[$])"
SENTENCE = re.compile(rf"(?<=[.!?]){STARTS}|(?<=[.!?][)*”\"]){STARTS}")
ITEM = re.compile(r"^(?:-|\d+\.)\s+", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\([^)\s]+\)")
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)
CODE = re.compile(r"`[^`]+`")


@dataclass(frozen=True)
class Block:
    """A paragraph, a list, a table, a formula or a heading of a cell."""

    kind: str
    text: str


def kind_of(text: str) -> str:
    """Return what a block of Markdown is."""
    if text.startswith("#"):
        return "heading"
    if text.startswith("$$"):
        return "formula"
    if text.startswith("|"):
        return "table"
    return "list" if ITEM.match(text) else "paragraph"


def blocks(source: str) -> list[Block]:
    """Return the blocks of a cell; comments in HTML are none."""
    source = re.sub(r"<!--.*?-->\n?", "", source, flags=re.DOTALL)
    parts = [part.strip("\n") for part in re.split(r"\n\s*\n", source) if part.strip()]
    found = []
    for part in parts:
        head, _, rest = part.partition("\n")
        if head.startswith("#") and rest:
            found += [Block("heading", head), Block(kind_of(rest), rest)]
        else:
            found.append(Block(kind_of(part), part))
    return found


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph, each on one line.

    What stands in brackets or in code is not parted.
    """
    found: list[str] = []
    open_ = False
    for part in SENTENCE.split(" ".join(text.split())):
        if open_:
            found[-1] += f" {part}"
        else:
            found.append(part)
        open_ = found[-1].count("(") > found[-1].count(")") or found[-1].count("`") % 2 == 1
    return found


def items(text: str) -> list[str]:
    """Return the items of a list, each on one line."""
    return [" ".join(part.split()) for part in ITEM.split(text) if part.strip()]


def drawn(formula: str) -> str:
    """Return a formula as an image that needs nothing else, as high as the text beside it."""
    picture = io.BytesIO()
    plain = formula.replace(r"\text", r"\mathrm").strip()
    plain = re.sub(r"\\mathrm\{([^}]*)\}", lambda m: rf"\mathrm{{{m[1].replace(' ', '~')}}}", plain)
    size = FontProperties(size=10, math_fontfamily="dejavuserif")
    depth = math_to_image(f"${plain}$", picture, prop=size, format="svg")
    svg = picture.getvalue().decode()
    height = float(svg.partition('height="')[2].partition("pt")[0]) / 10
    data = base64.b64encode(svg.encode()).decode()
    style = f"height:{height:.2f}em;vertical-align:{-depth / 10:.2f}em"
    return f'<img class="formula" style="{style}" alt="{html.escape(formula.strip())}" ' + (
        f'src="data:image/svg+xml;base64,{data}">'
    )


def as_html(text: str) -> str:
    """Return Markdown as HTML that loads nothing."""
    formulas: list[str] = []

    def keep(found: re.Match) -> str:
        formulas.append(drawn(found[1] or found[2]))
        return f"FORMULA{len(formulas) - 1}X"

    text = LINK.sub(r"\1", text)
    parts = re.split(r"(`[^`]+`)", text)  # a dollar in code begins no formula
    text = "".join(p if CODE.fullmatch(p) else FORMULA.sub(keep, p) for p in parts)
    made = markdown2html(text)
    made = re.sub(r'<a class="anchor-link".*?</a>', "", made)
    return re.sub(r"FORMULA(\d+)X", lambda found: formulas[int(found[1])], made)


def inline(text: str) -> str:
    """Return a sentence as HTML, without the paragraph around it."""
    made = as_html(text).strip()
    return re.sub(r"^<p>|</p>$", "", made)


def shown(text: str) -> str:
    """Return a text about as a reader sees it, to count its letters."""
    text = LINK.sub(r"\1", text)
    return re.sub(r"[*`$]|\\\w+", "", text)
