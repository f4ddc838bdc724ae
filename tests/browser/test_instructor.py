"""An instructor's view: who gets it, usage, settings of help, opinions, conversations."""

import json
import re
import urllib.error
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.browser.classroom import SAMPLE, Classroom, classroom
from tests.browser.lab import Lab
from tests.browser.pages import JupyterLab
from tests.browser.reference import wrong_answers
from tests.browser.teaching import Teaching

TITLE = "Python foundations"
API = f"jupyter-tutor/api/courses/{SAMPLE}"
EXERCISE = "race-clock"
EXERCISE_TITLE = "The race clock"


@pytest.fixture
def school(lab: Lab) -> Iterator[Classroom]:
    """A class, and an instructor: whoever uses the browser."""
    said = lab.tutor("role", "me", "instructor", "--course", SAMPLE)
    assert f"is instructor in {SAMPLE}" in said
    with classroom(lab) as opened:
        yield opened
    lab.rows("DELETE FROM hint_settings RETURNING 1 AS gone")


@pytest.fixture
def teaching(jupyter: JupyterLab, school: Classroom) -> Teaching:
    """What instructors see, opened by the button that they have."""
    assert school
    return Teaching(jupyter.page).open(jupyter, TITLE)


def test_learners_see_neither_button_nor_data(jupyter: JupyterLab, lab: Lab) -> None:
    jupyter.open()
    jupyter.launcher_card.click()
    jupyter.panel.choose(TITLE)
    expect(jupyter.panel.root.get_by_role("button", name="Open exercise")).to_be_visible()
    expect(jupyter.panel.root.get_by_role("button", name="Teaching…")).to_have_count(0)
    jupyter.press("Control+Shift+c")
    palette = jupyter.page.locator("#modal-command-palette, #command-palette")
    jupyter.page.keyboard.type("Open the Tutor")
    expect(palette.get_by_text("Open the Tutor").first).to_be_visible()
    jupyter.page.keyboard.press("Control+a")
    jupyter.page.keyboard.type("Teaching")
    expect(palette.get_by_text("Open the Tutor")).to_have_count(0)
    expect(palette.locator("[data-command='jupyter-tutor:open-teaching']")).to_have_count(0)
    for path in ("usage", "people", "hint-settings", "hint-feedback", "reviews"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            lab.request("GET", f"{API}/{path}")
        assert refused.value.code == 403


def test_what_a_model_cost_is_told_added_up_and_saved(
    teaching: Teaching, school: Classroom
) -> None:
    usage = teaching.shown("Usage")
    expect(usage).to_contain_text("No language model was called in this period.")
    ada, bob = school.learner("Ada", SAMPLE), school.learner("Bob", SAMPLE)
    school.spend(ada, EXERCISE, "0.0123")
    school.spend(bob, EXERCISE, "0.5")
    school.spend(bob, "", "0.00002", failed=True)
    teaching.button("Refresh").click()
    table = "What a language model cost, by Learner"
    expect(usage.get_by_role("table", name=table)).to_be_visible()
    assert [row[:4] for row in teaching.rows(table)] == [
        ["Learner", "Cost ($)", "Calls", "Failed"],
        ["Bob", "$0.5000", "2", "1"],
        ["Ada", "$0.0123", "1", "0"],
        ["Total", "$0.5123", "3", "1"],
    ]
    expect(usage).to_contain_text("$0.5123 spent. The course as a whole has no limit.")
    expect(usage).to_contain_text("Each learner: at most $0.10 a month.")
    usage.get_by_role("button", name="Learner", exact=True).click()
    assert [row[0] for row in teaching.rows(table)] == ["Learner", "Ada", "Bob", "Total"]

    teaching.choose("Added up by", "Exercise")
    table = "What a language model cost, by Exercise"
    expect(usage.get_by_role("table", name=table)).to_be_visible()
    assert [row[0] for row in teaching.rows(table)[1:]] == [
        EXERCISE_TITLE,
        "No exercise",
        "Total",
    ]
    with teaching.page.expect_download() as saved:
        teaching.button("Download as CSV").click()
    assert saved.value.suggested_filename == f"usage-{SAMPLE}-by-exercise.csv"
    head, first, *_ = saved.value.path().read_text("utf-8").splitlines()
    assert head.startswith("exercise,key,calls,failed,")
    assert first == f"{EXERCISE_TITLE},{EXERCISE},2,0,200,400,600,80,0.512300000000"

    school.spend(ada, EXERCISE, "2", days_ago=40)
    teaching.choose("Period", "Last 7 days")
    expect(usage.get_by_role("row", name="Total")).to_contain_text("$0.5123")
    teaching.choose("Period", "All")
    expect(usage.get_by_role("row", name="Total")).to_contain_text("$2.5123")


def test_settings_say_what_is_inherited_and_a_card_obeys(
    teaching: Teaching, jupyter: JupyterLab, lab: Lab
) -> None:
    settings = teaching.show("Settings of help")
    expect(settings).to_contain_text("help is as the author of each exercise wants it")
    most = settings.get_by_label("Most hints for an exercise")
    most.fill("21")
    teaching.button("Save").click()
    expect(settings.get_by_role("alert")).to_contain_text("less than or equal to 20")
    expect(most).to_have_attribute("aria-invalid", "true")
    # Nothing is lost: neither what was typed, nor while something else is looked at.
    teaching.show("Usage")
    teaching.show("Settings of help")
    expect(most).to_have_value("21")
    most.fill("3")
    teaching.button("Save").click()
    expect(settings.get_by_text("Saved.", exact=True)).to_be_visible()

    teaching.choose("For", "One exercise")
    teaching.choose("Exercise", f"Values, names and types – {EXERCISE_TITLE}")
    expect(settings).to_contain_text("Left empty: as the course says: 3.")
    teaching.choose("Deepest rung of help", "0 · Result")
    teaching.button("Save").click()
    expect(settings.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(settings.get_by_role("region", name="What is said so far")).to_contain_text(
        f"the exercise “{EXERCISE_TITLE}”Deepest rung of help: 0 · Result"
    )
    stored = lab.request("GET", f"{API}/hint-settings")["settings"]
    assert [(each["exercise"], each["settings"]["deepest"]) for each in stored] == [
        (None, None),
        (EXERCISE, 0),
    ]

    notebook = jupyter.open_lesson("values", exercise=EXERCISE)
    card = notebook.card(EXERCISE)
    notebook.expect_kernel()
    notebook.write(notebook.code("def split_seconds("), wrong_answers(EXERCISE)[0])
    card.run_tests()
    card.ask_for_hint()
    expect(card.hints).to_have_count(1)
    expect(card.hint_button).to_have_attribute("aria-disabled", "true")


def test_opinions_are_counted_and_name_nobody(
    teaching: Teaching, school: Classroom, lab: Lab
) -> None:
    opinions = teaching.show("Opinions on hints")
    expect(opinions).to_contain_text("No hint was given yet.")
    path = f"jupyter-tutor/api/courses/{SAMPLE}/exercises/{EXERCISE}/hints"
    hint = lab.request("POST", path, {})["hint"]
    lab.request(
        "PUT", f"jupyter-tutor/api/hints/{hint['id']}/feedback", {"mark": "wrong", "text": ""}
    )
    teaching.button("Refresh").click()
    table = "What learners think of the hints"
    expect(opinions.get_by_role("table", name=table)).to_be_visible()
    assert teaching.rows(table)[1] == [EXERCISE_TITLE, "1", "0", "0", "1", "100%", "100%"]


def test_conversations_are_shown_where_the_course_lets_them(
    teaching: Teaching, school: Classroom, lab: Lab
) -> None:
    ada = school.learner("Ada", SAMPLE)
    school.talk(ada, EXERCISE, "Why is it **wrong**?", "Which unit has the rest?")
    teaching.button("Refresh").click()
    talks = teaching.show("Conversations")
    talks.get_by_role("combobox", name="Learner").select_option(label="Ada")
    expect(talks.get_by_role("alert")).to_be_visible()
    expect(talks).not_to_contain_text("Why is it")
    lab.request("PUT", f"{API}/hint-settings", {"conversations_visible": True})
    talks.get_by_role("button", name="Try again").click()
    expect(talks).to_contain_text("There is no conversation that you may read")
    school.talk(ada, EXERCISE, "And is it **right** now?", "What do the tests say?")
    teaching.button("Refresh").click()
    expect(talks).to_contain_text("And is it right now?")
    expect(talks).to_contain_text("What do the tests say?")
    expect(talks).not_to_contain_text("Why is it")
    looked = lab.rows("SELECT subject FROM audit_events WHERE action = 'conversation.read'")
    assert {UUID(each["subject"].removeprefix("person:")) for each in looked} == {ada}


def test_it_comes_back_with_the_page_and_is_walked_with_the_keyboard(
    teaching: Teaching, jupyter: JupyterLab, lab: Lab
) -> None:
    teaching.root.get_by_role("tab", name="Usage").focus()
    jupyter.press("End")
    last = teaching.root.get_by_role("tab").last
    expect(last).to_be_focused()
    expect(last).to_have_attribute("aria-selected", "true")
    jupyter.press("ArrowRight", "ArrowRight")
    expect(teaching.root.get_by_role("tab", name="Reviews")).to_be_focused()
    expect(teaching.shown("Reviews")).to_contain_text("Nobody has handed in")

    def is_stored() -> bool:
        data = json.dumps(lab.request("GET", "lab/api/workspaces"))
        return "jupyter-tutor-teaching" in data and '"part": "reviews"' in data

    lab.wait(is_stored, "the workspace to be stored")
    jupyter.open("lab")
    tab = jupyter.page.get_by_role("main").get_by_role("tab", name=re.compile("^Teaching"))
    tab.click()
    expect(teaching.shown("Reviews")).to_be_visible()
