"""The hints of a card: the ladder and its prices."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.browser.pages import Card, JupyterLab, Notebook, texts
from tests.browser.reference import wrong_answers

EXERCISE = "race-clock"
SETTINGS = "jupyter-tutor/api/courses/python-foundations/hint-settings"
RUNGS = ("Result", "Nudge", "Concept", "Pointer", "Steps", "Code")


@pytest.fixture
def instructor(lab: Lab) -> Iterator[Lab]:
    """The server, for somebody who is a learner and their own instructor."""
    lab.request("GET", "jupyter-tutor/api/courses/python-foundations")
    (row,) = lab.rows("UPDATE enrollments SET role = 'instructor' RETURNING role")
    assert row == {"role": "instructor"}
    yield lab
    lab.request("PUT", SETTINGS, {})


def begin(jupyter: JupyterLab) -> tuple[Notebook, Card]:
    """Open the exercise."""
    notebook = jupyter.open_lesson("values", exercise=EXERCISE)
    card = notebook.card(EXERCISE)
    card.expect_ready()
    return notebook, card


def run(notebook: Notebook, card: Card, wrong: int, mark: int = 0) -> None:
    """Run an answer that is known to be wrong, changed by a statement that does nothing."""
    source = wrong_answers(EXERCISE)[wrong].rstrip()
    notebook.write(notebook.code("def split_seconds("), f"{source}\n\nmark = {mark}\n")
    card.run_tests()


def climb(notebook: Notebook, card: Card) -> Iterator[str]:
    """Climb the ladder to its end, a changed run before each rung, and give the rungs' names."""
    for turn in range(len(RUNGS) + 2):
        run(notebook, card, wrong=0, mark=turn)
        if card.hint_button.get_attribute("aria-disabled") == "true":
            return
        count = card.hints.count()
        card.ask_for_hint()
        expect(card.hints).to_have_count(count + 1)
        yield card.hints.first.locator(".jp-tutor-rung").inner_text()


def test_ladder_is_climbed_to_the_end_of_what_the_author_allows(
    jupyter: JupyterLab, lab: Lab
) -> None:
    notebook, card = begin(jupyter)
    climbed = list(climb(notebook, card))
    assert climbed[:3] == ["Result", "Nudge", "Concept"]
    assert "Code" not in climbed
    assert [RUNGS.index(rung) for rung in climbed] == sorted(
        {RUNGS.index(each) for each in climbed}
    )
    expect(card.hint_button).to_have_text("Hint")
    expect(card.hint_button).to_have_accessible_description(re.compile("every hint"))
    # The newest is open; the others are folded away and can be read again.
    assert texts(card.root.locator("article .jp-tutor-rung")) == [climbed[-1]]
    folded = card.root.locator(".jp-tutor-earlier")
    assert texts(folded.locator("summary .jp-tutor-rung")) == climbed[-2::-1]
    folded.first.locator("summary").click()
    expect(folded.first.locator(".jp-tutor-hint-text")).to_be_visible()
    stored = lab.rows("SELECT level FROM hint_requests ORDER BY created_at")
    assert [row["level"] for row in stored] == [RUNGS.index(rung) for rung in climbed]


def test_price_is_told_and_taken_only_from_who_agrees(jupyter: JupyterLab, instructor: Lab) -> None:
    instructor.request("PUT", SETTINGS, {"costs": {"nudge": 0.5}})
    notebook, card = begin(jupyter)
    run(notebook, card, wrong=0)
    card.ask_for_hint()
    expect(card.hint_button).to_have_text("Hint: the nudge, costs 0.5 points")
    card.hint_button.click()
    dialog = jupyter.page.get_by_role("dialog")
    expect(dialog).to_contain_text("the nudge, costs 0.5 points")
    dialog.get_by_role("button").filter(has_text="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(card.hints).to_have_count(1)
    card.hint_button.click()
    jupyter.accept("Take the hint")
    expect(card.hints).to_have_count(2)
    expect(card.hints.first).to_contain_text("cost 0.5 points")
    paid = instructor.rows("SELECT level, cost FROM hint_requests ORDER BY created_at")
    assert [(row["level"], float(row["cost"])) for row in paid] == [(0, 0.0), (1, 0.5)]
