"""Waiting and reuse: what every storage promises of the queue and of identical answers."""

from dataclasses import replace
from datetime import timedelta

from jupyter_tutor.domain.evaluations import Evaluation
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.people import Person
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from tests.contract import samples

DIGEST = "d" * 64
GRADED = GradingStatus.GRADED


def _submission(uow: UnitOfWork, learner: Person, revision: Revision, digest: str | None) -> None:
    made = uow.submissions.add_submission(learner.id, revision.id, samples.answer())
    evaluation = samples.evaluation(made.id, uow.now(), 0.25)
    assert uow.submissions.add_evaluation(evaluation, "tests-1", digest)


def _evaluation(uow: UnitOfWork, learner: Person, revision: Revision) -> Evaluation:
    (newest, *_) = uow.submissions.submissions(learner.id, revision.exercise_id)[::-1]
    return newest.evaluations[-1]


class TestIdenticalAnswers:
    def test_find_the_attempt_that_was_run(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        verdict = samples.verdict(0.25)
        with open_uow() as uow:
            run = uow.submissions.add_attempt(ada.id, collatz.id, samples.answer())
            assert uow.submissions.identical(collatz.id, DIGEST, None) is None
            uow.submissions.settle_attempt(run.id, GRADED, verdict, answer_digest=DIGEST)
        with open_uow() as uow:
            assert uow.submissions.identical(collatz.id, DIGEST, None) == (run.id, verdict)
            assert uow.submissions.identical(collatz.id, "e" * 64, None) is None
            assert uow.submissions.identical(uuid7(), DIGEST, None) is None
            assert uow.submissions.identical(collatz.id, DIGEST, "tests-1") is None

    def test_find_what_a_reused_attempt_stands_for(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        source = uuid7()
        with open_uow() as uow:
            reused = uow.submissions.add_attempt(ada.id, collatz.id, samples.answer())
            uow.submissions.settle_attempt(
                reused.id, GRADED, samples.verdict(1), source=source, answer_digest=DIGEST
            )
        with open_uow() as uow:
            assert uow.submissions.attempt(reused.id).source == source
            assert uow.submissions.identical(collatz.id, DIGEST, None) == (
                source,
                samples.verdict(1),
            )

    def test_find_the_run_of_a_submission(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            _submission(uow, ada, collatz, DIGEST)
        with open_uow() as uow:
            found = _evaluation(uow, ada, collatz)
            assert uow.submissions.identical(collatz.id, DIGEST, "tests-1") == (
                found.submission_id,
                found.verdict,
            )
            assert uow.submissions.identical(collatz.id, DIGEST, "withheld-1") is None
            assert uow.submissions.identical(collatz.id, DIGEST, None) is None

    def test_do_not_find_what_is_not_to_be_reused(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            _submission(uow, ada, collatz, None)
            attempt = uow.submissions.add_attempt(ada.id, collatz.id, samples.answer())
            uow.submissions.settle_attempt(attempt.id, GRADED, samples.verdict(1))
        with open_uow() as uow:
            for run in (None, "tests-1"):
                assert uow.submissions.identical(collatz.id, DIGEST, run) is None

    def test_an_evaluation_tells_its_source(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        source = uuid7()
        with open_uow() as uow:
            made = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
            evaluation = samples.evaluation(made.id, uow.now(), 1)
            uow.submissions.add_evaluation(replace(evaluation, source=source), "tests-1", DIGEST)
        with open_uow() as uow:
            assert _evaluation(uow, ada, collatz).source == source
            found = uow.submissions.identical(collatz.id, DIGEST, "tests-1")
            assert found is not None
            assert found[0] == source


class TestTries:
    def test_are_listed_since_a_time_with_failed_ones(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        """Who could make gradings fail must not get tries for nothing by that."""
        made, checked = [], []
        for _ in range(3):
            with open_uow() as uow:
                made.append(uow.submissions.add_submission(ada.id, collatz.id, samples.answer()))
                checked.append(uow.submissions.add_attempt(ada.id, collatz.id, samples.answer()))
        with open_uow() as uow:
            uow.submissions.set_status(made[1].id, GradingStatus.FAILED)
            uow.submissions.settle_attempt(checked[1].id, GradingStatus.FAILED, None)
            bob = uow.people.identify(samples.BOB)
        times = [each.submitted_at for each in made]
        place = (ada.id, collatz.exercise_id)
        with open_uow() as uow:
            before = uow.now() - timedelta(hours=1)
            assert list(uow.submissions.submitted_since(*place, before)) == times
            assert list(uow.submissions.submitted_since(*place, times[0])) == times[1:]
            attempted = list(uow.submissions.checked_since(*place, before))
            assert attempted == [each.created_at for each in checked]
            other = (bob.id, collatz.exercise_id, before)
            assert list(uow.submissions.submitted_since(*other)) == []
            assert list(uow.submissions.checked_since(*other)) == []


class TestQueue:
    def test_tells_how_many_go_before(self, open_uow: UnitOfWorkFactory) -> None:
        first, second, urgent, later = (uuid7() for _ in range(4))
        with open_uow() as uow:
            uow.jobs.defer("a", subject_id=first, priority=5)
            uow.jobs.defer("b", subject_id=second, priority=5)
            uow.jobs.defer("b", subject_id=urgent, priority=6)
            at = uow.now() + timedelta(hours=1)
            uow.jobs.defer("a", subject_id=later, priority=9, at=at)
        with open_uow() as uow:
            places = [
                uow.jobs.place(name, subject)
                for name, subject in (("b", urgent), ("a", first), ("b", second))
            ]
            assert [place and (place.ahead, place.seconds) for place in places] == [
                (0, None),
                (1, None),
                (2, None),
            ]
            assert uow.jobs.place("a", second) is None
            assert uow.jobs.place("a", uuid7()) is None

    def test_tells_how_many_wait_of_each_name(self, open_uow: UnitOfWorkFactory) -> None:
        with open_uow() as uow:
            assert dict(uow.jobs.lengths()) == {}
            for name in ("a", "b", "a"):
                uow.jobs.defer(name, subject_id=uuid7(), priority=0)
            at = uow.now() + timedelta(hours=1)
            uow.jobs.defer("c", subject_id=uuid7(), priority=0, at=at)
        with open_uow() as uow:
            assert dict(uow.jobs.lengths()) == {"a": 2, "b": 1}
