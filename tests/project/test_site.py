"""The site: what is gathered for it, and, where it was built, how it stands in a real browser."""

import base64
import functools
import http.server
import re
import threading
import urllib.parse
import zipfile
from html.parser import HTMLParser

import nbformat
import pytest
import yaml
from accessibility import faults
from chromium import CHROMIUM, FLAGS, LONG
from firefox import FIREFOX, Firefox
from pictures import ROOT, encoded, picture

from helpers.figures import FIGURE
from tools.pages import PICTURE, cards, contents, drawn, notebook_page, notebooks, relinked
from tools.published import Address, hosts
from tools.site import SITE, ZIP, cleared

NOWHERE = Address("", "main")
THERE = Address("https://github.com/an/original", "main")
PAGES = [name for names in contents().values() for name in names]


# What is gathered.


@pytest.mark.parametrize(
    "text, published, becomes",
    [
        ("[a](../README.md#set-up)", False, "[a](../README.md#set-up)"),
        ("[a](index.md)", False, "[a](../index.md)"),
        ("[a](../LICENSE)", False, "a"),
        ("[a](../LICENSE)", True, f"[a]({THERE.repository}/blob/main/LICENSE)"),
        ("[a](https://keras.io)", False, "[a](https://keras.io)"),
        ("[![Colab](https://x.org/b.svg)](https://y.org)", True, "[Colab](https://y.org)"),
        ("![Twelve rooms](../figures/sample_grid.png)", False, None),
        ("`[a](../LICENSE)`", False, None),
        ("```\n[a](../LICENSE)\n```", False, None),
    ],
)
def test_a_link_leads_to_a_page_to_the_repository_or_is_none(text, published, becomes):
    found = relinked(text, "docs/results.md", PAGES, THERE if published else NOWHERE)
    assert found == (text if becomes is None else becomes)


def test_a_picture_becomes_a_file_and_keeps_its_text(tmp_path):
    png = encoded(picture(0))
    said = "Rooms, &quot;A&quot; &amp; B"
    source = FIGURE.format(alt=said, png=base64.b64encode(png).decode())
    output = nbformat.v4.new_output("display_data", {"text/html": source, "text/plain": "x"})
    tag = drawn(output, "03-1", "../", tmp_path)
    assert (tmp_path / "03-1.png").read_bytes() == png
    assert f'alt="{said}"' in tag and 'src="../pictures/03-1.png"' in tag
    height, width = picture(0).shape[:2]
    assert f'width="{width}" height="{height}"' in tag and "base64" not in tag
    assert f">{said}</figcaption>" in tag
    assert drawn(nbformat.v4.new_output("stream", text="no picture"), "a", "", tmp_path) is None


def test_a_notebook_on_the_site_has_no_badges_no_widgets_and_keeps_its_words(tmp_path):
    for page in notebooks():
        before = nbformat.read(ROOT / page, as_version=4).cells
        text = notebook_page(page, PAGES, tmp_path)
        after = nbformat.reads(text, as_version=4).cells
        assert "widget-view" not in text and "badge" not in text
        code = [cell.source for cell in before if cell.cell_type == "code"]
        assert [cell.source for cell in after if cell.cell_type == "code"] == code
        words = [
            output.text for cell in before for output in cell.get("outputs", []) if "text" in output
        ]
        kept = [
            output.text for cell in after for output in cell.get("outputs", []) if "text" in output
        ]
        assert kept == words


def test_every_page_for_people_is_on_the_site_once():
    here = [f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")]
    assert set(here) - {"docs/index.md"} <= set(PAGES)
    assert len(PAGES) == len(set(PAGES)) and set(cards()) <= set(PAGES)
    assert [n for n in PAGES if n.endswith(".ipynb")] == notebooks()


def test_the_hosts_are_asked_for_the_notebook_of_this_repository():
    found = hosts("notebooks/00_start_here.ipynb", THERE)
    assert list(found) == ["Colab", "Kaggle", "Binder", "Codespaces"]
    for name, url in found.items():
        assert "an/original" in url and "main" in url, name
        assert name == "Codespaces" or url.endswith("notebooks/00_start_here.ipynb")


def test_the_workflow_that_publishes_may_do_only_that():
    text = (ROOT / ".github" / "workflows" / "site.yml").read_text()
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    rights = {name: job.get("permissions") for name, job in workflow["jobs"].items()}
    assert rights == {"build": None, "publish": {"pages": "write", "id-token": "write"}}
    assert all(job["timeout-minutes"] <= 90 for job in workflow["jobs"].values())
    used = re.findall(r"uses: (.+)", text)
    assert used and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", line) for line in used)
    assert "make site" in text


def test_a_page_that_is_gone_goes_from_the_site_or_it_is_not_built(tmp_path, monkeypatch):
    old = tmp_path / "site" / "gone.html"
    old.parent.mkdir()
    old.touch()
    (tmp_path / "link").symlink_to(old.parent)
    cleared(tmp_path / "link")
    assert old.exists() and not (tmp_path / "link").exists()
    with monkeypatch.context() as patch:
        patch.setattr("os.unlink", lambda *a, **k: (_ for _ in ()).throw(OSError(13, "denied")))
        with pytest.raises(SystemExit, match="cannot be emptied"):
            cleared(old.parent)
    cleared(old.parent)
    cleared(old.parent)
    assert not old.parent.exists()


# What was built.

built = pytest.mark.skipif(
    not (SITE / ZIP).exists(), reason="the site is not built: make site (build/site)"
)


class Page(HTMLParser):
    """What a page points at, what can be pointed at, and the texts of its pictures."""

    def __init__(self, text):
        super().__init__()
        self.links, self.fetched, self.ids, self.pictures = [], [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids |= {found[key] for key in ("id", "name") if found.get(key)}
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        if tag == "link" and found.get("rel") not in ("canonical",) and found.get("href"):
            self.fetched.append(found["href"])
        if found.get("src"):
            self.fetched.append(found["src"])
        if tag == "img" and "pictures/" in found.get("src", ""):
            self.pictures.append(found.get("alt"))


@functools.cache
def parsed(path):
    return Page(path.read_text("utf-8"))


def html_pages():
    return [path for path in SITE.rglob("*.html") if not path.is_relative_to(SITE / "lab")
            and "_static" not in path.parts]  # fmt: skip


@built
def test_the_laboratory_leads_back_to_the_site():
    lab = SITE / "lab" / "index.html"
    if not lab.exists():
        pytest.skip("the site was built without the laboratory: make laboratory site")
    assert parsed(lab).links.count("../index.html") == 1
    assert (lab.parent / "../index.html").exists()


@built
def test_every_link_of_the_site_leads_somewhere_and_nothing_is_fetched_from_outside():
    pages = html_pages()
    assert len(pages) > 35
    for path in pages:
        for link in parsed(path).fetched:
            assert not re.match(r"(https?:)?//", link), f"{path.name} fetches {link}"
        for link in parsed(path).links + parsed(path).fetched:
            if re.match(r"[a-z]+:", link):
                continue
            name, _, anchor = urllib.parse.unquote(link).partition("#")
            name = name.partition("?")[0]
            target = (path.parent / name).resolve() if name else path
            assert target.exists(), f"{path.relative_to(SITE)}: {link}"
            if anchor and target.suffix == ".html" and "lab" not in target.parts:
                assert anchor in parsed(target).ids, f"{path.relative_to(SITE)}: {link}"


@built
def test_no_style_and_no_script_names_another_place_to_fetch_from():
    for path in (SITE / "_static").rglob("*.css"):
        assert not re.search(r"url\(['\"]?https?:|@import ['\"]?https?:", path.read_text()), path


def stored_texts(page):
    """Yield the text of each picture that a notebook stores, in order."""
    for cell in nbformat.read(ROOT / page, as_version=4).cells:
        for output in cell.get("outputs", []):
            for match in PICTURE.finditer(output.get("data", {}).get("text/html", "")):
                yield Page(
                    match[0].replace(match[1], "").replace("data:image/png;base64,", "pictures/")
                ).pictures[0]


@built
@pytest.mark.parametrize("page", notebooks())
def test_the_text_of_every_figure_arrives(page):
    texts = list(stored_texts(page))
    arrived = parsed((SITE / page).with_suffix(".html")).pictures
    assert arrived == texts and all(texts), "the site is older than the notebook: make site"
    assert texts or "clinic" in page


@built
@pytest.mark.skipif(not (SITE / "pdf").is_dir(), reason="the site was built without PDFs")
def test_every_notebook_is_there_on_paper_tagged_and_with_its_figures():
    for page in notebooks():
        name = page.rpartition("/")[2].replace(".ipynb", ".pdf")
        pdf = (SITE / "pdf" / name).read_bytes()
        assert b"/StructTreeRoot" in pdf and b"/Marked true" in pdf, name
        assert pdf.count(b"/Subtype /Image") >= len(set(stored_texts(page))), name


@pytest.fixture(scope="module")
def address():
    """The site on a free port of loopback."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=str(SITE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.skip("Chromium is not installed: the site goes undriven")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser):
    """Open pages; whatever they ask for has to be on this machine, and no script may fail."""
    contexts, asked, failed = [], [], []

    def open_page(url, **options):
        contexts.append(browser.new_context(**options))
        contexts[-1].set_default_timeout(LONG)
        page = contexts[-1].new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert asked and not failed, failed
    for url in asked:
        assert re.match(r"http://127\.0\.0\.1:|file:|data:|blob:", url), url


LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "a phone": {"color_scheme": "light", "viewport": {"width": 320, "height": 640}},
    "a phone, dark": {"color_scheme": "dark", "viewport": {"width": 320, "height": 640}},
}
SAMPLES = [
    "index.html",
    "notebooks/03_how_a_network_learns.html",  # formulas, exercises, questions
    "notebooks/07_intermediate_activations.html",  # large figures
    "docs/results.html",  # wide tables
    "docs/glossary.html",
    "questions/index.html",
    "data/sample/rooms/README.html",
]


@built
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", SAMPLES)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(opened, address, name, look):
    page = opened(f"{address}/{name}", **LOOKS[look])
    page.wait_for_function("document.documentElement.dataset.theme")
    theme = "dark" if "dark" in look else "light"
    assert page.locator("html").get_attribute("data-theme") == theme
    page.evaluate("document.querySelectorAll('.quiz details').forEach(d => { d.open = true })")
    assert faults(page) == []
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window


@built
@pytest.mark.parametrize("place", ["a server", "the zip on a disk"])
def test_search_finds_a_leak(opened, address, place, tmp_path):
    start = f"{address}/index.html"
    if "zip" in place:
        zipfile.ZipFile(SITE / ZIP).extractall(tmp_path)
        start = (tmp_path / "room-by-room" / "index.html").as_uri()
    page = opened(start)
    page.keyboard.press("Control+k")
    page.locator("dialog input[name=q]").fill("leak")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results li a").evaluate_all("all => all.map(a => a.href)")
    assert len(found) > 2 and any("/notebooks/" in url for url in found)
    page.goto(next(url for url in found if "/notebooks/" in url))
    assert "leak" in page.locator("article").inner_text().lower()


@built
def test_a_word_explains_itself_to_the_pointer_and_to_the_keyboard(opened, address):
    page = opened(f"{address}/notebooks/03_how_a_network_learns.html")
    word = page.locator("article a:has(> .term)", has_text="neuron").first
    says = page.get_by_role("tooltip")
    assert not says.is_visible()
    for show in (word.hover, word.focus):
        show()
        says.wait_for(state="visible")
        assert len(says.inner_text().split()) > 4
        assert word.get_attribute("aria-describedby") == says.get_attribute("id")
        page.keyboard.press("Escape")
        says.wait_for(state="hidden")
    word.click()
    page.wait_for_url("**/docs/glossary.html#term-neuron")


@built
def test_every_word_that_leads_to_the_glossary_has_its_sentence(opened, address):
    seen = 0
    page = opened(f"{address}/index.html")
    for notebook in notebooks():
        page.goto(f"{address}/{notebook.replace('.ipynb', '.html')}")
        silent = page.evaluate(
            "[...document.querySelectorAll('a:has(> .term)')]"
            ".map(a => [a.textContent, TERMS[a.hash.slice(1).toLowerCase()] ?? ''])"
        )
        assert all(says for _, says in silent), silent
        seen += len(silent)
    assert seen > 200


@built
@pytest.mark.skipif(not FIREFOX, reason="Firefox is not installed")
def test_in_firefox_it_fits_the_window_explains_words_and_is_searched(address, tmp_path):
    firefox = Firefox(tmp_path / "profile")
    try:
        firefox.goto(f"{address}/notebooks/03_how_a_network_learns.html")
        firefox.wait_for("document.querySelector('a:has(> .term)') && window.TERMS")
        firefox.evaluate("document.querySelector('article a:has(> .term)').focus()")
        firefox.wait_for("document.querySelector('[role=tooltip]')?.checkVisibility()")
        assert firefox.evaluate("document.querySelectorAll('math').length") > 1
        view = {"context": firefox.page, "viewport": {"width": 320, "height": 640}}
        firefox.command("browsingContext.setViewport", **view)
        firefox.wait_for("innerWidth === 320")
        assert firefox.evaluate("document.documentElement.scrollWidth") <= 320
        firefox.goto(f"{address}/search.html?q=leak")
        firefox.wait_for("document.querySelectorAll('#search-results li a').length > 2")
        asked = {urllib.parse.urlsplit(url).netloc for url in firefox.asked}
        assert asked <= {"", urllib.parse.urlsplit(address).netloc}
    finally:
        firefox.close()


@built
def test_with_the_keyboard_alone_one_gets_past_the_menu_and_along_a_wide_line(opened, address):
    page = opened(f"{address}/notebooks/05_training_curves.html", **LOOKS["a phone"])
    page.keyboard.press("Tab")
    assert "Skip to main content" in page.locator(":focus").inner_text()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main, #main-content') !== null")
    wide = page.locator("div.cell_input pre[tabindex='0']:visible").first
    wide.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
