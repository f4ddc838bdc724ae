"""Calls of a language model: what for, what they used, how they ended, what they cost.

Every call that left this machine is recorded, whatever became of it: one that was cancelled or cut
may have been paid for as well.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Purpose(StrEnum):
    """What a model is asked for."""

    HINT = "hint"
    VALIDATION = "validation"
    CHAT = "chat"
    RUBRIC = "rubric"


class Tier(StrEnum):
    """How a call is charged: at once, or at half the price within a day."""

    STANDARD = "standard"
    BATCH = "batch"


class CallOutcome(StrEnum):
    """How a call ended."""

    COMPLETED = "completed"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    INVALID = "invalid"
    CANCELLED = "cancelled"
    CUT = "cut"
    TIMED_OUT = "timed_out"
    UNAUTHORIZED = "unauthorized"
    OUT_OF_CREDIT = "out_of_credit"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    UNREACHABLE = "unreachable"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens of one call, as the endpoint reported them; None is "not reported", never zero.

    The four classes of input do not overlap: all of them together went in.

    Attributes:
        input: Read at the full price.
        cache_write_5m: Stored for five minutes.
        cache_write_1h: Stored for an hour.
        cache_read: Found stored.
        output: Written, thinking included.
    """

    input: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    cache_read: int | None = None
    output: int | None = None

    @property
    def total_input(self) -> int:
        """All tokens that went in, as far as they were reported."""
        parts = (self.input, self.cache_write_5m, self.cache_write_1h, self.cache_read)
        return sum(part or 0 for part in parts)


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call of an endpoint.

    Attributes:
        purpose: What for.
        endpoint: Name of the endpoint in the configuration.
        model: The model that was asked.
        request_id: The endpoint's own name of the call, or "".
        usage: What it used; None when the endpoint never said.
        tier: How it is charged.
        outcome: How it ended.
        seconds: How long it took.
        unsaid: What it used beside, by estimate, where the endpoint did not say it. It is charged,
            and not kept: tokens in the ledger are those that were reported.
    """

    purpose: Purpose
    endpoint: str
    model: str
    request_id: str
    usage: TokenUsage | None
    tier: Tier
    outcome: CallOutcome
    seconds: float
    unsaid: TokenUsage | None = None

    def kept_for(self, learner_id: UUID | None) -> "ModelCall":
        """Return the call as the ledger keeps it, for a learner or for one who was erased.

        Without the endpoint's name of the call nobody finds there what was sent for them.
        """
        known = self.request_id if learner_id is not None else ""
        return replace(self, unsaid=None, request_id=known)

    @property
    def charged(self) -> TokenUsage | None:
        """What it is charged for: what was reported, and by estimate what was not."""
        if self.usage is None or self.unsaid is None:
            return self.usage or self.unsaid
        guessed = {each.name: getattr(self.unsaid, each.name) for each in fields(TokenUsage)}
        known = {name: value for name, value in guessed.items() if value is not None}
        return replace(self.usage, **known)


@dataclass(frozen=True, slots=True)
class UsageRecord:
    """A call in the ledger.

    Attributes:
        id: Key (UUIDv7).
        call: What was called.
        learner_id: For whom, or None once they were erased.
        course_slug: In which course.
        exercise_slug: About which exercise, or "".
        price_version: Of the prices it was charged by, or "" where the endpoint costs nothing.
        cost: In US dollars. Where the endpoint did not say what was used it is an estimate, and 0
            where the call was turned away.
        created_at: When it ended (UTC, database time).
    """

    id: UUID
    call: ModelCall
    learner_id: UUID | None
    course_slug: str
    exercise_slug: str
    price_version: str
    cost: Decimal
    created_at: datetime

    @property
    def is_estimated(self) -> bool:
        """Whether the endpoint did not say all that the cost was reckoned from."""
        told = self.call.usage or TokenUsage()
        return self.cost > 0 and (told.output is None or told.total_input == 0)
