"""What the tests of notebooks share: a JupyterLab, and a browser to open it in."""

import pytest
from chromium import CHROMIUM, FLAGS, LONG
from jupyterlab_driven import running_lab


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of our own: (address, the folder it shows)."""
    with running_lab(tmp_path_factory.mktemp("lab")) as address_and_folder:
        yield address_and_folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if not CHROMIUM:
        pytest.skip("Chromium is not installed: no page is opened in it")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("browser"),
            executable_path=CHROMIUM,
            headless=True,
            args=FLAGS,
            viewport={"width": 1400, "height": 1000},
        )
        context.set_default_timeout(LONG)
        sync_api.expect.set_options(timeout=LONG)
        yield context
        context.close()
