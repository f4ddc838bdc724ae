"""Learners copy, delete, rename and retype: the card still finds its answer, or says why not."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.browser.pages import JupyterLab, Notebook
from tests.browser.reference import right_answer, wrong_answers


@pytest.fixture
def notebook(jupyter: JupyterLab) -> Notebook:
    """The first lesson, its first exercise in view."""
    notebook = jupyter.open_lesson("values", exercise="race-clock")
    notebook.card("race-clock").expect_ready()
    return notebook


def test_copy_of_an_answer_cell_is_not_what_gets_run(
    jupyter: JupyterLab, notebook: Notebook, lab: Lab
) -> None:
    card = notebook.card("race-clock")
    answers = notebook.code("def split_seconds(")
    notebook.write(answers, right_answer("race-clock"))
    notebook.select(answers)
    jupyter.press("c", "v")
    expect(answers).to_have_count(2)
    notebook.write(answers.nth(1), wrong_answers("race-clock")[0])

    card.submit()

    expect(card.status).to_have_text("All tests pass.")
    (submission,) = lab.rows("SELECT answer FROM submissions")
    (cell,) = submission["answer"]["cells"]
    assert cell["source"].strip() == right_answer("race-clock").strip()


def test_deleted_answer_cell_is_missed_and_no_other_exercise_is_taken_for_it(
    jupyter: JupyterLab, lab: Lab
) -> None:
    # JupyterLab does not let the cell be deleted; other editors do.
    file = lab.files / lab.open_lesson("python-foundations", "values")
    content = json.loads(file.read_text("utf-8"))
    content["cells"] = [
        cell for cell in content["cells"] if "def split_seconds(" not in "".join(cell["source"])
    ]
    file.write_text(json.dumps(content), encoding="utf-8")
    notebook = jupyter.open_lesson("values", exercise="race-clock")
    card = notebook.card("race-clock")
    card.expect_ready()
    expect(notebook.code("def mixed_temperature(")).to_have_count(1)

    card.button("Submit").click()

    expect(card.status).to_contain_text("was not found")
    assert lab.rows("SELECT id FROM submissions") == []
    # It says that a new cell above the card will do.
    prompt = notebook.root.locator(".jp-MarkdownCell", has_text="The race clock").first
    fresh = notebook.insert_below(prompt, "def split_seconds(total_seconds):")
    notebook.write(fresh, right_answer("race-clock"))
    card.submit()
    expect(card.status).to_have_text("All tests pass.")
    expect(card.grade).to_contain_text("11 of 11 points")


def test_copied_card_shows_the_same_exercise_in_step(
    jupyter: JupyterLab, notebook: Notebook
) -> None:
    notebook.write(notebook.code("def split_seconds("), wrong_answers("race-clock")[0])
    notebook.select(notebook.cell_of(notebook.card("race-clock")))
    jupyter.press("c", "v")
    cards = notebook.cards("race-clock")
    expect(cards).to_have_count(2)

    notebook.card("race-clock").run_tests()

    for place in range(2):
        expect(cards.nth(place).get_by_role("status")).to_have_text(
            re.compile(r"^\d+ of 11 tests pass\.$")
        )


def test_failure_leads_to_its_line_in_the_editor(jupyter: JupyterLab, notebook: Notebook) -> None:
    card = notebook.card("race-clock")
    answer = notebook.code("def split_seconds(")
    notebook.write(answer, "def split_seconds(total_seconds):\n    return total_seconds.hours\n")
    card.run_tests()
    notebook.select(notebook.cell_of(card))

    card.button("Line 2 of your cell").first.click()

    expect(answer.locator(".cm-content")).to_be_focused()
    jupyter.page.keyboard.insert_text("# here\n")
    expect(answer.locator(".cm-line").nth(1)).to_have_text("# here")


def test_renamed_notebook_keeps_its_cards_and_is_found_again(
    jupyter: JupyterLab, notebook: Notebook, lab: Lab
) -> None:
    card = notebook.card("race-clock")
    notebook.write(notebook.code("def split_seconds("), right_answer("race-clock"))
    jupyter.choose("File", "Rename Notebook…")
    jupyter.page.get_by_role("dialog").get_by_role("textbox").fill("mine.ipynb")
    jupyter.accept("Rename")
    lab.wait(lambda: (lab.files / "python-foundations/mine.ipynb").exists(), "the new name")

    card.submit()
    expect(card.grade).to_contain_text("11 of 11 points")

    jupyter.choose("View", "Open the Tutor")
    jupyter.panel.choose("Python foundations")
    jupyter.panel.exercise("Values, names and types", "Tea with milk").click()
    expect(notebook.root.locator(".jp-mod-active")).to_contain_text("Tea with milk")
    notebooks = sorted(path.name for path in lab.files.glob("python-foundations/*.ipynb"))
    assert notebooks == ["mine.ipynb"]
