"""Batches of messages: made at once, ended after some looks, results in another order."""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fake_api.scenarios import Expire, Reply, Scenario, Status, error_body

Answer = Callable[[Reply, Mapping[str, Any]], dict[str, Any]]

_numbers = itertools.count(1)
_AT = "2026-11-01T00:00:00Z"
_NEXT_DAY = "2026-11-02T00:00:00Z"


@dataclass
class Batch:
    """One batch.

    Attributes:
        requests: What was asked, by the name each has in it.
        scenarios: What becomes of each, likewise.
        looks: How often it has to be asked for before it has ended.
    """

    requests: dict[str, Mapping[str, Any]]
    scenarios: dict[str, Scenario]
    looks: int
    id: str = field(default_factory=lambda: f"msgbatch_{next(_numbers)}")
    cancelled: bool = False

    def look(self) -> None:
        """Come one look nearer to the end."""
        self.looks = max(0, self.looks - 1)

    def told(self, url: str) -> dict[str, Any]:
        """Return it as the API says it; the results have an address of their own."""
        kinds = [self._kind(name) for name in self.requests] if not self.looks else []
        counts = {
            kind: kinds.count(kind) for kind in ("succeeded", "errored", "canceled", "expired")
        }
        ended = not self.looks
        return {
            "id": self.id,
            "type": "message_batch",
            "processing_status": "ended" if ended else "in_progress",
            "request_counts": {**counts, "processing": 0 if ended else len(self.requests)},
            "created_at": _AT,
            "expires_at": _NEXT_DAY,
            "ended_at": _AT if ended else None,
            "cancel_initiated_at": _AT if self.cancelled else None,
            "archived_at": None,
            "results_url": f"{url}/v1/messages/batches/{self.id}/results" if ended else None,
        }

    def _kind(self, name: str) -> str:
        if self.cancelled:
            return "canceled"
        scenario = self.scenarios[name]
        if isinstance(scenario, Expire):
            return "expired"
        return "succeeded" if isinstance(scenario, Reply) else "errored"

    def results(self, answer: Answer) -> str:
        """Return the results, a line each, the last request first."""
        lines = []
        for name in reversed(self.requests):
            kind, scenario = self._kind(name), self.scenarios[name]
            result: dict[str, Any] = {"type": kind}
            if kind == "succeeded" and isinstance(scenario, Reply):
                made = answer(scenario, self.requests[name])
                if "usage" in made:
                    made["usage"]["service_tier"] = "batch"
                result["message"] = made
            elif kind == "errored":
                status = scenario if isinstance(scenario, Status) else Status(500)
                result["error"] = error_body(status)
            lines.append(json.dumps({"custom_id": name, "result": result}))
        return "".join(f"{line}\n" for line in lines)
