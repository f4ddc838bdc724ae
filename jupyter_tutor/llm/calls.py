"""One call of a model: what is sent, what arrives, how it ended, what it used.

Answers are streamed, though they are delivered whole: so that a cancelled call ends at the endpoint
as well, and what a broken one used is known as far as the endpoint had said it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from jupyter_tutor.domain.endpoints import Endpoint
from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.model_calls import CallOutcome, TokenUsage
from jupyter_tutor.llm.prompts import Prompt
from jupyter_tutor.llm.sdk import Sdk

_MOST_LETTERS: Final = 60_000
_LONGEST_TAG: Final = 64

_STOPPED: Final = {
    "refusal": CallOutcome.REFUSED,
    "max_tokens": CallOutcome.TRUNCATED,
    "model_context_window_exceeded": CallOutcome.TRUNCATED,
    "tool_use": CallOutcome.INVALID,
    "pause_turn": CallOutcome.INVALID,
}
"""Ends of a message without a whole answer in it."""

_KINDS: Final = {
    "authentication_error": CallOutcome.UNAUTHORIZED,
    "permission_error": CallOutcome.UNAUTHORIZED,
    "billing_error": CallOutcome.OUT_OF_CREDIT,
    "rate_limit_error": CallOutcome.RATE_LIMITED,
    "overloaded_error": CallOutcome.OVERLOADED,
    "timeout_error": CallOutcome.TIMED_OUT,
    "throttlingException": CallOutcome.RATE_LIMITED,
    "serviceUnavailableException": CallOutcome.OVERLOADED,
}
"""Kinds of errors, of the API and of Bedrock; what they are in a stream has no status."""

_CODES: Final = {
    401: CallOutcome.UNAUTHORIZED,
    402: CallOutcome.OUT_OF_CREDIT,
    403: CallOutcome.UNAUTHORIZED,
    408: CallOutcome.TIMED_OUT,
    429: CallOutcome.RATE_LIMITED,
    503: CallOutcome.OVERLOADED,
    504: CallOutcome.TIMED_OUT,
    529: CallOutcome.OVERLOADED,
}
_NO_CREDIT: Final = ("spend_limit", "billing", "on_hold")
"""Parts of the codes of errors that money or a contract would mend, whatever their status."""

_THOUGHTS: Final = ("thinking", "redacted_thinking")
_NEVER_LEFT: Final = ("ConnectTimeout", "PoolTimeout")
"""Causes of a call that ran out of time before anything of it was sent."""

_PASSING: Final = frozenset(
    {CallOutcome.RATE_LIMITED, CallOutcome.OVERLOADED, CallOutcome.UNREACHABLE, CallOutcome.CUT}
)
_ONCE_MORE: Final = (408, 409)
_SERVER_ERROR: Final = 500


class CallFailed(ModelUnavailable):
    """A call gave no usable reply.

    Attributes:
        outcome: How it ended.
        cause: What the log may say of it: kinds and numbers, no text of anybody.
        may_pass: Whether another try may do better.
        wait: Seconds that the endpoint asked to wait, or None.
    """

    def __init__(
        self,
        outcome: CallOutcome,
        cause: str,
        *,
        may_pass: bool = False,
        wait: float | None = None,
    ) -> None:
        super().__init__(
            "The tutor's model gave no usable reply.", details={"outcome": outcome.value}
        )
        self.outcome = outcome
        self.cause = cause
        self.may_pass = may_pass
        self.wait = wait


@dataclass(slots=True)
class Heard:
    """What has arrived of an answer.

    Attributes:
        request_id: The endpoint's own name of the call.
        parts: The text, in pieces; what the model thought is not in it.
        counts: The last number that was said for each count of tokens.
        stop_reason: Why the message ended, by the endpoint's account.
        begun: Whether a message began.
        ended: Whether it ended in order.
        is_open: Whether the request has left, and no answer said that it came to nothing.
        beside: What was written that is no text of the answer: thoughts that are shown, tools.
        least_output: The tokens of output that the beginning of a message told of.
    """

    request_id: str = ""
    parts: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    stop_reason: str | None = None
    begun: bool = False
    ended: bool = False
    is_open: bool = False
    beside: str = ""
    least_output: int = 0
    _letters: int = 0
    _thinks: bool = False
    _shown: bool = False

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self.parts)

    @property
    def too_long(self) -> bool:
        """Whether more came than any answer needs."""
        return self._letters > _MOST_LETTERS

    @property
    def hides_thoughts(self) -> bool:
        """Whether the model began to think and none of it was shown."""
        return self._thinks and not self._shown

    def take(self, event: object) -> None:
        """Take an event of the stream, of whatever form it may be."""
        match getattr(event, "type", None):
            case "message_start":
                self.begun = True
                self._count(getattr(getattr(event, "message", None), "usage", None))
                # What is said of the output now is no more than that there is some.
                self.least_output = self.counts.pop("output_tokens", 0)
            case "content_block_delta":
                delta = getattr(event, "delta", None)
                text = getattr(delta, "text", None)
                if getattr(delta, "type", None) == "text_delta" and isinstance(text, str):
                    self.parts.append(text)
                    self._letters += len(text)
                else:
                    self._take_beside(delta)
            case "content_block_start":
                block = getattr(event, "content_block", None)
                text = getattr(block, "text", None)
                if getattr(block, "type", None) == "text" and isinstance(text, str):
                    self.parts.append(text)
                elif getattr(block, "type", None) in _THOUGHTS:
                    self._thinks = True
            case "message_delta":
                reason = getattr(getattr(event, "delta", None), "stop_reason", None)
                self.stop_reason = reason if isinstance(reason, str) else self.stop_reason
                self._count(getattr(event, "usage", None))
            case "message_stop":
                self.ended = True

    def _take_beside(self, delta: object) -> None:
        """Keep what was written that is no text of the answer: it is charged for as well."""
        thought = getattr(delta, "thinking", None)
        if isinstance(thought, str) and thought:
            self._shown = True
            self.beside += thought
        told = getattr(delta, "partial_json", None)
        self.beside += told if isinstance(told, str) else ""

    def take_whole(self, message: object) -> None:
        """Take a message that did not come as a stream."""
        self.begun = self.ended = getattr(message, "type", None) == "message"
        for block in getattr(message, "content", None) or ():
            text = getattr(block, "text", None)
            if getattr(block, "type", None) == "text" and isinstance(text, str):
                self.parts.append(text)
                self._letters += len(text)
        reason = getattr(message, "stop_reason", None)
        self.stop_reason = reason if isinstance(reason, str) else None
        self._count(getattr(message, "usage", None))

    def _count(self, usage: object) -> None:
        """Keep what is said of tokens: numbers are totals, and take the place of earlier ones."""
        kept = getattr(usage, "cache_creation", None)
        for source, names in (
            (usage, ("input_tokens", "output_tokens")),
            (usage, ("cache_creation_input_tokens", "cache_read_input_tokens")),
            (kept, ("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")),
        ):
            for name in names:
                value = getattr(source, name, None)
                if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
                    self.counts[name] = value

    @property
    def usage(self) -> TokenUsage | None:
        """What was used as far as it was said; None when nothing was.

        What was stored without a word on how long counts as stored for an hour: that is what is
        asked for.
        """
        if not self.counts:
            return None
        five = self.counts.get("ephemeral_5m_input_tokens")
        hour = self.counts.get("ephemeral_1h_input_tokens")
        written = self.counts.get("cache_creation_input_tokens")
        if written is not None:
            hour = max(written - (five or 0), 0)
        return TokenUsage(
            input=self.counts.get("input_tokens"),
            cache_write_5m=five,
            cache_write_1h=hour,
            cache_read=self.counts.get("cache_read_input_tokens"),
            output=self.counts.get("output_tokens"),
        )

    def fault(self) -> CallFailed | None:
        """Return why what arrived is no whole answer, or None when it is one."""
        if self.too_long:
            return CallFailed(CallOutcome.INVALID, "the answer does not end")
        if not self.begun:
            return CallFailed(CallOutcome.INVALID, "the answer is no stream of messages")
        if not self.ended:
            return CallFailed(CallOutcome.CUT, "the message has no end")
        if (outcome := _STOPPED.get(self.stop_reason or "")) is not None:
            return CallFailed(outcome, f"it stopped: {self.stop_reason}")
        return None


def request_fields(endpoint: Endpoint, prompt: Prompt, user_tag: str) -> dict[str, Any]:
    """Return what is sent, with nothing in it that the endpoint does not know.

    Args:
        endpoint: What it can do.
        prompt: The question.
        user_tag: The learner's opaque name. What does not look like one is not sent.
    """
    exercise: dict[str, Any] = {"type": "text", "text": prompt.exercise}
    if endpoint.caching:
        exercise["cache_control"] = {"type": "ephemeral", "ttl": "1h"}
    question = [{"type": "text", "text": prompt.question}]
    fields: dict[str, Any] = {
        "model": endpoint.model,
        "max_tokens": endpoint.most_tokens,
        "system": [{"type": "text", "text": prompt.policy}, exercise],
        "messages": [{"role": "user", "content": question}],
        "stream": True,
    }
    if _is_opaque(user_tag):
        fields["metadata"] = {"user_id": user_tag}
    wanted: dict[str, Any] = {}
    if endpoint.effort:
        wanted["effort"] = endpoint.effort
    if endpoint.structured_output:
        wanted["format"] = {"type": "json_schema", "schema": dict(prompt.schema)}
    return {**fields, "output_config": wanted} if wanted else fields


def _is_opaque(tag: str) -> bool:
    return len(tag) == _LONGEST_TAG and set(tag) <= set("0123456789abcdef")


def named_by(headers: Mapping[str, str]) -> str:
    """Return what an endpoint calls a call, by the headers of its answer, or ""."""
    return headers.get("request-id") or headers.get("x-amzn-requestid") or ""


def failure(error: Exception, heard: Heard, sdk: Sdk) -> CallFailed:
    """Return what an error of the SDK means.

    Args:
        error: One of its faults.
        heard: What had arrived.
        sdk: Its classes.
    """
    name = type(error).__name__
    if isinstance(error, sdk.status_error):
        return _refused(error, heard)
    if isinstance(error, sdk.timeout_error | sdk.read_timeout):
        heard.is_open = type(error.__cause__).__name__ not in _NEVER_LEFT
        return CallFailed(CallOutcome.TIMED_OUT, name)
    if isinstance(error, sdk.connection_error):
        cause = error.__cause__
        # Somebody answered the call, and hung up: another thing than nobody being there.
        cut = isinstance(cause, sdk.broken) and "Protocol" in type(cause).__name__
        outcome = CallOutcome.CUT if cut else CallOutcome.UNREACHABLE
        return CallFailed(outcome, f"{name}: {type(cause).__name__}", may_pass=True)
    if isinstance(error, sdk.broken | OSError):
        return CallFailed(CallOutcome.CUT, name, may_pass=not heard.begun)
    if heard.begun:
        return CallFailed(CallOutcome.INVALID, name)
    return CallFailed(CallOutcome.FAILED, name)


def _refused(error: Exception, heard: Heard) -> CallFailed:
    """Read an error that the endpoint answered with, at once or in the middle of a stream."""
    heard.is_open = False
    status = getattr(error, "status_code", 0)
    kind = str(getattr(error, "type", None) or "")
    code = str(getattr(error, "error_code", None) or "")
    outcome = _CODES.get(status) or _KINDS.get(kind, CallOutcome.FAILED)
    if any(part in code for part in _NO_CREDIT):
        outcome = CallOutcome.OUT_OF_CREDIT
    headers = getattr(getattr(error, "response", None), "headers", {})
    told_id = getattr(error, "request_id", None) or named_by(headers)
    heard.request_id = heard.request_id or str(told_id)
    passing = outcome in _PASSING or status in _ONCE_MORE or status >= _SERVER_ERROR
    wish = headers.get("x-should-retry", "")
    if wish in ("true", "false"):
        passing = wish == "true"
    told = " ".join(part for part in (str(status), kind, code) if part)
    may_pass = passing and not heard.begun
    return CallFailed(outcome, told, may_pass=may_pass, wait=wait_of(headers.get("retry-after")))


def outcome_of(kind: str) -> CallOutcome:
    """Return what an error of the API means by its kind alone."""
    return _KINDS.get(kind, CallOutcome.FAILED)


def wait_of(told: str | None) -> float | None:
    """Return the seconds that an endpoint asks for, as a number or as a date (RFC 9110, 10.2.3).

    A date that is past asks for none; nonsense is no answer.
    """
    try:
        seconds = float(told or "")
    except ValueError:
        seconds = _until(told or "")
    return seconds if 0 <= seconds < float("inf") else None


def _until(date: str) -> float:
    """Return the seconds until a date by the clock of this machine; NaN where it is none."""
    try:
        at = parsedate_to_datetime(date)
    except ValueError:
        return float("nan")
    # A date without a zone is one of Greenwich.
    return max((at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)
