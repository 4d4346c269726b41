"""Every input of tests/cases is treated as it should be; tests/verdicts.py prints the same list."""

import pytest
from verdict import Untried, all_cases


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: f"{case.number} {case.name}")
def test_holds(case, tmp_path):
    try:
        assert case.trial(tmp_path)
    except Untried as reason:
        pytest.skip(str(reason))
