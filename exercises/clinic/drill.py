"""A drill: a dozen lines that run, with a fault planted in one of them.

Its source is a sound function in one of the modules beside this. The learner gets it with the
fault, names the line and mends it. The check looks at what the mended function does: any mend that
behaves will do. Its text tells but which lines it changed, for these may be named, too.
"""

import difflib
import inspect
import io
import textwrap
import tokenize
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from exercises.clinic.mistakes import MISTAKES, Edit
from helpers.exercises import Exercise, NotAnswered, has_gap, need


def faulty(function: Callable, faults: tuple[Edit, ...]) -> str:
    """Return the function's source with the faults planted, each in its only place."""
    text = inspect.getsource(function)
    for fault in faults:
        assert text.count(fault.sound) == 1, f"{fault.sound!r} is not once in {function.__name__}"
        text = text.replace(fault.sound, fault.faulty)
    return text


def fault_lines(function: Callable, faults: tuple[Edit, ...]) -> set[int]:
    """Number the lines, from 1 for the def, that the sound source does not have."""
    sound = inspect.getsource(function).splitlines()
    planted = faulty(function, faults).splitlines()
    return {number for number, line in enumerate(planted, start=1) if line not in sound}


def logical_lines(text: str) -> list[tuple[range, tuple]]:
    """Return for each statement, or head of one, its rows and its tokens, how deep it stands first.

    Comments, empty lines, and where a long line is broken make no difference.
    """
    found = []
    depth = 0
    tokens: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(textwrap.dedent(text)).readline):
        if token.type in (tokenize.INDENT, tokenize.DEDENT):
            depth += 1 if token.type == tokenize.INDENT else -1
        elif token.type == tokenize.NEWLINE:
            rows = range(tokens[0].start[0], tokens[-1].end[0] + 1)
            found.append((rows, (depth, *(one.string for one in tokens))))
            tokens = []
        elif token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.ENDMARKER):
            tokens.append(token)
    return found


def changed_lines(text: str, function: Callable) -> set[int] | None:
    """Number the lines of a text that a function's source has no more, or has in another way.

    Where lines were only put in, these are the lines beside them.

    Returns:
        The numbers, from 1; None where the function has no source, as one without a file.
    """
    try:
        sources = [logical_lines(one) for one in (text, inspect.getsource(function))]
    except (OSError, TypeError, SyntaxError, tokenize.TokenError):
        return None
    before, after = ([tokens for _, tokens in lines] for lines in sources)
    steps = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    edits = [step for step in steps if step[0] != "equal"]
    gone = [place for _, first, last, *_ in edits for place in range(first, last)]
    beside = [place for _, first, *_ in edits for place in (first - 1, first)]
    places = [place for place in gone or beside if 0 <= place < len(before)]
    return {row for place in places for row in sources[0][place][0]}


@dataclass
class Drill:
    """One drill; called with the line that was found and the mended function, it prints one line.

    Its title and its story do not tell the fault, whose name comes with the word *right*.

    Attributes:
        number: That of the classic mistake; the second round goes on from there.
        title: What it is called.
        story: What the code is for, in Markdown.
        function: The sound function.
        faults: What is planted, one edit for each fault.
        judge: Takes a function, returns why it is right and its honest score, or raises NotYet.
        show: Code that calls the function and prints what looks fine.
        hint_text: The next step for whoever is stuck.
        name: What the mistake is called.
        does: What it does.
        looks: What one would think of what is printed.
    """

    number: int
    title: str
    story: str
    function: Callable
    faults: tuple[Edit, ...]
    judge: Callable[[Callable], str]
    show: str
    hint_text: str
    name: str
    does: str
    looks: str
    check: Exercise = field(init=False)

    def __post_init__(self) -> None:
        """Make the check, which prints and counts like that of any exercise."""
        self.check = Exercise(
            chapter="clinic",
            number=self.number,
            title=self.title,
            minutes=5 * len(self.faults),
            text=self.story,
            source=inspect.getsource(self.function),
            judge=self.verdict,
            hints=(self.hint_text, self._where()),
            kind="Drill",
        )

    def __call__(self, line: Any, function: Callable) -> None:
        """Judge a mend, print one line, and note the try in the passport."""
        self.check(line, function)

    def hint(self) -> None:
        """Print the next step."""
        self.check.hint()

    def solution(self) -> None:
        """Show the sound function, folded."""
        self.check.solution()

    def _where(self) -> str:
        """Say between which lines the fault is, and no more."""
        lines = sorted(fault_lines(self.function, self.faults))
        near = " and ".join(f"{max(2, line - 1)} to {line + 1}" for line in lines)
        return f"Look at lines {near}, counted from def as 1."

    def verdict(self, line: Any, function: Callable) -> str:
        """Return why a mend is right.

        Raises:
            NotAnswered: nothing was tried yet.
            NotYet: a fault is left, the score is not the honest one, or the line is another.
        """
        lines = line if isinstance(line, tuple | list) else (line,)
        if has_gap(tuple(lines)):
            raise NotAnswered
        need(callable(function), "give the check the function itself, without brackets behind it.")
        text = faulty(self.function, self.faults)
        found = {number_of(line, text) for line in lines}
        planted = fault_lines(self.function, self.faults)
        changed = changed_lines(text, function)
        others = found - planted
        hint = f"line {min(others, default=0)} does what it should: "
        need(changed != set() or not others, hint + "look at another.")
        why = self.judge(function)
        others -= changed or set()
        hint = f"the mend is right, and line {min(others, default=0)} does what it should: "
        need(not others, hint + "name the line that was at fault, or that you changed.")
        many = len(planted)
        hint = f"the mend is right; {many} lines were at fault, and you name {len(found)}."
        need(len(found) == many, hint)
        return f"{self.name}. {self.does} Now {why}"


def number_of(line: Any, text: str) -> int:
    """Return the number of a line that is given by number, or by a piece copied from it.

    Raises:
        NotYet: no line, or more than one, is meant.
    """
    numbered = text.splitlines()
    if isinstance(line, str):
        hits = [
            i for i, one in enumerate(numbered, start=1) if line.strip() and line.strip() in one
        ]
        need(hits, "no line of the drill holds that text: copy a piece of it, or give its number.")
        need(len(hits) == 1, f"{len(hits)} lines hold that text: copy more of the one you mean.")
        return hits[0]
    whole = isinstance(line, int) and not isinstance(line, bool)
    need(whole, "name the line by its number, counted from def as 1, or by a piece of its text.")
    need(1 <= line <= len(numbered), f"the drill has lines 1 to {len(numbered)}.")
    return line


def of_mistake(number: int, function: Callable, **more: Any) -> Drill:
    """Return the drill of a classic mistake, its name and its fault from the one table."""
    mistake = MISTAKES[number]
    faults = (mistake.drill,)
    more |= {"name": mistake.name, "does": mistake.does}
    return Drill(number, function=function, faults=faults, **more)
