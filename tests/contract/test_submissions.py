"""Attempts, submissions, evaluations and hints: what every storage promises of learners' work."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.domain.evaluations import Evaluator
from jupyter_tutor.domain.exercises import HintLevel, Revision
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.people import Person
from jupyter_tutor.domain.submissions import Answer, GradingStatus
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWorkFactory
from tests.contract import samples
from tests.contract.samples import COURSE

ANSWERS = [
    Answer(),
    samples.answer(),
    Answer((CellSource("a", samples.ODD), CellSource("b", "")), {}),
    Answer((), {"q1": "a", "q2": ["b", "a"], "q3": 1e300, "q4": -0.0, "q5": 10**30, "q6": True}),
    Answer((), {samples.ODD: samples.ODD}),
]


class TestAttempts:
    @pytest.mark.parametrize("answer", ANSWERS)
    def test_come_back_as_they_were_added(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision, answer: Answer
    ) -> None:
        with open_uow() as uow:
            attempt = uow.submissions.add_attempt(ada.id, collatz.id, answer)
            now = uow.now()
        with open_uow() as uow:
            assert uow.submissions.attempt(attempt.id) == attempt
        assert attempt.answer == answer
        assert repr(attempt.answer) == repr(answer)
        assert (attempt.status, attempt.verdict) == (GradingStatus.QUEUED, None)
        assert (attempt.created_at, attempt.finished_at) == (now, None)

    @pytest.mark.parametrize("score", [0.0, 0.25, 1.0])
    def test_are_settled_once(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision, score: float
    ) -> None:
        verdict = samples.verdict(score)
        with open_uow() as uow:
            attempt = uow.submissions.add_attempt(ada.id, collatz.id, samples.answer())
        with open_uow() as uow:
            settled = uow.submissions.settle_attempt(attempt.id, GradingStatus.GRADED, verdict)
            now = uow.now()
        with open_uow() as uow:
            again = uow.submissions.settle_attempt(attempt.id, GradingStatus.FAILED, None)
            stored = uow.submissions.attempt(attempt.id)
        assert (settled, again) == (True, False)
        assert stored == replace(
            attempt, status=GradingStatus.GRADED, verdict=verdict, finished_at=now
        )

    def test_that_run_are_not_settled(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            attempt = uow.submissions.add_attempt(ada.id, collatz.id, samples.answer())
            assert not uow.submissions.settle_attempt(attempt.id, GradingStatus.RUNNING, None)
            running = uow.submissions.attempt(attempt.id)
            assert (running.status, running.finished_at) == (GradingStatus.RUNNING, None)
            assert uow.submissions.settle_attempt(attempt.id, GradingStatus.FAILED, None)

    def test_are_listed_per_learner_and_exercise_across_revisions(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            bob = uow.people.identify(samples.BOB)
            first = uow.submissions.add_attempt(ada.id, collatz.id, samples.answer())
            uow.submissions.add_attempt(bob.id, collatz.id, samples.answer())
            quiz = uow.courses.latest_revision(COURSE, "quiz")
            uow.submissions.add_attempt(ada.id, quiz.id, Answer())
        newer = replace(collatz.content, difficulty=2)
        with open_uow() as uow:
            lesson = samples.lesson(exercises=(newer,))
            (second_revision,) = uow.courses.publish_lesson(COURSE, lesson, 0)
            second = uow.submissions.add_attempt(ada.id, second_revision.id, samples.answer())
            third = uow.submissions.add_attempt(ada.id, collatz.id, samples.answer())
        with open_uow() as uow:
            found = uow.submissions.attempts(ada.id, collatz.exercise_id, 3)
            newest = uow.submissions.attempts(ada.id, collatz.exercise_id, 2)
            assert uow.submissions.count_attempts(ada.id, collatz.exercise_id) == 3
            assert uow.submissions.waiting(ada.id) == 4  # one of them is the quiz's
            uow.submissions.settle_attempt(third.id, GradingStatus.FAILED, None)
            assert uow.submissions.waiting(ada.id) == 3
        assert list(found) == [first, second, third]
        assert list(newest) == [second, third]

    def test_that_were_judged_are_found_by_the_moments_they_were_the_newest_at(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        made = []
        for owner in (ada.id, None, ada.id, ada.id):
            with open_uow() as uow:
                learner = owner or uow.people.identify(samples.BOB).id
                made.append(uow.submissions.add_attempt(learner, collatz.id, samples.answer()))
        first, others, unjudged, third = made
        with open_uow() as uow:
            for attempt in (first, others, third):
                judged = (attempt.id, GradingStatus.GRADED, samples.verdict())
                uow.submissions.settle_attempt(*judged)

        def by(*moments: datetime) -> list[UUID]:
            with open_uow() as uow:
                found = uow.submissions.attempts_by(ada.id, collatz.exercise_id, moments)
            return [each.id for each in found]

        before = first.created_at - timedelta(microseconds=1)
        assert by() == by(before) == []
        assert by(first.created_at) == by(others.created_at, unjudged.created_at) == [first.id]
        later = third.created_at + timedelta(days=1)
        assert by(later, before, unjudged.created_at) == [first.id, third.id]

    @pytest.mark.usefixtures("collatz")
    def test_that_are_unknown_are_not_found(self, open_uow: UnitOfWorkFactory, ada: Person) -> None:
        with pytest.raises(NotFound), open_uow() as uow:
            uow.submissions.attempt(uuid7())
        with pytest.raises(NotFound), open_uow() as uow:
            uow.submissions.settle_attempt(uuid7(), GradingStatus.FAILED, None)
        with pytest.raises(NotFound), open_uow() as uow:
            uow.submissions.add_attempt(ada.id, uuid7(), samples.answer())


class TestSubmissions:
    @pytest.mark.parametrize("answer", ANSWERS)
    def test_come_back_as_they_were_added(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision, answer: Answer
    ) -> None:
        with open_uow() as uow:
            submission = uow.submissions.add_submission(ada.id, collatz.id, answer)
            assert submission.submitted_at == uow.now()
        with open_uow() as uow:
            assert uow.submissions.submission(submission.id) == submission
        assert submission.answer == answer
        assert (submission.status, submission.number) == (GradingStatus.QUEUED, 1)
        assert submission.score is None

    def test_whose_grading_failed_are_not_used_up(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            assert uow.submissions.count_used(ada.id, collatz.exercise_id) == 0
            for status in GradingStatus:
                added = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
                uow.submissions.set_status(added.id, status)
            bob = uow.people.identify(samples.BOB)
            uow.submissions.add_submission(bob.id, collatz.id, samples.answer())
        with open_uow() as uow:
            listed = uow.submissions.submissions(ada.id, collatz.exercise_id)
            assert len(listed) == len(GradingStatus)
            assert uow.submissions.count_used(ada.id, collatz.exercise_id) == len(listed) - 1

    def test_are_numbered_per_learner_and_exercise(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            bob = uow.people.identify(samples.BOB)
            quiz = uow.courses.latest_revision(COURSE, "quiz")
            mine = [
                uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
                for _ in range(3)
            ]
            others = [
                uow.submissions.add_submission(bob.id, collatz.id, samples.answer()),
                uow.submissions.add_submission(ada.id, quiz.id, Answer()),
            ]
        with open_uow() as uow:
            assert list(uow.submissions.submissions(ada.id, collatz.exercise_id)) == mine
        assert [submission.number for submission in mine] == [1, 2, 3]
        assert [submission.number for submission in others] == [1, 1]

    def test_at_the_same_moment_get_different_numbers(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        together = threading.Barrier(4)

        def submit() -> int:
            together.wait(20)
            with open_uow() as uow:
                added = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
            return added.number

        with ThreadPoolExecutor(4) as threads:
            numbers = [future.result() for future in [threads.submit(submit) for _ in range(4)]]
        assert sorted(numbers) == [1, 2, 3, 4]

    def test_who_holds_the_exercise_decides_alone(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        together = threading.Barrier(4)

        def submit_the_first_only() -> None:
            together.wait(20)
            with open_uow() as uow:
                uow.submissions.lock_exercise(ada.id, collatz.exercise_id)
                if not uow.submissions.submissions(ada.id, collatz.exercise_id):
                    uow.submissions.add_submission(ada.id, collatz.id, samples.answer())

        with ThreadPoolExecutor(4) as threads:
            for future in [threads.submit(submit_the_first_only) for _ in range(4)]:
                future.result()
        with open_uow() as uow:
            assert len(uow.submissions.submissions(ada.id, collatz.exercise_id)) == 1

    def test_take_a_status(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            submission = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
        for status in GradingStatus:
            with open_uow() as uow:
                uow.submissions.set_status(submission.id, status)
                # Read in the same transaction, too.
                assert uow.submissions.submission(submission.id).status is status
        with pytest.raises(NotFound), open_uow() as uow:
            uow.submissions.set_status(uuid7(), GradingStatus.FAILED)
        with pytest.raises(NotFound), open_uow() as uow:
            uow.submissions.submission(uuid7())


class TestEvaluations:
    @pytest.mark.parametrize("judged", [True, False])
    @pytest.mark.parametrize("score", [0.0, 0.1, 1.0])
    def test_come_back_as_they_were_added(
        self,
        open_uow: UnitOfWorkFactory,
        ada: Person,
        collatz: Revision,
        score: float,
        judged: bool,
    ) -> None:
        with open_uow() as uow:
            submission = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
            evaluation = samples.evaluation(submission.id, uow.now(), score, judged=judged)
            assert uow.submissions.add_evaluation(evaluation, "tests-1")
        with open_uow() as uow:
            stored = uow.submissions.submission(submission.id)
        assert stored.evaluations == (evaluation,)
        assert stored.score == score

    def test_of_one_run_are_recorded_once(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            submission = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
            first = samples.evaluation(submission.id, uow.now(), 0.5)
            assert uow.submissions.add_evaluation(first, "tests-1")
        with open_uow() as uow:
            repeated = samples.evaluation(submission.id, uow.now(), 1.0)
            assert not uow.submissions.add_evaluation(repeated, "tests-1")
            assert uow.submissions.submission(submission.id).evaluations == (first,)

    def test_the_last_one_counts(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            submission = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
            now = uow.now()
            late = samples.evaluation(
                submission.id,
                now + timedelta(days=1),
                0.75,
                evaluator=Evaluator.INSTRUCTOR,
                judged=False,
            )
            early = samples.evaluation(submission.id, now, 0.25)
            uow.submissions.add_evaluation(late, "override-1")
            uow.submissions.add_evaluation(early, "tests-1")
        with open_uow() as uow:
            stored = uow.submissions.submission(submission.id)
            (listed,) = uow.submissions.submissions(ada.id, collatz.exercise_id)
        assert stored.evaluations == (early, late)
        assert stored.score == 0.75
        # A list holds the evaluation that counts, and no other.
        assert listed == replace(stored, evaluations=(late,))

    @pytest.mark.parametrize("score", [-0.01, 1.01, float("nan"), float("inf")])
    def test_with_an_impossible_score_are_refused(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision, score: float
    ) -> None:
        with open_uow() as uow:
            submission = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
        impossible = samples.evaluation(submission.id, submission.submitted_at, judged=False)
        with pytest.raises(InvalidInput), open_uow() as uow:
            uow.submissions.add_evaluation(replace(impossible, score=score), "tests-1")
        with open_uow() as uow:
            assert uow.submissions.submission(submission.id) == submission

    @pytest.mark.usefixtures("collatz")
    def test_of_nothing_are_refused(self, open_uow: UnitOfWorkFactory) -> None:
        with pytest.raises(NotFound), open_uow() as uow:
            uow.submissions.add_evaluation(samples.evaluation(uuid7(), uow.now()), "tests-1")


class TestHints:
    def test_are_listed_as_given_oldest_first(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            bob = uow.people.identify(samples.BOB)
            now = uow.now()
            hints = [
                samples.hint(ada.id, collatz.id, now + timedelta(minutes=level), level)
                for level in HintLevel
            ]
            for hint in reversed(hints):
                uow.hints.add(hint)
            uow.hints.add(samples.hint(bob.id, collatz.id, now))
        with open_uow() as uow:
            assert list(uow.hints.given(ada.id, collatz.exercise_id)) == hints
            assert [uow.hints.hint(hint.id) for hint in hints] == hints

    def test_that_are_unknown_are_not_found(self, open_uow: UnitOfWorkFactory, ada: Person) -> None:
        with pytest.raises(NotFound), open_uow() as uow:
            uow.hints.hint(uuid7())
        with pytest.raises(NotFound), open_uow() as uow:
            uow.hints.add(samples.hint(ada.id, uuid7(), uow.now()))


class TestPassingAnswers:
    def test_are_those_of_others_to_the_revision_each_once_the_newest_first(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        """What a learner wrote themselves, what failed and what was not graded are left out."""
        with open_uow() as uow:
            bob = uow.people.identify(samples.BOB)
        sources = [(bob, "a = 1", 1.0), (bob, "b = 1", 0.5), (ada, "c = 1", 1.0)]
        sources += [(bob, "d = 1", 1.0), (bob, "a = 1", 1.0)]
        for person, source, score in sources:
            with open_uow() as uow:
                answer = samples.answer(source)
                made = uow.submissions.add_submission(person.id, collatz.id, answer)
                evaluation = samples.evaluation(made.id, uow.now(), score)
                uow.submissions.add_evaluation(evaluation, "first")
        with open_uow() as uow:
            uow.submissions.add_submission(bob.id, collatz.id, samples.answer("e = 1"))
            found = uow.submissions.passing_answers(collatz.id, ada.id, 10)
            newest = uow.submissions.passing_answers(collatz.id, ada.id, 2)

        assert [[cell.source for cell in each] for each in found] == [["a = 1"], ["d = 1"]]
        assert newest == found
