"""What runs elsewhere ends in time, and says in a sentence what went wrong."""

import json
import time

import pytest

from helpers import elsewhere
from helpers.elsewhere import can_be_alone, missing, run, script_name, share
from helpers.errors import CourseError

alone = pytest.mark.skipif(not can_be_alone(), reason="the system gives no network of one's own")


@pytest.fixture(autouse=True)
def apart(monkeypatch, tmp_path):
    """Scripts and records of a test stay in its own folder."""
    monkeypatch.setattr(elsewhere, "FOLDER", tmp_path / "scripts")
    monkeypatch.setattr(elsewhere, "RECORDS", tmp_path / "records.json")
    (tmp_path / "records.json").write_text(json.dumps({"kept": [7]}))
    return tmp_path


def double(number):
    print("said on the way")
    return 2 * number


def shared(number):
    from counted import double

    return double(number) + START  # noqa: F821


def late():
    import time

    time.sleep(60)


def wrong():
    raise ValueError("no such luck")


def heard():
    """What network there is, and who else runs."""
    import socket
    from pathlib import Path

    names = [name for _, name in socket.if_nameindex()]
    return names, [one.name for one in Path("/proc").iterdir() if one.name.isdigit()]


def leaves_a_child(to):
    import subprocess
    import sys

    code = f"import time; time.sleep(2); open({to!r}, 'w').close()"
    subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    return "done"


def test_each_share_is_a_process_and_all_of_them_answer_in_order():
    shares = [{"number": n} for n in (3, 1, 2)]
    assert run("doubled", double, *shares) == ([6, 2, 4], "here")


def test_a_module_is_shared_with_its_values():
    share("counted", double, FIRST=1)
    text = share("counted", double, START=5).read_text()
    assert text.startswith("START = 5\n") and "FIRST" not in text
    answers, where = run("kept", shared, {"number": 1})
    assert (answers, where) == ([7], "stored"), "START is known in the module alone"


def test_what_takes_too_long_is_ended_and_said(capsys):
    begun = time.monotonic()
    assert run("kept", late, seconds=2) == ([7], "stored")
    assert time.monotonic() - begun < 30
    (line,) = capsys.readouterr().out.splitlines()
    assert line == "kept: it was ended after 2 seconds. What follows was measured elsewhere."


def test_what_fails_is_said_with_its_last_words(capsys):
    assert run("kept", wrong) == ([7], "stored")
    (line,) = capsys.readouterr().out.splitlines()
    assert "no such luck" in line and "Traceback" not in line


def test_without_an_engine_the_record_is_returned_in_silence(capsys):
    assert run("kept", wrong, needs=["no_such_engine"]) == ([7], "stored")
    assert capsys.readouterr().out == ""
    assert missing(["json", "no_such_engine"]) == ["no_such_engine"]
    with pytest.raises(CourseError, match="lost cannot run here, and is not on record"):
        run("lost", wrong, needs=["no_such_engine"])


def test_what_listens_is_not_started_where_others_could_hear_it(monkeypatch):
    monkeypatch.setattr(elsewhere, "can_be_alone", lambda: False)
    assert run("kept", double, {"number": 1}, listens=True) == ([7], "stored")
    assert run("kept", double, {"number": 1}) == ([2], "here")


@alone
def test_a_program_is_alone_with_its_loopback():
    (found,), _ = run("heard", heard)
    names, running = found
    assert names == ["lo"] and len(running) < 5


@alone
def test_nothing_that_a_program_has_started_outlives_it(tmp_path):
    mark = tmp_path / "alive"
    assert run("leaves", leaves_a_child, {"to": str(mark)})[0] == ["done"]
    time.sleep(3)
    assert not mark.exists()


def test_a_key_becomes_the_name_of_a_file():
    assert script_name("search, alone") == "run_search__alone"
