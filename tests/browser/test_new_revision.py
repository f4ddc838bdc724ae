"""A course is published anew while a learner works: they are offered it and keep their answer."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser import courses
from tests.browser.lab import Lab
from tests.browser.pages import JupyterLab, Notebook

MINE = "def double(number):\n    # mine\n    return 2 * number\n"


def test_update_brings_the_new_revision_and_keeps_the_answer(
    jupyter: JupyterLab, lab: Lab, tmp_path: Path
) -> None:
    first = courses.write_course(tmp_path / "first", (3, 5))
    lab.tutor("publish", str(first), "--course", courses.SLUG)
    jupyter.open()
    jupyter.launcher_card.click()
    jupyter.panel.choose(courses.TITLE)
    jupyter.panel.exercise("The lesson", "Twice as much").click()
    notebook = Notebook(jupyter.page)
    card = notebook.card("double")
    answer = notebook.code("def double(")
    notebook.write(answer, MINE)
    card.submit()
    expect(card.grade).to_contain_text("2 of 2 points")

    second = courses.write_course(tmp_path / "second", (3, 5, -4))
    lab.tutor("publish", str(second), "--course", courses.SLUG)
    card.button("Run tests").click()
    expect(card.root).to_contain_text("There is a newer version of this exercise.")
    card.button("Update lesson").click()
    expect(card.button("Update lesson")).to_have_count(0)
    expect(notebook.root).to_contain_text("3 numbers are tried.")
    expect(answer).to_contain_text("# mine")
    card.submit()
    expect(card.grade).to_contain_text("3 of 3 points")
    expect(card.grade).to_contain_text("Submission 2")

    submissions = lab.rows(
        "SELECT s.number, r.number AS revision, s.answer FROM submissions s"
        " JOIN revisions r ON r.id = s.revision_id ORDER BY s.number"
    )
    assert [row["number"] for row in submissions] == [1, 2]
    before, after = (row["revision"] for row in submissions)
    assert after == before + 1
    assert {row["answer"]["cells"][0]["source"] for row in submissions} == {MINE}
