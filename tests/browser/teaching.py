"""What an instructor sees and does, as an object; see `pages`."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import JupyterLab


class Teaching:
    """The part of the main area that instructors have."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_role("tabpanel", name="Teaching", exact=True)

    def open(self, jupyter: JupyterLab, course: str) -> "Teaching":
        """Load JupyterLab, and open it by the button in the side panel."""
        jupyter.open()
        jupyter.launcher_card.click()
        jupyter.panel.choose(course)
        jupyter.panel.root.get_by_role("button", name="Teaching…").click()
        expect(self.root.get_by_role("heading", name=course)).to_be_visible()
        return self

    def show(self, part: str) -> Locator:
        """Choose a tab; returns what it shows."""
        self.root.get_by_role("tab", name=part, exact=True).click()
        return self.shown(part)

    def shown(self, part: str) -> Locator:
        """What a tab shows."""
        return self.root.get_by_role("tabpanel", name=part, exact=True)

    def choose(self, label: str, option: str) -> None:
        """Choose one of a list, in the tab that is shown."""
        self.root.get_by_role("combobox", name=label, exact=True).select_option(label=option)

    def button(self, name: str) -> Locator:
        """A button by its label."""
        return self.root.get_by_role("button", name=name, exact=True)

    def rows(self, table: str) -> list[list[str]]:
        """Return the texts of a table's rows, the head first."""
        rows = self.root.get_by_role("table", name=table).locator("tr")
        return [row.locator("th, td").all_inner_texts() for row in rows.all()]
