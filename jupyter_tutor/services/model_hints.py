"""Hints by a language model: asked, held against what must stay secret, read a second time.

    delivered before for the same request? -> ask -> guard -> second reading -> deliver
                                               ^______ once more, told why ______|

Whatever does not pass is dropped, and there is no hint of a model: the rules have one.
"""

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from typing import Final

from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.guard.checking import GuardAllowed, GuardSecrets, check_reply
from jupyter_tutor.domain.hints import HintDraft, HintSource
from jupyter_tutor.domain.inert_markdown import inert
from jupyter_tutor.domain.named_lines import lines_named
from jupyter_tutor.domain.readability import hint_problems, language_problem
from jupyter_tutor.services.model_asking import Asker, ModelDesk, in_thread
from jupyter_tutor.services.model_leave import Leave, always
from jupyter_tutor.services.model_ports import HintFacts, HintReply, Report, TutorModel, Validation

TRIES: Final = 2

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WantedHint:
    """A hint that a model is asked for.

    Attributes:
        asker: For whom.
        facts: What it is made from.
        secrets: What it must not give away.
        allowed: What it may repeat.
        delivered: What was said before, which together with it must not give away anything either.
        fix: The edit that mends the answer, in words, for the second reading, or "".
        gone: Seconds since the learner asked.
        leave: Looks whether a model may still be asked.
    """

    asker: Asker
    facts: HintFacts
    secrets: GuardSecrets
    allowed: GuardAllowed
    delivered: tuple[str, ...]
    fix: str = ""
    gone: float = 0.0
    leave: Leave = always


class ModelHints:
    """Has hints made by a model."""

    def __init__(self, model: TutorModel, desk: ModelDesk) -> None:
        self._model = model
        self._desk = desk

    async def hint(self, wanted: WantedHint) -> HintDraft | None:
        """Return a hint that may be shown, or None when none came in time.

        Raises:
            OutOfBudget: There is no money for it.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._desk.place.seconds_left(wanted.gone)
        again = ""
        try:
            for _ in range(TRIES):
                reply = await self._ask(wanted, again, deadline - loop.time())
                reply, again = await in_thread(looked_at, reply, wanted)
                if not again:
                    again = await self._doubts(wanted, reply, deadline - loop.time())
                if not again:
                    await wanted.leave()
                    language = wanted.facts.learner.language
                    return HintDraft(reply.message, HintSource.MODEL, language)
                _log.info("a model's hint was dropped: %s", again)
        except ModelUnavailable as error:
            _log.info("no hint of a model: %s", error.message)
        return None

    async def _ask(self, wanted: WantedHint, again: str, seconds: float) -> HintReply:
        def request(report: Report) -> Awaitable[HintReply]:
            return self._model.hint(wanted.facts, report, again=again, seconds=time_left(seconds))

        await wanted.leave()
        return await self._desk.ask(wanted.asker, wanted.facts, request)

    async def _doubts(self, wanted: WantedHint, reply: HintReply, seconds: float) -> str:
        """Return what a second reading has against a hint, or ""."""

        def request(report: Report) -> Awaitable[Validation]:
            left = time_left(seconds)
            return self._model.validate(wanted.facts, reply, report, fix=wanted.fix, seconds=left)

        await wanted.leave()
        told = (wanted.facts, wanted.fix)
        found = await self._desk.ask(wanted.asker, told, request)
        if found.accepts:
            return ""
        if found.leaks:
            return "It gave away what the learner is to find out. Say less."
        return "It was not true of this code, or not about what is wrong. Look again."


def looked_at(reply: HintReply, wanted: WantedHint) -> tuple[HintReply, str]:
    """Return a reply as it would be shown, and why it can't be: without links, pictures and HTML.

    What was taken out is looked at as well.
    """
    shown = replace(reply, message=inert(reply.message), question=inert(reply.question))
    again = problem_with(reply, wanted)
    return shown, again if again or shown == reply else problem_with(shown, wanted)


def problem_with(reply: HintReply, wanted: WantedHint) -> str:
    """Return why a reply can't be shown, as the model is told when it tries again, or "".

    Nothing in it tells the model what it does not know.
    """
    facts = wanted.facts
    text = f"{reply.message}\n{reply.question}"
    finding = check_reply(text, wanted.secrets, wanted.allowed, wanted.delivered, facts.level)
    if finding is not None:
        _log.info("the guard held back a reply: %s", finding.family)
        return "It gave away part of the solution. Say less, and show no code of your own."
    last = lines_in(facts.learner.code)
    named = lines_named(text, last)
    if reply.line is not None:
        named.add(reply.line)
    if named - _lines_that_may_be_named(facts):
        return "It named a line that is not known to be the one. Name no line."
    return form_problem(reply.message, facts.level, facts.learner.language)


def gives_away(text: str, wanted: WantedHint) -> bool:
    """Whether a hint that was accepted gives away something after what `delivered` says now."""
    level = wanted.facts.level
    finding = check_reply(text, wanted.secrets, wanted.allowed, wanted.delivered, level)
    if finding is not None:
        _log.info("the guard held back what was made meanwhile: %s", finding.family)
    return finding is not None


def form_problem(text: str, level: HintLevel, language: str) -> str:
    """Return what a model is to mend in the form of a text, or ""."""
    other = language_problem(text, language)
    problems = [*hint_problems(text, level, language), *([other] if other else [])]
    return f"Mend this: {'; '.join(problems)}." if problems else ""


def _lines_that_may_be_named(facts: HintFacts) -> set[int]:
    """Return the lines Python named itself, and from the pointer on that of a verified edit."""
    told = lines_named(facts.learner.failing, lines_in(facts.learner.code))
    verified = facts.diagnosis.verified
    if verified is None or facts.level < HintLevel.POINTER:
        return told
    return told | {verified.line + facts.learner.offset(verified.cell)}


def lines_in(code: str) -> int:
    """Return the number of the last line of code that has anything in it."""
    return code.rstrip().count("\n") + 1


def time_left(seconds: float) -> float:
    """Return how long a request may take; one without time ends at once, and is told so."""
    return max(seconds, 0.01)
