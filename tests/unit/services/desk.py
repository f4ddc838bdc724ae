"""Every service on an in-memory database with a clock that the test moves."""

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from jupyter_tutor.domain.evaluations import Verdict
from jupyter_tutor.domain.people import Identity
from jupyter_tutor.domain.quotas import Budgets
from jupyter_tutor.domain.submissions import Answer, Attempt, Submission
from jupyter_tutor.llm.offline import OfflineHintModel
from jupyter_tutor.notebook_format import Merger
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.services.hinting import HintingService
from jupyter_tutor.services.lessons import LessonService
from jupyter_tutor.services.ports import HintModel
from jupyter_tutor.services.progress import ProgressService
from jupyter_tutor.services.submissions import Request, SubmissionService
from jupyter_tutor.services.tutoring import HelpGiven, TutoringService
from jupyter_tutor.services.usage import UsageService
from jupyter_tutor.testing import InMemoryDatabase, ScriptedTestRunner
from tests import small_course
from tests.small_course import COURSE

ADA = Identity("local", "ada", "Ada")
BOB = Identity("local", "bob", "Bob")


class Clock:
    """Database time: each transaction begins a millisecond after the one before."""

    def __init__(self) -> None:
        self.now = datetime(2031, 3, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def pass_(self, **how_long: float) -> None:
        """Let time pass."""
        self.now += timedelta(**how_long)


def _keys() -> Iterator[str]:
    return (f"key-{number:04}" for number in itertools.count())


@dataclass
class Desk:
    """The services, with Ada as the learner of the small course where nobody else is named."""

    clock: Clock = field(default_factory=Clock)
    runner: ScriptedTestRunner = field(default_factory=small_course.runner)
    open_enrollment: bool = True

    def __post_init__(self) -> None:
        self.database = InMemoryDatabase(self.clock)
        small_course.publish(self.database)
        self.access = Access(self.database, open_enrollment=self.open_enrollment)
        self.submissions = SubmissionService(self.database, self.access)
        self.grading = GradingService(self.database, self.runner)
        self.tutoring = TutoringService(self.database, self.access)
        self.hinting = self.hinting_with(OfflineHintModel())
        self.progress = ProgressService(self.database, self.access)
        self.lessons = LessonService(self.database, self.access, Merger())
        self.ada = self.person(ADA)
        self._fresh = _keys()

    def person(self, identity: Identity) -> UUID:
        """Return the key of a person."""
        return self.access.recognise(identity)[0].id

    def hinting_with(self, rules: HintModel) -> HintingService:
        """Return what gives hints, without diagnoses and without a language model."""
        usage = UsageService(self.database, self.access, Budgets())
        return HintingService(self.database, self.access, self.tutoring, rules, usage)

    def request(
        self, exercise: str = "double", *, key: str | None = None, learner: UUID | None = None
    ) -> Request:
        """Return a write to an exercise, with a fresh key where none is given."""
        return Request(learner or self.ada, COURSE, exercise, key or next(self._fresh))

    def check(
        self,
        answer: Answer | str = small_course.RIGHT,
        exercise: str = "double",
        *,
        key: str | None = None,
        revision: str | None = None,
    ) -> Attempt:
        """Run the tests."""
        given = small_course.answer(answer) if isinstance(answer, str) else answer
        return self.submissions.check(self.request(exercise, key=key), given, revision)

    def submit(
        self,
        answer: Answer | str = small_course.RIGHT,
        exercise: str = "double",
        *,
        key: str | None = None,
        revision: str | None = None,
    ) -> Submission:
        """Hand in."""
        given = small_course.answer(answer) if isinstance(answer, str) else answer
        return self.submissions.submit(self.request(exercise, key=key), given, revision)

    def work(self) -> int:
        """Run the jobs that are due, as a worker does."""
        return self.database.run_jobs(self.grading.jobs)

    def graded(self, submission: Submission) -> Submission:
        """Return a submission as it is now."""
        return self.submissions.submission(submission.learner_id, submission.id)[0]

    def judged(self, attempt: Attempt) -> Attempt:
        """Return an attempt as it is now."""
        return self.submissions.attempt(attempt.learner_id, attempt.id)[0]

    def hint(
        self,
        exercise: str = "double",
        *,
        key: str | None = None,
        language: str = "en",
        accept_cost: float = 0.0,
    ) -> HelpGiven:
        """Ask for the next hint."""
        request = self.request(exercise, key=key)
        return asyncio.run(self.hinting.hint(request, language, accept_cost))


def outcomes(verdict: Verdict | None) -> dict[str, str]:
    """Return the outcome of each test by its name."""
    assert verdict is not None
    return {result.name: str(result.outcome) for result in verdict.results}
