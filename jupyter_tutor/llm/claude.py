"""The tutor's model behind an endpoint of the Messages API: Anthropic's, a cloud's, or a local one.

Each call that leaves is reported exactly once, however it ends. Tries, pauses and the total time
are held here, since the SDK would wait as long as an endpoint likes.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final, TypeVar

from jupyter_tutor.domain.endpoints import Endpoint
from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.model_calls import CallOutcome, ModelCall, Purpose, Tier
from jupyter_tutor.domain.rubric_readings import Sample
from jupyter_tutor.llm.calls import CallFailed, Heard, failure, named_by, request_fields
from jupyter_tutor.llm.estimates import unsaid
from jupyter_tutor.llm.outgoing import Redaction
from jupyter_tutor.llm.prompts import (
    Prompt,
    answer_validation_prompt,
    chat_prompt,
    hint_prompt,
    validation_prompt,
)
from jupyter_tutor.llm.replies import ReplyInvalid, read_chat, read_hint, read_validation
from jupyter_tutor.llm.rubrics import read_rubric_reply, rubric_prompt
from jupyter_tutor.llm.sdk import load, open_client
from jupyter_tutor.services.model_ports import (
    ChatFacts,
    ChatReply,
    HintFacts,
    HintReply,
    Report,
    Validation,
)
from jupyter_tutor.services.rubric_ports import RubricFacts

if TYPE_CHECKING:
    from jupyter_tutor.llm.sdk import Client

_T = TypeVar("_T")

_LAST_WORDS: Final = 1.0
"""Seconds for the connection to end after the message has."""

_log = logging.getLogger(__name__)


class ClaudeTutorModel:
    """A `TutorModel` on an endpoint of the Messages API.

    Its client belongs to the event loop in which it is first used.

    Args:
        endpoint: Where it is.
        hosts: Names of this machine, which are not to leave it.
        places: Directories of it in which somebody's files are, likewise.
    """

    def __init__(
        self, endpoint: Endpoint, hosts: Collection[str] = (), places: Collection[str] = ()
    ) -> None:
        self._endpoint = endpoint
        self._redaction = Redaction(hosts, places)
        self._opening: asyncio.Task[Client] | None = None
        self._turnstile = asyncio.Lock()

    async def hint(
        self, facts: HintFacts, report: Report, *, again: str = "", seconds: float | None = None
    ) -> HintReply:
        """Write a hint; see `TutorModel`."""
        await self._turn()
        facts = self._redaction.of_hint(facts)
        prompt = hint_prompt(facts, again)
        call = _Call(Purpose.HINT, prompt, facts.learner.user_tag, report)
        return await self._ask(call, lambda text: read_hint(text, facts), seconds)

    async def validate(
        self,
        facts: HintFacts,
        reply: HintReply,
        report: Report,
        *,
        fix: str = "",
        seconds: float | None = None,
    ) -> Validation:
        """Read a hint once more; see `TutorModel`."""
        await self._turn()
        reply = self._redaction.of_reply(reply, facts.learner)
        fix = self._redaction.of_text(fix, facts.learner)
        facts = self._redaction.of_hint(facts)
        prompt = validation_prompt(facts, reply, fix)
        call = _Call(Purpose.VALIDATION, prompt, facts.learner.user_tag, report)
        return await self._ask(call, read_validation, seconds)

    async def converse(
        self, facts: ChatFacts, report: Report, *, again: str = "", seconds: float | None = None
    ) -> ChatReply:
        """Answer in a conversation; see `TutorModel`."""
        await self._turn()
        facts = self._redaction.of_chat(facts)
        prompt = chat_prompt(facts, again)
        call = _Call(Purpose.CHAT, prompt, facts.learner.user_tag, report)
        return await self._ask(call, lambda text: read_chat(text, facts), seconds)

    async def validate_answer(
        self,
        facts: ChatFacts,
        reply: ChatReply,
        report: Report,
        *,
        fix: str = "",
        seconds: float | None = None,
    ) -> Validation:
        """Read a reply of a conversation once more; see `TutorModel`."""
        await self._turn()
        reply = self._redaction.of_answer(reply, facts.learner)
        fix = self._redaction.of_text(fix, facts.learner)
        facts = self._redaction.of_chat(facts)
        prompt = answer_validation_prompt(facts, reply, fix)
        call = _Call(Purpose.VALIDATION, prompt, facts.learner.user_tag, report)
        return await self._ask(call, read_validation, seconds)

    async def assess(
        self, facts: RubricFacts, report: Report, *, seconds: float | None = None
    ) -> Sample:
        """Read an answer by a rubric; see `RubricModel`."""
        await self._turn()
        facts = self._redaction.of_rubric(facts)
        call = _Call(Purpose.RUBRIC, rubric_prompt(facts), facts.user_tag, report)
        return await self._ask(call, lambda text: read_rubric_reply(text, facts), seconds)

    async def warm(self) -> None:
        """Import the SDK and make the client now, in a thread, so that no learner waits for it.

        Raises:
            ModelUnavailable: The configuration can't be used.
        """
        await self._client()

    async def close(self) -> None:
        """Let go of connections."""
        opening, self._opening = self._opening, None
        if opening is not None:
            try:
                client = await opening
            except ModelUnavailable:
                return
            await client.close()

    async def _turn(self) -> None:
        """Wait until it is one's turn: one at each round of the loop.

        To word a prompt and to begin a call take some milliseconds each, and a class that asks at
        once would stop the server for as long as all of them take together.
        """
        async with self._turnstile:
            await asyncio.sleep(0)

    async def _client(self) -> "Client":
        if self._opening is None or (self._opening.done() and self._opening.exception()):
            opening = asyncio.to_thread(open_client, self._endpoint)
            self._opening = asyncio.create_task(opening)
        # Who gives up waiting leaves it to the others.
        return await asyncio.shield(self._opening)

    async def _ask(self, call: "_Call", read: Callable[[str], _T], seconds: float | None) -> _T:
        """Call until there is a reply, or no time, or no try left."""
        loop = asyncio.get_running_loop()
        allowed = self._endpoint.seconds if seconds is None else seconds
        deadline = loop.time() + allowed
        try:
            async with asyncio.timeout_at(deadline):
                client = await self._client()
        except TimeoutError:
            raise ModelUnavailable("The tutor's model was not ready in time.") from None
        tries = 0
        while True:
            tries += 1
            try:
                return await self._once(client, call, read, deadline)
            except CallFailed as failed:
                said = (call.purpose, self._endpoint.name, failed.outcome, failed.cause)
                _log.warning("%s by %s ended as %s (%s)", *said)
                # Sixty that were turned away together should not come back together.
                jitter = random.uniform(1.0, 1.5)  # noqa: S311 - nothing secret
                pause = max(failed.wait or 0.0, self._endpoint.pause * tries) * jitter
                late = loop.time() + pause >= deadline
                if not failed.may_pass or tries >= self._endpoint.tries or late:
                    raise
            await asyncio.sleep(pause)

    async def _once(
        self, client: "Client", call: "_Call", read: Callable[[str], _T], deadline: float
    ) -> _T:
        """Make one call, and report it whatever becomes of it."""
        sdk = load(self._endpoint.client)
        started = time.monotonic()
        heard, outcome = Heard(), CallOutcome.FAILED
        try:
            try:
                await self._listen(client, call, heard, deadline)
            except TimeoutError:
                if not heard.ended:
                    raise CallFailed(CallOutcome.TIMED_OUT, "out of time") from None
            except sdk.faults as error:
                if not heard.ended:
                    raise failure(error, heard, sdk) from error
            if (fault := heard.fault()) is not None:
                raise fault
            reply = read(heard.text)
            outcome = CallOutcome.COMPLETED
        except CallFailed as failed:
            outcome = failed.outcome
            raise
        except ReplyInvalid as invalid:
            outcome = CallOutcome.INVALID
            raise CallFailed(outcome, invalid.message) from invalid
        except asyncio.CancelledError:
            outcome = CallOutcome.CANCELLED
            raise
        finally:
            call.report(self._record(call, heard, outcome, time.monotonic() - started))
        return reply

    async def _listen(self, client: "Client", call: "_Call", heard: Heard, deadline: float) -> None:
        """Send a request, and take in what comes, until the deadline."""
        fields = request_fields(self._endpoint, call.prompt, call.user_tag)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout_at(deadline) as limit:
            await self._turn()
            heard.is_open = True
            stream = await client.messages.create(**fields)
            heard.request_id = named_by(stream.response.headers)
            async with stream:
                async for event in stream:
                    heard.take(event)
                    if heard.too_long:
                        return
                    if heard.ended:
                        limit.reschedule(min(deadline, loop.time() + _LAST_WORDS))

    def _record(
        self, call: "_Call", heard: Heard, outcome: CallOutcome, seconds: float
    ) -> ModelCall:
        return ModelCall(
            purpose=call.purpose,
            endpoint=self._endpoint.name,
            model=self._endpoint.model,
            request_id=heard.request_id,
            usage=heard.usage,
            tier=Tier.STANDARD,
            outcome=outcome,
            seconds=seconds,
            unsaid=unsaid(heard, call.prompt, self._endpoint, outcome),
        )


class _Call:
    """What is asked, for whom, and who is told how it ended."""

    def __init__(self, purpose: Purpose, prompt: Prompt, user_tag: str, report: Report) -> None:
        self.purpose = purpose
        self.prompt = prompt
        self.user_tag = user_tag
        self.report = report
