"""Looking at views: free of WCAG 2.1 AA violations in each theme, and kept as pictures."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
THEMES = {
    "light": "JupyterLab Light",
    "dark": "JupyterLab Dark",
    "high-contrast": "JupyterLab Dark High Contrast",
}


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
