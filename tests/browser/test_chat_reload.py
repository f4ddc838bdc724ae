"""The chat after a reload of the page: the same exercise, its history, and what was typed."""

from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.browser.lab import Lab
from tests.browser.pages import JupyterLab, Notebook
from tests.fake_api import FakeApi, Hang, tutor

COURSE = "python-foundations"
EXERCISE = "tea-and-milk"
QUESTION = "Why is it colder than I thought?"
GOOD = "Which of the two is there more of?"


def begin(jupyter: JupyterLab) -> tuple[Chat, Notebook]:
    """Go to an exercise in the middle of a lesson, and open the chat about it."""
    notebook = jupyter.open_lesson("values", exercise=EXERCISE)
    notebook.expect_kernel()
    notebook.card(EXERCISE).expect_ready()
    notebook.select(notebook.code("def mixed_temperature("))
    chat = Chat(jupyter)
    chat.open()
    expect(chat.root).to_contain_text("Tea with milk")
    return chat, notebook


def stored(lab: Lab) -> list[str]:
    """Return what was said, oldest first, as the database has it."""
    return [row["text"] for row in lab.rows("SELECT text FROM messages ORDER BY created_at, id")]


def test_after_a_reload_it_is_about_the_same_exercise_with_what_was_typed(
    jupyter: JupyterLab, lab: Lab, fake: FakeApi
) -> None:
    lab.consent(COURSE)
    fake.otherwise = tutor(GOOD)
    chat, notebook = begin(jupyter)
    chat.ask(QUESTION)
    chat.field.fill("And if I pour the milk")
    calls = len(fake.calls)
    jupyter.page.reload()

    expect(chat.root).to_contain_text("Tea with milk")
    expect(chat.messages).to_have_count(2)
    expect(chat.answers.last).to_contain_text(GOOD)
    expect(chat.field).to_have_value("And if I pour the milk")
    expect(notebook.card(EXERCISE).root).to_be_in_viewport()
    assert len(fake.calls) == calls
    chat.field.press("End")
    jupyter.page.keyboard.type(" first?")
    chat.field.press("Enter")
    expect(chat.answers).to_have_count(2)
    jupyter.page.reload()
    expect(chat.messages).to_have_count(4)
    expect(chat.field).to_have_value("")
    assert stored(lab) == [QUESTION, GOOD, "And if I pour the milk first?", GOOD]


def test_a_question_under_way_is_answered_once_in_the_reloaded_page(
    jupyter: JupyterLab, lab: Lab, fake: FakeApi
) -> None:
    lab.consent(COURSE)
    fake.otherwise = lambda _body: Hang()
    chat, _ = begin(jupyter)
    chat.send(QUESTION)
    lab.wait(lambda: len(fake.calls) == 1, "the question to reach the model")
    jupyter.page.reload()
    lab.wait(lambda: fake.gone == 1, "the request of the page before to be ended")
    expect(chat.messages).to_have_count(1)
    expect(chat.messages.first).to_contain_text(QUESTION)
    expect(chat.button("Cancel")).to_be_visible()
    lab.wait(lambda: len(fake.calls) == 2, "the question to be asked on")

    fake.otherwise = tutor(GOOD)
    jupyter.page.reload()
    expect(chat.answers).to_have_count(1)
    expect(chat.answers.last).to_contain_text(GOOD)
    expect(chat.field).to_have_value("")
    jupyter.page.reload()
    expect(chat.messages).to_have_count(2)
    assert stored(lab) == [QUESTION, GOOD]


def test_an_answer_that_the_page_did_not_live_to_see_is_there(
    jupyter: JupyterLab, lab: Lab, fake: FakeApi
) -> None:
    lab.consent(COURSE)
    fake.otherwise = tutor(GOOD)
    chat, _ = begin(jupyter)
    expect(chat.field).to_be_visible()
    # The question gets through, and its answer does not: as when a laptop is closed.
    jupyter.page.route(
        "**/conversation*",
        lambda route: (
            route.fetch() and None if route.request.method == "POST" else route.continue_()
        ),
    )
    chat.send(QUESTION)
    lab.wait(lambda: len(stored(lab)) == 2, "the answer to be recorded")
    calls = len(fake.calls)
    jupyter.page.unroute_all(behavior="ignoreErrors")
    jupyter.page.reload()
    expect(chat.messages).to_have_count(2)
    expect(chat.answers.last).to_contain_text(GOOD)
    expect(chat.field).to_have_value("")
    assert stored(lab) == [QUESTION, GOOD]
    assert len(fake.calls) == calls
