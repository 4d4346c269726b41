"""Threads that read ahead, and a limit on what they hold together."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def pool(threads: int) -> Iterator[ThreadPoolExecutor]:
    """Yield a pool of threads that drops, at the end, what it has not begun."""
    executor = ThreadPoolExecutor(threads)
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


class Budget:
    """A number of pixels that threads share, so that two very large photos are open at most."""

    def __init__(self, most: int) -> None:
        """Begin with `most` pixels, all of them free."""
        self.most = most
        self.free = most
        self.changed = threading.Condition()

    @contextmanager
    def __call__(self, pixels: int) -> Iterator[None]:
        """Hold so many pixels, after waiting until they are free."""
        pixels = min(pixels, self.most)
        with self.changed:
            self.changed.wait_for(lambda: self.free >= pixels)
            self.free -= pixels
        try:
            yield
        finally:
            with self.changed:
                self.free += pixels
                self.changed.notify_all()
