"""The probe, which judges how real the samples are."""

from tools import probe


def test_the_probe_skips_in_one_sentence(monkeypatch, capsys):
    monkeypatch.delenv("COURSE_DATA", raising=False)
    assert probe.main(["rooms"]) == 0
    assert capsys.readouterr().out.startswith("Skipped: ")
