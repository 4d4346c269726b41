"""Widgets, exercises and a quiz, as a learner meets them: in JupyterLab, in a real browser."""

import datetime
import json
import re
import shutil

import ipywidgets
import nbformat
import pytest
from chromium import CHROMIUM
from jupyterlab_driven import open_in_lab

from helpers.data import SAMPLES
from helpers.questions import read_questions
from helpers.runtime import ROOT

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: the widgets go undriven"),
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photographs are not there"),
    pytest.mark.skipif(
        int(ipywidgets.__version__.split(".")[0]) < 8,
        reason="JupyterLab 4 shows no widgets of ipywidgets 7, which Colab has and shows",
    ),
]
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

WRITE = """async ([id, source]) => {
    const {content} = jupyterapp.shell.currentWidget;
    content.activeCellIndex = content.widgets.findIndex(cell => cell.model.id === id);
    content.activeCell.model.sharedModel.setSource(source);
    await jupyterapp.commands.execute('notebook:run-cell');
}"""


# How far down an image anything is drawn, in [0, 1]: where two threads drew with pyplot at once,
# the file was whole, and white from some row on.
DRAWN = """image => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const drawn = y => pen.getImageData(0, y, canvas.width, 1).data.some(value => value < 250);
    return [...Array(canvas.height).keys()].findLast(drawn) / canvas.height;
}"""


def run_in_lab(lab, browser, name):
    """Open a copy of a chapter, run all its cells, and return the page once they have run."""
    shutil.copy(ROOT / "notebooks" / name, lab[1])
    return open_in_lab(lab, browser, name)


def test_photos_and_a_broken_file_are_uploaded_and_answered(lab, browser, tmp_path):
    photos = [f for f in sorted((SAMPLES / "rooms" / "test").rglob("*")) if f.is_file()][:3]
    uploads = [tmp_path / f"grandma's küche {i}{file.suffix}" for i, file in enumerate(photos)]
    for file, upload in zip(photos, uploads, strict=True):
        shutil.copy(file, upload)
    broken = tmp_path / "broken.png"
    broken.write_bytes(photos[0].read_bytes()[:500])
    page = run_in_lab(lab, browser, "06_upload_and_predict.ipynb")
    with page.expect_file_chooser() as chooser:
        page.locator("button.widget-upload").click()
    chooser.value.set_files([broken, *uploads])

    answered = page.locator(".jp-OutputArea-output pre").filter(has_text=uploads[-1].name)
    sync_api.expect(answered).to_contain_text("left out: broken.png is ")
    for upload in uploads:
        said = rf"{re.escape(upload.name)}: (clean|messy), confidence [01]\.\d\d"
        sync_api.expect(answered).to_contain_text(re.compile(said))
    shown = page.locator(".jp-OutputArea").filter(has=answered).last.locator("img")
    sync_api.expect(shown).to_have_count(1)
    assert shown.evaluate(DRAWN) > 0.85, "the picture is cut off"
    page.close()


def test_a_slider_is_moved_and_the_figure_changes(lab, browser):
    page = run_in_lab(lab, browser, "07_intermediate_activations.ipynb")
    figure = page.locator(".jp-OutputArea-output .widget-html img")
    layer, filter_ = page.locator(".widget-slider .noUi-handle").all()

    def changes_after(act):
        before = figure.get_attribute("src")
        act()
        sync_api.expect(figure).not_to_have_attribute("src", before)
        return figure.get_attribute("alt")

    assert "filter 0," in figure.get_attribute("alt")
    last = changes_after(lambda: filter_.press("ArrowRight"))
    assert "filter 0," not in last
    changes_after(lambda: layer.press("Home"))  # the first layer has three filters, the colours
    sync_api.expect(filter_).to_have_attribute("aria-valuemax", re.compile(r"2(\.0)?"))
    alt = changes_after(lambda: page.locator(".widget-dropdown select").select_option(index=1))
    assert "photograph 1:" in alt
    assert figure.evaluate(DRAWN) > 0.85, "the figure is cut off"
    page.close()


def test_an_exercise_is_tried_hinted_opened_and_solved(lab, browser, tmp_path):
    page = run_in_lab(lab, browser, "03_how_a_network_learns.ipynb")
    kept = tmp_path / "passport.json"
    start = (
        f"import helpers.passport, pathlib\nhelpers.passport.PASSPORT = pathlib.Path({str(kept)!r})"
    )
    said = page.locator(".jp-OutputArea-output pre")

    def write(code, answer):
        page.evaluate(WRITE, ["exercise-2", f"{start}\n{code}"])
        sync_api.expect(said.filter(has_text=answer)).to_have_count(1)

    sync_api.expect(said.filter(has_text="Exercise 2: not answered yet")).to_have_count(1)
    write("check_2(6, 4)", "Exercise 2: not yet: the second multiplies the first one's -1, too.")
    write("check_2.hint()", "Exercise 2, hint 1 of 2: Ask the two about edges of 0")
    write("check_2.solution()", "one_weight = 3 * 2")
    worked = said.filter(has_text="one_weight = 3 * 2")
    sync_api.expect(worked).to_be_hidden()
    page.locator("summary", has_text="Exercise 2: a solution").click()
    sync_api.expect(worked).to_be_visible()
    write("check_2(6, 1)", "Exercise 2: right: 3 * (2 * edges - 1) + 4 is 6 * edges + 1")
    stamp = json.loads(kept.read_text())["how_a_network_learns"]["One neuron for two"]
    assert {key: stamp[key] for key in ("tries", "hints", "solutions", "right")} == {
        "tries": 2,
        "hints": 1,
        "solutions": 1,
        "right": True,
    }
    page.close()


def test_a_quiz_waits_says_not_yet_and_then_right(lab, browser, tmp_path):
    """The last code cell of a chapter by itself: it needs nothing of what stands above it."""
    kept = tmp_path / "passport.json"
    chapter = "how_a_network_learns"
    question = read_questions(chapter)[0]
    wrong = next(option for option in question.options if not option.right)
    right = question.options[question.answer]
    path = f"import pathlib, sys; sys.path.insert(0, {str(ROOT)!r})\nimport helpers.passport"
    path += f"\nhelpers.passport.PASSPORT = pathlib.Path({str(kept)!r})"
    source = f'{path}\nfrom helpers.quiz import quiz\n\nquiz("{chapter}")'
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, lab[1] / "quiz.ipynb")
    page = open_in_lab(lab, browser, "quiz.ipynb")
    button = page.get_by_role("button", name="Check").first
    said = page.locator(".jp-OutputArea-output .widget-html")
    button.click()
    sync_api.expect(said.nth(1)).to_contain_text("Choose one first")
    assert not kept.exists(), "nothing was answered"
    for option, verdict in ((wrong, "Not yet."), (right, "Right.")):
        page.get_by_label(option.says.replace("`", ""), exact=True).check()
        button.click()
        sync_api.expect(said.nth(1)).to_contain_text(verdict)
        sync_api.expect(said.nth(1)).to_contain_text(option.comment.split("`")[0])
    stamp = json.loads(kept.read_text())[chapter][f"question: {question.id}"]
    assert {key: stamp[key] for key in ("tries", "hints", "right", "box")} == {
        "tries": 2,
        "hints": 0,
        "right": True,
        "box": 1,
    }
    box = page.get_by_text(max((o.says for o in question.options), key=len)).bounding_box()
    assert box["height"] < 40, "a label does not fit on its line"
    page.close()


def test_a_learner_who_comes_back_is_asked_again_what_was_wrong(lab, browser, tmp_path):
    """The cell of chapter 0 by itself, with a passport in which a question was wrong yesterday."""
    question = read_questions("start_here")[0]
    yesterday = (datetime.date.today() - datetime.timedelta(days=1)).isoformat()
    stamp = {"tries": 1, "hints": 0, "solutions": 0, "right": False, "day": yesterday}
    kept = tmp_path / "passport.json"
    kept.write_text(json.dumps({"start_here": {f"question: {question.id}": stamp}}))
    chapter = nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", as_version=4)
    (cell,) = (cell for cell in chapter.cells if cell.id == "progress")
    source = f"""import pathlib, sys; sys.path.insert(0, {str(ROOT)!r})
import helpers.passport
helpers.passport.PASSPORT = pathlib.Path({str(kept)!r})
{cell.source}"""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, lab[1] / "back.ipynb")
    page = open_in_lab(lab, browser, "back.ipynb")
    printed = page.locator(".jp-OutputArea-output pre").first
    sync_api.expect(printed).to_contain_text("To be done again: 1")
    right = question.options[question.answer]
    page.get_by_label(right.says.replace("`", ""), exact=True).check()
    page.get_by_role("button", name="Check", exact=True).click()
    said = page.locator(".jp-OutputArea-output .widget-html").nth(1)
    sync_api.expect(said).to_contain_text("Right.")
    stamp = json.loads(kept.read_text())["start_here"][f"question: {question.id}"]
    assert (stamp["tries"], stamp["right"], stamp["box"]) == (2, True, 2)
    page.close()
