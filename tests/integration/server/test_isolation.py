"""Isolation in force: a worker that may not run answers takes none, and everybody is told."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from jupyter_tutor.bootstrap import grading as bootstrap
from jupyter_tutor.bootstrap.engine import Engine, version
from jupyter_tutor.config import Settings, Tutor
from jupyter_tutor.domain.errors import KernelUnavailable
from jupyter_tutor.execution.levels import Isolation, Level
from jupyter_tutor.execution.supply import SandboxSupply
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage.database import Database
from tests.clean_database import empty

pytestmark = pytest.mark.postgres

LOG = logging.getLogger("tests.isolation")


@pytest.fixture
def settings(shared_database: str) -> Settings:
    """A classroom."""
    tutor = Tutor()
    tutor.database_url = shared_database
    return tutor.settings({})


@contextmanager
def _forbidden() -> Iterator[None]:
    """Have the system allow nothing that is accepted."""

    def refuse(_: SandboxSupply) -> Isolation:
        raise KernelUnavailable("Answers can't be run safely here.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SandboxSupply, "isolation", property(refuse))
        yield


def test_what_is_in_force_is_logged_once(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    engine = Engine(settings)
    assert engine.level == "none"
    caplog.set_level(logging.INFO, LOG.name)
    try:
        isolation = engine.settle(LOG)
    finally:
        engine.runner.close()

    assert engine.level == isolation.level.value
    assert isolation.level in (Level.NAMESPACES, Level.LANDLOCK)
    told = [record.getMessage() for record in caplog.records if record.name == LOG.name]
    assert len(told) == 1
    assert repr(isolation.level.value) in told[0]


def test_a_refusal_says_what_is_asked_for_and_what_to_enable(settings: Settings) -> None:
    engine = Engine(settings)
    with _forbidden(), pytest.raises(KernelUnavailable) as refused:
        engine.settle(LOG)

    assert "In a classroom" in refused.value.message
    assert "'landlock' or stronger" in refused.value.message
    assert "--security-opt" in refused.value.message


def test_a_worker_of_its_own_does_not_start(settings: Settings) -> None:
    with _forbidden(), pytest.raises(KernelUnavailable), bootstrap.worker(settings, LOG):
        pytest.fail("it has started")


def test_that_of_a_server_leaves_jobs_to_others_until_it_may(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And begins by itself as soon as the system lets it."""
    monkeypatch.setattr(bootstrap, "_AGAIN_SECONDS", 0.1)
    empty(settings.database_url)
    with database() as uow:
        uow.jobs.defer("grade_attempt", subject_id=uuid7(), priority=0)
    with (
        _forbidden(),
        pytest.MonkeyPatch.context() as allowed,
        bootstrap.worker_at(settings, database, LOG) as grading,
    ):
        assert grading.engine.level == "none"
        assert not grading.worker.ready
        assert b'jupyter_tutor_isolation{level="none"} 1.0' in grading.metrics.text().encode()
        with database() as uow:
            assert dict(uow.jobs.lengths()) == {"grade_attempt": 1}
        in_force = property(lambda _: Isolation(Level.LANDLOCK))
        allowed.setattr(SandboxSupply, "isolation", in_force)
        assert grading.worker.wait_until_ready(60)
        assert grading.engine.level == "landlock"


def test_the_version_of_what_judges_is_always_the_same_here() -> None:
    assert version() == version()
    assert len(version().split()) == 3
