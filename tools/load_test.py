"""Load the web app with many clients at once, and print what it can take.

`python -m tools.load_test`: the server runs in a process of its own, on loopback, with its rate
limit lifted; the clients are threads here, each with one connection that it keeps. Both share this
machine's cores, so a server with cores of its own takes more.

With `--bombs`, sixteen clients send pictures that are made to cost, and what /health and a client
with a good photo wait meanwhile is printed.
"""

import argparse
import contextlib
import http.client
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from apps import sentences
from apps.predictor import MODEL, Predictor
from helpers.data import SAMPLES
from helpers.images import open_image
from tools.bombs import header_bomb, scan_bomb
from tools.tables import write

CLIENTS = (1, 8, 64)
SECONDS = 6.0  # for each number of clients, after one more to warm up
TOGETHER = 8  # photos in a call, as when so many clients ask
BOMBERS = 16
BOMBS = {
    "scan bombs": lambda: scan_bomb(5000),  # 0.1 MB, five seconds each where nothing stops them
    "header bombs": lambda: header_bomb(300, 900_000),  # 0.3 GB each where nothing stops them
}
BOUNDARY = "----photo"
TABLE_HEAD = """\
| one photo a request | requests a second | p50, ms | p99, ms | errors |
|---|---|---|---|---|"""
ROW = "{:<28}{:>14}{:>10}{:>10}{:>8}"


@contextlib.contextmanager
def server(model: Path) -> Iterator[int]:
    """Run the app without a rate limit; yield its port."""
    command = [sys.executable, "-m", "apps.web", "--model", str(model), "--port", "0"]
    command += ["--rate", "1000000 per second"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None, "it was asked for"
            ready = process.stdout.readline()
            if not ready:
                sys.exit("The server did not start: run `python -m apps.web` to see why.")
            yield int(ready.rstrip("/\n").rsplit(":", 1)[1])
        finally:
            process.terminate()


def body(photo: bytes) -> bytes:
    """Return a multipart body with one photo."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="images"; filename="room.jpg"'
    return f"{head}\r\n\r\n".encode() + photo + f"\r\n--{BOUNDARY}--\r\n".encode()


def client(port: int, sent: bytes, end: float, took: list[float], failed: list[str]) -> None:
    """Ask over one connection until `end`; append a right answer's seconds, or what was wrong."""
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.perf_counter() < end:
        start = time.perf_counter()
        try:
            connection.request("POST", "/api/predict", sent, headers)
            answer = connection.getresponse()
            said = answer.read()
            right = answer.status == 200 and b'"label"' in said
            if right:
                took.append(time.perf_counter() - start)
            else:
                failed.append(f"status {answer.status}, and no label")
        except (OSError, http.client.HTTPException) as error:
            failed.append(type(error).__name__)
            connection.close()
    connection.close()


def put_under_load(
    port: int, clients: int, sent: bytes, seconds: float
) -> tuple[list[float], list[str], float]:
    """Let many clients ask for some seconds, and wait for the last answers.

    Returns:
        The seconds that each right answer took, what went wrong with each other request, and the
        seconds until all had ended.
    """
    took: list[float] = []
    failed: list[str] = []
    start = time.perf_counter()
    given = (port, sent, start + seconds, took, failed)
    threads = [threading.Thread(target=client, args=given) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, failed, time.perf_counter() - start


def alone(work: Callable[[], object], times: int = 200) -> list[float]:
    """Return the seconds that each of some calls takes, here and one after another."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return took


def say(what: str, took: list[float], per_second: float, failed: int = 0) -> str:
    """Print one line of the table, and return it as that of docs/results.md."""
    median, slow = 1000 * np.percentile(took or [np.nan], [50, 99])
    cells = (what, f"{per_second:.0f}", f"{median:.1f}", f"{slow:.1f}", failed)
    print(ROW.format(*cells), flush=True)
    return f"| {' | '.join(map(str, cells))} |"


def without_a_server(model: Path, photo: bytes) -> list[str]:
    """Print, and return, the lines on what the server does for a photo, each part alone."""
    predictor = Predictor(model)
    size = predictor.classifier.size
    image = open_image(photo, size)[None]
    lines = []
    together = np.repeat(image, TOGETHER, axis=0)
    for what, photos, work in (
        ("opening it, alone", 1, lambda: open_image(photo, size)),
        ("the model, alone", 1, lambda: predictor.probabilities(image)),
        (f"the model, {TOGETHER} a call", TOGETHER, lambda: predictor.probabilities(together)),
    ):
        took = alone(work)
        lines.append(say(what, took, photos * len(took) / sum(took)))
    return lines


def health(port: int, over: threading.Event) -> tuple[list[float], list[str]]:
    """Ask for /health until it is over; return the seconds of right answers, and the failures."""
    took: list[float] = []
    failed: list[str] = []
    while not over.is_set():
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/health")
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                took.append(time.perf_counter() - start)
            else:
                failed.append(f"status {answer.status}")
        except (OSError, http.client.HTTPException) as error:
            failed.append(type(error).__name__)
        connection.close()
    return took, failed


def bombed(port: int, photo: bytes, bomb: bytes | None) -> None:
    """Print what /health and a good photo wait while bombs are sent, or while none are."""
    over = threading.Event()
    with ThreadPoolExecutor(BOMBERS + 2) as pool:
        bombers = [
            pool.submit(put_under_load, port, 1, body(bomb), SECONDS)
            for _ in range(BOMBERS)
            if bomb
        ]
        asked = pool.submit(health, port, over)
        took, failed, elapsed = put_under_load(port, 1, body(photo), SECONDS)
        for bomber in bombers:
            bomber.result()
        over.set()
        healthy, ill = asked.result()
    say("  /health", healthy, len(healthy) / elapsed, len(ill))
    say("  a good photo", took, len(took) / elapsed, len(failed))
    worst = max([*healthy, *took], default=float("nan"))
    print(f"  the longest wait: {worst:.2f} s;", ", ".join(sorted({*failed, *ill})) or "no error")


def all_bombs(model: Path, photo: bytes) -> None:
    """Print a table for no bombs, and for each kind."""
    print(ROW.format("one request at a time", "a second", "p50 ms", "p99 ms", "errors"))
    with server(model) as port:
        for what, bomb in {"no bombs": lambda: None, **BOMBS}.items():
            print(f"{what}, from {BOMBERS} clients" if what in BOMBS else what, flush=True)
            bombed(port, photo, bomb())


def main() -> None:
    """Read the command line, and print one of the two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL, help="a .keras file of the course")
    parser.add_argument("--write", action="store_true", help="write it into docs/results.md too")
    parser.add_argument("--bombs", action="store_true", help="see what others wait meanwhile")
    given = parser.parse_args()
    photo = sorted((SAMPLES / "rooms" / "test").rglob("*.jpg"))[0].read_bytes()
    if given.bombs:
        all_bombs(given.model, photo)
    else:
        table(given.model, photo, given.write)


def table(model: Path, photo: bytes, into_the_page: bool) -> None:
    """Print how many requests are answered, and write it into docs/results.md if asked to."""
    print(ROW.format("one photo a request", "a second", "p50 ms", "p99 ms", "errors"))
    rows = without_a_server(model, photo)
    with server(model) as port:
        for clients in CLIENTS:
            put_under_load(port, clients, body(photo), 1)
            took, failed, elapsed = put_under_load(port, clients, body(photo), SECONDS)
            what = f"the server, {clients} client{'s' * (clients > 1)}"
            rows.append(say(what, took, len(took) / elapsed, len(failed)))
            if failed:
                print("  failed with", ", ".join(sorted(set(failed))))
    if into_the_page:
        write(rows, TABLE_HEAD, "load")


if __name__ == "__main__":
    with sentences():
        main()
