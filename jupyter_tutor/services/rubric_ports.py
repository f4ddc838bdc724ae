"""The ports of a model that reads answers by a rubric: at once, or many at half the price.

A reading is never a grade: what several of them come to is for `domain.rubric_readings`, and what
becomes of that for an instructor.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.model_calls import CallOutcome
from jupyter_tutor.domain.rubric_readings import Sample
from jupyter_tutor.domain.rubrics import Criterion
from jupyter_tutor.services.model_ports import ExerciseFacts, Report

MOST_CODE: Final = 12_000
"""The longest answer, in letters, that is read: it is read whole or not at all."""

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class RubricFacts:
    """What a reading is made from: nothing of the learner but their answer.

    Attributes:
        exercise: The exercise.
        criteria: What is judged by, in the order in which it is shown.
        code: The answer, redacted; or the same without comments and strings.
        language: Language code of what the author wrote of the criteria.
        user_tag: An opaque name of the learner.
        names: What the learner and their accounts are called: redacted, and never sent.
    """

    exercise: ExerciseFacts
    criteria: tuple[Criterion, ...]
    code: str
    language: str
    user_tag: str
    names: frozenset[str] = field(default=frozenset(), repr=False)

    def __post_init__(self) -> None:
        """Refuse what could not be read whole."""
        if len(self.code) > MOST_CODE:
            raise ValueError("the answer is too long to be read whole")
        if not self.criteria:
            raise ValueError("there is nothing to read it by")


class BatchNotTaken(ModelUnavailable):
    """A batch was refused, or never sent: the endpoint has not got it, and charges nothing."""


class RubricModel(Protocol):
    """A model that reads an answer at once."""

    async def assess(
        self, facts: RubricFacts, report: Report, *, seconds: float | None = None
    ) -> Sample:
        """Read an answer; deadlines, reports and failures are those of `TutorModel`.

        Raises:
            ModelUnavailable: There is no usable reading.
        """


class BatchModel(Protocol):
    """A model that reads many answers within a day.

    Names of requests have at most 64 letters, digits, hyphens and underscores.
    """

    async def begin_batch(self, requests: Mapping[str, RubricFacts]) -> str:
        """Hand in answers to be read; it is not tried twice, since each try would be charged.

        Args:
            requests: What is to be read, by name.

        Returns:
            The name of the batch.

        Raises:
            BatchNotTaken: It was not taken.
            ModelUnavailable: Nobody knows.
            ValueError: A name can't be used, or there is no request.
        """

    async def collect(
        self, batch: str, requests: Mapping[str, RubricFacts], report: Report
    ) -> Mapping[str, Sample | CallOutcome] | None:
        """Fetch what was read. It may be called again until the endpoint forgets the batch.

        Args:
            batch: Its name.
            requests: What was handed in.
            report: Called once for each request, when all results are there. The `request_id` it
                is told is the same each time, so that nothing need be counted twice.

        Returns:
            By name the reading, or how the request ended without one; None: not yet.

        Raises:
            ModelUnavailable: It could not be fetched; nothing was reported.
        """


def check_names(requests: Mapping[str, RubricFacts]) -> None:
    """Refuse requests whose names can't be used.

    Raises:
        ValueError: A name can't be used, or there is no request.
    """
    if not requests:
        raise ValueError("a batch needs requests")
    if not all(_NAME.fullmatch(name) for name in requests):
        raise ValueError("a name in a batch has 1 to 64 letters, digits, hyphens or underscores")
