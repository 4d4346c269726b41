"""Which slides a chapter gives: by rule, unless its cells say otherwise.

- A heading opens a column of slides: its first sentence, its lists, tables and formulas.
- A code cell is a slide: what a class is asked there, or the sentence that leads to it, its code,
  and what it prints as a fragment, so that a class can answer first. A figure is a fragment, too,
  and gets a slide of its own where the code leaves no room. The code of a cell that only draws is
  folded (tools/fold.py).
- The first sentence below it reads what it printed, and is the next fragment.
- All of the prose becomes the speaker's notes, with what tools/lessons.py has for the cell.
- The set-up, the exercises' code and the quiz are left out; the exercises' titles make one slide.

By hand, under `slideshow` in a cell's metadata, where RISE and nbconvert look for it: `slide_type`
is `skip` (leave the cell out), `notes` (only for the speaker), `slide` (all of its text on a slide
of its own) or `fragment` (all of it below the slide before).
"""

import re
from dataclasses import dataclass, field, replace

from nbformat import NotebookNode

from tools.figures import pictures
from tools.fold import only_draws
from tools.slidefigures import legible_figures
from tools.slidepieces import (
    FIGURE_WIDTH,
    ROOM,
    Piece,
    code_piece,
    figure_piece,
    output_pieces,
    printed,
    said,
    text_height,
    whole,
    with_reading,
)
from tools.slidetext import Block, blocks, inline, sentences, shown

OPENING = 300  # letters of prose that a slide with a heading shows; the rest is for the speaker
READING = 170  # letters that read an output
HEAD = 86  # pixels that the heading which opens a column is higher than the others
OUT = {"setup", "exercise", "badges", "next"}


@dataclass
class Slide:
    """One slide: its heading, its pieces, and what the speaker reads."""

    heading: str
    cell: str = ""
    opens: bool = False
    style: str = ""
    pieces: list[Piece] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def free(self) -> float:
        """Return how many pixels of height are left."""
        return ROOM - sum(piece.height for piece in self.pieces)

    @property
    def is_bare(self) -> bool:
        """Say whether it is a heading alone."""
        return self.opens and not self.pieces and not self.style and not any(self.notes)


def first_of(spoken: list[str], most: int) -> list[str]:
    """Return the first sentences, as many as `most` letters hold, and the first in any case."""
    total = 0
    for count, text in enumerate(spoken):
        total += len(shown(text)) + 1
        if total > most and count:
            return spoken[:count]
    return spoken


class Deck:
    """The slides of a chapter, made cell by cell."""

    def __init__(
        self,
        notebook: NotebookNode,
        asides: dict[str, str] | None = None,
        asks: dict[str, str] | None = None,
    ) -> None:
        self.notebook = notebook
        self.asides = asides or {}
        self.asks = asks or {}
        self.slides: list[Slide] = []
        self.heading = ""
        self.lead = ""
        following = [*notebook.cells[1:], None]
        for cell, after in zip(notebook.cells, following, strict=True):
            leads_to_setup = after and "setup" in after.metadata.get("tags", [])
            if not (leads_to_setup and not cell.source.startswith("#")):
                self.add(cell)

    def add(self, cell: NotebookNode) -> None:
        """Add a cell by what its metadata says, or else by rule."""
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        tags = set(cell.metadata.get("tags", []))
        if kind == "skip" or (tags & OUT and kind == "-") or "quiz(" in cell.source:
            if "exercise" in tags:
                self.exercise(cell.source)
            return
        begun = len(self.slides) - self.continues_bare()
        if cell.cell_type == "code":
            self.code(cell)
        elif cell.cell_type == "markdown":
            self.prose(cell, kind)
        aside = self.asides.get(cell.id)
        if aside and self.slides:  # beside the code: a question asked below the output is too late
            self.slides[min(begun, len(self.slides) - 1)].notes.append(aside)

    def continues_bare(self) -> bool:
        """Say whether what follows stands below a heading that has nothing else yet."""
        return bool(self.slides) and self.slides[-1].is_bare

    def open(self, heading: str, cell: str = "", **more: bool | str) -> Slide:
        """Begin a slide, and return it; below a heading alone it takes that slide's place."""
        slide = Slide(heading, cell, **more)  # type: ignore[arg-type]
        if not slide.opens and self.continues_bare():
            self.slides.pop()
            slide.opens = True
        self.slides.append(slide)
        return slide

    def put(self, piece: Piece, cell: str = "") -> None:
        """Put a piece on the last slide, or on a new one where there is no room."""
        if not self.slides or piece.height > self.slides[-1].free:
            self.open(self.heading, cell)
        empty = not self.slides[-1].pieces
        self.slides[-1].pieces.append(replace(piece, fragment=piece.fragment and not empty))

    def exercise(self, source: str) -> None:
        """Put the title of an exercise on the slide of all of them."""
        title = re.match(r"### (\d+)\. (.+)", source)
        if title:
            body = f'<ol start="{title[1]}"><li>{inline(title[2])}</li></ol>'
            self.put(Piece(body, text_height(title[2], 28)))

    def prose(self, cell: NotebookNode, kind: str) -> None:
        """Add a cell of prose: its parts below each heading, one by one."""
        parts: list[list[Block]] = [[]]
        for block in blocks(cell.source):
            if block.kind == "heading":
                parts.append([])
            parts[-1].append(block)
        for part in filter(None, parts):
            if kind == "notes" and self.slides:
                self.slides[-1].notes.append("\n\n".join(block.text for block in part))
            else:
                self.part(part, cell.id, kind)

    def part(self, part: list[Block], cell: str, kind: str) -> None:
        """Add what stands below a heading, or the prose below an output."""
        opens = part[0].kind == "heading"
        if part[0].text.startswith("# "):
            self.title(part, cell)
            return
        if opens:
            self.heading = part[0].text.lstrip("# ")
            self.open(self.heading, cell, opens=True)
            part = part[1:]
        elif kind == "slide":
            self.open(self.heading, cell)
        spoken = [s for block in part if block.kind == "paragraph" for s in sentences(block.text)]
        most = OPENING if opens else READING
        chosen = spoken if kind in ("slide", "fragment") else first_of(spoken, most)
        start = len(self.slides) - 1
        for block in part:
            if block.kind == "paragraph":
                text = " ".join(s for s in sentences(block.text) if s in chosen)
                if text:
                    self.sentence(text, opens or kind == "slide", cell)
            else:
                for piece in whole(block):
                    self.put(piece, cell)
        if self.slides:
            self.slides[max(start, 0)].notes.append("\n\n".join(block.text for block in part))
        last = spoken[-1] if spoken else ""
        self.lead = last if last.endswith((":", "?")) and last not in chosen else ""

    def title(self, part: list[Block], cell: str) -> None:
        """Add the first slide, and one of what a learner will be able to do."""
        self.heading = part[0].text.lstrip("# ")
        first = self.open(self.heading, cell, opens=True, style="title")
        first.notes.append("\n\n".join(b.text for b in part[1:] if b.kind == "paragraph"))
        listed = [block for block in part if block.kind == "list"]
        if listed:
            self.open("After it you can", cell)
        for block in listed:
            for piece in whole(block):
                self.put(piece, cell)

    def sentence(self, text: str, leads: bool, cell: str) -> None:
        """Put a sentence of prose on the slide that it belongs to."""
        last = self.slides[-1].pieces[-1] if self.slides and self.slides[-1].pieces else None
        if last and last.figure and not leads:
            both = with_reading(last, text, self.slides[-1].free + last.height)
            # What finds no place stands in the notes; a figure that opens a slide is there at once.
            self.slides[-1].pieces[-1] = replace(both, fragment=last.fragment) if both else last
            return
        piece = said(text, "lead" if leads else "reading", not leads and last is not None)
        if last and last.fragment and piece.height > self.slides[-1].free:
            self.carry_over(cell)
        self.put(piece, cell)

    def carry_over(self, cell: str) -> None:
        """Move the last output to a slide of its own, so that what reads it stands below it."""
        moved = self.slides[-1].pieces.pop()
        self.open(self.heading, cell)
        self.put(moved, cell)

    def code(self, cell: NotebookNode) -> None:
        """Add a code cell: what leads to it, its code, what it prints, its figures."""
        text = printed(cell)
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        folded = hidden or only_draws(cell, self.notebook)
        slide = self.open(self.heading, cell.id)
        asked = self.asks.get(cell.id, "")
        if asked or self.lead:
            slide.pieces.append(said(asked or self.lead, "lead"))
        self.lead = ""
        code = code_piece(cell.source, folded)
        if code.height > slide.free and asked:
            slide = self.open(self.heading, cell.id)
        elif code.height > slide.free:
            slide.pieces.clear()
        slide.pieces.append(code)
        for piece in output_pieces(text) if text else []:
            self.put(piece, cell.id)
        taken = sum(piece.height for piece in slide.pieces) if folded else 0
        for alt, png in pictures(cell):
            room = (FIGURE_WIDTH, ROOM - min(taken, 130) - 8)
            for figure in legible_figures(png, alt, room):
                self.put(figure_piece(figure, room), cell.id)
