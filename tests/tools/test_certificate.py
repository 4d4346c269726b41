"""A certificate shows what was checked, and its digest tells a page that was changed."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from packaging.utils import canonicalize_name

from helpers import passport
from helpers.course import Contents
from helpers.errors import CourseError
from helpers.passport import QUESTION, load
from helpers.runtime import ROOT
from tools import certificate
from tools.certificate import certified, check, digest_of, page_of

STAMP = {"tries": 3, "hints": 1, "solutions": 0, "right": True, "day": "2026-10-01"}
COURSE = (
    Contents("one", 1, "One", ("Second", "First <b>"), (QUESTION + "a", QUESTION + "b"), {}),
    Contents("two", 2, "Two", ("Third",), (), {}),
)
STAMPS = {
    "one": {
        "First <b>": STAMP,
        "Second": STAMP | {"tries": 2, "right": False, "day": "2026-10-03"},
        QUESTION + "a": STAMP | {"hints": 0, "tries": 4},
        QUESTION + "b": STAMP | {"hints": 0, "tries": 5, "right": False},
    },
    "lost": {"Nowhere": STAMP},
}


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """The folder with a passport, and where the page goes."""
    monkeypatch.setattr(passport, "PASSPORT", tmp_path / "passport.json")
    monkeypatch.setattr(certificate, "PAGE", tmp_path / "certificate.html")
    monkeypatch.setattr(certificate, "contents", lambda: COURSE)
    (tmp_path / "passport.json").write_text(json.dumps(STAMPS))
    return tmp_path


@pytest.fixture
def page(kept):
    certificate.write()
    return kept / "certificate.html"


class Cells(HTMLParser):
    """What stands in the cells and headings of a page."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.inside = tag in ("td", "h2")

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.found.append(data)


def test_the_page_shows_chapter_by_chapter_what_was_checked(page):
    text = page.read_text()
    found = Cells(text).found
    assert found[:-1] == [
        "1. One: 1 of 2 exercises, 1 of 2 questions",
        *("Second", "not yet", "2", "1", "0", "2026-10-03"),
        *("First <b>", "yes", "3", "1", "0", "2026-10-01"),
        *("2 questions", "1", "9", "0", "0", "2026-10-01"),
    ]
    assert "Right in all: 1 exercises and 1 questions" in text
    assert "Nowhere" not in text and "Two" not in text
    assert "Name, by hand: ____" in text and "does not prove who did" in text
    assert digest_of(certified(load(page.with_name("passport.json")), COURSE)) in text


def test_the_same_passport_gives_the_same_bytes(page):
    before = page.read_bytes()
    file = page.with_name("passport.json")
    turned = {name: dict(reversed(own.items())) for name, own in reversed(STAMPS.items())}
    file.write_text(json.dumps(turned, indent=3))
    certificate.write()
    assert page.read_bytes() == before


def test_a_page_and_its_passport_fit_the_digest(page):
    digest = re.search(r"<code>([0-9a-f]{64})</code>", page.read_text())[1]
    for file in (page, page.with_name("passport.json")):
        assert digest in check(file) and digest in check(file, digest.upper())
        with pytest.raises(CourseError, match="another digest"):
            check(file, digest[::-1])
    for none in ("", " ", digest[:-1], "my digest"):  # as a shell gives for what is not set
        with pytest.raises(CourseError, match="is no digest"):
            check(page, none)
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert digest in check(page), "a mail program that ends lines in another way changes nothing"


@pytest.mark.parametrize(
    "old, new",
    [
        ("not yet", "yes"),
        ("<td>9</td>", "<td>2</td>"),
        ("Name, by hand", "Name: Ines"),
        ('"tries":2', '"tries":1'),
        ('"right":false', '"right":true'),
        ('"tries":2', '"tries":"two"'),
        ('"chapters":[', '"chapters":[[],'),
        ('"format":1', '"format":' + "[" * 50_000),
        ('{"chapters"', '{"chapter"'),
        ("</html>", "</html> "),
    ],
    ids=lambda text: text[:20],
)
def test_whatever_is_changed_on_a_page_is_noticed(page, old, new):
    text = page.read_text()
    assert old in text
    page.write_text(text.replace(old, new, 1))
    with pytest.raises(CourseError, match="was changed"):
        check(page)


def test_another_try_gives_another_digest(page):
    digest = check(page).split()[-1].rstrip(".")
    file = page.with_name("passport.json")
    stamps = json.loads(file.read_text())
    stamps["one"]["Second"]["tries"] += 1
    file.write_text(json.dumps(stamps))
    with pytest.raises(CourseError, match="another digest"):
        check(file, digest)


def test_when_it_is_asked_again_is_not_certified(kept):
    boxed = {"one": {"Second": STAMP | {"box": 2, "since": "2026-10-09"}}}
    plain = {"one": {"Second": STAMP | {"box": 0, "since": "2026-10-01"}}}
    assert certified(boxed, COURSE) == certified(plain, COURSE)


def test_a_text_can_neither_end_the_data_nor_draw_on_the_page():
    stranger = "</script><script>alert(1)</script>"
    course = (Contents("one", 1, stranger, (stranger,), (), {}),)
    text = page_of(certified({"one": {stranger: STAMP}}, course))
    assert text.count("<script") == text.count("</script") == 1
    inside = certificate.DATA.search(text)[1]
    assert json.loads(inside)["chapters"][0]["stamps"][0]["name"] == stranger


@pytest.mark.parametrize(
    "content, sentence",
    [(None, "no passport yet"), ("{", "damaged one"), ("{}", "nothing to print")],
)
def test_where_there_is_nothing_to_certify_a_sentence_says_so(kept, content, sentence):
    file = kept / "passport.json"
    file.unlink() if content is None else file.write_text(content)
    with pytest.raises(CourseError, match=sentence):
        certificate.write()
    assert not (kept / "certificate.html").exists()


def test_the_command_says_it_in_a_line_and_in_its_status(page):
    def told(*words):
        command = [sys.executable, "-m", "tools.certificate", *map(str, words)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    sound = told("--check", page)
    assert sound.returncode == 0 and "is as it was made" in sound.stdout
    page.write_text("a shopping list")
    nowhere = (page.with_name("none.html"), "x" * 300)
    for words in (("--check", page), *(("--check", path) for path in nowhere)):
        wrong = told(*words)
        assert wrong.returncode == 1 and len(wrong.stderr.splitlines()) == 1, wrong.stderr


def test_a_learner_has_what_it_needs():
    lock = (ROOT / "requirements.lock").read_text()
    names = {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    assert {"jinja2", "markupsafe"} <= names
