"""Proofs: what was shown of a course, its lessons and its exercises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ProofKind(StrEnum):
    """What is proven of an exercise, or of a whole lesson."""

    FORMAT = "format"
    VALUES = "values"
    REFERENCE = "reference"
    STARTER = "starter"
    WRONG_ANSWERS = "wrong_answers"
    STRATEGIES = "strategies"
    COPY = "copy"
    COVERAGE = "coverage"


class Standing(StrEnum):
    """How a proof came out. A warning leaves the exercise fit to be published."""

    HOLDS = "holds"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that was to be proven.

    Attributes:
        kind: What.
        standing: How it came out.
        lesson: The notebook, as course.toml names it, or `course.toml`.
        exercise: Slug of the exercise; empty when it is about the whole lesson.
        detail: What was seen; empty when it holds.
        remedy: What to do; empty when it holds.
        before: Whether it was proven earlier, of the very same content.
    """

    kind: ProofKind
    standing: Standing
    lesson: str
    exercise: str = ""
    detail: str = ""
    remedy: str = ""
    before: bool = False


@dataclass(frozen=True, slots=True)
class CourseProof:
    """All proofs of a course, or of the lessons of it that were named.

    Attributes:
        course: Its slug; the folder's name where course.toml cannot be read.
        proofs: In the order of lessons and exercises.
        lessons: Names of the notebooks that were read, in order.
        exercises: Slugs of the exercises per notebook.
        tests: How many tests the exercises have together.
        wrong_answers: How many known wrong answers they have together.
    """

    course: str
    proofs: tuple[Proof, ...]
    lessons: tuple[str, ...] = ()
    exercises: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tests: int = 0
    wrong_answers: int = 0

    @property
    def broken(self) -> tuple[Proof, ...]:
        """The proofs that failed."""
        return tuple(proof for proof in self.proofs if proof.standing is Standing.BROKEN)

    @property
    def warnings(self) -> tuple[Proof, ...]:
        """The proofs that hold but could be better."""
        return tuple(proof for proof in self.proofs if proof.standing is Standing.WARNING)

    @property
    def proven(self) -> bool:
        """Whether nothing is broken, so that it may be published."""
        return not self.broken
