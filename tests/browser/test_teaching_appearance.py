"""How everything that instructors see looks in each theme: see `test_appearance`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.classroom import (
    CLEAR,
    COURSE,
    EXERCISE,
    SAMPLE,
    TITLE,
    VAGUE,
    Classroom,
    classroom,
    publish,
    reader,
)
from tests.browser.lab import Lab
from tests.browser.looking import THEMES, Looker
from tests.browser.pages import JupyterLab
from tests.browser.teaching import Teaching
from tests.fake_api import FakeApi

NARROW = 500


@pytest.fixture
def school(lab: Lab, fake: FakeApi, tmp_path: Path) -> Iterator[Classroom]:
    """Two courses that whoever uses the browser teaches, with calls, answers and conversations."""
    fake.otherwise = reader
    publish(lab, tmp_path / "course")
    for course in (COURSE, SAMPLE):
        lab.tutor("role", "me", "instructor", "--course", course)
    settings = {"conversations_visible": True, "most_hints": 5, "costs": {"steps": 0.5}}
    lab.request("PUT", f"jupyter-tutor/api/courses/{SAMPLE}/hint-settings", settings)
    with classroom(lab) as opened:
        for number, name in enumerate(("Ada Lovelace", "Grace Hopper", "Rózsa Péter")):
            learner = opened.learner(name, SAMPLE)
            opened.spend(learner, "race-clock", f"0.0{number}234", failed=number == 1)
            opened.talk(learner, "race-clock", "Why is `90` **wrong**?", "What is left of it?")
        opened.submit("Ada Lovelace", VAGUE)
        opened.submit("Grace Hopper", CLEAR)
        hints = f"jupyter-tutor/api/courses/{SAMPLE}/exercises/race-clock/hints"
        hint = lab.request("POST", hints, {})["hint"]
        mark = {"mark": "wrong", "text": ""}
        lab.request("PUT", f"jupyter-tutor/api/hints/{hint['id']}/feedback", mark)
        lab.request(
            "POST",
            f"jupyter-tutor/api/courses/{COURSE}/exercises/{EXERCISE}/readings",
            {"mode": "now"},
        )
        yield opened
    lab.rows("DELETE FROM hint_settings RETURNING 1 AS gone")


def look_at_reviews(teaching: Teaching, looker: Looker, lab: Lab) -> None:
    """Look at the queue, and at a review whose draft is in doubt."""
    teaching.choose("Course", TITLE)
    reviews = teaching.show("Reviews")
    expect(reviews.get_by_role("row", name="Ada Lovelace")).to_contain_text("Drafted")
    lab.rows("UPDATE reviews SET audited = false RETURNING 1 AS n")
    teaching.button("Refresh").click()
    expect(reviews.get_by_role("row", name="Ada Lovelace")).to_contain_text("in doubt")
    looker.look("teaching-reviews", teaching.root)
    reviews.get_by_role("button", name="Review Ada Lovelace").click()
    reviews.get_by_role("group", name="Names").get_by_role("radio").first.check()
    looker.look("teaching-review", teaching.root)
    reviews.get_by_role("group", name="Shape").scroll_into_view_if_needed()
    looker.look("teaching-review-end", teaching.root.get_by_role("region", name="Release"))


def expect_no_wider(page: Page, teaching: Teaching) -> None:
    """Nothing but tables, which scroll by themselves, is wider than the page."""
    page.set_viewport_size({"width": NARROW, "height": 900})
    wider = teaching.root.evaluate("node => node.scrollWidth - node.clientWidth")
    assert wider <= 0, f"{wider} pixels do not fit"


def test_every_part_is_accessible_and_pictured(
    theme: str, themed: BrowserContext, lab: Lab, school: Classroom, screenshots: Path
) -> None:
    assert school
    page = themed.new_page()
    looker = Looker(page, screenshots, theme)
    jupyter = JupyterLab(page, lab)
    teaching = Teaching(page)
    jupyter.open()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", THEMES[theme])
    jupyter.launcher_card.click()
    jupyter.panel.choose("Python foundations")
    jupyter.panel.root.get_by_role("button", name="Teaching…").click()
    expect(teaching.shown("Usage").get_by_role("table")).to_be_visible()
    looker.look("teaching-usage", teaching.root)
    settings = teaching.show("Settings of help")
    settings.get_by_label("Most hints for an exercise").fill("21")
    teaching.button("Save").click()
    expect(settings.get_by_role("alert")).to_be_visible()
    settings.get_by_role("heading", name="Help for the whole course").scroll_into_view_if_needed()
    looker.look("teaching-settings", teaching.root)
    expect(teaching.show("Opinions on hints").get_by_role("table")).to_be_visible()
    looker.look("teaching-opinions", teaching.root)
    talks = teaching.show("Conversations")
    talks.get_by_role("combobox", name="Learner").select_option(label="Ada Lovelace")
    expect(talks).to_contain_text("What is left of it?")
    looker.look("teaching-conversations", teaching.root)
    look_at_reviews(teaching, looker, lab)
    jupyter.press("Control+b")
    expect_no_wider(page, teaching)
    looker.look("teaching-narrow", teaching.root)
    page.close()

    assert not looker.violations, "\n".join(looker.violations)
