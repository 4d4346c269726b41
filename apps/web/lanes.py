"""The threads of the web app: what carries photos keeps nothing else waiting."""

import time
from typing import Any

from waitress.task import ThreadedTaskDispatcher

POSTERS = 16  # threads for what carries photos
OTHERS = 4  # threads for the page, /health and whatever takes milliseconds
END_SECONDS = 20  # for what is being answered when the server is told to end


class Lanes(ThreadedTaskDispatcher):
    """Two sets of threads, each with a queue; the limit on connections bounds what waits there."""

    def __init__(self) -> None:
        """Start all threads."""
        super().__init__()
        self.quick = ThreadedTaskDispatcher()
        self.quick.set_thread_count(OTHERS)
        self.set_thread_count(POSTERS)

    def add_task(self, task: Any) -> None:
        """Queue a connection that has a request, and note since when."""
        task.queued = time.monotonic()  # before a thread may take it
        if getattr(task.requests[0], "command", "") == "POST":
            super().add_task(task)
        else:
            self.quick.add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = END_SECONDS) -> bool:
        """Let all that waits be answered, for so many seconds; then end the threads."""
        over = time.monotonic() + timeout
        while time.monotonic() < over and (_works(self) or _works(self.quick)):
            time.sleep(0.02)
        self.quick.shutdown(cancel_pending, 1)
        return super().shutdown(cancel_pending, 1)


def _works(threads: ThreadedTaskDispatcher) -> bool:
    """Say whether something is answered, or waits to be."""
    with threads.lock:
        return bool(threads.queue or threads.active_count)
