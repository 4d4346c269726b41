"""A file of questions is read or refused in a sentence, and shown in each of its forms."""

import json

import pytest

from helpers import CourseError, passport, quiz
from helpers.questions import read_questions

SOUND = """
[[question]]
id = "sum"
asks = "What is {a} and {a}, by `numpy`?"
cell = "cell-1"
right = "{both}"
why = "Both are added, with *nothing* left & no < sign."
wrong = [
  { says = "{a}", tempts = "This is one of them." },
  { says = "{a}{a}", tempts = "This writes them side by side." },
]
numbers.a = { cell = "cell-1", find = '(\\d+)' }
numbers.both = { compute = "a + a" }
"""
FOUND = {"sums": {"sum": {"where": "cell [1], under *Sums*", "numbers": {"a": "2", "both": "4"}}}}


@pytest.fixture
def folder(tmp_path):
    """A folder with one chapter's questions, and what was found for them."""
    (tmp_path / "sums.toml").write_text(SOUND)
    (tmp_path / "found.json").write_text(json.dumps(FOUND))
    return tmp_path


@pytest.fixture
def questions(folder):
    return read_questions("sums", folder)


def test_numbers_are_filled_in_and_one_option_is_right(questions):
    (question,) = questions
    assert question.asks == "What is 2 and 2, by `numpy`?"
    assert sorted(option.says for option in question.options) == ["2", "22", "4"]
    assert [option.says for option in question.options if option.right] == ["4"]
    assert question.options[question.answer].says == "4"


def test_the_order_is_that_of_the_id(folder, questions):
    assert read_questions("sums", folder) == questions
    orders = set()
    for name in ("one", "two", "three", "four", "five"):
        (folder / "sums.toml").write_text(SOUND.replace('"sum"', f'"{name}"'))
        found = {"sums": {name: FOUND["sums"]["sum"]}}
        (folder / "found.json").write_text(json.dumps(found))
        orders.add(read_questions("sums", folder)[0].answer)
    assert len(orders) > 1, "the right one always stands in one place"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[[question]]", "[[question]", "is not TOML"),
        ('right = "{both}"', "", "right is missing"),
        ('right = "{both}"', "right = 4", "right is missing, or is no str"),
        ('cell = "cell-1"\nright', 'shown = "cell-1"\nright', "cell is missing"),
        ('why = "', 'hint = "More"\nwhy = "', "hint is not known"),
        ('  { says = "{a}", tempts = "This is one of them." },\n', "", "1 wrong options"),
        ('tempts = "This is one of them."', 'tempts = ""', "tempts by something"),
        ('says = "{a}{a}"', 'says = "{b}{a}"', "not in numbers, or not used: b"),
        ("numbers.both", "numbers.idle = { compute = '1' }\nnumbers.both", "not used: idle"),
        ("find = '(\\\\d+)'", "seek = '1'", "the number a needs cell and find, or compute"),
        ('says = "{a}{a}"', 'says = "{both}"', "Two options of sum say the same"),
        ('id = "sum"', 'id = "unheard"', "found.json does not know sums"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_a_sentence(folder, old, new, sentence):
    text = (folder / "sums.toml").read_text()
    old = old.replace("\\\\", "\\")
    assert old in text
    (folder / "sums.toml").write_text(text.replace(old, new))
    with pytest.raises(CourseError) as error:
        read_questions("sums", folder)
    assert sentence in str(error.value)


def test_a_chapter_without_questions_is_named_with_those_that_have_some(folder):
    with pytest.raises(CourseError, match="No questions on 'products' in .*: sums"):
        read_questions("products", folder)


def test_the_text_asks_first_and_answers_below(questions):
    text = quiz.as_text(questions)
    asked, answered = text.split("Answers")
    letter = "abc"[questions[0].answer]
    assert asked.startswith("1. What is 2 and 2, by `numpy`?\n   a) ")
    assert f"   {letter}) 4\n" in asked and "Both are added" not in asked
    assert f"1. {letter}) Both are added" in answered
    assert "This is one of them." in answered and "cell [1], under *Sums*" in answered
    assert max(map(len, text.splitlines())) <= quiz.WIDTH


def test_the_page_folds_each_answer_and_escapes_what_it_shows(questions):
    page = quiz.as_html(questions)
    open_part, folded = page.split("<details>")
    assert "<code>numpy</code>" in open_part and "<li>22</li>" in open_part
    assert "Both are added" not in open_part
    assert "with <em>nothing</em> left &amp; no &lt; sign" in folded
    assert "under <em>Sums</em>" in folded


def test_an_asterisk_that_multiplies_stays():
    assert quiz.marked("3 * 3 * 16 and 2*a*b") == "3 * 3 * 16 and 2*a*b"


def shown(monkeypatch, questions, live, place):
    """Show questions at a place, and return what was displayed."""
    import IPython.display

    said = []
    monkeypatch.setattr(IPython.display, "display", lambda what, raw=False: said.append(what))
    monkeypatch.setattr(quiz, "read_questions", lambda chapter: questions)
    monkeypatch.setattr(quiz, "is_live", lambda: live)
    monkeypatch.setattr(quiz, "place", lambda: place)
    quiz.quiz("sums")
    (one,) = said
    return one


def test_where_nobody_looks_on_it_is_a_page_and_the_same_each_time(monkeypatch, questions):
    first = shown(monkeypatch, questions, False, "")
    assert set(first) == {"text/plain", "text/html"}
    assert shown(monkeypatch, questions, False, "") == first


def test_where_somebody_looks_on_it_is_a_widget_that_falls_back_on_the_page(monkeypatch, questions):
    live = shown(monkeypatch, questions, True, "jupyter")
    page = shown(monkeypatch, questions, False, "")
    assert set(live) - set(page) == {"application/vnd.jupyter.widget-view+json"}
    assert {kind: live[kind] for kind in page} == page


def test_colab_gets_the_widget_alone(monkeypatch, questions):
    assert type(shown(monkeypatch, questions, True, "colab")).__name__ == "VBox"


def test_the_widget_waits_for_a_choice_and_judges_it(questions):
    """As in the browser: nothing chosen, then a wrong option, then the right one."""
    (part,) = quiz.as_widget(questions).children
    asks, options, button, said = part.children
    assert asks.value == "<b>1.</b> What is 2 and 2, by <code>numpy</code>?"
    assert options.index is None and said.value == ""
    button.click()
    assert said.value == quiz.CHOOSE
    options.value = "22"
    button.click()
    assert said.value.startswith("<b>Not yet.</b> This writes them side by side.")
    options.value = "4"
    assert said.value.startswith("<b>Not yet.</b>"), "it answers only when it is asked"
    button.click()
    assert said.value.startswith("<b>Right.</b> Both are added")


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A passport of its own, with somebody looking on."""
    monkeypatch.setenv("COURSE_LIVE", "1")
    monkeypatch.setattr(passport, "PASSPORT", tmp_path / "saved" / "passport.json")
    return passport.PASSPORT


def test_each_choice_that_is_checked_is_a_try_in_the_passport(questions, kept):
    (part,) = quiz.as_widget(questions).children
    _, options, button, _ = part.children
    button.click()
    assert not kept.exists(), "nothing was chosen"
    for choice, tries in (("22", 1), ("22", 1), ("2", 2), ("4", 3)):
        options.value = choice
        button.click()
        stamp = passport.load(kept)["sums"]["question: sum"]
        assert (stamp["tries"], stamp["right"]) == (tries, choice == "4")
    assert stamp["box"] == 1, "it is asked again, for it was wrong at first"


def test_where_it_cannot_be_noted_the_question_says_so(questions, kept):
    kept.parent.write_text("a file where the folder should be")
    (part,) = quiz.as_widget(questions).children
    _, options, button, said = part.children
    options.value = "4"
    button.click()
    assert said.value.startswith("<b>Right.</b>") and "was not noted" in said.value


def test_where_nobody_looks_on_nothing_is_noted(questions, kept, monkeypatch):
    monkeypatch.setenv("COURSE_LIVE", "0")
    (part,) = quiz.as_widget(questions).children
    _, options, button, said = part.children
    options.value = "4"
    button.click()
    assert said.value.startswith("<b>Right.</b>") and not kept.parent.exists()
