"""The same flow in Notebook 7: panel, lesson in a tab of its own, card, grade."""

import re

from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.browser.pages import JupyterLab, Notebook
from tests.browser.reference import right_answer, wrong_answers


def test_learner_works_in_notebook_7(jupyter: JupyterLab, lab: Lab) -> None:
    jupyter.open("tree")
    jupyter.page.get_by_role("button", name="Tutor", exact=True).click()
    jupyter.panel.choose("Python foundations")
    with jupyter.page.context.expect_page() as opened:
        jupyter.panel.exercise("Strings", "A letter to Amsterdam").click()
    page = opened.value
    expect(page).to_have_url(re.compile(r"/notebooks/python-foundations/strings\.ipynb"))

    notebook = Notebook(page)
    card = notebook.card("dutch-postcode")
    card.expect_ready()
    answer = notebook.code("def is_dutch_postcode(")
    notebook.write(answer, wrong_answers("dutch-postcode")[2])
    card.run_tests()
    expect(card.status).to_have_text(re.compile(r"^\d+ of \d+ tests pass\.$"))
    expect(card.tests.filter(has_text="Failed").first).to_contain_text("is_dutch_postcode(")
    card.ask_for_hint()
    expect(card.hints).to_have_count(1)
    notebook.write(answer, right_answer("dutch-postcode"))
    card.submit()
    expect(card.grade).to_contain_text("Submission 1")

    inside = JupyterLab(page, lab)
    inside.choose("View", "Open the Tutor")
    inside.panel.choose("Python foundations")
    expect(inside.panel.summary).to_contain_text(re.compile("^1 of "))
    assert lab.rows("SELECT score, passed FROM evaluations") == [{"score": 1.0, "passed": True}]
    page.close()
