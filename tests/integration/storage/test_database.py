"""The database as a whole: restarts, refusals, waiting, and what errors say."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from jupyter_tutor.domain.errors import NotFound, StorageUnavailable, TutorError
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.memory import LearnerMemory
from jupyter_tutor.domain.people import Person
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.embedded import EmbeddedPostgres
from jupyter_tutor.storage.schema import upgrade
from tests.contract import samples

pytestmark = pytest.mark.postgres

PATIENCE = 30.0


def break_connections(database: Database) -> None:
    with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


class TestConnections:
    def test_that_broke_while_idle_are_replaced(self, database: Database) -> None:
        def use(together: threading.Barrier) -> None:
            with database() as uow:
                uow.now()
                together.wait(PATIENCE)

        for _ in range(2):
            with ThreadPoolExecutor(3) as threads:
                together = threading.Barrier(3)
                for future in [threads.submit(use, together) for _ in range(3)]:
                    future.result()
            break_connections(database)

    def test_that_break_in_a_transaction_end_it(self, database: Database, ada: Person) -> None:
        def work() -> None:
            with database() as uow:
                uow.people.save_profile(ada.id, uow.people.profile(ada.id))
                break_connections(database)
                uow.people.profile(ada.id)

        with pytest.raises(StorageUnavailable, match="Nothing was saved"):
            work()
        with database() as uow:
            assert uow.people.identify(samples.ADA) == ada

    def test_that_break_before_the_commit_save_nothing(self, database: Database) -> None:
        def work() -> None:
            with database() as uow:
                uow.people.identify(samples.BOB)
                break_connections(database)

        with pytest.raises(StorageUnavailable):
            work()
        with psycopg.connect(conninfo(database.url)) as connection:
            assert connection.execute("SELECT count(*) FROM people").fetchone() == (0,)

    def test_are_given_back(self, clean_database_url: str) -> None:
        with Database(clean_database_url, pool_size=1, overflow=0) as database:
            for _ in range(3):
                with pytest.raises(NotFound), database() as uow:
                    uow.courses.get("nowhere")


class TestServer:
    def test_that_does_not_answer_is_told_without_its_address(self) -> None:
        with (
            Database("postgresql://ada:secret@/tutor?host=/nowhere") as database,
            pytest.raises(StorageUnavailable) as refused,
            database(),
        ):
            pass
        assert "does not answer" in refused.value.message
        assert "secret" not in repr(refused.value)
        assert "nowhere" not in refused.value.message

    def test_that_has_no_tables_is_told_with_the_command(self, empty_database_url: str) -> None:
        with Database(empty_database_url) as database:
            with (
                pytest.raises(StorageUnavailable, match="jupyter tutor db upgrade"),
                database() as uow,
            ):
                uow.people.identify(samples.ADA)
            with (
                pytest.raises(StorageUnavailable, match="jupyter tutor db upgrade"),
                database() as uow,
            ):
                uow.jobs.defer("grade_attempt", subject_id=uuid7(), priority=0)

    def test_that_is_restarted_is_found_again(self, tmp_path: Path) -> None:
        with EmbeddedPostgres(tmp_path / "one") as server:
            upgrade(server.url)
            with Database(server.url, revive=server.ensure_running) as database:
                with database() as uow:
                    person = uow.people.identify(samples.ADA)
                stop(server, database)
                with database() as uow:
                    assert uow.people.identify(samples.ADA) == person

    @pytest.mark.parametrize("url", ["sqlite:///tutor.db", "tutor", "postgresql+asyncpg://h/d"])
    def test_that_is_no_postgresql_is_refused(self, url: str) -> None:
        with pytest.raises(StorageUnavailable, match="postgresql://"):
            Database(url)


def stop(server: EmbeddedPostgres, database: Database) -> None:
    """End the server as a crash does, by the key of its process."""
    with psycopg.connect(conninfo(database.url)) as connection:
        row = connection.execute("SELECT pg_read_file('postmaster.pid', 0, 20)").fetchone()
    assert row is not None
    os.kill(int(row[0].split()[0]), signal.SIGQUIT)
    deadline = time.monotonic() + PATIENCE
    while server.is_running():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class TestWaiting:
    def test_too_many_transactions_at_once_are_told(self, clean_database_url: str) -> None:
        with Database(clean_database_url, pool_size=1, overflow=0, patience=0.05) as database:
            with (
                database(),
                pytest.raises(StorageUnavailable, match="busy"),
                database(),
            ):
                pass
            with database() as uow:
                uow.now()

    def test_a_deadlock_ends_one_of_the_two(
        self, database: Database, ada: Person, collatz: Revision
    ) -> None:
        together = threading.Barrier(2)
        exercises = [collatz.exercise_id, uuid7()]

        def work(order: int) -> TutorError | None:
            try:
                with database() as uow:
                    uow.submissions.lock_exercise(ada.id, exercises[order])
                    together.wait(PATIENCE)
                    uow.submissions.lock_exercise(ada.id, exercises[1 - order])
            except TutorError as error:
                return error
            return None

        with ThreadPoolExecutor(2) as threads:
            ends = list(threads.map(work, (0, 1)))
        (told,) = [end for end in ends if end is not None]
        assert isinstance(told, StorageUnavailable)
        assert "Try again" in told.message

    def test_memory_that_is_not_there_yet_is_held_too(
        self, database: Database, ada: Person, collatz: Revision
    ) -> None:
        def learn() -> None:
            with database() as uow:
                memory = uow.memories.load(ada.id, samples.COURSE) or LearnerMemory(0.0, 1.0)
                learned = LearnerMemory(0.0, 1.0, n=memory.n + 1)
                uow.memories.save(ada.id, samples.COURSE, learned)

        assert collatz.course_slug == samples.COURSE
        with ThreadPoolExecutor(4) as threads:
            for future in [threads.submit(learn) for _ in range(12)]:
                future.result()
        with database() as uow:
            memory = uow.memories.load(ada.id, samples.COURSE)
        assert memory is not None
        assert memory.n == 12

    def test_first_requests_of_one_person_make_one_person(self, database: Database) -> None:
        together = threading.Barrier(4)

        def identify() -> Person:
            together.wait(PATIENCE)
            with database() as uow:
                return uow.people.identify(samples.BOB)

        with ThreadPoolExecutor(4) as threads:
            people = [future.result() for future in [threads.submit(identify) for _ in range(4)]]
        assert len(set(people)) == 1

    def test_two_authors_publish_one_after_the_other(self, database: Database) -> None:
        with database() as uow:
            uow.courses.save(samples.course())

        def publish(text: str) -> None:
            with database() as uow:
                uow.courses.publish_lesson(samples.COURSE, samples.lesson(text=text), 0)

        with ThreadPoolExecutor(4) as threads:
            for future in [threads.submit(publish, str(n)) for n in range(4)]:
                future.result()
        with psycopg.connect(conninfo(database.url)) as connection:
            numbers = connection.execute(
                "SELECT array_agg(number ORDER BY number) FROM lesson_revisions"
            ).fetchone()
            revisions = connection.execute("SELECT max(number) FROM revisions").fetchone()
        assert (numbers, revisions) == (([1, 2, 3, 4],), (1,))


class TestRefusals:
    def test_a_number_beyond_its_column_is_invalid(
        self, database: Database, ada: Person, collatz: Revision
    ) -> None:
        assert collatz.course_slug == samples.COURSE
        huge = LearnerMemory(0.0, 1.0, n=2**40)
        with pytest.raises(TutorError) as refused, database() as uow:
            uow.memories.save(ada.id, samples.COURSE, huge)
        assert refused.value.code == "invalid_input"

    def test_a_value_against_a_constraint_is_invalid_and_the_constraint_is_named(
        self, database: Database, ada: Person, collatz: Revision
    ) -> None:
        assert collatz.course_slug == samples.COURSE
        with pytest.raises(TutorError) as refused, database() as uow:
            uow.memories.save(ada.id, samples.COURSE, LearnerMemory(float("nan"), 1.0))
        assert refused.value.code == "invalid_input"
        assert refused.value.details == {"constraint": "ck_learner_memory_ability"}

    def test_what_exists_already_is_a_conflict(
        self, database: Database, ada: Person, collatz: Revision
    ) -> None:
        with database() as uow:
            hint = samples.hint(ada.id, collatz.id, uow.now())
            uow.hints.add(hint)
        with pytest.raises(TutorError) as refused, database() as uow:
            uow.hints.add(hint)
        assert refused.value.code == "conflict"

    def test_a_bug_stays_what_it_is(self, database: Database) -> None:
        with pytest.raises(ZeroDivisionError), database():
            _ = 1 / 0
