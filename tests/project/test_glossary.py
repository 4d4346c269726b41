"""A word is explained before it is used, and the page of words is in step."""

import nbformat
import pytest

from tools.chapters import ROOT
from tools.glossary import PAGE, Term, page, prose, read_terms, read_texts, used_too_early, uses

TERMS = read_terms()
TEXTS = read_texts()
each = pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)


@each
def test_a_word_is_explained_before_it_is_used(term):
    early = used_too_early(term, TEXTS)
    assert early is None, f"chapter {early.chapter.number}, cell {early.cell}: {early.words}"


def test_the_cell_that_explains_a_word_has_it_and_is_the_only_one_of_its_name():
    cells = [
        cell
        for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
        for cell in nbformat.read(path, as_version=4).cells
    ]
    for term in TERMS:
        (cell,) = (cell for cell in cells if cell.id == term.cell)
        # A word of code, such as `prefetch`, is explained as code.
        whole = cell.source.replace("`", "").replace("*", "").replace("\n", " ").replace("_", " ")
        assert uses(term, whole), term.name


def test_the_words_stand_in_the_order_in_which_they_are_explained():
    order = [text.cell for text in TEXTS]
    places = [order.index(term.cell) for term in TERMS]
    assert places == sorted(places)
    assert len({term.name for term in TERMS}) == len(TERMS) >= 60


def test_a_sentence_explains_and_does_not_only_repeat():
    for term in TERMS:
        assert term.says[0].isupper() and term.says.endswith("."), term.name
        assert 4 <= len(term.says.split()) <= 32, term.name


def test_the_page_is_in_step():
    assert (ROOT / PAGE).read_text() == page(), "run make glossary"


def test_a_word_that_comes_too_early_is_found():
    late = TERMS[-1]
    moved = Term("neural network", late.says, late.cell, TERMS[0].words)
    assert used_too_early(moved, TEXTS).chapter.number == 0
    with pytest.raises(ValueError, match="no text nowhere"):
        used_too_early(Term("xyz", "X.", "nowhere", "xyz"), TEXTS)


def test_code_addresses_and_tables_are_no_prose():
    source = "A `batch` of *[words](epoch.md)*\n<!-- chapters -->\nlayer\n<!-- end -->"
    assert prose(source) == "A of [words]"
