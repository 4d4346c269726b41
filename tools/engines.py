"""Programs that `tools.bench_engines` starts: answers and a training, spread by engines.

`python -m tools.engines NAME '{"an": "argument"}'` runs one of the functions below, or of the
module `answering`, which is written from the cells of chapter 17. Their imports stand in their
bodies: a program loads the engine it is about, and no other. What it prints last is what the
function returns, as JSON.
"""

import argparse
import importlib
import inspect
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

BEGUN = time.perf_counter()
CORES = 2
BATCH = 100  # photos that a worker is given at once
COLUMNS = "path string, label string"  # of the table that comes back
TRIALS = 8  # settings that a search tries


def with_ray(number: int) -> dict[str, Any]:
    """Answer a number of photos by Ray Data."""
    import ray
    from answering import answer, measured

    def way(paths: list[str]) -> Any:
        _start_ray(ray)
        rows = ray.data.from_items(
            [{"path": path} for path in paths], override_num_blocks=2 * CORES
        )
        return rows.map_batches(lambda part: answer(part["path"]), batch_size=BATCH).to_pandas()

    return measured(way, number, 1)


def with_spark(number: int) -> dict[str, Any]:
    """Answer a number of photos by Spark."""
    os.environ["PYSPARK_PYTHON"] = sys.executable  # for its workers: the first on the path else
    from answering import answer, measured

    def way(paths: list[str]) -> Any:
        from pyspark.sql import SparkSession

        local = SparkSession.builder.master(f"local[{CORES}]").config("spark.ui.enabled", "false")
        local = local.config("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH))
        rows = local.getOrCreate().createDataFrame([(path,) for path in paths], "path string")
        rows = rows.repartition(2 * CORES)
        table = rows.mapInPandas(lambda tables: (answer(t["path"]) for t in tables), COLUMNS)
        return table.toPandas()

    return measured(way, number, 1)


def learn(process: int, processes: int) -> dict[str, Any]:
    """Train the network of chapter 4 by data parallelism on JAX, as one of several processes."""
    _bind(process)
    os.environ["KERAS_BACKEND"] = "jax"
    from keras import distribution

    if processes > 1:
        distribution.initialize("127.0.0.1:9777", processes, process)
    distribution.set_distribution(distribution.DataParallel())
    model, batches, _ = lesson()
    begun = time.perf_counter()
    first = model.fit(batches, verbose=0).history["loss"]  # builds the graph, too
    middle = time.perf_counter()
    rest = model.fit(batches, epochs=4, verbose=0).history["loss"]
    end = time.perf_counter()
    return {"loss": first + rest, "first": middle - begun, "each": (end - middle) / 4}


def lesson(rate: float = 0.001) -> tuple[Any, Any, Any]:
    """Return the network of chapter 4, new, and the sample rooms to learn and to watch by."""
    import keras
    import numpy as np
    import tensorflow as tf

    from helpers.data import load
    from helpers.network import three_blocks

    keras.utils.set_random_seed(1)
    data = load("rooms")
    mixed = data.train.take(np.random.default_rng(1).permutation(len(data.train)))  # by class else
    slices = tf.data.Dataset.from_tensor_slices
    fed, watched = (slices(split.arrays((96, 96))).batch(32) for split in (mixed, data.val))
    model = three_blocks()
    model.optimizer.learning_rate = rate
    return model, fed, watched


def search(process: int, processes: int, folder: str) -> dict[str, Any]:
    """Search the rate of chapter 4's network by KerasTuner: alone, or as one of several.

    Of several the first is the chief. It trains nothing: it deals out the settings, and notes what
    came of each. Each of the others is bound to a core, as the one that searches alone is.

    Args:
        process: Which of them.
        processes: How many there are, the chief with them; 1 is without a chief.
        folder: Where all of them write.
    """
    if processes > 1:
        os.environ["KERASTUNER_TUNER_ID"] = f"worker {process}" if process else "chief"
        os.environ["KERASTUNER_ORACLE_IP"] = "127.0.0.1"
        os.environ["KERASTUNER_ORACLE_PORT"] = "9778"
    _bind(process)
    import keras_tuner

    def build(settings: Any) -> Any:
        return lesson(settings.Float("rate", 1e-4, 1e-1, sampling="log"))[0]

    options = {"max_trials": TRIALS, "seed": 1, "directory": folder, "project_name": "search"}
    tuner = keras_tuner.RandomSearch(build, "val_loss", **options)
    _, batches, watched = lesson()
    begun = time.perf_counter()
    tuner.search(batches, validation_data=watched, epochs=5, verbose=0)
    seconds = time.perf_counter() - begun
    best = [] if process else tuner.oracle.get_best_trials(TRIALS)  # a worker may ask too soon
    found = sorted((trial.hyperparameters.get("rate"), trial.score) for trial in best)
    return {"found": found, "start": begun - BEGUN, "seconds": seconds}


def mirrored(process: int) -> dict[str, str]:
    """Say what TensorFlow's own strategy for several workers does as one of two."""
    workers = {"cluster": {"worker": ["127.0.0.1:9801", "127.0.0.1:9802"]}}
    os.environ["TF_CONFIG"] = json.dumps({**workers, "task": {"type": "worker", "index": process}})
    import keras
    import tensorflow as tf

    with tf.distribute.MultiWorkerMirroredStrategy().scope():
        model, batches, _ = lesson()
    said = ""
    try:
        model.fit(batches, verbose=0)
    except Exception as error:  # whatever it is, it is the finding
        said = f"{type(error).__name__}: {error}"
    return {"keras": keras.__version__, "said": said[:200]}


def _bind(process: int) -> None:
    """Keep a process to one core, for alone it takes all that it finds."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[process % len(cores)]})


def _start_ray(ray: Any) -> None:
    """Start Ray on this computer, unless it runs."""
    if not ray.is_initialized():
        quiet = {"log_to_driver": False, "logging_level": "ERROR"}
        ray.init(num_cpus=CORES, include_dashboard=False, **quiet)


PROGRAMS = (with_ray, with_spark, learn, search, mirrored)


def program(name: str) -> Callable:
    """Return the program of a name; stop with a sentence where there is none."""
    ours = {function.__name__: function for function in PROGRAMS}
    if name in ours:
        return ours[name]
    try:
        theirs = getattr(importlib.import_module("answering"), name, None)
    except ModuleNotFoundError:
        theirs = None
    if not inspect.isfunction(theirs):
        known = ", ".join(ours)
        sys.exit(
            f"{name} is no program: name one of {known}, or a function of the module answering, "
            "which tools.bench_engines writes and finds."
        )
    return theirs


def main() -> None:
    """Run a program, and print what it returns."""
    parser = argparse.ArgumentParser("tools.engines", description=__doc__.splitlines()[0])
    parser.add_argument("name", help=", ".join(function.__name__ for function in PROGRAMS))
    parser.add_argument("given", nargs="?", default="{}", help="its arguments, as JSON")
    words = parser.parse_args()
    chosen = program(words.name)
    try:
        given = json.loads(words.given)
        inspect.signature(chosen).bind(**given)
    except (ValueError, TypeError) as error:
        parser.error(f"{words.name} takes {inspect.signature(chosen)} as a JSON object: {error}")
    print("\n" + json.dumps(chosen(**given)))


if __name__ == "__main__":
    main()
