"""How everything looks in each theme: free of WCAG 2.1 AA violations, and kept as pictures."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.lab import THEMES_PLUGIN, Lab
from tests.browser.pages import JupyterLab, Notebook
from tests.browser.reference import right_answer, wrong_answers

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PICTURE_BYTES = 300_000


class Looker:
    """Looks at one view after the other: axe inside of it, and a picture of the page."""

    def __init__(self, page: Page, directory: Path, theme: str) -> None:
        self.violations: list[str] = []
        self._page = page
        self._directory = directory
        self._theme = theme
        # The body of JupyterLab has no height of its own and hides what does not fit: axe takes
        # everything in it for invisible, and never looks at a colour.
        page.add_init_script(
            "addEventListener('DOMContentLoaded', () => {"
            " document.documentElement.style.height = document.body.style.height = '100%'; })"
        )

    def look(self, view: str, root: Locator) -> None:
        """Look at a view when it is there."""
        root.scroll_into_view_if_needed()
        # Axe takes colours as they are at this moment: they must have faded in.
        self._page.wait_for_function(
            "() => !document.getAnimations().some("
            "each => each.playState === 'running' && each instanceof CSSTransition)"
        )
        root.evaluate("element => element.setAttribute('data-looked-at', '')")
        found = Axe().run(self._page, context="[data-looked-at]", options=RULES).response
        root.evaluate("element => element.removeAttribute('data-looked-at')")
        looked_at = {rule["id"] for rule in found["passes"] + found["violations"]}
        assert "color-contrast" in looked_at, f"Axe saw no text in {view}."
        self.violations += [self._told(view, each) for each in found["violations"]]
        self._page.screenshot(path=self._directory / f"{view}-{self._theme}.png")

    def _told(self, view: str, violation: dict[str, Any]) -> str:
        places = "\n".join(
            f"    {node['html'][:200]}\n    {node['failureSummary']}" for node in violation["nodes"]
        )
        return f"{view} ({self._theme}): {violation['id']}: {violation['help']}\n{places}"


THEMES = {
    "light": "JupyterLab Light",
    "dark": "JupyterLab Dark",
    "high-contrast": "JupyterLab Dark High Contrast",
}


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


@pytest.mark.parametrize("theme", THEMES)
def test_every_view_is_accessible_and_pictured(
    theme: str, themed: BrowserContext, lab: Lab, screenshots: Path
) -> None:
    page = themed.new_page()
    looker = Looker(page, screenshots, theme)
    jupyter = JupyterLab(page, lab)
    jupyter.open()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", THEMES[theme])

    looker.look("launcher", jupyter.launcher_card)
    jupyter.launcher_card.click()
    jupyter.panel.choose("Python foundations")
    looker.look("panel", jupyter.panel.root)
    jupyter.panel.exercise("Values, names and types", "The race clock").click()

    notebook = Notebook(page)
    card = notebook.card("race-clock")
    card.expect_ready()
    answer = notebook.code("def split_seconds(")
    looker.look("card", card.root)
    notebook.write(answer, wrong_answers("race-clock")[0])
    card.run_tests()
    card.ask_for_hint()
    card.ask_for_hint()
    answer.scroll_into_view_if_needed()
    looker.look("failing", card.root)
    notebook.write(answer, "def split_seconds(total_seconds):\n    return total_seconds.hours\n")
    card.run_tests()
    looker.look("raising", card.root)
    notebook.write(answer, right_answer("race-clock"))
    card.submit()
    expect(card.grade).to_be_visible()
    expect(jupyter.panel.summary).to_contain_text("1 of ")
    looker.look("graded", card.root)
    looker.look("progress", jupyter.panel.root)

    quiz = notebook.card("values-quiz")
    quiz.root.scroll_into_view_if_needed()
    quiz.expect_ready()
    quiz.questions.nth(0).locator("input").first.check()
    quiz.questions.nth(1).locator("input").fill("-3")
    quiz.questions.nth(2).locator("input").first.check()
    quiz.button("Submit").click()
    jupyter.accept("Submit anyway")
    expect(quiz.grade).to_be_visible()
    quiz.expect_ready()
    looker.look("quiz", quiz.root)
    page.close()

    assert not looker.violations, "\n".join(looker.violations)
