"""Diagnoses on demand: each answer once, and what says of a line only for who has that line."""

import asyncio
from collections.abc import Callable, Iterator
from typing import cast
from uuid import UUID

import pytest

from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.errors import KernelUnavailable
from jupyter_tutor.domain.exercises import ExerciseContent, Revision
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.verdicts import Outcome
from jupyter_tutor.services.diagnoses import Diagnoses, FailingAnswer
from jupyter_tutor.services.diagnosing import Diagnoser
from tests.unit.domain.test_hints import verdict


class Counting:
    """A diagnoser that counts, and may be unable to."""

    def __init__(self) -> None:
        self.sources: list[str] = []
        self.fails = False
        self.meanwhile: Callable[[], None] = lambda: None

    def diagnose(self, _: ExerciseContent, answer: Answer, *__: object, **___: object) -> Diagnosis:
        """Return a diagnosis of its own for each call."""
        self.sources.append(answer.cells[0].source)
        self.meanwhile()
        if self.fails:
            raise KernelUnavailable("no sandbox")
        return Diagnosis(Mistake.VALUE, seconds=float(len(self.sources)))


@pytest.fixture
def diagnoser() -> Counting:
    return Counting()


@pytest.fixture
def diagnoses(diagnoser: Counting) -> Iterator[Diagnoses]:
    made = Diagnoses(cast("Diagnoser", diagnoser))
    yield made
    made.close()


def failing(source: str, revision: int = 1, outcome: Outcome = Outcome.FAILED) -> FailingAnswer:
    known = cast("Revision", _Known(UUID(int=revision)))
    return FailingAnswer(known, Answer((CellSource("answer", source),)), verdict(outcome))


class _Known:
    """As much of a revision as is looked at here."""

    def __init__(self, key: UUID) -> None:
        self.id = key
        self.content = None


def test_an_answer_is_diagnosed_once(diagnoses: Diagnoses, diagnoser: Counting) -> None:
    first = asyncio.run(diagnoses.of(failing("x = 1\n")))
    assert asyncio.run(diagnoses.of(failing("x = 1  \n\n"))) is first
    assert diagnoses.known(failing("x = 1")) is first
    assert len(diagnoser.sources) == 1


def test_what_is_known_is_forgotten(diagnoses: Diagnoses, diagnoser: Counting) -> None:
    """Also what is being made at that moment, which only who waits for it gets."""
    asyncio.run(diagnoses.of(failing("x = 1")))
    diagnoses.forget()
    assert diagnoses.known(failing("x = 1")) is None

    diagnoser.meanwhile = diagnoses.forget
    assert asyncio.run(diagnoses.of(failing("x = 2"))) is not None
    assert diagnoses.known(failing("x = 2")) is None


@pytest.mark.parametrize(
    "other", ["\nx = 1\n", "# mine\nx = 1\n", "x = 1  # Ada\n", "x  = 1\n", "x = 2\n"]
)
def test_whoever_has_other_lines_gets_a_diagnosis_of_their_own(
    diagnoses: Diagnoses, diagnoser: Counting, other: str
) -> None:
    """It names lines and quotes them: another blank line above makes every number wrong."""
    asyncio.run(diagnoses.of(failing("x = 1\n")))
    assert diagnoses.known(failing(other)) is None
    asyncio.run(diagnoses.of(failing(other)))
    assert diagnoser.sources == ["x = 1\n", other]


def test_another_revision_and_other_failures_are_diagnosed_anew(
    diagnoses: Diagnoses, diagnoser: Counting
) -> None:
    for each in (
        failing("x"),
        failing("x", revision=2),
        failing("x", outcome=Outcome.PASSED),
    ):
        asyncio.run(diagnoses.of(each))
    assert len(diagnoser.sources) == 3


def test_what_cannot_be_diagnosed_is_tried_again(diagnoses: Diagnoses, diagnoser: Counting) -> None:
    diagnoser.fails = True
    assert asyncio.run(diagnoses.of(failing("x"))) is None
    diagnoser.fails = False
    assert asyncio.run(diagnoses.of(failing("x"))) is not None
