"""What a learner sees and does, as objects: JupyterLab, the panel, a notebook, a card.

Everything is found by its role and name, as a screen reader finds it, wherever it has one; nothing
waits for a fixed time.
"""

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import Lab


class JupyterLab:
    """The application in one tab of the browser."""

    def __init__(self, page: Page, lab: Lab) -> None:
        self.page = page
        self._lab = lab

    def open(self, path: str = "lab?reset") -> None:
        """Load a page; by default JupyterLab with nothing open but the launcher."""
        self.page.goto(self._lab.url(path))
        expect(self.page.locator("#jp-main-dock-panel, #main-panel")).to_be_visible()

    def dismiss_save_errors(self) -> None:
        """Let go of what JupyterLab itself says when there is no server, whenever it does."""
        for title in ("File Save Error", "Server Connection Error"):
            self._dismiss(self.page.locator(f".jp-Dialog[aria-label^='{title}']"))

    def _dismiss(self, dialog: Locator) -> None:
        button = dialog.get_by_role("button").last
        self.page.add_locator_handler(dialog, lambda: button.click())

    @property
    def launcher_card(self) -> Locator:
        """The card in the launcher that opens the panel."""
        return self.page.get_by_role("main").locator(".jp-LauncherCard", has_text="Open the Tutor")

    @property
    def panel(self) -> "Panel":
        """The side panel."""
        return Panel(self.page)

    def open_lesson(
        self, lesson: str, exercise: str | None = None, course: str = "python-foundations"
    ) -> "Notebook":
        """Put a lesson into the files and load JupyterLab with it open."""
        path = self._lab.open_lesson(course, lesson)
        self.page.goto(self._lab.url(f"lab/tree/{path}?reset"))
        notebook = Notebook(self.page)
        expect(notebook.root.locator(".jp-Cell").first).to_be_visible()
        if exercise is not None:
            notebook.card(exercise).root.scroll_into_view_if_needed()
        return notebook

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, where the focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, menu: str, item: str) -> None:
        """Choose an item of the menu bar."""
        bar = self.page.get_by_role("menubar")
        bar.get_by_role("menuitem", name=menu, exact=True).click()
        opened = self.page.get_by_role("menu")
        opened.get_by_role("menuitem").filter(has_text=item).first.click()

    def accept(self, label: str) -> None:
        """Press a button of the dialog that is open."""
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button").filter(has_text=label).click()
        expect(dialog).to_be_hidden()


class Panel:
    """The side panel."""

    def __init__(self, page: Page) -> None:
        self.root = page.get_by_role("region", name="Tutor", exact=True)

    def choose(self, course: str) -> None:
        """Show a course, which only needs choosing where there are several."""
        title = self.root.get_by_role("heading", name=course, exact=True)
        chooser = self.root.get_by_role("combobox", name="Course", exact=True)
        expect(title.or_(chooser).first).to_be_visible()
        if not title.is_visible():
            chooser.select_option(label=course)
        expect(title).to_be_visible()

    @property
    def progress(self) -> Locator:
        """The bar of exercises passed; its value is their number."""
        return self.root.get_by_role("progressbar", name="Exercises passed")

    @property
    def summary(self) -> Locator:
        """The line that counts exercises and points."""
        return self.root.get_by_text(re.compile(r"\d+ of \d+ exercises passed"))

    def topic(self, title: str) -> Locator:
        """A topic of the path."""
        path = self.root.get_by_role("region", name="Your path")
        named = path.page.get_by_text(title, exact=True)
        return path.get_by_role("listitem").filter(has=named)

    def exercise(self, lesson: str, title: str) -> Locator:
        """The link to an exercise, its lesson unfolded."""
        outline = self.root.get_by_role("region", name="Lessons")
        named = outline.page.get_by_text(lesson, exact=True)
        details = outline.locator("details").filter(has=named)
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        return details.get_by_role("button", name=title, exact=True)


class Notebook:
    """A notebook that is open, in JupyterLab or in Notebook 7."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def card(self, exercise: str) -> "Card":
        """The card of an exercise."""
        return Card(self.root.locator(f".jp-tutor-card[data-exercise='{exercise}']").first)

    def cell_of(self, card: "Card") -> Locator:
        """The cell that a card belongs to."""
        return card.root.locator("xpath=ancestor::*[contains(concat(@class, ' '), ' jp-Cell ')][1]")

    def cards(self, exercise: str) -> Locator:
        """All cards of an exercise, should its card cell have been copied."""
        return self.root.locator(f".jp-tutor-card[data-exercise='{exercise}']")

    def expect_kernel(self) -> None:
        """Wait until the kernel is there: before that, JupyterLab may run nothing."""
        indicator = self.page.locator(".jp-Notebook-ExecutionIndicator:visible").first
        expect(indicator).to_have_attribute("data-status", "idle")

    def code(self, start: str) -> Locator:
        """The code cells that contain a text."""
        return self.root.locator(".jp-CodeCell", has_text=start)

    def write(self, cell: Locator, source: str) -> None:
        """Type into the editor of a code cell, in place of what is there; nothing is saved."""
        editor = cell.locator(".cm-content")
        editor.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)
        first, *_ = source.strip().splitlines()
        expect(editor).to_contain_text(first.strip())

    def select(self, cell: Locator) -> None:
        """Make a cell the active one, in command mode."""
        cell.locator(".jp-InputArea-prompt, .jp-InputPrompt").first.click()
        expect(cell).to_have_class(re.compile(r"\bjp-mod-active\b"))
        self.page.keyboard.press("Escape")

    def insert_below(self, cell: Locator, source: str) -> Locator:
        """Add a code cell of one line below another one and return it."""
        self.select(cell)
        self.page.keyboard.press("b")
        self.page.keyboard.press("Enter")
        self.page.keyboard.insert_text(source)
        fresh = self.code(source)
        expect(fresh).to_be_visible()
        return fresh

    def walk_down_to(self, cell: Locator) -> None:
        """Make a cell the active one with the arrow keys, from wherever the active one is."""
        cells = self.root.locator(".jp-Cell")
        places = "cells => cells.findIndex(cell => cell.classList.contains('jp-mod-active'))"
        while not cell.evaluate("cell => cell.classList.contains('jp-mod-active')"):
            place = cells.evaluate_all(places)
            self.page.keyboard.press("ArrowDown")
            expect(cells.nth(place)).not_to_have_class(re.compile(r"\bjp-mod-active\b"))

    def save(self) -> None:
        """Save with the keyboard and wait until it is on disk."""
        self.page.keyboard.press("Control+s")
        expect(self.page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0)


class Card:
    """The card of an exercise."""

    def __init__(self, root: Locator) -> None:
        self.root = root

    def button(self, name: str) -> Locator:
        """A button by its label."""
        return self.root.get_by_role("button", name=name, exact=True)

    @property
    def status(self) -> Locator:
        """The live region: what is under way, what came of it, or what is wrong."""
        return self.root.get_by_role("status")

    @property
    def hint_button(self) -> Locator:
        """The button that asks for a hint: it says which one comes next."""
        return self.root.get_by_role("button", name=re.compile("^Hint"))

    @property
    def tests(self) -> Locator:
        """The results, one item a test."""
        return self.root.get_by_role("list", name="Tests").locator("> li")

    @property
    def grade(self) -> Locator:
        """The grade of the latest submission."""
        return self.root.get_by_role("region", name="Grade")

    @property
    def hints(self) -> Locator:
        """The hints so far, the newest first; the others are folded away."""
        return self.root.get_by_role("region", name="Hints").locator(".jp-tutor-hint")

    @property
    def questions(self) -> Locator:
        """The questions of a quiz, each with its inputs."""
        return self.root.locator("fieldset")

    @property
    def facts(self) -> Locator:
        """Kind, points, number of tests and so on."""
        return self.root.get_by_role("list", name="About this exercise")

    def test(self, name: str) -> Locator:
        """The result of one test."""
        return self.tests.filter(has_text=name)

    def expect_ready(self) -> None:
        """Wait until the card knows its exercise and nothing is under way."""
        expect(self.facts).to_be_visible()
        first = self.root.get_by_role("group", name="Actions").get_by_role("button").first
        expect(first).to_have_attribute("aria-disabled", "false")

    def run_tests(self) -> None:
        """Press Run tests and wait for the results."""
        self._act("Run tests")

    def submit(self) -> None:
        """Press Submit and wait for the grade."""
        self._act("Submit")

    def ask_for_hint(self) -> None:
        """Press Hint and wait for what comes of it."""
        self.expect_ready()
        self.hint_button.click()
        self.expect_ready()

    def _act(self, label: str) -> None:
        self.expect_ready()
        self.button(label).click()
        self.expect_ready()


def texts(items: Locator) -> Sequence[str]:
    """Return the text of each element, blanks made single."""
    return [re.sub(r"\s+", " ", text).strip() for text in items.all_inner_texts()]
