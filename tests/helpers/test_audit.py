"""Each fault that the audit is there for is made, and found."""

import io

import numpy as np
import pytest
from pictures import encoded, picture
from PIL import Image

from helpers.audit import audit, difference_hash, groups, inspect_all, near_pairs


def brighter(pixels):
    return np.clip(pixels * 1.1 + 3, 0, 255).astype(np.uint8)


@pytest.fixture
def faulty(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    rotated = io.BytesIO()
    Image.fromarray(picture(5)).save(rotated, "JPEG", exif=exif)
    files = {
        "good.png": encoded(picture(0)),
        "copy.png": encoded(picture(0)),
        "near.png": encoded(brighter(picture(0))),
        "webp.jpg": encoded(picture(2), "WEBP"),
        "palette.gif": encoded(picture(3), "GIF"),
        "grey.png": encoded(np.repeat(picture(4)[..., :1], 3, axis=2)),
        "phone.jpg": rotated.getvalue(),
        "large.png": encoded(picture(6, (80, 90))),
        "empty.png": b"",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in files]


FOUND = {
    "do not open": ["empty.png"],
    "are not what their name says": ["webp.jpg"],
    "are not RGB": ["palette.gif"],
    "are grey": ["grey.png"],
    "have another size": ["large.png"],
    "lie on their side (EXIF)": ["phone.jpg"],
    "exact duplicates": ["good.png = train/a/copy.png"],
    "near duplicates": ["good.png = train/b/near.png", "copy.png = train/b/near.png"],
    "duplicates across splits or classes": [
        "good.png = train/b/near.png",
        "copy.png = train/b/near.png",
    ],
    "unlabelled": ["large.png"],
}


@pytest.mark.parametrize("heading", FOUND)
def test_finds_what_is_wrong_and_nothing_else(heading, faulty):
    places = ["train/a"] * len(faulty)
    places[2], places[7] = "train/b", "predict/"
    findings = audit(inspect_all(faulty), places)
    assert set(findings) == set(FOUND)
    assert len(findings[heading]) == len(FOUND[heading])
    for line, expected in zip(findings[heading], FOUND[heading], strict=True):
        assert expected in line


def test_near_pairs_against_brute_force():
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 2**63, (150, 4), dtype=np.uint64)
    hashes[60:] = hashes[:90] ^ (np.uint64(1) << rng.integers(0, 60, (90, 4)).astype(np.uint64))
    expected = [
        (i, j)
        for i in range(150)
        for j in range(i + 1, 150)
        if sum(int(a ^ b).bit_count() for a, b in zip(hashes[i], hashes[j], strict=True)) <= 4
    ]
    assert len(expected) >= 60
    assert sorted(near_pairs(hashes, limit=4)) == expected


def test_groups_are_joined_through_a_third(faulty):
    records = [r for r in inspect_all(faulty) if not r.error]
    number = groups(records)
    assert number[0] == number[1] == number[2]
    assert len(set(number.tolist())) == len(records) - 2


def test_an_unlike_picture_is_far_away():
    distance = np.bitwise_count(difference_hash(picture(0)) ^ difference_hash(picture(1))).sum()
    assert distance > 60


def test_files_go_to_the_threads_in_waves_and_come_back_in_order(faulty, monkeypatch):
    monkeypatch.setattr("helpers.audit.WAVE", 2)
    assert [each.path for each in inspect_all(faulty)] == faulty
