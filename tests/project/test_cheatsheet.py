"""The lines on the cheat sheet are the chapters' own, and it fits on two pages."""

import re

import nbformat
import pytest
from chromium import CHROMIUM, FLAGS, LONG

from tools.chapters import ROOT
from tools.cheatsheet import PAGE, lines, sheet

TEXT = (ROOT / PAGE).read_text("utf-8")
BLOCKS = lines(TEXT)


@pytest.mark.parametrize(("name", "ids", "code"), BLOCKS, ids=[name[:2] for name, _, _ in BLOCKS])
def test_the_four_lines_of_a_chapter_stand_in_its_cells(name, ids, code):
    cells = {c.id: c for c in nbformat.read(ROOT / "notebooks" / name, as_version=4).cells}
    assert len(code) == 4
    sources = {i: [line.strip() for line in cells[i].source.splitlines()] for i in ids}
    for line in code:
        assert any(line in source for source in sources.values()), line
    for i, source in sources.items():
        assert set(code) & set(source), f"{i} gives no line"


def test_no_block_of_code_is_passed_by():
    assert len(BLOCKS) == TEXT.count("```python") > 10


@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: the pages go uncounted")
def test_it_is_two_pages_on_paper(tmp_path):
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(LONG)
        page.set_content(sheet(TEXT))
        printed = page.pdf(prefer_css_page_size=True)
        browser.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
