"""How hints look in each theme, at every rung and beside them: accessible, and kept as pictures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.climbing import RUNGS, Climber, at_the_exam
from tests.browser.courses import COUNTING
from tests.browser.lab import Lab
from tests.browser.looking import Looker
from tests.browser.pages import JupyterLab
from tests.fake_api import FakeApi, Hang, tutor

SETTINGS = f"jupyter-tutor/api/courses/{COUNTING}/hint-settings"
RIGHT = "def count_passed(points):\n    return sum(each >= 50 for each in points)\n"
HINTS = (
    "Try `[50]` by hand. Does your `if` count it?",
    "Read the task once more. Does your `if` say the same of `[50]`?",
    "Look at your `if` while `[50]` is tried. Is `count` changed there?",
)


class Visitor:
    """A learner who looks round at each step.

    Attributes:
        climber: What they do.
    """

    def __init__(self, climber: Climber, looker: Looker) -> None:
        self.climber = climber
        self._looker = looker

    def look(self, view: str) -> None:
        """Look at the hints, from the buttons on down."""
        self.climber.card.root.evaluate("card => card.scrollIntoView({ block: 'start' })")
        self._looker.look(view, self.climber.card.root)


@pytest.fixture
def visitor(
    theme: str, themed: BrowserContext, lab: Lab, tmp_path: Path, screenshots: Path
) -> Iterator[Visitor]:
    """Somebody in each theme, who may see all there is; they saw nothing inaccessible."""
    page = themed.new_page()
    looker = Looker(page, screenshots, theme)
    climber = at_the_exam(JupyterLab(page, lab), lab, tmp_path / "course")
    lab.teach(COUNTING)
    lab.request("PUT", SETTINGS, {"deepest": 5})
    yield Visitor(climber, looker)
    page.close()
    assert not looker.violations, "\n".join(looker.violations)


def test_every_rung_is_accessible_and_pictured(visitor: Visitor) -> None:
    climber, card = visitor.climber, visitor.climber.card
    for place, rung in enumerate(climber.climb()):
        assert rung == RUNGS[place]
        visitor.look(f"hint-{place}-{rung.lower()}")
    words = card.root.get_by_label("Explain in your own words")
    words.fill("50 points are enough, so they count too.")
    card.button("Save explanation").click()
    expect(card.root.locator("blockquote")).to_be_visible()
    wrong = card.hints.first.get_by_role("button", name="Wrong", exact=True)
    wrong.click()
    expect(card.hints.first.get_by_label("What is wrong with it?")).to_be_visible()
    card.hints.nth(1).evaluate("hint => { hint.parentElement.open = true; }")
    visitor.look("hint-6-explained")
    climber.write(RIGHT)
    visitor.look("hint-7-passed")


def test_hints_of_a_model_are_accessible_and_pictured(
    visitor: Visitor, lab: Lab, fake: FakeApi
) -> None:
    climber, card = visitor.climber, visitor.climber.card
    climber.run()
    climber.take()
    visitor.look("model-0-consent")
    card.button("I agree").click()
    expect(card.root).to_contain_text("AI help: on")
    fake.otherwise = lambda _body: Hang()
    card.hint_button.click()
    expect(card.root).to_contain_text("This can take up to half a minute.")
    visitor.look("model-1-asking")
    card.button("Cancel").click()
    card.expect_ready()
    for place, text in enumerate(HINTS, start=1):
        fake.otherwise = tutor(text)
        assert climber.take(mark=place) == RUNGS[place]
        expect(card.hints.first.locator(".jp-tutor-tag")).to_have_text("AI")
        visitor.look(f"model-{place + 1}-{RUNGS[place].lower()}")
    lab.spend(COUNTING, "0.10")
    assert climber.take(mark=9) == "Steps"
    expect(card.root).to_contain_text("used up for this month")
    visitor.look("model-5-quota")
