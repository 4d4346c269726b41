"""The tables in docs/results.md are written by commands: each figure where it belongs.

What a paragraph says that begins with "Reading" stands in the table above it.
"""

import json
import re

import pytest
from pictures import ROOT

PAGE = ROOT / "docs" / "results.md"
TABLES = ("measured", "results", "road", "organised", "load", "service")
NUMBER = re.compile(r"\d+(?:\.\d+)?%?")


@pytest.fixture
def page(keras, tmp_path, monkeypatch):
    """A copy of the page, which the tools write into instead."""
    from tools import measure

    copy = tmp_path / "results.md"
    copy.write_text(PAGE.read_text())
    monkeypatch.setattr(measure, "PAGE", copy)
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
    (tmp_path / "bikes-transfer.json").write_text(json.dumps(facts))
    results.main()
    wanted = "| bikes | 93.3% | transfer | 30 | 93.3% | 78.7% to 98.2% | 14 |"
    assert rows(page.read_text(), "results") == [wanted]
    assert wanted in capsys.readouterr().out
    after = page.read_text()
    for side in (0, 1):  # what stands around the table is not touched
        cut = "<!-- results -->" if side == 0 else "## Requests to the web app"
        assert after.split(cut)[side] == before.split(cut)[side]


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
