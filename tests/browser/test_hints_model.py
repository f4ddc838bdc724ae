"""Hints of a language model in a browser: it helps, gives too much away, fails, is taken back."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import courses
from tests.browser.lab import MODEL_HOST, Lab
from tests.browser.pages import Card, JupyterLab, Notebook
from tests.fake_api import FakeApi, tutor

GOOD = "Try `[50]` by hand. Does your `if` count it?"


@pytest.fixture
def card(jupyter: JupyterLab, lab: Lab, tmp_path: Path) -> Card:
    """An exercise without hints of an author, after a run of an answer that is almost right."""
    if not lab.rows("SELECT slug FROM courses WHERE slug = %(slug)s", slug=courses.COUNTING):
        folder = courses.write_counting(tmp_path / "course")
        lab.tutor("publish", str(folder), "--course", courses.COUNTING)
    notebook = jupyter.open_lesson("lesson", exercise="passed", course=courses.COUNTING)
    notebook.expect_kernel()
    card = notebook.card("passed")
    card.expect_ready()
    run(notebook, card, courses.COUNT_WRONG)
    return card


def run(notebook: Notebook, card: Card, source: str) -> None:
    """Run an answer."""
    notebook.write(notebook.code("def count_passed("), source)
    card.run_tests()


def test_nothing_is_sent_before_consent_and_a_hint_of_a_model_says_so(
    jupyter: JupyterLab, card: Card, lab: Lab, fake: FakeApi
) -> None:
    fake.otherwise = tutor(GOOD)
    card.ask_for_hint()
    expect(card.root).to_contain_text(MODEL_HOST)
    card.ask_for_hint()
    expect(card.hints).to_have_count(2)
    assert fake.calls == []
    card.button("I agree").click()
    expect(card.root).to_contain_text("AI help: on")
    run(Notebook(jupyter.page), card, courses.COUNT_WRONG + "\nmark = 1\n")
    card.ask_for_hint()
    expect(card.hints).to_have_count(3)
    expect(card.hints.first).to_contain_text(GOOD.replace("`", ""))
    expect(card.hints.first.locator(".jp-tutor-tag")).to_have_text("AI")
    assert len(fake.calls) == 2
