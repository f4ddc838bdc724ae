"""The hints of a card without a model: the ladder, its prices, exams, opinions, without a mouse."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.browser import courses
from tests.browser.climbing import RUNGS, Climber, at_the_exam, at_the_race_clock
from tests.browser.lab import Lab
from tests.browser.pages import JupyterLab, texts
from tests.browser.test_keyboard import go_to_card, tab_to

PYTHON = "python-foundations"
SETTINGS = "jupyter-tutor/api/courses/{}/hint-settings"
SAID = "SELECT mark, text FROM hint_feedback"


@pytest.fixture
def climber(jupyter: JupyterLab) -> Climber:
    """A learner at an exercise with hints of its author."""
    return at_the_race_clock(jupyter)


@pytest.fixture
def instructor(lab: Lab) -> Lab:
    """The server, for somebody who is a learner and their own instructor."""
    lab.teach(PYTHON)
    return lab


def test_ladder_is_climbed_to_the_end_of_what_the_author_allows(climber: Climber, lab: Lab) -> None:
    card = climber.card
    climbed = list(climber.climb())
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
    # Nobody is asked anything where there is no model.
    expect(card.root.locator(".jp-tutor-consent")).to_have_count(0)


def test_code_is_shown_where_it_may_be_and_explained_and_its_twin_is_tried(
    jupyter: JupyterLab, lab: Lab, tmp_path: Path
) -> None:
    climber = at_the_exam(jupyter, lab, tmp_path / "course")
    lab.teach(courses.COUNTING)
    lab.request("PUT", SETTINGS.format(courses.COUNTING), {"deepest": 5})
    jupyter.page.reload()
    climber.card.expect_ready()
    assert list(climber.climb()) == list(RUNGS)
    card = climber.card
    newest = card.hints.first
    expect(newest).to_contain_text(">=")
    twin = card.root.locator(".jp-tutor-twin")
    expect(twin).to_have_count(0)
    words = newest.get_by_label("Explain in your own words why this works")
    words.fill("50 points are enough, so they count too.")
    card.button("Save explanation").click()
    expect(newest.locator("blockquote")).to_have_text("50 points are enough, so they count too.")
    expect(card.button("Change")).to_be_focused()
    assert [row["text"] for row in lab.rows("SELECT text FROM self_explanations")] == [
        "50 points are enough, so they count too."
    ]
    twin.get_by_role("button", name="Who may vote?").click()
    expect(climber.notebook.card("adults").root).to_be_in_viewport()


def test_opinion_is_kept_changed_and_taken_back(
    climber: Climber, jupyter: JupyterLab, lab: Lab
) -> None:
    climber.run()
    climber.take()
    hint = climber.card.hints.first
    helpful = hint.get_by_role("button", name="Helpful", exact=True)
    wrong = hint.get_by_role("button", name="Wrong", exact=True)
    helpful.click()
    expect(helpful).to_have_attribute("aria-pressed", "true")
    expect(hint.get_by_role("status")).to_have_text("Saved, thank you.")
    wrong.click()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    expect(helpful).to_have_attribute("aria-pressed", "false")
    hint.get_by_label("What is wrong with it?").fill("The minutes are right.")
    jupyter.press("Enter")
    lab.wait(
        lambda: lab.rows(SAID) == [{"mark": "wrong", "text": "The minutes are right."}],
        "the remark",
    )
    jupyter.page.reload()
    climber.card.expect_ready()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    expect(hint.get_by_label("What is wrong with it?")).to_have_value("The minutes are right.")
    wrong.click()
    expect(hint.get_by_role("status")).to_have_text("Taken back.")
    expect(wrong).to_have_attribute("aria-pressed", "false")
    expect(wrong).to_be_focused()
    assert lab.rows(SAID) == []


def test_price_is_told_and_taken_only_from_who_agrees(
    instructor: Lab, climber: Climber, jupyter: JupyterLab
) -> None:
    card = climber.card
    instructor.request("PUT", SETTINGS.format(PYTHON), {"costs": {"nudge": 0.5}})
    climber.run()
    climber.take()
    expect(card.hint_button).to_have_text("Hint: the nudge, costs 0.5 points")
    card.hint_button.click()
    dialog = jupyter.page.get_by_role("dialog")
    expect(dialog).to_contain_text("the nudge, costs 0.5 points")
    dialog.get_by_role("button").filter(has_text="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(card.hints).to_have_count(1)
    expect(card.hint_button).to_be_focused()
    assert climber.take() == "Nudge"
    expect(card.hints.first).to_contain_text("cost 0.5 points")
    expect(card.hint_button).to_be_focused()
    paid = instructor.rows("SELECT level, cost FROM hint_requests ORDER BY created_at")
    assert [(row["level"], float(row["cost"])) for row in paid] == [(0, 0.0), (1, 0.5)]


def test_exam_explains_the_result_and_says_why_there_is_no_more(
    instructor: Lab, jupyter: JupyterLab
) -> None:
    instructor.request("PUT", SETTINGS.format(PYTHON), {"exam": True})
    climber = at_the_race_clock(jupyter)
    card = climber.card
    expect(card.root).to_contain_text("This is an exam")
    climber.run()
    expect(card.hint_button).to_have_text("Hint: the result")
    assert climber.take() == "Result"
    expect(card.hint_button).to_have_attribute("aria-disabled", "true")
    expect(card.hint_button).to_have_accessible_description(re.compile("In an exam"))


def test_request_is_taken_back_and_everything_is_as_before(
    climber: Climber, jupyter: JupyterLab, lab: Lab
) -> None:
    card = climber.card
    climber.run()
    held: list[Route] = []
    jupyter.page.route(
        re.compile(r"/hints(\?|$)"),
        lambda route: held.append(route) if not held else route.continue_(),
    )
    card.hint_button.click()
    cancel = card.button("Cancel")
    expect(cancel).to_be_visible()
    expect(card.status.first).to_have_text("Looking for a hint…")
    count = "SELECT count(*) AS hints FROM hint_requests"
    with jupyter.page.expect_event("requestfailed", lambda request: "/hints" in request.url):
        cancel.click()
    card.expect_ready()
    expect(cancel).to_be_hidden()
    expect(card.hint_button).to_be_focused()
    assert lab.rows(count) == [{"hints": 0}]
    climber.take()
    assert lab.rows(count) == [{"hints": 1}]


def test_hints_need_no_mouse(climber: Climber, jupyter: JupyterLab, lab: Lab) -> None:
    card = climber.card
    climber.run()
    jupyter.press("Escape")
    go_to_card(jupyter, climber.notebook, card)
    tab_to(jupyter, card.hint_button)
    jupyter.press("Enter")
    expect(card.hints).to_have_count(1)
    expect(card.hint_button).to_be_focused()
    card.expect_ready()
    jupyter.press("Enter")
    expect(card.hints).to_have_count(2)
    newest = card.hints.first
    tab_to(jupyter, newest.get_by_role("button", name="Wrong", exact=True))
    jupyter.press("Space")
    tab_to(jupyter, newest.get_by_label("What is wrong with it?"))
    # Letters that are commands of the notebook are text here.
    jupyter.press("d", "d", "b", "Enter")
    lab.wait(lambda: lab.rows(SAID) == [{"mark": "wrong", "text": "ddb"}], "the remark")
    earlier = card.root.locator(".jp-tutor-earlier")
    tab_to(jupyter, earlier.locator("summary"))
    jupyter.press("Enter")
    expect(earlier).to_have_attribute("open", "")
