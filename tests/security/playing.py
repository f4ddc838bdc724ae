"""Playing hostile answers against an engine, and looking at what they gained.

An attack is data: an answer, the exercise it is for, and what it wants. Whether it got it is told
from the verdict as the learner sees it, from what could be stored of it, and from what is left on
the machine: never from what the answer says of itself, but for marks that only a success can print.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from jupyter_tutor.domain.evaluations import Outcome, Verdict, for_learner, judge
from jupyter_tutor.domain.exercises import Limits
from jupyter_tutor.domain.observations import TestReport
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.security.exercises import EXERCISES, LIMITS, Exercise

WON: Final = "WON-BY-ATTACK:"


class Family(StrEnum):
    """What kind of attack it is."""

    FORGING = "wrong-result forging"
    PATCHING = "monkeypatching"
    EQUALITY = "always-equal values"
    READING = "reading tests or secrets"
    ESCAPING = "escaping"
    PERSISTING = "persistence between submissions"
    EXHAUSTING = "resource exhaustion"
    RENDERING = "output and rendering"
    TAMPERING = "notebook tampering"


class Control(StrEnum):
    """Where an attack is shown to work: a naive runner, or our own without isolation."""

    NAMESPACE = "one namespace"
    RESULT_FILE = "result file"
    NO_ERROR = "no error means pass"
    LIMITS_ONLY = "limits only"
    RENDERED = "shown as it came"
    IN_PROCESS = "in the grader's process"


@dataclass(frozen=True, slots=True)
class Attack:
    """A hostile answer.

    Attributes:
        name: Unique.
        family: Its family.
        exercise: What it attacks, of `EXERCISES`.
        answer: Its source; `@NAME@` stands for a place, port or name of the surroundings.
        control: Where it is shown to work.
        limits: Of the run.
        then: Answers of further submissions, in which the gain may show.
        weaker: Whether Landlock without namespaces has to withstand it too.
    """

    name: str
    family: Family
    exercise: str
    answer: str
    control: Control
    limits: Limits = LIMITS
    then: tuple[str, ...] = ()
    weaker: bool = True

    @property
    def target(self) -> Exercise:
        """The exercise it attacks."""
        return EXERCISES[self.exercise]


def attack(
    family: Family,
    exercise: str,
    control: Control,
    name: str,
    hack: str,
    *,
    limits: Limits = LIMITS,
    weaker: bool = True,
    then: Sequence[str] = (),
) -> Attack:
    """Return an attack that earns the easy tests honestly; `hack` is the rest of its answer.

    The honest part stands before it, in case it raises, and behind it, in case it spoils that.
    """
    honest = f"{EXERCISES[exercise].honest}\n"
    answer = f"def hack(*given):\n    return 0\n{honest}{hack}\n{honest}"
    following = tuple(f"{honest}{source}\n{honest}" for source in then)
    if exercise == "program":
        answer = f"def hack(*given):\n    return 0\n{hack}\n{honest}"
    return Attack(name, family, exercise, answer, control, limits, following, weaker)


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a submission.

    Attributes:
        report: What the engine observed.
        verdict: The whole verdict.
        seen: The verdict as its learner sees it, as the text that is stored and sent.
    """

    report: TestReport
    verdict: Verdict
    seen: str


def play(runner: SandboxTestRunner, exercise: Exercise, answer: str, limits: Limits) -> Played:
    """Submit an answer to an exercise."""
    report = runner.run(exercise.plan(answer, limits))
    verdict = judge(exercise.tests, report, limits)
    return Played(report, verdict, as_text(for_learner(verdict)))


def as_text(verdict: Verdict) -> str:
    """Return a verdict as the strict JSON that can be stored; raises where it can't be."""
    text = json.dumps(asdict(verdict), ensure_ascii=False, allow_nan=False)
    text.encode("utf-8")
    return text


def gains(exercise: Exercise, played: Played, planted: Sequence[str] = ()) -> list[str]:
    """Return what an answer gained that it must not: points and secrets."""
    won = [
        f"points for {result.name}"
        for result in played.verdict.results
        if result.name.startswith("hard") and (result.outcome is Outcome.PASSED or result.earned)
    ]
    printed = "".join(cell.stdout + cell.stderr for cell in played.report.cells)
    secrets = (*exercise.secrets, *planted, WON)
    return won + [
        f"saw {secret}" for secret in secrets if secret in played.seen or secret in printed
    ]
