"""Let workers of Ray read photos and answer them, here or on the machines of a cluster.

Only that is theirs. To find photos, to decide where each goes, to place it and to keep the ledger
remains with the one process that holds the ledger's lock, so what the organiser promises does not
hang on them: a worker gets paths, gives back what it read, and writes nothing.
"""

import logging
import os
import secrets
import signal
import socket
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from typing import Any

from apps.organiser.names import printable
from apps.organiser.read import BATCH, batches
from apps.organiser.records import Options, Photo, Reading
from apps.organiser.worker import answer
from helpers.errors import CourseError
from helpers.runtime import ROOT

ENGINES = ("threads", "ray")
PACKAGE = "ray>=2.50"
MEMORY = 3 * 2**29  # bytes that a worker claims: TensorFlow, and one photo of the most pixels
STORE = 2**27  # bytes of the memory through which answers come back, which are small
CLIENTS = "10001"  # the port on which a cluster listens for ray://HOST
HEAD = "6379"  # and for its own machines
PATIENCE = 10  # seconds
ATTEMPTS = 3
LOST = 2 * BATCH  # photos that cost workers their lives, one after another, before a run gives up
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
THREADS = {"TF_NUM_INTRAOP_THREADS": "1"}  # of a worker: there is one for each core
# Read when Ray is imported, or started, on this machine alone.
ALONE = {
    # Ray would take the address by which others reach this machine for 127.0.0.1.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_enable_metrics_collection": "0",  # nobody looks at them
    # Nor may this machine's other users give it work.
    "RAY_AUTH_MODE": "token",
}

# Gives a worker photos, and returns what waits for the answer: None where the worker died over it.
Ask = Callable[[Sequence[Photo]], Callable[[], list[Reading] | None]]


def check_engine(options: Options) -> None:
    """Raise CourseError where an engine is asked for that is not there."""
    if options.address and options.engine != "ray":
        raise CourseError("--address is one of a Ray cluster: add --engine ray.")
    if options.engine == "ray" and find_spec("ray") is None:
        raise CourseError(
            f'--engine ray needs Ray: run `python -m pip install "{PACKAGE}"`, and start again.'
        )


def read_by_ray(
    photos: Iterable[Photo], options: Options, digest: str
) -> Generator[Reading, None, None]:
    """Yield each photo read and answered by Ray's workers, in order.

    Args:
        photos: Which.
        options: The folder, the model, and the address of a cluster; none starts one here.
        digest: The model's SHA-256.

    Raises:
        CourseError: there is no such cluster, or it cannot do it.
    """
    with cluster(options.address) as ray:
        workers = int(ray.cluster_resources().get("CPU", 0))
        if not workers:
            raise CourseError("The Ray cluster has no processor to give: add a machine to it.")
        there = (node["Resources"].get("memory", 0) for node in ray.nodes() if node["Alive"])
        claim = min(MEMORY, int(max(there, default=0))) or None  # more would be waited for for ever
        task = ray.remote(max_retries=0, num_cpus=1, memory=claim)(answer)
        given = (options.photos, options.model.resolve(), digest)
        ask: Ask = lambda batch: partial(_answer, task.remote(batch, *given))  # noqa: E731
        yield from in_order(photos, ask, 2 * workers)


def in_order(photos: Iterable[Photo], ask: Ask, most: int) -> Iterator[Reading]:
    """Yield what workers say of photos, with so many batches waiting or at work.

    Args:
        photos: Which.
        ask: Gives a worker photos.
        most: How many batches.

    Raises:
        CourseError: worker after worker dies.
    """
    waiting: deque[tuple[list[Photo], Callable[[], list[Reading] | None]]] = deque()
    lost = 0
    for batch in batches(photos):
        waiting.append((batch, ask(batch)))
        if len(waiting) == most:
            lost = yield from _told(*waiting.popleft(), ask, lost)
    while waiting:
        lost = yield from _told(*waiting.popleft(), ask, lost)


def _told(
    batch: Sequence[Photo], wait: Callable[[], list[Reading] | None], ask: Ask, lost: int
) -> Generator[Reading, None, int]:
    """Yield what a worker says of a batch; where it died, ask again of each photo alone.

    Args:
        batch: The photos.
        wait: Waits for the answer.
        ask: As of `in_order`.
        lost: How many photos before these have cost two workers their lives, with none between.

    Returns:
        How many have by now.
    """
    answers = wait()
    if answers is not None:
        yield from answers
        return 0
    for photo, again in [(photo, ask([photo])) for photo in batch]:
        answers = again()
        lost = 0 if answers else lost + 1
        if lost > LOST:
            raise CourseError(
                f"The workers die as they read: the last {LOST} photos have cost two each. See "
                "Ray's logs, put that right, and run the same command again."
            )
        path = printable(photo.path)
        yield from answers or [Reading(photo, stays=f"{path} cost two workers their lives unread")]
    return lost


def _answer(asked: Any) -> list[Reading] | None:
    """Wait for a worker's answer; None where the worker died over it.

    Raises:
        CourseError: what the worker says cannot be done, or the cluster is gone.
    """
    import ray
    from ray import exceptions

    try:
        return ray.get(asked)
    except (
        exceptions.WorkerCrashedError,
        exceptions.NodeDiedError,
        exceptions.OutOfMemoryError,
        exceptions.ObjectLostError,
    ):
        return None
    except exceptions.RayTaskError as error:
        if isinstance(error.cause, CourseError):
            raise CourseError(str(error.cause)) from None
        raise
    except (exceptions.RayError, ConnectionError) as error:
        raise _gone(error) from None


def reached(address: str) -> str:
    """Return an address with its port; raise CourseError where nobody listens.

    Ray itself would try for minutes.
    """
    is_client = address.startswith("ray://")
    host, _, port = address.removeprefix("ray://").partition(":")
    port = port or (CLIENTS if is_client else HEAD)
    try:
        socket.create_connection((host, int(port)), PATIENCE).close()
    except (OSError, ValueError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        raise CourseError(
            f"Nobody answers at {printable(host)}, port {printable(port)} ({why}): start the Ray "
            "cluster, or give another --address."
        ) from None
    return f"{'ray://' * is_client}{host}:{port}"


def _gone(error: Exception) -> CourseError:
    """Return the sentence on a cluster that cannot be used."""
    first = printable(str(error).strip().partition("\n")[0]) or type(error).__name__
    return CourseError(
        f"The Ray cluster cannot be used ({first}): put that right, and run the same command again."
    )


@contextmanager
def cluster(address: str) -> Iterator[Any]:
    """Connect to a cluster, or start one that only this machine can reach; yield Ray.

    Args:
        address: As "ray://HOST" or "HOST:6379"; "" starts one, which ends with the block.

    Raises:
        CourseError: nobody answers there, or none can be started.
    """
    if not address:
        os.environ.update(ALONE, **THREADS, RAY_AUTH_TOKEN=secrets.token_hex(32))
    else:
        address = reached(address)
    os.environ.update(QUIET | os.environ)
    where = short_folder()
    with tempfile.TemporaryDirectory(prefix="ray", dir=where, ignore_cleanup_errors=True) as folder:
        import ray
        from ray._private import worker

        # It prints what it says of a dead worker among the organiser's own lines.
        worker._worker_logs_enabled = False
        given = _there(address) if address else _here(folder)
        _begin(lambda: ray.init(**given, log_to_driver=False, logging_level=logging.ERROR), ray)
        try:
            yield ray
        finally:
            ray.shutdown()


def _begin(init: Callable[[], Any], ray: Any) -> None:
    """Start Ray, or connect to it; raise CourseError where that fails again and again.

    On a machine that is busy, its parts may wait for each other in vain, and the next time not.
    """
    for attempt in range(ATTEMPTS):
        try:
            with heard_here():
                init()
            return
        except Exception as error:  # Ray raises what its parts do, of many kinds
            ray.shutdown()
            if attempt == ATTEMPTS - 1:
                raise _gone(error) from None


def _here(folder: str) -> dict[str, Any]:
    """Return what starts a cluster on this machine, on its loopback address."""
    return {
        "address": "local",
        "num_cpus": os.cpu_count(),
        "include_dashboard": False,
        "object_store_memory": STORE,
        "_node_ip_address": "127.0.0.1",
        "_temp_dir": folder,
    }


def _there(address: str) -> dict[str, Any]:
    """Return what connects to a cluster, whose machines get this very code."""
    code = [str(ROOT / name) for name in ("apps", "helpers")]
    return {"address": address, "runtime_env": {"py_modules": code, "env_vars": THREADS}}


def short_folder() -> str | None:
    """Return where a folder with a short path can be made: a socket's may have 107 letters."""
    return "/tmp" if os.name == "posix" else None


@contextmanager
def heard_here() -> Iterator[None]:
    """Keep who hears SIGTERM: Ray would end the program at once, and without its sentence."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
