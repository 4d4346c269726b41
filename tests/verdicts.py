"""Print the list of inputs that people really have, with a verdict a row.

`python tests/verdicts.py` tries all, `python tests/verdicts.py 22 5` those of these numbers.
The same functions are run by tests/test_cases.py.
"""

import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "support")]
os.environ["COURSE_LIVE"] = "0"
os.environ.pop("COURSE_DATA", None)

from verdict import Case, Untried, all_cases  # noqa: E402


def verdict(case: Case) -> tuple[str, str]:
    """Try a case in a folder of its own; return the verdict and what was said."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return "holds", case.trial(Path(folder))
        except Untried as reason:
            return "untried", str(reason)
        except Exception as error:  # whatever it is, it is no sentence
            return "fails", f"{type(error).__name__}: {error}"


def main() -> int:
    """Print a row for each case, those whose number or name is asked for if any; count failures."""
    asked = sys.argv[1:]
    tried = [c for c in all_cases() if not asked or c.number in asked or c.name in asked]
    failed = 0
    for case in tried:
        judged, said = verdict(case)
        failed += judged == "fails"
        line = " / ".join(said.splitlines())
        print(f"{case.number:>8} | {case.name} | {case.kind} | {judged} | {line}", flush=True)
    print(f"{len(tried)} cases, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main() > 0)
