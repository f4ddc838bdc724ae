"""What every unit of work promises: transactions, keys, jobs, audit, news."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from uuid import UUID

import pytest

from jupyter_tutor.domain.errors import IdempotencyKeyReused, InvalidInput, NotFound
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.people import Person, Profile, SkillLevel
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import ResultNews, UnitOfWork, UnitOfWorkFactory
from tests.contract import samples

PATIENCE = 20.0


def test_what_was_done_stays_when_the_block_ends(open_uow: UnitOfWorkFactory) -> None:
    with open_uow() as uow:
        person = uow.people.identify(samples.ADA)
    with open_uow() as uow:
        assert uow.people.identify(samples.ADA) == person


def test_what_was_done_is_gone_when_an_error_leaves_the_block(
    open_uow: UnitOfWorkFactory,
) -> None:
    class Stopped(Exception):
        pass

    def work() -> Person:
        with open_uow() as uow:
            samples.publish(uow)
            person = uow.people.identify(samples.ADA)
            uow.people.save_profile(person.id, Profile(goals=("none",)))
            raise Stopped

    with pytest.raises(Stopped):
        work()
    with open_uow() as uow:
        assert uow.reads.courses(uuid7()) == []
        anew = uow.people.identify(samples.ADA)
        assert uow.people.profile(anew.id) == Profile()


def test_time_stands_still_in_a_transaction_and_is_utc(open_uow: UnitOfWorkFactory) -> None:
    with open_uow() as uow:
        first = uow.now()
        time.sleep(0.005)
        person = uow.people.identify(samples.ADA)
        assert uow.now() == first == person.created_at
        assert first.utcoffset() == timedelta(0)
    with open_uow() as later:
        assert later.now() > first


def test_a_unit_of_work_is_one_transaction(open_uow: UnitOfWorkFactory) -> None:
    uow = open_uow()
    with pytest.raises(RuntimeError):
        uow.now()
    with uow:
        pass
    with pytest.raises(RuntimeError), uow:
        pass


def test_a_row_that_refers_to_nobody_is_refused(
    open_uow: UnitOfWorkFactory, collatz: Revision
) -> None:
    def attempt(uow: UnitOfWork) -> None:
        uow.submissions.add_attempt(uuid7(), collatz.id, samples.answer())

    def submit(uow: UnitOfWork) -> None:
        uow.submissions.add_submission(uuid7(), collatz.id, samples.answer())

    def hint(uow: UnitOfWork) -> None:
        uow.hints.add(samples.hint(uuid7(), collatz.id, uow.now()))

    def claim(uow: UnitOfWork) -> None:
        uow.idempotency.claim(uuid7(), "key", "submit", "digest")

    def audit(uow: UnitOfWork) -> None:
        uow.audit.add(uuid7(), "looked", "person:1")

    def profile(uow: UnitOfWork) -> None:
        uow.people.save_profile(uuid7(), Profile())

    for write in (attempt, submit, hint, claim, audit, profile):
        with pytest.raises(NotFound), open_uow() as uow:
            write(uow)


def test_a_number_without_json_form_is_refused(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    for number in (float("nan"), float("inf"), -float("inf")):
        with pytest.raises(InvalidInput), open_uow() as uow:
            uow.submissions.add_submission(ada.id, collatz.id, samples.answer(q=[number]))
    with open_uow() as uow:
        assert uow.submissions.submissions(ada.id, collatz.exercise_id) == []


class TestIdempotencyKeys:
    def test_a_new_key_is_free_and_a_settled_one_gives_what_it_made(
        self, open_uow: UnitOfWorkFactory, ada: Person
    ) -> None:
        made = uuid7()
        with open_uow() as uow:
            assert uow.idempotency.claim(ada.id, "k", "submit", "d") is None
            uow.idempotency.settle(ada.id, "k", made)
        with open_uow() as uow:
            assert uow.idempotency.claim(ada.id, "k", "submit", "d") == made

    @pytest.mark.parametrize(("operation", "digest"), [("check", "d"), ("submit", "other")])
    def test_a_key_serves_one_request(
        self, open_uow: UnitOfWorkFactory, ada: Person, operation: str, digest: str
    ) -> None:
        with open_uow() as uow:
            uow.idempotency.claim(ada.id, "k", "submit", "d")
            uow.idempotency.settle(ada.id, "k", uuid7())
        with pytest.raises(IdempotencyKeyReused), open_uow() as uow:
            uow.idempotency.claim(ada.id, "k", operation, digest)

    def test_keys_of_different_people_are_different(
        self, open_uow: UnitOfWorkFactory, ada: Person
    ) -> None:
        with open_uow() as uow:
            bob = uow.people.identify(samples.BOB)
            uow.idempotency.claim(ada.id, "k", "submit", "d")
            uow.idempotency.settle(ada.id, "k", uuid7())
            assert uow.idempotency.claim(bob.id, "k", "check", "e") is None

    def test_a_key_of_a_transaction_that_failed_is_free_again(
        self, open_uow: UnitOfWorkFactory, ada: Person
    ) -> None:
        def fail() -> None:
            with open_uow() as uow:
                uow.idempotency.claim(ada.id, "k", "submit", "d")
                uow.courses.get("nowhere")

        with pytest.raises(NotFound):
            fail()
        with open_uow() as uow:
            assert uow.idempotency.claim(ada.id, "k", "check", "e") is None

    def test_a_key_that_made_nothing_counts_as_new(
        self, open_uow: UnitOfWorkFactory, ada: Person
    ) -> None:
        for _ in range(2):
            with open_uow() as uow:
                assert uow.idempotency.claim(ada.id, "k", "submit", "d") is None

    def test_settling_needs_a_claim(self, open_uow: UnitOfWorkFactory, ada: Person) -> None:
        with pytest.raises(NotFound), open_uow() as uow:
            uow.idempotency.settle(ada.id, "k", uuid7())

    def test_requests_at_the_same_moment_make_one_thing(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        together = threading.Barrier(4)

        def submit() -> UUID:
            together.wait(PATIENCE)
            with open_uow() as uow:
                known = uow.idempotency.claim(ada.id, "k", "submit", "d")
                if known is not None:
                    return known
                made = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
                time.sleep(0.02)
                uow.idempotency.settle(ada.id, "k", made.id)
                return made.id

        with ThreadPoolExecutor(4) as threads:
            made = [future.result() for future in [threads.submit(submit) for _ in range(4)]]
        with open_uow() as uow:
            stored = uow.submissions.submissions(ada.id, collatz.exercise_id)
        assert set(made) == {submission.id for submission in stored}
        assert len(stored) == 1


class TestNews:
    def test_news_comes_when_the_transaction_ends(
        self,
        open_uow: UnitOfWorkFactory,
        news: ResultNews,
        ada: Person,
        collatz: Revision,
    ) -> None:
        with open_uow() as uow:
            attempt = uow.submissions.add_attempt(ada.id, collatz.id, samples.answer())
        seen: list[bool] = []

        def wait() -> None:
            heard = news.wait(attempt.id, PATIENCE)
            with open_uow() as uow:
                seen.append(heard and uow.submissions.attempt(attempt.id).status.settled)

        waiting = threading.Thread(target=wait)
        waiting.start()
        with open_uow() as uow:
            uow.submissions.settle_attempt(attempt.id, GradingStatus.GRADED, samples.verdict())
        waiting.join(PATIENCE)
        assert seen == [True]

    def test_news_between_reading_and_waiting_is_not_lost(
        self,
        open_uow: UnitOfWorkFactory,
        news: ResultNews,
        ada: Person,
        collatz: Revision,
    ) -> None:
        with open_uow() as uow:
            submission = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
        with open_uow() as uow:
            uow.submissions.set_status(submission.id, GradingStatus.RUNNING)
        assert news.wait(submission.id, PATIENCE)
        with open_uow() as uow:
            at = uow.now()
            uow.submissions.add_evaluation(samples.evaluation(submission.id, at), "tests-1")
        assert news.wait(submission.id, PATIENCE)

    def test_no_news_of_what_was_rolled_back_or_of_other_rows(
        self,
        open_uow: UnitOfWorkFactory,
        news: ResultNews,
        ada: Person,
        collatz: Revision,
    ) -> None:
        with open_uow() as uow:
            one = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
            other = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())

        def fail() -> None:
            with open_uow() as uow:
                uow.submissions.set_status(one.id, GradingStatus.RUNNING)
                uow.courses.get("nowhere")

        with pytest.raises(NotFound):
            fail()
        with open_uow() as uow:
            uow.submissions.set_status(other.id, GradingStatus.RUNNING)
        assert news.wait(other.id, PATIENCE)
        assert not news.wait(one.id, 0.05)


def test_a_profile_comes_back_as_it_was_saved(open_uow: UnitOfWorkFactory, ada: Person) -> None:
    profile = Profile(
        language="bn",
        skill_level=SkillLevel.BEGINNER,
        goals=("pass the exam", samples.ODD),
        interests=(samples.ODD,),
        hours_per_week=2.5,
        time_zone="Asia/Dhaka",
        preferences={"dark": True, "size": 12, "speed": 1.5, samples.ODD: samples.ODD},
    )
    with open_uow() as uow:
        assert uow.people.profile(ada.id) == Profile()
        uow.people.save_profile(ada.id, profile)
        assert uow.people.profile(ada.id) == profile
    with open_uow() as uow:
        uow.people.save_profile(ada.id, Profile(language="en"))
    with open_uow() as uow:
        assert uow.people.profile(ada.id) == Profile(language="en")
        assert uow.now().tzinfo is not None
        assert uow.now().astimezone(UTC) == uow.now()
