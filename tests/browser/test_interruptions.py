"""Reloads, several tabs, and a server that dies: nothing is lost and nothing is done twice."""

import re

from playwright.sync_api import Page, expect

from tests.browser.lab import Lab
from tests.browser.pages import JupyterLab, Notebook
from tests.browser.reference import right_answer, wrong_answers

SLOWLY = "import time\ntime.sleep(3)\n\n"
"""Makes an answer take long enough to be interrupted, and stay within its limits."""


def test_reload_in_the_middle_of_a_run_shows_its_result(
    jupyter: JupyterLab, lab: Lab, page: Page
) -> None:
    notebook = jupyter.open_lesson("values", exercise="race-clock")
    card = notebook.card("race-clock")
    card.expect_ready()
    notebook.write(notebook.code("def split_seconds("), SLOWLY + wrong_answers("race-clock")[0])
    notebook.save()
    card.button("Run tests").click()
    under_way = "SELECT id FROM attempts WHERE finished_at IS NULL"
    lab.wait(lambda: len(lab.rows(under_way)) == 1, "the run to begin")
    page.reload()

    card.root.scroll_into_view_if_needed()
    expect(card.status).to_have_text(re.compile(r"^\d+ of 11 tests pass\.$"))
    card.expect_ready()
    expect(notebook.code("def split_seconds(")).to_contain_text("time.sleep(3)")
    assert lab.rows("SELECT status FROM attempts") == [{"status": "graded"}]


def test_two_tabs_on_one_notebook_share_one_ladder_and_one_count(
    jupyter: JupyterLab, lab: Lab
) -> None:
    notebook = jupyter.open_lesson("values", exercise="race-clock")
    here = notebook.card("race-clock")
    here.expect_ready()
    answer = notebook.code("def split_seconds(")
    notebook.write(answer, wrong_answers("race-clock")[0])
    notebook.save()
    with jupyter.page.context.new_page() as page:
        page.goto(jupyter.page.url)
        there = Notebook(page).card("race-clock")
        there.root.scroll_into_view_if_needed()
        there.expect_ready()
        here.run_tests()
        expect(there.tests).to_have_count(11)
        there.ask_for_hint()
        expect(there.hints.first).to_contain_text("Result")
        expect(here.hints.first).to_contain_text("Result")
        here.ask_for_hint()
        expect(here.hints).to_have_count(2)
        expect(here.hints.first).to_contain_text("Nudge")
        expect(there.hints).to_have_count(2)
        notebook.write(answer, right_answer("race-clock"))
        here.submit()
        expect(here.grade).to_contain_text("Submission 1")
        expect(there.grade).to_contain_text("Submission 1")
        there.submit()
        expect(there.grade).to_contain_text("Submission 2")
        expect(there.facts).to_contain_text("2 submissions")
        expect(there.facts).to_contain_text("Best 100%")
        expect(here.facts).to_contain_text("2 submissions")

    submissions = lab.rows(
        "SELECT s.number, e.passed FROM submissions s JOIN evaluations e ON e.submission_id = s.id"
        " ORDER BY s.number"
    )
    assert submissions == [{"number": 1, "passed": True}, {"number": 2, "passed": False}]
    levels = lab.rows("SELECT level FROM hint_requests ORDER BY created_at")
    assert [row["level"] for row in levels] == [0, 1]


def test_what_is_pending_when_the_server_dies_is_done_once_when_it_is_back(
    jupyter: JupyterLab, lab: Lab
) -> None:
    jupyter.dismiss_save_errors()
    notebook = jupyter.open_lesson("values", exercise="race-clock")
    accepted, unsent = notebook.card("race-clock"), notebook.card("tea-and-milk")
    accepted.expect_ready()
    unsent.expect_ready()
    notebook.write(notebook.code("def split_seconds("), SLOWLY + right_answer("race-clock"))
    notebook.write(notebook.code("def mixed_temperature("), right_answer("tea-and-milk"))
    accepted.button("Submit").click()
    running = "SELECT id FROM submissions WHERE status = 'running'"
    lab.wait(lambda: len(lab.rows(running)) == 1, "the grading to begin")
    lab.kill()
    unsent.button("Submit").click()
    expect(unsent.status).to_contain_text("Nothing is lost")
    assert len(lab.rows("SELECT id FROM submissions")) == 1
    lab.start()

    expect(accepted.grade).to_contain_text("11 of 11 points")
    expect(unsent.grade).to_contain_text("Submission 1")
    expect(unsent.status).to_have_text("All tests pass.")
    graded = lab.rows(
        "SELECT x.slug, s.number, s.status, e.score FROM submissions s"
        " JOIN exercises x ON x.id = s.exercise_id"
        " LEFT JOIN evaluations e ON e.submission_id = s.id ORDER BY x.slug"
    )
    assert graded == [
        {"slug": slug, "number": 1, "status": "graded", "score": 1.0}
        for slug in ("race-clock", "tea-and-milk")
    ]


def test_card_stays_while_its_exercise_cannot_be_found(jupyter: JupyterLab, page: Page) -> None:
    notebook = jupyter.open_lesson("values", exercise="race-clock")
    card = notebook.card("race-clock")
    card.expect_ready()
    notebook.write(notebook.code("def split_seconds("), wrong_answers("race-clock")[0])
    card.run_tests()
    expect(card.tests).to_have_count(11)
    # As while a backup of the database is read back.
    gone = {"code": "not_found", "message": "There is no such exercise.", "details": {}}
    everything = "**/jupyter-tutor/api/**"
    page.route(everything, lambda route: route.fulfill(status=404, json=gone))
    card.button("Run tests").click()
    expect(card.status).to_contain_text("cannot be loaded now, try again")
    expect(card.tests).to_have_count(11)
    expect(notebook.card("tea-and-milk").root).to_be_attached()

    page.unroute(everything)
    card.button("Try again").click()
    expect(card.button("Try again")).to_have_count(0)
    expect(card.status).to_have_text(re.compile(r"^\d+ of 11 tests pass\.$"))
