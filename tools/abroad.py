"""What the network of chapter 4, which has seen rendered rooms alone, makes of photographs.

`COURSE_DATA=folder-of-photographs python -m tools.abroad` trains it on the samples with five seeds
and counts the labelled photographs that it judges rightly, and the rendered test rooms. Nothing is
chosen by them. The counts go into data/results/rooms_abroad.json, where chapter 6 reads them.
"""

import json
import os
import platform
import sys
from datetime import date

from helpers import start

start()

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

from helpers.data import load  # noqa: E402
from helpers.errors import CourseError  # noqa: E402
from helpers.network import trained  # noqa: E402
from helpers.runtime import ROOT  # noqa: E402
from tools.commandline import no_words  # noqa: E402

SEEDS = 5
FILE = ROOT / "data" / "results" / "rooms_abroad.json"


def main() -> None:
    """Train, count, and write the counts."""
    if not os.environ.get("COURSE_DATA", "").strip():
        sys.exit("Name the folder of the photographs in COURSE_DATA.")
    ours = load("rooms", "samples")
    real = load("rooms")
    judged = real.train + real.val + real.test
    right: dict[int, int] = {}
    home: dict[int, int] = {}
    for seed in range(1, SEEDS + 1):
        classifier = trained(ours, seed=seed)
        for split, counts in ((judged, right), (ours.test, home)):
            pixels, _ = split.arrays(classifier.size)
            counts[seed] = int((classifier.indices(pixels) == split.labels).sum())
        print(f"seed {seed}: {right[seed]} of {len(judged)}, rendered {home[seed]}", flush=True)
    versions = f"TensorFlow {tf.__version__}, Keras {keras.__version__}"
    measured = f"{date.today()}, Python {platform.python_version()}, {versions}"
    facts = {"photographs": len(judged), "right": right, "rendered": len(ours.test)}
    facts |= {"right_rendered": home, "measured": measured}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    no_words(__doc__)
    try:
        main()
    except CourseError as error:
        sys.exit(str(error))
