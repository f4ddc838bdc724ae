"""Batches of readings at an endpoint of the Messages API: handed in, and fetched within a day."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from jupyter_tutor.domain.endpoints import Endpoint, EndpointClient
from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.model_calls import CallOutcome, ModelCall, Purpose, Tier
from jupyter_tutor.domain.rubric_readings import Sample
from jupyter_tutor.llm.calls import CallFailed, Heard, failure, outcome_of, request_fields
from jupyter_tutor.llm.estimates import unsaid
from jupyter_tutor.llm.outgoing import Redaction
from jupyter_tutor.llm.prompts import Prompt
from jupyter_tutor.llm.replies import ReplyInvalid
from jupyter_tutor.llm.rubrics import read_rubric_reply, rubric_prompt
from jupyter_tutor.llm.sdk import address, load, open_client
from jupyter_tutor.services.model_ports import Report
from jupyter_tutor.services.rubric_ports import BatchNotTaken, RubricFacts, check_names

if TYPE_CHECKING:
    from jupyter_tutor.llm.sdk import Client

_T = TypeVar("_T")

_UNREAD: Final = {"expired": CallOutcome.TIMED_OUT, "canceled": CallOutcome.CANCELLED}

_WHOLE_SECONDS: Final = 600.0
"""For a batch to go there or its results to come back: megabytes, and not one answer."""

_NOT_TAKEN: Final = frozenset({400, 401, 402, 403, 404, 413, 422, 429})
"""Statuses that say of a batch that it was not taken; after others nobody knows."""

_log = logging.getLogger(__name__)


class ClaudeBatches:
    """A `BatchModel` on an endpoint of the Messages API. It holds no connection between calls.

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

    async def begin_batch(self, requests: Mapping[str, RubricFacts]) -> str:
        """Hand in answers to be read; see `BatchModel`."""
        check_names(requests)
        try:
            return await self._begun(requests)
        except CallFailed as failed:
            if getattr(failed.__cause__, "status_code", 0) in _NOT_TAKEN:
                raise BatchNotTaken(failed.message, details=failed.details) from failed
            raise
        except ModelUnavailable as error:
            # Whatever else is wrong is found before anything is sent.
            raise BatchNotTaken(error.message) from error

    async def _begun(self, requests: Mapping[str, RubricFacts]) -> str:
        asked: Any = [
            {"custom_id": name, "params": self._fields(facts)} for name, facts in requests.items()
        ]

        async def begin(client: "Client") -> str:
            made = await client.messages.batches.create(requests=asked)
            if not isinstance(made.id, str) or not made.id:
                raise CallFailed(CallOutcome.INVALID, "the batch has no name")
            return made.id

        return await self._with_client(begin)

    async def collect(
        self, batch: str, requests: Mapping[str, RubricFacts], report: Report
    ) -> Mapping[str, Sample | CallOutcome] | None:
        """Fetch what was read; see `BatchModel`."""

        async def fetch(client: "Client") -> dict[str, Any] | None:
            async with asyncio.timeout(self._endpoint.seconds):
                told = await client.messages.batches.retrieve(batch)
            if told.processing_status != "ended":
                return None
            # The SDK would carry the key to wherever this points.
            if _origin(told.results_url or "") != _origin(
                self._endpoint.url or address(self._endpoint)
            ):
                raise CallFailed(CallOutcome.INVALID, "results are somewhere else")
            found: dict[str, Any] = {}
            async for each in await client.messages.batches.results(batch):
                found.setdefault(each.custom_id, each.result)
            return found

        found = await self._with_client(fetch)
        if found is None:
            return None
        read = {
            name: self._read(f"{batch}/{name}", found.get(name), facts)
            for name, facts in requests.items()
        }
        for call, _said in read.values():
            report(call)
        return {name: said for name, (_call, said) in read.items()}

    def _fields(self, facts: RubricFacts) -> dict[str, Any]:
        fields = request_fields(self._endpoint, self._prompt(facts), facts.user_tag)
        del fields["stream"]
        return fields

    def _prompt(self, facts: RubricFacts) -> Prompt:
        return rubric_prompt(self._redaction.of_rubric(facts))

    def _read(
        self, request_id: str, result: object, facts: RubricFacts
    ) -> tuple[ModelCall, Sample | CallOutcome]:
        """Return what is recorded of a request, and what was said."""
        heard = Heard(request_id)
        said: Sample | CallOutcome
        match getattr(result, "type", None):
            case "succeeded":
                heard.take_whole(getattr(result, "message", None))
                said = _said(heard, facts)
            case "errored":
                error = getattr(getattr(result, "error", None), "error", None)
                said = outcome_of(str(getattr(error, "type", "")))
            case other:
                said = _UNREAD.get(str(other), CallOutcome.FAILED)
        outcome = said if isinstance(said, CallOutcome) else CallOutcome.COMPLETED
        call = ModelCall(
            purpose=Purpose.RUBRIC,
            endpoint=self._endpoint.name,
            model=self._endpoint.model,
            request_id=request_id,
            usage=heard.usage,
            tier=Tier.BATCH,
            outcome=outcome,
            seconds=0.0,
            unsaid=unsaid(heard, self._prompt(facts), self._endpoint, outcome),
        )
        return call, said

    async def _with_client(self, ask: Callable[["Client"], Awaitable[_T]]) -> _T:
        """Ask with a client of its own; whatever fails is a `CallFailed`."""
        if self._endpoint.client is not EndpointClient.ANTHROPIC:
            raise ModelUnavailable("The endpoint of the tutor's model takes no batches.")
        seconds = max(_WHOLE_SECONDS, self._endpoint.seconds)
        client = await asyncio.to_thread(open_client, replace(self._endpoint, seconds=seconds))
        sdk = load(self._endpoint.client)
        try:
            async with asyncio.timeout(seconds):
                return await ask(client)
        except TimeoutError:
            failed = CallFailed(CallOutcome.TIMED_OUT, "out of time")
            raise failed from None
        except sdk.faults as error:
            failed = failure(error, Heard(), sdk)
            _log.warning("a batch at %s: %s (%s)", self._endpoint.name, *_told(failed))
            raise failed from error
        finally:
            await client.close()


def _told(failed: CallFailed) -> tuple[str, str]:
    return failed.outcome.value, failed.cause


def _said(heard: Heard, facts: RubricFacts) -> Sample | CallOutcome:
    if (fault := heard.fault()) is not None:
        return fault.outcome
    try:
        return read_rubric_reply(heard.text, facts)
    except ReplyInvalid:
        return CallOutcome.INVALID


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
