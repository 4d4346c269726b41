"""How far one is, and what to do again: what chapter 0 reads from the passport."""

import datetime
import os

from helpers import passport
from helpers.course import Contents, contents
from helpers.errors import CourseError
from helpers.passport import Stamps
from helpers.questions import Question, read_questions
from helpers.quiz import show
from helpers.repetition import DAYS, is_due
from helpers.runtime import is_live

MOST = 8  # that are asked again at once, those first that have waited longest
NONE = (
    "No passport yet: it begins with the first answer that you check, and then fills such a table."
)


def progress() -> None:
    """Print how far one is, and ask again what is due.

    Without a passport, and where nobody looks on, it says so, and shows the table's first row: that
    is the same on every machine.
    """
    course = contents()
    stamps = _own()
    if not stamps:
        print(NONE, "", *table(course[:1], {}), "", sep="\n")
        days = " days, then ".join(map(str, DAYS[1:]))
        print(
            f"What was wrong at first is asked again here: {DAYS[0]} day later, then {days} days."
        )
        return
    print(*table(course, stamps), "", sep="\n")
    waiting = due(course, stamps, datetime.date.today())
    again(waiting[:MOST], len(waiting))


def again(now: list[tuple[Contents, str]], waiting: int) -> None:
    """Name the exercises that are to be done again, and ask the questions.

    Args:
        now: Which, with their chapters.
        waiting: How many there are in all.
    """
    if not now:
        print("Nothing to do again today.")
        return
    print(f"To be done again: {waiting}" + (f", {len(now)} of them now" * (waiting > len(now))))
    for chapter, name in now:
        if name in chapter.notebooks:
            print(f"  {chapter.notebooks[name]}: {name} (take your answer out, and begin anew)")
    questions = [question for chapter, name in now for question in _question(chapter, name)]
    if questions:
        show(questions)


def _own() -> Stamps:
    """Return the learner's passport; none where nobody looks on, or where it is damaged."""
    if not is_live() or not os.path.lexists(passport.PASSPORT):
        return {}
    try:
        return passport.load(passport.PASSPORT)
    except passport.Damaged as error:
        print(f"({error} The next answer that you check keeps it aside and begins a new one.)")
    except CourseError as error:
        print(f"(Your passport is there, and cannot be read: {error})")
    return {}


def table(course: tuple[Contents, ...], stamps: Stamps) -> list[str]:
    """Return the lines of a table: of exercises and questions how many are right, and all hints."""
    width = max(len(chapter.label) for chapter in course)
    lines = [f"{'':{width}}  exercises  questions  hints"]
    for chapter in course:
        own = stamps.get(chapter.name, {})
        hints = sum(own[n]["hints"] for n in (*chapter.exercises, *chapter.questions) if n in own)
        counts = [_share(own, names) for names in (chapter.exercises, chapter.questions)]
        lines.append(f"{chapter.label:{width}}  {counts[0]:>9}  {counts[1]:>9}  {hints:5}")
    return lines


def _share(own: dict[str, dict], names: tuple[str, ...]) -> str:
    """Say how many of these are right."""
    right = sum(name in own and own[name]["right"] for name in names)
    return f"{right} of {len(names)}" if names else "-"


def due(
    course: tuple[Contents, ...], stamps: Stamps, today: datetime.date
) -> list[tuple[Contents, str]]:
    """Return what is to be asked again, with its chapter; what has waited longest comes first.

    What the course does not have any more is left out.
    """
    found = [
        (stamps[chapter.name][name]["since"], chapter, name)
        for chapter in course
        for name in (*chapter.exercises, *chapter.questions)
        if is_due(stamps.get(chapter.name, {}).get(name, {"box": 0}), today)
    ]
    return [(chapter, name) for _, chapter, name in sorted(found, key=lambda one: one[0])]


def _question(chapter: Contents, name: str) -> list[Question]:
    """Return the question of this name, in a list; none if it is an exercise."""
    if name not in chapter.questions:
        return []
    id_ = name.removeprefix(passport.QUESTION)
    return [question for question in read_questions(chapter.name) if question.id == id_]
