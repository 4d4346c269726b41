"""Ask the model of what several requests brought, in one call.

A call of a small model costs mostly what does not depend on how many pictures it takes. So while
one call runs, the pictures of other requests gather, and the next call takes them all: nobody waits
for others to come.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

MOST = 32  # pictures in a call, unless one request brings more


@dataclass
class Asked:
    """What one request asks: pictures, and, once they are there, the answers or what was raised."""

    images: np.ndarray
    answers: np.ndarray | None = None
    error: BaseException | None = None


class Together:
    """A function of a batch of pictures, which threads may call at once."""

    def __init__(self, call: Callable[[np.ndarray], np.ndarray]) -> None:
        """Wrap a function that returns a row for each picture, whatever else is in the batch."""
        self.call = call
        self.turn = threading.Lock()  # whoever holds it asks, for all that wait
        self.waiting: deque[Asked] = deque()  # append and popleft are atomic

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Return the rows for these pictures, (n, height, width, 3)."""
        mine = Asked(images)
        self.waiting.append(mine)
        with self.turn:
            while mine.answers is None and mine.error is None:
                self._ask(self._next())
        if mine.error is not None:
            raise mine.error
        assert mine.answers is not None, "or the loop would go on"
        return mine.answers

    def _next(self) -> list[Asked]:
        """Take those who have waited longest, as many as go into one call."""
        some = [self.waiting.popleft()]
        number = len(some[0].images)
        while self.waiting and number + len(self.waiting[0].images) <= MOST:
            some.append(self.waiting.popleft())
            number += len(some[-1].images)
        return some

    def _ask(self, some: list[Asked]) -> None:
        """Answer some requests by one call; where it fails, each by one of its own."""
        try:
            rows = self.call(np.concatenate([each.images for each in some]))
        except Exception as error:
            if len(some) == 1:
                some[0].error = error
            else:
                for each in some:
                    self._ask([each])
            return
        start = 0
        for each in some:
            each.answers = rows[start : start + len(each.images)]
            start += len(each.images)
