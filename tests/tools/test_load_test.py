"""The load test counts right answers, failures, and the time until the last answer."""

import contextlib
import socket
import sys
import time

import pytest
from pictures import encoded, picture

from helpers.data import SAMPLES

pytest.importorskip("flask", reason="what the apps need is not installed")

PHOTO = encoded(picture(1), "JPEG")


def test_answers_and_failures_are_counted(saved):
    from tools.load_test import body, put_under_load, server

    with server(saved) as port:
        took, failed, elapsed = put_under_load(port, 3, body(PHOTO), 0.5)
        assert len(took) >= 3 and not failed and elapsed >= 0.5
        took, failed, _ = put_under_load(port, 3, body(b"no image"), 0.1)
        assert not took and set(failed) == {"status 200, and no label"}
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    took, failed, _ = put_under_load(free, 1, body(PHOTO), 0.1)
    assert not took and set(failed) == {"ConnectionRefusedError"}


def test_it_waits_for_the_last_answer(monkeypatch):
    from tools import load_test

    monkeypatch.setattr(load_test, "client", lambda *given: time.sleep(0.3))
    assert load_test.put_under_load(0, 2, b"", 0.1)[2] >= 0.3


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photographs are not there")
@pytest.mark.parametrize("took, says", [([0.1] * 10, "5     100.0"), ([], "0       nan")])
def test_it_divides_by_the_time_that_it_took(took, says, saved, monkeypatch, capsys):
    from tools import load_test

    monkeypatch.setattr(load_test, "server", lambda model: contextlib.nullcontext(0))
    monkeypatch.setattr(load_test, "put_under_load", lambda *given: (took, ["refused"], 2.0))
    monkeypatch.setattr(sys, "argv", ["load_test", "--model", str(saved)])
    load_test.main()
    lines = [line for line in capsys.readouterr().out.splitlines() if "the server" in line]
    assert len(lines) == len(load_test.CLIENTS) and all(says in line for line in lines)
