"""Killed before and after every system call, or on a full disk: nothing is lost or doubled."""

import contextlib
import random
import shutil
import signal

import numpy as np
import pytest
from organising import (
    Brightness,
    check_all_is_done,
    check_nothing_is_lost,
    child,
    contents,
    leftovers,
    other_disk,
    put,
    sort,
    sort_and_die,
    state,
)
from pictures import encoded

from apps.organiser.ledger import Ledger
from helpers import CourseError


@pytest.mark.parametrize("way", ["", "--move", "--link", "other disk"])
def test_killed_before_and_after_every_system_call(forks, photos, tmp_path, way):
    shutil.rmtree(photos / "b" / "c")
    home = tmp_path
    if way == "other disk":
        home, way = other_disk(photos), "--move"
    options, before = [way] if way else [], contents(photos)
    try:
        for at in range(1, 1000):
            mine, to = home / str(at), home / str(at) / "sorted"
            shutil.copytree(photos, tmp_path / "again" / str(at))
            mine.mkdir()
            code = child(sort_and_die, tmp_path / "again" / str(at), to, options, at)
            check_nothing_is_lost(tmp_path / "again" / str(at), to, before, way)
            if code == 0:
                break
            assert code == -signal.SIGKILL
            assert sort(tmp_path / "again" / str(at), to, *options) == 0
            check_all_is_done(tmp_path / "again" / str(at), to, before, way)
            shutil.rmtree(mine)
        assert 40 < at < 1000
        check_all_is_done(tmp_path / "again" / str(at), to, before, way)
    finally:
        if home != tmp_path:
            shutil.rmtree(home)


@pytest.mark.parametrize("seed", range(6))
def test_killed_again_and_again(forks, photos, tmp_path, seed):
    chance, to, before = random.Random(seed), tmp_path / "sorted", contents(photos)
    way = chance.choice(["", "--move", "--link"])
    killed, code = 0, -signal.SIGKILL
    while code:
        assert code == -signal.SIGKILL
        code = child(sort_and_die, photos, to, [way] if way else [], chance.randrange(5, 50))
        check_nothing_is_lost(photos, to, before, way)
        killed += code != 0
    assert killed > 1
    check_all_is_done(photos, to, before, way)


def test_a_resumed_run_does_not_classify_again(forks, photos, tmp_path):
    seen = []

    class Counting(Brightness):
        def probabilities(self, images):
            seen.append(len(images))
            return super().probabilities(images)

    for at in range(30, 60, 5):
        to = tmp_path / str(at) / "sorted"
        to.parent.mkdir()
        assert child(sort_and_die, photos, to, [], at) == -signal.SIGKILL
        with contextlib.closing(Ledger(to)) as kept:
            known = kept.db.execute(
                "SELECT count(*) FROM photos WHERE label IS NOT NULL"
            ).fetchone()[0]
        before = state(tmp_path)
        sort(photos, to, "--dry-run")
        assert state(tmp_path) == before
        seen.clear()
        sort(photos, to, model=Counting())
        assert sum(seen) == 5 - known
    assert known


def test_a_run_goes_on_in_another_way_than_it_began(forks, photos, tmp_path):
    before = contents(photos)
    for at in range(21, 80, 3):
        mine, to = tmp_path / f"photos {at}", tmp_path / f"sorted {at}"
        ways = random.Random(at).sample(["--move", "--link", ""], 2)
        shutil.copytree(photos, mine)
        child(sort_and_die, mine, to, [ways[0]] if ways[0] else [], at)
        here = contents(mine)
        assert sort(mine, to, *([ways[1]] if ways[1] else [])) == 0
        assert contents(to) == before, (at, ways)
        assert ways[1] == "--move" or contents(mine) == here, "moved, and nobody asks for it"
        assert not leftovers(to)


@pytest.mark.parametrize("kilobytes", [16, 60, 100, 160, 240])
@pytest.mark.parametrize("way", ["", "--move"])
def test_a_full_disk_loses_nothing(tmp_path, small_disk, way, kilobytes):
    photos, options = tmp_path / "photos", [way] if way else []
    for i in range(12):
        put(
            photos / f"{i}.png",
            encoded(np.random.default_rng(i).integers(0, 99, (60, 80, 3), "u1")),
        )
    before, to = contents(photos), small_disk(kilobytes) / "sorted"
    with pytest.raises(CourseError, match="(?i)no space left|full") as caught:
        sort(photos, to, *options)
    assert "\n" not in str(caught.value)
    assert not leftovers(to)
    check_nothing_is_lost(photos, to, before, way)
    small_disk(4000, "remount,")
    assert sort(photos, to, *options) == 0
    check_all_is_done(photos, to, before, way)
