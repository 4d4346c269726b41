"""The organiser's main road: scan, read, decide, write down, place, report."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from apps.organiser.checks import damaged
from apps.organiser.content import Memory, model_digest
from apps.organiser.decide import decide
from apps.organiser.engine import check_engine, read_by_ray
from apps.organiser.file import Filer
from apps.organiser.ledger import Ledger
from apps.organiser.names import LEDGER, UNREADABLE, UNSURE, class_folders, printable
from apps.organiser.read import ahead, batches
from apps.organiser.records import Options, Reading
from apps.organiser.scan import Tree, is_library
from apps.organiser.summary import nothing_to_do, summary
from apps.organiser.threads import pool
from apps.predictor import Predictor
from helpers.errors import CourseError

WRITERS = 4  # threads that wait for the disk


def organise(options: Options, load: Callable[[Path], Predictor]) -> int:
    """Sort the photos of a folder tree, those that no earlier run has sorted.

    Args:
        options: What to do.
        load: Opens the model, which is not done where nothing is to be classified.

    Returns:
        The exit status: 0, or 1 where something stayed.

    Raises:
        CourseError: it cannot be done, or not to the end.
    """
    rules = {"model": model_digest(options.model), "sure": options.sure}
    check_folders(options)
    check_engine(options)
    # A model that cannot be loaded leaves no trace; where there may be nothing to do, it can wait.
    predictor = None if (options.to / LEDGER).exists() else load(options.model)
    if not options.dry_run:
        options.to.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        ledger = stack.enter_context(closing(Ledger(options.to, options.dry_run)))
        check_rules(ledger, rules)
        tree = Tree(options.photos, options.to)
        filer = Filer(ledger, options.mode, tree, stack.enter_context(pool(WRITERS)))
        memory = Memory(ledger, folders(ledger))
        total = sum(1 for _ in memory.unknown(tree))
        if not total and not ledger.pending():
            print(nothing_to_do(tree))
        if options.dry_run:
            print_pending(ledger)
        else:
            filer.resume()
        if total:
            predictor = predictor or load(options.model)
            sort_new(filer, memory, predictor, options, total)
        return summary(filer, options, memory.late)


def folders(ledger: Ledger) -> list[str]:
    """Return the folders that the photos of a ledger can be in."""
    return [*class_folders(ledger.fact("classes") or []).values(), UNSURE, UNREADABLE]


def sort_new(
    filer: Filer, memory: Memory, predictor: Predictor, options: Options, total: int
) -> None:
    """Read the photos that have no place, and place them, or print where they would go."""
    check_classes(filer.ledger, predictor)
    photos = memory.unknown(filer.tree)
    if options.engine == "ray":
        source = read_by_ray(photos, options, filer.ledger.fact("model"))
    else:
        source = ahead(photos, predictor.classifier.size, predictor.classifier.fit)
    with closing(source) as readings:
        if options.dry_run:
            print_plan(filer, readings, predictor, options.sure)
        else:
            place_new(filer, readings, predictor, options, total)


def place_new(
    filer: Filer,
    readings: Iterable[Reading],
    predictor: Predictor,
    options: Options,
    total: int,
) -> None:
    """Classify and place photos as they come, under a progress bar."""
    hidden = False if options.progress else None  # None: unless stderr is a terminal
    filer.ledger.fact("classes", list(predictor.classifier.class_names))
    with tqdm(total=total, unit=" photos", disable=hidden, dynamic_ncols=True) as bar:
        for batch in batches(readings):
            leave_unread(filer, batch)
            filer.file(decide(predictor, batch, options.sure))
            bar.update(len(batch))
        filer.finish()


def print_plan(
    filer: Filer, readings: Iterable[Reading], predictor: Predictor, sure: float
) -> None:
    """Print where photos would go."""
    home = filer.ledger.home
    for batch in batches(readings):
        leave_unread(filer, batch)
        for decision in decide(predictor, batch, sure):
            placement = filer.ledger.plan(replace(decision, thumbnail=b""), filer.mode)
            why = f"{decision.label} {decision.confidence:.3f}" if decision.label else decision.note
            target = printable(placement.target.relative_to(home))
            print(f"{printable(placement.source)} -> {target} ({why})")
            for companion in filer.ledger.companions(placement):
                target = printable(companion.target.relative_to(home))
                name = printable(placement.source.name)
                print(f"{printable(companion.source)} -> {target} (goes along with {name})")


def print_pending(ledger: Ledger) -> None:
    """Print what an earlier run began, and the next will bring to an end."""
    for placement in ledger.pending():
        target = printable(placement.target.relative_to(ledger.home))
        print(f"{printable(placement.source)} -> {target} (pending)")


def leave_unread(filer: Filer, batch: Iterable[Reading]) -> None:
    """Say of what could not be read that it stays."""
    for reading in batch:
        if reading.stays:
            filer.stay(reading.stays)


def check_folders(options: Options) -> None:
    """Raise CourseError where sorting one folder into the other cannot be, or would do harm."""
    photos = options.photos
    to = options.to
    if not photos.is_dir():
        raise CourseError(f"{printable(photos)} is not a folder: check the path.")
    if to.exists() and any(folder.samefile(to) for folder in (photos, *photos.parents)):
        raise CourseError(
            f"{printable(photos)} cannot be sorted into {printable(to)}, which it is or stands in: "
            "choose a folder beside it or below it."
        )
    file = next(
        (place for place in (to, *to.parents) if place.exists() and not place.is_dir()), None
    )
    if file:
        raise CourseError(f"{printable(file)} is a file: name a folder with --to.")
    library = next(filter(is_library, (photos, *photos.parents)), None)
    if library and options.mode == "move":
        raise CourseError(
            f"{printable(library)} is a library of another program, which breaks if photos leave "
            "it: export them from there, or sort without --move."
        )


def check_classes(ledger: Ledger, predictor: Predictor) -> None:
    """Raise CourseError where a ledger has other classes than its own model."""
    kept = ledger.fact("classes")
    if kept is not None and kept != list(predictor.classifier.class_names):
        raise damaged(ledger.home / LEDGER, "its classes are not the model's")


def check_rules(ledger: Ledger, rules: dict[str, object]) -> None:
    """Keep the rules of a new ledger; raise CourseError where an old one has others."""
    for name, value in rules.items():
        kept = ledger.fact(name)
        if kept is None:
            ledger.fact(name, value)
        elif kept != value:
            raise CourseError(
                f"{printable(ledger.home)} was sorted with another --{name}"
                f"{'' if name == 'model' else f' ({kept})'}: give that one, or sort into another "
                "folder."
            )
    ledger.commit()
