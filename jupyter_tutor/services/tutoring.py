"""Tutoring: the ladder's hints as they are recorded, and what learners say to them.

Hints are made elsewhere (`services.hinting`): prepare (transaction) -> make (no transaction) ->
record (transaction). What was prepared is checked again before it is recorded, so that two open
tabs share one ladder.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from jupyter_tutor.domain.errors import Conflict, NotFound
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_feedback import (
    FeedbackMark,
    HintFeedback,
    SelfExplanation,
    tidy_text,
)
from jupyter_tutor.domain.hint_settings import HelpRules
from jupyter_tutor.domain.hints import Hint, HintDraft, Offer, Wait
from jupyter_tutor.services.access import Access, digest
from jupyter_tutor.services.ladders import (
    LessonLink,
    MakeableOf,
    Standing,
    Twin,
    by_rules_alone,
    give,
    read_standing,
)
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.submissions import Request


@dataclass(frozen=True, slots=True)
class HelpGiven:
    """What a request for a hint gave, and where the learner stands now.

    Attributes:
        hint: The hint given now, or None when there is none now.
        hints: All hints so far, oldest first.
        step: What the next request gives and its price, or what to do before it.
        deepest: The deepest rung this learner may reach.
        rules: What holds for them here.
        hints_left: How many more hints above the result there may be, or None for no limit.
        to_explain: The bottom-out that waits for the learner's explanation, or None.
        twin: What to try alone once the steps were shown, or None.
        feedback: What they said of hints, by the hint's key.
        explanations: Their explanations of bottom-outs, by the hint's key.
        note: What else they are told, such as that a budget is used up, or "".
        lesson: Where the idea can be read again, once it was named, or None.
    """

    hint: Hint | None
    hints: Sequence[Hint]
    step: Offer | Wait
    deepest: HintLevel
    rules: HelpRules
    hints_left: int | None
    to_explain: Hint | None
    twin: Twin | None
    feedback: Mapping[UUID, HintFeedback]
    explanations: Mapping[UUID, SelfExplanation]
    note: str = ""
    lesson: LessonLink | None = None


Made = tuple[Offer, HintDraft]
"""What was offered, and the hint that was made for it."""

Recheck = Callable[[UnitOfWork, Standing, Made], Made | None]
"""Returns what may be given instead of what was made, by what was said meanwhile."""


def as_it_was(_: UnitOfWork, __: Standing, made: Made) -> Made:
    """Return a hint as it was made: of those that rules and authors write."""
    return made


def help_of(standing: Standing, hint: Hint | None) -> HelpGiven:
    """Return what a learner is told of their standing."""
    return HelpGiven(
        hint=hint,
        hints=standing.state.hints,
        step=standing.step,
        deepest=standing.rules.policy.reach,
        rules=standing.rules,
        hints_left=standing.hints_left,
        to_explain=standing.to_explain,
        twin=standing.twin,
        feedback=standing.feedback,
        explanations=standing.explanations,
        lesson=standing.lesson,
    )


class TutoringService:
    """Records hints, and hears what learners say to them."""

    def __init__(self, open_uow: UnitOfWorkFactory, access: Access) -> None:
        self._open = open_uow
        self._access = access

    def hints(
        self,
        learner_id: UUID,
        course: str,
        exercise: str,
        language: str,
        makeable: MakeableOf = by_rules_alone,
    ) -> HelpGiven:
        """Return the hints so far and what the next request would give. Raises NotFound."""
        with self._open() as uow:
            self._access.require(uow, learner_id, course)
            revision = uow.courses.latest_revision(course, exercise)
            return help_of(read_standing(uow, learner_id, revision, language, makeable), None)

    def record(
        self,
        request: Request,
        language: str,
        accept_cost: float,
        made: Made | None,
        makeable: MakeableOf = by_rules_alone,
        recheck: Recheck = as_it_was,
    ) -> HelpGiven:
        """Store what was made, unless the key is a repeat or another tab was given this rung.

        Args:
            request: Who asks, for which exercise, with which key.
            language: Language code wanted.
            accept_cost: Points the learner agrees to lose.
            made: What was offered, and the hint that was made for it; None when there is none.
            makeable: Which rungs can be made, as it was when this one was offered.
            recheck: Is asked whether what was made may still be given. The exercise is locked
                then: nothing is said in a hint or in its conversation at the same time.

        Raises:
            NotFound: No such course or exercise for this learner.
            IdempotencyKeyReused: The key was used for another request.
        """
        asked = _asked(request, language, accept_cost)
        with self._open() as uow:
            revision = uow.courses.latest_revision(request.course, request.exercise)
            uow.submissions.lock_exercise(request.learner_id, revision.exercise_id)
            known = uow.idempotency.claim(request.learner_id, request.key, "hint", asked)
            standing = read_standing(uow, request.learner_id, revision, language, makeable)
            if known is not None:
                return help_of(standing, _hint_of(known, standing))
            # The price too has to be what it was when it was accepted.
            if made is None or standing.step != made[0]:
                hint = _given_meanwhile(made, standing)
            elif (still := recheck(uow, standing, made)) is None:
                hint = None
            else:
                hint = give(uow, request, revision, *still)
                standing = read_standing(uow, request.learner_id, revision, language, makeable)
            result_id = hint.id if hint else revision.id
            uow.idempotency.settle(request.learner_id, request.key, result_id)
            return help_of(standing, hint)

    def repeated(self, request: Request, language: str, accept_cost: float) -> bool:
        """Whether a request was answered before, so that no hint has to be made for it.

        Raises:
            NotFound: No such course for this learner.
            IdempotencyKeyReused: The key was used for another request.
        """
        asked = _asked(request, language, accept_cost)
        with suppress(_Looked), self._open() as uow:
            self._access.require(uow, request.learner_id, request.course)
            known = uow.idempotency.claim(request.learner_id, request.key, "hint", asked)
            if known is None:
                raise _Looked  # the key is claimed where the hint is recorded
            return True
        return False

    def rate(
        self, learner_id: UUID, hint_id: UUID, mark: FeedbackMark, text: str, key: str
    ) -> HintFeedback:
        """Store what a learner thinks of a hint of theirs, in place of what they thought before.

        Raises:
            NotFound: There is no such hint of theirs.
            InvalidInput: The text is too long.
            IdempotencyKeyReused: The key was used for something else.
        """
        tidy = tidy_text(text, needed=False)
        with self._open() as uow:
            hint = _own(uow, learner_id, hint_id)
            feedback = HintFeedback(hint_id, mark, tidy, uow.now())
            asked = digest(hint_id, mark, tidy)
            if uow.idempotency.claim(learner_id, key, "feedback", asked) is None:
                uow.hints.save_feedback(feedback)
                uow.idempotency.settle(learner_id, key, hint_id)
            revision = uow.courses.revision(hint.revision_id)
            # A request that arrives again may be of a word that was taken back since.
            return uow.hints.feedback(learner_id, revision.exercise_id).get(hint_id, feedback)

    def unrate(self, learner_id: UUID, hint_id: UUID) -> bool:
        """Forget what a learner thinks of a hint of theirs, and tell whether there was anything.

        Raises:
            NotFound: There is no such hint of theirs.
        """
        with self._open() as uow:
            revision = uow.courses.revision(_own(uow, learner_id, hint_id).revision_id)
            said = hint_id in uow.hints.feedback(learner_id, revision.exercise_id)
            uow.hints.drop_feedback(hint_id)
            return said

    def explain(self, learner_id: UUID, hint_id: UUID, text: str, key: str) -> SelfExplanation:
        """Store why the code of a bottom-out works, in the learner's words.

        Raises:
            NotFound: There is no such hint of theirs.
            Conflict: The hint showed no code.
            InvalidInput: The text is empty or too long.
            IdempotencyKeyReused: The key was used for something else.
        """
        tidy = tidy_text(text, needed=True)
        with self._open() as uow:
            hint = _own(uow, learner_id, hint_id)
            if hint.level is not HintLevel.BOTTOM_OUT:
                raise Conflict.of("refusal.not_shown")
            explanation = SelfExplanation(hint_id, tidy, uow.now())
            asked = digest(hint_id, tidy)
            if uow.idempotency.claim(learner_id, key, "explanation", asked) is None:
                uow.hints.save_explanation(explanation)
                uow.idempotency.settle(learner_id, key, hint_id)
            revision = uow.courses.revision(hint.revision_id)
            return uow.hints.explanations(learner_id, revision.exercise_id)[hint_id]


class _Looked(Exception):
    """Undoes a transaction that only looked."""


def _asked(request: Request, language: str, accept_cost: float) -> str:
    """Return the digest by which a repeat of a request is known."""
    price = [accept_cost] if accept_cost else []
    return digest(request.course, request.exercise, language, *price)


def _own(uow: UnitOfWork, learner_id: UUID, hint_id: UUID) -> Hint:
    """Return a hint of a learner. Raises NotFound, also for other people's."""
    hint = uow.hints.hint(hint_id)
    if hint.learner_id != learner_id:
        raise NotFound("There is no such hint.")
    return hint


def _hint_of(known: UUID, standing: Standing) -> Hint | None:
    """Return the hint that a repeated key made, or None when it made none."""
    return next((hint for hint in standing.state.hints if hint.id == known), None)


def _given_meanwhile(made: Made | None, standing: Standing) -> Hint | None:
    """Return the hint of the rung that another tab was given since this one prepared it."""
    if made is None:
        return None
    runs = standing.state.runs
    given = (
        hint
        for hint in reversed(standing.state.hints)
        # What was given of this rung before the last run, or for another revision, is no news.
        if hint.level is made[0].level
        and hint.revision_id == standing.revision.id
        and (not runs or hint.created_at >= runs[-1].at)
    )
    return next(given, None)
