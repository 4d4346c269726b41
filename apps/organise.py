"""Sort a folder tree of photos into one folder a class, by what a saved model says of each."""

import argparse
import errno
import hashlib
import os
import sqlite3
import stat
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image
from tqdm import tqdm

from apps import sentences
from apps.ledger import (
    LEDGER,
    SHEET,
    TABLE,
    UNREADABLE,
    UNSURE,
    Decision,
    Ledger,
    Photo,
    Row,
    arrived,
    folders,
    place,
    plain,
    shown,
    sync,
)
from apps.predictor import MODEL, Predictor
from apps.report import is_there, write_report
from helpers import CourseError
from helpers.errors import NoMemory
from helpers.images import FORMATS, MAX_PIXELS, SUFFIXES, open_rgb, to_array, too_large

SURE = 0.8
BATCH = 32  # photos classified, and written down, at once
AHEAD = 2 * BATCH  # photos opened before they are asked for, kept at the model's size
WRITERS = 4  # threads that wait for the disk
HEAD = 2**20  # bytes of a file that is no image, enough to say so
LARGEST = 2 * 10**9  # bytes of a file that is read at all; MAX_PIXELS need fewer
TIMES = -(2**63), 2**63 - 1  # nanoseconds that SQLite can hold
NO_FAULT = {0, None, errno.EINVAL}  # errors of Pillow's that are no faults of the disk
BAD_NAME = {errno.EINVAL, errno.EILSEQ, errno.ENAMETOOLONG}
THUMBNAIL = 160  # pixels of the longer side, about
DID = {"copy": "Copied", "move": "Moved", "link": "Linked"}
EPILOG = f"""
Where photos go: into one folder a class; into {UNSURE}/ what the model is less sure of than
--sure; into {UNREADABLE}/ what is named like a photo and cannot be opened. Nothing is written over:
a second IMG_1.jpg becomes "IMG_1 (2).jpg". Hidden files and folders, symbolic links and files of
other kinds are left alone.

--sure is {SURE} unless told: of the photos that a well calibrated model is just that sure of, one
in five is wrong, and of the surer ones fewer. Chapter 7 shows how far to believe the figure.

Stopped, killed, or the disk was full? Type the same command again, and it goes on where it stopped.
Typed again later, it sorts the photos that are new. A SORTED belongs to one model and one --sure.

What was decided stands in {TABLE} and on the pages of {SHEET}/index.html, both written
anew at the end of a run. Status: 0 done; 1 something stayed, and a sentence says what; 130 stopped
with Ctrl-C.
"""


def say(sentence: str) -> None:
    """Print a line on stderr, above the progress bar."""
    tqdm.write(sentence, sys.stderr)


@dataclass
class Tree:
    """The photos below a folder, and what else was seen there on the last walk."""

    root: Path
    but: Path
    others: int = 0
    links: int = 0
    closed: int = 0

    def __post_init__(self) -> None:
        """Remember the folder itself, for an empty one may stand where a card was pulled out."""
        self.facts = self.root.stat()
        self.told: set[str] = set()

    def photos(self) -> Iterator[Photo]:
        """Yield the photos folder by folder, by name; only one folder's names are in memory.

        Raises:
            CourseError: the root is no folder, or is one no longer.
        """
        self.others = self.links = self.closed = 0
        for place_, names, files in os.walk(self.root, onerror=self._closed):
            folder = Path(place_)
            names[:] = sorted(n for n in names if self._enters(folder / n))
            for name in sorted(files):
                photo = None if name.startswith(".") else self._photo(folder / name)
                if photo:
                    yield photo
        self.check()

    def check(self) -> None:
        """Raise CourseError where the root is gone: a card pulled out, a share lost."""
        with suppress(OSError):
            if os.path.samestat(self.facts, self.root.stat()):
                return
        raise CourseError(
            f"{shown(self.root)} is no longer there: bring it back, and run the same command again."
        )

    def _closed(self, error: OSError) -> None:
        """Note a folder that cannot be listed, or a file that cannot be looked at."""
        self.check()
        self.closed += 1
        sentence = f"{shown(error.filename)} cannot be read ({error.strerror}): left alone."
        if sentence not in self.told:  # the tree is walked twice
            self.told.add(sentence)
            say(sentence)

    def _enters(self, folder: Path) -> bool:
        """Say whether to look into a folder."""
        if folder.name.startswith("."):
            return False
        try:
            if not folder.is_symlink():
                return not (self.but.exists() and folder.samefile(self.but))
        except OSError as error:  # a folder whose names can be listed, and no more
            self._closed(error)
            return False
        self.links += 1  # os.walk follows none, so that none leads round in circles
        return False

    def _photo(self, path: Path) -> Photo | None:
        """Look at a file, and count it if it is no photo."""
        try:
            facts = path.lstat()
        except OSError as error:
            self._closed(error)
            return None
        if stat.S_ISLNK(facts.st_mode):
            self.links += 1
        elif not stat.S_ISREG(facts.st_mode) or path.suffix.lower() not in SUFFIXES:
            self.others += 1
        else:
            least, most = TIMES  # a camera without a clock may write the year 2300
            return Photo(path, facts.st_size, min(max(facts.st_mtime_ns, least), most))
        return None


class Budget:
    """A number of pixels that threads share, so that two very large photos are open at most."""

    def __init__(self, most: int) -> None:
        self.most = self.free = most
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


@dataclass(frozen=True)
class Opened:
    """A photo at the model's size, uint8 (height, width, 3), and a thumbnail's JPEG bytes.

    Without pixels, `note` says why it is no image; `stays` says why it could not even be read.
    """

    photo: Photo
    pixels: np.ndarray | None = None
    thumbnail: bytes = b""
    note: str = ""
    stays: str = ""


def opened(photo: Photo, size: tuple[int, int], budget: Budget) -> Opened:
    """Open a photo once, for the model and for the contact sheet.

    Args:
        photo: What to open.
        size: (height, width) in pixels that the model takes.
        budget: Is held while the photo is open at its full size.
    """
    try:
        with photo.path.open("rb") as file:
            pixels = _pixels(file, shown(photo.path.name))
            file.seek(0)
            with budget(pixels):
                # A video that is named .jpg is not read whole.
                return _shrunk(photo, file.read() if pixels else file.read(HEAD), size)
    except (NoMemory, MemoryError):
        return Opened(photo, stays=f"{shown(photo.path)} is too large for the memory that is free")
    except CourseError as error:
        return Opened(photo, note=str(error))
    except OSError as error:
        return Opened(photo, stays=f"{shown(photo.path)} cannot be read ({error.strerror})")


def _pixels(file: BinaryIO, name: str) -> int:
    """Return the number of pixels that an image's header promises; 0 if there is no such header.

    Raises:
        CourseError: there are more than `open_rgb` takes, or the file itself is too large.
        OSError: the disk cannot be read, which says nothing of the image.
    """
    size, large = (0, 0), os.fstat(file.fileno()).st_size > LARGEST
    try:
        # For some formats, Pillow reads the whole file here.
        with Image.open(BytesIO(file.read(HEAD)) if large else file, formats=FORMATS) as image:
            size = image.size
    except Image.UnidentifiedImageError:  # open_rgb finds the words for that and for damage
        return 0
    except Image.DecompressionBombError:
        raise CourseError(too_large(name, MAX_PIXELS)) from None
    except Exception as error:
        # EINVAL: a damaged header sent Pillow to a place that no file has.
        if isinstance(error, MemoryError) or getattr(error, "errno", 0) not in NO_FAULT:
            raise
    if size[0] * size[1] > MAX_PIXELS:
        raise CourseError(too_large(name, MAX_PIXELS, size))
    if large:
        raise CourseError(f"{name} has more than {LARGEST // 10**9} GB: save it smaller first.")
    return size[0] * size[1]


def _shrunk(photo: Photo, data: bytes, size: tuple[int, int]) -> Opened:
    """Decode a file's bytes, and keep what little of it is needed."""
    rgb = open_rgb(data, shown(photo.path.name))
    pixels = to_array(rgb, size)
    jpeg = BytesIO()
    # Whole pixels averaged: a tenth of the time of a resizing that meets the size exactly.
    rgb.reduce(max(1, round(max(rgb.size) / THUMBNAIL))).save(jpeg, "JPEG", quality=75)
    return Opened(photo, pixels, jpeg.getvalue())


def ahead(photos: Iterable[Photo], size: tuple[int, int]) -> Iterator[Opened]:
    """Yield each photo opened, in order, with up to `AHEAD` of them waiting or at work."""
    budget = Budget(2 * MAX_PIXELS)
    waiting: deque[Future[Opened]] = deque()
    with pool(os.cpu_count() or 1) as threads:
        for photo in photos:
            waiting.append(threads.submit(opened, photo, size, budget))
            if len(waiting) == AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def batches(items: Iterable[Opened]) -> Iterator[list[Opened]]:
    """Yield lists of up to `BATCH`."""
    batch: list[Opened] = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _probabilities(predictor: Predictor, images: Sequence[Opened]) -> np.ndarray:
    """Ask the model; raise CourseError where its answers are no numbers."""
    rows = predictor.probabilities(np.stack([item.pixels for item in images]))
    for item, row in zip(images, rows, strict=True):
        if not np.isfinite(row).all():
            raise CourseError(
                f"The model's answer to {shown(item.photo.path)} is not a number (NaN), as after a "
                "training that went wrong: train it again, or name another with --model."
            )
    return rows


def decide(predictor: Predictor, batch: Sequence[Opened], sure: float) -> list[Decision]:
    """Say where each photo goes that could be read, those that are no images included.

    Raises:
        CourseError: the model's answers are no numbers.
    """
    images = [item for item in batch if item.pixels is not None]
    names = folders(predictor.classifier.class_names)
    answers = {}
    if images:
        rows = _probabilities(predictor, images)
        answers = {
            item.photo: predictor.classifier.say(p) for item, p in zip(images, rows, strict=True)
        }
    decisions = []
    for item in batch:
        answer = answers.get(item.photo)
        if answer:
            folder = names[answer.label] if answer.confidence >= sure else UNSURE
            said = (answer.label, answer.confidence, answer.probabilities)
            decisions.append(Decision(item.photo, folder, *said, "", item.thumbnail))
        elif item.note:
            decisions.append(Decision(item.photo, UNREADABLE, None, None, {}, item.note, b""))
    return decisions


@dataclass
class Filer:
    """Places photos, a batch at a time, while the caller decides on the next batch."""

    ledger: Ledger
    mode: str
    tree: Tree
    pool: ThreadPoolExecutor
    counts: Counter = field(default_factory=Counter)
    stayed: int = 0
    at_work: list[tuple[Row, Future[None]]] = field(default_factory=list)

    def resume(self) -> None:
        """Bring to an end what an earlier run began."""
        for row in self.ledger.pending():
            if os.path.lexists(row.source) or os.path.lexists(row.target):
                row.part.unlink(missing_ok=True)
            elif os.path.lexists(row.part):  # its row stays, or another photo's copy got its name
                self.stay(
                    f"{shown(row.source)} is gone, and its only copy, perhaps cut off, is "
                    f"{shown(row.part)}, for you to move or delete"
                )
                continue
            if os.path.lexists(row.target):  # a power cut must not take what is noted as done
                sync(row.target.parent)
            if arrived(row):
                self._arrived(row)
            else:
                self._start([self.ledger.turn(row, self.mode)])
        self.finish()

    def _arrived(self, row: Row) -> None:
        """Bring to an end what lacked no more than its last step."""
        if row.mode == self.mode == "move":
            row.source.unlink(missing_ok=True)  # the whole photo is at its target
        elif row.mode == "move" and os.path.lexists(row.source):  # nobody wants it moved any more
            same = row.source.samefile(row.target)
            if same and self.mode == "copy":
                row.target.unlink()  # a second name of the source, and no copy
                self._start([self.ledger.turn(row, "copy")])
                return
            row = self.ledger.turn(row, "link" if same else "copy")
        self._done(row)

    def file(self, decisions: Sequence[Decision]) -> None:
        """Write down where photos go, after the last batch is in place, and begin to place them."""
        self._await()
        rows = [self.ledger.plan(decision, self.mode) for decision in decisions]
        self.ledger.commit()
        self._start(rows)

    def finish(self) -> None:
        """Wait until everything is in place."""
        self._await()
        self.ledger.commit()

    def _start(self, rows: Sequence[Row]) -> None:
        """Let threads place photos."""
        for folder in {row.target.parent for row in rows}:
            folder.mkdir(exist_ok=True)
        self.at_work += [(row, self.pool.submit(place, row)) for row in rows]

    def _await(self) -> None:
        """Wait for the threads, and note what is done."""
        touched = {row.target.parent for row, _ in self.at_work}
        while self.at_work:
            row, future = self.at_work.pop()
            try:
                future.result()
            except FileExistsError:
                self._start([self.ledger.plan_again(row)])
            except OSError as error:
                self._not_placed(row, error)
            else:
                self._done(row)
        for folder in touched:
            sync(folder)

    def _not_placed(self, row: Row, error: OSError) -> None:
        """Find out why a photo could not be placed, and go on if it is the photo's own fault.

        Raises:
            CourseError: it is the disk's.
        """
        source, folder = shown(row.source), shown(row.target.parent)
        if not os.path.lexists(row.source):
            if arrived(row):
                self._done(row)
                return
            other = f" ({shown(row.target)} is another file)" if os.path.lexists(row.target) else ""
            self.stay(f"{source} was gone before it was sorted{other}")
        elif error.errno not in BAD_NAME:
            raise self._failed(row, error) from None
        elif plain(row.target.name) != row.target.name:
            self._start([self.ledger.plan_again(row, refused=True)])
            return
        else:
            self.stay(f"{source} cannot be put into {folder} under that name ({error.strerror})")
        self.ledger.drop(row)

    def _done(self, row: Row) -> None:
        """Note a photo that is in its place."""
        self.ledger.done(row)
        self.counts[row.folder] += 1
        if row.mode == "move" and os.path.lexists(row.source):
            self.stay(f"{shown(row.source)} was changed after it was copied to {shown(row.target)}")

    def stay(self, sentence: str) -> None:
        """Say that a photo stays where it is, unless all of them are gone."""
        self.tree.check()
        self.stayed += 1
        say(f"{sentence}: left alone.")

    def _failed(self, row: Row, error: OSError) -> CourseError:
        """Return the sentence for a disk that is full or closed."""
        name = shown(row.source.name)
        return CourseError(
            f"{name} cannot be put into {shown(row.target.parent)}: {error.strerror} "
            f"({shown(str(error.filename or row.target))}). Put that right, and run the same "
            "command again."
        )


def fingerprint(model: Path) -> str:
    """Return the SHA-256 of a model's file."""
    try:
        with model.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CourseError(
            f"{model} cannot be read ({error.strerror}): save a model in chapter 3, or name one "
            "with --model."
        ) from None


def check_folders(photos: Path, to: Path) -> None:
    """Raise CourseError where sorting one folder into the other would do harm."""
    if not photos.is_dir():
        raise CourseError(f"{shown(photos)} is not a folder: check the path.")
    if to.exists() and any(folder.samefile(to) for folder in (photos, *photos.parents)):
        raise CourseError(
            f"{shown(photos)} cannot be sorted into {shown(to)}, which it is or stands in: choose "
            "a folder beside it or below it."
        )


def check_rules(ledger: Ledger, rules: dict[str, object]) -> None:
    """Keep the rules of a new ledger; raise CourseError where an old one has others."""
    for name, value in rules.items():
        kept = ledger.fact(name)
        if kept is None:
            ledger.fact(name, value)
        elif kept != value:
            raise CourseError(
                f"{shown(ledger.home)} was sorted with another --{name}"
                f"{'' if name == 'model' else f' ({kept})'}: give that one, or sort into another "
                "folder."
            )
    ledger.commit()


def dry_run(filer: Filer, new: Iterable[Opened], predictor: Predictor, sure: float) -> None:
    """Print where photos would go."""
    home = filer.ledger.home
    for batch in batches(new):
        for item in batch:
            if item.stays:
                filer.stay(item.stays)
        for decision in decide(predictor, batch, sure):
            row = filer.ledger.plan(replace(decision, thumbnail=b""), filer.mode)
            why = f"{decision.label} {decision.confidence:.3f}" if decision.label else decision.note
            print(f"{shown(row.source)} -> {shown(row.target.relative_to(home))} ({why})")


def sort_new(
    filer: Filer, new: Iterable[Opened], predictor: Predictor, sure: float, bar: tqdm
) -> None:
    """Classify and place photos as they come."""
    filer.ledger.fact("classes", list(predictor.classifier.class_names))
    for batch in batches(new):
        for item in batch:
            if item.stays:
                filer.stay(item.stays)
        filer.file(decide(predictor, batch, sure))
        bar.update(len(batch))
    filer.finish()


def organise(given: argparse.Namespace, load: Callable[[Path], Predictor]) -> int:
    """Do what the command line asks; see `main`."""
    rules = {"model": fingerprint(given.model), "sure": given.sure}
    check_folders(given.photos, given.to)
    # A model that cannot be loaded leaves no trace; where there may be nothing to do, it can wait.
    predictor = None if (given.to / LEDGER).exists() else load(given.model)
    if not given.dry_run:
        given.to.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        ledger = stack.enter_context(closing(Ledger(given.to, given.dry_run)))
        check_rules(ledger, rules)
        tree = Tree(given.photos, given.to)
        filer = Filer(ledger, given.mode, tree, stack.enter_context(pool(WRITERS)))
        total = sum(not ledger.knows(photo) for photo in tree.photos())
        if not total and not ledger.pending():
            print(f"Nothing to do: {shown(tree.root)} has no photo that is not sorted already.")
        if given.dry_run:
            print_pending(ledger)
        else:
            filer.resume()
        if total:
            predictor = predictor or load(given.model)
            photos = (photo for photo in tree.photos() if not ledger.knows(photo))
            new = stack.enter_context(closing(ahead(photos, predictor.classifier.size)))
            if given.dry_run:
                dry_run(filer, new, predictor, given.sure)
            else:
                hidden = False if given.progress else None  # None: unless stderr is a terminal
                bar = tqdm(total=total, unit=" photos", disable=hidden, dynamic_ncols=True)
                sort_new(filer, new, predictor, given.sure, stack.enter_context(bar))
        return summary(filer, given)


def print_pending(ledger: Ledger) -> None:
    """Print what an earlier run began, and the next will bring to an end."""
    for row in ledger.pending():
        print(f"{shown(row.source)} -> {shown(row.target.relative_to(ledger.home))} (pending)")


def summary(filer: Filer, given: argparse.Namespace) -> int:
    """Write the report if it lags behind, and say what was done; return the exit status."""
    ledger, tree = filer.ledger, filer.tree
    total = sum(ledger.counts().values())
    reported = ledger.fact("reported") == total and is_there(ledger.home)
    if not given.dry_run and total and not reported:
        write_report(ledger, given.model.name, given.sure)
        ledger.fact("reported", total)
        ledger.commit()
    if filer.counts:
        each = ", ".join(f"{shown(name)} {n}" for name, n in sorted(filer.counts.items()))
        print(f"{DID[given.mode]} {filer.counts.total()} photos into {shown(given.to)}: {each}.")
        print(f"See {shown(given.to / SHEET / 'index.html')} and {TABLE} beside it.")
    print(f"Left alone: {tree.others} files of other kinds, {tree.links} symbolic links.")
    if stayed := filer.stayed + tree.closed:
        print(f"{stayed} stayed where they are, as said above.", file=sys.stderr)
    return int(stayed > 0)


@contextmanager
def pool(threads: int) -> Iterator[ThreadPoolExecutor]:
    """Yield a pool of threads that drops, at the end, what it has not begun."""
    executor = ThreadPoolExecutor(threads)
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def share(text: str) -> float:
    """Read a number from 0 to 1."""
    if not 0 <= float(text) <= 1:
        raise ValueError
    return float(text)


def resolved(path: Path) -> Path:
    """Return a path without symbolic links; raise CourseError where they lead nowhere."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # RuntimeError: up to Python 3.12, links that form a circle
        raise CourseError(
            f"{shown(path)} leads nowhere: check the path and the symbolic links in it."
        ) from None


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; raise CourseError where a path leads nowhere."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("organise", None, __doc__, EPILOG, formatter_class=form)
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
    given = parser.parse_args(argv)
    given.photos, given.to = resolved(given.photos), resolved(given.to)
    return given


def main(argv: Sequence[str] | None = None, load: Callable[[Path], Predictor] = Predictor) -> int:
    """Run the program; return the exit status.

    Args:
        argv: The command line without the program's name; None takes the process' own.
        load: Opens the model, which is not done where nothing is to be classified.

    Raises:
        CourseError: it cannot be done, or not to the end.
    """
    given = arguments(argv)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # Windows pipes know few letters
    try:
        status = organise(given, load)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("\nStopped: run the same command again, and it goes on from here.", file=sys.stderr)
        return 130
    except sqlite3.Error as error:
        raise CourseError(
            f"{shown(given.to / LEDGER)}, where the run keeps its notes, cannot be used ({error}): "
            "put that right, and run the same command again."
        ) from None
    except OSError as error:
        raise CourseError(
            f"{shown(error.filename or given.to)}: {error.strerror}. Put that right, and run the "
            "same command again."
        ) from None


def main_entry() -> None:
    """Run as a console command."""
    with sentences():
        sys.exit(main())


if __name__ == "__main__":
    main_entry()
