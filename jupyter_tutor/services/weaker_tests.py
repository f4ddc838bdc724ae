"""What an author is told of tests that run in the process of the answer."""

import re

from jupyter_tutor.domain.exercises import AssertCell, ExerciseContent, Visibility

_FROM_ANSWER = re.compile(r"^[ \t]*#+[ \t]*FROM ANSWER:", re.MULTILINE)


def weaker_tests(content: ExerciseContent) -> list[tuple[str, str]]:
    """Return what is to be said of such tests, each with a remedy; empty when there are none."""
    shared = [
        test
        for test in content.tests
        if isinstance(test.spec, AssertCell) and test.spec.shared_process
    ]
    found: list[tuple[str, str]] = []
    if shared:
        names = ", ".join(test.name for test in shared)
        detail = (
            f"In the process of the answer: {names}. What is observed there is weaker, and is "
            "labelled so"
        )
        remedy = "Leave out shared_process wherever the test passes without it."
        found.append((detail, remedy))
    secret = [test.name for test in shared if test.visibility is not Visibility.PUBLIC]
    if secret:
        detail = (
            f"In the process of the answer, whose code can read what they test: {', '.join(secret)}"
        )
        remedy = "Make them public, or test the same by cases or an assert cell that runs apart."
        found.append((detail, remedy))
    lent = [
        test.name
        for test in content.tests
        if isinstance(test.spec, AssertCell) and _FROM_ANSWER.search(test.spec.source)
    ]
    if lent:
        detail = (
            "With values of the set-up as the answer left them, which it can change to what it "
            f"likes: {', '.join(lent)}"
        )
        remedy = "Compare with plain values there, never with what is computed of these names."
        found.append((detail, remedy))
    return found
