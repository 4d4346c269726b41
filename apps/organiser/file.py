"""Place photos a batch at a time, and bring to an end what an earlier run began.

What goes along with a photo follows once the photo is in its place, so that it gets the same name.
"""

import errno
import os
import stat
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from apps.organiser.checks import check_folder
from apps.organiser.ledger import Ledger
from apps.organiser.names import LEDGER, portable, printable
from apps.organiser.place import LeftAlone, arrived, has_changed, place, sync
from apps.organiser.records import Decision, Placement
from apps.organiser.scan import Tree, say
from helpers.errors import CourseError

BAD_NAME = {errno.EINVAL, errno.EILSEQ, errno.ENAMETOOLONG}


@dataclass
class Filer:
    """Places photos, a batch at a time, while the caller decides on the next batch.

    Attributes:
        ledger: Where everything is written down first.
        mode: How photos get to their targets: "copy", "move" or "link".
        tree: Where the photos are.
        threads: Which place them.
        counts: How many photos are in place, by folder.
        along: How many files that belong to them.
        stayed: How many stay where they are, each with a sentence on the screen.
        at_work: What the threads have not finished.
    """

    ledger: Ledger
    mode: str
    tree: Tree
    threads: ThreadPoolExecutor
    counts: Counter[str] = field(default_factory=Counter)
    along: int = 0
    stayed: int = 0
    at_work: list[tuple[Placement, Future[None]]] = field(default_factory=list)

    def resume(self) -> None:
        """Bring to an end what an earlier run began.

        Raises:
            CourseError: it is to be taken from somewhere else than the folder of this run.
        """
        pending = self.ledger.pending()
        for placement in pending:
            check_folder(placement.target.parent)
            self._check_source(placement)
        for placement in pending:
            self._go_on(placement)
        self.finish()

    def _check_source(self, placement: Placement) -> None:
        """Raise CourseError where a file stands outside the tree: a stranger may have noted it."""
        source = placement.source
        if not os.path.lexists(source):
            return
        inside = self.tree.root in source.parents and source.parent.resolve() == source.parent
        if not inside or not stat.S_ISREG(source.lstat().st_mode):
            raise CourseError(
                f"{printable(self.ledger.home / LEDGER)} would take {printable(source)}, which is "
                f"no photo below {printable(self.tree.root)}: run with the folder that it was "
                "begun with, or sort into another one."
            )

    def _go_on(self, placement: Placement) -> None:
        """Bring to an end what may have been begun with a file."""
        if os.path.lexists(placement.source) or os.path.lexists(placement.target):
            placement.part.unlink(missing_ok=True)
        elif os.path.lexists(placement.part):
            # Its row stays, or another photo's copy got its name.
            self.stay(
                f"{printable(placement.source)} is gone, and its only copy, perhaps cut off, "
                f"is {printable(placement.part)}, for you to move or delete"
            )
            return
        if os.path.lexists(placement.target):  # a power cut must not take what is noted as done
            sync(placement.target.parent)
        if arrived(placement):
            self._finish_last_step(placement)
        elif placement.leader is None and has_changed(
            placement.source, placement.size, placement.modified
        ):
            self.ledger.drop(placement)  # it is read anew, as any photo that has no place
        else:
            self._start([self.ledger.turn(placement, self.mode)])

    def file(self, decisions: Sequence[Decision]) -> None:
        """Write down where photos go, after the last batch is in place, and begin to place them."""
        self._await()
        decisions = [each for each in decisions if self._is_as_read(each)]
        placements = [self.ledger.plan(decision, self.mode) for decision in decisions]
        self.ledger.commit()
        self._start(placements)

    def _is_as_read(self, decision: Decision) -> bool:
        """Say whether a photo is still the one that was read; one that is gone is found out later.

        What was decided is not true of another, and the next run would sort that once more.
        """
        photo = decision.photo
        if not has_changed(photo.path, photo.size, photo.modified):
            return True
        self.stay(f"{printable(photo.path)} has changed since it was read")
        return False

    def finish(self) -> None:
        """Wait until everything is in place."""
        self._await()
        self.ledger.commit()

    def stay(self, sentence: str) -> None:
        """Say that a photo stays where it is, unless all of them are gone."""
        self.tree.check()
        self.stayed += 1
        say(f"{sentence}: left alone.")

    def _finish_last_step(self, placement: Placement) -> None:
        """Bring to an end what lacked no more than its last step."""
        if placement.mode == self.mode == "move":
            placement.source.unlink(missing_ok=True)  # the whole photo is at its target
        elif placement.mode == "move" and os.path.lexists(placement.source):
            # Nobody wants it moved any more.
            same = placement.source.samefile(placement.target)
            if same and self.mode == "copy":
                placement.target.unlink()  # a second name of the source, and no copy
                self._start([self.ledger.turn(placement, "copy")])
                return
            placement = self.ledger.turn(placement, "link" if same else "copy")
        self._done(placement)

    def _start(self, placements: Sequence[Placement]) -> None:
        """Let threads place photos."""
        for folder in {placement.target.parent for placement in placements}:
            check_folder(folder)
            folder.mkdir(exist_ok=True)
        self.at_work += [(one, self.threads.submit(place, one)) for one in placements]

    def _await(self) -> None:
        """Wait for the threads, and note what is done."""
        touched = {placement.target.parent for placement, _ in self.at_work}
        while self.at_work:
            placement, future = self.at_work.pop()
            try:
                future.result()
            except FileExistsError:
                self._start([self.ledger.plan_again(placement)])
            except LeftAlone as reason:
                self.stay(str(reason))
                if placement.leader is None:  # else the next run tries it again
                    self.ledger.drop(placement)
            except OSError as error:
                self._not_placed(placement, error)
            else:
                self._done(placement)
        for folder in touched:
            sync(folder)

    def _not_placed(self, placement: Placement, error: OSError) -> None:
        """Find out why a photo could not be placed, and go on if it is the photo's own fault.

        Raises:
            CourseError: it is the disk's.
        """
        source = printable(placement.source)
        folder = printable(placement.target.parent)
        if not os.path.lexists(placement.source):
            if arrived(placement):
                self._done(placement)
                return
            target = printable(placement.target)
            other = f" ({target} is another file)" if os.path.lexists(placement.target) else ""
            self.stay(f"{source} was gone before it was sorted{other}")
        elif placement.leader is not None and error.filename == os.fspath(placement.source):
            self.stay(f"{source} cannot be read ({error.strerror})")
            return  # its row stays, for its photo is in place, and the next run tries it again
        elif error.errno not in BAD_NAME:
            raise _disk_fault(placement, error) from None
        elif portable(placement.target.name) != placement.target.name:
            self._start([self.ledger.plan_again(placement, refused=True)])
            return
        else:
            self.stay(f"{source} cannot be put into {folder} under that name ({error.strerror})")
        self.ledger.drop(placement)

    def _done(self, placement: Placement) -> None:
        """Note a file that is in its place; what goes along with it follows."""
        self.ledger.done(placement)
        if placement.leader is None:
            self.counts[placement.folder] += 1
        else:
            self.along += 1
        if placement.mode == "move" and os.path.lexists(placement.source):
            source = printable(placement.source)
            target = printable(placement.target)
            self.stay(f"{source} was changed after it was copied to {target}")
        for companion in self.ledger.companions(placement):
            self._go_on(companion)


def _disk_fault(placement: Placement, error: OSError) -> CourseError:
    """Return the sentence for a disk that is full or closed."""
    name = printable(placement.source.name)
    return CourseError(
        f"{name} cannot be put into {printable(placement.target.parent)}: {error.strerror} "
        f"({printable(str(error.filename or placement.target))}). Put that right, and run the same "
        "command again."
    )
