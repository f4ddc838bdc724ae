"""Metrics for Prometheus: the adapter between what grading tells of itself and prometheus-client.

May import: domain, services.
Must not import: any other room.

The registry is our own: Jupyter Server has the default one, and shows it to whoever asks. No label
holds anything of a learner, a course or an exercise.
"""

import threading
from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import start_http_server
from prometheus_client.registry import Collector

from jupyter_tutor.domain.errors import TutorError, Unavailable
from jupyter_tutor.domain.observations import Ending, TestReport
from jupyter_tutor.domain.verdicts import Outcome, Verdict
from jupyter_tutor.services.metering import GradingKind
from jupyter_tutor.services.ports import UnitOfWorkFactory

_PREFIX: Final = "jupyter_tutor"
_RUN_BUCKETS: Final = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60)
_WAIT_BUCKETS: Final = (0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)
_KILLS: Final = frozenset(Ending) - {Ending.COMPLETED, Ending.RAISED, Ending.NOT_RUN}
_LIMITS: Final = frozenset(Outcome) - {
    Outcome.PASSED,
    Outcome.FAILED,
    Outcome.ERROR,
    Outcome.NOT_RUN,
}


class Metrics:
    """Counts what happens in this process, and asks the queue for its length when it is read.

    Implements `services.metering.GradingMeter`.
    """

    def __init__(
        self,
        open_uow: UnitOfWorkFactory,
        *,
        templates: Callable[[], int] | None = None,
        isolation: Callable[[], str] | None = None,
    ) -> None:
        """Create the registry.

        Args:
            open_uow: Opens transactions, for the length of the queue.
            templates: Says how many templates were started; None where nothing is graded.
            isolation: Says which isolation is in force; None where nothing is graded.
        """
        registry = self._registry = CollectorRegistry()
        self._wait = Histogram(
            f"{_PREFIX}_queue_wait_seconds",
            "From the request to its run.",
            ["kind"],
            buckets=_WAIT_BUCKETS,
            registry=registry,
        )
        self._run = Histogram(
            f"{_PREFIX}_run_seconds",
            "How long runs took, without those that were answered from an earlier report.",
            ["kind"],
            buckets=_RUN_BUCKETS,
            registry=registry,
        )
        self._running = Gauge(
            f"{_PREFIX}_running", "Runs that are under way.", ["kind"], registry=registry
        )
        self._verdicts = Counter(
            f"{_PREFIX}_verdicts",
            "Verdicts by class (passed, failed, error, limit) and whether an earlier one was used.",
            ["kind", "verdict", "reused"],
            registry=registry,
        )
        self._kills = Counter(
            f"{_PREFIX}_kills",
            "Cells and tests that were ended by a limit, or died.",
            ["reason"],
            registry=registry,
        )
        self._failures = Counter(
            f"{_PREFIX}_run_failures",
            "Runs that gave no report, which is our fault; they are tried again.",
            ["kind"],
            registry=registry,
        )
        for kind in GradingKind:
            self._running.labels(kind.value).set(0)
        for reason in _KILLS:
            self._kills.labels(reason.value)
        registry.register(_Live(open_uow, templates, isolation))

    def waited(self, kind: GradingKind, seconds: float) -> None:
        """Note how long something waited for its run."""
        self._wait.labels(kind.value).observe(max(seconds, 0.0))

    def began(self, kind: GradingKind) -> None:
        """Note that a run begins."""
        self._running.labels(kind.value).inc()

    def ended(self, kind: GradingKind, seconds: float, report: TestReport | None) -> None:
        """Note that it has ended, with what it showed, or None when it gave no report."""
        self._running.labels(kind.value).dec()
        if report is None:
            self._failures.labels(kind.value).inc()
            return
        self._run.labels(kind.value).observe(seconds)
        for seen in (*report.cells, *report.tests):
            if seen.ending in _KILLS:
                self._kills.labels(seen.ending.value).inc()

    def judged(self, kind: GradingKind, verdict: Verdict, *, reused: bool) -> None:
        """Note a verdict, and whether it is that on an identical answer."""
        labels = (kind.value, verdict_class(verdict), "yes" if reused else "no")
        self._verdicts.labels(*labels).inc()

    def text(self) -> str:
        """Return everything in Prometheus' text format."""
        return generate_latest(self._registry).decode()

    def serve(self, port: int) -> Callable[[], None]:
        """Serve the metrics on 127.0.0.1, in a thread of its own; returns what ends that.

        Raises:
            Unavailable: Something else has the port.
        """
        try:
            server, thread = start_http_server(port, "127.0.0.1", self._registry)
        except OSError as error:
            raise Unavailable(
                f"Metrics can't be served on port {port}: {error.strerror}. Set "
                "Tutor.worker_metrics_port to a free one."
            ) from error

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop


def verdict_class(verdict: Verdict) -> str:
    """Return "passed", or the worst of "limit", "error" and "failed" among the results."""
    if verdict.passed:
        return "passed"
    outcomes = {result.outcome for result in (*verdict.results, *verdict.cells)}
    if outcomes & _LIMITS:
        return "limit"
    return "error" if Outcome.ERROR in outcomes else "failed"


class _Live(Collector):
    """What is asked for at the moment of reading."""

    def __init__(
        self,
        open_uow: UnitOfWorkFactory,
        templates: Callable[[], int] | None,
        isolation: Callable[[], str] | None,
    ) -> None:
        self._open = open_uow
        self._templates = templates
        self._isolation = isolation
        self._turn = threading.Lock()

    def describe(self) -> Iterator[Metric]:
        """Return nothing, so that registering it asks nobody."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Ask; what can't be told now is left out."""
        depth = GaugeMetricFamily(f"{_PREFIX}_queue_depth", "Jobs that wait.", labels=["job"])
        try:
            with self._turn, self._open() as uow:
                lengths = dict(uow.jobs.lengths())
        except TutorError:
            pass
        else:
            names = ("grade_attempt", "grade_submission", "grade_withheld")
            for name in (*names, *sorted(lengths.keys() - set(names))):
                depth.add_metric([name], lengths.get(name, 0))
            yield depth
        if self._templates is not None:
            yield CounterMetricFamily(
                f"{_PREFIX}_templates_started",
                "Template processes that were started.",
                value=self._templates(),
            )
        if self._isolation is not None:
            level = GaugeMetricFamily(
                f"{_PREFIX}_isolation", "1 at the isolation in force.", labels=["level"]
            )
            level.add_metric([self._isolation()], 1)
            yield level
