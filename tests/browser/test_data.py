"""What is stored of a learner: they see it, take it along, and have it deleted for good."""

import zipfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.lab import Lab
from tests.browser.looking import Looker
from tests.browser.pages import JupyterLab
from tests.browser.reference import right_answer

EXERCISE = "race-clock"


def begin(jupyter: JupyterLab) -> Locator:
    """Hand something in, and open the place for one's data."""
    notebook = jupyter.open_lesson("values", exercise=EXERCISE)
    card = notebook.card(EXERCISE)
    card.expect_ready()
    notebook.write(notebook.code("def split_seconds("), right_answer(EXERCISE))
    card.submit()
    expect(card.grade).to_contain_text("11 of 11 points")
    jupyter.choose("View", "Open the Tutor")
    data = jupyter.panel.root.locator("details.jp-tutor-data")
    data.get_by_text("Your data", exact=True).click()
    expect(data.get_by_role("row").filter(has_text="Answers you handed in")).to_contain_text("1")
    return data


def name_of(lab: Lab) -> str:
    """Return what has to be typed."""
    return str(lab.request("GET", "jupyter-tutor/api/me/data")["confirm"])


def test_learners_take_everything_along_and_are_new_once_it_is_deleted(
    jupyter: JupyterLab, lab: Lab, tmp_path: Path
) -> None:
    data = begin(jupyter)
    with jupyter.page.expect_download() as download:
        data.get_by_role("button", name="Download everything").click()
    archive = tmp_path / "archive.zip"
    download.value.save_as(archive)
    assert download.value.suggested_filename.endswith(".zip")
    with zipfile.ZipFile(archive) as content:
        assert content.testzip() is None
        everything = b"".join(content.read(name) for name in content.namelist())
    assert b"total_seconds % 3600 // 60" in everything
    expect(data.get_by_role("status")).to_contain_text("is in your downloads")

    (before,) = lab.rows("SELECT id FROM people")
    data.get_by_role("button", name="Delete everything…").click()
    field = data.get_by_role("textbox", name="to confirm")
    expect(field).to_be_focused()
    jupyter.page.keyboard.type("somebody else")
    jupyter.press("Enter")
    assert lab.rows("SELECT id FROM people") == [before]
    jupyter.press("Escape")
    expect(data.get_by_role("button", name="Delete everything…")).to_be_focused()
    jupyter.press("Enter")
    expect(field).to_be_focused()
    jupyter.page.keyboard.type(name_of(lab))
    jupyter.press("Tab")
    expect(data.get_by_role("button", name="Delete for good")).to_be_focused()
    jupyter.press("Enter")
    expect(jupyter.panel.root).to_contain_text("had stored of you is deleted")
    assert lab.rows("SELECT id FROM submissions") == []
    assert before not in lab.rows("SELECT id FROM people")
    assert jupyter.page.evaluate("() => Object.keys(sessionStorage).join() ").count("chat") == 0

    jupyter.panel.root.get_by_role("button", name="Load the page again").click()
    expect(jupyter.panel.summary).to_contain_text("0 of ")
    # What the learner wrote is theirs, and stands in their files.
    (file,) = lab.files.glob("*/values.ipynb")
    assert "total_seconds % 3600 // 60" in file.read_text("utf-8")


def test_the_place_for_data_is_accessible_and_pictured(
    theme: str, themed: BrowserContext, lab: Lab, screenshots: Path
) -> None:
    page = themed.new_page()
    looker = Looker(page, screenshots, theme)
    jupyter = JupyterLab(page, lab)
    data = begin(jupyter)
    looker.look("data", data)
    data.get_by_role("button", name="Delete everything…").click()
    data.get_by_role("textbox", name="to confirm").fill(name_of(lab))
    data.get_by_role("button", name="Delete for good").scroll_into_view_if_needed()
    looker.look("data-delete", data)
    data.get_by_role("button", name="Delete for good").click()
    expect(jupyter.panel.root).to_contain_text("had stored of you is deleted")
    looker.look("data-deleted", jupyter.panel.root)
    page.close()
    assert not looker.violations, "\n".join(looker.violations)
