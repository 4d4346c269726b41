"""Arrays are kept in a file, whole or not at all."""

import os
import shutil
import sys
from collections import namedtuple

import numpy as np
import pytest

from helpers import CourseError, cache, splits
from helpers import data as course_data


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "CACHE", tmp_path / "cache")


def filled(rows):
    rows[:] = np.arange(len(rows))[:, None]


def test_it_is_computed_once():
    calls = []
    for _ in range(2):
        found = cache.cached("a", (4, 3), np.float32, lambda rows: (calls.append(1), filled(rows)))
    assert len(calls) == 1 and found.dtype == np.float32
    assert (found == np.arange(4)[:, None]).all()
    with pytest.raises(ValueError):
        found[0] = 1  # nobody changes what others will read


def test_what_fails_leaves_nothing_behind(tmp_path):
    def fails(rows):
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        cache.cached("a", (4, 3), np.float32, fails)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_full_disk_ends_in_one_sentence(monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 100))
    with pytest.raises(CourseError, match="cannot be written .No space left.*make room"):
        cache.cached("a", (4, 3), np.float32, filled)


def test_a_fingerprint_follows_the_file(tmp_path):
    file = tmp_path / "a.bin"
    file.write_bytes(b"1")
    first = cache.fingerprint([file], 96)
    assert first == cache.fingerprint([file], 96) != cache.fingerprint([file], 64)
    file.write_bytes(b"12")
    assert cache.fingerprint([file], 96) != first


def test_many_images_are_read_from_a_file_in_the_same_order(keras, monkeypatch, tmp_path):
    split = course_data.load("rooms").val

    def sums():
        keras.utils.set_random_seed(1)
        batches = course_data.dataset(split, (16, 16), seed=1)
        return [float(np.sum(x)) for _ in range(2) for x, _ in batches]

    in_memory = sums()
    monkeypatch.setattr(splits, "IN_MEMORY", 1000)
    assert sums() == in_memory
    assert isinstance(split.arrays((16, 16))[0], np.memmap)
    assert len(list((tmp_path / "cache").iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY\1\0v\0{'descr'", None])
def test_a_damaged_file_is_computed_anew(damage):
    cache.cached("a", (4, 3), np.float32, filled)
    path = cache.CACHE / "a.npy"
    path.write_bytes(path.read_bytes()[:100] if damage is None else damage)
    assert (cache.cached("a", (4, 3), np.float32, filled) == np.arange(4)[:, None]).all()
    assert cache.cached("a", (5, 3), np.float32, filled).shape == (5, 3)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a name has to be Unicode")
def test_a_name_that_is_no_utf_8_has_a_fingerprint(tmp_path):
    path = tmp_path / os.fsdecode(b"k\xfcche.jpg")
    path.write_bytes(b"x")
    assert cache.fingerprint([path]) != cache.fingerprint([])
