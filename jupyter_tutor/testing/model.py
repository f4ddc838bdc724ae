"""A language model that says what its script says, without an endpoint."""

import asyncio
from collections.abc import Callable, Sequence

from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.model_calls import CallOutcome, ModelCall, Purpose, Tier, TokenUsage
from jupyter_tutor.domain.rubric_readings import Sample
from jupyter_tutor.services.model_ports import (
    ChatFacts,
    ChatReply,
    HintFacts,
    HintReply,
    Report,
    Validation,
)
from jupyter_tutor.services.rubric_ports import RubricFacts

Reads = Callable[[RubricFacts], Sample | None]
"""Says what a reading by a rubric comes to."""

ACCEPTS = Validation(correct=True, on_line=True, leaks=False)
USED = TokenUsage(input=1_000, cache_write_5m=0, cache_write_1h=0, cache_read=2_000, output=100)


class ScriptedTutorModel:
    """A `TutorModel` that gives each reply of its scripts in turn, the last one again and again.

    Attributes:
        hints: Messages of hints; None: the endpoint does not answer.
        readings: What the second reading says.
        replies: Messages of conversations; None: the endpoint does not answer.
        checks: What the second reading says of those.
        checked: The messages that were read a second time.
        fixes: What second readings were told of the edit that mends the answer.
        in_scope: Whether it finds that questions are about the exercise.
        reads: Says what a reading by a rubric comes to; None: the endpoint does not answer.
        read: What it was given to read by a rubric, oldest first.
        asked: The facts it was given, oldest first.
        again: Why each try for a hint or reply was another one, or "".
        hold: Set it to an event to make every request wait for it.
        began: Set when a request waits.
    """

    def __init__(
        self,
        hints: Sequence[str | None] = ("",),
        *,
        readings: Sequence[Validation] = (ACCEPTS,),
        replies: Sequence[str | None] = ("",),
        checks: Sequence[Validation] = (ACCEPTS,),
        in_scope: bool = True,
        reads: Reads = lambda _facts: None,
    ) -> None:
        self.hints = list(hints)
        self.readings = list(readings)
        self.replies = list(replies)
        self.checks = list(checks)
        self.checked: list[str] = []
        self.fixes: list[str] = []
        self.in_scope = in_scope
        self.reads = reads
        self.read: list[RubricFacts] = []
        self.asked: list[HintFacts | ChatFacts] = []
        self.again: list[str] = []
        self.hold: asyncio.Event | None = None
        self.began = asyncio.Event()

    async def hint(
        self, facts: HintFacts, report: Report, *, again: str = "", seconds: float | None = None
    ) -> HintReply:
        """Give the next hint."""
        message = await self._message(facts, report, Purpose.HINT, self.hints, again, seconds)
        return HintReply(message, "", None, (), "", 0.9)

    async def validate(
        self,
        facts: HintFacts,
        reply: HintReply,
        report: Report,
        *,
        fix: str = "",
        seconds: float | None = None,
    ) -> Validation:
        """Give the next reading."""
        del facts, reply, seconds
        self.fixes.append(fix)
        report(_call(Purpose.VALIDATION, CallOutcome.COMPLETED))
        return self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]

    async def converse(
        self, facts: ChatFacts, report: Report, *, again: str = "", seconds: float | None = None
    ) -> ChatReply:
        """Give the next reply."""
        message = await self._message(facts, report, Purpose.CHAT, self.replies, again, seconds)
        return ChatReply(message, in_scope=self.in_scope, quoted_code=())

    async def validate_answer(
        self,
        facts: ChatFacts,
        reply: ChatReply,
        report: Report,
        *,
        fix: str = "",
        seconds: float | None = None,
    ) -> Validation:
        """Give the next reading of a reply."""
        del facts, seconds
        self.fixes.append(fix)
        self.checked.append(reply.message)
        report(_call(Purpose.VALIDATION, CallOutcome.COMPLETED))
        return self.checks.pop(0) if len(self.checks) > 1 else self.checks[0]

    async def assess(
        self, facts: RubricFacts, report: Report, *, seconds: float | None = None
    ) -> Sample:
        """Read by a rubric what `reads` says."""
        self.read.append(facts)
        outcome, sample = CallOutcome.CANCELLED, None
        try:
            if self.hold is not None:
                self.began.set()
                async with asyncio.timeout(seconds):
                    await self.hold.wait()
            sample = self.reads(facts)
            outcome = CallOutcome.OVERLOADED if sample is None else CallOutcome.COMPLETED
        except TimeoutError:
            outcome = CallOutcome.TIMED_OUT
        finally:
            report(_call(Purpose.RUBRIC, outcome))
        if sample is None:
            raise ModelUnavailable("The scripted model does not answer.")
        return sample

    async def close(self) -> None:
        """Do nothing."""

    async def _message(
        self,
        facts: HintFacts | ChatFacts,
        report: Report,
        purpose: Purpose,
        script: list[str | None],
        again: str,
        seconds: float | None,
    ) -> str:
        self.asked.append(facts)
        self.again.append(again)
        outcome = CallOutcome.CANCELLED
        try:
            if self.hold is not None:
                self.began.set()
                async with asyncio.timeout(seconds):
                    await self.hold.wait()
            message = script.pop(0) if len(script) > 1 else script[0]
            outcome = CallOutcome.OVERLOADED if message is None else CallOutcome.COMPLETED
        except TimeoutError:
            outcome, message = CallOutcome.TIMED_OUT, None
        finally:
            report(_call(purpose, outcome))
        if message is None:
            raise ModelUnavailable("The scripted model does not answer.")
        return message


def _call(purpose: Purpose, outcome: CallOutcome) -> ModelCall:
    used = USED if outcome is CallOutcome.COMPLETED else None
    left = USED if outcome in (CallOutcome.CANCELLED, CallOutcome.TIMED_OUT) else None
    standard = Tier.STANDARD
    return ModelCall(purpose, "scripted", "scripted-1", "", used, standard, outcome, 0.1, left)
