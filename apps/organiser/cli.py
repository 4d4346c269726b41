"""The organiser's command line, and the sentences that a run may end with."""

import argparse
import math
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

import apps.organiser
from apps.organiser.engine import ENGINES
from apps.organiser.names import LEDGER, SHEET, TABLE, UNREADABLE, UNSURE, printable
from apps.organiser.records import Options
from apps.organiser.run import organise
from apps.predictor import MODEL, Predictor
from helpers.errors import CourseError

SURE = 0.8
EPILOG = f"""
Where photos go: into one folder a class; into {UNSURE}/ what the model is less sure of than
--sure; into {UNREADABLE}/ what is named like a photo and cannot be opened. Nothing is written over:
a second IMG_1.jpg becomes "IMG_1 (2).jpg". Hidden files and folders are left alone. So are
symbolic links, files of other kinds, the libraries of other programs (*.photoslibrary, *.lrdata),
what systems keep for themselves (@eaDir, $RECYCLE.BIN), and below PHOTOS each SORTED of another
run; and these are counted.

What belongs to a photo goes along with it and gets the same new name: notes (IMG_1.xmp,
IMG_1.jpg.xmp, .aae, .json), its raw twin (IMG_1.CR3, .nef, .arw, .dng), the moving half of a Live
Photo (IMG_1.MOV). What several photos share, as IMG_1.xmp beside IMG_1.jpg and IMG_1.png, stays;
so does what comes after its photo was sorted.

--move puts nothing at risk: on one disk it gives a file another name; to another disk it copies,
reads the copy back, compares, and only then removes the original.

--sure is {SURE} unless told: of the photos that a well calibrated model is just that sure of, one
in five is wrong, and of the surer ones fewer. Chapter 10 shows how far to believe the figure.

Stopped, killed, or the disk was full? Type the same command again, and it goes on where it stopped.
Typed again later, it sorts the photos that are new; one whose time or folder has changed, and
nothing else, is known by its content. A SORTED belongs to one model and one --sure.

--engine ray lets workers of Ray read the photos and ask the model: one for each core of this
machine, or, with --address ray://HOST or HOST:6379, those of a cluster whose machines have PHOTOS
and the model on shared storage, under the same paths. All else remains with this program. A worker
that dies costs its batch, of which each photo is then read again by itself; one that costs two
workers their lives stays where it is, and is named.

What was decided stands in {TABLE} and on the pages of {SHEET}/index.html, both written
anew at the end of a run. In the table, an apostrophe stands before a name that a spreadsheet would
take for a formula. Status: 0 done; 1 something stayed, and a sentence says what; 130 stopped with
Ctrl-C; 143 stopped with SIGTERM.
"""


@contextmanager
def termination(came: threading.Event) -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does; a second one is not heard.

    Systemd, containers and a system that shuts down send it.

    Args:
        came: Is set where it has come, for an engine makes Ctrl-C of whatever interrupts it.
    """

    def stop(number: int, frame: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        came.set()
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # where nobody may listen
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def main(argv: Sequence[str] | None = None, load: Callable[[Path], Predictor] = Predictor) -> int:
    """Run the program; return the exit status.

    Args:
        argv: The command line without the program's name; None takes the process' own.
        load: Opens the model, which is not done where nothing is to be classified.

    Raises:
        CourseError: it cannot be done, or not to the end.
    """
    options = read_options(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # Windows pipes know few letters
            stream.reconfigure(errors="backslashreplace")
    terminated = threading.Event()
    try:
        with termination(terminated):
            status = organise(options, load)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("\nStopped: run the same command again, and it goes on from here.", file=sys.stderr)
        return 143 if terminated.is_set() else 130
    except sqlite3.Error as error:
        raise CourseError(
            f"{printable(options.to / LEDGER)}, where the run keeps its notes, cannot be used "
            f"({error}): put that right, and run the same command again."
        ) from None
    except OSError as error:
        raise CourseError(
            f"{printable(error.filename or options.to)}: {error.strerror}. Put that right, and run "
            "the same command again."
        ) from None


def read_options(argv: Sequence[str] | None) -> Options:
    """Read the command line; raise CourseError where a path leads nowhere."""
    given = command_line().parse_args(argv)
    return Options(
        photos=resolved(given.photos),
        to=resolved(given.to),
        model=given.model,
        sure=given.sure,
        mode=given.mode,
        dry_run=given.dry_run,
        progress=given.progress,
        engine=given.engine,
        address=given.address,
    )


def command_line() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    parser = argparse.ArgumentParser("organise-photos", None, apps.organiser.__doc__, EPILOG)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("photos", type=Path, metavar="PHOTOS", help="the folder tree to sort")
    parser.add_argument("--to", type=Path, required=True, metavar="SORTED", help="where to")
    parser.add_argument("--model", type=Path, default=MODEL, help="a .keras file of the course")
    parser.add_argument(
        "--sure", type=share, default=SURE, metavar="P", help=f"from 0 to 1; {SURE} unless told"
    )
    ways = parser.add_mutually_exclusive_group()
    for name, what in (
        ("move", "move the photos; without it they are copied"),
        ("link", "make hard links; symbolic ones where SORTED is on another disk"),
    ):
        ways.add_argument(
            f"--{name}", dest="mode", action="store_const", const=name, default="copy", help=what
        )
    parser.add_argument("--dry-run", action="store_true", help="print the plan, write nothing")
    parser.add_argument(
        "--progress", action="store_true", help="show the bar even where stderr is no terminal"
    )
    parser.add_argument(
        "--engine", choices=ENGINES, default=ENGINES[0], help="what reads; threads unless told"
    )
    parser.add_argument(
        "--address", default="", metavar="HOST", help="of a Ray cluster; without it one starts here"
    )
    return parser


def share(text: str) -> float:
    """Read a number from 0 to 1; raise ArgumentTypeError where it is none."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found <= 1:  # nan is in no order
        raise argparse.ArgumentTypeError(f"give a number from 0 to 1, not {printable(text)!r}")
    return found


def resolved(path: Path) -> Path:
    """Return a path without symbolic links; raise CourseError where they lead nowhere."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # RuntimeError: up to Python 3.12, links that form a circle
        raise CourseError(
            f"{printable(path)} leads nowhere: check the path and the symbolic links in it."
        ) from None
