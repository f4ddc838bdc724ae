"""What is kept of deleted messages: enough for the guard, and nothing that can be read."""

from uuid import UUID, uuid4

import pytest

from jupyter_tutor.domain.diagnosis import VerifiedEdit
from jupyter_tutor.domain.guard.secrets import GuardAllowed, GuardSecrets
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.told_lines import told_again, told_digests

ADA, EXERCISE = UUID(int=1), UUID(int=2)
REFERENCE = """def unique(xs):
    kept = []
    for x in xs:
        if x not in kept:
            kept.append(x)
    return kept"""
LEARNER = "def unique(xs):\n    for x in xs:\n        print(x)\n    return xs"
SECRETS = GuardSecrets(references=(REFERENCE,))
ALLOWED = GuardAllowed(learner=(LEARNER,), tests=("unique([1, 1]) == [1]",))


def kept(*messages: str) -> frozenset[str]:
    return told_digests(messages, SECRETS, ALLOWED, ADA, EXERCISE)


def recalled(*messages: str) -> list[str]:
    return told_again(kept(*messages), SECRETS, ADA, EXERCISE).replace("`", "").split("\n")


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        ("Begin with `kept = []`.", {"kept = []"}),
        ("Ask whether it is `not in kept`.", {"if x not in kept:"}),
        ("Call append there.", {"kept.append(x)"}),
        ("Look at `return xs`. What is it for [1, 1]?", {""}),
        ("What does your loop do with each value?", {""}),
    ],
)
def test_lines_that_were_told_even_in_part_are_known_again(message: str, lines: set[str]) -> None:
    assert lines <= set(recalled(message))
    if lines == {""}:
        assert recalled(message) == [""]


def test_a_line_counts_for_solutions_that_nobody_knew_then() -> None:
    """Of what the tutor wrote as code, each line is kept, whose ever solution it may be."""
    digests = kept("Put `total = sum(map(abs, xs))` before your loop.")
    edit = VerifiedEdit("a", 2, "donated", Mistake.MISSING_STEP, "", "    total = sum(map(abs,xs))")
    later = GuardSecrets(references=(REFERENCE,), edits=(edit,))
    assert "total = sum(map(abs,xs))" in told_again(digests, later, ADA, EXERCISE)


def test_nothing_can_be_read_and_nothing_be_compared_with_others() -> None:
    message = "You wrote `# my secret diary`, and `kept = []` is missing, Ada."
    digests = kept(message)
    assert digests
    assert all(len(each) == 64 and set(each) <= set("0123456789abcdef") for each in digests)
    others = [(uuid4(), EXERCISE), (ADA, uuid4())]
    assert {told_again(digests, SECRETS, *place) for place in others} == {""}
    assert told_digests([message], SECRETS, ALLOWED, uuid4(), EXERCISE).isdisjoint(digests)
    assert told_again(frozenset(), SECRETS, ADA, EXERCISE) == ""


def test_what_the_learner_wrote_is_not_kept() -> None:
    assert kept("`for x in xs:` and `print(x)` are yours; `unique([1, 1]) == [1]` is a test.") == (
        frozenset()
    )
