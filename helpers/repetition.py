"""When to ask again what was wrong: boxes, as Sebastian Leitner's for cards.

Leitner, *So lernt man lernen*, 1972: what was wrong goes into the first box, what is right when it
is asked again moves into the next, and each box waits longer than the one before. That spaced
repetition holds better than repetition at once is shown in Cepeda et al., *Psychological Bulletin*
132 (2006), 354-380. The days are this course's own.
"""

import datetime
from typing import Any

DAYS = (1, 3, 7)  # that boxes 1, 2 and 3 wait; whatever is in box 0 is not asked


def is_due(stamp: dict[str, Any], today: datetime.date) -> bool:
    """Say whether an exercise or a question is to be asked again.

    Args:
        stamp: As the passport has it.
        today: The day; one before the stamp's own means that a clock was wrong, and waits no more.
    """
    if not stamp["box"]:
        return False
    waited = (today - datetime.date.fromisoformat(stamp["since"])).days
    return waited < 0 or waited >= DAYS[stamp["box"] - 1]


def answered(stamp: dict[str, Any], right: bool, today: datetime.date) -> None:
    """Move a stamp between the boxes, in place, before this answer is counted in it.

    A wrong answer, and a look at the solution, counts until the exercise was right once, and again
    when it is due: who is right, and tries what else there is, has forgotten nothing.
    """
    asked = is_due(stamp, today)
    if right and asked:
        stamp["box"] = (stamp["box"] + 1) % (len(DAYS) + 1)
        stamp["since"] = today.isoformat()
    elif not right and (asked or not stamp["right"]):
        stamp["box"] = 1
        stamp["since"] = today.isoformat()
