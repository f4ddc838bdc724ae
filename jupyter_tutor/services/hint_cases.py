"""What one request for a hint is made from, read in one transaction, and the rungs that allows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.consents import Consent
from jupyter_tutor.domain.conversations import Message, Speaker
from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.evaluations import Verdict
from jupyter_tutor.domain.exercises import DataFile, ExerciseContent, HintLevel
from jupyter_tutor.domain.explain import first_failure
from jupyter_tutor.domain.guard.secrets import GuardSecrets
from jupyter_tutor.domain.hints import HintRequest, Offer, fingerprint
from jupyter_tutor.domain.languages import in_language
from jupyter_tutor.domain.memory import LearnerMemory
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.offline_hints import offline_levels
from jupyter_tutor.domain.person_names import names_of
from jupyter_tutor.domain.quotas import Quota
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.told_lines import told_again
from jupyter_tutor.services.diagnoses import FailingAnswer
from jupyter_tutor.services.ladders import Makeable, Standing, lesson_link, read_standing
from jupyter_tutor.services.ports import UnitOfWork
from jupyter_tutor.services.submissions import Request
from jupyter_tutor.services.usage import UsageService

MADE_BY_MODELS: Final = frozenset(
    {HintLevel.NUDGE, HintLevel.CONCEPT, HintLevel.POINTER, HintLevel.STEPS}
)

_DONORS: Final = 50


@dataclass(frozen=True, slots=True)
class HintCase:
    """What a hint is made from.

    Attributes:
        standing: The learner's ladder.
        passing: Answers of others that pass.
        files: The data files of the exercise.
        concepts: Titles of the topics that it trains, by slug.
        lesson: Title of the lesson that teaches its topic.
        level: What the learner knows of the topic, in words for a model.
        consent: What they said of language models, or None.
        quota: What may be spent on them.
        conversation: What they and the tutor said about the exercise, oldest first.
        names: What they and their accounts are called, to keep it from leaving.
        told: Digests of what conversations that they deleted told.
        began: When they asked, by the clock of the event loop.
    """

    standing: Standing
    passing: tuple[tuple[CellSource, ...], ...]
    files: tuple[DataFile, ...]
    concepts: dict[str, str]
    lesson: str
    level: str
    consent: Consent | None
    quota: Quota
    conversation: tuple[Message, ...] = ()
    names: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    began: float = 0.0

    @property
    def content(self) -> ExerciseContent:
        """The exercise."""
        return self.standing.revision.content

    @property
    def deepest(self) -> HintLevel:
        """The deepest rung that was given."""
        return max((hint.level for hint in self.standing.state.hints), default=HintLevel.RESULT)

    @property
    def reached(self) -> HintLevel:
        """The deepest rung that was given and is still open: an instructor may have lowered it."""
        return min(self.deepest, self.standing.rules.policy.reach)

    @property
    def closed_by(self) -> str:
        """Key of the phrase that says why a conversation tells the result and no more, or "".

        What the ladder would not give, or not for nothing, is not to be had by asking for it.
        """
        policy, hints = self.standing.rules.policy, self.standing.state.hints
        if policy.reach < HintLevel.NUDGE:
            return "chat.result_only"
        if policy.left(hints) == 0:
            return "chat.capped"
        if policy.cost(HintLevel.NUDGE) > 0 and self.deepest < HintLevel.NUDGE:
            return "chat.unpaid"
        return ""

    @property
    def delivered(self) -> tuple[str, ...]:
        """What the tutor said, in hints and in the conversation, oldest first."""
        said = [(each.created_at, each.id, each.text) for each in self.standing.state.hints]
        said += [
            (each.created_at, each.id, each.text)
            for each in self.conversation
            if each.speaker is Speaker.TUTOR
        ]
        return tuple(text for _, _, text in sorted(said))

    def recalled(self, learner_id: UUID, secrets: GuardSecrets) -> tuple[str, ...]:
        """Return what was delivered for the guard: with what deleted conversations told."""
        exercise_id = self.standing.revision.exercise_id
        again = told_again(self.told, secrets, learner_id, exercise_id)
        return (again, *self.delivered) if again else self.delivered

    @property
    def failing(self) -> FailingAnswer | None:
        """The answer, where it is code that failed."""
        verdict, answer = self.standing.verdict, self.standing.answer
        if verdict is None or verdict.passed or not answer.cells:
            return None
        revision = self.standing.revision
        return FailingAnswer(revision, answer, verdict, self.passing, self.files)

    @property
    def is_at_result(self) -> bool:
        """Whether the result of the last run is the rung that comes next."""
        step = self.standing.step
        return isinstance(step, Offer) and step.level is HintLevel.RESULT

    @property
    def shows_why(self) -> bool:
        """Whether the last run shows a failure that may be told: other than in secret tests."""
        verdict, answer = self.standing.verdict, self.standing.answer
        failure = first_failure(verdict, self.content, answer.cells) if verdict else None
        return failure is not None and failure.result is not None

    @property
    def mistake(self) -> Mistake:
        """What shows from outside, without a diagnosis."""
        verdict, answer = self.standing.verdict, self.standing.answer
        failure = first_failure(verdict, self.content, answer.cells) if verdict else None
        return failure.mistake if failure else Mistake.VALUE

    def request(self, level: HintLevel, language: str, diagnosis: Diagnosis | None) -> HintRequest:
        """Return what rules make a hint of a rung from."""
        return HintRequest(
            level=level,
            language=language,
            content=self.content,
            verdict=self.standing.verdict,
            answer=self.standing.answer,
            previous=self.standing.state.hints,
            diagnosis=diagnosis,
            lesson=self.lesson,
        )


def read_case(
    uow: UnitOfWork,
    usage: UsageService,
    request: Request,
    language: str,
    standing: Standing | None = None,
) -> HintCase:
    """Read what a hint is made from.

    Args:
        uow: The transaction.
        usage: Knows what may be spent.
        request: Who asks, and for which exercise.
        language: Language code wanted.
        standing: The learner's ladder, where it was read already.

    Raises:
        NotFound: There is no such exercise.
    """
    if standing is None:
        newest = uow.courses.latest_revision(request.course, request.exercise)
        standing = read_standing(uow, request.learner_id, newest, language, hoped_for)
    revision = standing.revision
    course = uow.courses.get(request.course)
    topics = {topic.slug: topic for topic in course.topics}
    trained = [
        slug for slug in (revision.content.topic, *revision.content.prerequisites) if slug in topics
    ]
    link = lesson_link(uow.reads.lessons(request.course), revision.content, language)
    passing = uow.submissions.passing_answers(revision.id, request.learner_id, _DONORS)
    return HintCase(
        standing=standing,
        passing=nearest(passing, standing.answer),
        files=uow.courses.files(revision.id),
        concepts={slug: in_language(topics[slug].title, language) for slug in trained},
        lesson=link.title if link else "",
        level=known_of(uow.memories.load(request.learner_id, request.course), revision.content),
        consent=uow.consents.latest(request.learner_id, request.course),
        quota=usage.read_quota(uow, request.learner_id, request.course),
        conversation=read_conversation(uow, request),
        names=names_of(uow.people.names(request.learner_id)),
        told=uow.conversations.told(request.learner_id, revision.exercise_id),
    )


def read_conversation(uow: UnitOfWork, request: Request) -> tuple[Message, ...]:
    """Return what a learner and the tutor said about an exercise, oldest first."""
    found = uow.conversations.of(request.learner_id, request.course, request.exercise)
    return found[0].messages if found else ()


def said_by_now(uow: UnitOfWork, request: Request, case: HintCase) -> HintCase:
    """Return a case with what the conversation says now, and what deleted ones told."""
    return replace(
        case,
        conversation=read_conversation(uow, request),
        told=uow.conversations.told(request.learner_id, case.standing.revision.exercise_id),
    )


def hoped_for(content: ExerciseContent, verdict: Verdict | None, answer: Answer) -> Makeable:
    """Tell which rungs are made for an answer, whether a model helps or not.

    A price is told before anything is diagnosed or asked for, and what is given is the rung that
    it was told for: so these are the same rungs as those that rules can make alone.
    """
    failing = verdict is not None and not verdict.passed and bool(answer.cells)
    levels = offline_levels(content, failing=failing)
    return Makeable(levels, direct=_was_stopped(content, verdict, answer))


def makeable_for(case: HintCase, diagnosis: Diagnosis | None) -> Makeable:
    """Tell which rungs can be made, now that an answer has been diagnosed."""
    standing = case.standing
    hoped = hoped_for(case.content, standing.verdict, standing.answer)
    return replace(hoped, levels=hoped.levels | offline_levels(case.content, diagnosis))


def nearest(
    passing: Sequence[tuple[CellSource, ...]], answer: Answer, most: int = 8
) -> tuple[tuple[CellSource, ...], ...]:
    """Return the answers most like one, by the lines they share, each way to write them once."""
    own = _lines(answer.cells)
    ways = {fingerprint(Answer(cells)): cells for cells in reversed(passing)}

    def unlike(cells: tuple[CellSource, ...]) -> int:
        return len(_lines(cells) ^ own)

    return tuple(sorted(ways.values(), key=unlike)[:most])


def known_of(memory: LearnerMemory | None, content: ExerciseContent) -> str:
    """Return what a learner knows of an exercise's topic, in words for a model."""
    state = memory.topics.get(content.topic) if memory else None
    if state is None or not state.n:
        return "new to this topic"
    return f"{state.n} exercises of this topic tried, {state.wins} solved, {state.unaided} unaided"


def _lines(cells: Sequence[CellSource]) -> set[str]:
    return {line.strip() for cell in cells for line in cell.source.split("\n") if line.strip()}


def _was_stopped(content: ExerciseContent, verdict: Verdict | None, answer: Answer) -> bool:
    """Whether the last run was ended by an error that can be pointed at.

    Where nothing is written yet there is nothing to point at, and a nudge begins the ladder.
    """
    failure = first_failure(verdict, content, answer.cells) if verdict and answer.cells else None
    if failure is None or failure.mistake is Mistake.NOT_WRITTEN:
        return False
    return failure.cause is not None or failure.is_cell
