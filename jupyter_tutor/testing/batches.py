"""An endpoint of batches that reads what its script says, without an endpoint."""

from collections.abc import Mapping

from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.model_calls import CallOutcome, ModelCall, Purpose, Tier, TokenUsage
from jupyter_tutor.domain.rubric_readings import Sample
from jupyter_tutor.services.model_ports import Report
from jupyter_tutor.services.rubric_ports import RubricFacts, check_names
from jupyter_tutor.testing.model import Reads

READ = TokenUsage(input=1_000, cache_write_5m=0, cache_write_1h=0, cache_read=2_000, output=100)


class ScriptedBatchModel:
    """A `BatchModel` in memory.

    Attributes:
        reads: Says what each reading comes to; None: it failed.
        batches: What was handed in, by name of the batch.
        ended: Whether batches have ended: set it to False to keep them running.
        available: Set it to False to make every call fail.
    """

    def __init__(self, reads: Reads) -> None:
        self.reads = reads
        self.batches: dict[str, Mapping[str, RubricFacts]] = {}
        self.ended = True
        self.available = True

    async def begin_batch(self, requests: Mapping[str, RubricFacts]) -> str:
        """Hand in answers to be read."""
        check_names(requests)
        self._check()
        name = f"batch-{len(self.batches) + 1}"
        self.batches[name] = dict(requests)
        return name

    async def collect(
        self, batch: str, requests: Mapping[str, RubricFacts], report: Report
    ) -> Mapping[str, Sample | CallOutcome] | None:
        """Fetch what was read."""
        self._check()
        if not self.ended:
            return None
        handed_in, found = self.batches[batch], {}
        for name in requests:
            sample = self.reads(handed_in[name]) if name in handed_in else None
            outcome = CallOutcome.FAILED if sample is None else CallOutcome.COMPLETED
            used = None if sample is None else READ
            call = ("scripted", "scripted-1", f"{batch}/{name}", used, Tier.BATCH, outcome, 0.0)
            report(ModelCall(Purpose.RUBRIC, *call))
            found[name] = sample or outcome
        return found

    def _check(self) -> None:
        if not self.available:
            raise ModelUnavailable("The scripted endpoint does not answer.")
