"""The error that a user can put right, and names that are fit to stand in its sentence."""

import os


class CourseError(Exception):
    """A problem that the user can solve.

    Its text is one sentence that names the file or value and the way out. A notebook shows that
    sentence and no traceback.
    """

    def _render_traceback_(self) -> list[str]:
        """Give IPython the lines to show, as its documentation of custom tracebacks asks."""
        return [f"{type(self).__name__}: {self}"]


class NoMemory(CourseError):
    """An image takes more memory than is free just now; it may be sound."""


def printable(name: str | os.PathLike) -> str:
    """Return a name as text that any terminal, page or UTF-8 file can take.

    File names may hold line breaks, commands to a terminal, or bytes that are no text.
    """
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in os.fspath(name))
