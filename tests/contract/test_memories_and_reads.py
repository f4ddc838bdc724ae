"""Memory, the events it is folded from, and the read models."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.evaluations import Evaluator
from jupyter_tutor.domain.exercises import ExerciseKind, HintLevel, Revision
from jupyter_tutor.domain.mastery import Difficulty
from jupyter_tutor.domain.memory import (
    Episode,
    EvaluationEvent,
    HintEvent,
    LearnerMemory,
    TopicState,
    replay,
)
from jupyter_tutor.domain.people import Person, Role
from jupyter_tutor.domain.submissions import Answer, GradingStatus, Submission
from jupyter_tutor.services.grading import FIRST_RUN
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.read_models import CourseCard, ExerciseStanding
from tests.contract import samples
from tests.contract.samples import COURSE

AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)

MEMORY = LearnerMemory(
    ability=0.1 + 0.2,
    ability_var=1e-300,
    n=3,
    topics={
        "values": TopicState(-1 / 3, 0.43, 3, 2, 1, 0, last_unaided=True, last_at=AT),
        "lists": TopicState(5e-324, 0.1),
    },
    open_episodes={
        "quiz": Episode("quiz", "values", 1, 2, HintLevel.NUDGE, AT),
        "slices": Episode("slices", "", 0, 0, HintLevel.STEPS, AT),
    },
    passed={"collatz": AT},
    last_event_at=AT,
)


def submit(uow: UnitOfWork, learner: Person, revision: Revision, *scores: float) -> Submission:
    """Submit, and record a run of the tests per score, one hour apart."""
    submission = uow.submissions.add_submission(learner.id, revision.id, samples.answer())
    for run, score in enumerate(scores, 1):
        at = uow.now() + timedelta(hours=run)
        evaluation = samples.evaluation(submission.id, at, score)
        assert uow.submissions.add_evaluation(evaluation, f"tests-{run}")
    return uow.submissions.submission(submission.id)


class TestMemory:
    @pytest.mark.usefixtures("collatz")
    def test_comes_back_as_it_was_saved(self, open_uow: UnitOfWorkFactory, ada: Person) -> None:
        with open_uow() as uow:
            assert uow.memories.load(ada.id, COURSE) is None
            uow.memories.save(ada.id, COURSE, MEMORY)
        with open_uow() as uow:
            assert uow.memories.load(ada.id, COURSE) == MEMORY

    @pytest.mark.parametrize(
        "changed",
        [
            replace(MEMORY, ability=1.0),
            replace(MEMORY, topics={}, open_episodes={}, passed={}, last_event_at=None),
            replace(MEMORY, topics={"lists": TopicState(0.0, 0.2, 1, 1, 0)}),
            replace(MEMORY, open_episodes={}, passed={"quiz": AT, "collatz": AT + timedelta(1)}),
        ],
    )
    @pytest.mark.usefixtures("collatz")
    def test_is_replaced_whole(
        self,
        open_uow: UnitOfWorkFactory,
        ada: Person,
        changed: LearnerMemory,
    ) -> None:
        with open_uow() as uow:
            uow.memories.save(ada.id, COURSE, MEMORY)
        with open_uow() as uow:
            assert uow.memories.load(ada.id, COURSE) == MEMORY
            uow.memories.save(ada.id, COURSE, changed)
            assert uow.memories.load(ada.id, COURSE) == changed
        with open_uow() as uow:
            assert uow.memories.load(ada.id, COURSE) == changed

    @pytest.mark.usefixtures("collatz")
    def test_is_one_learners_in_one_course(self, open_uow: UnitOfWorkFactory, ada: Person) -> None:
        other = replace(
            MEMORY, topics={"values": TopicState(1.0, 1.0)}, open_episodes={}, passed={}
        )
        with open_uow() as uow:
            uow.courses.save(replace(samples.course("other"), lessons=()))
            bob = uow.people.identify(samples.BOB)
            uow.memories.save(ada.id, COURSE, MEMORY)
            uow.memories.save(bob.id, COURSE, replace(MEMORY, n=9))
            uow.memories.save(ada.id, "other", other)
        with open_uow() as uow:
            assert uow.memories.load(ada.id, COURSE) == MEMORY
            assert uow.memories.load(bob.id, COURSE) == replace(MEMORY, n=9)
            assert uow.memories.load(ada.id, "other") == other
            assert list(uow.memories.learners(COURSE)) == sorted([ada.id, bob.id])

    @pytest.mark.parametrize(
        "impossible",
        [
            replace(MEMORY, topics={"chemistry": TopicState(0.0, 1.0)}),
            replace(MEMORY, passed={"chemistry": AT}),
            replace(
                MEMORY,
                open_episodes={"quiz": Episode("quiz", "chemistry", 1, 0, HintLevel.NUDGE, AT)},
            ),
        ],
    )
    @pytest.mark.usefixtures("collatz")
    def test_of_what_the_course_has_not_is_refused(
        self,
        open_uow: UnitOfWorkFactory,
        ada: Person,
        impossible: LearnerMemory,
    ) -> None:
        with pytest.raises(NotFound), open_uow() as uow:
            uow.memories.save(ada.id, COURSE, impossible)
        with pytest.raises(NotFound), open_uow() as uow:
            uow.memories.save(uuid7(), COURSE, MEMORY)

    @pytest.mark.usefixtures("collatz")
    def test_estimated_difficulties_are_replaced_whole(self, open_uow: UnitOfWorkFactory) -> None:
        with open_uow() as uow:
            assert uow.memories.difficulties(COURSE) == {}
            first = {"collatz": Difficulty(0.1, 0.2, 3), "quiz": Difficulty(-1 / 3, 1.0, 1)}
            uow.memories.save_difficulties(COURSE, first)
            assert uow.memories.difficulties(COURSE) == first
        with open_uow() as uow:
            uow.memories.save_difficulties(COURSE, {"quiz": Difficulty(1.0, 1.0, 2)})
        with open_uow() as uow:
            assert uow.memories.difficulties(COURSE) == {"quiz": Difficulty(1.0, 1.0, 2)}
        with pytest.raises(NotFound), open_uow() as uow:
            uow.memories.save_difficulties(COURSE, {"chemistry": Difficulty(1.0, 1.0, 2)})


class TestEvents:
    def test_are_graded_submissions_and_hints_in_order(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            assert list(uow.memories.events(ada.id, COURSE)) == []
            early = samples.hint(ada.id, collatz.id, uow.now() - timedelta(1), HintLevel.RESULT)
            late = samples.hint(ada.id, collatz.id, uow.now() + timedelta(1), HintLevel.STEPS)
            uow.hints.add(late)
            uow.hints.add(early)
            failed = submit(uow, ada, collatz, 0.5)
        with open_uow() as uow:
            passed = submit(uow, ada, collatz, 1.0)
            submit(uow, ada, collatz)
            submit(uow, uow.people.identify(samples.BOB), collatz, 1.0)
        with open_uow() as uow:
            events = list(uow.memories.events(ada.id, COURSE))
        assert events == [
            HintEvent(early.id, "collatz", HintLevel.RESULT, early.created_at),
            *(
                EvaluationEvent(
                    id=submission.evaluations[0].id,
                    exercise="collatz",
                    topic="values",
                    difficulty=4,
                    passed=submission is passed,
                    score=submission.evaluations[0].score,
                    at=submission.submitted_at,
                )
                for submission in (failed, passed)
            ),
            HintEvent(late.id, "collatz", HintLevel.STEPS, late.created_at),
        ]
        assert replay(events).passed == {"collatz": passed.submitted_at}

    def test_a_submission_is_one_event_by_its_first_run(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            submission = submit(uow, ada, collatz, 0.5, 1.0)
            override = samples.evaluation(
                submission.id,
                uow.now() - timedelta(1),
                0.0,
                evaluator=Evaluator.INSTRUCTOR,
                judged=False,
            )
            uow.submissions.add_evaluation(override, "override")
        with open_uow() as uow:
            (event,) = uow.memories.events(ada.id, COURSE)
        assert event.id == submission.evaluations[0].id
        assert FIRST_RUN == "tests-1"

    @pytest.mark.usefixtures("ada")
    def test_learners_are_those_with_events_or_memory(
        self, open_uow: UnitOfWorkFactory, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            assert list(uow.memories.learners(COURSE)) == []
            bob = uow.people.identify(samples.BOB)
            submit(uow, bob, collatz, 0.5)
            idle = uow.people.identify(replace(samples.BOB, subject="idle"))
            submit(uow, idle, collatz)
            asking = uow.people.identify(replace(samples.BOB, subject="asking"))
            uow.hints.add(samples.hint(asking.id, collatz.id, uow.now()))
        with open_uow() as uow:
            assert list(uow.memories.learners(COURSE)) == sorted([bob.id, asking.id])


class TestReadModels:
    def test_courses_show_role_and_progress(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            uow.courses.save(replace(samples.course("empty"), title={"en": "Empty"}))
            submit(uow, ada, collatz, 0.5)
            submit(uow, ada, collatz, 1.0)
            submit(uow, ada, uow.courses.latest_revision(COURSE, "quiz"), 1.0, 0.5)
        with open_uow() as uow:
            cards = uow.reads.courses(ada.id)
            strangers = uow.reads.courses(uuid7())
        empty = CourseCard("empty", {"en": "Empty"}, ("en", "bn"), None, 0, 0)
        full = CourseCard(COURSE, samples.course().title, ("en", "bn"), Role.LEARNER, 3, 1)
        assert list(cards) == [empty, full]
        assert list(strangers) == [empty, replace(full, role=None, passed=0)]

    def test_outlines_show_lessons_and_exercises_in_order(
        self, open_uow: UnitOfWorkFactory, collatz: Revision
    ) -> None:
        easier = replace(collatz.content, difficulty=2, due_at=None)
        with open_uow() as uow:
            lesson = samples.lesson(exercises=(samples.quiz(), easier))
            uow.courses.publish_lesson(COURSE, lesson, 0)
            uow.courses.publish_lesson(COURSE, samples.lesson("03-empty", ()), 2)
        with open_uow() as uow:
            first, second, empty = uow.reads.lessons(COURSE)
            assert uow.reads.lessons("chemistry") == []
        assert (first.slug, second.slug, empty.slug) == ("01-values", "02-lists", "03-empty")
        assert first.title == samples.lesson().title
        assert first.content_hash == samples.lesson().content_hash
        assert empty.exercises == ()
        quiz, coding = first.exercises
        assert (quiz.slug, quiz.kind, quiz.points) == ("quiz", ExerciseKind.QUIZ, 2.0)
        assert (coding.slug, coding.difficulty, coding.due_at) == ("collatz", 2, None)
        assert (coding.topic, coding.points) == ("values", 4.5)
        assert list(coding.title.items()) == [("en", "Collatz"), ("bn", "কোলাটজ")]
        assert second.exercises[0].due_at == collatz.content.due_at

    def test_standings_show_what_was_touched(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            assert list(uow.reads.standings(ada.id, COURSE)) == []
            uow.submissions.add_attempt(ada.id, collatz.id, samples.answer())
            uow.submissions.add_attempt(ada.id, collatz.id, samples.answer())
            for level in (HintLevel.RESULT, HintLevel.NUDGE, HintLevel.CONCEPT):
                uow.hints.add(samples.hint(ada.id, collatz.id, uow.now(), level))
            submit(uow, ada, collatz, 0.5)
            submit(uow, uow.people.identify(samples.BOB), collatz, 1.0)
        with open_uow() as uow:
            last = submit(uow, ada, collatz, 0.75, 0.25)
            uow.submissions.set_status(last.id, GradingStatus.NEEDS_REVIEW)
            quiz = uow.courses.latest_revision(COURSE, "quiz")
            failed = uow.submissions.add_submission(ada.id, quiz.id, Answer())
            uow.submissions.set_status(failed.id, GradingStatus.FAILED)
            slices = uow.courses.latest_revision(COURSE, "slices")
            attempt = uow.submissions.add_attempt(ada.id, slices.id, Answer())
        with open_uow() as uow:
            standings = list(uow.reads.standings(ada.id, COURSE))
        assert standings == [
            ExerciseStanding(
                exercise="collatz",
                attempts=2,
                submissions=2,
                best_score=0.5,
                last_status=GradingStatus.NEEDS_REVIEW,
                last_submission_id=last.id,
                hints=2,
                passed=False,
                last_at=last.submitted_at,
                best_points=2.25,
            ),
            ExerciseStanding(
                exercise="quiz",
                attempts=0,
                submissions=0,  # its grading failed, which is our fault
                best_score=None,
                last_status=GradingStatus.FAILED,
                last_submission_id=failed.id,
                hints=0,
                passed=False,
                last_at=failed.submitted_at,
            ),
            ExerciseStanding(
                exercise="slices",
                attempts=1,
                submissions=0,
                best_score=None,
                last_status=None,
                last_submission_id=None,
                hints=0,
                passed=False,
                last_at=attempt.created_at,
            ),
        ]

    def test_a_full_score_is_a_pass_and_outlasts_later_failures(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            submit(uow, ada, collatz, 1.0)
            submit(uow, ada, collatz, 0.0)
            (standing,) = uow.reads.standings(ada.id, COURSE)
        assert (standing.passed, standing.best_score) == (True, 1.0)

    def test_a_hint_alone_is_a_touch_and_a_retired_exercise_none(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            uow.hints.add(samples.hint(ada.id, collatz.id, uow.now()))
            (standing,) = uow.reads.standings(ada.id, COURSE)
            assert (standing.exercise, standing.hints, standing.last_at) == ("collatz", 1, None)
            uow.courses.publish_lesson(COURSE, samples.lesson(exercises=()), 0)
            assert list(uow.reads.standings(ada.id, COURSE)) == []
            assert uow.reads.courses(ada.id)[0].exercises == 1
