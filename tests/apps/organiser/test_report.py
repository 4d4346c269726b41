"""The table and the contact sheet show every photo once, and lead to it."""

import base64
import csv
import io
import os
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from accessibility import faults
from chromium import CHROMIUM, FLAGS, LONG
from organising import (
    Brightness,
    grey,
    put,
    sort,
    sorted_photos,
)
from PIL import Image

from apps.organiser import report
from apps.organiser.names import SHEET, TABLE


def test_a_report_that_was_deleted_is_written_anew(photos, tmp_path):
    to = tmp_path / "sorted"
    sort(photos, to)
    for lost in (to / TABLE, to / SHEET / "index.html"):
        before = lost.read_bytes()
        lost.unlink()
        assert sort(photos, to) == 0
        assert lost.read_bytes() == before


HOSTILE = "<img src=x onerror=alert(1)> & \"'#%41?.png"


class Reader(HTMLParser):
    """Collects what a page holds."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.images, self.links = Counter(), [], []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.images += [dict(attrs)] if tag == "img" else []
        self.links += [dict(attrs)["href"]] if tag == "a" else []


def test_the_contact_sheet_shows_every_photo_once_and_leads_to_it(photos, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "PAGE", 2)
    put(photos / HOSTILE, grey(12))
    put(photos / os.fsdecode(b"odd\xff\n\xe2\x80\xae.png"), grey(240))
    to = tmp_path / "sorted"
    sort(photos, to)
    index = Reader(to / SHEET / "index.html")
    pages = [Reader(to / SHEET / link) for link in index.links if link != f"../{TABLE}"]
    assert len(pages) == len(list((to / SHEET).iterdir())) - 1 == 5
    found = [link for page in pages for link in page.links if link.startswith("../")]
    targets = [os.fsdecode(unquote(link, errors="surrogateescape"))[3:] for link in found]
    assert sorted(targets) == sorted_photos(to)
    assert len(set(targets)) == 8
    for page in (index, *pages):
        assert not page.tags["script"]
        assert page.tags["html"] == page.tags["h1"] == page.tags["main"] == 1
        inner = [link for link in page.links if not link.startswith("../")]
        assert all((to / SHEET / link).exists() for link in inner)
    images = [image for page in pages for image in page.images]
    assert len(images) == 7
    for image in images:
        content = base64.b64decode(image["src"].removeprefix("data:image/jpeg;base64,"))
        assert Image.open(io.BytesIO(content)).size == (24, 24)
        assert image["alt"].startswith("Open ")
        assert image["alt"].isprintable()
    assert f"Open {HOSTILE}" in [image["alt"] for image in images]


def test_the_table_says_what_was_decided(photos, tmp_path):
    sort(photos, tmp_path / "sorted", "--sure", "0.95")
    table = list(csv.DictReader((tmp_path / "sorted" / TABLE).open(encoding="utf-8-sig")))
    rows = {row["target"]: row for row in table}
    assert rows["messy/IMG_1.png"] == {
        "file": str(photos / "b" / "IMG_1.png"),
        "target": "messy/IMG_1.png",
        "label": "messy",
        "confidence": "0.980392",
        "p(clean)": "0.019608",
        "p(messy)": "0.980392",
        "note": "",
    }
    broken = rows["unreadable/broken.jpg"]
    assert broken["note"].startswith("broken.jpg is not an image")
    assert broken["label"] == broken["confidence"] == broken["p(clean)"] == ""


@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: the sheet goes unseen")
def test_the_contact_sheet_in_a_browser(photos, tmp_path):
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    put(photos / HOSTILE, grey(12))
    sort(photos, tmp_path / "sorted")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(LONG)
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto((tmp_path / "sorted" / SHEET / "index.html").as_uri())
        assert faults(page) == []
        page.get_by_role("link", name="clean 1 to 4").click()
        assert faults(page) == []
        drawn = "images => images.filter(i => i.naturalWidth > 0).length"
        assert page.locator("img").evaluate_all(drawn) == 4
        page.get_by_role("link", name=f"Open {HOSTILE}").click()
        assert page.locator("img").evaluate("image => image.naturalWidth") == 24
        browser.close()
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]
    assert not said


@pytest.mark.parametrize("first", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1"])
def test_no_name_is_a_formula_in_the_table(tmp_path, first):
    put(tmp_path / "photos" / f"{first}.png", b"no image")
    put(tmp_path / "photos" / "bright.png", grey(250))
    sort(tmp_path / "photos", tmp_path / "sorted", model=Brightness(("clean", first)))
    with (tmp_path / "sorted" / TABLE).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 3
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(report.FORMULA)]
    assert f"'{first}" in cells


def test_a_thumbnail_keeps_nothing_that_was_written_into_the_photo(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "SECRET place"
    content = grey(10, kind="JPEG", exif=exif, comment=b"SECRET comment")
    put(tmp_path / "photos" / "x.jpg", content)
    sort(tmp_path / "photos", tmp_path / "sorted")
    page = Reader(tmp_path / "sorted" / SHEET / "1.html")
    image = base64.b64decode(page.images[0]["src"].removeprefix("data:image/jpeg;base64,"))
    assert b"SECRET" in content
    assert b"SECRET" not in image
