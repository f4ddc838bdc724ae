"""Reading course.toml."""

import json
import os
from pathlib import Path

import pytest

from jupyter_tutor.domain.disclosure import SecretResults
from jupyter_tutor.domain.errors import InvalidNotebook
from jupyter_tutor.domain.exercises import Limits
from jupyter_tutor.notebook_format.course import read_course
from tests.unit.notebook_format.lessons import COURSE, coding_cells, notebook, write_course


def _refusal(folder: Path, course: str) -> str:
    write_course(folder, notebook(coding_cells()), course)
    with pytest.raises(InvalidNotebook) as caught:
        read_course(folder)
    return caught.value.message


def test_a_course_with_its_topics_limits_and_lessons(tmp_path: Path) -> None:
    path = write_course(tmp_path, notebook(coding_cells()))
    source = read_course(tmp_path)
    course = source.course
    assert (course.slug, course.title) == ("small", {"en": "A small course"})
    assert course.languages == ("en", "bn")
    assert course.limits == Limits(wall_seconds=2.5, memory_mb=256)
    assert [topic.slug for topic in course.topics] == ["values", "loops"]
    assert course.topics[1].requires == ("values",)
    assert course.topics[1].title["bn"] == "লুপ"
    assert course.lessons == ("loops",)
    assert [(one.slug, one.name, one.path) for one in source.lessons] == [
        ("loops", "loops.ipynb", path)
    ]


@pytest.mark.parametrize("name", ["", "course.toml", "loops.ipynb"])
def test_folder_course_file_and_notebook_all_lead_to_the_course(tmp_path: Path, name: str) -> None:
    write_course(tmp_path, notebook(coding_cells()))
    assert read_course(tmp_path / name).course.slug == "small"


def test_a_notebook_limits_the_lessons_but_not_the_course(tmp_path: Path) -> None:
    course = COURSE.replace('["loops.ipynb"]', '["a/values.ipynb", "loops.ipynb"]')
    write_course(tmp_path, notebook(coding_cells()), course)
    (tmp_path / "a").mkdir()
    other = notebook(coding_cells())
    other["metadata"]["jupyter_tutor"]["lesson"] = "first-values"
    (tmp_path / "a" / "values.ipynb").write_text(json.dumps(other))
    source = read_course(tmp_path / "a" / "values.ipynb")
    assert source.course.lessons == ("first-values", "loops")
    assert [one.name for one in source.lessons] == ["a/values.ipynb"]


def test_a_broken_notebook_does_not_hide_the_course(tmp_path: Path) -> None:
    write_course(tmp_path, "no notebook")
    assert read_course(tmp_path).course.lessons == ("loops",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('slug = "small"', "slug = small", ["TOML cannot be read", "line 3"]),
        ('slug = "small"', 'slug = "Small Course"', ["slug", "lower-case"]),
        ('slug = "small"', "", ["slug", "missing"]),
        ('slug = "small"', 'slog = "small"', ["slog", "did you mean 'slug'?"]),
        ("version = 1", "version = 2", ["version", "1"]),
        ('languages = ["en", "bn"]', "languages = []", ["languages", "original one first"]),
        ('languages = ["en", "bn"]', 'languages = ["bn"]', ["original language 'bn'"]),
        ('requires = ["values"]', 'requires = ["valus"]', ["topic loops", "mean 'values'?"]),
        ('slug = "loops"\n', 'slug = "values"\n', ["listed twice"]),
        ('slug = "values"\n', 'slug = "values"\nrequires = ["loops"]\n', ["circle", "Remove"]),
        ('bn = "লুপ"', 'fr = "Boucles"', ["topic loops, title", "'fr'", "course.toml"]),
        ('lessons = ["loops.ipynb"]', 'lessons = ["loops.py"]', ["lessons", ".ipynb"]),
        ('["loops.ipynb"]', '["../loops.ipynb"]', ["leaves the course's folder"]),
        ('["loops.ipynb"]', '["/tmp/loops.ipynb"]', ["leaves the course's folder"]),
        ("wall_seconds = 2.5", "wall_seconds = 0", ["limits.wall_seconds", "more than 0"]),
        ("memory_mb = 256", "memory = 256", ["limits.memory", "memory_mb"]),
        ('slug = "small"', 'slug = "small"\nsecret_results = "all"', ["secret_results", "each"]),
        ("memory_mb = 256", "memory_mb = 2.5", ["limits.memory_mb", "whole number"]),
    ],
)
def test_refusals_say_what_is_right(tmp_path: Path, old: str, new: str, words: list[str]) -> None:
    assert old in COURSE
    message = _refusal(tmp_path, COURSE.replace(old, new, 1))
    assert message.startswith("course.toml")
    for word in words:
        assert word in message


@pytest.mark.parametrize("told", SecretResults)
def test_a_course_says_what_it_tells_of_secret_tests(tmp_path: Path, told: SecretResults) -> None:
    course = COURSE.replace('slug = "small"', f'slug = "small"\nsecret_results = "{told}"', 1)
    write_course(tmp_path, notebook(coding_cells()), course)
    assert read_course(tmp_path).course.secret_results is told


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    course = COURSE.replace("version = 1", "version = 3").replace('slug = "small"', "slug = 4")
    message = _refusal(tmp_path, course)
    assert "2 problems" in message
    assert str(tmp_path) not in message


def test_two_notebooks_cannot_be_one_lesson(tmp_path: Path) -> None:
    (tmp_path / "again.ipynb").write_text(json.dumps(notebook(coding_cells())))
    message = _refusal(tmp_path, COURSE.replace('["loops', '["again.ipynb", "loops'))
    assert "both the lesson 'loops'" in message


def test_a_link_out_of_the_course_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "course"
    folder.mkdir()
    (tmp_path / "secret.ipynb").write_text(json.dumps(notebook(coding_cells())))
    (folder / "link.ipynb").symlink_to(tmp_path / "secret.ipynb")
    assert "leaves" in _refusal(folder, COURSE.replace("loops.ipynb", "link.ipynb"))


def test_where_there_is_no_course(tmp_path: Path) -> None:
    with pytest.raises(InvalidNotebook, match=r"has no course\.toml"):
        read_course(tmp_path)
    with pytest.raises(InvalidNotebook, match="neither a notebook nor a folder"):
        read_course(tmp_path / "absent")
    deep = tmp_path.joinpath(*"abcdef")
    deep.mkdir(parents=True)
    with pytest.raises(InvalidNotebook, match="a lesson belongs to a course"):
        read_course(deep / "x.ipynb")
    write_course(tmp_path, notebook(coding_cells()))
    with pytest.raises(InvalidNotebook, match="not in `lessons`"):
        read_course(tmp_path / "other.ipynb")


def test_course_files_that_cannot_be_read(tmp_path: Path) -> None:
    write_course(tmp_path, notebook(coding_cells()))
    file = tmp_path / "course.toml"
    file.write_bytes(b"slug = '\xff'")
    with pytest.raises(InvalidNotebook, match="UTF-8"):
        read_course(tmp_path)
    with file.open("wb") as sink:
        os.truncate(sink.fileno(), 2**20 + 1)
    with pytest.raises(InvalidNotebook, match="1 MiB"):
        read_course(tmp_path)
