"""The main job: from the launcher to a grade at the cell, and all of it in PostgreSQL."""

import re

from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.browser.pages import Card, JupyterLab, Notebook, texts
from tests.browser.reference import right_answer, wrong_answers

LESSON = "Values, names and types"
NOT_YET = "Give the last hint a try."


def test_learner_goes_from_the_launcher_to_a_grade_at_the_cell(
    jupyter: JupyterLab, lab: Lab
) -> None:
    jupyter.open()
    jupyter.launcher_card.click()
    panel = jupyter.panel
    panel.choose("Python foundations")
    expect(panel.summary).to_contain_text(re.compile("^0 of "))
    panel.exercise(LESSON, "The race clock").click()

    # No cell was run: the card is there all the same.
    notebook = Notebook(jupyter.page)
    card = notebook.card("race-clock")
    card.expect_ready()
    expect(notebook.root.get_by_text("[1]:")).to_have_count(0)
    expect(card.facts).to_contain_text("11 tests")

    answer = notebook.code("def split_seconds(")
    notebook.write(answer, wrong_answers("race-clock")[0])
    card.run_tests()
    expect(card.status).to_have_text(re.compile(r"^\d+ of 11 tests pass\.$"))
    expect_readable_failure(card)
    # What was run is in the file too, without anybody having saved it.
    file = lab.files / "python-foundations/values.ipynb"
    lab.wait(lambda: "total_seconds // 60" in file.read_text("utf-8"), "what was run to be saved")

    climb_the_ladder(card, notebook)

    notebook.write(answer, right_answer("race-clock"))
    card.submit()
    expect(card.status).to_have_text("All tests pass.")
    expect(card.grade).to_contain_text("11 of 11 points")
    expect(card.grade).to_contain_text("Submission 1")
    expect(card.facts).to_contain_text("Best 100%")

    expect(panel.summary).to_contain_text(re.compile(r"^1 of \d+ exercises passed · 11 of "))
    expect(panel.progress).to_have_js_property("value", 1)
    expect(panel.topic(LESSON)).to_contain_text("1 of 5")
    expect(
        panel.topic(LESSON).get_by_role("img", name=re.compile(r"^Mastery \d+%"))
    ).to_be_visible()

    expect_rows(lab)


def expect_readable_failure(card: Card) -> None:
    """The first failing test tells what was called, expected and got, and where they part."""
    failing = card.test("the example of the board")
    expect(failing).to_contain_text("Failed")
    shown = texts(failing)[0]
    for said in (
        "Called split_seconds(7384)",
        "Expected (2, 3, 4)",
        "Got (2, 123, 4)",
        "index 1",
    ):
        assert said in shown, f"{said!r} is not in {shown!r}"
    secret = card.tests.filter(has_text="secret").first
    expect(secret).to_contain_text("what it tries is not shown")
    expect(secret).not_to_contain_text("split_seconds")


def climb_the_ladder(card: Card, notebook: Notebook) -> None:
    """Result, then nudge; the next rung waits for a changed run, then gives the concept."""
    card.ask_for_hint()
    expect(card.hints).to_have_count(1)
    expect(card.hints.first).to_contain_text("Result")
    expect(card.hints.first).to_contain_text("split_seconds(7384)")
    card.ask_for_hint()
    expect(card.hints).to_have_count(2)
    expect(card.hints.first).to_contain_text("Nudge")
    expect(card.hints.first).to_contain_text("written by the author")
    expect(card.root).to_contain_text(NOT_YET)
    expect(card.hint_button).to_have_attribute("aria-disabled", "true")
    expect(card.hint_button).to_have_accessible_description(re.compile(re.escape(NOT_YET)))

    notebook.write(notebook.code("def split_seconds("), wrong_answers("race-clock")[2])
    card.run_tests()
    expect(card.root).not_to_contain_text(NOT_YET)
    card.ask_for_hint()
    expect(card.hints).to_have_count(3)
    expect(card.hints.first).to_contain_text("Concept")


def expect_rows(lab: Lab) -> None:
    """Everything that was done is in the database, once."""
    attempts = lab.rows("SELECT answer, status, verdict FROM attempts ORDER BY created_at")
    assert [row["status"] for row in attempts] == ["graded", "graded"]
    sources = [row["answer"]["cells"][0]["source"] for row in attempts]
    wrong = wrong_answers("race-clock")
    assert [source.strip() for source in sources] == [wrong[0].strip(), wrong[2].strip()]

    (submission,) = lab.rows(
        "SELECT s.id, s.number, s.status, e.slug, r.number AS revision"
        " FROM submissions s JOIN exercises e ON e.id = s.exercise_id"
        " JOIN revisions r ON r.id = s.revision_id"
    )
    assert (submission["slug"], submission["number"], submission["revision"]) == (
        "race-clock",
        1,
        1,
    )
    assert submission["status"] == "graded"

    (evaluation,) = lab.rows("SELECT * FROM evaluations")
    assert evaluation["submission_id"] == submission["id"]
    assert (evaluation["evaluator"], evaluation["score"]) == ("tests", 1.0)
    assert evaluation["passed"]
    results = lab.rows(
        "SELECT outcome, count(*) FROM test_results WHERE evaluation_id = %(id)s GROUP BY outcome",
        id=evaluation["id"],
    )
    assert results == [{"outcome": "passed", "count": 11}]

    hints = lab.rows("SELECT level, source, text FROM hint_requests ORDER BY created_at")
    assert [(row["level"], row["source"]) for row in hints] == [
        (0, "rules"),
        (1, "author"),
        (2, "author"),
    ]
    assert all(row["text"] for row in hints)

    (memory,) = lab.rows("SELECT n, last_event_at FROM learner_memory")
    assert memory["n"] == 1
    (mastery,) = lab.rows(
        "SELECT t.slug, m.n, m.wins, m.unaided FROM mastery m JOIN topics t ON t.id = m.topic_id"
        " WHERE m.n > 0"
    )
    assert mastery == {"slug": "values", "n": 1, "wins": 1, "unaided": 0}
    (passed,) = lab.rows(
        "SELECT e.slug FROM passed_exercises p JOIN exercises e ON e.id = p.exercise_id"
    )
    assert passed["slug"] == "race-clock"
    assert lab.rows("SELECT * FROM open_episodes") == []
