"""Write slides from the chapters: `python -m tools.slides [NOTEBOOKS]`, or `make slides`.

Each becomes build/slides/NN_name.html, one file that holds all it needs: reveal.js, the pictures,
the speaker's notes. It opens from the disk; S shows the notes, Esc all slides, and a browser prints
it with `?print-pdf` behind the address. tools/deck.py says which slides a chapter gives.

tools/reveal is reveal.js 5.2.1 as npm has it (dist/reveal.js, dist/reveal.css, its licence and
plugin/notes/notes.js), and deck.css, which is ours.
"""

import argparse
import html
import sys
from itertools import groupby
from pathlib import Path

from helpers.errors import CourseError
from helpers.files import notebook_files, whole
from tools.chapters import ROOT, Chapter, left_over, read_chapter, read_notebook
from tools.deck import HEAD, Deck, Slide
from tools.lessons import asides, asks
from tools.slidetext import as_html, inline

OUT = ROOT / "build" / "slides"
VENDORED = Path(__file__).parent / "reveal"
START = """\
Reveal.initialize({ width: 1280, height: 720, margin: 0, center: false, hash: true,
  slideNumber: "c/t", transition: "none", backgroundTransition: "none", pdfMaxPagesPerSlide: 1,
  pdfSeparateFragments: false, plugins: [RevealNotes] });"""
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-src 'self' file:; media-src 'none'">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
<div class="reveal"><div class="slides">
{slides}
</div></div>
<script>{reveal}</script>
<script>{notes}</script>
<script>{start}</script>
</body>
</html>
"""


def fragment(made: str) -> str:
    """Return HTML whose first element appears at the next key."""
    head, quote, rest = made.partition('class="')
    if quote and ">" not in head:
        return f"{head}{quote}fragment {rest}"
    return f'<div class="fragment">{made}</div>'


def title_slide(chapter: Chapter) -> str:
    """Return the head of a chapter's first slide."""
    place = f"Room by Room, chapter {chapter.number}"
    return (
        f"<h1>{html.escape(chapter.title)}</h1>\n"
        f'<p class="question">{html.escape(chapter.question)}</p>\n<p class="place">{place}</p>'
    )


def section(slide: Slide, chapter: Chapter) -> str:
    """Return one slide as HTML."""
    kind = "slide opens" if slide.opens and slide.free >= HEAD else "slide"
    if slide.style == "title":
        parts = [title_slide(chapter)]
    else:
        parts = [f"<h2>{inline(slide.heading)}</h2>"]
        parts += [fragment(p.html) if p.fragment else p.html for p in slide.pieces]
    notes = "\n".join(as_html(note) for note in slide.notes if note)
    if notes:
        parts.append(f'<aside class="notes">{notes}</aside>')
    cell = f' data-cell="{slide.cell}"' if slide.cell else ""
    return f'<section class="{kind}"{cell}>\n' + "\n".join(parts) + "\n</section>"


def page(chapter: Chapter, slides: list[Slide]) -> str:
    """Return the file of a chapter's slides: a column for each heading."""
    opened = 0
    numbered = []
    for slide in slides:
        opened += slide.opens
        numbered.append((opened, section(slide, chapter)))
    columns = [
        "\n".join(["<section>", *(made for _, made in column), "</section>"])
        for _, column in groupby(numbered, key=lambda pair: pair[0])
    ]
    texts = {path.name: path.read_text(encoding="utf-8") for path in VENDORED.iterdir()}
    return PAGE.format(
        title=f"{chapter.title}: slides",
        css=texts["reveal.css"] + texts["deck.css"],
        slides="\n".join(columns),
        reveal=texts["reveal.js"],
        notes=texts["notes.js"],
        start=START,
    )


def deck(path: Path) -> tuple[Chapter, list[Slide]]:
    """Return a chapter's record and its slides."""
    chapter = read_chapter(path)
    return chapter, Deck(read_notebook(path), asides(chapter.slug), asks(chapter.slug)).slides


def write(path: Path, out: Path = OUT) -> Path:
    """Write the slides of a notebook; return their file."""
    target = out / f"{path.stem}.html"
    text = page(*deck(path))
    with whole(target) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
    return target


def main() -> None:
    """Write the slides of some chapters, or of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    every = notebook_files(ROOT / "notebooks")
    for path in parser.parse_args().notebooks or every:
        target = write(path, OUT)
        print(f"wrote {target.relative_to(ROOT)}, {target.stat().st_size / 1e6:.1f} MB")
    for line in left_over(OUT, {f"{path.stem}.html" for path in every}):
        print(line)


if __name__ == "__main__":
    try:
        main()
    except CourseError as error:
        sys.exit(str(error))
