"""What the organiser meets on people's disks, and what a stranger may have put there."""

import contextlib
import io
import os
import sqlite3

from verdict import NOBODY, Untried, case, public_folder, refused

try:
    from organising import contents, grey, put, sort, sorted_photos

    from apps.organiser.scan import Tree
except BaseException as missing:  # pytest's way to say that the apps' packages are not there
    ABSENT = str(missing)
else:
    ABSENT = ""

PACKAGES = '"hidden" taken to mean a leading dot'
MORE = "a photo is more than a file"
BELIEVED = "data from a disk believed"


def run(photos, to, *options):
    """Sort, and return the status and what was said."""
    said = io.TextIOWrapper(io.BytesIO(), write_through=True)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = sort(photos, to, *options)
    return status, said.buffer.getvalue().decode().strip()


def some(folder, number=4):
    """Make a folder of photos."""
    if ABSENT:
        raise Untried(ABSENT)
    for i in range(number):
        put(folder / "photos" / f"IMG_{i}.png", grey(10 + i))
    return folder / "photos", folder / "sorted"


def doubled_by(folder, change):
    """Sort, change something, sort again; return what was said, if nothing is there twice."""
    photos, to = some(folder)
    run(photos, to)
    photos = change(photos) or photos
    status, text = run(photos, to)
    assert status == 0 and len(sorted_photos(to)) == 4, text
    return text


def later(photos):
    for path in photos.iterdir():
        os.utime(path, ns=(0, path.stat().st_mtime_ns + 3600 * 10**9))


@case(12, "identity by time stamp and path")
def sorted_again_after_summer_time_began(folder):
    return doubled_by(folder, later)


@case(12, "identity by time stamp and path")
def sorted_again_from_another_mount_point(folder):
    return doubled_by(folder, lambda photos: photos.rename(folder / "other card"))


@case(13, PACKAGES)
def a_photo_library_among_the_photos_to_move(folder):
    photos, to = some(folder)
    inner = put(photos / "My.photoslibrary" / "originals" / "a.png", grey(1))
    status, text = run(photos, to, "--move")
    assert status == 0 and inner.exists() and len(sorted_photos(to)) == 4, text
    assert "1 libraries of other programs" in text, text
    return text


@case(14, PACKAGES)
def thumbnails_and_bins_of_systems_among_photos(folder):
    photos, to = some(folder)
    for name in ("@eaDir/IMG_0.JPG", "$RECYCLE.BIN/S-1", "#recycle", "lost+found"):
        put(photos / name / "a.png", grey(1))
    status, text = run(photos, to)
    assert status == 0 and len(sorted_photos(to)) == 4, text
    return text


@case(17, "a fault of the disk without a sentence")
def photos_that_may_not_be_read(folder):
    if os.geteuid() != 0:
        raise Untried("only root can play a user without rights")
    with public_folder() as public:
        photos, to = some(public, 1)
        closed = put(photos / "closed" / "a.png", grey(1)).parent
        closed.chmod(0)
        os.seteuid(NOBODY)
        try:
            with contextlib.redirect_stderr(io.StringIO()) as said:
                tree = Tree(photos, to)
                found = [photo.path.name for photo in tree.photos()]
        finally:
            os.seteuid(0)
            closed.chmod(0o755)
    text = said.getvalue().strip()
    assert found == ["IMG_0.png"] and tree.closed == 1, text
    assert "cannot be read (Permission denied): left alone." in text, text
    return text


@case(27, MORE)
def sidecars_and_moving_halves(folder):
    photos, to = some(folder)
    for ending in ("xmp", "AAE", "MOV", "json", "CR3", "png.json"):
        put(photos / f"IMG_1.{ending}", ending.encode())
    before = contents(photos)
    status, text = run(photos, to, "--move")
    assert status == 0 and contents(to) == before and not contents(photos), text
    return text


@case(6, "passed by without a word")
def a_folder_of_other_kinds_only(folder):
    if ABSENT:
        raise Untried(ABSENT)
    put(folder / "photos" / "IMG_1.raw", b"raw")
    put(folder / "photos" / "IMG_1.MOV", b"film")
    _, text = run(folder / "photos", folder / "sorted")
    assert "has no photo: 1 .mov, 1 .raw are of other kinds." in text, text
    return text


@case("ledger", "absent taken for new")
def a_ledger_that_was_emptied(folder):
    photos, to = some(folder)
    run(photos, to)
    (to / ".organise.db").write_bytes(b"")
    sentence = refused(lambda: run(photos, to), "is empty")
    assert len(sorted_photos(to)) == 4
    return sentence


@case("ledger", BELIEVED)
def a_ledger_of_a_stranger(folder):
    photos, to = some(folder)
    run(photos, to)
    key = put(folder / "private" / "key", b"secret")
    with contextlib.closing(sqlite3.connect(to / ".organise.db")) as db:
        db.execute(
            "UPDATE photos SET done = 0, source = ?, folder = '../public', target = ?",
            (os.fsencode(key), b"stolen.txt"),
        )
        db.commit()
    sentence = refused(lambda: run(photos, to, "--move"), ".organise.db")
    assert key.read_bytes() == b"secret"
    return sentence
