"""Tutoring: hints by the ladder, whose state is per learner and exercise, on the server.

A hint is: prepare (transaction) -> make (no transaction) -> record (transaction). What was prepared
is checked again before it is recorded, so that two open tabs share one ladder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from jupyter_tutor.domain.evaluations import Verdict
from jupyter_tutor.domain.exercises import HintLevel, Revision
from jupyter_tutor.domain.hints import (
    Hint,
    HintDraft,
    HintPolicy,
    HintRequest,
    LadderState,
    Offer,
    Wait,
    levels_offered,
    next_rung,
    runs_of,
)
from jupyter_tutor.domain.memory import HintEvent
from jupyter_tutor.domain.submissions import Answer, Attempt, Submission
from jupyter_tutor.services.access import Access, digest
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import HintModel, UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.remembering import remember
from jupyter_tutor.services.submissions import Request

RUNS_THAT_COUNT = 20
"""Runs the ladder looks back on: more than any rung asks for."""


@dataclass(frozen=True, slots=True)
class HelpGiven:
    """What a request for a hint gave, and where the learner stands now.

    Attributes:
        hint: The hint given now, or None when there is none now.
        hints: All hints so far, oldest first.
        step: What the next request gives, or what to do before it.
        deepest: The deepest rung the author allows.
    """

    hint: Hint | None
    hints: Sequence[Hint]
    step: Offer | Wait
    deepest: HintLevel


@dataclass(frozen=True, slots=True)
class _Standing:
    """One reading of a learner's ladder."""

    revision: Revision
    state: LadderState
    step: Offer | Wait
    verdict: Verdict | None
    answer: Answer

    def help(self, hint: Hint | None) -> HelpGiven:
        return HelpGiven(hint, self.state.hints, self.step, self.revision.content.deepest_hint)


class TutoringService:
    """Gives hints."""

    def __init__(self, open_uow: UnitOfWorkFactory, access: Access, model: HintModel) -> None:
        self._open = open_uow
        self._access = access
        self._model = model

    def hints(self, learner_id: UUID, course: str, exercise: str, language: str) -> HelpGiven:
        """Return the hints so far and what the next request would give. Raises NotFound."""
        with self._open() as uow:
            self._access.require(uow, learner_id, course)
            revision = uow.courses.latest_revision(course, exercise)
            return _read(uow, learner_id, revision, language).help(None)

    def hint(self, request: Request, language: str) -> HelpGiven:
        """Give the next hint, when the ladder offers one now.

        Args:
            request: Who asks, for which exercise, with which key.
            language: Language code wanted.

        Returns:
            The hint, or none and what to do first. A repeat of the key gives the same hint.

        Raises:
            NotFound: No such course or exercise for this learner.
            IdempotencyKeyReused: The key was used for another request.
        """
        with self._open() as uow:
            self._access.require(uow, request.learner_id, request.course)
            revision = uow.courses.latest_revision(request.course, request.exercise)
            standing = _read(uow, request.learner_id, revision, language)
        offered: tuple[HintLevel, HintDraft] | None = None
        if isinstance(standing.step, Offer):
            level = standing.step.level
            wanted = HintRequest(
                level=level,
                language=language,
                content=revision.content,
                verdict=standing.verdict,
                answer=standing.answer,
                previous=standing.state.hints,
            )
            offered = level, self._model.hint(wanted)
        return self._record(request, language, offered)

    def _record(
        self, request: Request, language: str, offered: tuple[HintLevel, HintDraft] | None
    ) -> HelpGiven:
        """Store what was made, unless the key is a repeat or another tab was given this rung."""
        asked = digest(request.course, request.exercise, language)
        with self._open() as uow:
            revision = uow.courses.latest_revision(request.course, request.exercise)
            uow.submissions.lock_exercise(request.learner_id, revision.exercise_id)
            known = uow.idempotency.claim(request.learner_id, request.key, "hint", asked)
            standing = _read(uow, request.learner_id, revision, language)
            if known is not None:
                return standing.help(_hint_of(known, standing))
            if offered is None or standing.step != Offer(offered[0]):
                hint = _given_meanwhile(offered, standing)
            else:
                hint = self._give(uow, request, revision, *offered)
                standing = _read(uow, request.learner_id, revision, language)
            result_id = hint.id if hint else revision.id
            uow.idempotency.settle(request.learner_id, request.key, result_id)
            return standing.help(hint)

    def _give(
        self,
        uow: UnitOfWork,
        request: Request,
        revision: Revision,
        level: HintLevel,
        draft: HintDraft,
    ) -> Hint:
        """Store a hint and fold it into memory."""
        hint = Hint(
            id=uuid7(),
            learner_id=request.learner_id,
            revision_id=revision.id,
            level=level,
            source=draft.source,
            text=draft.text,
            language=draft.language,
            created_at=uow.now(),
        )
        uow.hints.add(hint)
        event = HintEvent(
            id=hint.id, exercise=revision.content.slug, level=level, at=hint.created_at
        )
        remember(uow, request.learner_id, request.course, event)
        return hint


def _read(uow: UnitOfWork, learner_id: UUID, revision: Revision, language: str) -> _Standing:
    """Read where a learner stands on the ladder of an exercise."""
    attempts = uow.submissions.attempts(learner_id, revision.exercise_id, RUNS_THAT_COUNT)
    submissions = uow.submissions.submissions(learner_id, revision.exercise_id)
    hints = tuple(uow.hints.given(learner_id, revision.exercise_id))
    state = LadderState(runs_of(attempts, submissions), hints)
    step = next_rung(
        state,
        HintPolicy(revision.content.deepest_hint),
        levels_offered(revision.content),
        uow.now(),
        language,
    )
    verdict, answer = _latest(attempts, submissions)
    return _Standing(revision, state, step, verdict, answer)


def _latest(
    attempts: Sequence[Attempt], submissions: Sequence[Submission]
) -> tuple[Verdict | None, Answer]:
    """Return the verdict and the answer of the newest run that has a verdict."""
    runs = [(each.created_at, each.verdict, each.answer) for each in attempts if each.verdict]
    runs += [
        (each.submitted_at, each.evaluations[-1].verdict, each.answer)
        for each in submissions
        if each.evaluations and each.evaluations[-1].verdict
    ]
    if not runs:
        return None, Answer()
    _, verdict, answer = max(runs, key=lambda run: run[0])
    return verdict, answer


def _hint_of(known: UUID, standing: _Standing) -> Hint | None:
    """Return the hint that a repeated key made, or None when it made none."""
    return next((hint for hint in standing.state.hints if hint.id == known), None)


def _given_meanwhile(
    offered: tuple[HintLevel, HintDraft] | None, standing: _Standing
) -> Hint | None:
    """Return the hint of the rung that another tab was given since this one prepared it."""
    if offered is None:
        return None
    return next((hint for hint in standing.state.hints if hint.level is offered[0]), None)
