"""Write the table of the other problems into docs/results.md, from what their chapters have kept.

`python -m tools.results`, after chapters 12 to 14 have run on photographs (`COURSE_DATA=... make
run`): `helpers.results.record` keeps each figure in saved/results. What is not kept there stays in
the table, with its date.
"""

import json
import sys
from datetime import date
from pathlib import Path

from helpers import start

start()

from helpers.evaluate import wilson  # noqa: E402
from helpers.results import RESULTS  # noqa: E402
from tools.commandline import no_words  # noqa: E402
from tools.tables import among, stored, write  # noqa: E402

NAME = "results"
HEAD = """\
| set | published | here | images | right | interval | CPU seconds | on |
|---|---|---|---|---|---|---|---|"""


def row(kept: Path) -> str:
    """Put what `record` kept, and the day on which it did, into a line of the table."""
    facts = json.loads(kept.read_text())
    on = date.fromtimestamp(kept.stat().st_mtime)
    low, high = wilson(facts["right"], facts["total"])
    share = facts["right"] / facts["total"]
    published = "–" if facts["published"] is None else f"{facts['published']:.1%}"
    return (
        f"| {facts['set']} | {published} | {facts['way']} | {facts['total']} | "
        f"{share:.1%} | {low:.1%} to {high:.1%} | {facts['seconds']:.0f} | {on} |"
    )


def of_what(line: str) -> tuple[str, str]:
    """Return which set a line of the table is about, and which way."""
    cells = line.split(" | ")
    return cells[0], cells[2]


def main() -> None:
    """Print the rows that are new, and write them among the others."""
    rows = [row(path) for path in sorted(RESULTS.glob("*.json"))]
    if not rows:
        sys.exit(f"{RESULTS} holds no figures: run the chapters on photographs first.")
    print("\n".join(rows))
    write(among(stored(HEAD, NAME), rows, of_what), HEAD, NAME)


if __name__ == "__main__":
    no_words(__doc__)
    main()
