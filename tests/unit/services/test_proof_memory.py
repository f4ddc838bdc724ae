"""Publishing what was checked a moment ago runs nothing again, unless something changed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_tutor.domain.proofs import Proof
from jupyter_tutor.notebook_format import CourseFolder
from jupyter_tutor.services.authoring import AuthoringService
from jupyter_tutor.testing import InMemoryDatabase, ScriptedTestRunner
from tests import small_course


class Memory:
    """Implements `ports.ProofMemory`."""

    def __init__(self) -> None:
        self.known: dict[str, Sequence[Proof]] = {}

    def recall(self, content_hash: str) -> Sequence[Proof] | None:
        """Return what was proven of a content, or None."""
        return self.known.get(content_hash)

    def remember(self, content_hash: str, proofs: Sequence[Proof]) -> None:
        """Keep what was proven of a content."""
        self.known[content_hash] = [replace(proof, lesson="") for proof in proofs]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    small_course.write(tmp_path)
    return tmp_path


def test_what_was_proven_is_not_run_again(folder: Path) -> None:
    runner, memory = small_course.runner(), Memory()
    authoring = AuthoringService(CourseFolder(), runner, memory=memory)
    first = authoring.check([folder])
    ran = len(runner.plans)
    second = authoring.check([folder])

    assert ran > 0
    assert len(runner.plans) == ran
    assert first.proven
    assert second.proven
    assert "proven before" not in first.text()
    assert "4 proven before; --again proves them again" in second.text()
    # It says the same of each exercise, warnings included.
    plain = [replace(proof, before=False) for proof in second.courses[0].proofs]
    assert plain == list(first.courses[0].proofs)


def test_what_changed_is_proven_again_and_nothing_else(folder: Path) -> None:
    memory = Memory()
    AuthoringService(CourseFolder(), small_course.runner(), memory=memory).check([folder])
    small_course.write(folder, heading="Another text")
    report = AuthoringService(CourseFolder(), small_course.runner(), memory=memory).check([folder])

    again = {proof.exercise for proof in report.courses[0].proofs if not proof.before}
    assert {"double"} < again
    assert "3 proven before" in report.text()


def test_what_was_not_proven_is_never_remembered(folder: Path) -> None:
    """The runner observes nothing that the tests expect."""
    memory = Memory()
    runner = ScriptedTestRunner({})
    for _ in range(2):
        report = AuthoringService(CourseFolder(), runner, memory=memory).check([folder])
        assert not report.proven
    assert len(memory.known) == 1  # the quiz, which needs no runner
    assert all(proof.exercise == "slicing" for known in memory.known.values() for proof in known)


def test_publishing_takes_what_checking_proved(folder: Path) -> None:
    memory, database = Memory(), InMemoryDatabase()
    AuthoringService(CourseFolder(), small_course.runner(), memory=memory).check([folder])
    runner = small_course.runner()
    authoring = AuthoringService(CourseFolder(), runner, database, memory=memory)
    published = authoring.publish(small_course.COURSE, [folder])

    assert published.revisions == 4
    assert runner.plans == []
    assert "4 proven before" in published.text()
