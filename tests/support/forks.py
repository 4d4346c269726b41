"""Kernels that begin where TensorFlow is imported: forked from a process that imports it once.

As a plugin of pytest this gives every kernel that a test starts to that process; as a program it is
the process. It imports what each chapter imports first, and runs no operation, which would start
threads that no fork takes along. A kernel that asks for anything unusual, and every kernel on
another system than Linux, begins as ever, and so does one whose process does not answer.
"""

import contextlib
import gc
import importlib
import importlib.util
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

ADDRESS = "KERNEL_FORKS"  # the environment's name for where the process listens
USUAL = [sys.executable, "-m", "ipykernel_launcher"]
# What a kernel's environment may say otherwise than when the tests began: it is read where a kernel
# starts or a cell runs, and not where a library is imported, or it is what the import itself sets.
OWN = ("COURSE_", "JPY_", "JUPYTER_", "PYTEST_", "GRADIO_", "NO_PROXY", "no_proxy", ADDRESS)
OWN += (
    "TPU_ML_",
    "KMP_",
    "HF_HUB_",
    "HDF5_PLUGIN_PATH",
    "TF_CPP_MIN_LOG_LEVEL",
    "TF2_BEHAVIOR",
    "ENABLE_RUNTIME_UPTIME_TELEMETRY",
    "PYDEVD_",
)


# In pytest.


class Forked:
    """A process that another one has forked, in the form of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.connection, self.pid, self.returncode = connection, pid, None

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        if self.returncode is None and select.select([self.connection], [], [], 0)[0]:
            self.returncode = int(self.connection.recv(99) or -signal.SIGKILL)
            self.connection.close()
        return self.returncode

    def wait(self) -> int:
        """Return the exit code, once it is there."""
        while self.poll() is None:
            select.select([self.connection], [], [])
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to it, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


def kept(environment: Mapping) -> dict:
    """Return what a process and its forks have to agree on."""
    return {key: value for key, value in environment.items() if not key.startswith(OWN)}


BEGUN = kept(os.environ)


def forked(command: list[str], given: dict) -> Forked | None:
    """Ask for a kernel; None where it is no usual one, or nobody answers."""
    usual = command[: len(USUAL)] == USUAL and ADDRESS in os.environ
    if not usual or kept(given["env"]) != BEGUN:
        return None
    cwd = str(given.get("cwd") or Path.cwd())
    request = {"argv": command[len(USUAL) - 1 :], "env": given["env"], "cwd": cwd}
    streams = [given.get("stdout"), given.get("stderr")]
    files = [number if file is None else file for number, file in enumerate(streams, 1)]
    files = [file if isinstance(file, int) else file.fileno() for file in files]
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(120)  # the first one waits for TensorFlow
        connection.connect(os.environ[ADDRESS])
        socket.send_fds(connection, [json.dumps(request).encode() + b"\n"], files)
        return Forked(connection, int(connection.recv(99)))
    except (OSError, ValueError):
        connection.close()
        return None


class ForkedProvisioner(LocalProvisioner):
    """Starts a kernel by a fork, or, where that cannot be, as Jupyter does."""

    async def launch_kernel(self, cmd: list[str], **kwargs):
        """Launch a kernel with a command; return how it is connected to."""
        process = forked(cmd, kwargs)
        if process is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pid, self.pgid = process, process.pid, process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info


def pytest_configure(config) -> None:
    """Give the kernels of this process to the provisioner, and start what forks them."""
    if sys.platform != "linux":
        return
    KernelProvisionerFactory.provisioners["forked"] = EntryPoint(
        "forked", f"{__name__}:ForkedProvisioner", KernelProvisionerFactory.GROUP_NAME
    )
    # Here alone: a JupyterLab that a test starts has kernels of its own.
    KernelProvisionerFactory.instance().default_provisioner_name = "forked"
    if ADDRESS not in os.environ:  # set by the tests' first process, or by tests that run tests
        folder = tempfile.mkdtemp()
        os.environ[ADDRESS] = f"{folder}/kernels"
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        config.add_cleanup(start(os.environ[ADDRESS]))


def start(address: str) -> Callable[[], None]:
    """Start the process that forks, which imports nothing before it is asked; return its end."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        process = subprocess.Popen(
            [sys.executable, __file__, str(server.fileno())],
            stdin=subprocess.PIPE,  # where this is closed, it ends
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[server.fileno()],
            start_new_session=True,  # Ctrl-C is meant for pytest
        )

    def end() -> None:
        process.stdin.close()
        process.wait()

    return end


# In the process that forks.


def listen(server: socket.socket) -> dict | None:
    """Fork for everyone who asks: return None in this process, and in a fork what it has to do."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a watcher
    while server in select.select([server, 0], [], [])[0]:
        connection, _ = server.accept()
        prepare()
        if os.fork() == 0:
            server.close()
            return watch(connection)
        connection.close()
    return None


def prepare() -> None:
    """Import what a kernel and each chapter import first; no operation is run."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # as helpers.runtime
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    importlib.import_module("ipykernel.kernelapp")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("matplotlib.figure", "keras", "tensorflow"):
            importlib.import_module(name)
    gc.freeze()  # what is there stays: no fork looks through it, and copies it thereby


def watch(connection: socket.socket) -> dict | None:
    """Fork the kernel and tell its number and its end; in the kernel, return what it has to do."""
    said, files, *_ = socket.recv_fds(connection, 2**20, 2)
    while not said.endswith(b"\n"):
        said += connection.recv(2**20)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    watcher = os.getpid()
    kernel = os.fork()
    if kernel == 0:
        connection.close()
        return {**json.loads(said), "files": files, "watcher": watcher}
    for file in files:
        os.close(file)
    os.setpgid(kernel, kernel)  # signals are meant for it and what it starts
    connection.send(str(kernel).encode())
    ended = os.pidfd_open(kernel)
    if ended not in select.select([ended, connection], [], [])[0]:
        os.kill(kernel, signal.SIGKILL)  # whoever asked for it is gone
    code = os.waitstatus_to_exitcode(os.waitpid(kernel, 0)[1])
    with contextlib.suppress(OSError):
        connection.send(str(code).encode())
    os._exit(0)


def become(wanted: dict) -> None:
    """Turn this fork into the kernel that was asked for, and run it."""
    os.chdir(wanted["cwd"])
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number, file in enumerate([nowhere, *wanted["files"]]):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(wanted["env"])
    sys.modules["numpy"].random.seed()  # or it draws what every other fork draws
    # Where this process ends, so does the kernel; it would read the number where it is imported.
    (_, *options), launcher = wanted["argv"], importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [launcher.origin, *options, f"--IPKernelApp.parent_handle={wanted['watcher']}"]
    sys.modules["ipykernel.kernelapp"].launch_new_instance()


if __name__ == "__main__":
    del sys.path[0]  # this folder, which is no kernel's
    if wanted := listen(socket.socket(fileno=int(sys.argv[1]))):
        become(wanted)
