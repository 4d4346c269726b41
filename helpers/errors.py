"""The error that the course raises for what its user can put right."""


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
