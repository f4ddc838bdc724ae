"""Everything can be done without a mouse."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab
from tests.browser.pages import Card, JupyterLab, Notebook
from tests.browser.reference import Question, questions, right_answer, wrong_answers

TABS = 60
"""More presses of the Tab key than any card has controls."""


def test_quiz_is_answered_and_submitted_by_keyboard_alone(jupyter: JupyterLab, lab: Lab) -> None:
    notebook = jupyter.open_lesson("values", exercise="values-quiz")
    card = notebook.card("values-quiz")
    card.expect_ready()
    asked = questions("values-quiz")
    expect(card.questions).to_have_count(len(asked))
    go_to_card(jupyter, notebook, card)
    for place, question in enumerate(asked):
        answer_question(jupyter, card.questions.nth(place), question)
    press_button(jupyter, card, "Submit")
    expect(card.status).to_have_text("All answers are right.")
    expect(card.grade).to_contain_text("Submission 1")

    (submission,) = lab.rows("SELECT answer FROM submissions")
    assert set(submission["answer"]["responses"]) == {question.id for question in asked}
    assert lab.rows("SELECT score FROM evaluations") == [{"score": 1.0}]


def test_buttons_are_reached_in_order_and_keep_the_focus_while_they_work(
    jupyter: JupyterLab,
) -> None:
    notebook = jupyter.open_lesson("values", exercise="race-clock")
    card = notebook.card("race-clock")
    card.expect_ready()
    notebook.write(notebook.code("def split_seconds("), wrong_answers("race-clock")[0])
    jupyter.press("Escape")
    go_to_card(jupyter, notebook, card)

    press_button(jupyter, card, "Run tests")
    expect(card.status).to_have_text(re.compile(r"tests pass\.$"))
    expect(card.button("Run tests")).to_be_focused()
    jupyter.press("Tab")
    expect(card.button("Submit")).to_be_focused()
    jupyter.press("Tab")
    expect(card.hint_button).to_be_focused()
    jupyter.press("Space")
    expect(card.hints).to_have_count(1)
    expect(card.hint_button).to_be_focused()
    # A result unfolds and folds with the keyboard.
    jupyter.press("Tab")
    summary = card.tests.filter(has_text="Failed").first.locator("summary")
    tab_to(jupyter, summary)
    details = summary.locator("xpath=..")
    expect(details).to_have_attribute("open", "")
    jupyter.press("Enter")
    expect(details).not_to_have_attribute("open", "")


def test_shortcuts_run_hint_and_submit_from_within_the_editor(
    jupyter: JupyterLab, lab: Lab
) -> None:
    notebook = jupyter.open_lesson("values", exercise="race-clock")
    card = notebook.card("race-clock")
    card.expect_ready()
    answer = notebook.code("def split_seconds(")
    notebook.write(answer, wrong_answers("race-clock")[0])
    jupyter.press("Alt+Shift+T")
    expect(card.status).to_have_text(re.compile(r"^\d+ of 11 tests pass\.$"))
    card.expect_ready()
    jupyter.press("Alt+Shift+H")
    expect(card.hints).to_have_count(1)
    card.expect_ready()
    notebook.write(answer, right_answer("race-clock"))
    jupyter.press("Alt+Shift+S")
    expect(card.grade).to_contain_text("11 of 11 points")
    expect(answer.locator(".cm-content")).to_have_text(re.compile("^def split_seconds"))
    assert len(lab.rows("SELECT id FROM submissions")) == 1


def test_shortcuts_bring_a_card_out_of_sight_into_view(jupyter: JupyterLab) -> None:
    notebook = jupyter.open_lesson("values", exercise="race-clock")
    card = notebook.card("race-clock")
    card.expect_ready()
    notebook.write(notebook.code("def split_seconds("), wrong_answers("race-clock")[0])
    notebook.select(notebook.root.locator(".jp-MarkdownCell", has_text="The race clock").first)
    jupyter.page.set_viewport_size({"width": 1400, "height": 400})
    expect(card.status).not_to_be_in_viewport()
    jupyter.press("Alt+Shift+T")
    expect(card.status).to_be_in_viewport()
    expect(card.status).to_have_text(re.compile(r"^\d+ of 11 tests pass\.$"))


def test_untouched_answer_is_asked_about_by_shortcut_too(jupyter: JupyterLab, lab: Lab) -> None:
    notebook = jupyter.open_lesson("values", exercise="race-clock")
    card = notebook.card("race-clock")
    card.expect_ready()
    notebook.select(notebook.code("def split_seconds("))
    dialog = jupyter.page.get_by_role("dialog")
    jupyter.press("Alt+Shift+S")
    expect(dialog).to_contain_text("You have not changed the answer. Submit anyway?")
    jupyter.press("Escape")
    expect(dialog).to_be_hidden()
    assert lab.rows("SELECT id FROM submissions") == []
    jupyter.press("Alt+Shift+S")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    jupyter.press("Tab", "Enter")
    expect(card.grade).to_contain_text("Submission 1")


def go_to_card(jupyter: JupyterLab, notebook: Notebook, card: Card) -> None:
    """Walk down the cells to the card's own one, and with Tab into the card."""
    notebook.walk_down_to(notebook.cell_of(card))
    tab_to(jupyter, card.root.locator("input, button").first)


def tab_to(jupyter: JupyterLab, target: Locator) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        jupyter.press("Tab")
    raise AssertionError(f"The Tab key never comes to {target}.")


def press_button(jupyter: JupyterLab, card: Card, name: str) -> None:
    """Go to a button with Tab and press it with Enter."""
    tab_to(jupyter, card.button(name))
    jupyter.press("Enter")


def answer_question(jupyter: JupyterLab, group: Locator, question: Question) -> None:
    """Answer one question rightly: arrows for radio buttons, the space bar for boxes, or typing."""
    inputs = group.locator("input")
    if not question.choices:
        tab_to(jupyter, inputs)
        jupyter.page.keyboard.type(question.right[0])
        expect(inputs).to_have_value(question.right[0])
        return
    places = [question.choices.index(choice) for choice in question.right]
    if question.type == "multiple":
        for place in places:
            tab_to(jupyter, inputs.nth(place))
            jupyter.press("Space")
            expect(inputs.nth(place)).to_be_checked()
        return
    tab_to(jupyter, inputs.first)
    jupyter.press("Space")
    expect(inputs.first).to_be_checked()
    for place in range(places[0]):
        jupyter.press("ArrowDown")
        expect(inputs.nth(place + 1)).to_be_checked()
