"""A run that was asked for: what it and its template tell, in whichever order, or never."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_tutor.domain.errors import KernelUnavailable
from jupyter_tutor.execution.inside import wire
from jupyter_tutor.execution.runs import Birth


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, wire.Wire]]:
    """The engine's end, and the conversation of the run with it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, wire.Wire(theirs)


def _door(place: Path) -> int:
    return os.open(place, os.O_WRONLY | os.O_CREAT)


def _is_closed(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return True
    return False


@pytest.mark.parametrize("first", ["born", "ready"])
@pytest.mark.parametrize("held", [True, False])
def test_it_is_ready_when_both_have_told(
    ends: tuple[socket.socket, wire.Wire], tmp_path: Path, first: str, held: bool
) -> None:
    ours, theirs = ends
    door = _door(tmp_path / "door")
    birth = Birth(ours, [door])
    news: dict[str, wire.Message] = {"born": ["born", 4_000_000], "ready": ["ready", held]}
    theirs.send(news.pop(first))
    assert birth.hear() is None
    theirs.send(news.popitem()[1])
    process = birth.hear()
    assert process is not None
    assert process.pid == 4_000_000
    assert birth.held
    assert (tmp_path / "door").read_text() == ("" if held else "4000000")
    assert _is_closed(door)


def test_who_can_be_in_no_group_runs_without(ends: tuple[socket.socket, wire.Wire]) -> None:
    ours, theirs = ends
    birth = Birth(ours, [os.open(os.devnull, os.O_RDONLY)])
    theirs.send(["born", 4_000_000])
    theirs.send(["ready", False])
    assert birth.hear() is None
    assert birth.hear() is not None
    assert not birth.held


@pytest.mark.parametrize("news", [["failed", "no namespaces"], ["ready"], ["born", "x"], None])
def test_what_fails_leaves_nothing(
    ends: tuple[socket.socket, wire.Wire], tmp_path: Path, news: wire.Message | None
) -> None:
    ours, theirs = ends
    door = _door(tmp_path / "door")
    birth = Birth(ours, [door])
    if news is not None:
        theirs.send(news)
    with pytest.raises(KernelUnavailable):
        birth.hear(0.01)
    assert _is_closed(door)
    assert ours.fileno() == -1
