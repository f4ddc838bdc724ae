"""How everything looks in each theme: free of WCAG 2.1 AA violations, and kept as pictures."""

from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser.lab import Lab
from tests.browser.looking import THEMES, Looker
from tests.browser.pages import JupyterLab, Notebook
from tests.browser.reference import right_answer, wrong_answers


def test_every_view_is_accessible_and_pictured(
    theme: str, themed: BrowserContext, lab: Lab, screenshots: Path
) -> None:
    page = themed.new_page()
    looker = Looker(page, screenshots, theme)
    jupyter = JupyterLab(page, lab)
    jupyter.open()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", THEMES[theme])

    looker.look("launcher", jupyter.launcher_card)
    jupyter.launcher_card.click()
    jupyter.panel.choose("Python foundations")
    looker.look("panel", jupyter.panel.root)
    jupyter.panel.exercise("Values, names and types", "The race clock").click()

    notebook = Notebook(page)
    card = notebook.card("race-clock")
    card.expect_ready()
    answer = notebook.code("def split_seconds(")
    looker.look("card", card.root)
    notebook.write(answer, wrong_answers("race-clock")[0])
    card.run_tests()
    card.ask_for_hint()
    card.ask_for_hint()
    answer.scroll_into_view_if_needed()
    looker.look("failing", card.root)
    notebook.write(answer, "def split_seconds(total_seconds):\n    return total_seconds.hours\n")
    card.run_tests()
    looker.look("raising", card.root)
    notebook.write(answer, right_answer("race-clock"))
    card.submit()
    expect(card.grade).to_be_visible()
    expect(jupyter.panel.summary).to_contain_text("1 of ")
    looker.look("graded", card.root)
    looker.look("progress", jupyter.panel.root)

    quiz = notebook.card("values-quiz")
    quiz.root.scroll_into_view_if_needed()
    quiz.expect_ready()
    quiz.questions.nth(0).locator("input").first.check()
    quiz.questions.nth(1).locator("input").fill("-3")
    quiz.questions.nth(2).locator("input").first.check()
    quiz.button("Submit").click()
    jupyter.accept("Submit anyway")
    expect(quiz.grade).to_be_visible()
    quiz.expect_ready()
    looker.look("quiz", quiz.root)
    page.close()

    assert not looker.violations, "\n".join(looker.violations)
