"""The review queue: a model drafts, an instructor decides, and what is released stays released."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.classroom import (
    CLEAR,
    COURSE,
    EXERCISE,
    TITLE,
    VAGUE,
    Classroom,
    classroom,
    publish,
    reader,
)
from tests.browser.lab import Lab
from tests.browser.pages import JupyterLab
from tests.browser.teaching import Teaching
from tests.fake_api import FakeApi

API = f"jupyter-tutor/api/courses/{COURSE}"


@pytest.fixture
def school(lab: Lab, fake: FakeApi, tmp_path: Path) -> Iterator[Classroom]:
    """A course with a rubric, three answers, and an instructor: whoever uses the browser."""
    fake.otherwise = reader
    publish(lab, tmp_path / "course")
    lab.tutor("role", "me", "instructor", "--course", COURSE)
    with classroom(lab) as opened:
        for name, source in (("Ada", CLEAR), ("Bob", VAGUE), ("Cleo", CLEAR)):
            opened.submit(name, source)
        yield opened


@pytest.fixture
def reviews(jupyter: JupyterLab, school: Classroom) -> Locator:
    """The review queue, opened."""
    assert school
    return Teaching(jupyter.page).open(jupyter, TITLE).show("Reviews")


def row(reviews: Locator, learner: str) -> Locator:
    """The line of somebody's answer."""
    return reviews.get_by_role("row", name=learner)


def test_drafts_are_decided_and_released(reviews: Locator, jupyter: JupyterLab, lab: Lab) -> None:
    expect(row(reviews, "Ada")).to_contain_text("Waiting")
    reviews.get_by_role("button", name="Draft by the model now").click()
    expect(reviews.get_by_role("status")).to_contain_text("3 answers are being read, for $0.")
    for learner in ("Ada", "Bob", "Cleo"):
        expect(row(reviews, learner)).to_contain_text("Drafted")
    # Whom a check falls on is drawn: here it is Cleo and nobody else.
    drawn = """
        UPDATE reviews SET audited = (people.display_name = 'Cleo')
        FROM submissions JOIN people ON people.id = submissions.learner_id
        WHERE submissions.id = reviews.submission_id RETURNING audited"""
    assert len(lab.rows(drawn)) == 3
    jupyter.page.get_by_role("button", name="Refresh", exact=True).click()
    expect(row(reviews, "Bob")).to_contain_text("1 criterion in doubt")
    expect(row(reviews, "Cleo")).to_contain_text("hidden until you have decided")

    reviews.get_by_role("button", name="Review Bob").click()
    names = reviews.get_by_role("group", name="Names")
    shape = reviews.get_by_role("group", name="Shape")
    expect(names.get_by_role("radio").nth(2)).to_be_checked()
    expect(shape.locator("input:checked")).to_have_count(0)
    expect(shape).to_contain_text("The draft leaves this to you.")
    expect(reviews.locator("mark").first).to_contain_text("def total(prices):")
    release = reviews.get_by_role("button", name="Release to the learner")
    expect(release).to_have_attribute("aria-disabled", "true")
    shape.get_by_role("radio").nth(0).check()
    names.get_by_role("radio").nth(1).check()
    expect(release).to_have_attribute("aria-disabled", "true")
    names.get_by_role("textbox", name="Why it differs").fill("One of them is x.")
    shape.get_by_role("textbox", name="Comment for the learner").fill("Look at sum.")
    release.click()
    expect(reviews.get_by_role("status")).to_contain_text("the learner sees it now")
    expect(reviews).to_contain_text("1 point by")
    # Seen again, it may be decided anew, with a reason.
    shape.get_by_role("radio").nth(1).check()
    shape.get_by_role("textbox", name="Why it differs").fill("It is not half of it.")
    reviews.get_by_role("button", name="Release anew").click()
    expect(reviews).to_contain_text("2 points by")
    reviews.get_by_role("button", name="Back to the queue").click()
    expect(row(reviews, "Bob")).to_contain_text("released 2 times")

    reviews.get_by_role("button", name="Release the draft without doubts").click()
    jupyter.accept("Release")
    expect(reviews.get_by_role("status")).to_contain_text("1 draft released")
    expect(row(reviews, "Ada")).to_contain_text("Released")
    expect(row(reviews, "Cleo")).to_contain_text("Drafted")

    reviews.get_by_role("button", name="Review Cleo").click()
    expect(reviews.locator("input:checked")).to_have_count(0)
    expect(reviews.locator("mark")).to_have_count(0)
    for criterion, level in (("Names", 2), ("Shape", 1)):
        reviews.get_by_role("group", name=criterion).get_by_role("radio").nth(level).check()
    reviews.get_by_role("button", name="Release to the learner").click()
    expect(reviews).to_contain_text("You decided 1 of 2 criteria as the draft did")
    given = lab.request("GET", f"{API}/reviews?status=released")["reviews"]
    assert {each["learner_name"]: each["releases"] for each in given} == {
        "Ada": 1,
        "Bob": 2,
        "Cleo": 1,
    }


def test_what_is_not_released_is_seen_by_nobody(
    reviews: Locator, lab: Lab, school: Classroom
) -> None:
    expect(row(reviews, "Ada")).to_contain_text("Waiting")
    lab.request("POST", f"{API}/exercises/{EXERCISE}/readings", {"mode": "now"})
    expect(reviews).to_be_visible()
    lab.wait(lambda: len(lab.rows("SELECT 1 AS n FROM reviews")) == 3, "the drafts")
    assert lab.rows("SELECT 1 AS n FROM evaluations WHERE evaluator = 'instructor'") == []
    lab.tutor("role", "me", "learner", "--course", COURSE)
    reviews.page.get_by_role("button", name="Refresh", exact=True).click()
    expect(reviews.get_by_role("alert")).to_contain_text("instructors")
