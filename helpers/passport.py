"""The passport: which exercises and questions were tried how often, for the learner's own eyes.

It is one file, `saved/passport.json`. It holds chapters, exercises, ids of questions, counts and
days, and no name, and it goes nowhere. It is written only where a person looks on: a test or a
batch run leaves none. Whoever reads one believes nothing of it unseen: it may come from a damaged
disk, or from a stranger.
"""

import contextlib
import datetime
import json
import os
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from helpers.errors import CourseError, printable
from helpers.files import read_file, whole
from helpers.repetition import DAYS, answered
from helpers.runtime import SAVED, is_live

PASSPORT = SAVED / "passport.json"
PATIENCE = 5  # seconds that a check waits for another notebook's
COUNTS = ("tries", "hints", "solutions")
QUESTION = "question: "  # begins the names of questions; what follows is the id
MOST_BYTES = 2**20  # of a passport; one of the whole course has a twentieth of it
MOST = 10**6  # of a count
LONGEST = 200  # characters of a name

Stamps = dict[str, dict[str, dict[str, Any]]]  # by chapter, and by exercise or question


class Damaged(CourseError):
    """A file that can be read, and is no passport."""


class Twice(Exception):
    """A JSON object with two values of one name, of which a parser would drop one."""


def note(chapter: str, exercise: str, count: str, right: bool = False) -> None:
    """Count one try, hint or look at a solution; say in a sentence where that was not possible.

    Args:
        chapter: The name of the chapter's notebook, without number and ending.
        exercise: The exercise's title, or `QUESTION` and the question's id.
        count: One of `COUNTS`.
        right: Whether this try was right; once right, an exercise stays so.
    """
    said = noted(chapter, exercise, count, right)
    if said:
        print(said)


def noted(chapter: str, exercise: str, count: str, right: bool = False) -> str:
    """Do what `note` does, and return what is to be said of it: as a rule, nothing."""
    if not is_live():
        return ""
    said = ""
    try:
        PASSPORT.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(PASSPORT.with_name(f".{PASSPORT.name}.lock"), timeout=PATIENCE):
            try:
                stamps = load(PASSPORT) if os.path.lexists(PASSPORT) else {}
            except Damaged:
                stamps = {}
                said = _put_aside(PASSPORT)
            today = datetime.date.today()
            stamp = stamps.setdefault(chapter, {}).setdefault(exercise, fresh(today))
            if count != "hints":
                answered(stamp, right, today)
            stamp[count] = min(stamp[count] + 1, MOST)
            stamp["right"] |= right
            stamp["day"] = today.isoformat()
            with whole(PASSPORT.resolve()) as part:  # a link to another place stays one
                part.write_text(json.dumps(stamps, indent=1, ensure_ascii=False), "utf-8")
    except (CourseError, OSError, Timeout) as error:
        said = f"(This try was not noted in your passport: {error})"
    return said


def fresh(today: datetime.date) -> dict[str, Any]:
    """Return the stamp of an exercise that was never tried."""
    day = today.isoformat()
    return {**dict.fromkeys(COUNTS, 0), "right": False, "day": day, "box": 0, "since": day}


def read_passport(path: Path | None = None) -> Stamps:
    """Return what is noted; a file that is missing, or is no passport, counts as none.

    Args:
        path: The file; the learner's own unless given.
    """
    try:
        return load(path or PASSPORT)
    except CourseError:
        return {}


def load(path: Path, name: str = "") -> Stamps:
    """Return what a passport holds, each stamp with all that `fresh` has, and nothing else.

    Args:
        path: The file.
        name: What sentences call it; its own name unless given.

    Raises:
        Damaged: it is no passport.
        CourseError: it is not there, or cannot be read.
    """
    name = printable(name or path.name)
    with contextlib.suppress(OSError):  # what it is instead, the next line says
        if path.is_file() and path.stat().st_size > MOST_BYTES:
            raise Damaged(f"{name} is no passport: it has more than {MOST_BYTES // 2**20} MB.")
    content = read_file(path)
    try:
        stamps = json.loads(content, object_pairs_hook=_once)
    except Twice:
        raise Damaged(f"{name} is no passport: a name stands in it twice.") from None
    except (ValueError, RecursionError):  # no text, no JSON, a number or a nest without end
        raise Damaged(f"{name} is no passport, or a damaged one: it is not JSON.") from None
    try:
        return {
            _name(chapter): {_name(title): _stamp(s) for title, s in _object(titles).items()}
            for chapter, titles in _object(stamps).items()
        }
    except ValueError as error:
        raise Damaged(f"{name} is no passport: {error}.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object in which every name stands once."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Twice
    return found


def _object(found: Any) -> dict[str, Any]:
    """Return what has to be a JSON object; an empty list is none either."""
    if not isinstance(found, dict):
        raise ValueError("a list or a value stands where names should")
    return found


def _name(name: str) -> str:
    """Return a name that is fit to be shown."""
    if not 0 < len(name) <= LONGEST or not name.isprintable():
        raise ValueError("a name in it is empty, too long, or cannot be printed")
    return name


def _stamp(found: Any) -> dict[str, Any]:
    """Return a stamp of today's form, made from one of today or of before there were boxes."""
    stamp = _object(found)
    counts: dict[str, Any] = {name: stamp.get(name) for name in COUNTS}
    day = _day(stamp.get("day"))
    if not all(type(count) is int and 0 <= count <= MOST for count in counts.values()):
        raise ValueError("a stamp in it lacks its counts")
    if type(stamp.get("right")) is not bool:
        raise ValueError("a stamp in it does not say whether it was right")
    # Earlier stamps do not tell whether the first try was right, but one that is alone does.
    missed = counts["tries"] > int(stamp["right"]) or counts["solutions"] > 0
    box = stamp.get("box", int(missed))
    if type(box) is not int or not 0 <= box <= len(DAYS):
        raise ValueError("a stamp in it has a box that there is not")
    since = _day(stamp.get("since", day))
    return {**counts, "right": stamp["right"], "day": day, "box": box, "since": since}


def _day(found: Any) -> str:
    """Return a day that is written as 2026-01-31, and in no other way."""
    with contextlib.suppress(ValueError, TypeError):
        if datetime.date.fromisoformat(found).isoformat() == found:
            return found
    raise ValueError("a stamp in it has no day")


def _put_aside(path: Path) -> str:
    """Give a damaged passport a name that is free, and return a sentence that says so."""
    number = 1
    while (kept := path.with_name(f"{path.stem}-damaged-{number}{path.suffix}")).exists():
        number += 1
    with contextlib.suppress(FileNotFoundError):
        path.rename(kept)
        return f"(Your passport was damaged: it is kept as {kept.name}, and a new one begins.)"
    return ""
