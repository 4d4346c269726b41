"""Show the questions on a chapter: to be clicked where widgets live, else to be read.

`quiz("training_curves")` stands at the end of a chapter. What is to be read is folded HTML, and
plain text where there is none. It is the same at each run, so that it can be stored and compared.
Each choice that is checked is a try, and is noted in the passport.
"""

import html
import re
import textwrap
from typing import Any

from helpers.questions import Question, read_questions
from helpers.runtime import is_live, place

LETTERS = "abcd"
WIDTH = 96  # columns of plain text
CHOOSE = "Choose one first."


def quiz(chapter: str) -> None:
    """Show the questions on a chapter.

    Args:
        chapter: The name of its notebook without number and ending, "training_curves".
    """
    show(read_questions(chapter))


def show(questions: list[Question]) -> None:
    """Show questions, of one chapter or of several."""
    from IPython.display import display

    page: dict[str, Any] = {"text/plain": as_text(questions), "text/html": as_html(questions)}
    if not is_live():
        display(page, raw=True)
        return
    box = as_widget(questions)
    if place() == "colab":
        display(box)
        return
    # One output in three forms: a page that cannot show the widget still has the text.
    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    display({"application/vnd.jupyter.widget-view+json": view, **page}, raw=True)


def as_text(questions: list[Question]) -> str:
    """Return questions, and the answers below all of them, as plain text."""
    lines = []
    for number, question in enumerate(questions, start=1):
        lines += [*_wrapped(f"{number}. ", question.asks)]
        for letter, option in zip(LETTERS, question.options, strict=False):
            lines += _wrapped(f"   {letter}) ", option.says)
        lines.append("")
    lines += ["Answers", ""]
    for number, question in enumerate(questions, start=1):
        right = f"{number}. {LETTERS[question.answer]}) "
        lines += _wrapped(right, f"{question.options[question.answer].comment} ({question.where})")
        for letter, option in zip(LETTERS, question.options, strict=False):
            if not option.right:
                lines += _wrapped(f"   {letter}) ", option.comment)
    return "\n".join(lines)


def _wrapped(start: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
    )


def as_html(questions: list[Question]) -> str:
    """Return questions as HTML, each with its answer folded below it."""
    return "\n".join(_folded(number, q) for number, q in enumerate(questions, start=1))


def _folded(number: int, question: Question) -> str:
    options = "".join(f"<li>{marked(option.says)}</li>" for option in question.options)
    said = [f"<p><b>{LETTERS[question.answer]}.</b> {_right(question)}</p>"]
    for letter, option in zip(LETTERS, question.options, strict=False):
        if not option.right:
            said.append(f"<p><b>Not {letter}:</b> {marked(option.comment)}</p>")
    return (
        f'<p><b>{number}.</b> {marked(question.asks)}</p><ol type="a">{options}</ol>'
        f"<details><summary>Answer</summary>{''.join(said)}</details>"
    )


def _right(question: Question) -> str:
    """Return why the right option is right, and where to see it, as HTML."""
    why = marked(question.options[question.answer].comment)
    return f"{why} <i>({marked(question.where)})</i>"


def marked(text: str) -> str:
    """Return text as HTML, with `code` and *emphasis* as Markdown writes them."""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return re.sub(r"(?<!\w)\*([^*\s][^*]*)\*(?!\w)", r"<em>\1</em>", text)


def as_widget(questions: list[Question]) -> Any:
    """Return the questions to be clicked, for ipywidgets 7 and 8."""
    import ipywidgets as widgets

    parts = [_asked(number, q) for number, q in enumerate(questions, start=1)]
    return widgets.VBox(parts)


def _asked(number: int, question: Question) -> Any:
    """Return one question: its text, the options, a button, and room for what is said of them."""
    import ipywidgets as widgets

    asks = widgets.HTML(f"<b>{number}.</b> {marked(question.asks)}")
    says = [option.says.replace("`", "") for option in question.options]  # a label is plain text
    # Labels are cut off at the box's usual width.
    options = widgets.RadioButtons(options=says, value=None, layout={"width": "max-content"})
    button = widgets.Button(description="Check")
    said = widgets.HTML()
    last: list[int | None] = [None]

    def checked(_: Any) -> None:
        text = judged(question, options.index)
        if options.index != last[0]:  # a second click on the same is no second try
            text += html.escape(_note(question, options.index))  # printed, nobody would see it
        last[0] = options.index
        said.value = text

    button.on_click(checked)
    return widgets.VBox([asks, options, button, said], layout={"margin": "0 0 1.5em 0"})


def _note(question: Question, chosen: int) -> str:
    """Note a try in the passport; return what is to be said of that, as a rule nothing."""
    from helpers.passport import QUESTION, noted  # the site shows questions, and has no lock for it

    right = question.options[chosen].right
    said = noted(question.chapter, QUESTION + question.id, "tries", right)
    return f" {said}" if said else ""


def judged(question: Question, chosen: int | None) -> str:
    """Return as HTML what is said of the option that was chosen; None if there is none yet."""
    if chosen is None:
        return CHOOSE
    option = question.options[chosen]
    if option.right:
        return f"<b>Right.</b> {_right(question)}"
    return f"<b>Not yet.</b> {marked(option.comment)} <i>({marked(question.where)})</i>"
