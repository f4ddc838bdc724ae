"""What a learner sees of the review of an answer: that it waits, and what was released."""

from pathlib import Path
from uuid import UUID

from playwright.sync_api import BrowserContext, expect

from jupyter_tutor.domain.people import Identity, Role
from jupyter_tutor.domain.reviews import Decision
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.reviewing import ReviewService, Seen
from jupyter_tutor.storage.database import Database
from tests.browser.lab import Lab
from tests.browser.pages import JupyterLab
from tests.browser.reference import right_answer

COURSE, LESSON, EXERCISE = "python-foundations", "dictionaries", "class-election"
DECISION = Decision(
    {"names": 2, "rounds": 1},
    comments={"rounds": "Could `fewest` be found after the counting?"},
    comment="A clear program.",
)


def release(lab: Lab) -> None:
    """Release the one answer there is, as an instructor."""
    (row,) = lab.rows("SELECT id FROM submissions")
    with Database(lab.tutor("db", "url").strip()) as database:
        access = Access(database, open_enrollment=True)
        grace, _ = access.recognise(Identity("local", "grace", "Grace"))
        with database() as uow:
            uow.people.enroll(grace.id, COURSE, Role.INSTRUCTOR)
        reviews = ReviewService(database, access)
        reviews.release(grace.id, COURSE, UUID(str(row["id"])), DECISION, Seen(), "a-key-of-grace")


def test_a_learner_sees_what_an_instructor_released(
    lab: Lab, jupyter: JupyterLab, dark: BrowserContext, screenshots: Path
) -> None:
    notebook = jupyter.open_lesson(LESSON, EXERCISE)
    notebook.expect_kernel()
    card = notebook.card(EXERCISE)
    card.expect_ready()
    notebook.write(notebook.code("def elect("), right_answer(EXERCISE))
    card.submit()

    expect(card.root).to_contain_text("An instructor also reads this answer.")
    released = card.root.get_by_role("region", name="What an instructor says")
    expect(released).to_have_count(0)
    expect(card.grade).to_contain_text("14 of 14 points")
    card.root.screenshot(path=screenshots / "review-waiting.png")

    release(lab)
    notebook.save()
    jupyter.page.reload()
    expect(released).to_contain_text("An instructor has read this answer. 3 of 4 points")
    expect(released).to_contain_text("A clear program.")
    expect(released.get_by_role("term")).to_have_text(
        ["Names 2 of 2 points", "One round, one thought 1 of 2 points"]
    )
    expect(released).to_contain_text("Could fewest be found after the counting?")
    # The grade of the tests stays what it was.
    expect(card.grade).to_contain_text("14 of 14 points")
    expect(card.tests.first).to_contain_text("Passed")
    released.scroll_into_view_if_needed()
    card.root.screenshot(path=screenshots / "review-released.png")

    page = dark.new_page()
    try:
        shown = JupyterLab(page, lab).open_lesson(LESSON, EXERCISE).card(EXERCISE)
        expect(shown.root.get_by_role("region", name="What an instructor says")).to_be_visible()
        shown.root.screenshot(path=screenshots / "review-released-dark.png")
    finally:
        page.close()
