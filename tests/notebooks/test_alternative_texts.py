"""What a figure says to those who do not see it, on the pages that people open."""

import shutil
from html.parser import HTMLParser

import nbformat
import pytest
from jupyterlab_driven import open_in_lab
from nbconvert import HTMLExporter

from helpers.runtime import ROOT
from tools.figures import pictures

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def stored(path):
    """Return the texts of a chapter's figures, in order."""
    cells = nbformat.read(path, as_version=4).cells
    return [text for cell in cells if cell.cell_type == "code" for text, _ in pictures(cell)]


class Images(HTMLParser):
    """Collects what the images of a page say."""

    def __init__(self, page):
        super().__init__()
        self.texts = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.texts.append(dict(attrs).get("alt"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_they_arrive_on_the_page_that_nbconvert_makes(path):
    page, _ = HTMLExporter().from_filename(path)
    said = Images(page).texts
    assert [text for text in said if text in stored(path)] == stored(path)
    # A badge or a link's picture has a text as well; what has none would get this sentence.
    assert all(said)
    assert "No description has been provided" not in page


def test_they_arrive_in_jupyterlab_before_anything_is_run(browser, lab):
    """A notebook from elsewhere is not trusted: its HTML loses what might be dangerous."""
    path = max(NOTEBOOKS, key=lambda one: len(stored(one)))
    shutil.copy(path, lab[1] / "seen.ipynb")
    page = browser.new_page()
    page.goto(f"{lab[0]}/lab/tree/seen.ipynb?reset")
    shown = page.locator(".jp-OutputArea-output figure img")
    shown.nth(len(stored(path)) - 1).wait_for()
    assert [image.get_attribute("alt") for image in shown.all()] == stored(path)
    assert all(image.evaluate("image => image.naturalWidth > 100") for image in shown.all())
    captions = page.locator(".jp-OutputArea-output figcaption").all_inner_texts()
    assert [caption.strip() for caption in captions] == stored(path)
    page.close()


def test_and_once_it_is_run(browser, lab):
    source = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from helpers.start import start\nstart()\nimport matplotlib.pyplot as plt\n"
        "from helpers.figures import show\n"
        """show(plt.subplots()[0], 'Two "bars" < 3 & a $line$.')"""
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, lab[1] / "run.ipynb")
    page = open_in_lab(lab, browser, "run.ipynb")
    image = page.get_by_role("img", name='Two "bars" < 3 & a $line$.')
    image.wait_for()
    caption = page.locator("figcaption")
    assert caption.inner_text() == 'Two "bars" < 3 & a $line$.'
    assert caption.get_attribute("aria-hidden") == "true"  # or it would be heard twice
    page.close()
