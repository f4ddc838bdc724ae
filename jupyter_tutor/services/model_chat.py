"""Answers of a language model in a conversation: asked, guarded, read a second time.

An answer that may not be shown is asked for once more, and told why; then there is none. All of it
has one deadline. Where the endpoint fails at the second reading there is none either: what nobody
has read twice is not shown.
"""

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from uuid import UUID

from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.guard.checking import GuardAllowed, GuardSecrets, check_reply
from jupyter_tutor.domain.inert_markdown import inert
from jupyter_tutor.domain.named_lines import lines_named
from jupyter_tutor.services.model_asking import Asker, ModelDesk, in_thread
from jupyter_tutor.services.model_hints import TRIES, form_problem, lines_in, time_left
from jupyter_tutor.services.model_leave import Leave, always
from jupyter_tutor.services.model_ports import (
    ChatFacts,
    ChatReply,
    Report,
    TutorModel,
    Validation,
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WantedAnswer:
    """An answer that a model is asked for.

    Attributes:
        asker: For whom.
        facts: What it is made from, the learner's question last.
        secrets: What it must not give away.
        allowed: What it may repeat.
        delivered: What the tutor said before, in hints and here.
        fix: The edit that mends the answer, in words, for the second reading, or "".
        gone: Seconds since the learner asked.
        leave: Looks whether a model may still be asked.
    """

    asker: Asker
    facts: ChatFacts
    secrets: GuardSecrets
    allowed: GuardAllowed
    delivered: tuple[str, ...]
    fix: str = ""
    gone: float = 0.0
    leave: Leave = always

    @property
    def level(self) -> HintLevel:
        """How far it may go: before any hint was given as far as a nudge."""
        return max(self.facts.level, HintLevel.NUDGE)


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """An answer that may be shown.

    Attributes:
        text: Markdown, or "" where the question is not about the exercise.
        in_scope: Whether it is.
        usage_id: The call in the ledger.
    """

    text: str
    in_scope: bool
    usage_id: UUID | None


class ModelChat:
    """Has answers made by a model."""

    def __init__(self, model: TutorModel, desk: ModelDesk) -> None:
        self._model = model
        self._desk = desk

    async def answer(self, wanted: WantedAnswer) -> ModelAnswer | None:
        """Return an answer that may be shown, or None when none came in time.

        Raises:
            OutOfBudget: There is no money for it.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._desk.place.seconds_left(wanted.gone)
        again = ""
        calls: list[UUID] = []
        try:
            for _ in range(TRIES):
                reply = await self._ask(wanted, again, deadline - loop.time(), calls)
                usage_id = calls[-1] if calls else None
                if not reply.in_scope:
                    return ModelAnswer("", in_scope=False, usage_id=usage_id)
                reply, again = await in_thread(looked_at, reply, wanted)
                if not again:
                    again = await self._doubts(wanted, reply, deadline - loop.time())
                if not again:
                    return ModelAnswer(reply.message, in_scope=True, usage_id=usage_id)
                _log.info("a model's answer was dropped: %s", again)
        except ModelUnavailable as error:
            _log.info("no answer of a model: %s", error.message)
        return None

    async def _ask(
        self, wanted: WantedAnswer, again: str, seconds: float, calls: list[UUID]
    ) -> ChatReply:
        def request(report: Report) -> Awaitable[ChatReply]:
            left = time_left(seconds)
            return self._model.converse(wanted.facts, report, again=again, seconds=left)

        await wanted.leave()
        return await self._desk.ask(wanted.asker, wanted.facts, request, calls)

    async def _doubts(self, wanted: WantedAnswer, reply: ChatReply, seconds: float) -> str:
        """Return what a second reading has against an answer, or "": leaks told in plain words."""

        def request(report: Report) -> Awaitable[Validation]:
            left = time_left(seconds)
            return self._model.validate_answer(
                wanted.facts, reply, report, fix=wanted.fix, seconds=left
            )

        await wanted.leave()
        told = (wanted.facts, wanted.fix)
        found = await self._desk.ask(wanted.asker, told, request)
        if found.accepts:
            return ""
        if found.leaks:
            return "It gave away what the learner is to find out. Say less."
        return "It was not true, or did not answer the question about this exercise. Look again."


def looked_at(reply: ChatReply, wanted: WantedAnswer) -> tuple[ChatReply, str]:
    """Return a reply as it would be shown, and why it can't be, as with hints."""
    shown = replace(reply, message=inert(reply.message))
    again = problem_with_answer(reply.message, wanted)
    if again or shown == reply:
        return shown, again
    return shown, problem_with_answer(shown.message, wanted)


def problem_with_answer(text: str, wanted: WantedAnswer) -> str:
    """Return why an answer can't be shown, as the model is told when it tries again, or "".

    Nothing in it tells the model what it does not know.
    """
    level = wanted.level
    finding = check_reply(text, wanted.secrets, wanted.allowed, wanted.delivered, level)
    if finding is not None:
        _log.info("the guard held back an answer: %s", finding.family)
        return "It gave away part of the solution. Say less, and show no code of your own."
    turns = (turn.text for turn in wanted.facts.turns)
    known = (wanted.facts.learner.failing, *turns, *wanted.delivered)
    last = lines_in(wanted.facts.learner.code)
    if lines_named(text, last) - set().union(*(lines_named(each, last) for each in known)):
        return "It named a line that is not known to be the one. Name no line."
    return form_problem(text, level, wanted.facts.learner.language)
