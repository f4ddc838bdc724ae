"""What the leak guard is told: what is secret in an exercise, and what has been shown."""

from dataclasses import dataclass

from jupyter_tutor.domain.diagnosis import VerifiedEdit


@dataclass(frozen=True, slots=True)
class SecretTest:
    """A test the learner must not see, as text: a call or what is typed, and what is expected."""

    call: str
    expected: str = ""


@dataclass(frozen=True, slots=True)
class GuardSecrets:
    """What no reply may give away.

    Attributes:
        references: The author's solution, one source for each answer cell.
        edits: Edits with which the learner's answer passes.
        passing: Earlier passing answers of other learners.
        tests: Secret tests.
    """

    references: tuple[str, ...] = ()
    edits: tuple[VerifiedEdit, ...] = ()
    passing: tuple[str, ...] = ()
    tests: tuple[SecretTest, ...] = ()


@dataclass(frozen=True, slots=True)
class GuardAllowed:
    """What a learner has been shown: a reply may repeat it.

    Attributes:
        learner: The learner's own sources, those of now first, then earlier ones.
        given: Starter and set-up sources.
        tests: Visible tests and counterexamples, as text.
        texts: The prompt and the author's hints, Markdown, in every language.
    """

    learner: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
