"""What a call used of which its endpoint did not say it: estimated, so that nothing is for nothing.

Who takes a question back, or loses the connection, is not told the count at the end of the stream;
the endpoint charges for what it had read and written all the same.
"""

import json
from typing import Final

from jupyter_tutor.domain.endpoints import Endpoint
from jupyter_tutor.domain.model_calls import CallOutcome, TokenUsage
from jupyter_tutor.domain.token_sizes import most_tokens_of
from jupyter_tutor.llm.calls import Heard
from jupyter_tutor.llm.prompts import Prompt

_LEFT_WAITING: Final = frozenset({CallOutcome.CANCELLED, CallOutcome.TIMED_OUT, CallOutcome.CUT})
"""Ends after which an endpoint may be at work still, or have been, without a word on it."""


def unsaid(
    heard: Heard, prompt: Prompt, endpoint: Endpoint, outcome: CallOutcome
) -> TokenUsage | None:
    """Return an estimate of what the endpoint did not say; None where it said all or did nothing.

    What was heard of the input is exact, and not estimated. The output is what was heard of it; of
    thoughts that were begun and not shown nobody knows how long they were, so that they count as
    the longest reply. A call that was turned away or never left used nothing.

    Args:
        heard: What had arrived.
        prompt: What was asked.
        endpoint: Where.
        outcome: How it ended.
    """
    if not heard.begun and not (heard.is_open and outcome in _LEFT_WAITING):
        return None
    told = heard.usage or TokenUsage()
    read, written = None, None
    if told.total_input == 0:
        read = _asked(prompt, endpoint)
    if told.output is None:
        written = _written(heard, endpoint.most_tokens)
    return None if read is None and written is None else TokenUsage(input=read, output=written)


def _asked(prompt: Prompt, endpoint: Endpoint) -> int:
    schema = json.dumps(dict(prompt.schema)) if endpoint.structured_output else ""
    texts = (prompt.policy, prompt.exercise, prompt.question, schema)
    return sum(map(most_tokens_of, texts))


def _written(heard: Heard, most: int) -> int:
    if heard.hides_thoughts:
        return most
    return min(most, max(heard.least_output, most_tokens_of(heard.text + heard.beside)))
