"""What tools ask of their command lines: a word that is wrong stops them before any work."""

import argparse
from collections.abc import Callable


def at_least(least: int) -> Callable[[str], int]:
    """Return a type for argparse: a whole number that is not below another."""

    def number(text: str) -> int:
        try:
            found = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None
        if found < least:
            raise argparse.ArgumentTypeError(f"{found} is below {least}")
        return found

    return number


def no_words(doc: str) -> None:
    """Answer --help with what a tool does, and refuse all other words: it takes none."""
    argparse.ArgumentParser(description=doc.splitlines()[0]).parse_args()
