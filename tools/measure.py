"""Cross-validate networks and a rival on the rooms, and write the table in docs/results.md.

`COURSE_DATA=... python -m tools.measure`: five folds, stratified, near-duplicates in one fold, a
fresh network in each, epochs fixed beforehand, every labelled image tested once, in three random
divisions into folds. Nothing is chosen by looking at a held-out fold.

`python -m tools.measure plain 2` measures the second division of one design of `tools.designs`. The
answers are kept in saved/measured, so that their averages can be judged, too. What is not measured
anew stays in the table, with its date.
"""

import argparse
import json
import os
import sys
import time
from datetime import date

import numpy as np

from helpers import start

start()

import keras  # noqa: E402

from helpers.audit import groups, inspect_all  # noqa: E402
from helpers.data import Split, load  # noqa: E402
from helpers.errors import CourseError  # noqa: E402
from helpers.evaluate import folds, wilson  # noqa: E402
from helpers.files import whole  # noqa: E402
from helpers.runtime import SAVED  # noqa: E402
from tools.designs import AVERAGES, DESIGNS, Design, pooled  # noqa: E402
from tools.tables import stored, write  # noqa: E402

KEPT = SAVED / "measured"
FOLDS = 5
DIVISIONS = 3
NAME = "measured"
HEAD = """\
| network or rival | division | images | accuracy | interval | ROC area | CPU seconds a fold | on |
|---|---|---|---|---|---|---|---|"""
WAYS = {key: says for design in DESIGNS.values() for key, says in design.says.items()}
SHOWN = {says: (key,) for key, says in WAYS.items()} | AVERAGES


def cross_validate(split: Split, design: Design, division: int) -> dict[str, dict]:
    """Return for each way to answer what is said of each image, what is true, and the price."""
    images, labels = split.arrays(design.size)
    seed = division - 1
    fold = folds(split.labels, groups(inspect_all(split.files)), FOLDS, seed)
    said = {key: np.zeros(len(split)) for key in design.says}
    cpu = time.process_time()
    for held_out in range(FOLDS):
        keras.utils.set_random_seed(seed)
        inside = fold != held_out
        ways = design.train(images[inside], labels[inside])
        for key, answers in zip(design.says, ways, strict=True):
            said[key][~inside] = answers(images[~inside])
        keras.backend.clear_session()
    same = {"labels": split.labels.tolist(), "seconds": (time.process_time() - cpu) / FOLDS}
    same |= {"on": str(date.today())}
    return {key: {"said": values.tolist(), **same} for key, values in said.items()}


def averaged(parts: list[dict]) -> dict:
    """Return the mean of several answers to the same images, at the price of all."""
    said = np.mean([part["said"] for part in parts], axis=0).tolist()
    return parts[0] | {"said": said, "seconds": sum(part["seconds"] for part in parts)}


def row(says: str, division: int, kept: dict) -> str:
    """Put one division into a line of the table."""
    said = np.array(kept["said"])
    labels = np.array(kept["labels"])
    right = int(((said >= 0.5) == labels).sum())
    low, high = wilson(right, len(labels))
    messy = said[labels == 1][:, None]
    clean = said[labels == 0]
    area = ((messy > clean) + (messy == clean) / 2).mean()
    return (
        f"| {says} | {division} | {len(labels)} | {right / len(labels):.3f} | "
        f"{low:.2f} to {high:.2f} | {area:.3f} | {kept['seconds']:.0f} | {kept['on']} |"
    )


def table() -> list[str]:
    """Return the lines of the table: what is kept, and of the rest what stands there already."""
    lines = {tuple(line.split(" | ")[:2]): line for line in stored(HEAD, NAME)}
    found = []
    for says, keys in SHOWN.items():
        for division in range(1, DIVISIONS + 1):
            files = [KEPT / f"{key}-{division}.json" for key in keys]
            old = lines.get((f"| {says}", str(division)))
            if all(file.exists() for file in files):
                parts = [json.loads(file.read_text()) for file in files]
                found.append(row(says, division, averaged(parts)))
            elif old:
                found.append(old)
    return found


def main(chosen: list[str]) -> None:
    """Measure what is named, or all, keep it, and write the table after each division."""
    parser = argparse.ArgumentParser("tools.measure", description=__doc__.splitlines()[0])
    words = [*DESIGNS, *map(str, range(1, DIVISIONS + 1))]
    said = f"designs ({', '.join(DESIGNS)}), divisions (1 to {DIVISIONS}); all where none is named"
    parser.add_argument("chosen", nargs="*", metavar="WORD", choices=[*words, []], help=said)
    chosen = parser.parse_args(chosen).chosen
    if not os.environ.get("COURSE_DATA"):
        sys.exit("Set COURSE_DATA to the photographs, or to kaggle: the samples are trained on.")
    numbers = [int(word) for word in chosen if word.isdigit()] or range(1, DIVISIONS + 1)
    keys = [word for word in chosen if not word.isdigit()] or DESIGNS
    split = pooled(load("rooms"))
    for key in keys:
        for division in numbers:
            for way, kept in cross_validate(split, DESIGNS[key], division).items():
                with whole(KEPT / f"{way}-{division}.json") as part:
                    part.write_text(json.dumps(kept))
                print(row(WAYS[way], division, kept), flush=True)
            write(table(), HEAD, NAME)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CourseError as error:
        sys.exit(str(error))
