"""Write the table of the other problems into docs/results.md, from what their chapters have kept.

`python -m tools.results`, after chapters 12 to 14 have run on photographs (`COURSE_DATA=... make
run`): `helpers.results.record` keeps each figure in saved/results.
"""

import json
import sys

from helpers import start

start()

from helpers.evaluate import wilson  # noqa: E402
from helpers.results import RESULTS  # noqa: E402
from tools.measure import write  # noqa: E402

HEAD = """\
| set | published | here | images | right | interval | CPU seconds |
|---|---|---|---|---|---|---|"""


def row(facts: dict) -> str:
    """Put what `record` kept into a line of the table."""
    low, high = wilson(facts["right"], facts["total"])
    share = facts["right"] / facts["total"]
    published = "–" if facts["published"] is None else f"{facts['published']:.1%}"
    return (
        f"| {facts['set']} | {published} | {facts['way']} | {facts['total']} | "
        f"{share:.1%} | {low:.1%} to {high:.1%} | {facts['seconds']:.0f} |"
    )


def main() -> None:
    """Print the rows, and write them."""
    rows = [row(json.loads(path.read_text())) for path in sorted(RESULTS.glob("*.json"))]
    if not rows:
        sys.exit(f"{RESULTS} holds no figures: run the chapters on photographs first.")
    print("\n".join(rows))
    write(rows, HEAD, "results")


if __name__ == "__main__":
    main()
