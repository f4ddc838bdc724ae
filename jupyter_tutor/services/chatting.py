"""Chatting: a learner asks about an exercise, and the tutor answers.

    read (transaction) -> model, else rules -> record (transaction)

Question and answer are recorded together, also when the model failed: then rules say what they
can. Who cancels, or leaves, takes the question back: nothing was said, nothing is recorded but
the call in the ledger, and the same key may ask again.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.conversations import Message, Speaker
from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.errors import NotAllowed, NotFound
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hints import HintSource
from jupyter_tutor.domain.model_access import Allowed, Denied, may_use_model
from jupyter_tutor.domain.model_calls import Purpose
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.services.access import Access, digest
from jupyter_tutor.services.conversations import record, tidied
from jupyter_tutor.services.diagnoses import Diagnoses
from jupyter_tutor.services.flights import Flights
from jupyter_tutor.services.hint_cases import HintCase, read_case
from jupyter_tutor.services.model_asking import Asker, Hop, ModelPlace, OutOfBudget, in_thread
from jupyter_tutor.services.model_chat import (
    ModelAnswer,
    ModelChat,
    WantedAnswer,
    problem_with_answer,
)
from jupyter_tutor.services.model_leave import leave_of
from jupyter_tutor.services.model_ports import ChatFacts, Turn
from jupyter_tutor.services.ports import HintModel, UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.submissions import Request
from jupyter_tutor.services.tutor_facts import (
    exercise_facts,
    fix_told,
    guard_allowed,
    guard_secrets,
    learner_facts,
    said_before,
    without_edits,
)
from jupyter_tutor.services.usage import UsageService

_OPERATION: Final = "conversation"
_LAST_TURNS: Final = 24
"""How much of a conversation a model is told, and a reply may repeat of what the learner wrote."""

_REFUSED: Final = frozenset({"exam", "switched_off", "refused", "not_asked"})
"""Without these there is no chat; where only money or the cloud lacks, rules answer."""
_IN_A_CHAT: Final = {"refused": "chat.refused", "not_asked": "chat.not_asked"}


@dataclass(frozen=True, slots=True)
class ModelTalk:
    """A language model that answers: where it is, who asks it, how learners are called there."""

    place: ModelPlace
    chat: ModelChat
    tag: Callable[[UUID], str]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said.

    Attributes:
        question: By the learner.
        reply: By the tutor.
        source: Whether rules or a model made the reply.
        note: What else the learner is told, such as that a budget is used up, or "".
    """

    question: Message
    reply: Message
    source: HintSource
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Draft:
    text: str
    language: str
    usage_id: UUID | None = None


class ChatService:
    """Answers learners' questions about exercises."""

    def __init__(
        self,
        open_uow: UnitOfWorkFactory,
        access: Access,
        rules: HintModel,
        usage: UsageService,
        *,
        diagnoses: Diagnoses | None = None,
        model: ModelTalk | None = None,
        hop: Hop = in_thread,
    ) -> None:
        """Create one.

        Args:
            open_uow: Opens transactions.
            access: Who may learn where.
            rules: Says what a run shows without a language model.
            usage: Knows what may be spent.
            diagnoses: Knows what was found out about answers.
            model: Answers, where it may be asked.
            hop: Calls what talks to the database.
        """
        self._open = open_uow
        self._access = access
        self._rules = rules
        self._usage = usage
        self._diagnoses = diagnoses
        self._model = model
        self._hop = hop
        self._answers = Flights[ModelAnswer | None]()

    async def say(self, request: Request, text: str, language: str) -> Said:
        """Answer a question.

        Cancelling the task ends a request to a model; nothing is recorded then but the call.

        Args:
            request: Who asks, about which exercise, with which key.
            text: The question.
            language: Language code wanted.

        Returns:
            Question and reply. A repeat of the key gives the same ones.

        Raises:
            NotFound: No such course or exercise for this learner.
            NotAllowed: There is no chat here, or no consent, also when that became so while a
                model was asked; `details["reason"]` says which.
            InvalidInput: The question is empty or too long.
            IdempotencyKeyReused: The key was used for another request.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        question = tidied(text)
        repeated = await self._hop(self._repeated, request, question, language)
        if repeated is not None:
            return repeated
        case = await self._hop(self._read, request, language)
        allowed = self._may_ask(case)
        answer, wanted, note = None, None, allowed.told(language)
        if self._model is not None and isinstance(allowed, Allowed) and not case.closed_by:
            is_known = await self._diagnosed(case)
            wanted = self._wanted(request, case, question, language, self._model)
            wanted = replace(wanted, gone=loop.time() - began)
            try:
                answer = await self._asked_once(request, wanted, self._model) if is_known else None
            except OutOfBudget as out:
                note = out.denied.told(language)
        said = await self._hop(self._record, request, question, language, case, answer, wanted)
        return replace(said, note=note)

    async def _diagnosed(self, case: HintCase) -> bool:
        """Wait for what mends the answer, without which the guard would not know what leaks.

        Returns:
            Whether a model may go on: False where a class waits and this diagnosis is not made yet.
        """
        if self._diagnoses is None or case.failing is None:
            return True
        return await self._diagnoses.of(case.failing) is not None

    async def _asked_once(
        self, request: Request, wanted: WantedAnswer, model: ModelTalk
    ) -> ModelAnswer | None:
        """Ask the model; a request that arrives again meanwhile gets the same answer."""
        question = wanted.facts.turns[-1].text, wanted.facts.learner.language
        place = (request.learner_id, request.course, request.exercise, request.key, *question)
        return await self._answers.of(place, lambda: model.chat.answer(wanted))

    def _read(self, request: Request, language: str) -> HintCase:
        with self._open() as uow:
            self._access.require(uow, request.learner_id, request.course)
            return read_case(uow, self._usage, request, language)

    def _repeated(self, request: Request, question: str, language: str) -> Said | None:
        """Return what was said before with this key, or None."""
        asked = _asked(request, question, language)
        with suppress(_Looked), self._open() as uow:
            self._access.require(uow, request.learner_id, request.course)
            known = uow.idempotency.claim(request.learner_id, request.key, _OPERATION, asked)
            if known is None:
                raise _Looked  # the key is claimed where the reply is recorded
            return _said(uow, request, known)
        return None

    def _may_ask(self, case: HintCase) -> Allowed | Denied:
        """Return whether the model may be asked. Raises NotAllowed where there is no chat."""
        place = self._model.place if self._model else None
        consent = case.consent if place else None
        is_cloud = place.is_cloud if place else False
        rules = case.standing.rules
        allowed = may_use_model(rules, consent, is_cloud, case.quota, Purpose.CHAT)
        if isinstance(allowed, Denied) and allowed.code in _REFUSED:
            refusal = NotAllowed.of(_IN_A_CHAT.get(allowed.code, allowed.phrase), **allowed.fields)
            refusal.details["reason"] = allowed.code
            raise refusal
        return allowed if place else Allowed()

    def _wanted(
        self, request: Request, case: HintCase, question: str, language: str, model: ModelTalk
    ) -> WantedAnswer:
        content, standing = case.content, case.standing
        known = self._known(case)
        last = [(each.speaker, each.text) for each in case.conversation[-_LAST_TURNS:]]
        turns = [Turn(*each) for each in (*last, (Speaker.LEARNER, question))]
        learner = learner_facts(
            content,
            standing.answer,
            standing.verdict,
            level=case.level,
            language=language,
            user_tag=model.tag(request.learner_id),
            earlier=said_before(standing.state.hints),
            names=case.names,
        )
        facts = ChatFacts(
            level=case.reached,
            exercise=exercise_facts(content, language, case.concepts),
            learner=learner,
            diagnosis=None if known is None else without_edits(known),
            turns=tuple(turns),
        )
        example = known.counterexample if known else None
        secrets = guard_secrets(content, known, case.passing)
        own = [turn.text for turn in turns if turn.speaker == Speaker.LEARNER]
        asker = Asker(request.learner_id, request.course, request.exercise)
        return WantedAnswer(
            asker=asker,
            facts=facts,
            secrets=secrets,
            allowed=guard_allowed(content, standing.answer, example, own),
            delivered=case.recalled(request.learner_id, secrets),
            fix=fix_told(known, learner),
            leave=leave_of(self._open, self._hop, model.place, asker, Purpose.CHAT),
        )

    def _known(self, case: HintCase) -> Diagnosis | None:
        """Return what was found out about the last run, if anything was."""
        if self._diagnoses is None or case.failing is None:
            return None
        return self._diagnoses.known(case.failing)

    def _by_rules(self, case: HintCase, language: str) -> _Draft:
        """Say what the last run shows, as deep as the learner was told already."""
        verdict, closed = case.standing.verdict, case.closed_by
        if verdict is None or verdict.passed:
            return _Draft(say(closed or "chat.offline", language), language)
        level = HintLevel.RESULT if closed else min(case.reached, HintLevel.NUDGE)
        hint = self._rules.hint(case.request(level, language, self._known(case)))
        lead = say(closed or "chat.offline_run", hint.language)
        return _Draft(f"{lead}\n\n{hint.text}", hint.language)

    def _record(
        self,
        request: Request,
        question: str,
        language: str,
        case: HintCase,
        answer: ModelAnswer | None,
        wanted: WantedAnswer | None,
    ) -> Said:
        asked = _asked(request, question, language)
        with self._open() as uow:
            self._access.require(uow, request.learner_id, request.course)
            exercise_id = case.standing.revision.exercise_id
            uow.submissions.lock_exercise(request.learner_id, exercise_id)
            known = uow.idempotency.claim(request.learner_id, request.key, _OPERATION, asked)
            if known is not None:
                return _said(uow, request, known)
            now = read_case(uow, self._usage, request, language)
            allowed = self._may_ask(now)
            if now.closed_by or (isinstance(allowed, Denied) and allowed.code != "quota"):
                answer = None  # it was asked for while it still might be
            draft = self._draft(answer, wanted, now, language) or self._by_rules(now, language)
            place = (uow, request.learner_id, request.course, request.exercise)
            said = record(*place, Speaker.LEARNER, question, language, hint_level=now.deepest)
            reply = record(
                *place,
                Speaker.TUTOR,
                draft.text,
                draft.language,
                hint_level=now.deepest,
                usage_id=draft.usage_id,
            )
            uow.idempotency.settle(request.learner_id, request.key, reply.id)
            return Said(said, reply, source_of(reply))

    @staticmethod
    def _draft(
        answer: ModelAnswer | None, wanted: WantedAnswer | None, now: HintCase, language: str
    ) -> _Draft | None:
        """Return the model's answer, if it may be shown beside what another tab was told since."""
        if answer is None or wanted is None:
            return None
        if not answer.in_scope:
            return _Draft(say("chat.scope", language), language, answer.usage_id)
        recalled = now.recalled(wanted.asker.learner_id, wanted.secrets)
        if recalled != wanted.delivered:
            again = replace(wanted, delivered=recalled)
            if problem_with_answer(answer.text, again):
                return None
        return _Draft(answer.text, language, answer.usage_id)


def source_of(reply: Message) -> HintSource:
    """Return whether rules or a model made a reply."""
    return HintSource.RULES if reply.usage_id is None else HintSource.MODEL


class _Looked(Exception):
    """Undoes a transaction that only looked."""


def _asked(request: Request, question: str, language: str) -> str:
    """Return the digest by which a repeat of a request is known."""
    return digest(request.course, request.exercise, question, language)


def _said(uow: UnitOfWork, request: Request, reply_id: UUID) -> Said:
    """Return what a key made before: a reply and the question right before it."""
    found = uow.conversations.of(request.learner_id, request.course, request.exercise)
    messages = found[0].messages if found else ()
    for question, reply in pairwise(messages):
        if reply.id == reply_id:
            return Said(question, reply, source_of(reply))
    raise NotFound.of("chat.deleted")
