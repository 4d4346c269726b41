"""How real the sample rooms are: learn tidy from messy on them alone, then judge real photographs.

`python -m data.studio.probe [SAMPLE] [PHOTOGRAPHS]`; the folders may also stand in the environment
as STUDIO_SAMPLE and STUDIO_PHOTOGRAPHS. Features are MobileNet's (alpha 0.25, ImageNet, average-
pooled); the classifier is a logistic regression with scikit-learn's defaults on standardised
features; nothing is fitted to the photographs. The weights are read from `KERAS_HOME/models`. What
is missing, the probe says in one sentence, and ends.
"""

import math
import os
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np

CLASSES = ("clean", "messy")
SIDE = 224
WEIGHTS = "mobilenet_2_5_224_tf_no_top.h5"


def files(folder: Path, splits: tuple[str, ...]) -> tuple[list[Path], np.ndarray]:
    """Pictures below folder/split/class and their class numbers (n,)."""
    found = [
        (path, number)
        for split in splits
        for number, name in enumerate(CLASSES)
        for path in sorted((folder / split / name).glob("*"))
        if path.suffix in (".jpg", ".png")
    ]
    return [path for path, _ in found], np.array([number for _, number in found])


def pixels(path: Path) -> np.ndarray:
    """A picture as MobileNet wants it: (224, 224, 3), -1 to 1, bilinear."""
    from PIL import Image

    picture = Image.open(path).convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return np.asarray(picture, np.float32) / 127.5 - 1


def features(paths: list[Path]) -> np.ndarray:
    """Average-pooled features (n, 256)."""
    import keras

    network = keras.applications.MobileNet(
        input_shape=(SIDE, SIDE, 3), alpha=0.25, include_top=False, pooling="avg"
    )
    return network.predict(np.stack([pixels(path) for path in paths]), batch_size=32, verbose=0)


def wilson(right: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 percent Wilson interval of a share."""
    share, spread = right / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / total + spread / total / 4) / (1 + spread)
    return middle - half, middle + half


def report(name: str, truth: np.ndarray, answer: np.ndarray) -> None:
    """Print accuracy with its interval, and the confusion matrix."""
    right, total = int((truth == answer).sum()), len(truth)
    low, high = wilson(right, total)
    print(
        f"{name}: {right} of {total}, {right / total:.1%}"
        f" (95 percent Wilson interval {low:.1%} to {high:.1%})"
    )
    for number, kind in enumerate(CLASSES):
        row = [int(((truth == number) & (answer == k)).sum()) for k in (0, 1)]
        print(f"  {kind}: {row[0]} judged clean, {row[1]} judged messy")


def missing(sample: Path, photographs: Path | None) -> str:
    """What keeps the probe from running, in one sentence; empty if nothing does."""
    if find_spec("sklearn") is None or find_spec("keras") is None:
        return "Skipped: the probe needs Keras and scikit-learn."
    weights = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "models" / WEIGHTS
    if not (sample / "train").is_dir():
        return f"Skipped: no sample rooms at {sample}."
    if photographs is None or not (photographs / "train").is_dir():
        return "Skipped: no real photographs; name their folder last or in STUDIO_PHOTOGRAPHS."
    return "" if weights.is_file() else f"Skipped: {WEIGHTS} is not in KERAS_HOME/models."


def main(arguments: list[str]) -> int:
    """Measure and print."""
    sample = Path(
        arguments[0] if arguments else os.environ.get("STUDIO_SAMPLE", "data/sample/rooms")
    )
    named = arguments[1] if len(arguments) > 1 else os.environ.get("STUDIO_PHOTOGRAPHS")
    photographs = Path(named) if named else None
    if reason := missing(sample, photographs):
        print(reason)
        return 0
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    paths, truth = files(sample, ("train",))
    judge = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(
        features(paths), truth
    )
    for name, folder, splits in (
        ("sample rooms, test", sample, ("test",)),
        ("real rooms", photographs, ("train", "val")),
    ):
        paths, truth = files(folder, splits)
        report(name, truth, judge.predict(features(paths)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
