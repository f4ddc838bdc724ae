"""One server and one browser for all tests here; a fresh learner and a fresh tab for each."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.browsers import find_browser
from tests.browser.lab import PATIENCE, Lab
from tests.browser.pages import JupyterLab

expect.set_options(timeout=PATIENCE * 1000)

_HERE = Path(__file__).parent
_SIZE = ViewportSize(width=1400, height=900)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test here, so that `-m "not browser"` leaves them out."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(600))


# These end with the last test of this folder: Playwright keeps an event loop running in the main
# thread, which tests of asyncio elsewhere would trip over.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine."""
    executable = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A running JupyterLab with the tutor and its sample course."""
    lab = Lab(tmp_path_factory.mktemp("lab"))
    try:
        lab.start()
        yield lab
    finally:
        lab.close()


@pytest.fixture
def lab(server: Lab) -> Iterator[Lab]:
    """The same server, as a learner finds it who has never been here."""
    yield server
    if not server.runs:  # a test that failed may have left it ended
        server.start()
    for session in server.request("GET", "api/sessions"):
        server.request("DELETE", f"api/sessions/{session['id']}")
    server.forget_everybody()
    for entry in server.files.iterdir():
        shutil.rmtree(entry)


@pytest.fixture(scope="package")
def light(browser: Browser) -> Iterator[BrowserContext]:
    """Tabs of a browser that prefers light colours; they share one cache."""
    with browser.new_context(color_scheme="light", viewport=_SIZE) as context:
        context.set_default_timeout(PATIENCE * 1000)
        yield context


@pytest.fixture(scope="package")
def dark(browser: Browser) -> Iterator[BrowserContext]:
    """Tabs of a browser that prefers dark colours."""
    with browser.new_context(color_scheme="dark", viewport=_SIZE) as context:
        context.set_default_timeout(PATIENCE * 1000)
        yield context


@pytest.fixture
def page(
    light: BrowserContext, screenshots: Path, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A fresh tab; no script of ours may fail in it, and a failing test leaves a picture of it."""
    failed = request.session.testsfailed
    page = light.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(error.stack or error.message))
    yield page
    if request.session.testsfailed > failed:
        page.screenshot(path=screenshots / f"failure-{request.node.name}.png")
    page.close()
    assert [error for error in errors if "/jupyter-tutor/" in error] == []


@pytest.fixture
def jupyter(page: Page, lab: Lab) -> JupyterLab:
    """JupyterLab in a fresh tab, not loaded yet."""
    return JupyterLab(page, lab)


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures go: the directory that TUTOR_SCREENSHOTS names, or else a temporary one."""
    wanted = os.environ.get("TUTOR_SCREENSHOTS")
    directory = Path(wanted) if wanted else tmp_path_factory.mktemp("screenshots")
    directory.mkdir(parents=True, exist_ok=True)
    return directory
