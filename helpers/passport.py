"""The passport: which exercises were tried how often, for the learner's own eyes.

It is one file, `saved/passport.json`. It holds chapters, exercises, counts and days, and no name,
and it goes nowhere. It is written only where a person looks on: a test or a batch run leaves none.
"""

import contextlib
import datetime
import json
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from helpers.errors import CourseError
from helpers.files import whole
from helpers.runtime import SAVED, is_live

PASSPORT = SAVED / "passport.json"
PATIENCE = 5  # seconds that a check waits for another notebook's
COUNTS = ("tries", "hints", "solutions")

Stamps = dict[str, dict[str, dict[str, Any]]]  # by chapter and exercise


def note(chapter: str, exercise: str, count: str, right: bool = False) -> None:
    """Count one try, hint or look at a solution; say in a sentence where that was not possible.

    Args:
        chapter: The name of the chapter's notebook, without number and ending.
        exercise: The exercise's title.
        count: One of `COUNTS`.
        right: Whether this try was right; once right, an exercise stays so.
    """
    if not is_live():
        return
    try:
        PASSPORT.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(PASSPORT.with_name(f".{PASSPORT.name}.lock"), timeout=PATIENCE):
            stamps = read_passport(PASSPORT, aside=True)
            stamp = stamps.setdefault(chapter, {}).setdefault(exercise, fresh())
            stamp[count] += 1
            stamp["right"] |= right
            stamp["day"] = datetime.date.today().isoformat()
            with whole(PASSPORT) as part:
                part.write_text(json.dumps(stamps, indent=1, ensure_ascii=False), "utf-8")
    except (CourseError, OSError, Timeout) as error:
        print(f"(This try was not noted in your passport: {error})")


def fresh() -> dict[str, Any]:
    """Return the stamp of an exercise that was never tried."""
    return {**dict.fromkeys(COUNTS, 0), "right": False, "day": ""}


def read_passport(path: Path = PASSPORT, aside: bool = False) -> Stamps:
    """Return what is noted; a file that is no passport counts as none.

    Args:
        path: The file.
        aside: Keep a damaged file under another name, and say so.
    """
    try:
        stamps = json.loads(path.read_text("utf-8"))
        _check(stamps)
        return stamps
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, RecursionError):  # ValueError: no JSON, or no text
        if aside:
            _put_aside(path)
        return {}


def _check(stamps: Any) -> None:
    """Raise ValueError, TypeError or KeyError where this is not what `note` writes."""
    for exercises in _named(stamps):
        for stamp in _named(exercises):
            counts = [stamp[count] for count in COUNTS]
            sound = all(type(count) is int and count >= 0 for count in counts)
            if not (sound and type(stamp["right"]) is bool and type(stamp["day"]) is str):
                raise ValueError("a stamp without its counts")


def _named(stamps: Any) -> list[Any]:
    """Return what stands under the names of a JSON object; an empty list is none either."""
    if not isinstance(stamps, dict):
        raise TypeError("no JSON object")
    return list(stamps.values())


def _put_aside(path: Path) -> None:
    """Give a damaged passport a name that is free, and say so."""
    number = 1
    while (kept := path.with_name(f"{path.stem}-damaged-{number}{path.suffix}")).exists():
        number += 1
    with contextlib.suppress(FileNotFoundError):
        path.rename(kept)
        print(f"(Your passport was damaged: it is kept as {kept.name}, and a new one begins.)")
