"""The real `kaggle` client against a stand-in server on 127.0.0.1; nothing else is reached.

Most tests run the client in this process, for its import takes a second; its waits between two
attempts (62 s in all) are skipped by handing its module a `time` whose `sleep` returns at once.
Where a process of its own matters (the import, two at once, one killed, a full disk) it gets one.
"""

import builtins
import io
import os
import random
import signal
import socket
import subprocess
import sys
import time
import types
import zipfile
from pathlib import Path

import pytest
from kaggle_server import BLOB, DOWNLOAD, KaggleServer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from helpers.download import download  # noqa: E402
from helpers.errors import CourseError  # noqa: E402

SLUG = "ada/rooms"
TOKEN = "KGAT_0123456789secret"
MB = 2**20
PHOTOS = {f"images/{kind}/{kind}.jpg": random.Random(kind).randbytes(MB) for kind in "abc"}
CREDENTIALS = ("KAGGLE_API_TOKEN", "KAGGLE_USERNAME", "KAGGLE_KEY", "KAGGLE_CONFIG_DIR")
FRESH = """
import sys
def guard(event, args):
    host = {"socket.connect": lambda: args[1][0], "socket.getaddrinfo": lambda: args[0]}.get(event)
    if host and host() != "127.0.0.1":
        raise SystemExit(f"a test wanted to reach {host()}")
sys.addaudithook(guard)
import kagglesdk.kaggle_env as env
for place in env.KaggleEnv:
    env._env_to_endpoint[place] = sys.argv[1]
from pathlib import Path
from helpers.download import download
from helpers.errors import CourseError
try:
    print("calling", flush=True)
    print("done", download("ada/rooms", Path(sys.argv[2])))
except CourseError as error:
    print("sentence", error)
print("client", "kaggle" in sys.modules, "stdin closed", sys.stdin.closed)
"""


def zipped(files, compression=zipfile.ZIP_STORED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


GOOD = zipped(PHOTOS)
CUT = 5 * MB // 2  # the client writes whole mebibytes: two of them arrive


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch):
    """Let no test connect to anything but 127.0.0.1."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def connect_near(self, address):
        assert address[0] == "127.0.0.1", f"a test wanted to reach {address}"
        return connect(self, address)

    def look_up_near(host, *args, **options):
        assert host == "127.0.0.1", f"a test wanted to look up {host}"
        return look_up(host, *args, **options)

    monkeypatch.setattr(socket.socket, "connect", connect_near)
    monkeypatch.setattr(socket, "getaddrinfo", look_up_near)


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """Give the client an empty home, no credentials and no proxy."""
    for name in list(os.environ):
        if name in CREDENTIALS or name.lower().endswith("_proxy") or name == "XDG_CONFIG_HOME":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KAGGLE_API_ENVIRONMENT", "LOCALHOST")
    (tmp_path / "home").mkdir()


@pytest.fixture
def kaggle(environment, tmp_path, monkeypatch):
    """Run the server; point the client in this process at it and at the empty home."""
    server = KaggleServer(GOOD)
    import kagglesdk.kaggle_env as sdk

    for place in sdk.KaggleEnv:
        monkeypatch.setitem(sdk._env_to_endpoint, place, server.url)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "argv", ["kaggle", "datasets", "download"])  # see helpers.download
        import kaggle.api.kaggle_api_extended  # noqa: F401 (`kaggle.api` is an object too)
    client = sys.modules["kaggle.api.kaggle_api_extended"]

    folder = tmp_path / "home/.config/kaggle"
    monkeypatch.setattr(client.KaggleApi, "args", ["--local"])
    monkeypatch.setattr(client.KaggleApi, "config_dir", str(folder))
    monkeypatch.setattr(client.KaggleApi, "config", str(folder / "kaggle.json"))
    hurried = types.SimpleNamespace(sleep=lambda seconds: None, mktime=time.mktime)
    monkeypatch.setattr(client, "time", hurried)
    yield server
    server.stop()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def colab(monkeypatch):
    """Fake the `google.colab` of a Colab kernel; the test fills its secrets."""
    secrets, asked = {}, []

    def get(name):
        asked.append(name)
        if name not in secrets:
            raise LookupError(f"no secret {name}")
        if isinstance(secrets[name], Exception):
            raise secrets[name]
        return secrets[name]

    module = types.ModuleType("google.colab")
    module.userdata = types.SimpleNamespace(get=get)
    monkeypatch.setitem(sys.modules, "google.colab", module)
    return types.SimpleNamespace(secrets=secrets, asked=asked)


def files_in(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def names_in(folder):
    """Every name in it, but for the file that is locked, which stays for the next to lock."""
    lock = ".rooms.lock"
    return sorted(path.name for path in folder.rglob("*") if path.name != lock)


def assert_whole(folder):
    assert {path.name for path in folder.iterdir()} - {".rooms.lock"} == {"rooms"}
    assert files_in(folder / "rooms") == PHOTOS


def sentence(folder, *parts, left=()):
    """Call for the set, expect one sentence with these parts, and nothing else left behind."""
    with pytest.raises(CourseError) as caught:
        download(SLUG, folder)
    text = str(caught.value)
    assert text.endswith(".") and ". " not in text and "\n" not in text, text
    for part in parts:
        assert str(part) in text
    assert TOKEN not in text
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert names_in(folder) == sorted(left)
    return text


def start_fresh(url, folder, *prefix):
    """Start a process of its own that downloads the set."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", FRESH, url, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    )


def wait_until(true, seconds=60):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.02)


# A set that arrives


def test_without_an_account_a_public_set_is_downloaded_checked_and_unpacked(kaggle, folder, capsys):
    argv = list(sys.argv)
    assert download(SLUG, folder) == folder / "rooms"
    assert_whole(folder)
    assert [entry[2] for entry in kaggle.log] == [None, None]  # no Authorization
    shown = capsys.readouterr()
    assert "100%" in shown.out and shown.err == ""
    assert sys.argv == argv


def test_a_second_call_asks_nothing_of_the_network_and_waits_for_nobody(
    kaggle, folder, monkeypatch
):
    download(SLUG, folder)
    asked = len(kaggle.log)
    monkeypatch.setattr("helpers.download._alone", None)  # the lock
    assert download(SLUG, folder) == folder / "rooms"
    assert len(kaggle.log) == asked


def test_a_folder_that_the_user_made_is_returned_untouched(kaggle, folder):
    (folder / "rooms").mkdir(parents=True)
    (folder / "rooms/mine.txt").write_text("mine")
    assert download(SLUG, folder) == folder / "rooms"
    assert files_in(folder) == {"rooms/mine.txt": b"mine"} and kaggle.log == []


def put_token_in_environment(home, monkeypatch):
    monkeypatch.setenv("KAGGLE_API_TOKEN", TOKEN)
    return "environment variable KAGGLE_API_TOKEN", f"Bearer {TOKEN}"


def put_token_in_file(home, monkeypatch):
    (home / ".kaggle").mkdir()
    (home / ".kaggle/access_token").write_text(TOKEN + "\n")
    return home / ".kaggle/access_token", f"Bearer {TOKEN}"


def put_key_in_environment(home, monkeypatch):
    monkeypatch.setenv("KAGGLE_USERNAME", "ada")
    monkeypatch.setenv("KAGGLE_KEY", TOKEN)
    return "environment variable KAGGLE_KEY", "Basic YWRhOktHQVRfMDEyMzQ1Njc4OXNlY3JldA=="


def put_key_in_file(home, monkeypatch):
    (home / ".config/kaggle").mkdir(parents=True)
    file = home / ".config/kaggle/kaggle.json"
    file.write_text(f'{{"username": "ada", "key": "{TOKEN}"}}')
    return file, "Basic YWRhOktHQVRfMDEyMzQ1Njc4OXNlY3JldA=="


PLACES = pytest.mark.parametrize(
    "place",
    [put_token_in_environment, put_token_in_file, put_key_in_environment, put_key_in_file],
)


@PLACES
def test_credentials_are_sent_from_every_place(kaggle, folder, tmp_path, monkeypatch, place):
    kaggle.accepts = place(tmp_path / "home", monkeypatch)[1]
    download(SLUG, folder)
    assert_whole(folder)


def test_in_a_notebook_where_exit_is_hidden_the_client_still_works(kaggle, folder, monkeypatch):
    monkeypatch.delattr(builtins, "exit")  # so does IPython while a cell runs
    download(SLUG, folder)
    assert_whole(folder)


def test_a_fresh_process_gets_the_set_and_keeps_its_standard_input(kaggle, folder):
    process = start_fresh(kaggle.url, folder)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0 and "Traceback" not in err
    assert f"done {folder / 'rooms'}" in out and "Authentication required" not in out
    assert "client True stdin closed False" in out
    assert_whole(folder)


def test_a_fresh_process_that_has_the_set_does_not_even_import_the_client(kaggle, folder):
    (folder / "rooms").mkdir(parents=True)
    out, _ = start_fresh(kaggle.url, folder).communicate(timeout=60)
    assert "done" in out and "client False" in out and kaggle.log == []


# Dropped connections


def test_a_dropped_connection_is_resumed_in_the_same_call(kaggle, folder):
    kaggle.cuts = [CUT]
    download(SLUG, folder)
    assert_whole(folder)
    assert [entry[3] for entry in kaggle.asked(BLOB)] == [None, f"bytes={2 * MB}-"]
    assert kaggle.sent[1] == len(GOOD) - 2 * MB


PARTIAL = (".rooms.partial", "rooms.zip", "rooms.zip.kaggle-partial")


def drop_for_good(kaggle, folder, left=PARTIAL):
    kaggle.cuts = [CUT] * 6  # the first attempt and the client's five more
    sentence(folder, "connection to Kaggle failed", SLUG, "COURSE_DATA", left=left)
    assert len(kaggle.asked(BLOB)) == 6
    kaggle.log.clear()
    kaggle.sent.clear()


def test_a_download_cut_off_for_good_is_resumed_by_the_next_call(kaggle, folder):
    drop_for_good(kaggle, folder)
    download(SLUG, folder)
    assert_whole(folder)
    assert [entry[3] for entry in kaggle.asked(BLOB)] == [None, f"bytes={2 * MB}-"]
    assert kaggle.sent[-1] == len(GOOD) - 2 * MB


def test_what_was_cut_off_is_not_continued_with_another_archive(kaggle, folder):
    drop_for_good(kaggle, folder)
    kaggle.archive = zipped({**PHOTOS, "images/d.jpg": b"new"})
    download(SLUG, folder)
    assert files_in(folder / "rooms") == {**PHOTOS, "images/d.jpg": b"new"}
    assert kaggle.sent[-1] == len(kaggle.archive)


def test_a_download_that_cannot_be_resumed_leaves_nothing_and_starts_afresh(kaggle, folder):
    kaggle.identity = False
    drop_for_good(kaggle, folder, left=())
    download(SLUG, folder)
    assert_whole(folder)
    assert kaggle.sent == [len(GOOD)]


def test_a_part_that_went_bad_is_found_out_and_the_next_call_starts_afresh(kaggle, folder):
    drop_for_good(kaggle, folder)
    part = folder / ".rooms.partial/rooms.zip"
    part.write_bytes(bytes(part.stat().st_size))
    sentence(folder, SLUG, "came damaged")
    download(SLUG, folder)
    assert_whole(folder)


def test_an_error_page_in_place_of_the_rest_does_not_get_into_the_set(kaggle, folder):
    kaggle.cuts, kaggle.rest = [CUT], 503  # the client writes such a page into the archive
    sentence(folder, SLUG, "came damaged")
    kaggle.rest = None
    download(SLUG, folder)
    assert_whole(folder)


def test_a_download_that_the_user_stops_is_resumed_by_the_next_call(kaggle, folder, monkeypatch):
    def stop(seconds):
        raise KeyboardInterrupt

    kaggle.cuts = [CUT]
    client = sys.modules["kaggle.api.kaggle_api_extended"]
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(client.time, "sleep", stop)
        download(SLUG, folder)
    assert names_in(folder) == sorted(PARTIAL)
    download(SLUG, folder)
    assert_whole(folder)
    assert kaggle.sent[-1] == len(GOOD) - 2 * MB


def test_a_process_killed_on_the_way_leaves_no_half_set_and_no_lock(kaggle, folder):
    kaggle.cuts, kaggle.stall = [CUT], True
    process = start_fresh(kaggle.url, folder)
    part = folder / ".rooms.partial/rooms.zip"
    wait_until(lambda: part.exists() and part.stat().st_size == 2 * MB)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert names_in(folder) == sorted(PARTIAL)
    kaggle.stall = False
    download(SLUG, folder)
    assert_whole(folder)
    assert kaggle.sent[-1] == len(GOOD) - 2 * MB


def test_files_of_a_process_killed_while_unpacking_do_not_get_into_the_set(kaggle, folder):
    (folder / ".rooms.partial/unpacked").mkdir(parents=True)
    (folder / ".rooms.partial/unpacked/half.jpg").write_bytes(b"half")
    download(SLUG, folder)
    assert_whole(folder)


def test_of_two_processes_at_once_one_downloads_and_both_get_the_set(kaggle, folder):
    kaggle.cuts, kaggle.stall = [CUT], True
    first = start_fresh(kaggle.url, folder)
    wait_until(lambda: kaggle.asked(BLOB))
    second = start_fresh(kaggle.url, folder)
    assert second.stdout.readline() == "calling\n"
    time.sleep(1.5)  # time enough to import the client and ask, if nothing held it back
    assert len(kaggle.asked(DOWNLOAD)) == 1
    kaggle.gate.set()
    outputs = [process.communicate(timeout=60)[0] for process in (first, second)]
    assert all(f"done {folder / 'rooms'}" in output for output in outputs)
    assert len(kaggle.asked(DOWNLOAD)) == 1
    assert_whole(folder)


# Refusals


@PLACES
def test_wrong_credentials_are_named_by_their_place(kaggle, folder, tmp_path, monkeypatch, place):
    kaggle.accepts = "Bearer another"
    name, _ = place(tmp_path / "home", monkeypatch)
    sentence(folder, SLUG, name, "https://www.kaggle.com/settings/api")


def test_after_a_wrong_token_a_corrected_one_works_in_the_same_process(kaggle, folder, monkeypatch):
    kaggle.accepts = f"Bearer {TOKEN}"
    monkeypatch.setenv("KAGGLE_API_TOKEN", "KGAT_mistyped")
    assert "mistyped" not in sentence(folder, SLUG, "KAGGLE_API_TOKEN")
    monkeypatch.setenv("KAGGLE_API_TOKEN", TOKEN)
    download(SLUG, folder)
    assert_whole(folder)


@pytest.mark.parametrize("status", [401, 403])
def test_a_set_kept_from_visitors_asks_for_a_token(kaggle, folder, status):
    kaggle.status = status
    page = f"https://www.kaggle.com/datasets/{SLUG}"
    sentence(folder, f"from visitors (HTTP {status})", page, "KAGGLE_API_TOKEN")


def test_a_set_kept_from_this_account_asks_to_accept_its_terms(kaggle, folder, monkeypatch):
    kaggle.status = 403
    monkeypatch.setenv("KAGGLE_API_TOKEN", TOKEN)
    terms = f"accept the terms at https://www.kaggle.com/datasets/{SLUG}"
    sentence(folder, "from this account (HTTP 403)", terms)


def test_a_missing_set_is_named(kaggle, folder):
    kaggle.slug = "ada/other"
    sentence(folder, f"no data set {SLUG}", "COURSE_DATA")


def test_a_server_in_trouble_is_named_by_its_status(kaggle, folder):
    kaggle.status = 503
    sentence(folder, f"answered HTTP 503 for {SLUG}", "COURSE_DATA")


def test_a_server_that_cannot_be_reached_points_to_the_samples(kaggle, folder, monkeypatch):
    monkeypatch.setenv("KAGGLE_API_TOKEN", TOKEN)
    kaggle.stop()
    sentence(folder, SLUG, "connection to Kaggle failed", "leave COURSE_DATA unset")


@pytest.mark.parametrize("slug", ["rooms", "ada/rooms/2", "../..", "ada/..", "", "ada/a b"])
def test_a_name_that_is_no_owner_and_name_is_quoted(folder, slug):
    with pytest.raises(CourseError, match="owner/name") as caught:
        download(slug, folder)
    assert repr(slug) in str(caught.value) and not folder.exists()


@pytest.mark.parametrize("absent", ["kaggle", "kagglesdk"])
def test_without_the_client_the_sentence_says_how_to_install_it(
    kaggle, folder, monkeypatch, absent
):
    for name in [name for name in sys.modules if name.split(".")[0] in ("kaggle", "kagglesdk")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, absent, None)
    sentence(folder, "pip install --upgrade kaggle", "COURSE_DATA")


# Disks and folders


def test_no_byte_is_written_if_archive_and_photographs_do_not_fit(kaggle, folder, monkeypatch):
    usage = types.SimpleNamespace(free=2 * len(GOOD) - 1)
    monkeypatch.setattr("helpers.download.shutil.disk_usage", lambda path: usage)
    sentence(folder, SLUG, folder, "6.3 MB")
    usage.free += 1
    download(SLUG, folder)
    assert_whole(folder)


def test_an_archive_that_unpacks_to_more_than_fits_is_not_unpacked(kaggle, folder, monkeypatch):
    kaggle.archive = zipped({"a.csv": PHOTOS["images/a/a.jpg"][:100_000] * 40}, zipfile.ZIP_LZMA)
    assert len(kaggle.archive) < MB // 2  # 4 MB in little room, but no bomb
    usage = types.SimpleNamespace(free=MB)
    monkeypatch.setattr("helpers.download.shutil.disk_usage", lambda path: usage)
    sentence(folder, SLUG, folder, "4.0 MB")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_disk_that_fills_up_during_the_download_is_named(kaggle, folder):
    (folder / ".rooms.partial").mkdir(parents=True)
    (folder / ".rooms.partial/rooms.zip").symlink_to("/dev/full")  # a real ENOSPC at each write
    sentence(folder, SLUG, folder, "6.3 MB")


def small_disk(folder, options):
    """Return a prefix: run where `folder` is a small disk, then list what is left but locks.

    The disk is a tmpfs in a mount namespace of its own, which vanishes with the process.
    """
    script = 'mount -t tmpfs -o $1 none "$0"; shift; "$@"; ls -A -I ".*.lock" "$0" | sed s/^/left:/'
    return ("unshare", "--mount", "--map-root-user", "sh", "-c", script, str(folder), options)


def can_mount():
    if sys.platform != "linux":
        return False
    command = ["unshare", "--mount", "--map-root-user", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_mount(), reason="needs the right to mount a small disk (unshare)")
def test_a_really_full_disk_is_named_and_left_empty(kaggle, folder):
    folder.mkdir()
    disk = small_disk(folder, "size=4m")
    out, err = start_fresh(kaggle.url, folder, *disk).communicate(timeout=60)
    assert f"sentence {SLUG} needs 6.3 MB of free disk in {folder}" in out
    assert "left:" not in out and "Traceback" not in err


@pytest.mark.skipif(not can_mount(), reason="needs the right to mount a small disk (unshare)")
def test_a_disk_that_really_fills_up_while_unpacking_is_named_and_left_empty(kaggle, folder):
    # a disk of 99 files, which the free bytes do not tell
    kaggle.archive = zipped({f"{number}.txt": b"x" for number in range(200)})
    folder.mkdir()
    disk = small_disk(folder, "size=8m,nr_inodes=99")
    out, err = start_fresh(kaggle.url, folder, *disk).communicate(timeout=60)
    assert f"sentence {SLUG} needs 0.8 MB of free disk in {folder}" in out
    assert "left:" not in out and "Traceback" not in err


def test_a_folder_that_cannot_be_made_is_named(kaggle, tmp_path):
    (tmp_path / "file").write_text("a file")
    with pytest.raises(CourseError, match="Not a directory") as caught:
        download(SLUG, tmp_path / "file/data")
    assert str(tmp_path / "file/data/rooms") in str(caught.value)


def test_a_file_in_the_place_of_the_set_is_kept(kaggle, folder):
    folder.mkdir()
    (folder / "rooms").write_text("mine")
    sentence(folder, folder / "rooms", "File exists", left=["rooms"])
    assert (folder / "rooms").read_text() == "mine" and kaggle.log == []


def test_a_line_break_in_a_token_is_not_sent(kaggle, folder, monkeypatch):
    kaggle.accepts = f"Bearer {TOKEN}"
    monkeypatch.setenv("KAGGLE_API_TOKEN", f" {TOKEN}\n")
    download(SLUG, folder)
    assert_whole(folder)
    assert os.environ["KAGGLE_API_TOKEN"] == f" {TOKEN}\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
@pytest.mark.parametrize("name", ["access_token", "access_token.txt"])
def test_a_token_file_as_powershell_writes_it_is_read(kaggle, folder, tmp_path, encoding, name):
    kaggle.accepts = f"Bearer {TOKEN}"
    (tmp_path / "home/.kaggle").mkdir()
    (tmp_path / "home/.kaggle" / name).write_bytes(f"{TOKEN}\r\n".encode(encoding))
    download(SLUG, folder)
    assert_whole(folder)
    assert "KAGGLE_API_TOKEN" not in os.environ


def test_a_name_and_a_key_with_line_breaks_are_cleaned(kaggle, folder, monkeypatch):
    monkeypatch.setenv("KAGGLE_USERNAME", "ada\n")
    monkeypatch.setenv("KAGGLE_KEY", f"{TOKEN}\n")
    kaggle.accepts = "Basic YWRhOktHQVRfMDEyMzQ1Njc4OXNlY3JldA=="
    download(SLUG, folder)
    assert_whole(folder)


@pytest.mark.parametrize("token", ["KGAT_0123\n456", "KGAT_0123\u2026", "KGAT 0123"])
def test_a_mistyped_token_is_named_by_its_place_and_no_archive_blamed(
    kaggle, folder, monkeypatch, token
):
    monkeypatch.setenv("KAGGLE_API_TOKEN", token)
    text = sentence(folder, "environment variable KAGGLE_API_TOKEN", "paste them again")
    assert "0123" not in text and "archive" not in text and kaggle.log == []


def test_a_key_that_no_request_can_carry_is_no_damaged_archive(kaggle, folder, tmp_path):
    (tmp_path / "home/.config/kaggle").mkdir(parents=True)
    file = tmp_path / "home/.config/kaggle/kaggle.json"
    file.write_text('{"username": "ada", "key": "\u2026"}', "utf-8")
    assert "archive" not in sentence(folder, file)


@pytest.mark.parametrize("text", ["", "\n", '""'])
def test_an_empty_token_is_none(kaggle, folder, monkeypatch, text):
    monkeypatch.setenv("KAGGLE_API_TOKEN", text)
    download(SLUG, folder)
    assert_whole(folder)
    assert {entry[2] for entry in kaggle.log} == {None}


# Archives


def test_backslashes_in_an_archive_make_folders(kaggle, folder):
    """As some programs on Windows pack; the names are written past zipfile, which mends them."""
    files = {f"images\\{name}\\1.jpg": name.encode() for name in ("clean", "messy")}
    kaggle.archive = zipped(files | {"images\\": b""})
    download(SLUG, folder)
    assert files_in(folder / "rooms") == {
        "images/clean/1.jpg": b"clean",
        "images/messy/1.jpg": b"messy",
    }


def test_two_entries_of_one_name_are_refused(kaggle, folder):
    kaggle.archive = zipped({"images/1.jpg": b"one", "images\\1.jpg": b"two"})
    sentence(folder, "'images/1.jpg' is there 2 times")


def test_a_file_in_the_place_of_a_folder_is_damage(kaggle, folder):
    kaggle.archive = zipped({"images": b"one", "images/1.jpg": b"two"})
    sentence(folder, SLUG, "came damaged")


def flipped():
    broken = bytearray(GOOD)
    broken[MB // 2] ^= 1  # one bit of the first photograph
    return bytes(broken)


DAMAGED = {
    "one bit flipped": flipped(),
    "truncated": GOOD[:-1000],
    "a deflated entry broken": zipped({"a.txt": b"word " * 9}, zipfile.ZIP_DEFLATED).replace(
        zipped({"a.txt": b"word " * 9}, zipfile.ZIP_DEFLATED)[35:40], b"\xff" * 5
    ),
    "a web page": b"<html>Please sign in to the hotel's network.</html>",
    "nothing in the zip": zipped({}),
    "no bytes": b"",
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_archive_does_not_count_as_there(kaggle, folder, kind):
    kaggle.archive = DAMAGED[kind]
    sentence(folder, SLUG, "came damaged")
    kaggle.archive = GOOD
    download(SLUG, folder)
    assert_whole(folder)


def test_an_archive_with_another_md5_than_the_server_says_is_refused(kaggle, folder):
    kaggle.md5 = "AAAAAAAAAAAAAAAAAAAAAA=="
    sentence(folder, SLUG, "came damaged")


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "images/../../evil",
        "/evil",
        "..\\evil",
        "C:\\evil",
        "C:evil",
        "\\\\host\\x\\evil",
        "../evil\nsecond line",
    ],
)
def test_a_name_that_leads_out_of_the_folder_is_refused(kaggle, folder, tmp_path, name):
    kaggle.archive = zipped({**PHOTOS, name: b"evil"})
    sentence(folder, SLUG, repr(name), "deleted unopened")
    assert not list(tmp_path.rglob("*evil*")) and not Path("/evil").exists()


def test_an_absolute_name_is_refused_even_where_it_could_be_written(kaggle, folder, tmp_path):
    kaggle.archive = zipped({str(tmp_path / "evil"): b"evil"})
    sentence(folder, SLUG, tmp_path / "evil")
    assert not (tmp_path / "evil").exists()


def test_a_symbolic_link_is_refused(kaggle, folder):
    link = zipfile.ZipInfo("images/link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(link, "/etc")
    kaggle.archive = packed.getvalue()
    sentence(folder, SLUG, "'images/link'")


def test_a_bomb_is_refused_by_its_largest_entry(kaggle, folder):
    kaggle.archive = zipped({"a.txt": b"a", "bomb": bytes(50 * MB)}, zipfile.ZIP_DEFLATED)
    assert len(kaggle.archive) < MB // 10
    sentence(folder, SLUG, "'bomb'", "52,428,800 bytes")


def test_an_entry_that_understates_its_size_cannot_unpack_to_more(kaggle, folder):
    honest = zipped({"bomb": bytes(50 * MB)}, zipfile.ZIP_DEFLATED)
    kaggle.archive = honest.replace((50 * MB).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert kaggle.archive != honest
    sentence(folder, SLUG, "came damaged")


# Colab


def test_colab_a_secret_token_is_used_and_taken_out_of_the_environment(kaggle, folder, colab):
    kaggle.accepts = f"Bearer {TOKEN}"
    colab.secrets["KAGGLE_API_TOKEN"] = TOKEN
    download(SLUG, folder)
    assert_whole(folder)
    assert colab.asked == ["KAGGLE_API_TOKEN"] and "KAGGLE_API_TOKEN" not in os.environ


def test_colab_a_secret_with_a_line_break_is_cleaned_and_a_mistyped_one_named(
    kaggle, folder, colab
):
    kaggle.accepts = f"Bearer {TOKEN}"
    colab.secrets["KAGGLE_API_TOKEN"] = "KGAT_\u2026"
    sentence(folder, "Colab's secret KAGGLE_API_TOKEN")
    colab.secrets["KAGGLE_API_TOKEN"] = f"{TOKEN}\n"
    download(SLUG, folder)
    assert_whole(folder)


def test_on_kaggle_colab_s_secrets_are_not_asked_for(kaggle, folder, colab, monkeypatch):
    monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Interactive")
    download(SLUG, folder)
    assert_whole(folder)
    assert colab.asked == []


def test_on_kaggle_without_the_internet_the_set_can_be_attached(kaggle, folder, monkeypatch):
    monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Batch")
    kaggle.stop()
    sentence(folder, "attach it with Add Input")


def test_colab_secret_name_and_key_are_used(kaggle, folder, colab):
    kaggle.accepts = "Basic YWRhOktHQVRfMDEyMzQ1Njc4OXNlY3JldA=="
    colab.secrets.update(KAGGLE_USERNAME="ada", KAGGLE_KEY=TOKEN)
    download(SLUG, folder)
    assert_whole(folder)


@pytest.mark.parametrize("secrets", [{}, {"KAGGLE_API_TOKEN": PermissionError("not granted")}])
def test_colab_without_a_secret_or_without_access_a_public_set_comes(
    kaggle, folder, colab, secrets
):
    colab.secrets.update(secrets)
    download(SLUG, folder)
    assert_whole(folder)
    assert colab.asked and {entry[2] for entry in kaggle.log} == {None}


def test_colab_credentials_in_the_environment_come_before_secrets(
    kaggle, folder, colab, monkeypatch
):
    monkeypatch.setenv("KAGGLE_API_TOKEN", TOKEN)
    kaggle.accepts = f"Bearer {TOKEN}"
    colab.secrets["KAGGLE_API_TOKEN"] = "KGAT_another"
    download(SLUG, folder)
    assert colab.asked == [] and os.environ["KAGGLE_API_TOKEN"] == TOKEN


def test_colab_a_wrong_secret_is_named_and_a_corrected_one_read_anew(kaggle, folder, colab):
    kaggle.accepts = "Bearer KGAT_right"
    colab.secrets["KAGGLE_API_TOKEN"] = TOKEN
    sentence(folder, SLUG, "Colab's secret KAGGLE_API_TOKEN")
    colab.secrets["KAGGLE_API_TOKEN"] = "KGAT_right"
    download(SLUG, folder)
    assert_whole(folder)


# The tests themselves


def test_no_test_can_reach_beyond_loopback():
    with pytest.raises(AssertionError, match="wanted to reach"):
        socket.socket().connect(("192.0.2.1", 80))
    with pytest.raises(AssertionError, match="wanted to look up"):
        socket.create_connection(("www.kaggle.com", 443))
