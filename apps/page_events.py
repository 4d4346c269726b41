"""What the page takes as an event: JSON as its own script sends it, for an event that it has.

Gradio believes whatever is sent: it fetches what a path's address names, looks for events that are
not there, and reads what was chosen from anything; then it prints a traceback.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple


class Taken(NamedTuple):
    """What an event brings.

    Attributes:
        inputs: How many values.
        chosen: Whether it says which of several things was chosen.
    """

    inputs: int
    chosen: bool


Events = Mapping[int, Taken]  # by the number that Gradio gives an event

MOST_OF_EVENT = 2**16  # bytes of an event, which names uploads and holds none
EVENT_TOO_LARGE = (
    f"This event has more than {MOST_OF_EVENT // 2**10} kB: upload the photo, then name it."
)
NO_EVENT = "This is no event of the page: load the page anew, and try again."
FETCHES_NOTHING = "The page fetches nothing from an address: save the photo, and upload it."


def why_refused(body: bytes, events: Events | None) -> tuple[int, str] | None:
    """Return the status and the sentence that a body is refused with, or None.

    Args:
        body: What was sent, at most a little more than `MOST_OF_EVENT` bytes.
        events: What it may be an event of; None where it only ends one, or what waits for one.
    """
    if len(body) > MOST_OF_EVENT:
        return 413, EVENT_TOO_LARGE
    try:
        event = json.loads(body)
        json.dumps(event, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        return 400, NO_EVENT
    if not isinstance(event, dict):
        return 400, NO_EVENT
    if _names_an_address(event):
        return 400, FETCHES_NOTHING
    return None if events is None or _is_one(event, events) else (400, NO_EVENT)


def _names_an_address(event: dict) -> bool:
    """Say whether a path in it is a web address; whoever sends it chooses the depth."""
    waiting: list[object] = [event]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            path = value.get("path")
            if isinstance(path, str) and "://" in path:
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False


def _is_one(event: dict, events: Events) -> bool:
    """Say whether it is one of the page's events, and says what was chosen where it has to."""
    number = event.get("fn_index")
    if type(number) is not int or number not in events:
        return False
    data = event.get("data")
    if not isinstance(data, list) or len(data) != events[number].inputs:
        return False
    chosen = event.get("event_data")
    if events[number].chosen and not (
        isinstance(chosen, dict) and {"index", "value"} <= set(chosen)
    ):
        return False
    return type(event.get("session_hash")) is str
