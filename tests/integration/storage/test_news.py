"""News over a real connection: promptly, after a break, and never lost."""

import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.people import Person
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.news import CHANNEL, PostgresNews
from tests.contract import samples

pytestmark = pytest.mark.postgres

PATIENCE = 30.0


@pytest.fixture
def news(database: Database) -> Iterator[PostgresNews]:
    news = PostgresNews(database.url.render_as_string(hide_password=False))
    assert news.start(PATIENCE)
    yield news
    news.close()


def break_connection(database: Database) -> None:
    with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )


def test_a_row_that_settles_is_heard_by_every_server(
    database: Database, news: PostgresNews, ada: Person, collatz: Revision
) -> None:
    with database() as uow:
        attempt = uow.submissions.add_attempt(ada.id, collatz.id, samples.answer())
    other = PostgresNews(database.url.render_as_string(hide_password=False))
    assert other.start(PATIENCE)
    heard: list[bool] = []
    threads = [
        threading.Thread(target=lambda each=each: heard.append(each.wait(attempt.id, PATIENCE)))
        for each in (news, other)
    ]
    for thread in threads:
        thread.start()
    with database() as uow:
        uow.submissions.settle_attempt(attempt.id, GradingStatus.GRADED, samples.verdict())
    for thread in threads:
        thread.join(PATIENCE)
    other.close()
    assert heard == [True, True]


def test_who_waits_while_the_connection_breaks_is_woken_to_read_again(
    database: Database, news: PostgresNews
) -> None:
    heard: list[bool] = []
    waiting = threading.Thread(target=lambda: heard.append(news.wait(uuid7(), PATIENCE)))
    waiting.start()
    deadline = time.monotonic() + PATIENCE
    while not heard and time.monotonic() < deadline:
        break_connection(database)
        waiting.join(0.2)
    assert heard == [True]


def test_news_is_heard_after_a_break(
    database: Database, news: PostgresNews, ada: Person, collatz: Revision
) -> None:
    with database() as uow:
        submission = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
    break_connection(database)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with database() as uow:
            uow.submissions.set_status(submission.id, GradingStatus.RUNNING)
        if news.listening and news.wait(submission.id, 0.5):
            break
    assert news.listening
    # Twice, so that the wake-up of the new connection cannot be taken for news.
    with database() as uow:
        uow.submissions.set_status(submission.id, GradingStatus.GRADED)
    assert news.wait(submission.id, PATIENCE)


def test_one_connection_listens_however_many_wait(database: Database, news: PostgresNews) -> None:
    threads = [threading.Thread(target=news.wait, args=(uuid7(), 0.3)) for _ in range(8)]
    for thread in threads:
        thread.start()
    with psycopg.connect(conninfo(database.url)) as connection:
        listening = connection.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query = %s",
            (f"LISTEN {CHANNEL}",),
        ).fetchone()
    for thread in threads:
        thread.join()
    assert listening == (1,)


def test_closing_wakes_who_waits_and_ends_the_thread(database: Database) -> None:
    news = PostgresNews(database.url.render_as_string(hide_password=False))
    assert news.start(PATIENCE)
    heard: list[bool] = []
    waiting = threading.Thread(target=lambda: heard.append(news.wait(uuid7(), PATIENCE)))
    waiting.start()
    news.close()
    waiting.join(PATIENCE)
    assert len(heard) == 1
    assert not news.listening
    assert "tutor-news" not in {thread.name for thread in threading.enumerate()}
    assert not news.wait(uuid7(), 0.0)


def test_without_a_database_waiting_takes_its_time_and_hears_nothing() -> None:
    news = PostgresNews("postgresql:///tutor?host=/nowhere")
    assert not news.start(0.05)
    assert not news.wait(uuid7(), 0.05)
    news.close()


def test_the_url_has_to_be_one() -> None:
    with pytest.raises(StorageUnavailable):
        PostgresNews("sqlite:///tutor.db")
