"""Requests that come at once are answered by one call, each with its own rows."""

import threading
import time

import numpy as np
import pytest

pytest.importorskip("flask", reason="what the apps need is not installed: make apps")

from apps.web import together
from apps.web.together import Together


def images(*values):
    return np.array(values, np.uint8).reshape(-1, 1, 1, 1)


class Slow:
    """Answers each picture with its value, and a batch with a 9 in it not at all."""

    def __init__(self):
        self.sizes = []
        self.begun = threading.Event()
        self.may_end = threading.Event()

    def __call__(self, batch):
        self.sizes.append(len(batch))
        self.begun.set()
        assert self.may_end.wait(20)
        if (batch == 9).any():
            raise ValueError("a nine")
        return batch.reshape(-1, 1).astype(float)


def asked_at_once(model, batches):
    """Let the first batch be asked, the others come meanwhile; return each one's answer."""
    ask = Together(model)
    found = [None] * len(batches)

    def one(i):
        try:
            found[i] = ask(batches[i]).ravel().tolist()
        except ValueError as error:
            found[i] = str(error)

    threads = [threading.Thread(target=one, args=(i,)) for i in range(len(batches))]
    threads[0].start()
    assert model.begun.wait(20)
    for number, thread in enumerate(threads[1:], 1):
        thread.start()
        while len(ask.waiting) < number:
            time.sleep(0.001)
    model.may_end.set()
    for thread in threads:
        thread.join(20)
    assert not ask.waiting
    return found


def test_what_comes_meanwhile_is_asked_together():
    model = Slow()
    found = asked_at_once(model, [images(1), images(2, 3), images(4), images(5)])
    assert found == [[1], [2, 3], [4], [5]]
    assert model.sizes == [1, 4]


def test_a_call_takes_no_more_than_its_most(monkeypatch):
    monkeypatch.setattr(together, "MOST", 3)
    model = Slow()
    found = asked_at_once(model, [images(1), images(2, 3), images(4, 5), images(*range(10, 15))])
    assert found == [[1], [2, 3], [4, 5], [10, 11, 12, 13, 14]]
    assert model.sizes == [1, 2, 2, 5]


def test_one_bad_request_spoils_no_other():
    model = Slow()
    found = asked_at_once(model, [images(1), images(2), images(9), images(3)])
    assert found == [[1], [2], "a nine", [3]]


def test_alone_it_waits_for_nobody():
    model = Slow()
    model.may_end.set()
    assert Together(model)(images(7)).tolist() == [[7]]
