"""A JupyterLab of the tests' own, and its pages in a browser."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from chromium import LONG

SETTINGS = {
    # Lab renders only the cells in view unless told otherwise, and asks about news.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
RUN_ALL = """async () => {
    const {context} = jupyterapp.shell.currentWidget;
    await context.ready;
    await context.sessionContext.ready;
    await context.sessionContext.session.kernel.info;
    await jupyterapp.commands.execute('notebook:run-all-cells');
}"""


@contextlib.contextmanager
def running_lab(home: Path) -> Iterator[tuple[str, Path]]:
    """Run a JupyterLab on a free port of loopback: its address, and the folder it shows."""
    for name, content in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content))
    (home / "shown").mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # Somebody looks on here, whatever the other tests are told.
    env = {k: v for k, v in os.environ.items() if k not in ("COURSE_LIVE", "COURSE_DATA")}
    places = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
    env |= {f"JUPYTER_{key}_DIR": str(home / place) for key, place in places.items()}
    env |= {f"JUPYTERLAB_{p.upper()}_DIR": str(home / p) for p in ("settings", "workspaces")}
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
    command += ["--ServerApp.port_retries=0", "--IdentityProvider.token="]
    command += ["--LabApp.expose_app_in_browser=True"]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [*command, f"--ServerApp.root_dir={home / 'shown'}"],
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        await_server(server, port, home / "log")
        yield f"http://127.0.0.1:{port}", home / "shown"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)  # the server and its kernels
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def await_server(server, port, log):
    end = time.monotonic() + LONG / 1000
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status", timeout=5).close()
            return
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not answer:\n{log.read_text()}")


def open_in_lab(lab, browser, name):
    """Open a notebook of the folder, run all its cells, and return the page once they have run."""
    address = lab[0]
    page = browser.new_page()
    page.goto(f"{address}/lab/tree/{name}?reset")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context")
    page.evaluate(RUN_ALL)
    failed = page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]')
    assert failed.count() == 0, failed.first.inner_text()
    return page
