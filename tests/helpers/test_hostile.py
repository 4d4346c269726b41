"""What pictures that were made to hurt may cost, and that the limits are there for everybody."""

import os
import signal
import sys
import threading
import time

import hostile_pictures as hostile
import numpy as np
import pytest
from pictures import encoded, picture
from PIL import Image

from helpers import CourseError, images, limited
from helpers.errors import NoMemory
from helpers.headers import is_bomb, is_plain
from helpers.images import open_image, open_rgb, to_array

WAY = "open_image, 96 x 96"
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows limits neither memory nor time")


@posix
@pytest.mark.parametrize("family", [name for name in hostile.FAMILIES if name != "damaged"])
def test_a_picture_costs_at_most_a_gigabyte_and_five_seconds(family):
    found = dict(hostile.costs_apart([family], WAY))
    assert len(found) >= 4
    for name, cost in found.items():
        assert cost.outcome in ("opened", "refused"), f"{name}: {cost}"
        assert cost.memory <= hostile.GIGABYTE and cost.seconds <= hostile.SECONDS, (
            f"{name}: {cost}"
        )
        assert family != "sound" or cost.outcome == "opened" or "YCbCr" in name, f"{name}: {cost}"


@posix
@pytest.mark.parametrize(
    ("way", "needed"), [("page", "gradio"), ("service", "flask"), ("organiser", "jinja2")]
)
def test_the_apps_open_what_is_sound_at_the_same_price(way, needed):
    pytest.importorskip(needed, reason=f"{needed} is not installed here")
    found = dict(hostile.costs_apart(["sound"], way))
    assert len(found) >= 4
    for name, cost in found.items():
        assert cost.outcome == "opened" or "YCbCr" in name, f"{name}: {cost}"
        assert cost.memory <= hostile.GIGABYTE and cost.seconds <= hostile.SECONDS, (
            f"{name}: {cost}"
        )


def test_damage_is_refused_or_does_not_matter():
    outcomes = {"opened": 0, "refused": 0}
    for name, data in hostile.damaged():
        try:
            assert open_image(data, (96, 96), name).shape == (96, 96, 3)
            outcomes["opened"] += 1
        except CourseError as error:
            assert str(error).isprintable() and name in str(error)
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 20


def test_photographs_are_opened_here_and_the_rest_with_limits():
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP"):
        assert is_plain(encoded(picture(1), kind)), kind
    assert is_plain(encoded(picture(1), "JPEG", progressive=True))
    for name, data in [*hostile.scan_bombs(), ("a.tif", encoded(picture(1), "TIFF"))]:
        assert not is_plain(data), name
    assert is_bomb(hostile.tiff_tags(4000, 9000)) and not is_bomb(encoded(picture(1), "TIFF"))


@pytest.mark.parametrize("kind", ["TIFF", "PNG"])
@pytest.mark.parametrize("fit", ["cut", "pad", "squeeze"])
def test_with_limits_and_without_a_picture_is_the_same(kind, fit, monkeypatch):
    rgba = np.dstack([picture(1, (90, 200)), picture(2, (90, 200))[..., :1]])
    for pixels in (rgba, rgba[..., 0], rgba[..., :3]):
        data = encoded(pixels, kind)
        found = []
        for plain in (True, False):
            monkeypatch.setattr(images, "is_plain", lambda _, plain=plain: plain)
            found += [open_image(data, (40, 60), fit=fit), to_array(open_rgb(data), (40, 60), fit)]
            assert open_image(data).shape == (90, 200, 3)
        for other in found[1:]:
            np.testing.assert_array_equal(found[0], other)


def test_what_is_wrong_is_said_the_same_with_limits(monkeypatch):
    monkeypatch.setattr(images, "is_plain", lambda _: False)
    for data, said in (
        (encoded(picture(1))[:-200], "a.png is damaged or cut off"),
        (b"buy milk" * 9, "a.png is not an image that can be read"),
        (encoded(picture(1)), "a.png has 60 x 40 pixels, more than"),
    ):
        with pytest.raises(CourseError, match=said):
            open_image(data, name="a.png", max_pixels=2000 if "more" in said else 10_000)


def test_the_process_with_limits_is_kept_for_the_next_picture_and_replaced_when_it_ends():
    limited.end_all()
    tiff = encoded(picture(1), "TIFF")
    open_image(tiff)
    (first,) = limited._idle
    open_image(tiff)
    assert limited._idle == [first]
    first.process.kill()
    first.process.wait()
    np.testing.assert_array_equal(open_image(tiff), picture(1))
    assert limited._idle != [first]


@posix
def test_the_largest_picture_opens_again_and_again_at_its_own_size():
    """In one process, which holds nothing of the picture before."""
    limited.end_all()
    data = hostile.saved(Image.new("RGB", (9400, 9400), "teal"), "PNG", compress_level=1)
    for _ in range(3):
        assert open_rgb(data).size == (9400, 9400)


@posix
def test_every_road_has_the_same_time(monkeypatch):
    told = []
    monkeypatch.setattr(signal, "setitimer", lambda _, seconds: told.append(seconds))
    for data in (encoded(picture(1)), b"damaged"):
        for size in (None, [8, 8]):
            limited._answer(data, "a.png", 10_000, 0, size, "cut")
    assert told == [limited.SECONDS, 0] * 4


@posix
def test_a_process_that_somebody_else_ends_does_not_make_the_picture_bad():
    bomb = dict(hostile.scan_bombs())["60000 scans of 2048 pixels.jpg"]
    limited.end_all()
    open_image(encoded(picture(1), "TIFF"))
    (decoder,) = limited._idle
    threading.Timer(0.3, decoder.process.kill).start()
    with pytest.raises(NoMemory, match=r"a\.jpg could not be opened, for want of time or memory"):
        open_image(bomb, name="a.jpg")


def test_where_no_process_can_be_started_a_sentence_says_so(monkeypatch):
    limited.end_all()
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(NoMemory, match=r"a\.tif could not be opened, .* none can be started"):
        open_image(encoded(picture(1), "TIFF"), name="a.tif")


@posix
def test_a_picture_that_takes_too_long_stops_no_other(monkeypatch):
    bombs = dict(hostile.scan_bombs())
    bomb = bombs["60000 scans of 2048 pixels.jpg"]
    said = []

    def refused():
        try:
            open_image(bomb, name="bomb.jpg")
        except CourseError as error:
            said.append(str(error))

    threads = [threading.Thread(target=refused) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)  # both are being decoded
    photo = encoded(picture(1), "JPEG")
    before = time.perf_counter()
    open_image(photo)
    assert time.perf_counter() - before < 2 and not said
    for thread in threads:
        thread.join()
    assert said == ["bomb.jpg takes too long to open: save it anew with another program."] * 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_after_a_fork_each_side_has_a_process_of_its_own():
    tiff = encoded(picture(1), "TIFF")
    open_image(tiff)
    child = os.fork()
    if child == 0:
        right = np.array_equal(open_image(tiff), picture(1)) and len(limited._idle) == 1
        limited.end_all()
        os._exit(0 if right else 1)
    assert os.waitpid(child, 0)[1] == 0
    np.testing.assert_array_equal(open_image(tiff), picture(1))


@posix
def test_ctrl_c_is_not_taken_for_a_damaged_picture(tmp_path):
    """The interrupt of a terminal goes to every process of the group; not to this one."""
    open_image(encoded(picture(1), "TIFF"))
    assert os.getpgid(limited._idle[0].process.pid) != os.getpgid(0)


@posix
def test_an_interrupt_while_a_picture_is_decoded_leaves_no_half_answer():
    bomb = dict(hostile.scan_bombs())["60000 scans of 2048 pixels.jpg"]
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        open_image(bomb)
    tiff = encoded(picture(3), "TIFF")
    np.testing.assert_array_equal(open_image(tiff), picture(3))


def test_a_large_photograph_is_right():
    """Too large to be decoded here, and as right as a small one."""
    wide = Image.fromarray(picture(1, (60, 80))).resize((6400, 4800), Image.Resampling.BICUBIC)
    data = hostile.saved(wide, "JPEG", quality=95)
    assert not is_plain(data)
    expected = to_array(wide, (60, 80))
    assert np.abs(open_image(data, (60, 80)).astype(int) - expected).mean() < 2
    assert open_image(data).shape == (4800, 6400, 3)
