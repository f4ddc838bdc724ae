"""Files that an answer and its tests seem to share: what is told, and what is not taken."""

import base64
import os
from pathlib import Path
from typing import Any

import pytest

from jupyter_tutor.execution.inside import sharing
from jupyter_tutor.execution.inside.packing import Malformed
from jupyter_tutor.execution.inside.sharing import (
    MAX_BYTES,
    Changes,
    SharedFolder,
    TooMuch,
    is_code,
)


class Sides:
    """The working directories of both sides."""

    def __init__(self, place: Path) -> None:
        self.answer, self.tests = place / "answer", place / "tests"
        for each in (self.answer, self.tests):
            each.mkdir()
        self._answers = SharedFolder(str(self.answer), of_answer=True)
        self._tests = SharedFolder(str(self.tests), of_answer=False)

    def give(self) -> Changes:
        """Have the tests' files go to the answer."""
        told = self._tests.changes()
        self._answers.take(told)
        return told

    def bring(self) -> Changes:
        """Have the answer's files come back."""
        told = self._answers.changes()
        self._tests.take(told)
        return told

    def take(self, *told: object) -> None:
        """Have the tests' side take what an answer says."""
        self._tests.take(list(told))


@pytest.fixture
def sides(tmp_path: Path) -> Sides:
    return Sides(tmp_path)


def _file(path: object, data: bytes = b"x") -> list[object]:
    return [path, "file", base64.b64encode(data).decode()]


def test_files_go_there_and_come_back(sides: Sides) -> None:
    (sides.tests / "in.txt").write_text("one")
    sides.give()
    (sides.answer / "in.txt").unlink()
    (sides.answer / "deep" / "er").mkdir(parents=True)
    (sides.answer / "deep" / "er" / "out.bin").write_bytes(bytes(range(256)))
    sides.bring()
    assert not (sides.tests / "in.txt").exists()
    assert (sides.tests / "deep" / "er" / "out.bin").read_bytes() == bytes(range(256))
    assert sides.give() == sides.bring() == []


def test_what_was_there_is_not_sent(tmp_path: Path) -> None:
    for name in ("answer", "tests"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data.csv").write_text("1,2")
        SharedFolder(str(tmp_path / name), of_answer=True)
    folder = SharedFolder(str(tmp_path / "answer"), of_answer=True)
    assert folder.changes() == []
    (tmp_path / "answer" / "data.csv").write_text("3,4")
    assert [change[0] for change in folder.changes()] == ["data.csv"]


def test_a_change_of_the_same_size_at_the_same_time_is_seen(sides: Sides) -> None:
    for text in ("ab", "cd", "ef", "ab"):
        (sides.tests / "x").write_text(text)
        sides.give()
        (sides.answer / "x").write_text(text.upper())
        sides.bring()
        assert (sides.tests / "x").read_text() == text.upper()


def test_who_has_a_file_open_sees_it_change(sides: Sides) -> None:
    with (sides.tests / "x").open("w+") as file:
        file.write("a")
        file.flush()
        sides.give()
        (sides.answer / "x").write_text("bc")
        sides.bring()
        file.seek(0)
        assert file.read() == "bc"


@pytest.mark.parametrize(
    "name",
    [
        "json.py",
        "a.pyc",
        "x.so",
        "x.cpython-311.so",
        "evil.pth",
        "sitecustomize",
        "a.PY",
        "b.py ",
        "usercustomize.txt",
        "d.py/x.txt",
        "matplotlibrc",
        "lib.so.1",
        "x.pyd",
    ],
)
def test_code_is_not_brought_to_the_tests(sides: Sides, name: str) -> None:
    assert is_code(name)
    target = sides.answer / name
    target.parent.mkdir(exist_ok=True)
    target.write_text("print(1)")
    assert all(kind == "folder" for _, kind, *_ in sides.bring())
    sides.take(_file(name))
    assert not list(sides.tests.rglob("*.*"))
    assert not (sides.tests / name).is_file()


def test_tests_may_give_code_to_the_answer(sides: Sides) -> None:
    (sides.tests / "module.py").write_text("x = 1")
    sides.give()
    assert (sides.answer / "module.py").read_text() == "x = 1"
    (sides.answer / "module.py").write_text("x = 2")
    sides.bring()
    sides.take(["module.py", "gone"])
    assert (sides.tests / "module.py").read_text() == "x = 1"


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "/etc/x",
        "a/../x",
        "a//x",
        "",
        ".",
        "./x",
        "a\x00b",
        7,
        None,
        "x\ud800",
        "x" * 300,
        ".hidden",
        "__pycache__/x",
        "/".join("a" * 20),
        "a\nb",
        ["x"],
    ],
)
def test_paths_that_lead_elsewhere_are_refused(sides: Sides, path: object) -> None:
    with pytest.raises(Malformed):
        sides.take(_file(path))
    assert list(sides.tests.iterdir()) == []


@pytest.mark.parametrize(
    "told",
    [
        "x",
        [1],
        [["x"]],
        [["x", "link", "y"]],
        [["x", "file"]],
        [["x", "file", "%"]],
        {"x": 1},
        [["x", "file", 3]],
        [["x", "folder"]] * 3000,
    ],
)
def test_what_is_no_change_is_refused(sides: Sides, told: Any) -> None:  # noqa: ANN401 - anything
    with pytest.raises(Malformed):
        sides._tests.take(told)


def test_links_are_followed_on_neither_side(sides: Sides, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("kept")
    (sides.answer / "link").symlink_to(outside / "secret")
    (sides.answer / "folder").symlink_to(outside)
    assert sides.bring() == []
    (sides.tests / "link").symlink_to(outside / "secret")
    (sides.tests / "folder").symlink_to(outside)
    sides.take(_file("link"), _file("folder/secret"), ["folder/new", "folder"], ["link", "gone"])
    assert (outside / "secret").read_text() == "kept"
    assert [path.name for path in outside.iterdir()] == ["secret"]
    assert sides.give() == []


def test_pipes_and_sockets_are_not_read(sides: Sides) -> None:
    os.mkfifo(sides.answer / "pipe")
    assert sides.bring() == []
    os.mkfifo(sides.tests / "pipe")
    sides.take(_file("pipe"))
    assert (sides.tests / "pipe").is_fifo()


def test_large_files_are_told_and_not_brought(sides: Sides) -> None:
    (sides.answer / "big").write_bytes(b"x" * (MAX_BYTES + 1))
    with pytest.raises(TooMuch, match="big"):
        sides.bring()
    with (sides.answer / "big").open("wb") as file:
        file.truncate(1 << 30)  # of holes
    with pytest.raises(TooMuch, match="MiB"):
        sides.bring()
    (sides.answer / "big").write_bytes(b"y")
    sides.bring()
    assert (sides.tests / "big").read_bytes() == b"y"


def test_sizes_count_together(sides: Sides) -> None:
    for name in "abc":
        (sides.answer / name).write_bytes(b"x" * (MAX_BYTES // 2))
    with pytest.raises(TooMuch):
        sides.bring()
    (sides.answer / "c").unlink()
    assert sorted(change[0] for change in sides.bring()) == ["a", "b"]


def test_many_files_and_deep_ones_are_told(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "MAX_ENTRIES", 20)
    for number in range(25):
        (sides.answer / str(number)).touch()
    with pytest.raises(TooMuch, match="more than"):
        sides.bring()
    for each in sides.answer.iterdir():
        each.unlink()
    (sides.answer / "/".join("a" * 15)).mkdir(parents=True)
    with pytest.raises(TooMuch, match="deeper"):
        sides.bring()


def test_a_file_that_grows_while_it_is_read_is_limited(
    sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = sides.answer / "grows"
    target.write_bytes(b"x")
    usual = os.read

    def growing(file: int, size: int) -> bytes:
        with target.open("ab") as more:
            more.write(b"x" * (1 << 20))
        return usual(file, size)

    monkeypatch.setattr(os, "read", growing)
    with pytest.raises(TooMuch):
        sides.bring()


def test_what_the_tests_did_not_share_is_not_removed(sides: Sides) -> None:
    (sides.tests / "mine").write_text("kept")
    sides.take(["mine", "gone"], ["never", "gone"])
    assert (sides.tests / "mine").read_text() == "kept"
