"""What a sandbox may see, and what is hidden below that."""

import sys
from pathlib import Path

import pytest

from jupyter_tutor.execution.inside.landlock import around
from jupyter_tutor.execution.visible import hidden_paths


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory of packages, one of which holds something to hide."""
    for path in ("packages/ours/course/a.ipynb", "packages/numpy/core.py", "packages/six.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    (tmp_path / "packages/link").symlink_to("ours")
    return tmp_path.resolve()


def test_what_lies_beside_something_hidden_is_named(place: Path) -> None:
    packages = place / "packages"
    whole, listed = around([str(place)], [str(packages / "ours")])
    assert sorted(whole) == [str(packages / "numpy"), str(packages / "six.py")]
    assert sorted(listed) == [str(place), str(packages)]


def test_a_link_to_something_hidden_opens_nothing(place: Path) -> None:
    link = place / "packages" / "link"
    assert around([str(link), str(link / "course")], [str(place / "packages" / "ours")]) == ([], [])
    hidden_by_link = around([str(place / "packages")], [str(link)])
    assert str(place / "packages" / "ours") not in hidden_by_link[0]


def test_where_nothing_is_hidden_a_place_is_allowed_as_a_whole(place: Path) -> None:
    packages = str(place / "packages")
    assert around([packages, packages], [str(place / "pack")]) == ([packages], [])


def test_of_an_installed_package_only_itself_is_hidden(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "jupyter_tutor"
    assert hidden_paths(package) == (str(package),)


def test_of_a_checkout_all_is_hidden_but_an_interpreter_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("jupyter_tutor", "notebooks", "tests", ".venv"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    hidden = {Path(path).name for path in hidden_paths(tmp_path / "jupyter_tutor")}
    assert hidden == {"jupyter_tutor", "notebooks", "tests"}
