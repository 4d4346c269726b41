"""What an exercise needs: a check that prints one line, hints, and a solution that stays folded.

An `Exercise` is called with what the learner wrote. It says *not answered yet* while a gap is still
`...`, *not yet* with a hint that fits the mistake, or *right* with the reason. Where some gaps are
filled, it names the first that is not.
"""

import ast
import html
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from helpers.gaps import CELL, OPEN, is_of_gap, still_open
from helpers.passport import note

GAP = "# solution"  # a line that ends so is the learner's to write


class NotYet(Exception):
    """An answer that is not right yet; the text is a hint that fits it."""


class NotAnswered(Exception):
    """A gap is still there; the text says which, where it was stumbled over."""


def need(holds: Any, hint: str) -> None:
    """Raise NotYet with the hint unless it holds."""
    if not bool(holds):
        raise NotYet(hint)


def call(function: Callable, *args: Any) -> Any:
    """Call what the learner wrote.

    Raises:
        NotAnswered: it returned the gap, or a tuple with one in it, or stumbled over one.
        NotYet: it is no function, it stopped with an error, or it returned nothing.
    """
    need(callable(function), "this has to be a function: keep the line that begins with def.")
    try:
        found = function(*args)
    except Exception as error:
        if is_of_gap(error):
            raise NotAnswered(still_open()) from None
        raise NotYet(f"your function stops with {type(error).__name__}: {error}") from None
    if has_gap(found):
        raise NotAnswered
    need(found is not None, "your function returns nothing: its last line needs a return.")
    return found


def has_gap(answer: Any) -> bool:
    """Say whether an answer, or a part of it, is still `...`."""
    if isinstance(answer, tuple | list):
        return any(map(has_gap, answer))
    return answer is ...


def with_gaps(source: str) -> str:
    """Return what the learner gets of a solution.

    Of each line that ends in `# solution`, what is computed becomes `...`: what stands behind the
    first `=` of an assignment, or behind `return`. Lines that are neither are taken out.
    """
    lines = []
    for line in source.strip("\n").splitlines():
        if not line.rstrip().endswith(GAP):
            lines.append(line)
            continue
        start, sign, _ = line.partition(" = ")
        if line.strip().startswith("return "):
            lines.append(line[: len(line) - len(line.lstrip())] + "return ...")
        elif sign:
            lines.append(f"{start} = ...")
    return "\n".join(lines)


def without_marks(source: str) -> str:
    """Return a solution without the marks that say which lines are the learner's."""
    return "\n".join(line.removesuffix(GAP).rstrip() for line in source.strip("\n").splitlines())


@dataclass
class Exercise:
    """One exercise; called with the answers it prints one line.

    Attributes:
        chapter: The name of the chapter's notebook, without number and ending.
        number: Its place in the chapter.
        title: What it is called; the passport keeps it by this name.
        minutes: How long a learner is at it.
        text: The task, in Markdown.
        source: The solution as code, its lines marked `# solution`.
        judge: Takes the answers, returns the reason why they are right, or raises NotYet.
        hints: The next steps, in order.
        kind: What the printed line calls it.
    """

    chapter: str
    number: int
    title: str
    minutes: int
    text: str
    source: str
    judge: Callable[..., str]
    hints: tuple[str, ...]
    kind: str = "Exercise"
    hinted: int = field(default=0, compare=False)

    def __call__(self, *answers: Any) -> None:
        """Judge the answers, print one line, and note the try in the passport."""
        verdict, said = self.verdict(*answers)
        print(f"{self.kind} {self.number}: {verdict}" + (f": {said}" if said else ""))
        if verdict != "not answered yet":
            note(self.chapter, self.title, "tries", right=verdict == "right")

    def verdict(self, *answers: Any) -> tuple[str, str]:
        """Return the verdict, and the hint or the reason, in one line."""
        verdict = "not yet"
        try:
            if has_gap(answers):
                raise NotAnswered
            said = self.judge(*answers)
            verdict = "right"
        except NotAnswered as gap:
            return "not answered yet", str(gap) or (still_open() if self._begun() else "")
        except NotYet as hint:
            said = str(hint)
        except Exception as error:  # an answer of a kind that nobody thought of
            if is_of_gap(error):
                return "not answered yet", still_open()
            said = f"with this answer the check stops with {type(error).__name__}: {error}"
        if OPEN and verdict == "not yet":
            said += f" ({still_open()})"
        return verdict, textwrap.shorten(" ".join(said.split()), 300, placeholder=" …")

    def _begun(self) -> bool:
        """Say whether the cell that is running is another than the learner got."""
        if self.kind == "Drill":  # its cell asks for one line, and nothing else can be begun
            return False
        return ast.unparse(ast.parse(with_gaps(self.source))) not in CELL

    def hint(self) -> None:
        """Print the next step; after the last, the last again."""
        step = min(self.hinted, len(self.hints) - 1)
        self.hinted += 1
        print(
            f"{self.kind} {self.number}, hint {step + 1} of {len(self.hints)}: {self.hints[step]}"
        )
        note(self.chapter, self.title, "hints")

    def solution(self) -> None:
        """Show the worked answer: folded, or as plain text where nothing folds."""
        from IPython.display import display

        code = without_marks(self.source)
        head = f"{self.kind} {self.number}: a solution"
        folded = f"<details><summary>{head}</summary><pre>{html.escape(code)}</pre></details>"
        display({"text/html": folded, "text/plain": f"{head}\n\n{code}"}, raw=True)
        note(self.chapter, self.title, "solutions")
