"""How real the sample pictures are: learn a set from the samples alone, then judge photographs.

`COURSE_DATA=folder-of-photographs python -m tools.probe [rooms bikes furniture scenes]`.
Features are MobileNet's (alpha 0.25, ImageNet, average-pooled, 224 pixels); the classifier is a
logistic regression with scikit-learn's defaults on standardised features; nothing is fitted to the
photographs. The weights are read from `KERAS_HOME/models`. What is missing, the probe says in one
sentence, and ends.
"""

import argparse
import os
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from helpers import CourseError, start
from helpers.data import SAMPLES, SETS, DataSet, Split, load
from helpers.evaluate import wilson

SIDE = 224
WEIGHTS = "mobilenet_2_5_224_tf_no_top.h5"


def features(split: Split) -> np.ndarray:
    """Average-pooled features (n, 256) of a split's images."""
    import keras

    network = keras.applications.MobileNet(
        input_shape=(SIDE, SIDE, 3), alpha=0.25, include_top=False, pooling="avg"
    )
    pixels, _ = split.arrays((SIDE, SIDE))
    scaled = keras.applications.mobilenet.preprocess_input(pixels.astype(np.float32))
    return network.predict(scaled, batch_size=32, verbose=0)


def report(title: str, names: tuple[str, ...], truth: np.ndarray, answer: np.ndarray) -> None:
    """Print accuracy with its interval, and the confusion matrix."""
    right = int((truth == answer).sum())
    total = len(truth)
    low, high = wilson(right, total)
    print(
        f"{title}: {right} of {total}, {right / total:.1%}"
        f" (95 percent Wilson interval {low:.1%} to {high:.1%})"
    )
    wide = max(map(len, names)) + 2
    print(" " * (wide + 7) + "".join(f"{name:>{wide}}" for name in names) + "  (judged)")
    for number, name in enumerate(names):
        row = [int(((truth == number) & (answer == other)).sum()) for other in range(len(names))]
        print(f"  {name:<{wide + 5}}" + "".join(f"{n:>{wide}}" for n in row))


def opened(name: str, folder: Path) -> DataSet:
    """A set as it lies in a folder of sets. Raises CourseError where it is not there."""
    os.environ["COURSE_DATA"] = str(folder / name)
    return load(name)


def probe(name: str, sample: Path, photographs: Path) -> None:
    """Learn from the samples of one set, and judge its test split and the photographs."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    ours = opened(name, sample)
    learnt = ours.train if name == "rooms" else ours.train + ours.val
    real = opened(name, photographs)
    # The scenes have a test split of their own; of the others, every photograph is judged.
    judged = real.test if name == "scenes" else real.train + real.val + real.test
    judge = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    judge.fit(features(learnt), learnt.labels)
    for title, split in (
        (f"{name}, sample test split", ours.test),
        (f"{name}, photographs", judged),
    ):
        report(title, ours.class_names, split.labels, judge.predict(features(split)))


def missing(photographs: str) -> str:
    """What keeps the probe from running, in one sentence; empty if nothing does."""
    if find_spec("sklearn") is None:
        return "Skipped: the probe needs scikit-learn, of the dependency group `probe`."
    if not Path(photographs).is_dir() or not photographs:
        return "Skipped: no photographs; name the folder of their sets in COURSE_DATA."
    weights = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "models" / WEIGHTS
    return "" if weights.is_file() else f"Skipped: {WEIGHTS} is not in KERAS_HOME/models."


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="tools.probe", description=__doc__)
    parser.add_argument("set", nargs="*", choices=[*SETS, []], help="the sets; all if none")
    parser.add_argument("--sample", type=Path, default=SAMPLES, help="folder of the sample sets")
    words = parser.parse_args(arguments)
    photographs = os.environ.get("COURSE_DATA", "").strip()
    if reason := missing(photographs):
        print(reason)
        return 0
    start()
    for name in words.set or SETS:
        try:
            probe(name, words.sample, Path(photographs))
        except CourseError as error:
            print(f"Skipped {name}: {error}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
