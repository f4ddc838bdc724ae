"""Metering: what grading tells of itself while it works, for whoever counts it."""

from enum import StrEnum
from typing import Protocol

from jupyter_tutor.domain.observations import TestReport
from jupyter_tutor.domain.verdicts import Verdict


class GradingKind(StrEnum):
    """What is graded."""

    CHECK = "check"
    SUBMISSION = "submission"
    WITHHELD = "withheld"


class GradingMeter(Protocol):
    """Counts and times; its methods return at once and never fail. No learner's data is told."""

    def waited(self, kind: GradingKind, seconds: float) -> None:
        """Note how long something waited for its run."""

    def began(self, kind: GradingKind) -> None:
        """Note that a run begins."""

    def ended(self, kind: GradingKind, seconds: float, report: TestReport | None) -> None:
        """Note that it has ended, with what it showed, or None when it gave no report."""

    def judged(self, kind: GradingKind, verdict: Verdict, *, reused: bool) -> None:
        """Note a verdict, and whether it is that on an identical answer."""


class NoMeter:
    """A `GradingMeter` that notes nothing."""

    def waited(self, kind: GradingKind, seconds: float) -> None:
        """Do nothing."""

    def began(self, kind: GradingKind) -> None:
        """Do nothing."""

    def ended(self, kind: GradingKind, seconds: float, report: TestReport | None) -> None:
        """Do nothing."""

    def judged(self, kind: GradingKind, verdict: Verdict, *, reused: bool) -> None:
        """Do nothing."""
