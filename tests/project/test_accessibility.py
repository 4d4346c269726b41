"""The check for accessibility waits for what moves, and finds what stays."""

import pytest
from accessibility import faults
from chromium import CHROMIUM, FLAGS, LONG

PAGE = """<!doctype html><html lang="en"><title>A room</title><main><h1>A room</h1>
<style>p {{ color: {first}; transition: color 2s }} .later {{ color: {last} }}
@keyframes round {{ to {{ rotate: 1turn }} }} b {{ animation: round 1s infinite }}</style>
<p>Tidy or messy?</p><b>*</b></main>
<script>const p = document.querySelector('p'); getComputedStyle(p).color;
p.className = 'later'</script></html>"""


@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: no page is opened")
@pytest.mark.parametrize("last, found", [("#000", []), ("#ddd", ["color-contrast"])])
def test_a_colour_counts_once_it_has_come_to_rest(last, found):
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(LONG)
        page.set_content(PAGE.format(first="#ddd" if last == "#000" else "#000", last=last))
        assert [rule for rule, *_ in faults(page)] == found
        browser.close()
