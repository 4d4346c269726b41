"""Say at the end of a run what was done, and what was left alone."""

import sys

from apps.organiser.file import Filer
from apps.organiser.names import SHEET, TABLE, printable
from apps.organiser.records import Options
from apps.organiser.report import is_there, write_report
from apps.organiser.scan import Tree

DID = {"copy": "Copied", "move": "Moved", "link": "Linked"}
MOST = 8  # kinds of files that are named


def summary(filer: Filer, options: Options, late: int) -> int:
    """Write the report if it lags behind, and say what was done.

    Args:
        filer: What was done.
        options: What was asked for.
        late: How many files belong to photos that were sorted before they came.

    Returns:
        The exit status: 0, or 1 where something stayed.
    """
    ledger = filer.ledger
    tree = filer.tree
    total = sum(ledger.counts().values())
    reported = ledger.fact("reported") == total and is_there(ledger.home)
    if not options.dry_run and total and not reported:
        write_report(ledger, options.model.name, options.sure)
        ledger.fact("reported", total)
        ledger.commit()
    if filer.counts:
        each = ", ".join(f"{printable(name)} {n}" for name, n in sorted(filer.counts.items()))
        where = printable(options.to)
        print(f"{DID[options.mode]} {filer.counts.total()} photos into {where}: {each}.")
        print(f"See {printable(options.to / SHEET / 'index.html')} and {TABLE} beside it.")
    if filer.along:
        print(f"{filer.along} files that belong to photos went along with them.")
    print(left_alone(tree))
    if late:
        print(f"{late} files came after the photos that they belong to: left alone, too.")
    stayed = filer.stayed + tree.closed
    if stayed:
        print(f"{stayed} stayed where they are, as said above.", file=sys.stderr)
    return int(stayed > 0)


def nothing_to_do(tree: Tree) -> str:
    """Return the sentence on a folder tree in which there is nothing to sort."""
    root = printable(tree.root)
    if tree.photographs:
        return f"Nothing to do: {root} has no photo that is not sorted already."
    if tree.closed:
        return f"Nothing to do: {root} has no photo that may be read."
    there = f": {kinds(tree)} are of other kinds" if tree.others else ""
    return f"Nothing to do: {root} has no photo{there}."


def left_alone(tree: Tree) -> str:
    """Return the sentences on what was counted and not touched."""
    said = f"Left alone: {tree.others.total()} files of other kinds, {tree.links} symbolic links"
    if tree.libraries:
        said += f", {tree.libraries} libraries of other programs"
    if tree.systems:
        said += f", {tree.systems} folders of the system's"
    if tree.results:
        said += f", {tree.results} folders that other runs have sorted into"
    sentences = [f"{said}."]
    if tree.others:
        sentences.append(f"Of other kinds: {kinds(tree)}.")
    if tree.shared:
        sentences.append(f"{tree.shared} of them belong to several photos at once.")
    return " ".join(sentences)


def kinds(tree: Tree) -> str:
    """Name the commonest kinds of files that are no photos, with their numbers."""
    found = sorted(tree.others.items(), key=lambda item: (-item[1], item[0]))
    named = [f"{number} {kind}" for kind, number in found[:MOST]]
    rest = sum(number for _, number in found[MOST:])
    return ", ".join([*named, f"{rest} more"] if rest else named)
