"""Reviews of a small course on any database: an instructor, learners, a scripted model."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.consents import TEXT_VERSION, Consent
from jupyter_tutor.domain.evaluations import Evaluation, Evaluator, Outcome, TestResult, Verdict
from jupyter_tutor.domain.exercises import LessonContent, Visibility
from jupyter_tutor.domain.people import Identity, Role
from jupyter_tutor.domain.pricing import price_from
from jupyter_tutor.domain.quotas import Budgets
from jupyter_tutor.domain.redaction import redact
from jupyter_tutor.domain.reviews import Decision, ReadingMode, Review
from jupyter_tutor.domain.rubric_readings import CriterionReading, Evidence, Sample
from jupyter_tutor.domain.rubrics import Anchor, Criterion, Rubric, RubricLevel
from jupyter_tutor.domain.submissions import GradingStatus, Submission
from jupyter_tutor.llm.rubrics import prompt_digest
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.assessing import AssessingService, Begun
from jupyter_tutor.services.course_purse import CoursePurse
from jupyter_tutor.services.drafting import DraftingService
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.read_models import UsageBy
from jupyter_tutor.services.reading_batches import ReadingBatchService
from jupyter_tutor.services.review_ports import QueueEntry, Reader
from jupyter_tutor.services.reviewing import OpenReview, Released, ReviewService, Seen
from jupyter_tutor.services.rubric_ports import RubricFacts, RubricModel
from jupyter_tutor.testing import ScriptedBatchModel, ScriptedTutorModel
from tests import small_course
from tests.small_course import COURSE as COURSE

EXERCISE: Final = "double"
GOOD: Final = "def double(x):\n    # twice\n    return 2 * x"
PRICE: Final = price_from({"input": "0.10", "output": "0.50", "version": "test-1"})
GRACE: Final = Identity("local", "grace", "Grace")


def criterion(slug: str, title: str) -> Criterion:
    """Return a criterion of three levels, worth 0, 1 and 2 points."""
    levels = tuple(
        RubricLevel(float(each), {"en": f"{title}: level {each}", "bn": f"স্তর {each}"})
        for each in range(3)
    )
    anchor = Anchor(0, "a = 1", {"en": "It says nothing."})
    return Criterion(slug, {"en": title, "bn": "মাপকাঠি"}, {"en": f"{title}?"}, levels, anchor)


RUBRIC: Final = Rubric((criterion("names", "Names"), criterion("shape", "Shape")))


def publish(open_uow: UnitOfWorkFactory, *, tested: bool = True) -> None:
    """Store the small course with a rubric for its exercise; without tests where asked for."""
    course, lesson = small_course.content()
    with open_uow() as uow:
        uow.courses.save(course)
        uow.courses.publish_lesson(COURSE, with_rubric(lesson, tested=tested), 0)


def with_rubric(lesson: LessonContent, *, tested: bool = True) -> LessonContent:
    """Return a lesson whose exercise is judged by the rubric too."""
    exercises = tuple(
        replace(each, rubric=RUBRIC, tests=each.tests if tested else ())
        if each.slug == EXERCISE
        else each
        for each in lesson.exercises
    )
    return replace(lesson, exercises=exercises)


def reading(level: int, quote: str = "return 2 * x", confidence: float = 0.9) -> CriterionReading:
    """Return a reading that quotes the third line."""
    return CriterionReading(level, (Evidence(3, quote),), confidence)


def all_on(level: int) -> Callable[[RubricFacts], Sample]:
    """Return a reader that finds every criterion on one level."""
    return lambda facts: Sample({one.slug: reading(level) for one in facts.criteria})


@dataclass
class ReviewDesk:
    """The services of reviews, with Grace as the instructor and Ada as the learner."""

    open_uow: UnitOfWorkFactory
    model: ScriptedTutorModel = field(default_factory=lambda: ScriptedTutorModel(reads=all_on(2)))
    bulk: ScriptedBatchModel = field(default_factory=lambda: ScriptedBatchModel(all_on(2)))
    budgets: Budgets = field(default_factory=Budgets)
    audited: float = 0.0
    is_cloud: bool = False
    tested: bool = True

    def __post_init__(self) -> None:
        publish(self.open_uow, tested=self.tested)
        self.keys = (f"key-{number:05}" for number in count())
        self.access = Access(self.open_uow, open_enrollment=True)
        self.grace = self.person("grace", Role.INSTRUCTOR)
        self.ada = self.person("ada")
        with self.open_uow() as uow:
            self.revision = uow.courses.latest_revision(COURSE, EXERCISE)
        self.reader = Reader(
            endpoint="scripted",
            model="scripted-1",
            is_cloud=self.is_cloud,
            price=PRICE,
            most_tokens=2_000,
            tag=lambda learner: sha256(learner.bytes).hexdigest()[:16],
            redact=lambda text, names: redact(text, names=names),
            digest=prompt_digest,
            open=self._opened,
            batches=self.bulk,
        )
        self.purse = CoursePurse(self.budgets)
        self.use(self.reader)

    def use(self, reader: Reader | None) -> None:
        """Have the services read with a model, or with none."""
        self.assessing = AssessingService(
            self.open_uow, self.access, self.purse, reader, audited=self.audited
        )
        self.drafting = DraftingService(self.open_uow, self.purse, reader)
        self.batches = ReadingBatchService(self.open_uow, self.access, self.purse, reader)
        self.reviews = ReviewService(self.open_uow, self.access)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[RubricModel]:
        yield self.model

    def person(self, name: str, role: Role = Role.LEARNER) -> UUID:
        """Return the key of somebody in the course."""
        with self.open_uow() as uow:
            person = uow.people.identify(Identity("local", name, name.capitalize()))
            uow.people.enroll(person.id, COURSE, role)
            return person.id

    def submit(self, source: str = GOOD, *, learner: UUID | None = None) -> UUID:
        """Hand in, and have it graded: half of its points; returns its key."""
        with self.open_uow() as uow:
            handed_in = uow.submissions.add_submission(
                learner or self.ada, self.revision.id, small_course.answer(source)
            )
            if not self.tested:
                uow.submissions.set_status(handed_in.id, GradingStatus.NEEDS_REVIEW)
                return handed_in.id
            result = TestResult("first", Visibility.PUBLIC, Outcome.PASSED, 1.0, 1.0)
            verdict = Verdict(
                (result, replace(result, outcome=Outcome.FAILED, earned=0.0)), (), 0.5
            )
            made = Evaluation(uuid7(), handed_in.id, Evaluator.TESTS, 0.5, verdict, "", uow.now())
            uow.submissions.add_evaluation(made, "tests-1")
            uow.submissions.set_status(handed_in.id, GradingStatus.GRADED)
            return handed_in.id

    def consent(self, *, given: bool, learner: UUID | None = None) -> None:
        """Have a learner say whether a model may read their work."""
        with self.open_uow() as uow:
            said = Consent(given=given, version=TEXT_VERSION, at=uow.now())
            uow.consents.add(learner or self.ada, COURSE, said)

    def begin(self, mode: ReadingMode = ReadingMode.NOW, *, key: str | None = None) -> Begun:
        """Have the waiting answers read."""
        return self.assessing.begin(self.grace, COURSE, EXERCISE, mode, key or next(self.keys))

    def work(self) -> None:
        """Do what a worker does: read what is to be read now, hand batches in, collect them."""
        self.drafting.read_answers(self.revision.exercise_id)
        for batch in self.batches_known():
            self.batches.hand_in(batch)
        for batch in self.batches_known():
            self.batches.collect(batch)

    def batches_known(self) -> list[UUID]:
        """Return the keys of all batches, oldest first."""
        with self.open_uow() as uow:
            known = uow.reviews.batches(COURSE, uow.now() - timedelta(days=400))
            return [each.id for each in reversed(known)]

    def drafted(self, source: str = GOOD, *, learner: UUID | None = None) -> UUID:
        """Hand in and have it read; returns the key of the submission."""
        key = self.submit(source, learner=learner)
        self.begin()
        self.work()
        return key

    def review(self, submission_id: UUID) -> Review:
        """Return a review as it is stored."""
        with self.open_uow() as uow:
            return uow.reviews.get(submission_id)

    def submission(self, submission_id: UUID) -> Submission:
        """Return a submission."""
        with self.open_uow() as uow:
            return uow.submissions.submission(submission_id)

    def opened(self, submission_id: UUID) -> OpenReview:
        """Return a review as the instructor sees it."""
        return self.reviews.review(self.grace, COURSE, submission_id)

    def queue(self) -> list[QueueEntry]:
        """Return the queue."""
        return list(self.reviews.queue(self.grace, COURSE).entries)

    def release(
        self,
        submission_id: UUID,
        names: int = 2,
        shape: int = 2,
        *,
        seen: int = 0,
        actor: UUID | None = None,
        key: str | None = None,
        reasons: dict[str, str] | None = None,
    ) -> OpenReview:
        """Release levels, knowing what may be known of the draft now."""
        known = Seen(seen, self.review(submission_id).shown_reading)
        decision = Decision({"names": names, "shape": shape}, reasons or {}, comment="Well done.")
        return self.reviews.release(
            actor or self.grace, COURSE, submission_id, decision, known, key or next(self.keys)
        )

    def release_all(self, *shown: UUID, key: str | None = None) -> Released:
        """Release the drafts without a doubt: of what was shown, or of all."""
        keys = shown or [each.review.submission_id for each in self.queue()]
        return self.reviews.release_undoubted(
            self.grace, COURSE, EXERCISE, keys, key or next(self.keys)
        )

    def spent(self) -> Decimal:
        """Return what was spent or is set aside in the course this month."""
        with self.open_uow() as uow:
            return uow.ledger.spent(self.ada, COURSE, uow.now()).course_month

    def calls(self) -> int:
        """Return how many calls stand in the ledger."""
        with self.open_uow() as uow:
            return usage_of(uow)


def usage_of(uow: UnitOfWork) -> int:
    """Return how many calls were made in the course."""
    return uow.teaching.usage(COURSE, UsageBy.PURPOSE).total.calls


def slugs(facts: Iterable[RubricFacts]) -> list[tuple[str, ...]]:
    """Return the orders of criteria that were asked for."""
    return [tuple(one.slug for one in each.criteria) for each in facts]
