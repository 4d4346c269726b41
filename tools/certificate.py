"""Print a page of what was checked: `python -m tools.certificate`, or `make certificate`.

The page is saved/certificate.html. It shows, chapter by chapter, what the passport holds, and a
SHA-256 digest of that. `--check FILE` says whether a page is as it was made, or what the digest of
a passport is; with `--digest` it holds either against a digest that was noted elsewhere.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from helpers import passport
from helpers.course import Contents, contents
from helpers.errors import CourseError, printable
from helpers.files import read_file, whole
from helpers.passport import COUNTS, Stamps
from helpers.runtime import SAVED, any_letters

PAGE = SAVED / "certificate.html"
COMMAND = ".venv/bin/python -m tools.certificate"
FORMAT = 1
CERTIFIED = (*COUNTS, "right", "day")  # of each stamp; when it is asked again is nobody's business
MOST_BYTES = 2**22  # of a page that is checked
DIGEST = re.compile("[0-9a-f]{64}")
DATA = re.compile(r'<script type="application/json" id="certified">([^<]*)</script>')


def certified(stamps: Stamps, course: tuple[Contents, ...]) -> dict[str, Any]:
    """Return what a page certifies: of each chapter that was begun, its stamps and how many it has.

    What this course does not have, perhaps an exercise of an earlier version, is left out.
    """
    chapters = []
    for chapter in course:
        names = (*chapter.exercises, *chapter.questions)
        own = stamps.get(chapter.name, {})
        kept = [{"name": n} | {k: own[n][k] for k in CERTIFIED} for n in names if n in own]
        if kept:
            sums = {"exercises": len(chapter.exercises), "questions": len(chapter.questions)}
            chapters.append({"chapter": chapter.label, **sums, "stamps": kept})
    return {"format": FORMAT, "chapters": chapters}


def canonical(data: dict[str, Any]) -> str:
    """Return data as JSON in the one form that the digest is of."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest_of(data: dict[str, Any]) -> str:
    """Return the SHA-256 of data in its canonical form."""
    return hashlib.sha256(canonical(data).encode("ascii")).hexdigest()


def rows(chapter: dict[str, Any]) -> list[list[str]]:
    """Return the lines of a chapter's table: an exercise each, and the questions together."""
    lines = []
    asked = []
    for stamp in chapter["stamps"]:
        if stamp["name"].startswith(passport.QUESTION):
            asked.append(stamp)
            continue
        counts = [str(stamp[count]) for count in COUNTS]
        said = "yes" if stamp["right"] else "not yet"
        lines.append([stamp["name"], said, *counts, stamp["day"]])
    if asked:
        right = sum(stamp["right"] for stamp in asked)
        sums = [str(sum(stamp[count] for stamp in asked)) for count in COUNTS]
        last = max(stamp["day"] for stamp in asked)
        lines.append([f"{len(asked)} questions", str(right), *sums, last])
    return lines


def rights(chapter: dict[str, Any]) -> tuple[int, int]:
    """Return how many exercises, and how many questions, of a chapter are right."""
    right = [stamp["name"] for stamp in chapter["stamps"] if stamp["right"]]
    questions = sum(name.startswith(passport.QUESTION) for name in right)
    return len(right) - questions, questions


def page_of(data: dict[str, Any]) -> str:
    """Return the page, which follows from what it certifies and from nothing else."""
    shown = []
    sums = [0, 0]
    for chapter in data["chapters"]:
        exercises, questions = rights(chapter)
        sums = [sums[0] + exercises, sums[1] + questions]
        parts = [(exercises, "exercises"), (questions, "questions")]
        said = [f"{right} of {chapter[what]} {what}" for right, what in parts if chapter[what]]
        shown.append({"head": f"{chapter['chapter']}: {', '.join(said)}", "rows": rows(chapter)})
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    template = jinja2.Environment(autoescape=True, loader=loader, trim_blocks=True).get_template
    return template(PAGE.name).render(
        total=f"Right in all: {sums[0]} exercises and {sums[1]} questions, as checks of the course "
        "found them.",
        chapters=shown,
        digest=digest_of(data),
        command=COMMAND,
        # JSON has no < but in texts, and there another way to write it.
        data=Markup(canonical(data).replace("<", "\\u003c")),
    )


def check(path: Path, digest: str | None = None) -> str:
    """Return a sentence on a page or a passport that fits.

    Args:
        path: The file.
        digest: What its digest should be; None asks for none.

    Raises:
        CourseError: it does not fit, or is neither; or what it should be is no digest.
    """
    name = printable(path.name)
    wanted = None if digest is None else digest.strip().lower()
    if wanted is not None and not DIGEST.fullmatch(wanted):
        raise CourseError("--digest is no digest: copy all of its 64 digits and letters.")
    text = read_file(path, MOST_BYTES).decode("utf-8", "replace").replace("\r\n", "\n")
    inside = DATA.search(text)
    if inside:
        found = digest_of(_unchanged(name, text, inside[1]))
        fits = f"{name} is as it was made; its digest is {found}."
    else:
        found = digest_of(certified(passport.load(path), contents()))
        fits = f"{name} is a passport; its digest is {found}."
    if wanted not in (None, found):
        raise CourseError(
            f"{name} has another digest, {found}: it was changed since, or belongs to another "
            "version of the course."
        )
    return fits


def _unchanged(name: str, text: str, inside: str) -> dict[str, Any]:
    """Return what a page certifies, if the page is the one that follows from it."""
    try:
        data = json.loads(inside)
        same = page_of(data) == text
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        same = False
    if not same:
        raise CourseError(f"{name} was changed, or made by another version of the course.")
    return data


def write() -> str:
    """Write the page, and return what to do with it."""
    if not os.path.lexists(passport.PASSPORT):
        raise CourseError("There is no passport yet: check an exercise in a notebook first.")
    data = certified(passport.load(passport.PASSPORT), contents())
    if not data["chapters"]:
        raise CourseError("The passport holds nothing of this course: there is nothing to print.")
    with whole(PAGE) as part:
        part.write_text(page_of(data), encoding="utf-8", newline="\n")
    return f"wrote {PAGE}: open it and print it.\nIts digest is {digest_of(data)}"


def main() -> None:
    """Write or check, as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", type=Path, metavar="FILE", help="a page or a passport")
    parser.add_argument("--digest", help="what its digest should be")
    given = parser.parse_args()
    any_letters()
    if given.digest is not None and not given.check:
        parser.error("--digest needs --check FILE")
    try:
        print(check(given.check, given.digest) if given.check else write())
    except CourseError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
