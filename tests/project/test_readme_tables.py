"""The tables in the README are written by commands: each figure where it belongs, and no other."""

import json
import re

import pytest
from pictures import ROOT

BETWEEN = {name: (f"<!-- {name} -->\n", "<!-- end -->") for name in ("results", "load")}


@pytest.fixture
def readme(keras, tmp_path, monkeypatch):
    """A copy of the README, which the tools write into instead."""
    from tools import measure

    copy = tmp_path / "README.md"
    copy.write_text((ROOT / "README.md").read_text())
    monkeypatch.setattr(measure, "README", copy)
    return copy


def rows(text, name):
    start, end = BETWEEN[name]
    table = text.split(start)[1].split(end)[0]
    return [line for line in table.splitlines() if line.startswith("|")][2:]


def test_kept_figures_become_rows(readme, tmp_path, monkeypatch, capsys):
    from tools import results

    before = readme.read_text()
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    facts = {"set": "bikes", "way": "transfer", "right": 28, "total": 30}
    facts |= {"seconds": 14.4, "published": 0.9333}
    (tmp_path / "bikes-transfer.json").write_text(json.dumps(facts))
    results.main()
    wanted = "| bikes | 93.3% | transfer | 30 | 93.3% | 78.7% to 98.2% | 14 |"
    assert rows(readme.read_text(), "results") == [wanted]
    assert wanted in capsys.readouterr().out
    after = readme.read_text()
    for side in (0, 1):  # what stands around the table is not touched
        cut = "<!-- results -->" if side == 0 else "## The apps"
        assert after.split(cut)[side] == before.split(cut)[side]


def test_without_figures_nothing_is_written(readme, tmp_path, monkeypatch):
    from tools import results

    before = readme.read_text()
    monkeypatch.setattr(results, "RESULTS", tmp_path / "none")
    with pytest.raises(SystemExit, match="holds no figures: run the chapters on photographs"):
        results.main()
    assert readme.read_text() == before


def test_a_line_of_the_load_test_is_in_milliseconds(keras, capsys):
    from tools.load_test import say

    line = say("the server, 1 client", [0.001] * 99 + [1.0], 227.4, 2)
    assert line == "| the server, 1 client | 227 | 1.0 | 11.0 | 2 |"
    assert capsys.readouterr().out.split()[-4:] == ["227", "1.0", "11.0", "2"]


@pytest.mark.parametrize("name", BETWEEN)
def test_the_tables_in_the_readme_are_whole(name):
    text = (ROOT / "README.md").read_text()
    cells = [line.strip("|").split("|") for line in rows(text, name)]
    assert len(cells) >= 5 and len({len(row) for row in cells}) == 1
    stamp = text.split(BETWEEN[name][0])[1].split("<!-- end -->")[0]
    assert re.search(
        r"<!-- measured \d{4}-\d\d-\d\d, Python .+, TensorFlow .+, Keras .+ -->", stamp
    )
