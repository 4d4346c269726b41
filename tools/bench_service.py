"""Say where the time of a request to the web app goes, in milliseconds of the processor's.

`python -m tools.bench_service --write`: the same request is answered whole, then with the model
left out, then with the opening of the photo left out as well; the differences are their shares.
What the server itself does, waitress with its sockets and threads, is not in it: for that, see
`tools.load_test`, whose clients send the same photo.
"""

import argparse
import io
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from unittest.mock import patch

import numpy as np

from apps import sentences
from apps.predictor import MODEL, Predictor
from helpers.data import SAMPLES
from helpers.images import open_image
from tools.load_test import BOUNDARY, TOGETHER, body
from tools.tables import machine, write

ROUNDS = 7
TIMES = 30  # calls of each kind in a round
HEAD = """\
| of a request with one photo | ms of a processor | share |
|---|---|---|"""


def cost(work: Callable[[], object]) -> float:
    """Return the milliseconds of a processor that a call takes, in all threads."""
    start = time.process_time()
    for _ in range(TIMES):
        work()
    return 1000 * (time.process_time() - start) / TIMES


def asking(app: Callable, sent: bytes) -> Callable[[], None]:
    """Return what sends an app one request, without a server between."""
    facts = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/predict",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
        "CONTENT_LENGTH": str(len(sent)),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
    }

    def ask() -> None:
        answer = b"".join(app({**facts, "wsgi.input": io.BytesIO(sent)}, lambda *_: None))
        assert b'"label"' in answer, answer

    return ask


def measure(model: Path, photo: bytes) -> list[list[float]]:
    """Return, for each round, what all of it costs, and its parts: model, opening, the rest.

    Last in a round is the cost of a photo of which `TOGETHER` are asked in one call.
    """
    from apps.web.app import create_app
    from helpers.classifier import Classifier

    logging.getLogger("apps").setLevel(logging.ERROR)
    predictor = Predictor(model)
    app = create_app(predictor, model.name, "1000000 per second")
    ask = asking(app, body(photo))
    together = app.config["TOGETHER"]
    image = open_image(photo, predictor.classifier.size)
    said = predictor.probabilities(image[None])
    eight = np.repeat(image[None], TOGETHER, axis=0)
    rounds = []
    for _ in range(ROUNDS + 1):
        app.config["TOGETHER"] = together
        whole = cost(ask)
        app.config["TOGETHER"] = lambda images: said
        without = cost(ask)
        with patch.object(Classifier, "open", lambda *_: image):
            neither = cost(ask)
        called = cost(lambda: predictor.probabilities(eight)) / TOGETHER
        rounds.append([whole, whole - without, without - neither, neither, called])
    return rounds[1:]  # the first sets things up


def table(rounds: list[list[float]]) -> list[str]:
    """Return the rows: medians of the rounds, in which all kinds took turns."""
    last = f"the model, {TOGETHER} photos a call"
    names = ("all of it", "the model", "opening the photo", "the form, limits, the answer", last)
    costs = [median(each) for each in zip(*rounds, strict=True)]
    return [
        f"| {name} | {ms:.2f} | {ms / costs[0]:.0%} |"
        for name, ms in zip(names, costs, strict=True)
    ]


def main() -> None:
    """Measure, print, and write the table if asked to."""
    parser = argparse.ArgumentParser("bench_service", description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL, help="a .keras file of the course")
    parser.add_argument("--write", action="store_true", help="write it into docs/results.md")
    given = parser.parse_args()
    photo = sorted((SAMPLES / "rooms" / "test").rglob("*.jpg"))[0].read_bytes()
    rows = table(measure(given.model, photo))
    print(HEAD, *rows, sep="\n")
    if given.write:
        write([*rows, "", f"Measured on {machine()}."], HEAD, "service")


if __name__ == "__main__":
    with sentences():
        main()
