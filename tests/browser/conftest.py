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
from tests.browser.lab import PATIENCE, THEMES_PLUGIN, Lab
from tests.browser.looking import THEMES
from tests.browser.pages import JupyterLab
from tests.fake_api import FakeApi, tutor

expect.set_options(timeout=PATIENCE * 1000)

_HERE = Path(__file__).parent
_SIZE = ViewportSize(width=1400, height=900)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test here, so that `-m "not browser"` leaves them out; those with a model last."""
    places = [place for place, item in enumerate(items) if item.path.is_relative_to(_HERE)]
    ours = sorted((items[place] for place in places), key=_has_model)
    for place, item in zip(places, ours, strict=True):
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.timeout(600))
        items[place] = item


def _has_model(item: pytest.Item) -> bool:
    """Whether a test has a language model: one server has one for all of these, or none."""
    return isinstance(item, pytest.Function) and "fake" in item.fixturenames


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
    """A JupyterLab with the tutor and its sample course, which runs when it is asked to serve."""
    lab = Lab(tmp_path_factory.mktemp("lab"))
    try:
        yield lab
    finally:
        lab.close()


@pytest.fixture(scope="package")
def endpoint() -> Iterator[FakeApi]:
    """The fake of the Messages API, for all tests here."""
    with FakeApi() as endpoint:
        yield endpoint


@pytest.fixture
def fake(endpoint: FakeApi) -> FakeApi:
    """The language model of the tutor, which has heard nothing yet and answers as a good one does.

    Only tests that ask for it have a tutor with a model. What it answers is `fake.otherwise`, as
    `tests.fake_api.tutor` or any `Scenario` makes it, and before that what `fake.queue` was given.
    """
    endpoint.forget()
    endpoint.otherwise = tutor()
    return endpoint


@pytest.fixture
def lab(server: Lab, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """The same server, as a learner finds it who has never been here."""
    fake = request.getfixturevalue("fake") if "fake" in request.fixturenames else None
    server.serve(fake.url if fake else "")
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


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> str:
    """Each theme, one after the other."""
    return str(request.param)


@pytest.fixture
def themed(
    theme: str, lab: Lab, light: BrowserContext, dark: BrowserContext
) -> Iterator[BrowserContext]:
    """Tabs in a theme: light and dark as the browser wants, high contrast as somebody chose."""
    if theme != "high-contrast":
        yield light if theme == "light" else dark
        return
    with lab.settings(THEMES_PLUGIN, {"theme": THEMES[theme], "adaptive-theme": False}):
        yield dark


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures go: the directory that TUTOR_SCREENSHOTS names, or else a temporary one."""
    wanted = os.environ.get("TUTOR_SCREENSHOTS")
    directory = Path(wanted) if wanted else tmp_path_factory.mktemp("screenshots")
    directory.mkdir(parents=True, exist_ok=True)
    return directory
