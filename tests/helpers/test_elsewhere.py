"""What runs elsewhere ends in time, and says in a sentence what went wrong."""

import time

import pytest

from helpers import elsewhere
from helpers.elsewhere import can_be_alone, run, share
from helpers.errors import CourseError

alone = pytest.mark.skipif(not can_be_alone(), reason="the system gives no network of one's own")


@pytest.fixture(autouse=True)
def apart(monkeypatch, tmp_path):
    """Scripts of a test stay in its own folder."""
    monkeypatch.setattr(elsewhere, "FOLDER", tmp_path / "scripts")
    return tmp_path


def double(number):
    print("said on the way")
    return 2 * number


def shared(number):
    from counted import START, double

    return double(number) + START


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


def test_what_a_program_prints_on_the_way_is_not_its_answer():
    assert run(double, number=3) == 6


def test_a_module_is_shared_with_its_values():
    share("counted", double, FIRST=1)
    text = share("counted", double, START=5).read_text()
    assert text.startswith("START = 5\n") and "FIRST" not in text
    assert run(shared, number=1) == 7


def test_what_takes_too_long_is_ended_and_said():
    begun = time.monotonic()
    with pytest.raises(CourseError, match="^late was ended after 2 seconds.$"):
        run(late, seconds=2)
    assert time.monotonic() - begun < 30


def test_what_fails_is_said_with_its_last_words():
    with pytest.raises(CourseError, match="wrong failed.*no such luck") as said:
        run(wrong)
    assert "Traceback" not in str(said.value)


def test_it_runs_where_no_network_of_its_own_can_be(monkeypatch):
    monkeypatch.setattr(elsewhere, "can_be_alone", lambda: False)
    assert run(double, number=1) == 2


@alone
def test_a_program_is_alone_with_its_loopback():
    names, running = run(heard)
    assert names == ["lo"] and len(running) < 5


@alone
def test_nothing_that_a_program_has_started_outlives_it(tmp_path):
    mark = tmp_path / "alive"
    assert run(leaves_a_child, to=str(mark)) == "done"
    time.sleep(3)
    assert not mark.exists()
