"""What the tests of the project's files share."""

import shutil

import pytest
from pictures import ROOT

from tools.stamp import stamped


@pytest.fixture
def copy(tmp_path):
    """What is stamped, and pyproject.toml, in a folder of its own."""
    for path in [*stamped(), ROOT / "pyproject.toml"]:
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return tmp_path
