"""Metrics: what is counted, and that nothing of a learner is in it."""

import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from jupyter_tutor.domain.errors import KernelUnavailable, Unavailable
from jupyter_tutor.metrics import Metrics
from jupyter_tutor.services.grading import GradingService
from tests.small_course import COURSE, ENDLESS, PARTIAL, RAISING, RIGHT
from tests.unit.services.desk import Desk

Samples = dict[tuple[str, ...], float]


@pytest.fixture
def desk() -> Desk:
    """The services, with metrics."""
    desk = Desk()
    desk.metrics = Metrics(desk.database, templates=lambda: 3, isolation=lambda: "landlock")  # type: ignore[attr-defined]
    desk.grading = GradingService(desk.database, desk.runner, engine="1", meter=_metrics(desk))
    return desk


def _metrics(desk: Desk) -> Metrics:
    found = desk.metrics  # type: ignore[attr-defined]
    assert isinstance(found, Metrics)
    return found


def _samples(desk: Desk) -> Samples:
    """Return each sample by its name and the values of its labels."""
    return {
        (
            sample.name.removeprefix("jupyter_tutor_"),
            *(value for _, value in sorted(sample.labels.items())),
        ): (sample.value)
        for family in text_string_to_metric_families(_metrics(desk).text())
        for sample in family.samples
    }


def test_verdicts_are_counted_by_class_and_reuse(desk: Desk) -> None:
    for source in (RIGHT, PARTIAL, RAISING, ENDLESS, RIGHT):
        desk.check(source)
    desk.work()
    samples = _samples(desk)

    assert {key: value for key, value in samples.items() if key[0] == "verdicts_total"} == {
        ("verdicts_total", "check", "no", "passed"): 1,
        ("verdicts_total", "check", "no", "failed"): 1,
        ("verdicts_total", "check", "no", "error"): 1,
        ("verdicts_total", "check", "no", "limit"): 1,
        ("verdicts_total", "check", "yes", "passed"): 1,
    }
    assert samples["run_seconds_count", "check"] == 4
    assert samples["queue_wait_seconds_count", "check"] == 5
    assert samples["queue_wait_seconds_sum", "check"] > 0
    assert samples["kills_total", "timeout"] == 2
    assert samples["kills_total", "memory_limit"] == 0


def test_what_is_now_is_asked_when_it_is_read(desk: Desk) -> None:
    desk.check()
    desk.submit()
    samples = _samples(desk)

    assert samples["queue_depth", "grade_attempt"] == 1
    assert samples["queue_depth", "grade_submission"] == 1
    assert samples["queue_depth", "grade_withheld"] == 0
    assert samples["templates_started_total",] == 3
    assert samples["isolation", "landlock"] == 1
    assert samples["running", "check"] == 0
    desk.work()
    assert _samples(desk)["queue_depth", "grade_attempt"] == 0


def test_a_run_that_gives_no_report_is_a_failure_and_no_verdict(desk: Desk) -> None:
    attempt = desk.check()
    desk.runner.unavailable = True
    with pytest.raises(KernelUnavailable):
        desk.grading.grade_attempt(attempt.id)
    samples = _samples(desk)

    assert samples["run_failures_total", "check"] == 1
    assert samples["running", "check"] == 0
    assert not any(key[0] == "verdicts_total" for key in samples)


def test_a_lost_database_leaves_the_rest_readable(desk: Desk) -> None:
    desk.database.available = False
    samples = _samples(desk)

    assert not any(key[0] == "queue_depth" for key in samples)
    assert samples["templates_started_total",] == 3


def test_nothing_of_a_learner_or_a_course_is_in_it(desk: Desk) -> None:
    attempt, submission = desk.check(), desk.submit()
    desk.work()
    text = _metrics(desk).text()

    for secret in (str(attempt.id), str(submission.id), str(desk.ada), COURSE, "ada", "double"):
        assert not re.search(rf"\b{secret}\b", text)


def test_the_default_registry_has_none_of_it(desk: Desk) -> None:
    desk.check()
    desk.work()

    assert not [each for each in REGISTRY.collect() if each.name.startswith("jupyter_tutor")]


@contextmanager
def _serving(metrics: Metrics) -> Iterator[int]:
    for port in range(28_171, 28_271):
        try:
            stop = metrics.serve(port)
        except Unavailable:
            continue
        try:
            yield port
        finally:
            stop()
        return
    pytest.fail("no port is free")


def test_a_worker_serves_them_and_stops(desk: Desk) -> None:
    with _serving(_metrics(desk)) as port:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
            assert b"jupyter_tutor_queue_depth" in answer.read()
        with pytest.raises(Unavailable, match="worker_metrics_port"):
            _metrics(desk).serve(port)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20)
