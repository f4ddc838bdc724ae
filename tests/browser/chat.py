"""The chat of the side panel, as an object; see `pages`."""

from playwright.sync_api import Locator, expect

from tests.browser.pages import JupyterLab


class Chat:
    """The part of the side panel in which the learner and the tutor talk."""

    def __init__(self, jupyter: JupyterLab) -> None:
        self.jupyter = jupyter
        self.root = jupyter.panel.root.get_by_role("region", name="Chat", exact=True)

    def open(self) -> None:
        """Open the side panel, and the chat in it."""
        self.jupyter.choose("View", "Open the Tutor")
        if self.toggle.get_attribute("aria-expanded") == "false":  # else it was left open
            self.toggle.click()
        expect(self.toggle).to_have_attribute("aria-expanded", "true")

    @property
    def toggle(self) -> Locator:
        """The button that opens it and folds it away."""
        return self.root.get_by_role("button", name="Chat", exact=True)

    @property
    def field(self) -> Locator:
        """Where a question is typed."""
        return self.root.get_by_role("textbox", name="Your question")

    @property
    def messages(self) -> Locator:
        """What was said, oldest first, without what is on its way."""
        return self.root.locator(".jp-tutor-turn:not([aria-hidden])")

    @property
    def answers(self) -> Locator:
        """What the tutor said."""
        return self.root.locator(".jp-tutor-turn.jp-tutor-mod-tutor")

    @property
    def status(self) -> Locator:
        """The live region."""
        return self.root.get_by_role("status").first

    def button(self, name: str) -> Locator:
        """A button by its label."""
        return self.root.get_by_role("button", name=name, exact=True)

    def send(self, question: str) -> None:
        """Type a question and send it."""
        self.field.fill(question)
        self.field.press("Enter")

    def ask(self, question: str) -> None:
        """Ask something and wait for the answer."""
        count = self.answers.count()
        self.send(question)
        expect(self.answers).to_have_count(count + 1)

    def delete(self, label: str, *, confirm: bool) -> None:
        """Unfold what deletes, press a button of it, and answer the question that follows."""
        if not self.button(label).is_visible():
            self.root.get_by_text("Delete conversations…").click()
        self.button(label).click()
        self.jupyter.accept("Delete" if confirm else "Cancel")
