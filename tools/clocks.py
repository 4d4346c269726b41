"""Divide a kernel's time between import, graphs, training, drawing and the rest.

`tools.bench_chapters` puts `install` before a chapter's first cell, and `report` behind its last.
A clock runs alone: a graph that is built within `fit` is no training, and a figure that a callback
draws is none either. Nothing here is used by the course itself.
"""

import functools
import threading
import time
from collections.abc import Callable
from typing import Any

REST = "rest"
KINDS = ("import", "graphs", "training", "drawing", REST)


class Clocks:
    """Seconds by kind; the clock of what was begun last runs, and the others stand."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(KINDS, 0.0)
        self.running = [REST]
        self.since = time.perf_counter()

    def book(self) -> None:
        """Add what has passed to the clock that runs."""
        now = time.perf_counter()
        self.seconds[self.running[-1]] += now - self.since
        self.since = now

    def begin(self, kind: str) -> None:
        """Let another clock run."""
        self.book()
        self.running.append(kind)

    def end(self) -> str:
        """Go back to the clock that ran before, and return the kind that has ended."""
        self.book()
        return self.running.pop()

    def timed(self, function: Callable[..., Any], kind: str) -> Callable[..., Any]:
        """Wrap a function so that its calls run a clock; other threads are nobody's time."""

        @functools.wraps(function)
        def inner(*args: Any, **kwargs: Any) -> Any:
            if threading.current_thread() is not threading.main_thread():
                return function(*args, **kwargs)
            self.begin(kind)
            try:
                return function(*args, **kwargs)
            finally:
                self.end()

        return inner

    def first_calls(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap the call of a `tf.function`: one that traced a graph built it, others only used it.

        The first step is in it, too, for TensorFlow optimises a graph when it first runs it.
        """

        @functools.wraps(function)
        def inner(called: Any, *args: Any, **kwargs: Any) -> Any:
            if threading.current_thread() is not threading.main_thread():
                return function(called, *args, **kwargs)
            before = called.experimental_get_tracing_count()
            self.begin(self.running[-1])
            try:
                return function(called, *args, **kwargs)
            finally:
                if called.experimental_get_tracing_count() != before:
                    self.running[-1] = "graphs"
                self.end()

        return inner


CLOCKS = Clocks()


def install() -> None:
    """Import what every chapter imports, on the clock, and wrap what trains, traces and draws."""
    CLOCKS.begin("import")
    from helpers import start

    start()
    import keras
    from matplotlib.figure import Figure
    from tensorflow.python.eager.polymorphic_function.polymorphic_function import Function

    CLOCKS.end()
    wrapped = {"training": [(keras.Model, name) for name in ("fit", "evaluate", "predict")]}
    wrapped["drawing"] = [(Figure, "savefig")]
    for kind, methods in wrapped.items():
        for owner, name in methods:
            setattr(owner, name, CLOCKS.timed(getattr(owner, name), kind))
    Function.__call__ = CLOCKS.first_calls(Function.__call__)


def report() -> dict[str, float]:
    """Return the seconds by kind, up to now."""
    CLOCKS.book()
    return CLOCKS.seconds
