"""The buttons do not go through the learner's kernel: stuck or dead, it does not stop them."""

import re

from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.browser.pages import JupyterLab
from tests.browser.reference import right_answer, wrong_answers


def test_every_button_works_while_the_kernel_never_comes_back(
    jupyter: JupyterLab, lab: Lab
) -> None:
    notebook = jupyter.open_lesson("values")
    card = notebook.card("tea-and-milk")
    answer = notebook.code("def mixed_temperature(")
    notebook.expect_kernel()
    stuck = notebook.insert_below(answer, "while True: pass")
    jupyter.press("Control+Enter")
    expect(stuck).to_contain_text("[*]:")
    lab.wait(lambda: _state(lab) == "busy", "the kernel to be stuck")

    notebook.write(answer, wrong_answers("tea-and-milk")[0])
    card.run_tests()
    expect(card.status).to_have_text(re.compile(r"^\d+ of \d+ tests pass\.$"))
    card.ask_for_hint()
    expect(card.hints).to_have_count(1)
    notebook.write(answer, right_answer("tea-and-milk"))
    card.submit()
    expect(card.status).to_have_text("All tests pass.")
    expect(card.grade).to_contain_text("Submission 1")

    # What the server says of the kernel may have become idle: it also hears of its control channel.
    expect(stuck).to_contain_text("[*]:")
    assert [row["score"] for row in lab.rows("SELECT score FROM evaluations")] == [1.0]
    assert lab.rows("SELECT status FROM attempts") == [{"status": "graded"}]
    assert lab.rows("SELECT level FROM hint_requests") == [{"level": 0}]


def _state(lab: Lab) -> object:
    """Return what the one kernel is doing, as the server knows it."""
    (kernel,) = lab.request("GET", "api/kernels")
    return kernel["execution_state"]


def test_buttons_work_when_the_kernel_was_restarted_and_when_it_is_gone(
    jupyter: JupyterLab, lab: Lab
) -> None:
    notebook = jupyter.open_lesson("values")
    card = notebook.card("tea-and-milk")
    notebook.write(notebook.code("def mixed_temperature("), right_answer("tea-and-milk"))
    jupyter.choose("Kernel", "Restart Kernel…")
    jupyter.accept("Restart")
    card.run_tests()
    expect(card.status).to_have_text("All tests pass.")

    (kernel,) = lab.request("GET", "api/kernels")
    lab.request("DELETE", f"api/kernels/{kernel['id']}")
    card.submit()
    expect(card.grade).to_contain_text("Submission 1")
    assert lab.request("GET", "api/kernels") == []
