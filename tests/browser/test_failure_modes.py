"""What goes wrong in an answer, as its learner sees it: where it was, what it means, what to do."""

import re
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.people import Identity
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.submissions import Request, SubmissionService
from jupyter_tutor.storage.database import Database
from tests.browser import courses
from tests.browser.lab import Lab
from tests.browser.pages import Card, JupyterLab, Notebook, texts

MODES = {
    "syntax": (
        "def double(number)\n    return 2 * number\n",
        [
            "did not run to its end",
            "SyntaxError",
            "Line 1 of your cell",
            "def double(number)",
            "^",
        ],
    ),
    "indentation": (
        "def double(number):\n    twice = 2 * number\n      return twice\n",
        ["IndentationError", "Line 3 of your cell", "return twice"],
    ),
    "endless": (
        "def double(number):\n    while number < 10:\n        number = number\n    return number\n",
        ["Took too long", "Line", "of your cell"],
    ),
    "recursion": (
        "def double(number):\n    return double(number + 1)\n",
        [
            "RecursionError",
            "Line 2 of your cell",
            "return double(number + 1)",
            "… again and again.",
        ],
    ),
    "memory": (
        (
            "def double(number):\n    taken = []\n    while True:\n"
            "        taken.append('x' * 10_000_000)\n"
        ),
        ["Too much memory", "needed more memory than 256 MiB"],
    ),
    "input": (
        "name = input('Your name? ')\ndef double(number):\n    return 2 * number\n",
        ["did not run to its end", "Line 1 of your cell", "input"],
    ),
    "module": (
        "import nunpy\ndef double(number):\n    return 2 * number\n",
        ["ModuleNotFoundError", "nunpy", "Line 1 of your cell", "numpy"],
    ),
    "flood": (
        "def double(number):\n    return 2 * number\nfor _ in range(1000):\n    print('x' * 10**6)",
        ["did not run to its end", "Printed too much"],
    ),
}


SLOW = "import time\ntime.sleep(1)\ndef double(number):\n    return 2 * number\n"


@pytest.fixture
def notebook(jupyter: JupyterLab, lab: Lab, tmp_path: Path) -> Notebook:
    """The lesson with every kind of test, open."""
    folder = courses.write_kinds(tmp_path / "course")
    lab.tutor("publish", str(folder), "--course", courses.SLUG)
    path = lab.open_lesson(courses.SLUG, "lesson")
    jupyter.page.goto(lab.url(f"lab/tree/{path}?reset"))
    notebook = Notebook(jupyter.page)
    notebook.card("double").expect_ready()
    return notebook


def _said(card: Card) -> str:
    return texts(card.root)[0]


def test_each_failure_tells_where_it_was_and_what_it_means(
    notebook: Notebook, screenshots: Path
) -> None:
    card = notebook.card("double")
    wrong: dict[str, Sequence[str]] = {}
    for name, (source, expected) in MODES.items():
        notebook.write(notebook.root.locator(".jp-CodeCell").first, source)
        card.run_tests()
        expect(card.status).not_to_have_text("All tests pass.")
        said = _said(card)
        missing = [each for each in expected if each not in said]
        if missing:
            wrong[name] = [*missing, said]
        assert "Traceback" not in said
        assert said.count("return double(number + 1)") <= 2
        card.root.screenshot(path=screenshots / f"mode-{name}.png")
    assert not wrong, wrong


def test_rules_and_weaker_results_are_labelled(notebook: Notebook, screenshots: Path) -> None:
    card = notebook.card("double")
    notebook.write(
        notebook.root.locator(".jp-CodeCell").first,
        "def double(number):\n    return number * pow(2, 1)\n",
    )
    card.run_tests()
    rule = card.test("does not multiply")
    expect(rule).to_contain_text("Failed")
    expect(rule).to_contain_text("pow")
    shared = card.test("beside the answer")
    expect(shared).to_contain_text("Passed")
    expect(shared).to_contain_text("weaker evidence")
    expect(shared.get_by_title(re.compile("same process"))).to_be_visible()
    for other in ("twice 2", "twice 3", "does not multiply"):
        expect(card.test(other)).not_to_contain_text("weaker evidence")
    card.root.screenshot(path=screenshots / "labels.png")


def test_who_waits_is_told_how_many_go_before(
    notebook: Notebook, lab: Lab, screenshots: Path
) -> None:
    """Others' runs fill the queue; this learner sees the place, the time, and then the result."""
    card = notebook.card("double")
    notebook.write(notebook.root.locator(".jp-CodeCell").first, SLOW)
    with Database(lab.tutor("db", "url").strip()) as database:
        access = Access(database, open_enrollment=True)
        service = SubmissionService(database, access)
        for number in range(16):
            person, _ = access.recognise(Identity("local", f"other-{number}", "Other"))
            request = Request(person.id, courses.SLUG, "double", uuid4().hex)
            cell = CellSource("answer", f"{SLOW}# {number}\n")
            service.check(request, Answer((cell,), {}), None)
    card.button("Run tests").click()
    expect(card.status).to_contain_text(re.compile(r"\d+ before you, about \d+ s\."))
    card.root.screenshot(path=screenshots / "queue.png")
    expect(card.status).to_have_text("All tests pass.")
