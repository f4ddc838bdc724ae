"""Hints of a language model in a browser: it helps, gives too much away, fails, is taken back."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.climbing import Climber, at_the_exam
from tests.browser.courses import COUNTING
from tests.browser.lab import MODEL_HOST, Lab
from tests.browser.pages import Card, JupyterLab
from tests.browser.test_keyboard import go_to_card, tab_to
from tests.fake_api import Disconnect, FakeApi, Hang, Html, Reply, Scenario, Status, tutor

GOOD = "Try `[50]` by hand. Does your `if` count it?"
LEAK = "Write `if each >= 50:` instead of `if each > 50:`."
SETTINGS = f"jupyter-tutor/api/courses/{COUNTING}/hint-settings"
CALLS = "SELECT purpose, outcome, cost FROM usage_records ORDER BY id"
BY_RULES = "this hint comes from rules"


@pytest.fixture
def climber(jupyter: JupyterLab, lab: Lab, fake: FakeApi, tmp_path: Path) -> Climber:
    """A learner whose first hint told the result, at an exercise without hints of an author."""
    fake.otherwise = tutor(GOOD)
    climber = at_the_exam(jupyter, lab, tmp_path / "course")
    climber.run()
    assert climber.take() == "Result"
    return climber


@pytest.fixture
def agreed(climber: Climber, lab: Lab, fake: FakeApi) -> Climber:
    """The same, once they have agreed that a model reads their work."""
    assert fake.calls == []
    climber.card.button("I agree").click()
    expect(climber.card.root).to_contain_text("AI help: on")
    return climber


def source(card: Card) -> str:
    """Return who made the newest hint, in a word."""
    return card.hints.first.locator(".jp-tutor-tag").inner_text()


def expect_no_trace(card: Card) -> None:
    """Nothing of what went wrong inside is shown."""
    expect(card.root).not_to_contain_text("Traceback")
    expect(card.root).not_to_contain_text("Error")
    expect(card.root.locator(".jp-tutor-mod-problem")).to_have_count(0)


def test_consent_is_asked_given_and_withdrawn_and_nothing_goes_out_without(
    climber: Climber, lab: Lab, fake: FakeApi
) -> None:
    card = climber.card
    asked = card.root.locator(".jp-tutor-consent-ask")
    expect(asked).to_contain_text(MODEL_HOST)
    assert climber.take() == "Nudge"
    assert (source(card), fake.requests) == ("Rules", [])
    card.button("I agree").click()
    expect(asked).to_have_count(0)
    expect(card.root).to_contain_text("AI help: on")
    expect(card.button("Turn off")).to_be_focused()
    assert fake.requests == []

    assert climber.take(mark=1) == "Concept"
    assert (source(card), len(fake.calls)) == ("AI", 2)
    expect(card.hints.first).to_contain_text("written by a language model; it may be wrong")
    expect(card.hints.first).to_contain_text("Does your if count it?")

    card.button("Turn off").click()
    expect(card.root).to_contain_text("AI help: off")
    expect(card.button("Turn on…")).to_be_focused()
    assert climber.take(mark=2) == "Pointer"
    assert (source(card), len(fake.calls)) == ("Rules", 2)
    said = lab.rows("SELECT given FROM consents ORDER BY at")
    assert [row["given"] for row in said] == [True, False]


def test_who_says_no_is_not_asked_again_and_can_change_their_mind(
    climber: Climber, jupyter: JupyterLab, fake: FakeApi
) -> None:
    card = climber.card
    card.button("Not now").click()
    expect(card.root).to_contain_text("AI help: off")
    jupyter.page.reload()
    card.expect_ready()
    expect(card.root).to_contain_text("AI help: off")
    expect(card.root.locator(".jp-tutor-consent-ask")).to_have_count(0)
    assert climber.take() == "Nudge"
    assert (source(card), fake.requests) == ("Rules", [])
    card.button("Turn on…").click()
    card.button("I agree").click()
    expect(card.root).to_contain_text("AI help: on")
    assert climber.take(mark=1) == "Concept"
    assert source(card) == "AI"


@pytest.mark.parametrize("script", [tutor(LEAK), tutor(GOOD, leaks=True)], ids=["guard", "reader"])
def test_what_gives_the_solution_away_is_replaced_by_rules(
    agreed: Climber, lab: Lab, fake: FakeApi, script: Callable[[Mapping[str, Any]], Scenario]
) -> None:
    fake.otherwise = script
    card = agreed.card
    assert agreed.take() == "Nudge"
    assert source(card) == "Rules"
    expect(card.root).to_contain_text(BY_RULES)
    expect(card.hints.first).not_to_contain_text(">=")
    expect(card.hints.first).not_to_contain_text("Does your if count it?")
    # Each try was paid for.
    assert len(fake.calls) >= 2
    assert len(lab.rows(CALLS)) == len(fake.calls)
    assert all(row["cost"] > 0 for row in lab.rows(CALLS))


@pytest.mark.parametrize(
    "scenario",
    [Status(500), Disconnect(), Html(), Reply("No.", stop_reason="refusal"), Hang()],
    ids=["500", "disconnect", "html", "refusal", "hang"],
)
def test_when_the_model_fails_rules_help_and_say_so(
    agreed: Climber, lab: Lab, fake: FakeApi, scenario: Scenario
) -> None:
    fake.otherwise = lambda _body: scenario
    card = agreed.card
    assert agreed.take() == "Nudge"
    assert source(card) == "Rules"
    expect(card.root).to_contain_text(BY_RULES)
    expect_no_trace(card)
    assert fake.calls
    rows = lab.rows(CALLS)
    assert rows
    assert all(row["outcome"] != "completed" for row in rows)


def test_cancel_leaves_the_endpoint_and_the_ladder_as_they_were(
    agreed: Climber, lab: Lab, fake: FakeApi
) -> None:
    card = agreed.card
    fake.otherwise = lambda _body: Hang()
    card.hint_button.click()
    lab.wait(lambda: len(fake.calls) == 1, "the request to the endpoint")
    expect(card.root).to_contain_text("This can take up to half a minute.")
    expect(card.status.first).to_have_text("Looking for a hint…")
    card.button("Cancel").click()
    lab.wait(lambda: fake.gone == 1, "the request to be closed")
    expect(card.button("Cancel")).to_have_count(0)
    expect(card.hint_button).to_be_focused()
    expect(card.hint_button).to_have_text("Hint: the nudge")
    expect(card.hints).to_have_count(1)
    lab.wait(lambda: bool(lab.rows(CALLS)), "the call in the ledger")
    (call,) = lab.rows(CALLS)
    assert (call["purpose"], call["outcome"]) == ("hint", "cancelled")
    # Nobody heard what it cost: the prompt is charged by estimate.
    assert 0 < call["cost"] < Decimal("0.001")
    fake.otherwise = tutor(GOOD)
    assert agreed.take() == "Nudge"
    assert source(card) == "AI"
    assert len(lab.rows("SELECT id FROM hint_requests")) == 2


def test_quota_is_said_when_little_is_left_and_when_nothing_is(
    agreed: Climber, lab: Lab, fake: FakeApi
) -> None:
    card = agreed.card
    lab.spend(COUNTING, "0.085")
    assert agreed.take() == "Nudge"
    assert source(card) == "AI"
    expect(card.root).to_contain_text("Hints by a language model are nearly used up.")
    asked = len(fake.calls)
    lab.spend(COUNTING, "0.015")
    assert agreed.take(mark=1) == "Concept"
    assert source(card) == "Rules"
    expect(card.root).to_contain_text("Hints by a language model are used up for this month.")
    assert len(fake.calls) == asked
    expect_no_trace(card)


def test_in_an_exam_no_model_is_asked(agreed: Climber, lab: Lab, fake: FakeApi) -> None:
    lab.teach(COUNTING)
    lab.request("PUT", SETTINGS, {"exam": True})
    card = agreed.card
    agreed.run(mark=1)
    # The result of another run is explained, and nothing else.
    expect(card.hint_button).to_have_text("Hint: the result")
    card.hint_button.click()
    expect(card.hint_button).to_have_accessible_description(re.compile("In an exam"))
    expect(card.hint_button).to_have_attribute("aria-disabled", "true")
    # Not even for who goes round the button.
    path = f"jupyter-tutor/api/courses/{COUNTING}/exercises/passed/hints"
    assert lab.request("POST", path, {})["hint"] is None
    assert fake.requests == []


def test_consent_and_cancel_need_no_mouse(
    climber: Climber, jupyter: JupyterLab, lab: Lab, fake: FakeApi
) -> None:
    card = climber.card
    fake.otherwise = lambda _body: Hang()
    jupyter.press("Escape")
    go_to_card(jupyter, climber.notebook, card)
    tab_to(jupyter, card.button("I agree"))
    jupyter.press("Enter")
    expect(card.button("Turn off")).to_be_focused()
    go_back_to(jupyter, card)
    jupyter.press("Enter")
    lab.wait(lambda: len(fake.calls) == 1, "the request to the endpoint")
    expect(card.hint_button).to_be_focused()
    expect(card.button("Cancel")).to_be_visible()
    jupyter.press("Tab")
    expect(card.button("Cancel")).to_be_focused()
    jupyter.press("Space")
    expect(card.hint_button).to_be_focused()
    lab.wait(lambda: fake.gone == 1, "the request to be closed")


def go_back_to(jupyter: JupyterLab, card: Card) -> None:
    """Press Shift+Tab until the button that asks for a hint has the focus."""
    for _ in range(20):
        if card.hint_button.evaluate("button => button === document.activeElement"):
            return
        jupyter.press("Shift+Tab")
    raise AssertionError("There is no way back.")
