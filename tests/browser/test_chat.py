"""The chat of the side panel: answers, what is held back, what fails, and who may read it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.chat import Chat
from tests.browser.lab import MODEL_HOST, Lab
from tests.browser.looking import THEMES, Looker
from tests.browser.pages import JupyterLab, Notebook
from tests.browser.reference import right_answer, wrong_answers
from tests.fake_api import FakeApi, Hang, Status, tutor

SLUG = "python-foundations"
COURSE = f"jupyter-tutor/api/courses/{SLUG}"
EXERCISE = "race-clock"
QUESTION = "Why do my minutes come out too large?"
GOOD = "Look at **minutes** for 7384 seconds. How many minutes fit in one hour?"
LEAK = right_answer(EXERCISE).split('"""')[-1]
SECRET = "total_seconds % 3600 // 60"


@pytest.fixture
def instructor(lab: Lab) -> Iterator[Lab]:
    """The server, for somebody who is a learner and their own instructor."""
    lab.request("GET", COURSE)
    lab.rows("UPDATE enrollments SET role = 'instructor' RETURNING role")
    yield lab
    lab.request("PUT", f"{COURSE}/hint-settings", {})


@pytest.fixture
def agreed(lab: Lab) -> Lab:
    """The server, for somebody who lets a language model read their work."""
    lab.consent(SLUG)
    return lab


def begin(jupyter: JupyterLab, exercise: str = EXERCISE) -> tuple[Chat, Notebook]:
    """Go to an exercise, and open the chat about it."""
    notebook = jupyter.open_lesson("values", exercise=exercise)
    notebook.expect_kernel()
    notebook.card(exercise).expect_ready()
    notebook.select(notebook.code("def split_seconds("))
    chat = Chat(jupyter)
    chat.open()
    return chat, notebook


def stored(lab: Lab) -> list[str]:
    """Return what was said, oldest first, as the database has it."""
    return [row["text"] for row in lab.rows("SELECT text FROM messages ORDER BY created_at, id")]


def sources(notebook: Path) -> list[str]:
    """Return what stands in the cells of a notebook file; nothing while it is being written."""
    try:
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
    except json.JSONDecodeError:
        return []
    return ["".join(cell["source"]) for cell in cells]


def test_a_conversation_goes_on_in_the_next_page_and_stays_with_its_exercise(
    jupyter: JupyterLab, agreed: Lab, fake: FakeApi
) -> None:
    fake.otherwise = tutor(GOOD)
    chat, notebook = begin(jupyter)
    notebook.write(notebook.code("def split_seconds("), wrong_answers(EXERCISE)[0])
    notebook.card(EXERCISE).run_tests()
    expect(chat.root).to_contain_text("The race clock")
    expect(chat.root).to_contain_text("is yours alone")
    chat.ask(QUESTION)
    expect(chat.field).to_have_value("")
    expect(chat.messages.first).to_contain_text(QUESTION)
    expect(chat.answers.last).to_contain_text("Look at minutes for 7384 seconds.")
    expect(chat.answers.last.locator(".jp-tutor-tag")).to_have_text("AI")
    expect(chat.answers.last.locator("strong", has_text="minutes")).to_be_visible()
    expect(chat.status).to_contain_text("The tutor answered: Look at")
    chat.ask("And seconds?")
    expect(chat.answers.last).to_be_in_viewport()
    sent = str([call.body for call in fake.calls])
    assert "And seconds?" in sent
    assert "total_seconds // 60" in sent

    card = notebook.card("values-quiz")
    card.root.scroll_into_view_if_needed()
    notebook.select(notebook.cell_of(card))
    expect(chat.messages).to_have_count(0)
    expect(chat.root).not_to_contain_text("The race clock")
    again, _ = begin(jupyter)
    expect(again.messages).to_have_count(4)
    expect(again.messages.nth(2)).to_contain_text("And seconds?")


def test_a_solution_is_held_back(jupyter: JupyterLab, agreed: Lab, fake: FakeApi) -> None:
    fake.otherwise = tutor(f"Write this:\n\n```python{LEAK}```")
    chat, _ = begin(jupyter)
    chat.ask("Give me the code.")
    expect(chat.answers.last.locator(".jp-tutor-tag")).to_have_text("Rules")
    expect(chat.answers.last).to_contain_text("I can't answer that now.")
    assert fake.calls
    assert SECRET not in chat.root.inner_text()
    assert not any(SECRET in each for each in stored(agreed))


def test_markup_in_an_answer_does_nothing(jupyter: JupyterLab, agreed: Lab, fake: FakeApi) -> None:
    harm = "<img src=x onerror=\"document.title='harmed'\"><script>document.title='harmed'</script>"
    fake.otherwise = tutor(f"What is 7384 divided by 60? {harm}")
    chat, _ = begin(jupyter)
    chat.ask(f"{QUESTION} {harm}")
    expect(chat.messages.first).to_contain_text("<script>")
    expect(chat.root.locator("script, [onerror]")).to_have_count(0)
    assert jupyter.page.title() != "harmed"


def test_cancel_ends_the_request_at_the_model_and_gives_the_question_back(
    jupyter: JupyterLab, agreed: Lab, fake: FakeApi
) -> None:
    fake.otherwise = lambda _body: Hang()
    chat, _ = begin(jupyter)
    chat.send(QUESTION)
    expect(chat.messages).to_have_count(1)
    expect(chat.status).to_have_text("The tutor is thinking…")
    agreed.wait(lambda: len(fake.calls) == 1, "the question to reach the model")
    chat.button("Cancel").click()
    expect(chat.field).to_have_value(QUESTION)
    expect(chat.field).to_be_focused()
    expect(chat.messages).to_have_count(0)
    agreed.wait(lambda: fake.gone == 1, "the request to be ended")
    outcomes = "SELECT outcome FROM usage_records"
    agreed.wait(lambda: bool(agreed.rows(outcomes)), "the call to be recorded")
    assert agreed.rows(outcomes) == [{"outcome": "cancelled"}]
    assert stored(agreed) == []

    # With Escape as well, and what was given back can be sent.
    chat.field.press("Enter")
    agreed.wait(lambda: len(fake.calls) == 2, "the question to reach the model")
    chat.field.press("Escape")
    agreed.wait(lambda: fake.gone == 2, "the request to be ended")
    expect(chat.field).to_have_value(QUESTION)
    fake.otherwise = tutor(GOOD)
    chat.field.press("Enter")
    expect(chat.answers).to_have_count(1)


def test_when_the_model_fails_the_question_stays_and_can_be_asked_again(
    jupyter: JupyterLab, agreed: Lab, fake: FakeApi
) -> None:
    fake.otherwise = lambda _body: Status(500)
    chat, _ = begin(jupyter)
    chat.ask(QUESTION)
    expect(chat.answers.last).to_contain_text("The Hint button can still help you.")
    expect(chat.messages.first).to_contain_text(QUESTION)
    fake.otherwise = tutor(GOOD)
    chat.button("Ask again").click()
    expect(chat.answers).to_have_count(2)
    expect(chat.answers.last.locator(".jp-tutor-tag")).to_have_text("AI")
    expect(chat.button("Ask again")).to_have_count(0)
    assert len(stored(agreed)) == 4


def test_while_the_server_is_away_the_question_waits_and_is_asked_once(
    jupyter: JupyterLab, agreed: Lab, fake: FakeApi
) -> None:
    fake.otherwise = tutor(GOOD)
    chat, _ = begin(jupyter)
    expect(chat.field).to_be_visible()

    def away(route: Route) -> None:
        route.abort()

    jupyter.page.route("**/conversation*", away)
    chat.send(QUESTION)
    expect(chat.status).to_contain_text("The tutor cannot be reached. Nothing is lost")
    jupyter.page.unroute("**/conversation*", away)
    expect(chat.answers).to_have_count(1)
    assert len(stored(agreed)) == 2


def test_a_budget_that_is_used_up_closes_the_chat_and_says_so(
    jupyter: JupyterLab, agreed: Lab, fake: FakeApi
) -> None:
    fake.otherwise = tutor(GOOD)
    chat, _ = begin(jupyter)
    chat.ask(QUESTION)
    calls = len(fake.calls)
    agreed.spend(SLUG, "0.10")
    chat.ask("And now?")
    expect(chat.answers.last.locator(".jp-tutor-tag")).to_have_text("Rules")
    expect(chat.root).to_contain_text("used up for this month")
    expect(chat.field).to_have_count(0)
    expect(chat.messages).to_have_count(4)
    assert len(fake.calls) == calls > 0


def test_consent_is_asked_in_place_given_and_taken_back(
    jupyter: JupyterLab, lab: Lab, fake: FakeApi
) -> None:
    fake.otherwise = tutor(GOOD)
    chat, _ = begin(jupyter)
    expect(chat.root).to_contain_text("Say first whether it may read your work.")
    expect(chat.root).to_contain_text(MODEL_HOST)
    expect(chat.root).to_contain_text("is yours alone")
    expect(chat.field).to_have_count(0)
    assert fake.calls == []
    chat.button("I agree").click()
    chat.ask(QUESTION)
    expect(chat.answers.last.locator(".jp-tutor-tag")).to_have_text("AI")
    assert fake.calls
    chat.button("Turn off").click()
    expect(chat.field).to_have_count(0)
    expect(chat.root).to_contain_text("You can change your mind.")
    expect(chat.messages).to_have_count(2)
    given = lab.rows("SELECT given FROM consents ORDER BY at")
    assert [row["given"] for row in given] == [True, False]
    chat.button("Turn on…").click()
    chat.button("I agree").click()
    expect(chat.field).to_be_visible()


def test_it_says_what_the_instructor_decided(
    jupyter: JupyterLab, agreed: Lab, instructor: Lab, fake: FakeApi
) -> None:
    chat, _ = begin(jupyter)
    for settings, told in (
        ({"chat": False}, "your instructor has turned it off"),
        ({"exam": True}, "In an exam no language model is asked."),
        ({"cloud": False}, "this course sends nothing to services outside"),
    ):
        instructor.request("PUT", f"{COURSE}/hint-settings", settings)
        chat.toggle.click()
        chat.toggle.click()
        expect(chat.root).to_contain_text(told)
        expect(chat.field).to_have_count(0)
    instructor.request("PUT", f"{COURSE}/hint-settings", {"conversations_visible": True})
    chat.toggle.click()
    chat.toggle.click()
    expect(chat.root).to_contain_text("Your instructors can read what you and the tutor write")
    expect(chat.field).to_be_visible()
    assert fake.calls == []


def test_without_a_model_it_says_that_hints_work_without(jupyter: JupyterLab) -> None:
    chat, _ = begin(jupyter)
    expect(chat.root).to_contain_text("none is set up here. The Hint button helps without one.")
    expect(chat.field).to_have_count(0)


def test_learners_delete_what_was_said(jupyter: JupyterLab, agreed: Lab, fake: FakeApi) -> None:
    fake.otherwise = tutor(GOOD)
    chat, notebook = begin(jupyter)
    chat.ask(QUESTION)
    chat.delete("Delete this one", confirm=False)
    expect(chat.messages).to_have_count(2)
    chat.delete("Delete this one", confirm=True)
    expect(chat.messages).to_have_count(0)
    assert stored(agreed) == []

    chat.ask(QUESTION)
    card = notebook.card("values-quiz")
    card.root.scroll_into_view_if_needed()
    notebook.select(notebook.cell_of(card))
    expect(chat.messages).to_have_count(0)
    chat.ask("What is a float?")
    assert len(stored(agreed)) == 4
    chat.delete("Delete all of this course", confirm=True)
    expect(chat.messages).to_have_count(0)
    agreed.wait(lambda: stored(agreed) == [], "all conversations to be deleted")
    notebook.code("def split_seconds(").scroll_into_view_if_needed()
    notebook.select(notebook.code("def split_seconds("))
    expect(chat.root).to_contain_text("The race clock")
    expect(chat.messages).to_have_count(0)


def test_everything_is_done_with_the_keyboard_and_types_nothing_elsewhere(
    jupyter: JupyterLab, agreed: Lab, fake: FakeApi
) -> None:
    fake.otherwise = tutor(GOOD)
    notebook = jupyter.open_lesson("values", exercise=EXERCISE)
    notebook.expect_kernel()
    notebook.card(EXERCISE).expect_ready()
    (file,) = agreed.files.glob("*/values.ipynb")
    answer = wrong_answers(EXERCISE)[0].strip()
    wanted = [answer if "def split_seconds(" in each else each for each in sources(file)]
    notebook.write(notebook.code("def split_seconds("), answer)
    notebook.select(notebook.code("def split_seconds("))
    jupyter.press("Control+Shift+c")
    expect(jupyter.page.locator("input.lm-CommandPalette-input")).to_be_focused()
    jupyter.page.keyboard.type("Ask the Tutor")
    jupyter.press("Enter")
    chat = Chat(jupyter)
    expect(chat.field).to_be_focused()
    # As commands of a notebook these would cut, add and delete cells, and run one.
    jupyter.page.keyboard.type("xabdd why?")
    jupyter.press("Shift+Enter")
    jupyter.page.keyboard.type("And m, y?")
    expect(chat.field).to_have_value("xabdd why?\nAnd m, y?")
    jupyter.press("Enter")
    expect(chat.answers).to_have_count(1)
    expect(chat.field).to_be_focused()
    assert stored(agreed)[0] == "xabdd why?\nAnd m, y?"

    # Shortcuts with Ctrl act as everywhere.
    jupyter.press("Control+s")
    expect(jupyter.page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0)
    expect(chat.field).to_be_focused()
    agreed.wait(lambda: sources(file) == wanted, "the notebook to be saved as it was")
    jupyter.press("Shift+Tab")
    expect(chat.root.locator(".jp-tutor-log")).to_be_focused()
    jupyter.press("Tab", "Tab", "Tab")
    expect(chat.button("Turn off")).to_be_focused()
    jupyter.press("Tab", "Enter", "Tab")
    expect(chat.button("Delete this one")).to_be_focused()
    jupyter.press("Enter")
    dialog = jupyter.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    jupyter.press("Tab", "Enter")
    expect(chat.messages).to_have_count(0)


@pytest.mark.parametrize("theme", THEMES)
def test_the_chat_is_accessible_and_pictured(
    theme: str, themed: BrowserContext, lab: Lab, fake: FakeApi, screenshots: Path
) -> None:
    fake.otherwise = tutor(GOOD)
    page = themed.new_page()
    looker = Looker(page, screenshots, theme)
    chat, _ = begin(JupyterLab(page, lab))
    expect(chat.button("I agree")).to_be_visible()
    looker.look("chat-consent", chat.root)
    chat.button("I agree").click()
    expect(chat.field).to_be_visible()
    looker.look("chat-empty", chat.root)
    chat.ask(QUESTION)
    fake.otherwise = lambda _body: Status(500)
    chat.ask("What does `//` do?\n\nprint(7 // 2)")
    looker.look("chat-answers", chat.root)
    fake.otherwise = lambda _body: Hang()
    chat.send("And what is `%` for?")
    expect(chat.button("Cancel")).to_be_visible()
    looker.look("chat-waiting", chat.root)
    chat.button("Cancel").click()
    chat.button("Turn off").click()
    expect(chat.field).to_have_count(0)
    looker.look("chat-refused", chat.root)
    page.close()
    assert not looker.violations, "\n".join(looker.violations)
