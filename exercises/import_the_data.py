"""Exercises of the chapter on what is really in the files."""

import tempfile
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from helpers.exercises import Exercise, call, need

LIMIT = 12  # of 256 bits: where the chapter's audit draws its line
COPIES = ("upside down", "mirrored", "cut", "darker")
FORMATS = ("JPEG", "PNG", "WEBP")  # those whose endings the learner gets
here = partial(Exercise, "import_the_data")


def miss_copies(
    edited: Callable, found: Collection[str], difference_hash: Callable, original: np.ndarray
) -> str:
    """Judge edited copies, and a prediction of which the hash knows again; the last is given."""
    known = np.random.default_rng(0).integers(0, 256, (40, 60, 3)).astype("uint8")
    copies = call(edited, known)
    need(isinstance(copies, tuple) and len(copies) == 4, "return the four copies.")
    above, beside, cut = (np.asarray(copy) for copy in copies[:3])
    mirrored = known[:, ::-1]
    need(not np.array_equal(above, mirrored), "your first copy is mirrored, and stands upright.")
    need(not np.array_equal(above, known[::-1, ::-1]), "turned by half, it is mirrored as well.")
    need(np.array_equal(above, known[::-1]), "upside down, the last row comes first.")
    need(not np.array_equal(beside, known), "your second copy is the picture as it was.")
    need(np.array_equal(beside, mirrored), "mirrored, the last column comes first in each row.")
    need(cut.shape[:1] == (40,), "you cut rows: at the left side, columns go.")
    need(cut.shape[1] > 6, "that is the tenth that was to go: keep the rest.")
    need(cut.shape[1] == 54, f"of 60 columns 54 should be left, and {cut.shape[1]} are.")
    need(np.array_equal(cut, known[:, 6:]), "you cut at the right; the left side was to go.")
    guess = {found} if isinstance(found, str) else set(found)
    need(guess <= set(COPIES), f"name those that are found: {', '.join(map(repr, COPIES))}.")
    bits = difference_hash(original)
    away = {
        name: int((difference_hash(np.ascontiguousarray(copy)) != bits).sum())
        for name, copy in zip(COPIES, edited(original), strict=True)
    }
    for name, distance in away.items():
        hint = f"the copy called {name!r} is {distance} bits away, and up to {LIMIT} are found."
        need((name in guess) == (distance <= LIMIT), hint)
    said = ", ".join(f"{name} {distance}" for name, distance in away.items())
    return f"bits away: {said}. The audit finds those that are at most {LIMIT} away."


def check_names(fits: Callable, files: Sequence[Path]) -> str:
    """Judge a function that holds a file's ending against its contents."""
    trials = (
        ("room.jpg", "JPEG", True, "a JPEG that is called .jpg is right."),
        ("room.png", "PNG", True, "a PNG that is called .png is right."),
        ("sofa.jpg", "WEBP", False, "sofa.jpg is a WEBP: the ending is only what it promises."),
        ("sofa.webp", "WEBP", True, "a WEBP that is called .webp is right."),
        ("note.png", "JPEG", False, "note.png is a JPEG: the ending is only what it promises."),
        ("room.jpeg", "JPEG", True, "JPEG files may also end in .jpeg."),
        ("ROOM.JPG", "JPEG", True, "cameras write ROOM.JPG: large letters are no lie."),
        ("jpg.webp", "JPEG", False, "jpg.webp is a JPEG: only what follows the last point counts."),
        ("my.old.png", "PNG", True, "my.old.png is a PNG: there may be more points than one."),
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, kind, right, hint in trials:
            path = Path(folder, name)
            Image.new("RGB", (8, 8), "teal").save(path, kind)
            found = call(fits, path)
            need(isinstance(found, bool | np.bool_), "return True or False.")
            need(found == right, hint)
    said = {path: kind for path in files if (kind := _format(path)) in FORMATS}
    false = [path.name for path in said if not call(fits, path)]
    example = f" The first is {false[0]}." if false else ""
    return f"of your {len(said)} JPEG, PNG and WEBP files, {len(false)} bear a false name.{example}"


def _format(path: Path) -> str:
    """Return what a file is by its contents, "" if that cannot be read."""
    try:
        with Image.open(path) as image:
            return image.format or ""
    except OSError:
        return ""


def split_rooms(hold_back: Callable, groups: np.ndarray) -> str:
    """Judge a split by whether it keeps rooms whole, and by its size."""
    rng = np.random.default_rng(0)
    twins = np.repeat(np.arange(60), 2)
    more = np.repeat(np.arange(100, 200), 3)
    for known in (twins, rng.permutation(twins), rng.permutation(more), np.asarray(groups)):
        held = np.asarray(call(hold_back, known))
        need(held.dtype == bool, "return True or False for each picture: np.isin makes them.")
        need(held.shape == known.shape, f"{len(known)} pictures, and {held.size} answers.")
        need(held.any(), "nothing is held back: there is no test.")
        need(not held.all(), "everything is held back: nothing is left to learn from.")
        both = np.intersect1d(known[held], known[~held])
        hint = f"{len(both)} rooms have pictures on both sides: draw rooms, and not pictures."
        need(len(both) == 0, hint)
        share = held.mean()
        need(0.1 <= share <= 0.3, f"{share:.0%} are held back, and a fifth was asked for.")
    chance = np.random.default_rng(0).random(len(groups)) < 0.2
    parted = len(np.intersect1d(groups[chance], groups[~chance]))
    held = np.asarray(hold_back(groups))
    return (
        f"of your {len(groups)} pictures {held.sum()} are held back, and no room is parted; "
        f"drawn picture by picture, it would have been {parted} of {len(np.unique(groups))}."
    )


check_1 = here(
    1,
    "What a hash forgives",
    4,
    """\
*Predict, then run.* Somebody has put edited copies of `original` into the test: one upside down,
one mirrored, one with a tenth of its columns cut off at the left, and one darker. Write down first
which of them the audit finds, that is, whose hash is at most 12 bits from the original's. Then make
the copies by indexing. The check measures.""",
    """
found = {"darker"}  # solution

def edited(picture):
    upside_down = picture[::-1]  # solution
    mirrored = picture[:, ::-1]  # solution
    cut = picture[:, picture.shape[1] // 10 :]  # solution
    return upside_down, mirrored, cut, (picture * 0.7).astype(np.uint8)

check_1(edited, found, difference_hash, original)
""",
    miss_copies,
    (
        "`picture[rows, columns]`: `::-1` takes all of either from the last to the first.",
        "Each bit asks whether it gets brighter to the right. What becomes of it in a mirror?",
    ),
)
check_2 = here(
    2,
    "A name is a promise",
    4,
    """\
Would your own loading code have noticed `sofa.jpg`? Write a function that says of a path whether
its ending fits what the file is. After some traps it is let loose on `files`, the set that you
loaded: with `COURSE_DATA` set to a folder of your own, on your photos.""",
    """
def fits(path):
    endings = {"JPEG": [".jpg", ".jpeg"], "PNG": [".png"], "WEBP": [".webp"]}
    with Image.open(path) as image:
        kind = image.format
    return path.suffix.lower() in endings[kind]  # solution

check_2(fits, files)
""",
    check_names,
    (
        "`path.suffix` is the ending with its point, and `endings[kind]` lists the honest ones.",
        "`in` says whether it is one of them; `.lower()` first, for cameras that shout.",
    ),
)
check_3 = here(
    3,
    "Rooms, not pictures",
    6,
    """\
Hold back about a fifth of the training pictures without parting a room. `data.groups` gives each
picture the number of its room: twins and near-duplicates have the same. Write a function that takes
these numbers and returns for each picture whether it is held back. In a folder of your own,
pictures of one room are known by its `groups.csv`, or by being nearly the same.""",
    """
def hold_back(groups):
    numbers = np.random.default_rng(1).permutation(np.unique(groups))
    drawn = numbers[: len(numbers) // 5]  # solution
    return np.isin(groups, drawn)  # solution

check_3(hold_back, data.groups(data.train))
""",
    split_rooms,
    (
        "`numbers` holds each room once, in an order drawn at random: take the first fifth.",
        "`np.isin(a, b)` says for each of a whether it is in b.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
