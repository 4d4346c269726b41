"""The tables in docs/results.md are written by commands: each figure where it belongs.

What a paragraph says that begins with "Reading" stands in the table above it.
"""

import json
import os
import re
from datetime import datetime

import pytest
from pictures import ROOT

PAGE = ROOT / "docs" / "results.md"
TABLES = ("measured", "results", "road", "organised", "load", "service", "growth", "banding")
TABLES += ("chapters",)
NUMBER = re.compile(r"\d+(?:\.\d+)?%?")


@pytest.fixture
def page(keras, tmp_path, monkeypatch):
    """A copy of the page, which the tools write into instead."""
    from tools import tables

    copy = tmp_path / "results.md"
    copy.write_text(PAGE.read_text())
    monkeypatch.setattr(tables, "PAGE", copy)
    return copy


def table(text, name):
    return text.split(f"<!-- {name} -->\n")[1].split("<!-- end -->")[0]


def rows(text, name):
    return [line for line in table(text, name).splitlines() if line.startswith("|")][2:]


def reading(text, name):
    after = text.split(f"<!-- {name} -->\n")[1].split("<!-- end -->")[1]
    return after.split("\n\n")[1]


def test_kept_figures_become_rows(page, tmp_path, monkeypatch, capsys):
    from tools import results

    before = page.read_text()
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    facts = {"set": "bikes", "way": "transfer", "right": 28, "total": 30}
    facts |= {"seconds": 14.4, "published": 0.9333}
    kept = tmp_path / "bikes-transfer.json"
    kept.write_text(json.dumps(facts))
    noon = datetime(2026, 11, 25, 12).timestamp()
    os.utime(kept, (noon, noon))
    goes = "| bikes | 90.0% | transfer | 30 | 90.0% | 74.4% to 96.5% | 12 | 2026-11-20 |"
    stays = goes.replace("transfer", "from scratch")
    results.write([goes, stays], results.HEAD, "results")
    results.main()
    wanted = "| bikes | 93.3% | transfer | 30 | 93.3% | 78.7% to 98.2% | 14 | 2026-11-25 |"
    assert rows(page.read_text(), "results") == [wanted, stays]
    assert wanted in capsys.readouterr().out
    after = page.read_text()
    for side in (0, 1):  # what stands around the table is not touched
        cut = "<!-- results -->" if side == 0 else "## Requests to the web app"
        assert after.split(cut)[side] == before.split(cut)[side]


def test_kept_answers_become_rows_and_other_rows_stay(page, tmp_path, monkeypatch):
    """Each of the two is wrong about another picture, and their mean about none."""
    from tools import measure

    monkeypatch.setattr(measure, "KEPT", tmp_path)
    for key, said in {"patches": [0.1, 0.1, 0.9, 0.4], "steady": [0.6, 0.3, 0.7, 0.9]}.items():
        kept = {"said": said, "labels": [0, 0, 1, 1], "seconds": 4.4, "on": "2026-11-26"}
        (tmp_path / f"{key}-2.json").write_text(json.dumps(kept))
    patches, plain, steady = (measure.WAYS[key] for key in ("patches", "plain", "steady"))
    stays = f"| {plain} | 1 | 212 | 0.778 | 0.72 to 0.83 | – | 8 | 2026-11-20 |"
    goes = f"| {patches} | 2 | 4 | 0.250 | 0.05 to 0.70 | – | 8 | 2026-11-20 |"
    rows = [stays, goes, stays.replace("blocks", "forgotten blocks")]
    measure.write(rows, measure.HEAD, measure.NAME)
    single = "| 2 | 4 | 0.750 | 0.30 to 0.95 | 1.000 | 4 | 2026-11-26 |"
    mean = "| 2 | 4 | 1.000 | 0.51 to 1.00 | 1.000 | 9 | 2026-11-26 |"
    both = "three blocks averaged, with patches and ridge"
    wanted = [f"| {patches} {single}", stays, f"| {steady} {single}", f"| {both} {mean}"]
    assert measure.table() == wanted


def test_without_figures_nothing_is_written(page, tmp_path, monkeypatch):
    from tools import results

    before = page.read_text()
    monkeypatch.setattr(results, "RESULTS", tmp_path / "none")
    with pytest.raises(SystemExit, match="holds no figures: run the chapters on photographs"):
        results.main()
    assert page.read_text() == before


def test_a_line_of_the_load_test_is_in_milliseconds(keras, capsys):
    from tools.load_test import say

    line = say("the server, 1 client", [0.001] * 99 + [1.0], 227.4, 2)
    assert line == "| the server, 1 client | 227 | 1.0 | 11.0 | 2 |"
    assert capsys.readouterr().out.split()[-4:] == ["227", "1.0", "11.0", "2"]


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_are_whole(name):
    text = PAGE.read_text()
    cells = [line.strip("|").split("|") for line in rows(text, name)]
    assert len(cells) >= 3 and len({len(row) for row in cells}) == 1
    assert re.search(
        r"<!-- measured \d{4}-\d\d-\d\d, Python .+, TensorFlow .+, Keras .+ -->", table(text, name)
    )


@pytest.mark.parametrize("name", TABLES)
def test_what_is_read_from_a_table_stands_in_it(name):
    text = PAGE.read_text()
    said = reading(text, name)
    assert said.startswith("Reading:")
    numbers = set(NUMBER.findall(said))
    assert len(numbers) >= 3
    missing = numbers - set(NUMBER.findall("\n".join(rows(text, name))))
    assert not missing, f"{missing} stand in no row of {name}: read the table anew"
