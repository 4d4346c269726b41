"""Slides hold what they should, nothing runs over the edge, and nothing is fetched."""

import hashlib
import io
import re
import time

import nbformat
import numpy as np
import pytest
from chromium import CHROMIUM, FLAGS, LONG
from pictures import ROOT
from PIL import Image

from tools.chapters import read_chapters
from tools.deck import Deck, first_of
from tools.lessons import read_lessons
from tools.slidefigures import LEGIBLE, LETTERS, cut, legible_figures
from tools.slidepieces import SMALLEST_CODE, output_pieces, table_pieces, without_alts
from tools.slides import VENDORED, deck, write
from tools.slidetext import as_html, blocks, inline, items, sentences

CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
each = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
# As npm gives reveal.js 5.2.1. Another version: `npm pack reveal.js@5`, then these sums.
SUMS = {
    "reveal.js": "46538b52db48724192f59bf46f5e851a18e302777c46f4a34c32709d010d6a29",
    "reveal.css": "68f915a11ebf7203c0446576b7e952ff61c5dd02134a8a226ffaf62ed42136d2",
    "notes.js": "df1201d19d03241a2897d39c3d38768177df1cbd4bde06327b321cb83461ae89",
}
# Of each slide with all its fragments: what lies outside of it, and the smallest letters.
MEASURE = """() => Reveal.getSlides().map(slide => {
  const {h, v} = Reveal.getIndices(slide);
  Reveal.slide(h, v, 99);
  const outside = [], sizes = [];
  for (const e of slide.querySelectorAll('*')) {
    if (e.closest('aside') || e.closest('details')) continue;
    const box = e.getBoundingClientRect();
    if (!box.width) continue;
    if (box.bottom > 720.5 || box.right > 1280.5 || box.left < -0.5 || box.top < -0.5)
      outside.push(e.tagName + ' ' + (e.textContent || e.alt || '').slice(0, 40));
    if ([...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim()))
      sizes.push(parseFloat(getComputedStyle(e).fontSize));
  }
  const figures = [...slide.querySelectorAll('img.figure')];
  const parts = [...slide.children].filter(e => !e.matches('aside, details'))
    .map(e => e.getBoundingClientRect()).filter(b => b.height);
  const over = parts.some((b, i) => parts.slice(i + 1).some(c => c.top < b.bottom - 1));
  return {h, v, outside, smallest: Math.min(...sizes, 99), over,
          scales: figures.map(e => e.getBoundingClientRect().width / e.naturalWidth)};
})"""


def chapter(*cells):
    made = []
    for number, (kind, source, more) in enumerate(cells):
        cell = {"code": nbformat.v4.new_code_cell, "prose": nbformat.v4.new_markdown_cell}[kind]
        made.append(cell(source, id=f"cell-{number}"))
        made[-1].update(more)
    return nbformat.v4.new_notebook(cells=made)


def printed(text):
    return {"outputs": [nbformat.v4.new_output("stream", name="stdout", text=text)]}


def shown(slide):
    return re.sub(r"<[^>]+>", "", " ".join(piece.html for piece in slide.pieces))


def pictured(height, width=900, bands=()):
    pixels = np.full((height, width, 3), 255, np.uint8)
    pixels[:, 10:20] = 0
    for band in bands:
        pixels[band : band + 6] = 255
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


MORE = " ".join(f"And much more is said of it, {n}." for n in range(9))
ONE = chapter(
    (
        "prose",
        "# 1. Title\n\n*Minutes.*\n\nOpening.\n\nAfter it you can\n\n- do this;\n- do that.",
        {},
    ),
    ("prose", "## Idea\n\nFirst sentence. Second sentence. Is it so?", {}),
    ("code", "print(1)", printed("1\n")),
    ("prose", f"It is one. {MORE}\n\n## Next\n\nGo on.", {}),
    ("code", "quiz('x')", printed("asked")),
)


def test_a_chapter_becomes_slides_by_rule():
    title, able, idea, code, following = Deck(ONE).slides
    assert title.style == "title" and "Opening." in title.notes[0]
    assert able.heading == "After it you can" and "do that" in shown(able)
    assert idea.opens and shown(idea).startswith("First sentence. Second sentence.")
    assert [piece.fragment for piece in code.pieces] == [False, True, True]
    assert "It is one." in shown(code) and "much more is said" in code.notes[0]
    assert shown(code).count("much more") < 8, "the rest is for the speaker"
    assert following.heading == "Next" and "asked" not in shown(following)


def test_the_question_leads_to_the_code_below_it():
    long = "It is long. " * 40
    made = Deck(chapter(("prose", f"## A\n\n{long}Is it so?", {}), ("code", "a", {}))).slides
    assert "Is it so?" not in shown(made[0]) and shown(made[1]).startswith("Is it so?")


def test_an_output_goes_along_with_the_sentence_that_reads_it():
    source = "\n".join(f"value_{n} = {n}" for n in range(12))
    made = Deck(
        chapter(
            ("prose", "## A\n\nB.", {}), ("code", source, printed("1\n2\n3")), ("prose", MORE, {})
        )
    ).slides
    assert [len(slide.pieces) for slide in made] == [1, 1, 2]
    assert "value_11" in shown(made[1]) and "And much more" in shown(made[2])


@pytest.mark.parametrize(
    "kind, found",
    [("skip", "absent"), ("notes", "noted"), ("slide", "alone"), ("fragment", "below")],
)
def test_what_a_cell_says_of_itself_counts_more_than_the_rule(kind, found):
    marked = {"metadata": {"slideshow": {"slide_type": kind}}}
    words = "Word one. " + "Word more. " * 20 + "Word last."
    made = Deck(
        chapter(("prose", "## A\n\nB.", {}), ("code", "c", printed("d")), ("prose", words, marked))
    ).slides
    said = [shown(slide) for slide in made]
    noted = " ".join(" ".join(slide.notes) for slide in made)
    assert ("Word last." in " ".join(said)) == (found in ("alone", "below"))
    assert ("Word last." in noted) == (found != "absent")
    assert len(made) == (3 if found == "alone" else 2)


def test_long_outputs_and_tables_go_on_on_the_next_slide():
    text = "\n".join(f"line {n}" for n in range(60))
    assert len(output_pieces(text)) > 1
    assert "".join(piece.html for piece in output_pieces(text)).count("line ") == 60
    rows = ["| a | b |", "|---|---|", *(f"| row {n} | x |" for n in range(40))]
    assert len(table_pieces(rows)) > 1
    assert "".join(piece.html for piece in table_pieces(rows)).count("row ") == 40


def test_a_table_that_is_too_long_by_a_few_rows_stands_small_on_one_slide():
    rows = ["| a | b |", "|---|---|", *(f"| row {n} | x |" for n in range(16))]
    (piece,) = table_pieces(rows)
    assert 'class="small"' in piece.html and piece.html.count("row ") == 16
    assert 'class="small"' not in table_pieces(rows[:8])[0].html


def test_a_heading_alone_is_no_slide():
    pause = {"cell-1": "Pause."}
    cells = [("prose", "## A", {}), ("code", "b", printed("c")), ("prose", "## D", {})]
    head, last = Deck(chapter(*cells), pause).slides
    assert head.opens and head.heading == "A" and "b" in shown(head) and head.notes == ["Pause."]
    assert last.heading == "D", "below it comes another heading, or nothing"


def test_a_figure_that_is_too_high_is_cut_where_it_is_blank():
    high = pictured(1300, bands=(430, 870))
    parts = legible_figures(high, "Bars.", (1232, 570))
    assert [part.alt for part in parts] == [f"Bars. Part {n} of 3." for n in (1, 2, 3)]
    assert sum(part.picture.height for part in parts) == 1300
    whole = legible_figures(pictured(1300), "Bars.", (1232, 570))
    assert len(whole) == 1, "nowhere blank"
    assert len(legible_figures(pictured(500), "Bars.", (1232, 570))) == 1
    assert len(cut(parts[0].picture, 1)) == 1


def test_sentences_end_where_they_end():
    text = "It is 0.5 (as `a. B` says). So be it! Is $x$ one? See `f(x). G`."
    assert sentences(text) == [
        *("It is 0.5 (as `a. B` says).", "So be it!", "Is $x$ one?", "See `f(x). G`.")
    ]
    assert first_of(["a" * 50, "b" * 50, "c" * 50], 105) == ["a" * 50, "b" * 50]
    assert first_of(["a" * 500], 10) == ["a" * 500]


def test_blocks_are_told_apart():
    kinds = [b.kind for b in blocks("# A\nb\n\n- c\n  d\n- e\n\n| f |\n|---|\n\n$$g$$\n\n1. h")]
    assert kinds == ["heading", "paragraph", "list", "table", "formula", "list"]
    assert items("- c\n  d\n- e") == ["c d", "e"]


def test_formulas_are_pictures_and_links_words():
    made = as_html("So $w_1 \\cdot \\text{a b}$, `cost $5`, [chapter](01_x.ipynb).")
    assert made.count("<img") == 1 and "data:image/svg+xml" in made
    assert "cost $5" in made and "href" not in made and "chapter" in made


def test_reveal_is_as_npm_gives_it():
    for name, digest in SUMS.items():
        assert hashlib.sha256((VENDORED / name).read_bytes()).hexdigest() == digest
    assert (
        "MIT" in (VENDORED / "LICENSE").read_text()
        or "Permission" in (VENDORED / "LICENSE").read_text()
    )


@each
def test_every_chapter_gives_slides_with_all_of_its_prose_for_the_speaker(path):
    record, slides = deck(path)
    assert 20 <= len(slides) <= 90 and slides[0].style == "title"
    notes = re.sub(r"\s+", " ", " ".join(note for slide in slides for note in slide.notes))
    for cell in nbformat.read(path, as_version=4).cells:
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "markdown" and not tags & {"exercise", "next", "badges"}:
            said = [b.text for b in blocks(cell.source) if b.kind == "paragraph"]
            if said and "First the set-up" not in said[0] and "Next the set-up" not in said[0]:
                assert " ".join(said[-1].split()) in notes, cell.id


@each
def test_a_pause_is_noted_where_the_code_stands_and_before_its_output(path):
    record, slides = deck(path)
    for pause in read_lessons()["chapters"][record.slug]["pauses"]:
        first = next(slide for slide in slides if slide.cell == pause["cell"])
        assert pause["ask"] in " ".join(first.notes)
        asked = " ".join(piece.html for piece in first.pieces)
        assert inline(pause["ask"]) in asked, "a class that does not see the question forgets it"


def test_a_slides_code_does_not_tell_what_a_figure_shows():
    code = 'show_images(\n    [a], "é",\n    alt=f"{1} is messy, "\n    "2 not.",\n)\n'
    code += 'show(fig, "It falls.")'
    assert without_alts(code) == 'show_images(\n    [a], "é",\n    alt=...,\n)\nshow(fig, ...)'
    assert without_alts("alt = text\n%matplotlib") == "alt = text\n%matplotlib"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page of a browser, 1280 by 720, which notes what it asks for."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed: the slides go unmeasured")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(LONG)
        page.asked, page.failed = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.failed.append(str(error)))
        page.on("console", lambda line: page.failed.append(line.text))
        yield page
        browser.close()


def opened(page, path, out):
    page.asked.clear()
    page.goto(write(path, out).as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")


@each
def test_nothing_runs_over_the_edge_and_all_can_be_read(path, page, tmp_path):
    opened(page, path, tmp_path)
    slides = page.evaluate(MEASURE)
    assert len(slides) == page.evaluate("Reveal.getTotalSlides()") > 20
    for slide in slides:
        at = f"slide {slide['h']}/{slide['v']}"
        assert not slide["outside"], f"{at}: {slide['outside']}"
        assert not slide["over"], f"{at}: one part lies over another"
        assert slide["smallest"] >= SMALLEST_CODE, at
        for scale in slide["scales"]:
            assert LETTERS * scale >= LEGIBLE - 0.1, f"{at}: a figure's letters are too small"
    fetched = [url for url in page.asked if not url.startswith(("file:", "data:"))]
    assert not fetched and not page.failed


def test_outputs_come_after_their_code_and_the_notes_say_what_to_ask(page, tmp_path):
    path = CHAPTERS[0]
    opened(page, path, tmp_path)
    pauses = read_lessons()["chapters"]["start_here"]["pauses"]
    (cell, ask), *_ = [(p["cell"], p["ask"]) for p in pauses if "40 rooms" in p["ask"]]
    found = page.evaluate(f"""() => {{
      const slide = document.querySelector('[data-cell="{cell}"]');
      const {{h, v}} = Reveal.getIndices(slide);
      Reveal.slide(h, v);
      const seen = () => [...slide.querySelectorAll('pre.output')].filter(
        e => getComputedStyle(e).visibility == 'visible').length;
      const before = seen();
      Reveal.next();
      return [before, seen(), slide.querySelector('aside').textContent];
    }}""")
    assert found[:2] == [0, 1] and f"Pause. {ask.split('?')[0]}?" in found[2]


def test_the_speakers_view_opens_without_network(page, tmp_path):
    opened(page, CHAPTERS[0], tmp_path)
    page.evaluate("Reveal.slide(2, 0)")
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    speaker = popup.value
    said = speaker.locator(".speaker-controls-notes .value")
    end = time.monotonic() + 60
    while time.monotonic() < end and len(said.text_content()) < 20:
        time.sleep(0.1)
    assert len(said.text_content()) > 20
    frames = [frame.url for frame in speaker.frames if "00_start_here" in frame.url]
    assert len(frames) == 2, "this slide, and the next"
    speaker.close()


def test_chapters_have_one_file_each(tmp_path):
    names = [f"{path.stem}.html" for path in CHAPTERS[:1]]
    assert [write(path, tmp_path).name for path in CHAPTERS[:1]] == names
    assert len(CHAPTERS) == len(read_chapters())
