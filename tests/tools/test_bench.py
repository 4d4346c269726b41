"""What the benches print are ratios of what was measured, and each way that they compare reads."""

import numpy as np
import pytest
from pictures import encoded, picture
from PIL import Image

pytest.importorskip("flask", reason="what the apps need is not installed: make apps")


def test_shares_are_of_the_whole_and_medians():
    from tools.bench_service import table

    rows = table([[4.0, 2.0, 1.0, 1.0, 0.5], [8.0, 2.0, 1.0, 5.0, 0.5], [4.0, 1.0, 1.0, 2.0, 0.4]])
    assert rows[0] == "| all of it | 4.00 | 100% |"
    assert rows[1] == "| the model | 2.00 | 50% |"
    assert rows[-1] == "| the model, 8 photos a call | 0.50 | 12% |"


def test_growth_is_measured_from_the_smallest(monkeypatch, keras):
    from tools import bench_growth

    monkeypatch.setattr(bench_growth, "KINDS", {"images of an epoch": (16, 160)})
    first, second = (
        row.strip("| ").split(" | ") for row in bench_growth.grown(*bench_growth.KINDS)
    )
    assert first == ["images of an epoch", "16", "1", "1.00"]
    assert second[1:3] == ["160", "10"] and 1 < float(second[3]) < 20


def test_what_a_call_of_many_photos_costs_is_of_the_call(monkeypatch, keras):
    """The seconds are those of 640 photos, in as many calls as that takes."""
    from tools import bench_growth

    monkeypatch.setattr(bench_growth, "work", lambda kind, number: 64 / number)
    monkeypatch.setattr(bench_growth, "seconds", lambda took: took)
    rows = [row.strip("| ").split(" | ") for row in bench_growth.grown("photos of one call")]
    assert [row[2:] for row in rows] == [["1", "1.00"], ["8", "1.00"], ["64", "1.00"]]


def test_every_way_reads_every_photo(tmp_path, monkeypatch, keras):
    from tools import bench_road

    home = tmp_path / "a size"
    (home / "rooms").mkdir(parents=True)
    for i in range(3):
        (home / "rooms" / f"{i}.jpg").write_bytes(encoded(picture(i, (300, 400)), "JPEG"))
    monkeypatch.setattr(bench_road, "ROUNDS", 1)
    cells = bench_road.read_all(home).strip("| ").split(" | ")
    assert cells[0] == "a size" and len(cells) == 7
    assert all(float(cell) > 0 for cell in cells[1:])


def test_what_only_decodes_ends_no_smaller_than_the_model_takes(monkeypatch):
    from tools import bench_road

    data = encoded(np.zeros((1500, 2000, 3), np.uint8), "JPEG")
    seen = []
    works = Image.Image.load
    monkeypatch.setattr(Image.Image, "load", lambda image: seen.append(image.size) or works(image))
    bench_road.draft(data)
    assert set(seen) == {(250, 188)}
