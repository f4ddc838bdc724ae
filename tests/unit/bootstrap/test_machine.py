"""What tells which machine this is, and whose files are on it."""

import socket
from pathlib import Path

import pytest

from jupyter_tutor.bootstrap.machine import machine_names, machine_places
from jupyter_tutor.domain.redaction import redact


def test_a_machine_has_a_name_with_and_without_its_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "pc7.uni.example")
    assert machine_names() == {"pc7.uni.example", "pc7"}


def test_files_of_people_are_where_they_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home, work, link = tmp_path / "ada", tmp_path / "courses", tmp_path / "link"
    home.mkdir()
    work.mkdir()
    link.symlink_to(home)
    monkeypatch.setenv("HOME", str(link))
    monkeypatch.chdir(work)

    assert machine_places() == {str(link), str(home.resolve()), str(work.resolve())}


def test_the_root_of_all_files_is_nobodys_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/")
    monkeypatch.chdir("/")

    assert machine_places() == frozenset()
    assert redact("open('/x/y.csv')", places=machine_places()) == "open('/x/y.csv')"
