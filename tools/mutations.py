"""Break the course on purpose, and see that its tests notice: `python -m tools.mutations`.

Each mutation is one edit in a copy of the course, and the tests that must then fail. The same tests
must pass in an unbroken copy first, or their failing would mean nothing. Those that are classic
mistakes stand in `exercises/clinic/mistakes.py`, where the drills come from, too.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat

from exercises.clinic.mistakes import MISTAKES
from tools.commandline import no_words

ROOT = Path(__file__).resolve().parents[1]
COPIED = (
    *("apps", "exercises", "helpers", "tools", "studio", "tests", "notebooks", "data", "docs"),
    *("questions", "lab", "glossary.toml", "pyproject.toml", "requirements.lock"),
)


@dataclass(frozen=True)
class Mutation:
    """One edit: in `file`, the only `old` becomes `new`, and one of `tests` has to fail."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


# Of the classic mistakes, from the table that the drills of the clinic are made of.
CLASSIC = tuple(
    Mutation(mistake.name, at.file, at.sound, at.faulty, at.tests)
    for mistake in MISTAKES.values()
    if (at := mistake.course)
)
MUTATIONS = (
    *CLASSIC,
    Mutation(
        "a quiz says right to what is wrong",
        "helpers/quiz.py",
        "    if option.right:\n        return",
        "    if not option.right:\n        return",
        ("tests/helpers/test_questions.py",),
    ),
    Mutation(
        "a question takes its number from another cell",
        "questions/how_a_network_learns.toml",
        """slope = { cell = "5f2cebdf", find = 'slope: (""",
        """slope = { cell = "5f38857f", find = '-> (""",
        ("tests/project/test_questions.py",),
    ),
    Mutation(
        "a word is used before it is explained",
        "glossary.toml",
        'cell = "b85af725"',
        'cell = "5f14267c"',
        ("tests/project/test_glossary.py",),
    ),
    Mutation(
        "threshold not saved",
        "helpers/classifier.py",
        '"threshold": classifier.threshold,',
        '"threshold": 0.5,',
        ("tests/helpers/test_classifier.py",),
    ),
    Mutation(
        "the fit is not saved",
        "helpers/classifier.py",
        '"fit": classifier.fit,',
        '"fit": "squeeze",',
        ("tests/helpers/test_fit.py",),
    ),
    Mutation(
        "the service opens photos in its own way",
        "apps/web/app.py",
        "classifier.open(file.stream, name, MAX_PIXELS)",
        'np.array(Image.open(file.stream).convert("RGB").resize(classifier.size[::-1]))',
        ("tests/apps/test_same_answer.py",),
    ),
    Mutation(
        "the page opens whatever file a client names",
        "apps/page.py",
        "if facts is None or not path.is_relative_to(UPLOADS)",
        "if facts is None and not path.exists()",
        ("tests/apps/test_page.py::test_no_path_but_an_uploads_is_opened",),
    ),
    Mutation(
        "a photo goes before its copy on another disk was compared with it",
        "apps/organiser/place.py",
        "alike = not verify or filecmp.cmp(",
        "alike = verify or filecmp.cmp(",
        ("tests/apps/organiser/test_place.py",),
    ),
    Mutation(
        "near-duplicates with one band too few, in which none need be equal",
        "helpers/banding.py",
        "hashes[0]), self.limit + 1)",
        "hashes[0]), max(self.limit, 1))",
        ("tests/helpers/test_banding.py",),
    ),
    Mutation(
        "a photo that costs two workers their lives is passed by in silence",
        "apps/organiser/engine.py",
        "yield from answers or [",
        "yield from answers or []; [",
        ("tests/apps/organiser/test_engine.py",),
    ),
    Mutation(
        "a check that says right to anything",
        "helpers/exercises.py",
        "    if not bool(holds):",
        "    if False:",
        ("tests/exercises/test_clinic.py",),
    ),
    Mutation(
        "practice before its day counts as if it had been asked again",
        "helpers/repetition.py",
        "if right and asked:",
        "if right:",
        ("tests/helpers/test_repetition.py",),
    ),
    Mutation(
        "a certificate whose table was changed passes for sound",
        "tools/certificate.py",
        "same = page_of(data) == text",
        "same = digest_of(data) in text",
        ("tests/tools/test_certificate.py",),
    ),
    Mutation(
        "a name that two cells use for two things, and a third reads",
        "notebooks/01_import_the_data.ipynb",
        "for heading, faults in audit",
        "for heading, findings in audit",
        ("tests/notebooks/test_rerun.py::test_no_name_has_two_meanings",),
    ),
    Mutation(
        "the laboratory takes blue for red",
        "lab/js/photo.js",
        "rgb[to] = data[from];",
        "rgb[to] = data[from + 2];",
        ("tests/lab/test_laboratory.py::test_pixels_are_pillows_to_the_byte",),
    ),
    Mutation(
        "the laboratory scores a head on the photo that it has learnt",
        "lab/js/head.js",
        "filter((index) => groups[index] !== group)",
        "filter((index) => index >= 0)",
        ("tests/lab/test_teaching.py::test_what_tells_nothing_scores_like_nothing",),
    ),
    Mutation(
        "the laboratory adds up a dense unit with its neighbour's weights",
        "lab/js/trace.js",
        "index * units + unit]",
        "index * units + ((unit + 1) % units)]",
        (
            "tests/lab/test_inside.py::test_a_dense_unit_is_the_sum_of_its_inputs_times_their_weights",
        ),
    ),
)


def copy_course(to: Path) -> None:
    """Copy what the tests need."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "kaggle", ".ipynb_checkpoints")
            shutil.copytree(source, to / name, ignore=ignored)
        else:
            shutil.copy(source, to / name)


def edit(root: Path, mutation: Mutation) -> None:
    """Make the one edit, in a module's text or in the code cells of a notebook."""
    path = root / mutation.file
    if path.suffix == ".ipynb":
        notebook = nbformat.read(path, as_version=4)
        cells = [c for c in notebook.cells if c.cell_type == "code" and mutation.old in c.source]
        assert len(cells) == 1, f"{mutation.old!r} stands in {len(cells)} cells of {path.name}"
        cells[0].source = cells[0].source.replace(mutation.old, mutation.new)
        nbformat.write(notebook, path)
        return
    text = path.read_text()
    assert text.count(mutation.old) == 1, f"{mutation.old!r} is not once in {path.name}"
    path.write_text(text.replace(mutation.old, mutation.new))


def outcome(root: Path, tests: tuple[str, ...]) -> str:
    """Run some tests of the copy, with the copy's own helpers; return what became of them.

    Returns:
        "failed", "passed", or "skipped" where all skip: what the laboratory's tests need is not
        everywhere.
    """
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", *tests]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    if done.returncode not in (0, 1):  # neither passed nor failed: the run itself broke
        raise SystemExit(done.stdout + done.stderr)
    if done.returncode:
        return "failed"
    return "passed" if " passed" in done.stdout.splitlines()[-1] else "skipped"


def main() -> int:
    """Run every mutation; return how many went unnoticed."""
    said = {"failed": "noticed", "passed": "NOT NOTICED", "skipped": "not tried"}
    count = dict.fromkeys(said, 0)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole"
        copy_course(whole)
        tests = tuple(dict.fromkeys(test for m in MUTATIONS for test in m.tests))
        assert outcome(whole, tests) == "passed", "the unbroken course fails its tests: mend that"
        for number, mutation in enumerate(MUTATIONS):
            broken = Path(folder) / str(number)
            shutil.copytree(whole, broken)
            edit(broken, mutation)
            came = outcome(broken, mutation.tests)
            count[came] += 1
            print(f"{said[came]:12}{mutation.name}", flush=True)
            shutil.rmtree(broken)
    print(f"{count['failed']} passed, {count['passed']} failed, {count['skipped']} skipped")
    return count["passed"]


if __name__ == "__main__":
    no_words(__doc__)
    sys.exit(main())
