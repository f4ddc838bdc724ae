"""Evaluations: verdicts on submissions, and by whom.

An evaluation is append-only; an override by an instructor is a new evaluation. How a verdict comes
about is told in `domain.judging` and `domain.responses`, how it is put into words in
`domain.telling`; their functions are imported from here.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from jupyter_tutor.domain.criterion_grades import CriterionGrade
from jupyter_tutor.domain.judging import for_learner, judge
from jupyter_tutor.domain.responses import judge_responses
from jupyter_tutor.domain.telling import tell
from jupyter_tutor.domain.verdicts import Outcome, TestResult, Verdict

__all__ = [
    "Evaluation",
    "Evaluator",
    "Outcome",
    "TestResult",
    "Verdict",
    "for_learner",
    "judge",
    "judge_responses",
    "tell",
]


class Evaluator(StrEnum):
    """Who gave a verdict."""

    TESTS = "tests"
    MODEL = "model"
    INSTRUCTOR = "instructor"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A verdict on a submission by an evaluator.

    Attributes:
        id: Key (UUIDv7).
        submission_id: What was judged.
        evaluator: Who judged.
        score: 0 to 1.
        verdict: The results; None where an instructor only set a score.
        feedback: Text for the learner.
        created_at: When (UTC).
        source: The submission or attempt with an identical answer whose verdict this is; None when
            it was run.
        seed: The seed of the run, with which it can be repeated.
        criteria: What was decided by the rubric; empty where the tests were judged. Then the score
            is the share of the rubric's points, and stands beside that of the tests.
    """

    id: UUID
    submission_id: UUID
    evaluator: Evaluator
    score: float
    verdict: Verdict | None
    feedback: str
    created_at: datetime
    source: UUID | None = None
    seed: int = 0
    criteria: tuple[CriterionGrade, ...] = ()
