"""The notice board: who waits is woken, and news between reading and waiting is not lost."""

import threading
from uuid import UUID

from jupyter_tutor.services.board import KEPT_SECONDS, Board

ONE, OTHER = UUID(int=1), UUID(int=2)
PATIENCE = 20.0


def waiting(
    board: Board, subject_id: UUID, heard: list[bool], seconds: float = PATIENCE
) -> threading.Thread:
    thread = threading.Thread(target=lambda: heard.append(board.wait(subject_id, seconds)))
    thread.daemon = True
    thread.start()
    return thread


def test_news_wakes_everybody_who_waits_for_the_row() -> None:
    board, heard = Board(), list[bool]()
    threads = [waiting(board, ONE, heard) for _ in range(3)]
    board.post(ONE)
    board.post(ONE)
    for thread in threads:
        # Whoever had not begun to wait gets the kept news, or the next.
        while thread.is_alive():
            board.post(ONE)
            thread.join(0.01)
    assert heard == [True] * 3


def test_news_of_another_row_wakes_nobody() -> None:
    board = Board()
    board.post(OTHER)
    assert not board.wait(ONE, 0.0)


def test_news_that_came_just_before_is_heard_once() -> None:
    board = Board()
    board.post(ONE)
    assert board.wait(ONE, PATIENCE)
    assert not board.wait(ONE, 0.0)


def test_old_news_is_forgotten() -> None:
    now = [0.0]
    board = Board(clock=lambda: now[0])
    board.post(ONE)
    board.post(OTHER)
    now[0] = KEPT_SECONDS + 1
    assert not board.wait(ONE, 0.0)
    board.post(ONE)
    assert not board.wait(OTHER, 0.0)
    assert board.wait(ONE, 0.0)


def test_news_that_is_repeated_is_kept_from_the_last_time() -> None:
    now = [0.0]
    board = Board(clock=lambda: now[0])
    board.post(ONE)
    now[0] = KEPT_SECONDS - 1
    board.post(ONE)
    now[0] = KEPT_SECONDS + 1
    board.post(OTHER)
    assert board.wait(ONE, 0.0)


def test_everybody_can_be_woken() -> None:
    board, heard = Board(), list[bool]()
    threads = [waiting(board, subject, heard) for subject in (ONE, OTHER)]
    for thread in threads:
        while thread.is_alive():
            board.wake_all()
            thread.join(0.01)
    assert heard == [True, True]


def test_who_missed_young_news_soon_reads_again() -> None:
    board = Board()
    board.post(ONE)
    assert board.wait(ONE, PATIENCE)
    heard = list[bool]()
    # Whether this one had read the row before or after the news, nobody knows.
    second = waiting(board, ONE, heard, seconds=threading.TIMEOUT_MAX)
    second.join(PATIENCE)
    assert heard == [False]
