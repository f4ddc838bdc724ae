"""Hinting: from a request to a hint, with a diagnosis and, where one is allowed, a language model.

    read (transaction) -> diagnose (sandbox) -> author, model or rules -> record (transaction)

Nothing slow happens in a transaction. Who the learner is, how far they may climb and what they pay
is decided on the server. What a model can't do in time, or must not, the rules do: a learner gets
the hint of the rung whose price they were told, and never another one in its place.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeGuard
from uuid import UUID

from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.evaluations import Verdict
from jupyter_tutor.domain.exercises import ExerciseContent, HintLevel
from jupyter_tutor.domain.hints import Hint, HintDraft, HintSource, Offer, Wait
from jupyter_tutor.domain.model_access import Allowed, Denied, may_use_model
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.reply_keys import ReplyRequest, reply_key
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.diagnoses import Diagnoses
from jupyter_tutor.services.hint_cases import (
    MADE_BY_MODELS,
    HintCase,
    hoped_for,
    makeable_for,
    read_case,
    said_by_now,
)
from jupyter_tutor.services.ladders import Makeable, MakeableOf, Standing, read_standing
from jupyter_tutor.services.model_asking import Asker, Hop, ModelPlace, OutOfBudget, in_thread
from jupyter_tutor.services.model_hints import ModelHints, WantedHint, gives_away
from jupyter_tutor.services.model_leave import leave_of
from jupyter_tutor.services.ports import HintModel, UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.shared_replies import SharedReplies
from jupyter_tutor.services.submissions import Request
from jupyter_tutor.services.tutor_facts import (
    exercise_facts,
    fix_told,
    guard_allowed,
    guard_secrets,
    hint_facts,
    learner_facts,
    said_before,
)
from jupyter_tutor.services.tutoring import HelpGiven, Made, Recheck, TutoringService, as_it_was
from jupyter_tutor.services.usage import UsageService

_TOLD: Final = frozenset({"quota"})
"""Refusals that a learner is told beside a hint; others they know, or are asked about."""

_Made = Made | None


@dataclass(frozen=True, slots=True)
class ModelHelp:
    """A language model that helps: where it is, who asks it, and how learners are called there."""

    place: ModelPlace
    hints: ModelHints
    tag: Callable[[UUID], str]


class HintingService:
    """Gives hints."""

    def __init__(
        self,
        open_uow: UnitOfWorkFactory,
        access: Access,
        tutoring: TutoringService,
        rules: HintModel,
        usage: UsageService,
        *,
        diagnoses: Diagnoses | None = None,
        model: ModelHelp | None = None,
        hop: Hop = in_thread,
    ) -> None:
        """Create one.

        Args:
            open_uow: Opens transactions.
            access: Who may learn where.
            tutoring: Records hints.
            rules: Makes hints without a language model.
            usage: Knows what may be spent.
            diagnoses: Finds out what is wrong with an answer; None where nothing can be run.
            model: Makes hints from the nudge to the steps, where it may be asked.
            hop: Calls what talks to the database.
        """
        self._open = open_uow
        self._access = access
        self._tutoring = tutoring
        self._rules = rules
        self._usage = usage
        self._diagnoses = diagnoses
        self._model = model
        self._hop = hop
        self._replies = SharedReplies(open_uow, hop)

    def hints(self, learner_id: UUID, course: str, exercise: str, language: str) -> HelpGiven:
        """Return the hints so far and what the next request would give. Raises NotFound."""
        return self._tutoring.hints(learner_id, course, exercise, language, hoped_for)

    async def hint(self, request: Request, language: str, accept_cost: float = 0.0) -> HelpGiven:
        """Give the next hint, when the ladder offers one now.

        Cancelling the task ends a request to a model; nothing is given then.

        Args:
            request: Who asks, for which exercise, with which key.
            language: Language code wanted.
            accept_cost: Points the learner agrees to lose; a dearer hint is not given, and its
                price is told.

        Returns:
            The hint, or none and what to do first. A repeat of the key gives the same hint.

        Raises:
            NotFound: No such course or exercise for this learner.
            IdempotencyKeyReused: The key was used for another request.
        """
        began = asyncio.get_running_loop().time()
        repeated = await self._hop(self._tutoring.repeated, request, language, accept_cost)
        case = None
        if not repeated:
            case = await self._hop(self._read, request, language, accept_cost)
        made: _Made = None
        makeable: MakeableOf = hoped_for
        recheck: Recheck = as_it_was
        note = ""
        if case is not None:
            case = replace(case, began=began)
            found = await self._diagnosed(case)
            made, note = await self._make(request, case, found, language, accept_cost)
            makeable = _always(makeable_for(case, found))
            recheck = self._recheck(request, case, found, language)
        record = self._tutoring.record
        given = await self._hop(record, request, language, accept_cost, made, makeable, recheck)
        if _is_replaced(made, given.hint):
            note = note or say("quota.no_answer", language)
        elif case is not None and given.hint is None and given.step == case.standing.step:
            note = say("ladder.not_made", language)
        return replace(given, note=note)

    def _read(self, request: Request, language: str, accept_cost: float) -> HintCase | None:
        """Return what a hint is made from; None where none may be given, and nothing is read."""
        with self._open() as uow:
            self._access.require(uow, request.learner_id, request.course)
            revision = uow.courses.latest_revision(request.course, request.exercise)
            standing = read_standing(uow, request.learner_id, revision, language, hoped_for)
            if not _is_accepted(standing.step, accept_cost):
                return None
            return read_case(uow, self._usage, request, language, standing)

    async def _make(
        self,
        request: Request,
        case: HintCase,
        diagnosis: Diagnosis | None,
        language: str,
        accept_cost: float,
    ) -> tuple[_Made, str]:
        """Make the hint that was offered: with the model if that can be, else without it.

        It is of the rung whose price was told, or there is none. Where only money lacks, a reply
        that was delivered before still is: it costs nothing.
        """
        step = case.standing.step
        if not _is_accepted(step, accept_cost):
            return None, ""
        allowed = self._may_ask(case)
        note = allowed.told(language) if _is_told(allowed) else ""
        if isinstance(allowed, Allowed) or _lacks_money(allowed):
            ask = isinstance(allowed, Allowed)
            try:
                draft = await self._best(request, case, diagnosis, step.level, language, ask)
            except OutOfBudget as out:
                draft, note = None, out.denied.told(language)
            if draft is not None:
                return (step, draft), note
            if ask and step.level in MADE_BY_MODELS:
                note = note or say("quota.no_answer", language)
        draft = self._by_rules(case, diagnosis, step.level, language)
        return (None, "") if draft is None else ((step, draft), note)

    def _recheck(
        self,
        request: Request,
        case: HintCase,
        diagnosis: Diagnosis | None,
        language: str,
    ) -> Recheck:
        """Return what holds a model's hint against what was said while it was made.

        A conversation in another tab may have told one part of a solution, and this hint tells
        the other: then the rules say what they can at that rung.
        """

        def again(uow: UnitOfWork, standing: Standing, made: Made) -> _Made:
            if made[1].source is not HintSource.MODEL:
                return made
            wanted = self._wanted(request, case, diagnosis, made[0].level, language)
            now = said_by_now(uow, request, replace(case, standing=standing))
            recalled = now.recalled(request.learner_id, wanted.secrets)
            if recalled == wanted.delivered:
                return made
            if not gives_away(made[1].text, replace(wanted, delivered=recalled)):
                return made
            draft = self._by_rules(case, diagnosis, made[0].level, language)
            return None if draft is None else (made[0], draft)

        return again

    async def _diagnosed(self, case: HintCase) -> Diagnosis | None:
        """Return what is known of the answer.

        A result is told by the run alone, and nobody waits for more: the diagnosis begins, for the
        rungs after it. Where only secret tests fail, the run shows nothing that may be told, and
        the result is the input that the diagnosis finds.
        """
        failing = case.failing
        if failing is None or self._diagnoses is None:
            return None
        if not case.is_at_result or not case.shows_why:
            return await self._diagnoses.of(failing)
        if case.standing.rules.policy.reach is HintLevel.RESULT:
            return self._diagnoses.known(failing)
        return self._diagnoses.begin(failing)

    def _may_ask(self, case: HintCase) -> Allowed | Denied | None:
        """Return whether the model may be asked; None where there is none."""
        if self._model is None:
            return None
        rules, cloud = case.standing.rules, self._model.place.is_cloud
        return may_use_model(rules, case.consent, cloud, case.quota)

    def _by_rules(
        self, case: HintCase, diagnosis: Diagnosis | None, level: HintLevel, language: str
    ) -> HintDraft | None:
        try:
            return self._rules.hint(case.request(level, language, diagnosis))
        except NotFound:
            return None

    async def _best(
        self,
        request: Request,
        case: HintCase,
        diagnosis: Diagnosis | None,
        level: HintLevel,
        language: str,
        ask: bool,
    ) -> HintDraft | None:
        """Return the author's hint, else the model's, else None: the rules follow.

        Unless the model may be asked, its hint is one that was delivered for the same request.
        """
        written = self._by_rules(case, diagnosis, level, language)
        if written is not None and written.source is HintSource.AUTHOR:
            return written
        if self._model is None or level not in MADE_BY_MODELS or case.failing is None:
            return written
        if diagnosis is None and self._diagnoses is not None:
            # A class waits, and without what mends the answer the guard can't tell what leaks.
            return written
        key = reply_key(
            ReplyRequest(
                case.standing.answer,
                case.standing.verdict,
                level,
                language,
                case.standing.revision.id,
                self._model.place.model,
                self._model.place.prompt_version,
                (*case.delivered, *sorted(case.told)),
            )
        )
        known = await self._replies.known(request.course, key)
        if known is not None or not ask:
            return known
        hints, began = self._model.hints, case.began
        wanted = self._wanted(request, case, diagnosis, level, language)
        clock = asyncio.get_running_loop().time

        async def make() -> HintDraft | None:
            return await hints.hint(replace(wanted, gone=clock() - began))

        seconds = self._model.place.seconds_left(clock() - began)
        return await self._replies.of(request, key, make, seconds)

    def _wanted(
        self,
        request: Request,
        case: HintCase,
        diagnosis: Diagnosis | None,
        level: HintLevel,
        language: str,
    ) -> WantedHint:
        assert self._model is not None
        content, standing = case.content, case.standing
        earlier = said_before(standing.state.hints)
        found = diagnosis or Diagnosis(case.mistake)
        secrets = guard_secrets(content, found, case.passing)
        learner = learner_facts(
            content,
            standing.answer,
            standing.verdict,
            level=case.level,
            language=language,
            user_tag=self._model.tag(request.learner_id),
            earlier=earlier,
            names=case.names,
        )
        asker = Asker(request.learner_id, request.course, request.exercise)
        return WantedHint(
            asker=asker,
            facts=hint_facts(
                level, exercise_facts(content, language, case.concepts), learner, found
            ),
            secrets=secrets,
            allowed=guard_allowed(content, standing.answer, found.counterexample),
            delivered=case.recalled(request.learner_id, secrets),
            fix=fix_told(found, learner),
            leave=leave_of(self._open, self._hop, self._model.place, asker),
        )


def _is_accepted(step: Offer | Wait, accept_cost: float) -> TypeGuard[Offer]:
    """Whether a hint is offered at a price that the learner agreed to."""
    return isinstance(step, Offer) and step.cost <= accept_cost


def _is_told(allowed: Allowed | Denied | None) -> TypeGuard[Allowed | Denied]:
    if isinstance(allowed, Denied):
        return allowed.code in _TOLD
    return allowed is not None


def _lacks_money(allowed: Allowed | Denied | None) -> bool:
    return isinstance(allowed, Denied) and allowed.code == "quota"


def _is_replaced(made: _Made, given: Hint | None) -> bool:
    """Whether rules gave a hint in place of one that a model made."""
    model = made is not None and made[1].source is HintSource.MODEL
    return model and given is not None and given.source is HintSource.RULES


def _always(can: Makeable) -> MakeableOf:
    def makeable(_: ExerciseContent, __: Verdict | None, ___: Answer) -> Makeable:
        return can

    return makeable
