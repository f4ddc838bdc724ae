"""Data files: from inside the notebook's folder only."""

import hashlib
import os
from pathlib import Path

import pytest

from jupyter_tutor.domain.errors import InvalidNotebook
from jupyter_tutor.notebook_format import files
from jupyter_tutor.notebook_format.files import MAX_FILE_BYTES
from tests.unit.notebook_format.lessons import coding_cells, read


def test_files_are_read_and_exercises_know_their_hashes(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rain.csv").write_bytes(b"day,mm\n1,4\n")
    (tmp_path / "words.txt").write_bytes(b"")
    lesson = read(tmp_path, coding_cells(), files=["words.txt", "data/rain.csv"])
    assert [(one.path, one.content) for one in lesson.files] == [
        ("data/rain.csv", b"day,mm\n1,4\n"),
        ("words.txt", b""),
    ]
    coding, quiz = lesson.exercises
    assert coding.content.files == {
        "data/rain.csv": hashlib.sha256(b"day,mm\n1,4\n").hexdigest(),
        "words.txt": hashlib.sha256(b"").hexdigest(),
    }
    assert quiz.content.files == {}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/etc/passwd", "is absolute"),
        ("~/rain.csv", "is absolute"),
        ("../rain.csv", "leaves the notebook's folder"),
        ("data/../../rain.csv", "leaves the notebook's folder"),
        ("data\\rain.csv", "with '/'"),
        ("C:/rain.csv", "with '/'"),
        ("./rain.csv", "write it as 'rain.csv'"),
        ("data//rain.csv", "write it as 'data/rain.csv'"),
        ("loops.ipynb", "source of the course"),
        ("sub/COURSE.TOML", "source of the course"),
        ("absent.csv", "does not exist"),
        ("data", "no ordinary file"),
        ("link.csv", "link that leaves"),
        ("pipe", "no ordinary file"),
        ("circle", "does not exist"),
        ("huge.bin", "make it smaller"),
    ],
)
def test_refused_paths(tmp_path: Path, path: str, words: str) -> None:
    course = tmp_path / "course"
    (course / "data").mkdir(parents=True)
    (tmp_path / "rain.csv").write_text("outside")
    (course / "link.csv").symlink_to(tmp_path / "rain.csv")
    (course / "circle").symlink_to("circle")
    os.mkfifo(course / "pipe")
    with (course / "huge.bin").open("wb") as sink:
        os.truncate(sink.fileno(), MAX_FILE_BYTES + 1)
    with pytest.raises(InvalidNotebook) as caught:
        read(course, coding_cells(), files=[path])
    assert words in caught.value.message
    assert str(tmp_path) not in caught.value.message


def test_a_link_inside_the_folder_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("1")
    (tmp_path / "link.csv").symlink_to("real.csv")
    assert read(tmp_path, coding_cells(), files=["link.csv"]).files[0].content == b"1"


def test_files_that_are_too_large_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILES_BYTES", 5)
    (tmp_path / "a").write_text("123")
    (tmp_path / "b").write_text("456")
    with pytest.raises(InvalidNotebook, match="together"):
        read(tmp_path, coding_cells(), files=["a", "b"])
