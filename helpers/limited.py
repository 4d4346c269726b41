"""Decode a picture in a process of its own, which may take so much memory and time and no more.

For what `headers.is_plain` does not vouch for: large pictures, formats whose headers run deep, and
what somebody made to hurt. The process is started when the first such picture comes, is kept for
the next, and ends with this one. Linux holds it to both limits, macOS to that of time, and Windows
to `PATIENCE`.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, BinaryIO

import numpy as np
from PIL import Image

from helpers.decode import Stored, decode
from helpers.errors import CourseError, NoMemory
from helpers.fit import to_array
from helpers.runtime import ROOT

# Of CPU time to decode a picture, whoever asks: no app shall refuse what training takes. The rest
# of five is for what happens around it, most where the picture comes back at its own size.
SECONDS = 3.0
MEMORY = 950 * 2**20  # bytes of address space, programs included
PATIENCE = 60  # seconds by the clock, for a process that waits and does not count
AT_ONCE = 2  # processes; more would take more memory together than one picture may

_slots = threading.BoundedSemaphore(AT_ONCE)
_idle: list["Decoder"] = []  # append and pop are atomic


class Decoder:
    """The other process, seen from here: it takes a picture at a time."""

    def __init__(self) -> None:
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        # Where a library splits work among threads, each would reserve memory of its own.
        more = {"PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"}
        self.process: Any = subprocess.Popen(  # with pipes, whatever its type says
            [sys.executable, "-c", "from helpers.limited import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # where libtiff and others write whatever Python does
            env={**os.environ, **more},
            start_new_session=True,  # Ctrl-C ends the program, and no picture seems damaged by it
        )

    def ask(self, question: dict[str, Any], data: bytes) -> tuple[dict[str, Any], np.ndarray]:
        """Send a picture, and return what is said of it and its pixels, uint8 (h, w, 3)."""
        timer = threading.Timer(PATIENCE, self.process.kill)
        timer.start()
        try:
            _send(self.process.stdin, question | {"bytes": len(data)}, [data])
            reply = json.loads(self.process.stdout.readline())
            pixels = np.empty(reply.get("shape", (0, 0, 3)), np.uint8)
            if self.process.stdout.readinto(pixels.reshape(-1)) < pixels.nbytes:
                raise EOFError
            return reply, pixels
        finally:
            timer.cancel()

    def end(self) -> int:
        """End the process, and return what it ended with: below 0 the number of a signal."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        return self.process.wait()


def pixels(
    data: bytes, name: str, max_pixels: int, least: int, size: tuple[int, int] | None, fit: str
) -> tuple[np.ndarray, Stored]:
    """Return what `images.open_image` returns, from a process with limits; say how it is stored.

    Raises:
        CourseError: as `open_image`, and where the picture takes more memory or time than one may.
    """
    limits = {"max_pixels": max_pixels, "least": least}
    question = {"name": name, **limits, "size": size, "fit": fit}
    with _slots:
        decoder = _ready(name)
        try:
            reply, found = decoder.ask(question, data)
        except (OSError, ValueError, EOFError):  # it has ended, and the pipe with it
            status = decoder.process.wait(PATIENCE)
            decoder.end()
            raise _ended(name, status) from None
        except BaseException:  # Ctrl-C: half an answer is still on its way
            decoder.end()
            raise
        _idle.append(decoder)
    if "error" in reply:
        raise CourseError(reply["error"])
    stored = reply["stored"] | {"size": tuple(reply["stored"]["size"])}
    return found, Stored(**stored)


def _ready(name: str) -> Decoder:
    """Return a process that lives, or a new one; raise NoMemory where none can be had."""
    while _idle:
        decoder = _idle.pop()
        if decoder.process.poll() is None:
            return decoder
        decoder.end()
    try:
        return Decoder()
    except OSError as error:
        raise NoMemory(
            f"{name} could not be opened, for it takes a process of its own, and none can be "
            f"started ({error.strerror}): try it again."
        ) from None


def end_all() -> None:
    """End the processes that wait for the next picture; the next starts one anew."""
    while _idle:
        _idle.pop().end()


def _ended(name: str, status: int) -> CourseError:
    """Return the error for a picture at which the process has ended."""
    if status in (-getattr(signal, "SIGPROF", 0), -signal.SIGTERM) and status:
        return CourseError(f"{name} takes too long to open: save it anew with another program.")
    if status == -getattr(signal, "SIGKILL", 9):  # somebody else's doing: memory was short
        return NoMemory(f"{name} could not be opened, for want of time or memory: try it again.")
    return CourseError(f"{name} cannot be opened: save it anew with another program.")


def _forget() -> None:
    """Leave the processes to the parent after a fork: two cannot talk through one pipe."""
    global _slots
    _slots = threading.BoundedSemaphore(AT_ONCE)
    _idle.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _send(pipe: BinaryIO, head: dict[str, Any], parts: list[Any]) -> None:
    """Write a line of JSON, and what it announces."""
    pipe.write(json.dumps(head).encode() + b"\n")
    for part in parts:
        pipe.write(part)
    pipe.flush()


def serve() -> None:
    """Be the other process: answer on stdout what is asked on stdin, until that ends."""
    Image.core.set_blocks_max(0)  # what is kept for the next picture would be lacking for this one
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(ValueError, OSError):  # macOS knows no such limit
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for line in sys.stdin.buffer:
        question = json.loads(line)
        data = sys.stdin.buffer.read(question.pop("bytes"))
        head, found = _answer(data, **question)
        _send(sys.stdout.buffer, head, [found.reshape(-1)])
        del data, head, found  # or the next picture would have the less memory


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    """End this process when the block takes more CPU time than a picture may."""
    timed = hasattr(signal, "setitimer")
    if timed:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_PROF, 0)


def _answer(
    data: bytes, name: str, max_pixels: int, least: int, size: list[int] | None, fit: str
) -> tuple[dict[str, Any], np.ndarray]:
    """Decode one picture: its shape and its pixels, or an error and none."""
    try:
        with _time_limit():
            rgb, stored = decode(data, name, max_pixels, least)
        found = to_array(rgb, (size[0], size[1]) if size else None, fit, stored.box)
    except (MemoryError, NoMemory):
        error = f"{name} takes more memory than a picture may: save it smaller first."
        return {"error": error}, np.empty((0, 0, 3), np.uint8)
    except CourseError as error:
        return {"error": str(error)}, np.empty((0, 0, 3), np.uint8)
    return {"shape": found.shape, "stored": asdict(stored)}, found
