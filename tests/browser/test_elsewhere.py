"""A notebook that somebody else changed: each tab says so, and nothing that was written is lost."""

import json
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser.lab import Lab
from tests.browser.looking import Looker
from tests.browser.pages import JupyterLab, Notebook
from tests.browser.reference import right_answer, wrong_answers

EXERCISE = "race-clock"
START = "def split_seconds("
CHANGED = "This notebook was changed elsewhere"
RIGHT, WRONG = right_answer(EXERCISE), wrong_answers(EXERCISE)[0]


def written(file: Path) -> str:
    """Return the answer that stands in a notebook file."""
    cells = json.loads(file.read_text("utf-8"))["cells"]
    (answer,) = ["".join(cell["source"]) for cell in cells if START in "".join(cell["source"])]
    return answer


def leave(file: Path, answer: str) -> None:
    """Write another answer into a notebook file."""
    content = json.loads(file.read_text("utf-8"))
    for cell in content["cells"]:
        if START in "".join(cell["source"]):
            cell["source"] = answer
    file.write_text(json.dumps(content), encoding="utf-8")


def test_another_tab_says_that_the_file_has_another_answer_and_reads_it_again(
    jupyter: JupyterLab,
) -> None:
    notebook = jupyter.open_lesson("values", exercise=EXERCISE)
    notebook.card(EXERCISE).expect_ready()
    with jupyter.page.context.new_page() as page:
        page.goto(jupyter.page.url)
        there = Notebook(page)
        there.card(EXERCISE).root.scroll_into_view_if_needed()
        there.card(EXERCISE).expect_ready()
        notebook.write(notebook.code(START), RIGHT)
        notebook.save()
        expect(there.card(EXERCISE).status).to_contain_text(CHANGED)
        # It is about this exercise, and not about the others of the notebook.
        expect(there.root.get_by_text(CHANGED)).to_have_count(1)
        expect(notebook.card(EXERCISE).status).not_to_contain_text(CHANGED)
        there.card(EXERCISE).button("Reload").click()
        expect(there.code(START)).to_contain_text(RIGHT.strip().splitlines()[-1].strip())
        expect(there.card(EXERCISE).status).not_to_contain_text(CHANGED)
        there.card(EXERCISE).submit()
        expect(there.card(EXERCISE).grade).to_contain_text("11 of 11 points")
    expect(notebook.card(EXERCISE).status).not_to_contain_text(CHANGED)


def test_what_is_not_saved_in_this_tab_is_kept_in_a_copy(jupyter: JupyterLab, lab: Lab) -> None:
    notebook = jupyter.open_lesson("values", exercise=EXERCISE)
    card = notebook.card(EXERCISE)
    card.expect_ready()
    notebook.write(notebook.code(START), WRONG)
    # As an editor does that is none of JupyterLab's tabs.
    (file,) = lab.files.glob("*/values.ipynb")
    leave(file, RIGHT)
    jupyter.page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(card.status).to_contain_text("yours is kept in a copy")
    card.button("Keep a copy and reload").click()
    expect(card.root).to_contain_text("What was written here before is in")
    expect(notebook.code(START)).to_contain_text(RIGHT.strip().splitlines()[-1].strip())
    copy = file.with_name("values-mine.ipynb")
    assert written(copy).strip() == WRONG.strip()
    assert written(file).strip() == RIGHT.strip()
    card.button("Open it").click()
    expect(jupyter.page.get_by_role("tab", name="values-mine.ipynb")).to_be_visible()
    expect(notebook.code(START)).to_contain_text(WRONG.strip().splitlines()[-1].strip())


def test_the_notice_is_accessible_and_pictured(
    theme: str, themed: BrowserContext, lab: Lab, screenshots: Path
) -> None:
    page = themed.new_page()
    looker = Looker(page, screenshots, theme)
    jupyter = JupyterLab(page, lab)
    notebook = jupyter.open_lesson("values", exercise=EXERCISE)
    card = notebook.card(EXERCISE)
    card.expect_ready()
    (file,) = lab.files.glob("*/values.ipynb")
    leave(file, RIGHT)
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(card.status).to_contain_text(CHANGED)
    card.button("Reload").scroll_into_view_if_needed()
    looker.look("elsewhere", card.root)
    page.close()
    assert not looker.violations, "\n".join(looker.violations)
