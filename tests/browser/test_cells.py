"""Learners copy, delete, rename and retype: the card still finds its answer, or says why not."""

import json

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

    expect(card.trouble).to_contain_text("was not found")
    assert lab.rows("SELECT id FROM submissions") == []
    # It says that a new cell above the card will do.
    prompt = notebook.root.locator(".jp-MarkdownCell", has_text="The race clock").first
    fresh = notebook.insert_below(prompt, "def split_seconds(total_seconds):")
    notebook.write(fresh, right_answer("race-clock"))
    card.submit()
    expect(card.trouble).to_have_count(0)
    expect(card.grade).to_contain_text("11 of 11 points")


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
