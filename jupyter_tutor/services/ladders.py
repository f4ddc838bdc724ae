"""Ladders: where a learner stands with an exercise's hints, read and moved in a transaction.

Whoever makes hints reads a `Standing` (transaction), makes what its step offers (no transaction),
and gives it with `give` (transaction, the exercise locked) if the step is still the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from jupyter_tutor.domain.evaluations import Verdict
from jupyter_tutor.domain.exercises import ExerciseContent, HintLevel, Revision
from jupyter_tutor.domain.hint_feedback import HintFeedback, SelfExplanation
from jupyter_tutor.domain.hint_settings import HelpRules, rules_for
from jupyter_tutor.domain.hints import (
    Hint,
    HintDraft,
    LadderState,
    Offer,
    Wait,
    levels_offered,
    runs_of,
)
from jupyter_tutor.domain.ladder import looked_back_on, next_rung
from jupyter_tutor.domain.languages import in_language
from jupyter_tutor.domain.memory import HintEvent
from jupyter_tutor.domain.submissions import Answer, Attempt, Submission
from jupyter_tutor.domain.twins import twin_of
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork
from jupyter_tutor.services.read_models import LessonOutline
from jupyter_tutor.services.remembering import remember
from jupyter_tutor.services.submissions import Request

RUNS_THAT_COUNT = 20
"""Newest runs that are read; of those before them only what was run last before each hint."""


@dataclass(frozen=True, slots=True)
class Makeable:
    """Which rungs can be made for an answer.

    Attributes:
        levels: The rungs.
        direct: Whether a pointer would be about the error that stopped the last run.
    """

    levels: frozenset[HintLevel]
    direct: bool = False


MakeableOf = Callable[[ExerciseContent, Verdict | None, Answer], Makeable]
"""Tells which rungs can be made for the newest run; nothing is run for that."""


def by_rules_alone(content: ExerciseContent, _: Verdict | None, __: Answer) -> Makeable:
    """Tell which rungs rules and the author make, whatever was run."""
    return Makeable(levels_offered(content))


@dataclass(frozen=True, slots=True)
class Twin:
    """An exercise that asks for the same, to be solved without help."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class LessonLink:
    """Where the course teaches what an exercise trains, to be read again.

    Attributes:
        lesson: Slug of the lesson.
        exercise: Slug of its first exercise of the topic, before which it is explained.
        title: Title of the lesson.
    """

    lesson: str
    exercise: str
    title: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One reading of a learner's ladder.

    Attributes:
        revision: The newest revision of the exercise.
        rules: What holds for this learner here.
        state: Their runs and hints.
        step: What a request gives now, or what to do before it.
        verdict: Of the newest run, secret tests included, or None.
        answer: What was run then.
        feedback: What they said of hints, by the hint's key.
        explanations: Their explanations of bottom-outs, by the hint's key.
        twin: What to try alone once the steps were shown, or None.
        lesson: Where the idea can be read again, once it was named, or None.
    """

    revision: Revision
    rules: HelpRules
    state: LadderState
    step: Offer | Wait
    verdict: Verdict | None
    answer: Answer
    feedback: Mapping[UUID, HintFeedback]
    explanations: Mapping[UUID, SelfExplanation]
    twin: Twin | None
    lesson: LessonLink | None = None

    @property
    def hints_left(self) -> int | None:
        """How many more hints above the result there may be, or None for no limit."""
        return self.rules.policy.left(self.state.hints)

    @property
    def to_explain(self) -> Hint | None:
        """The bottom-out that waits for the learner's explanation, or None."""
        shown = (each for each in self.state.hints if each.level is HintLevel.BOTTOM_OUT)
        return next((each for each in shown if each.id not in self.explanations), None)


def read_standing(
    uow: UnitOfWork,
    learner_id: UUID,
    revision: Revision,
    language: str,
    makeable: MakeableOf = by_rules_alone,
) -> Standing:
    """Read where a learner stands on the ladder of an exercise.

    Args:
        uow: The transaction.
        learner_id: The learner.
        revision: The newest revision of the exercise.
        language: Language code of reasons and titles.
        makeable: Tells which rungs can be made now.
    """
    hints = tuple(uow.hints.given(learner_id, revision.exercise_id))
    attempts = _attempts(uow, learner_id, revision, hints)
    submissions = uow.submissions.submissions(learner_id, revision.exercise_id)
    chain = uow.hint_settings.chain(revision.course_slug, revision.exercise_id, learner_id)
    rules = rules_for(revision.content, chain)
    state = LadderState(runs_of(attempts, submissions), hints, revision.id)
    verdict, answer = _latest(attempts, submissions)
    can = makeable(revision.content, verdict, answer)
    step = next_rung(state, rules.policy, can.levels, uow.now(), language, direct=can.direct)
    shown = any(hint.level is HintLevel.BOTTOM_OUT for hint in hints)
    return Standing(
        revision=revision,
        rules=rules,
        state=state,
        step=step,
        verdict=verdict,
        answer=answer,
        feedback=uow.hints.feedback(learner_id, revision.exercise_id) if hints else {},
        explanations=uow.hints.explanations(learner_id, revision.exercise_id) if shown else {},
        twin=_twin(uow, learner_id, revision, hints, language),
        lesson=_lesson(uow, revision, hints, language),
    )


def give(
    uow: UnitOfWork, request: Request, revision: Revision, offer: Offer, draft: HintDraft
) -> Hint:
    """Store a hint, with its price, and fold it into memory."""
    hint = Hint(
        id=uuid7(),
        learner_id=request.learner_id,
        revision_id=revision.id,
        level=offer.level,
        source=draft.source,
        text=draft.text,
        language=draft.language,
        created_at=uow.now(),
        cost=offer.cost,
    )
    uow.hints.add(hint)
    event = HintEvent(
        id=hint.id, exercise=revision.content.slug, level=offer.level, at=hint.created_at
    )
    remember(uow, request.learner_id, request.course, event)
    return hint


def _attempts(
    uow: UnitOfWork, learner_id: UUID, revision: Revision, hints: Sequence[Hint]
) -> list[Attempt]:
    """Return the newest attempts, and before them the last one before each hint: oldest first."""
    newest = uow.submissions.attempts(learner_id, revision.exercise_id, RUNS_THAT_COUNT)
    if len(newest) < RUNS_THAT_COUNT:
        return list(newest)
    judged = [attempt.created_at for attempt in newest if attempt.verdict is not None]
    moments = [at for at in looked_back_on(hints) if not judged or at < judged[0]]
    older = uow.submissions.attempts_by(learner_id, revision.exercise_id, moments)
    return [*older, *newest]


def _latest(
    attempts: Sequence[Attempt], submissions: Sequence[Submission]
) -> tuple[Verdict | None, Answer]:
    """Return the verdict and the answer of the newest run that has a verdict."""
    runs = [(each.created_at, each.verdict, each.answer) for each in attempts if each.verdict]
    runs += [
        (each.submitted_at, each.graded.verdict, each.answer)
        for each in submissions
        if each.graded and each.graded.verdict
    ]
    if not runs:
        return None, Answer()
    _, verdict, answer = max(runs, key=lambda run: run[0])
    return verdict, answer


def lesson_link(
    lessons: Iterable[LessonOutline], content: ExerciseContent, language: str
) -> LessonLink | None:
    """Return where a course teaches an exercise's topic first, or None.

    Args:
        lessons: The lessons, in the order of the course.
        content: The exercise.
        language: Language code of the title.
    """
    for lesson in lessons:
        for exercise in lesson.exercises:
            if exercise.topic == content.topic:
                title = in_language(lesson.title, language)
                return LessonLink(lesson.slug, exercise.slug, title or lesson.slug)
    return None


def _lesson(
    uow: UnitOfWork, revision: Revision, hints: Sequence[Hint], language: str
) -> LessonLink | None:
    """Return where the idea can be read again, once a hint named it."""
    if not any(hint.level >= HintLevel.CONCEPT for hint in hints):
        return None
    return lesson_link(uow.reads.lessons(revision.course_slug), revision.content, language)


def _twin(
    uow: UnitOfWork, learner_id: UUID, revision: Revision, hints: Sequence[Hint], language: str
) -> Twin | None:
    """Return what to try alone, once the steps were shown."""
    if not any(hint.level >= HintLevel.STEPS for hint in hints):
        return None
    outlines = [
        exercise
        for lesson in uow.reads.lessons(revision.course_slug)
        for exercise in lesson.exercises
    ]
    standings = uow.reads.standings(learner_id, revision.course_slug)
    passed = {each.exercise for each in standings if each.passed}
    slug = twin_of(revision.content.slug, outlines, passed)
    titles = {each.slug: in_language(each.title, language) for each in outlines}
    return None if slug is None else Twin(slug, titles[slug] or slug)
