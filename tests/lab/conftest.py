"""The laboratory, served from this computer to a browser that may ask nobody else."""

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from chromium import CHROMIUM, FLAGS, LONG
from pictures import ROOT

LAB = ROOT / "lab"
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *said):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *asked):
        """A browser that closes leaves downloads behind."""


@contextmanager
def serving():
    """Serve the laboratory while it lasts; yields its address."""
    with Server(("127.0.0.1", 0), partial(Quiet, directory=str(LAB))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def served():
    """What serves the laboratory, for as long as a test wants."""
    if not (LAB / "built" / "files.js").exists():
        pytest.skip("the laboratory is not built: make laboratory (it needs npm)")
    return serving


@pytest.fixture(scope="module")
def address(served):
    """Where the laboratory is served."""
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS + CAMERA)
        yield browser
        browser.close()


@pytest.fixture
def page(request, address, chromium):
    """The page, ready; afterwards, that only its own files were asked for, and all went well."""
    context = chromium.new_context(**getattr(request, "param", {"color_scheme": "light"}))
    context.set_default_timeout(LONG)
    page, asked, errors = context.new_page(), [], []
    page.faults = errors
    context.on("request", lambda r: asked.append((r.method, r.url)))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if "Security Policy" in m.text else None)
    page.goto(address)
    page.locator("html[data-ready]").wait_for(timeout=LONG)
    yield page
    context.close()
    remote = [(how, url) for how, url in asked if url.startswith(("http", "ws"))]
    home = urlsplit(address).netloc
    assert {(how, urlsplit(url).netloc) for how, url in remote} == {("GET", home)}
    assert not errors
